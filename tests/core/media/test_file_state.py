"""A file that is deleted, replaced, cut or rewritten while it is open: its own frames, or a clear error."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from framescope import OpenError, open_video
from framescope.core.media.file_state import SourceChange, change_since, state_of
from framescope.core.media.index_builder import build_index
from framescope.core.media.probe import probe
from framescope.core.source.opening import known_video
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(params=["h264.mp4", "h264.mkv", "h264.ts"])
def path(request: pytest.FixtureRequest, clip: Callable[[str], Path], tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    shutil.copy(clip(path.name), path)
    return path


def exchange(path: Path, other: Path) -> None:
    fresh = path.with_suffix(".new")
    shutil.copy(other, fresh)
    fresh.replace(path)


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 3)


def overwrite(path: Path) -> None:
    """The same bytes, but for some in the middle: the sizes of all packets stay."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    path.write_bytes(data)


def overwrite_with_more(path: Path) -> None:
    """In place, as by copying a longer video onto it that begins alike."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 4] + data[len(data) // 2 :] + data)


def test_changes_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    before = state_of(path, is_sampled=True)
    assert before is not None
    assert change_since(before, path) is None
    path.write_bytes(b"12345678")
    assert change_since(before, path) is SourceChange.GROWN
    path.write_bytes(b"1234")
    assert change_since(before, path) is SourceChange.REPLACED
    path.unlink()
    assert change_since(before, path) is SourceChange.DELETED
    assert state_of("https://example.org/clip.mp4") is None


def test_a_file_has_grown_only_if_its_old_content_is_still_there(path: Path) -> None:
    before = state_of(path, is_sampled=True)
    assert before is not None
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.write(b"1" * 1000)
        # Lengths and times are filled in at the beginning when a recording ends.
        file.seek(40)
        file.write(b"1" * 400)
    assert change_since(before, path) is SourceChange.GROWN
    # Without samples, nobody knows.
    assert change_since(before._replace(samples=None), path) is SourceChange.REPLACED
    with path.open("r+b") as file:
        file.seek(size // 10)
        file.write(bytes(size // 2))
    assert change_since(before, path) is SourceChange.REPLACED


@pytest.mark.parametrize("change", [cut, overwrite, overwrite_with_more])
def test_what_is_written_into_an_open_file_is_not_shown(path: Path, change: Callable[[Path], None]) -> None:
    with open_video(path, use_index_cache=False, cache_bytes=1) as video:
        video.frame(40)
        change(path)
        for number in (5, 41, 20):
            with pytest.raises(OpenError, match="changed or replaced"):
                video.frame(number)
        with pytest.raises(OpenError, match="changed or replaced"):
            list(video.frames(range(5)))


@pytest.mark.parametrize("read_ahead", [False, True])
def test_a_file_of_the_same_name_is_never_taken_for_the_old_one(
    path: Path,
    clip: Callable[[str], Path],
    read_ahead: bool,  # noqa: FBT001
) -> None:
    with open_video(path, use_index_cache=False, read_ahead=read_ahead) as video:
        video.frame(40)
        exchange(path, clip("mjpeg.mov"))
        for number in (5, 41, 20, 0, 47):
            try:
                assert read_number(video.frame(number).to_rgb()) == number
            except OpenError as error:
                assert "changed or replaced" in error.message  # noqa: PT017 - both answers are right


def test_a_deleted_file_is_named(path: Path) -> None:
    with open_video(path, use_index_cache=False) as video:
        path.unlink()
        with pytest.raises(OpenError, match=path.name):
            video.frame(0)


def test_a_file_that_grows_keeps_its_frames(path: Path) -> None:
    with open_video(path, use_index_cache=False) as video:
        with path.open("ab") as file:
            file.write(bytes(1000))
        assert [read_number(video.frame(number).to_rgb()) for number in (0, 30, 12)] == [0, 30, 12]


def test_a_video_that_is_made_later_is_held_to_what_was_probed(
    path: Path, clip: Callable[[str], Path]
) -> None:
    info = probe(str(path))
    index = build_index(info)
    exchange(path, clip("mjpeg.mov"))
    with pytest.raises(OpenError, match="changed or replaced"):
        build_index(info)
    with known_video(info, index) as video, pytest.raises(OpenError, match="changed or replaced"):
        video.frame(3)
