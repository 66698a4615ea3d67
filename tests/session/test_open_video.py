"""The session stays in step with its video: opening, leaving, index, answers, the file itself."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication

from framescope.core.errors import IndexingError, MissingFileError, NoVideoStreamError
from framescope.engine.render import RenderSpec
from tests.engine.fakes import FakeMedia, make_index, make_info, number_in
from tests.session.conftest import Ear

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller


def test_empty_session(controller: Controller) -> None:
    assert controller.source is None
    assert controller.info is None
    assert controller.video.opencv_facts is None
    assert controller.index is None
    assert controller.shown is None
    assert controller.marked_range is None
    assert not controller.video.is_listing
    assert not controller.selection.can_undo
    assert not controller.selection.can_redo
    assert controller.view.is_rotated
    assert (controller.frame_total, controller.position, controller.playback.speed) == (1, 0, 0)
    assert (controller.marks, controller.video.cached_spans) == ((), ())
    assert controller.view.visible_range == (0.0, 1.0)


@pytest.mark.parametrize("lengths", [(250, 0, 250), (250, 10, 100), (-7, 0, 1), (0, 10, 100)])
def test_length_while_listing(
    qtbot: QtBot, controller: Controller, media: FakeMedia, lengths: tuple[int, int, int]
) -> None:
    declared, partial, expected = lengths
    media.info = make_info(frame_count_declared=declared)
    media.listing_gate.clear()
    if partial:
        media.indexes.insert(0, make_index(partial, complete=False))
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: controller.info is not None and (controller.index is not None) == bool(partial))
    assert controller.frame_total == expected
    assert controller.video.is_listing
    media.indexes[-1] = make_index(90)
    media.listing_gate.set()
    qtbot.waitUntil(lambda: controller.frame_total == 90 and not controller.video.is_listing)


def test_opening(controller: Controller, ear: Ear, open_fake: Callable[[], None]) -> None:
    open_fake()
    assert ear.words[:2] == ["opened", "at 0"]
    assert ear.words[-1] == "index 100"
    assert controller.view.visible_range == (0.0, 100.0)
    assert controller.source is not None
    assert controller.settings.recent_files == (controller.source,)
    assert [shown.frame_number for shown in ear.shown] == [0]


def test_opencv_is_asked_after_the_first_picture(
    qtbot: QtBot, controller: Controller, open_fake: Callable[[], None]
) -> None:
    open_fake()
    qtbot.waitUntil(lambda: controller.video.opencv_facts is not None)
    assert controller.video.opencv_facts is not None
    assert not controller.video.opencv_facts.opened


def test_a_source_that_fails_leaves_the_old_one_open(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia, open_fake: Callable[[], None]
) -> None:
    open_fake()
    controller.toggle_mark(3)
    media.open_error = MissingFileError("There is no such file.")
    controller.open_source("/videos/missing.mp4")
    qtbot.waitUntil(lambda: ear.errors == [media.open_error])
    assert "closed" not in ear.words
    assert controller.marks == (3,)
    controller.show_frame(50)
    qtbot.waitUntil(lambda: ear.shown[-1].pictured_number == 50)


def test_another_source_starts_from_nothing(
    qtbot: QtBot, controller: Controller, ear: Ear, open_fake: Callable[[], None]
) -> None:
    open_fake()
    controller.toggle_mark(3)
    controller.mark_in()
    controller.show_frame(50)
    controller.view.set_visible_range(40, 60)
    controller.open_source("/videos/other.mp4")
    qtbot.waitUntil(lambda: ear.words.count("opened") == 2)
    assert ear.words[ear.words.index("closed") + 1] == "opened"
    assert (controller.position, controller.marks, controller.selection.state.in_point) == (0, (), None)
    assert not controller.selection.can_undo
    qtbot.waitUntil(lambda: ear.shown[-1].frame_number == 0)
    assert controller.view.visible_range == (0.0, 100.0)


def test_late_answers_of_the_source_before_are_dropped(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia, open_fake: Callable[[], None]
) -> None:
    open_fake()
    media.decoding.clear()
    media.gate.clear()
    controller.show_frame(77)
    assert media.decoding.wait(60)
    controller.open_source("/videos/other.mp4")
    qtbot.waitUntil(lambda: ear.words.count("opened") == 2)
    media.gate.set()
    qtbot.waitUntil(lambda: len(media.readers) >= 3 and ear.shown[-1].frame_number == 0)
    assert 77 not in [shown.pictured_number for shown in ear.shown]


def test_closing_the_source(controller: Controller, ear: Ear, open_fake: Callable[[], None]) -> None:
    open_fake()
    controller.show_frame(5)
    controller.close_source()
    assert ear.words[-1] == "closed"
    assert controller.source is None
    assert controller.shown is None
    assert (controller.position, controller.frame_total, controller.view.visible_range) == (0, 1, (0.0, 1.0))
    controller.close_source()
    assert ear.words.count("closed") == 1


def test_a_video_without_frames_fails_after_its_header(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia
) -> None:
    media.indexes = [make_index(0)]
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: bool(ear.errors))
    assert isinstance(ear.errors[0], NoVideoStreamError)
    assert ear.words[-2:] == ["closed", "failed"]
    assert controller.settings.recent_files == ()


def test_the_whole_stays_in_view_while_the_index_grows(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia
) -> None:
    media.indexes = [make_index(10, complete=False), make_index(130)]
    media.listing_gate.clear()
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: "index 10" in ear.words)
    assert controller.view.visible_range == (0.0, 100.0)
    media.listing_gate.set()
    qtbot.waitUntil(lambda: controller.view.visible_range == (0.0, 130.0))


def test_a_zoomed_view_stays_where_it_is_while_the_index_grows(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia
) -> None:
    media.indexes = [make_index(10, complete=False), make_index(130)]
    media.listing_gate.clear()
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: "index 10" in ear.words)
    controller.view.set_visible_range(20, 40)
    media.listing_gate.set()
    qtbot.waitUntil(lambda: "index 130" in ear.words)
    assert controller.view.visible_range == (20, 40)


def test_a_position_that_turns_out_not_to_exist_moves_to_the_last_frame(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia
) -> None:
    media.indexes = [make_index(10, complete=False), make_index(60)]
    media.listing_gate.clear()
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: "index 10" in ear.words)
    controller.show_last()
    assert controller.position == 99
    media.listing_gate.set()
    qtbot.waitUntil(lambda: controller.position == 59 and ear.shown[-1].pictured_number == 59)


def test_other_numbers_show_the_position_again(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia, open_fake: Callable[[], None]
) -> None:
    open_fake()
    qtbot.waitUntil(lambda: not controller.video.is_listing)
    media.counted = make_index(90, first_packet=1)
    pictures = len(ear.shown)
    controller.verify_numbering()
    # The picture may be another frame's now, so it is only a placeholder until it was read again.
    qtbot.waitUntil(lambda: [one.provisional for one in ear.shown[pictures:]] == [True, False])
    qtbot.waitUntil(lambda: ("90 frames, counted by decoding every one.", "info") in ear.notices)
    assert controller.frame_total == 90


def test_a_picture_that_is_late_becomes_a_placeholder(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia, open_fake: Callable[[], None]
) -> None:
    open_fake()
    qtbot.waitUntil(ear.is_exact)
    media.gate.clear()
    controller.show_frame(55)
    # At first the frame shown before stays, under its own number.
    assert controller.view.displayed_number == 0
    qtbot.waitUntil(lambda: controller.view.displayed_number == 55)
    shown = controller.shown
    assert shown is not None
    assert shown.provisional
    assert shown.frame is None
    assert shown.pictured_number != 55
    media.gate.set()
    qtbot.waitUntil(ear.is_exact)


def test_counting_waits_for_listing(qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia) -> None:
    media.listing_gate.clear()
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: "opened" in ear.words)
    controller.verify_numbering()
    assert ear.notices[0][1] == "info"


def test_listing_that_breaks_off_is_told(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia
) -> None:
    media.indexes = [make_index(10, complete=False), make_index()]
    media.listing_error = IndexingError("The file could not be read to its end.")
    controller.open_source("/videos/clip.mp4")
    qtbot.waitUntil(lambda: ear.notices == [("The file could not be read to its end.", "error")])
    assert controller.index is not None


def test_200_wishes_show_the_last_one_and_decode_few(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia, open_fake: Callable[[], None]
) -> None:
    media.indexes = [make_index(300)]
    open_fake()
    media.decoded.clear()
    media.decoding.clear()
    media.gate.clear()
    controller.show_frame(1)
    assert media.decoding.wait(60)
    for number in range(2, 202):
        controller.show_frame(number)
    media.gate.set()
    qtbot.waitUntil(lambda: ear.shown[-1].pictured_number == 201 and not ear.shown[-1].provisional)
    assert len(media.decoded) <= 4
    assert controller.position == 201


def test_provisional_then_exact(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia, open_fake: Callable[[], None]
) -> None:
    open_fake()
    media.gate.clear()
    media.decoding.clear()
    controller.show_frame(77)
    # Until the keyframe's thumbnail is there, the first picture may stand in.
    qtbot.waitUntil(lambda: ear.shown[-1].provisional and ear.shown[-1].pictured_number == 70)
    stand_in = ear.shown[-1]
    assert (stand_in.frame_number, stand_in.pictured_number, stand_in.frame) == (77, 70, None)
    assert stand_in.image is not None
    assert number_in(stand_in.image) == 70
    media.gate.set()
    qtbot.waitUntil(lambda: not ear.shown[-1].provisional)
    assert ear.shown[-1].frame is not None
    assert ear.shown[-1].pictured_number == 77


def test_view_size_and_rotation_ask_for_a_new_picture(
    qtbot: QtBot, controller: Controller, ear: Ear, open_fake: Callable[[], None]
) -> None:
    open_fake()
    controller.view.set_size(16, 100)
    qtbot.waitUntil(lambda: len(ear.shown) == 2)
    image = ear.shown[-1].image
    assert image is not None
    assert (image.width(), image.height()) == (16, 12)
    assert (ear.shown[-1].source_width, ear.shown[-1].source_height) == (32, 24)
    controller.view.set_rotation_applied(False)
    qtbot.waitUntil(lambda: len(ear.shown) == 3)
    assert not controller.view.is_rotated
    controller.view.set_size(16, 100)
    controller.view.set_rotation_applied(False)
    assert controller.view._spec == RenderSpec(16, 100, rotate=False)  # noqa: SLF001 - no third request is made


def test_copying_waits_for_the_exact_frame(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia, open_fake: Callable[[], None]
) -> None:
    open_fake()
    controller.view.set_size(8, 8)
    media.gate.clear()
    controller.show_frame(77)
    qtbot.waitUntil(lambda: ear.shown[-1].provisional)
    controller.copy_picture()
    assert ear.notices == []
    media.gate.set()
    qtbot.waitUntil(lambda: bool(ear.notices))
    image = QGuiApplication.clipboard().image()
    assert (image.width(), number_in(image)) == (32, 77)


def test_an_unavailable_frame_is_not_copied(
    qtbot: QtBot, controller: Controller, ear: Ear, media: FakeMedia, open_fake: Callable[[], None]
) -> None:
    media.unavailable.add(7)
    open_fake()
    controller.show_frame(7)
    qtbot.waitUntil(lambda: ear.shown[-1].frame_number == 7)
    assert ear.shown[-1].unavailable_reason == "its packet is damaged."
    controller.copy_picture()
    assert ear.notices[0][1] == "warning"


def test_playing_goes_through_the_frames(
    qtbot: QtBot, controller: Controller, ear: Ear, open_fake: Callable[[], None]
) -> None:
    open_fake()
    controller.show_frame(95)
    controller.player.toggle()
    assert controller.playback.speed == 1
    qtbot.waitUntil(lambda: controller.playback.speed == 0)
    assert controller.position == 99
    controller.player.shuttle_backward()
    qtbot.waitUntil(lambda: controller.position <= 97)
    controller.player.stop()
    assert controller.playback.speed == 0
    assert all(not shown.provisional for shown in ear.shown)


def open_copy(qtbot: QtBot, controller: Controller, clip: Path, path: Path) -> Ear:
    """Open a copy of a clip, and wait until it shows its first frame and all are listed."""
    shutil.copy(clip, path)
    ear = Ear(controller)
    controller.open_source(str(path))
    qtbot.waitUntil(lambda: bool(ear.shown) and not controller.video.is_listing)
    return ear


def test_a_file_deleted_while_open(
    qtbot: QtBot, real_controller: Controller, plain_clip: Path, tmp_path: Path
) -> None:
    path = tmp_path / "clip.mp4"
    ear = open_copy(qtbot, real_controller, plain_clip, path)
    path.unlink()
    qtbot.waitUntil(lambda: ear.changes == ["deleted"])
    # The banner says so; a notice would say it again.
    assert not [text for text, _ in ear.notices if "file" in text.casefold()]
    real_controller.show_frame(40)
    qtbot.waitUntil(lambda: ear.shown[-1].frame_number == 40)
    real_controller.reopen_source()
    qtbot.waitUntil(lambda: bool(ear.errors))
    assert real_controller.source == str(path)


def test_a_replaced_file_is_reopened_at_the_same_frame_with_its_marks(
    qtbot: QtBot, real_controller: Controller, plain_clip: Path, tmp_path: Path
) -> None:
    path = tmp_path / "clip.mp4"
    ear = open_copy(qtbot, real_controller, plain_clip, path)
    real_controller.show_frame(30)
    real_controller.toggle_mark()
    other = tmp_path / "other.mp4"
    shutil.copy(plain_clip, other)
    other.replace(path)
    real_controller.video.check_file()
    assert ear.changes == ["replaced"]
    real_controller.reopen_source()
    qtbot.waitUntil(lambda: ear.words.count("opened") == 2 and real_controller.index is not None)
    assert (real_controller.position, real_controller.marks) == (30, (30,))
    qtbot.waitUntil(lambda: real_controller.shown is not None and real_controller.shown.frame is not None)
