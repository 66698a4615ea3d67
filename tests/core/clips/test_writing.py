"""Faults of writing a clip, in words."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import av.error
import pytest

from framescope.core.clips.writing import writing
from framescope.core.errors import ClipError, DestinationLostError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        (errno.ENOSPC, DestinationLostError, "full"),
        (errno.EROFS, DestinationLostError, "cannot be written to"),
        (errno.ENOENT, DestinationLostError, "no longer available"),
        (errno.EINVAL, ClipError, "could not be written"),
    ],
)
def test_faults_are_told_in_words(tmp_path: Path, code: int, kind: type[Exception], word: str) -> None:
    with pytest.raises(kind, match=word), writing(tmp_path / "a.mp4"):
        raise OSError(code, os.strerror(code))
    with pytest.raises(ClipError, match="could not be written"), writing(tmp_path / "a.mp4"):
        raise av.error.InvalidDataError(1, "no")
