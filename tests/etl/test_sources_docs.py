"""docs/sources.md: every example runs and prints what the page says, and nothing goes undocumented."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from config.vocabulary import CHANNEL_LABELS, EVENT_NAMES, ROW_KINDS
from data.identify import Pseudonyms
from data.records import KEYS
from etl.intake import Batch, MappingError, read, report
from etl.pull import foresee_pull, pull
from etl.sources.fields import FIELDS, MEASURES
from etl.sources.folder import FOLDER
from etl.sources.rest import AUTHS, FORMATS, METHODS, PAGING, PAGINGS, REST, SINCE, TIMES
from etl.sources.rules import SOURCE_KEYS, TYPE_KEYS, UNKNOWN, WORDS
from etl.sources.sql import SQL
from etl.sources.tables import FILE, LOOKUP, SKIP
from etl.sources.timing import SCHEDULE
from etl.sources.toml import SECTIONS, SOURCE, load_mapping
from tests import s3_server, ssh_server
from tests.feeds import settings_of
from tests.web import TOKEN, Trouble, serving

PAGE = Path(__file__).parents[2] / "docs" / "sources.md"
READY = Path(__file__).parents[2] / "etl" / "sources"
BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
RUNS = [(title, text) for title, text in BLOCKS if " of " in title and not title.startswith("pull")]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for title, text in BLOCKS:
        if " of " not in title:
            (tmp_path / title).write_text(text, encoding="utf-8")
    return tmp_path


def printed(title: str, desk: Path, pseudonyms: Pseudonyms) -> tuple[str, Batch | None]:
    """What the page's example prints: a dry run, or the errors."""
    wanted = re.match(r"(?:dry run|errors) of (\S+)(?: with (\S+))?", title)
    assert wanted
    file, mapping = wanted.group(1), wanted.group(2) or wanted.group(1)
    try:
        loaded = load_mapping((desk if (desk / mapping).exists() else READY) / mapping)
        batch = read(desk / file, loaded, pseudonyms, "America/New_York")
    except MappingError as error:
        return str(error) + "\n", None
    return report(batch) + "\n", batch


@pytest.mark.parametrize(("title", "text"), RUNS, ids=[title for title, _ in RUNS])
def test_every_example_prints_what_the_page_says(
    title: str, text: str, desk: Path, pseudonyms: Pseudonyms, accounted: Callable[[Batch], Batch]
) -> None:
    found, batch = printed(title, desk, pseudonyms)
    assert found == text
    assert (batch is None) == title.startswith("errors")
    if batch is not None:
        accounted(batch)


def _pulled(mapping: str) -> tuple[str, str]:
    """The example of a pull by a mapping: its data, and what the dry run says."""
    ((title, text),) = ((title, text) for title, text in BLOCKS if title.startswith(f"pull of {mapping}"))
    return title.split()[-1], text


def _pulls_as_it_says(settings: Settings, mapping: Path, text: str, loaded: int, refused: int) -> None:
    assert f"{foresee_pull(settings, mapping)}\n" == text
    (pulled,) = pull(settings, mapping)
    assert (pulled.landed.loaded, pulled.landed.refused) == (loaded, refused)
    assert list(pull(settings, mapping)) == []


def test_the_database_of_the_page_is_pulled_as_it_says(desk: Path) -> None:
    mapping = "crm.toml"
    script, text = _pulled(mapping)
    with closing(sqlite3.connect(desk / "crm.db")) as database:
        database.executescript((desk / script).read_text())
    settings = settings_of(desk / "var", sql={"crm": f"sqlite:///{desk / 'crm.db'}"})
    _pulls_as_it_says(settings, desk / mapping, text, 2, 2)


def test_the_api_of_the_page_is_pulled_as_it_says(desk: Path) -> None:
    mapping = "mailer.toml"
    answer, text = _pulled(mapping)
    with serving() as service:
        service.always = Trouble(200, {}, (desk / answer).read_bytes())
        local = (desk / mapping).read_text().replace("https://api.example.org/v1/events", service.url)
        (desk / mapping).write_text(local)
        settings = settings_of(desk / "var", tokens={"mailer": TOKEN})
        _pulls_as_it_says(settings, desk / mapping, text, 2, 1)
        assert service.asked[0]["updated_since"] == "2026-01-01T00:00:00Z"
        assert service.asked[-1]["updated_since"] == "2026-03-01T14:52:00Z"
        assert service.headers[0]["Authorization"] == f"Bearer {TOKEN}"


DROPPED = ("sends.csv", "sends.csv.sha256", "sends.csv.count", "manifest.json")


def _moved(mapping: Path, **places: str) -> Path:
    """The mapping of the page, with other values for some keys."""
    text = mapping.read_text()
    for key, place in places.items():
        text, changed = re.subn(rf'^{key} = ".*"$', f'{key} = "{place}"', text, count=1, flags=re.MULTILINE)
        assert changed == 1, key
    mapping.write_text(text)
    return mapping


def test_the_local_folder_of_the_page_is_pulled_as_it_says(desk: Path) -> None:
    _, text = _pulled("drop.toml")
    (desk / "drop").mkdir()
    for name in DROPPED:
        (desk / name).rename(desk / "drop" / name)
    _pulls_as_it_says(
        settings_of(desk / "var"), _moved(desk / "drop.toml", at=str(desk / "drop")), text, 2, 1
    )


def test_the_server_of_the_page_is_pulled_as_it_says(desk: Path, ssh: ssh_server.Server) -> None:
    _, text = _pulled("sftp.toml")
    (desk / "drop").mkdir()
    for name in DROPPED:
        (desk / name).rename(desk / "drop" / name)
    at = f"sftp://{ssh.user}@127.0.0.1:{ssh.port}{desk}/drop"
    mapping = _moved(desk / "sftp.toml", at=at, host_key=ssh.host_key, key_file=str(ssh.key_file))
    _pulls_as_it_says(settings_of(desk / "var"), mapping, text, 2, 1)


def test_the_bucket_of_the_page_is_pulled_as_it_says(desk: Path, s3: s3_server.Server) -> None:
    _, text = _pulled("bucket.toml")
    name = s3.bucket()
    for file in DROPPED:
        s3.put(f"{name}/mailer/{file}", (desk / file).read_bytes())
    mapping = _moved(desk / "bucket.toml", at=f"s3://{name}/mailer")
    mapping.write_text(mapping.read_text().replace("[folder]", f'[folder]\nendpoint = "{s3.endpoint}"'))
    settings = settings_of(desk / "var", tokens={"drop": s3_server.TOKEN})
    _pulls_as_it_says(settings, mapping, text, 2, 1)


MEANT = {
    "event.csv with iterable_email.toml": {"sent": 2, "opened": 1, "bounced": 1, "opt_out": 1},
    "event.csv with iterable_sms.toml": {"sent": 1},
    "twilio_messages.csv with twilio_messages.toml": {"sent": 3, "delivered": 2, "failed": 1},
    "twilio_calls.csv with twilio_calls.toml": {
        "attempted": 3,
        "answered": 1,
        "voicemail": 1,
        "no_answer": 1,
    },
}


@pytest.mark.parametrize("title", MEANT)
def test_what_vendors_say_means_what_it_should(title: str, desk: Path, pseudonyms: Pseudonyms) -> None:
    _, batch = printed(f"dry run of {title}", desk, pseudonyms)
    assert batch is not None
    assert dict(batch.tables["events"]["event"].value_counts().iter_rows()) == MEANT[title]


def test_every_ready_mapping_of_a_vendor_is_named_and_most_have_an_example() -> None:
    page, shown = PAGE.read_text(encoding="utf-8"), " ".join(title for title, _ in RUNS)
    for path in READY.glob("*.toml"):
        assert f"`{path.name}`" in page
        alike = ("iterable_push", "iterable_in_app", "gotv_mail", "bank_phone", "klaviyo_events")
        assert path.stem in alike or path.name in shown, path.name


def test_every_kind_has_an_example(desk: Path) -> None:
    mappings = [path for path in desk.glob("*.toml") if "[source]" in path.read_text()]
    kinds = {load_mapping(path).kind for path in mappings if path.name != "wrong.toml"}
    assert kinds == set(ROW_KINDS)


NAMES = {
    "section": SECTIONS,
    "key of [source]": SOURCE,
    "key of [file]": FILE,
    "key of [[lookups]]": LOOKUP,
    "key of [[skip]]": SKIP,
    "key of [sql]": SQL,
    "key of [rest]": (*REST, *METHODS, *AUTHS, *FORMATS),
    "key of paging": (*PAGING, *PAGINGS),
    "key of since": (*SINCE, *TIMES),
    "key of [folder]": FOLDER,
    "key of [schedule]": SCHEDULE,
    "key of a rule": (*SOURCE_KEYS, *(key for keys in TYPE_KEYS.values() for key in keys)),
    "type": tuple(TYPE_KEYS),
    "word": (*UNKNOWN, *(word for words in WORDS.values() for word in words)),
    "field": tuple(field.name for fields in FIELDS.values() for field in fields),
    "measure": tuple(name for name in MEASURES if not name.startswith("members_")),
    "key of a record": tuple(KEYS),
    "event": EVENT_NAMES,
    "channel": tuple(CHANNEL_LABELS),
}


@pytest.mark.parametrize("what", list(NAMES))
def test_nothing_goes_undocumented(what: str) -> None:
    prose = re.sub(r"^```.*?^```$", "", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    marked = {word for span in re.findall(r"`([^`\n]+)`", prose) for word in re.findall(r"\w+|[.,]", span)}
    missing = [name for name in dict.fromkeys(NAMES[what]) if name not in marked]
    assert not missing, f"docs/sources.md does not name the {what} {', '.join(missing)}"
