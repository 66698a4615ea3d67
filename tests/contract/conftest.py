"""The truth about each file, found once for all tests and workers of a run."""

from __future__ import annotations

import hashlib
import os
import pickle
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import pytest

from tests.clips.truth import true_frames

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clips.truth import TrueFrame

    Truths = Callable[[Path, int], list[TrueFrame]]


@pytest.fixture(scope="session")
def truth_of(tmp_path_factory: pytest.TempPathFactory) -> Truths:
    """``truth_of(path, stream_index)`` are the frames of a file that nothing changes during the run."""
    run = tmp_path_factory.getbasetemp()
    # Each worker of xdist has its own folder in that of the run.
    folder = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "truth"
    folder.mkdir(exist_ok=True)

    @cache
    def truth(path: Path, stream_index: int) -> list[TrueFrame]:
        kept = folder / hashlib.sha256(f"{path} {stream_index}".encode()).hexdigest()
        if kept.exists():
            return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]
        frames = true_frames(path, stream_index=stream_index)
        with NamedTemporaryFile(dir=folder, delete=False) as part:
            pickle.dump(frames, part)
        Path(part.name).replace(kept)
        return frames

    return truth
