"""Fixtures of the fragments' tests: a finished lossless store, and a copy to damage."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.core.fragments.fragment_examples import split_clip

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def whole_store(plain_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plain clip as FFV1 in 2 × 3 tiles × 4 runs of 12. Copy before changing."""
    path = tmp_path_factory.mktemp("fragments") / "store"
    split_clip(plain_clip, path)
    return path


@pytest.fixture
def store_copy(whole_store: Path, tmp_path: Path) -> Path:
    """The same, to be damaged."""
    path = tmp_path / "store"
    shutil.copytree(whole_store, path)
    return path
