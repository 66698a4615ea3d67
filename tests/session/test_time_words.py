"""Times of frames: each format, from either origin, and that what is shown can be typed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.session.navigation import Whereabouts, parse_target
from framescope.session.position_text import PositionField, position_text
from framescope.session.settings import Settings, TimeFormat
from framescope.session.time_words import TimeWords
from tests.core.sampling.indexes import make_index
from tests.ui.stand_ins import StandInController, make_info

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex

SHIFT = 90 * 25
"""The first pts of the shifted video, in frames at 25 a second."""


def shifted(*, varies: bool = False) -> FrameIndex:
    pts = np.arange(3000, dtype=np.int64) + SHIFT
    if varies:
        pts[1500:] += 7
    return make_index(pts, time_base=Fraction(1, 25))


def words(index: FrameIndex, settings: Settings, **facts: object) -> TimeWords:
    session = StandInController()
    session.index, session.info = index, make_info(**facts)
    return TimeWords(session.as_controller().video, settings, session)


@pytest.mark.parametrize(
    ("chosen", "of_frame_1575", "stored"),
    [
        (TimeFormat.CLOCK, "1:03.000", "2:33.000"),
        (TimeFormat.HOURS, "00:01:03.000", "00:02:33.000"),
        (TimeFormat.SECONDS, "63.000 s", "153.000 s"),
        (TimeFormat.TIMECODE, "00:01:03:00", "00:01:03:00"),
    ],
)
def test_formats_and_origins(qtbot: object, chosen: TimeFormat, of_frame_1575: str, stored: str) -> None:
    del qtbot
    index, settings = shifted(), Settings()
    times = words(index, settings)
    settings.time_format = chosen
    assert times.of(1575, index.time_of(1575)) == of_frame_1575
    settings.shows_stored_times = True
    assert times.of(1575, index.time_of(1575)) == stored


def test_what_is_shown_can_be_typed_and_pasted(qtbot: object) -> None:
    del qtbot
    index, settings = shifted(), Settings()
    times = words(index, settings, timecode_start="10:00:00:00")
    for is_stored in (False, True):
        settings.shows_stored_times = is_stored
        where = Whereabouts(0, len(index), index, "10:00:00:00", times.origin)
        for chosen in TimeFormat:
            settings.time_format = chosen
            for number in (0, 1, 1575, 2999):
                shown = times.of(number, index.time_of(number))
                assert parse_target(shown, where) == number, shown
        copied = position_text(PositionField.TIME, 1575, index, None, origin=times.origin)
        assert parse_target(copied, where) == 1575


def test_where_the_rate_varies_a_timecode_is_not_made_up(qtbot: object) -> None:
    del qtbot
    index, settings = shifted(varies=True), Settings()
    settings.time_format = TimeFormat.TIMECODE
    assert words(index, settings).of(1575, index.time_of(1575)) == "00:01:03.280"


def test_unknown_times_are_a_dash(qtbot: object) -> None:
    del qtbot
    settings = Settings()
    for chosen in TimeFormat:
        settings.time_format = chosen
        assert words(shifted(), settings).of(3, float("nan")) == "–"
