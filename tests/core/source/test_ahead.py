"""A header and a first picture that are read while the program is still starting."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from framescope.core import pyav
from framescope.core.errors import Cancelled, MissingFileError
from framescope.core.folders import data_folder
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.video_memory import PictureZoom, VideoMemory, VideoState
from framescope.core.media import container
from framescope.core.media.index_store import IndexStore
from framescope.core.model.progress import CancelToken, cancellable, check_cancelled
from framescope.core.source import ahead as ahead_module
from framescope.core.source.ahead import SourceAhead
from framescope.core.source.opening import build_index, probe
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo


def test_gives_what_a_probe_gives(plain_clip: Path) -> None:
    ahead = SourceAhead(str(plain_clip))
    assert ahead.probe(ahead.source, None) == probe(str(plain_clip))


def test_a_relative_name_is_that_of_the_folder_it_was_typed_in(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(plain_clip.parent)
    ahead = SourceAhead(plain_clip.name)
    monkeypatch.chdir(tmp_path)
    assert ahead.source == str(plain_clip)
    assert ahead.probe(ahead.source, None).source == str(plain_clip)


def test_the_reason_is_raised_where_the_header_is_asked_for(tmp_path: Path) -> None:
    ahead = SourceAhead(str(tmp_path / "nothing.mp4"))
    with pytest.raises(MissingFileError):
        ahead.probe(ahead.source, None)


def test_it_is_used_once_and_for_that_source_only(
    plain_clip: Path, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(source: str, **options: Any) -> object:  # noqa: ANN401 - passed on
        read.append(source)
        return probe(source, **options)

    monkeypatch.setattr(ahead_module, "probe", counted)
    ahead, other = SourceAhead(str(plain_clip)), str(clip("vfr.mkv"))
    assert ahead.probe(other, None).source == other
    assert ahead.probe(ahead.source, 0).stream_index == 0
    ahead.probe(ahead.source, None)
    ahead.probe(ahead.source, None)
    assert sorted(read) == sorted([ahead.source, other, ahead.source, ahead.source])


def test_waiting_for_a_slow_header_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def slow(source: str, **options: object) -> object:
        del source, options
        try:
            while True:
                check_cancelled()
                ended.wait(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(ahead_module, "probe", slow)
    ahead, cancel = SourceAhead("/videos/slow.mp4"), CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    with cancellable(cancel), pytest.raises(Cancelled):
        ahead.probe(ahead.source, None)
    assert ended.wait(10)


@pytest.fixture
def known_clip(plain_clip: Path) -> Path:
    """A clip that was opened before: its index is stored."""
    build_index(probe(str(plain_clip)), store=IndexStore())
    return plain_clip


@pytest.mark.parametrize("number", [0, 7])
def test_the_first_picture_is_the_frame_of_that_number(known_clip: Path, number: int) -> None:
    ahead = SourceAhead(str(known_clip), number)
    taken = ahead.take_picture(60)
    assert taken is not None
    info, frame = taken
    assert (info, frame.frame_number) == (probe(str(known_clip)), number)
    assert read_number(frame.to_bgr()) == number
    assert ahead.take_picture(0) is None


def test_the_first_picture_is_not_decoded_again(known_clip: Path) -> None:
    ahead = SourceAhead(str(known_clip), 5)
    taken = ahead.take_picture(60)
    assert taken is not None
    info, index = ahead.probe(ahead.source, None), build_index(probe(str(known_clip)))
    with ahead.open_reader(info, index) as video:
        assert video.cached_frame(5) is taken[1]
    with ahead.open_reader(info, index) as video:
        assert video.cached_frame(5) is None


def test_a_picture_is_not_kept_for_another_version_of_the_file(known_clip: Path) -> None:
    ahead = SourceAhead(str(known_clip), 5)
    assert ahead.take_picture(60) is not None
    later = probe(str(known_clip))
    with ahead.open_reader(later, build_index(later)) as video:
        assert video.cached_frame(5) is None


def test_a_file_that_was_replaced_after_its_header_was_read_has_no_picture(
    plain_clip: Path, clip: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "clip.mkv", tmp_path / "other.mkv"
    path.write_bytes(plain_clip.read_bytes())
    other.write_bytes(clip("vfr.mkv").read_bytes())

    def probe_and_replace(source: str, **options: Any) -> VideoInfo:  # noqa: ANN401 - passed on
        info = probe(source, **options)
        other.replace(path)
        return info

    monkeypatch.setattr(ahead_module, "probe", probe_and_replace)
    assert SourceAhead(str(path), 0).take_picture(60) is None


def test_it_is_the_frame_that_was_shown_last_time(known_clip: Path) -> None:
    memory = VideoMemory()
    identity = memory.identify(str(known_clip))
    assert identity is not None
    index = build_index(probe(str(known_clip)))
    memory.save(identity, 0, VideoState(position=9), index)
    taken = SourceAhead(str(known_clip)).take_picture(60)
    assert taken is not None
    assert taken[1].frame_number == 9
    # More than its number is to be restored.
    memory.save(identity, 0, VideoState(position=9, zoom=PictureZoom(2.0, 0.5, 0.5)), index)
    assert SourceAhead(str(known_clip)).take_picture(60) is None


def test_damaged_marks_are_left_to_the_window_that_tells_of_them(known_clip: Path) -> None:
    folder = data_folder()
    assert folder is not None
    memory = VideoMemory()
    identity = memory.identify(str(known_clip))
    assert identity is not None
    index = build_index(probe(str(known_clip)))
    memory.save(identity, 0, VideoState(MarkedFrames((3, 5)), position=9), index)
    (entry,) = folder.glob("videos/*.json")
    entry.write_bytes(entry.read_bytes()[:-20])
    SourceAhead(str(known_clip)).take_picture(60)
    recalled = VideoMemory().recall(str(known_clip))
    assert recalled is not None
    assert "Not all saved marks" in recalled.trouble


def test_a_new_video_that_must_be_counted_has_only_its_first_picture(clip: Callable[[str], Path]) -> None:
    path = str(clip("vfr.mkv"))
    first = SourceAhead(path, 0).take_picture(60)
    assert first is not None
    assert read_number(first[1].to_bgr()) == 0
    assert SourceAhead(path, 3).take_picture(60) is None


@pytest.mark.parametrize("number", [-1, 10**6])
def test_a_frame_that_does_not_exist_is_no_picture(known_clip: Path, number: int) -> None:
    assert SourceAhead(str(known_clip), number).take_picture(60) is None


def test_what_cannot_be_opened_has_no_picture(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    for source in (str(tmp_path / "text.mp4"), str(tmp_path), "http://127.0.0.1:9/video.mp4"):
        assert SourceAhead(source).take_picture(60) is None


def test_the_file_is_opened_once_for_its_header_and_its_first_frame(
    known_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    open_input = pyav.open_input

    def counted(file: object, **options: Any) -> object:  # noqa: ANN401 - passed on
        opened.append(file)
        return open_input(file, **options)

    monkeypatch.setattr(container, "open_input", counted)
    taken = SourceAhead(str(known_clip), 0).take_picture(60)
    assert taken is not None
    assert read_number(taken[1].to_bgr()) == 0
    assert opened == [str(known_clip)]
