"""Finds the folder of real files and reads its manifest."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import av
import pytest
from av.video.codeccontext import VideoCodecContext

_PROJECT = Path(__file__).resolve().parents[2]


NEEDS_FIELD_ORDER = pytest.mark.skipif(
    not hasattr(VideoCodecContext, "field_order"),
    reason="PyAV before 18.1 does not say whether a stream is progressive or interlaced",
)


def real_media_folder() -> Path | None:
    """``FRAMESCOPE_MEDIA``, or ``../shared/media`` beside the project; None if there is none."""
    named = os.environ.get("FRAMESCOPE_MEDIA")
    folder = Path(named) if named else _PROJECT.parent / "shared" / "media"
    return folder if (folder / "MANIFEST.csv").is_file() else None


def decodes_here(row: dict[str, str]) -> bool:
    """Whether this FFmpeg decodes a file that the manifest's FFmpeg did not: animated WebP, from 9 on."""
    return row["container"] == "webp_pipe" and "webp_anim" in av.codecs_available


def real_media_rows() -> list[dict[str, str]]:
    """The manifest's rows of files that are there; empty without the folder. Column names as in its head."""
    folder = real_media_folder()
    if folder is None:
        return []
    with (folder / "MANIFEST.csv").open(newline="", encoding="utf-8") as manifest:
        return [row for row in csv.DictReader(manifest) if (folder / row["file"]).is_file()]
