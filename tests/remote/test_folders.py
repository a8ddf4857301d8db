"""Folders on true servers: the same steps by SFTP and in S3, and the errors of who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import asyncssh
import pytest

from config.settings import Settings
from remote import s3 as in_s3
from remote import sftp as by_sftp
from remote.folder import Folder
from tests import s3_server, ssh_server
from tests.feeds import settings_of


class Asked(Exception):
    """The error of whoever asks."""


WORDS = in_s3.Words(denied="may not", otherwise="out of order")


@dataclass(frozen=True)
class Way:
    """How a folder is reached; `place` says where and who asks."""

    settings: Settings
    place: in_s3.Prefix | by_sftp.Server

    @contextmanager
    def opened(self) -> Iterator[Folder]:
        if isinstance(self.place, in_s3.Prefix):
            yield in_s3.opened(self.settings, self.place, Asked, WORDS)
            return
        words = {asyncssh.SFTPNoSuchFile: "out of order"}
        with by_sftp.opened(self.settings, self.place, Asked, words) as folder:
            yield folder


@pytest.fixture(params=["sftp", "s3"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Way:
    settings = settings_of(tmp_path / "var", tokens={"there": s3_server.TOKEN})
    if request.param == "s3":
        server: s3_server.Server = request.getfixturevalue("s3")
        return Way(
            settings, in_s3.Prefix(server.bucket(), "/out/", "there", "us-east-1", server.endpoint, 10)
        )
    ssh: ssh_server.Server = request.getfixturevalue("ssh")
    own = tmp_path / "out"
    own.mkdir()
    key = str(ssh.key_file)
    place = by_sftp.Server("127.0.0.1", ssh.port, ssh.user, str(own), ssh.host_key, key, "", 10)
    return Way(settings, place)


def test_a_file_is_written_read_renamed_and_removed(way: Way, tmp_path: Path) -> None:
    content = bytes(range(256)) * 8_192  # more than one piece
    ours = tmp_path / "ours"
    ours.write_bytes(content)
    with way.opened() as folder:
        assert folder.entries() == []
        folder.write("part", ours, 0)
        ours.write_bytes(b"older")
        folder.write("whole", ours, 0)
        folder.rename("part", "whole")
        (entry,) = folder.entries()
        assert (entry.name, entry.size) == ("whole", len(content))
        assert folder.digest("whole") == sha256(content).hexdigest()
        assert folder.read("whole", 1_500_000) == content[:1_500_000]
        assert folder.read("whole", len(content) + 1) == content
        folder.remove("whole")
        assert folder.entries() == []


def test_what_fails_is_the_error_of_who_asks_in_its_words(way: Way) -> None:
    with way.opened() as folder, pytest.raises(Asked, match=r"^out of order$"):
        folder.read("nowhere", 1)


def test_a_token_that_is_not_set_is_said_by_its_setting(way: Way) -> None:
    unset = replace(way, place=replace(way.place, token="gone"))
    with pytest.raises(Asked, match="REACHBOARD_TOKEN_GONE is not set"), unset.opened():
        pass
