"""Places of drop folders that cannot be read, and sections that name none: said, without a secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from etl.intake import IntakeError, MappingError
from etl.pull import come
from etl.sources.toml import load_mapping
from tests import s3_server, ssh_server
from tests.drops import Drop, csv, old
from tests.feeds import settings_of


def test_the_clock_of_another_machine_is_not_believed(remote: Drop, tmp_path: Path) -> None:
    remote.maps("stable = 1")
    remote.put("a.csv", csv(range(10)))
    old(tmp_path / "drop" / "a.csv", 3_600)
    assert remote.look() == {"a.csv": "waits until it has not changed for 1 seconds"}
    import time

    time.sleep(1.1)
    assert remote.rows() == {"a.csv": 10}


def test_a_place_that_cannot_be_read_is_said(local: Drop, tmp_path: Path) -> None:
    local.place = f'at = "{tmp_path}/nowhere"'
    local.maps()
    with pytest.raises(IntakeError, match=r"drop.toml: .*nowhere: there is no such folder"):
        local.look()


def test_a_server_that_cannot_be_read_is_said_and_its_key_is_pinned(
    remote: Drop, ssh: ssh_server.Server, tmp_path: Path
) -> None:
    good = remote.place
    other = tmp_path / "other_key"
    import asyncssh

    stranger = asyncssh.generate_private_key("ssh-ed25519")
    stranger.write_private_key(str(other))
    other.chmod(0o600)
    shared = tmp_path / "shared_key"
    stranger.write_private_key(str(shared))
    shared.chmod(0o644)
    locked = tmp_path / "locked_key"
    stranger.write_private_key(str(locked), "pkcs8-pem", passphrase="a-passphrase")
    locked.chmod(0o600)
    public = stranger.export_public_key().decode().strip()
    key = str(ssh.key_file)
    for place, words in (
        (good.replace(ssh.host_key, public), "its host key is not the one in"),
        (good.replace(key, str(other)), "does not accept the user or the key"),
        (good.replace(key, str(shared)), "chmod 600"),
        (good.replace(key, str(locked)), "name its passphrase as token"),
        (good.replace(key, "/nowhere"), "key_file cannot be read: No such file"),
        (good.replace("/drop", "/drp"), "no such folder or file"),
        (good.replace(str(ssh.port), "1"), "nothing answers there"),
    ):
        remote.place = place
        remote.maps()
        with pytest.raises(IntakeError, match=r"drop.toml: sftp://127.0.0.1") as failure:
            remote.look()
        assert words in str(failure.value)
        assert ssh.user + "@" not in str(failure.value)
    remote.place = good.replace(key, str(locked)) + '\ntoken = "drop"'
    remote.maps()
    (ssh.folder / "authorized").write_text((ssh.folder / "authorized").read_text() + public + "\n")
    held = remote.settings.model_copy(
        update={"tokens": settings_of(tmp_path, tokens={"drop": "a-passphrase"}).tokens}
    )
    assert list(come(held, remote.mapping)) == []


def test_a_bucket_that_cannot_be_read_is_said(bucket: Drop, s3: s3_server.Server) -> None:
    good = bucket.place
    for place, words in (
        (good.replace("s3://drop", "s3://drp"), "there is no such bucket"),
        (good.replace(s3.endpoint, "http://127.0.0.1:1"), "nothing answers there"),
    ):
        bucket.place = place
        bucket.maps("timeout = 2")
        with pytest.raises(IntakeError, match=r"drop.toml: s3://dr") as failure:
            bucket.look()
        assert words in str(failure.value)
        assert "secret-key" not in str(failure.value)
    bare = bucket.settings.model_copy(
        update={"tokens": settings_of(bucket.settings.var, tokens={"drop": "x"}).tokens}
    )
    bucket.place = good
    with pytest.raises(IntakeError, match="must be a key's id and its secret"):
        list(come(bare, bucket.maps()))


def test_a_wrong_folder_section_is_told_whole(local: Drop) -> None:
    wrong = """
fils = "x"
files = ["a/b.csv"]
sha256 = "../x"
count = "count.txt"
stable = -1
region = "us-east-1"
token = "drop"
"""
    local.place = 'at = "ftp://host/x"'
    local.maps(wrong)
    with pytest.raises(MappingError) as error:
        load_mapping(local.mapping)
    for words in (
        '[folder] fils: no such key; did you mean "files"?',
        "[folder] at: must be a place such as",
        "[folder] files: must be patterns of names",
        "[folder] sha256: is the name of a file beside",
        "[folder] count: needs {file} or {stem}",
        "[folder] stable: must be a number from 0",
        "[folder] region: belongs to s3:// alone",
        "[folder] token: belongs to sftp:// and s3:// alone",
    ):
        assert words in str(error.value), str(error.value)
    for place, words in (
        ('at = "sftp://host/x"', "names no user"),
        ('at = "sftp://me:word@host/x"', "holds a secret"),
        ('at = "sftp://me@host/x"', "[folder] host_key: needs the public key"),
        ('at = "sftp://me@host/x"', "[folder] key_file: needs the path"),
        ('at = "s3://b/x"\nendpoint = "http://example.org"', "must begin with https://"),
        ('at = "s3://b/x"\nendpoint = "example.org"', "must be an address"),
        ('at = "relative/x"', "must be a place such as"),
    ):
        local.place = place
        with pytest.raises(MappingError) as error:
            load_mapping(local.maps())
        assert words in str(error.value)


def test_a_file_that_its_owner_alone_may_read_is_told_and_the_others_are_taken(
    local: Drop, tmp_path: Path
) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    local.put("a.csv", csv(range(3)))
    local.put("b.csv", csv(range(3, 6)))
    (tmp_path / "drop" / "a.csv").chmod(0)
    with pytest.raises(IntakeError, match=r"a.csv cannot be read: Permission denied"):
        local.look()
    assert local.events() == 3
