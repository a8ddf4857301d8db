"""The streaming detector: it knows the past alone, finds what was planted, and stays quiet otherwise."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from insight.__main__ import main
from insight.anomalies.stream import Verdicts, detect, span
from insight.anomalies.table import TableRefused, moment, read
from insight.anomalies.tail import beyond
from tests.series import PLANTED, QUIET, Series, made

SEEDS = range(3)


def judged(series: Series) -> Verdicts:
    return detect(series.seconds, series.values)


def alarms(series: Series, verdicts: Verdicts) -> list[int]:
    """The rows called anomalies after the part for learning."""
    return [int(row) for row in np.flatnonzero(verdicts.anomaly) if row >= series.counted_from]


def counted(series: Series) -> tuple[int, int, int]:
    """What was planted and found, what was planted, and alarms outside of it."""
    rows, windows = alarms(series, judged(series)), series.windows()
    found = sum(any(first <= row <= last for row in rows) for first, last in windows)
    return found, len(windows), sum(not any(a <= row <= b for a, b in windows) for row in rows)


@pytest.mark.parametrize(
    ("name", "recall"),
    [(name, 0.5 if name == "traffic" else 1.0) for name in PLANTED],
)
def test_what_was_planted_is_found(name: str, recall: float) -> None:
    several = [counted(made(name, seed)) for seed in SEEDS]
    found, planted, false = (sum(column) for column in zip(*several, strict=True))
    assert found >= recall * planted
    assert false <= 3 * len(SEEDS), "no more than three false alarms a series"


def test_over_all_kinds_precision_and_recall_hold_their_floor() -> None:
    several = [counted(made(name, seed)) for name in PLANTED for seed in SEEDS]
    found, planted, false = (sum(column) for column in zip(*several, strict=True))
    assert found / planted >= 0.85
    assert found / (found + false) >= 0.6


@pytest.mark.parametrize("name", QUIET)
def test_what_is_as_ever_raises_next_to_nothing(name: str) -> None:
    false = sum(counted(made(name, seed))[2] for seed in SEEDS)
    assert false <= 0.0005 * 6_000 * len(SEEDS)


@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_a_day_that_changes_at_a_fixed_minute_is_no_surprise(noise: float) -> None:
    rows = np.arange(14 * 288)
    busy = (rows % 288 >= 110) & (rows % 288 < 217)
    values = np.where(busy, 80.0, 20.0) + noise * np.random.default_rng(4).uniform(-1, 1, len(rows))
    assert not detect(rows * 300.0, values).anomaly.any()


@pytest.mark.parametrize("name", [*PLANTED, "quiet_walk"])
def test_an_answer_depends_on_earlier_rows_only(name: str) -> None:
    series = made(name, 5)
    whole = judged(series)
    for cut in (1, 40, 63, 65, 151, 500, len(series.values) // 2 + 17, len(series.values) - 1):
        part = detect(series.seconds[:cut], series.values[:cut])
        assert part.anomaly.tolist() == whole.anomaly[:cut].tolist(), cut
        assert part.score.tolist() == whole.score[:cut].tolist(), cut
        assert part.reason == whole.reason[:cut], cut


def test_a_new_level_is_told_once_and_becomes_usual() -> None:
    series = made("processor", 1)
    rows = alarms(series, judged(series))
    assert [row for row in rows if 2_690 <= row < 2_720], "at once"
    assert len([row for row in rows if row > 2_760]) <= 2


def test_scores_lie_between_0_and_1_and_a_half_says_anomaly() -> None:
    for name in PLANTED:
        found = judged(made(name, 2))
        assert ((found.score >= 0) & (found.score <= 1)).all()
        assert ((found.score >= 0.5) == found.anomaly).all()
        assert [bool(words) for words in found.reason] == found.anomaly.tolist()


def test_silence_is_an_anomaly_of_the_row_that_ends_it() -> None:
    draw = np.random.default_rng(1)
    seconds = 1.4e9 + 60.0 * np.arange(2_000, dtype=np.float64)
    seconds[1_500:] += 5 * 3_600
    found = detect(seconds, draw.normal(0, 1, 2_000))
    assert (bool(found.anomaly[1_500]), found.reason[1_500]) == (True, "silent for 5 hours")


def test_a_tail_is_as_rare_as_its_law_says() -> None:
    draw = np.random.default_rng(3)
    for law, far in ((draw.exponential, 9.21), (lambda size: np.abs(draw.standard_t(4, size)), 13.03)):
        chance = beyond(np.array([far]), law(size=6_000))[0]
        assert 1e-5 < chance < 1e-3, "1 in 10,000 by the law"


def test_times_are_read_as_they_are_written() -> None:
    at = 1_396_332_000.0
    for text in ("2014-04-01 06:00:00", "2014-04-01T06:00:00Z", "2014-04-01T08:00:00+02:00", "1396332000",
                 "1396332000000", " 2014-04-01 06:00 "):  # fmt: skip
        assert moment(text) == at
    assert [span(at) for at in (0.5, 90, 7_199, 7_200, 200_000)] == [
        "0.5 seconds", "90 seconds", "120 minutes", "2 hours", "2 days"
    ]  # fmt: skip


def ran(text: str | bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    file = folder / "series.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert main(["detect", str(file)]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_each_row_in_has_its_row_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {
        40: ("not a day", "1"), 50: ("2014-04-01 06:00:00", ""), 60: ("2014-04-01 06:00:00", "many"),
        70: ("", ""), 80: ("2014-04-01 06:00:00", "inf"), 90: ("2014-04-01 06:00:00", "NaN"),
    }  # fmt: skip
    lines = [(f"2014-04-{1 + n // 24:02d} {n % 24:02d}:00:00", str(n % 24)) for n in range(600)]
    rows = [bad.get(n, line) for n, line in enumerate(lines)]
    found = ran("timestamp,value\n" + "\n".join(map(",".join, rows)) + "\n", tmp_path, capsys)
    assert [(row["timestamp"], row["value"]) for row in found] == rows
    assert list(found[0]) == ["timestamp", "value", "score", "anomaly", "reason"]
    told = {n: found[n]["reason"] for n in bad}
    assert told == {
        40: "not a time", 50: "no value", 60: "not a number", 70: "not a time", 80: "not a number",
        90: "no value",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "timestamp,value\n",
        "timestamp,value\n2014-04-01,1\n",
        "value,timestamp\r\n1,2014-04-01\r\n\r\n2,2014-04-02\r\n",
        "\ufefftimestamp,value\n1,2\n",
        'timestamp,value,more\n"2014-04-01","1","x"\n2014-04-02\n',
        b"timestamp,value\n\xff\xfe,\x00\n2014-04-01,3\n",
        "timestamp,value\n" + "2014-04-01,1\n" * 300,
        "timestamp,value\n" + "".join(f"2014-04-01 00:{59 - n % 60:02d}:00,{n}\n" for n in range(300)),
        "timestamp,value\n" + "0001-01-01,1e308\n9999-12-31,-1e308\n" * 100,
        "timestamp,value\n" + "".join(f"{2000 + n}-01-01,{n}\n" for n in range(400)),
    ],
)
def test_odd_files_are_answered(
    text: str | bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = ran(text, tmp_path, capsys)
    body = text if isinstance(text, bytes) else text.encode()
    assert len(found) == sum(bool(line.strip()) for line in body.split(b"\n")) - 1


@pytest.mark.parametrize("text", ["", "time,value\n1,2\n", "timestamp;value\n1;2\n", "1,2\n"])
def test_a_file_without_the_columns_is_refused_in_words(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "series.csv"
    file.write_text(text)
    assert main(["detect", str(file)]) == 2
    assert "timestamp,value" in capsys.readouterr().err
    with pytest.raises(TableRefused, match="cannot be read"):
        read(tmp_path / "nothing.csv")
