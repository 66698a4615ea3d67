"""The video of an export, opened once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import OpenError
from framescope.core.export.manifest.open_again import open_again
from framescope.core.media.index import IndexBasis
from framescope.core.model.progress import CancelToken, ignore_progress
from tests.core.export.manifest.test_reading import HEADER

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_counted_as_then(plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    header = replace(HEADER, source={"counted_by": "decoded", "stream_index": 0})
    with open_again(str(plain_clip), header, ignore_progress, CancelToken()) as video:
        assert video.index.basis is IndexBasis.DECODED
        assert video.info.stream_index == 0


def test_a_stream_that_is_not_there_is_refused(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    header = replace(HEADER, source={"counted_by": "packets", "stream_index": 9})
    with pytest.raises(OpenError):
        open_again(str(plain_clip), header, ignore_progress, CancelToken())
