"""Ids of the page Bring data."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the page Bring data."""

    DROP = "upload-drop"
    FILE = "upload-file"
    BAR = "upload-bar"
    TOLD = "upload-told"  # how far the file has come, and what is wrong with it
    ASK = "upload-ask"  # {do, id, draft}: what the browser asks for
    OPENED = "upload-opened"  # the file and its columns
    LOOK = "upload-look"  # what the first rows come to
    SAID = "upload-said"
    RECENT = "upload-recent"
    MARK = "upload-mark"  # what the list of files was drawn of
    TICK = "upload-tick"
