"""A wrong setting stops the start and says what to write instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import ROOT, Settings, SettingsError, is_loopback

WRONG = {
    "a number": ("PORT", "eighty", "a number from 1 to 65535"),
    "out of range": ("PORT", "70000", "a number from 1 to 65535"),
    "a switch": ("SAMPLE", "maybe", "1 or 0"),
    "a looser threshold": ("THRESHOLD", "10", "a number of 11 or more"),
    "a near zone": ("ZONE", "America/NewYork", "(did you mean America/New_York?)"),
    "a far zone": ("ZONE", "here", "an IANA time zone such as America/Chicago"),
    "a profile": ("PROFILE", "lax", "default or strict"),
    "half a pair": ("PAIRS", "segment", "pairs such as segment:region"),
    "a pair of one": ("PAIRS", "region:region", "(a pair is of two different attributes)"),
    "a pair twice": ("PAIRS", "a:b, b:a", "(a pair stands twice)"),
    "a circle of pairs": ("PAIRS", "a:b, b:c, c:d, d:a", "(pairs in a circle give members away"),
    "a host": ("HOST", "my host", "an IP address or localhost"),
    "a file for a folder": ("VAR", "pyproject.toml", "(it is a file)"),
    "an unknown way": ("ALERTS", "mail, pigeon", "some of mail, webhook, slack, pagerduty and opsgenie"),
    "no address": ("ALERT_TO", "ann@plan.example, bo", "e-mail addresses, separated by commas"),
    "a line in an address": ("ALERT_FROM", "a@b.example>, <c@d.example", "an e-mail address"),
    "an open way": ("ALERT_URL", "http://hooks.example/x", "https://host, maybe with a path"),
    "a public place": ("PUBLIC_URL", "board.plan.example", "https://host, maybe with a path"),
    "an app's page": ("APPS", "https://app.example.org/page", "origins such as https://app.example.org"),
    "days": ("QUARANTINE_DAYS", "400", "a number from 1 to 90"),
}


def load(**values: str) -> Settings:
    return Settings.load({f"REACHBOARD_{name}": text for name, text in values.items()}, env_file=None)


def problems(**values: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(**values)
    return error.value.problems


@pytest.mark.parametrize(("name", "value", "expectation"), WRONG.values(), ids=WRONG)
def test_wrong_value_names_variable_value_and_expectation(name: str, value: str, expectation: str) -> None:
    (line,) = problems(**{name: value})
    assert line.startswith(f"REACHBOARD_{name}={value}: expected ")
    assert expectation in line


WHOLE = {"SMTP_HOST": "mail", "ALERT_FROM": "a@b.example", "ALERT_TO": "c@d.example"}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({**WHOLE, "SMTP_HOST": ""}, "REACHBOARD_SMTP_HOST to be set where REACHBOARD_ALERTS has mail"),
        ({**WHOLE, "ALERT_TO": ""}, "REACHBOARD_ALERT_TO to be set where REACHBOARD_ALERTS has mail"),
        ({"ALERTS": "webhook"}, "REACHBOARD_ALERT_URL to be set where REACHBOARD_ALERTS has webhook"),
    ],
)
def test_a_way_that_lacks_something_stops_the_start(values: dict[str, str], problem: str) -> None:
    (line,) = problems(**{"ALERTS": "mail", **values})
    assert line.endswith(f": expected {problem}")
    assert load(**WHOLE, ALERTS="mail, slack").alerts == ("mail", "slack")


def test_a_password_is_never_sent_in_the_clear() -> None:
    (line,) = problems(SMTP_USER="board", SMTP_SECURITY="none")
    assert line == (
        "REACHBOARD_SMTP_SECURITY=none: expected starttls or tls: a password is not sent in the clear"
    )


def test_every_problem_is_told_at_once() -> None:
    assert len(problems(PORT="x", THRESHOLD="1", HOTS="1")) == 3


def test_unknown_name_is_refused_with_the_near_miss() -> None:
    assert problems(QUARANTINE_DAY="3") == [
        "REACHBOARD_QUARANTINE_DAY: there is no such setting; did you mean REACHBOARD_QUARANTINE_DAYS?"
    ]
    assert problems(XYZZY="3") == ["REACHBOARD_XYZZY: there is no such setting; docs/settings.md lists all"]


def test_values_are_parsed() -> None:
    settings = load(
        PAIRS="segment:region, segment:language", SAMPLE="0", VAR="elsewhere", PORT="9000", PLAN=""
    )
    assert settings.pairs == (("segment", "region"), ("segment", "language"))
    assert (settings.sample, settings.var, settings.port) == (False, ROOT / "elsewhere", 9000)
    assert settings.plan == Settings().plan, "an empty value is an unset one"
    assert load(PAIRS="none").pairs == ()


def test_environment_counts_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('OTHER=1\nREACHBOARD_PORT=9001\nREACHBOARD_PLAN="Plan B" # why\n')
    settings = Settings.load({"REACHBOARD_PORT": "9002"}, file)
    assert (settings.port, settings.plan) == (9002, "Plan B")


def test_file_is_checked_like_the_environment(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("REACHBOARD_PROT=9001\n")
    with pytest.raises(SettingsError, match="did you mean REACHBOARD_PORT"):
        Settings.load({}, file)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])
def test_demo_sign_in_stays_on_loopback(host: str) -> None:
    (line,) = problems(HOST=host)
    assert line == (
        f"REACHBOARD_DEMO=1: expected 0 when REACHBOARD_HOST is {host}: "
        "set REACHBOARD_DEMO=0, or serve on 127.0.0.1"
    )
    assert load(HOST=host, DEMO="0").host == host


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "10.0.0.1", "::")))


def test_start_stops_with_code_2_and_one_line_per_problem() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from config.settings import get_settings; get_settings()"],
        cwd=ROOT,
        env={**os.environ, "REACHBOARD_PORT": "x", "REACHBOARD_WORKERS": "0"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        "REACHBOARD_PORT=x: expected a number from 1 to 65535",
        "REACHBOARD_WORKERS=0: expected a number from 1 to 64",
    ]
