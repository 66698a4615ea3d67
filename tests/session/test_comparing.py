"""A second video beside the open one: pairing, stepping, playing, swapping, failing, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import framescope
from framescope.core.compare.choices import AlignBy
from framescope.core.compare.counterpart import Counterpart
from framescope.core.synth.number_blocks import read_number
from framescope.session.compare_look import CompareMode
from tests.compared_clips import COUNT, DOUBLED, DROPPED
from tests.ui.clip.session import PATIENCE_MS, open_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.session.state import ShownFrame
    from tests.compared_clips import ComparedClips


@pytest.fixture
def pair(qtbot: QtBot, compared_clips: ComparedClips) -> Iterator[Controller]:
    """The source, with its transcode beside it, frames paired by number."""
    with open_session(qtbot, compared_clips.source) as controller:
        controller.comparing.open(str(compared_clips.copy))
        controller.comparing.set_align_by(AlignBy.NUMBER)
        qtbot.waitUntil(lambda: controller.comparing.exact_pair is not None, timeout=PATIENCE_MS)
        yield controller


def drawn(shown: ShownFrame | None) -> int | None:
    """The number in the picture itself."""
    assert shown is not None
    assert shown.frame is not None
    return read_number(shown.frame.picture.to_rgb())


def go(qtbot: QtBot, controller: Controller, number: int) -> None:
    controller.show_frame(number)
    qtbot.waitUntil(lambda: controller.comparing.exact_pair is not None, timeout=PATIENCE_MS)


def wait_until_compared(qtbot: QtBot, controller: Controller) -> None:
    def is_compared() -> bool:
        run = controller.comparing.run
        return not run.is_running and run.found is not None and run.found.quality is not None

    qtbot.waitUntil(is_compared, timeout=PATIENCE_MS)


def test_by_number_b_shows_the_frame_with_the_same_number(
    qtbot: QtBot, pair: Controller, compared_clips: ComparedClips
) -> None:
    for number in (0, 50, 19, 21):
        go(qtbot, pair, number)
        assert drawn(pair.shown) == number
        assert drawn(pair.comparing.shown) == compared_clips.numbers[number]


def test_an_offset_pairs_with_later_frames_of_b(
    qtbot: QtBot, pair: Controller, compared_clips: ComparedClips
) -> None:
    go(qtbot, pair, 10)
    pair.comparing.nudge(1)
    qtbot.waitUntil(lambda: pair.comparing.exact_pair is not None, timeout=PATIENCE_MS)
    assert drawn(pair.comparing.shown) == compared_clips.numbers[11]
    assert (pair.comparing.offset, pair.position) == (1, 10)


def test_after_its_last_frame_b_has_no_picture(pair: Controller) -> None:
    pair.show_frame(COUNT - 1)
    counterpart = pair.comparing.counterpart
    assert counterpart is not None
    assert counterpart.number is None
    assert "118" in counterpart.absence
    assert pair.comparing.exact_pair is None


def test_once_compared_b_shows_what_a_shows_and_says_where_it_was_dropped(
    qtbot: QtBot, compared_clips: ComparedClips
) -> None:
    with open_session(qtbot, compared_clips.source) as controller:
        controller.comparing.open(str(compared_clips.copy))
        wait_until_compared(qtbot, controller)
        comparing = controller.comparing
        assert comparing.align_by is AlignBy.CONTENT
        for number in (1, 34, 60, 100, 119):
            go(qtbot, controller, number)
            assert drawn(comparing.shown) == drawn(controller.shown) == number
        for number in DROPPED:
            controller.show_frame(number)
            assert comparing.counterpart == Counterpart(None, "Dropped in B")
        for number in DOUBLED:
            controller.show_frame(number)
            twice = [place for place, one in enumerate(compared_clips.numbers) if one == number]
            assert comparing.counterpart == Counterpart(twice[0], repeats=tuple(twice))


def test_a_pinned_pair_stays_a_pair_until_it_is_removed(
    qtbot: QtBot, pair: Controller, compared_clips: ComparedClips
) -> None:
    wait_until_compared(qtbot, pair)
    go(qtbot, pair, 60)
    pair.comparing.nudge(2)
    pair.comparing.pin()
    wait_until_compared(qtbot, pair)
    run, found = pair.comparing.run, pair.comparing.run.found
    assert run.pins == ((60, 62),)
    assert found is not None
    assert found.alignment.b_of_a[60] == 62
    run.unpin((60, 62))
    wait_until_compared(qtbot, pair)
    assert run.found is not None
    assert compared_clips.numbers[run.found.alignment.b_of_a[60]] == 60


def test_looking_at_another_frame_of_b_ends_when_a_moves(
    qtbot: QtBot, pair: Controller, compared_clips: ComparedClips
) -> None:
    go(qtbot, pair, 10)
    pair.comparing.show_alone(40)
    qtbot.waitUntil(lambda: pair.comparing.exact_pair is not None, timeout=PATIENCE_MS)
    assert pair.comparing.is_held
    assert drawn(pair.comparing.shown) == compared_clips.numbers[40]
    go(qtbot, pair, 11)
    assert drawn(pair.comparing.shown) == compared_clips.numbers[11]


def test_playing_waits_for_both(qtbot: QtBot, pair: Controller) -> None:
    seen: list[int] = []
    pair.comparing.paired.connect(seen.append)
    pair.player.toggle_every_frame()
    pair.player.toggle()
    qtbot.waitUntil(lambda: len(seen) >= 10, timeout=PATIENCE_MS)
    pair.player.toggle()
    assert seen == list(range(seen[0], seen[0] + len(seen)))


def test_swapping_opens_b_at_its_frame_and_a_beside_it(
    qtbot: QtBot, pair: Controller, compared_clips: ComparedClips
) -> None:
    go(qtbot, pair, 40)
    pair.swap_compared()
    qtbot.waitUntil(lambda: pair.source == str(compared_clips.copy), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: pair.comparing.exact_pair is not None, timeout=PATIENCE_MS)
    assert pair.position == 40
    assert pair.comparing.source == str(compared_clips.source)


def test_what_cannot_be_opened_leaves_a_and_says_why(
    qtbot: QtBot, pair: Controller, tmp_path: Path, compared_clips: ComparedClips
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    pair.comparing.open(str(broken))
    qtbot.waitUntil(lambda: pair.comparing.error is not None, timeout=PATIENCE_MS)
    assert pair.source == str(compared_clips.source)
    pair.comparing.close()
    assert not pair.comparing.is_active


def test_reloading_keeps_b(qtbot: QtBot, pair: Controller, compared_clips: ComparedClips) -> None:
    with qtbot.waitSignal(pair.source_opened, timeout=PATIENCE_MS):
        pair.reopen_source()
    qtbot.waitUntil(lambda: pair.comparing.exact_pair is not None, timeout=PATIENCE_MS)
    assert pair.comparing.source == str(compared_clips.copy)


def test_closing_a_closes_b(pair: Controller) -> None:
    pair.close_source()
    assert not pair.comparing.is_active


def test_a_video_beside_itself_is_said_to_be_the_same(
    qtbot: QtBot, pair: Controller, compared_clips: ComparedClips
) -> None:
    assert not pair.comparing.is_same_stream
    pair.comparing.open(str(compared_clips.source))
    qtbot.waitUntil(lambda: pair.comparing.exact_pair is not None, timeout=PATIENCE_MS)
    assert pair.comparing.is_same_stream


def test_the_difference_is_of_exact_frames_that_belong_together(qtbot: QtBot, pair: Controller) -> None:
    comparing = pair.comparing
    comparing.show_mode(CompareMode.DIFFERENCE)
    for number in (30, 3):
        go(qtbot, pair, number)

        def is_there(number: int = number) -> bool:
            answer = comparing.difference.answer
            return answer is not None and answer.request.a.frame_number == number

        qtbot.waitUntil(is_there, timeout=PATIENCE_MS)
        answer = comparing.difference.answer
        assert answer is not None
        assert answer.found is not None
        assert answer.image is not None
        planes = [answer.request.a.picture.planes()[0], answer.request.b.picture.planes()[0]]
        expected = np.abs(planes[0].astype(int) - planes[1])
        assert answer.found.largest >= expected.max()
        assert answer.found.space == "yuv420p as decoded"
        assert answer.request.b.frame_number == number
    comparing.close()
    assert comparing.difference.answer is None


def test_exported_pictures_are_beside_their_frames(
    qtbot: QtBot, compared_clips: ComparedClips, tmp_path: Path
) -> None:
    with framescope.open_video(compared_clips.source) as video:
        framescope.export(video, tmp_path / "out", [0, 40, 80], image_format="png")
    with open_session(qtbot, compared_clips.source) as controller:
        controller.comparing.open(str(tmp_path / "out"))
        wait_until_compared(qtbot, controller)
        for number in (40, 80):
            go(qtbot, controller, number)
            assert drawn(controller.comparing.shown) == number
        controller.show_frame(41)
        assert controller.comparing.counterpart == Counterpart(None, "Not in B")


def test_a_fragment_store_is_beside_its_source(
    qtbot: QtBot, compared_clips: ComparedClips, tmp_path: Path
) -> None:
    with framescope.open_video(compared_clips.source) as video:
        framescope.fragments.split(video, tmp_path / "store")
    with open_session(qtbot, compared_clips.source) as controller:
        controller.comparing.open(str(tmp_path / "store"))
        wait_until_compared(qtbot, controller)
        found = controller.comparing.run.found
        assert found is not None
        assert found.is_complete
        go(qtbot, controller, 33)
        assert drawn(controller.comparing.shown) == 33


def test_what_was_found_under_other_frame_numbers_is_found_again(qtbot: QtBot, pair: Controller) -> None:
    wait_until_compared(qtbot, pair)
    # As if frames of A had been numbered like those of B until now.
    pair.video.index_replaced.emit(pair.comparing.index)
    assert pair.comparing.run.found is None
    assert pair.comparing.shown is None
    wait_until_compared(qtbot, pair)
    qtbot.waitUntil(lambda: pair.comparing.exact_pair is not None, timeout=PATIENCE_MS)


def test_a_frame_of_b_stays_while_results_arrive(qtbot: QtBot, pair: Controller) -> None:
    pair.comparing.set_align_by(AlignBy.CONTENT)
    pair.comparing.show_alone(40)
    wait_until_compared(qtbot, pair)
    assert pair.comparing.is_held
