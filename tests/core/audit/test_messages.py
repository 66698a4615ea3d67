"""What crosses between the processes comes out as it went in."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

from framescope.core.audit.engines.protocol import Delivered, Target, picture_of
from framescope.core.audit.messages import (
    Answer,
    Attempt,
    answer_of,
    digest_of,
    is_flat,
    load_factory,
    target_from,
    target_message,
)
from tests.core.audit.fake_engines import Honest


def test_targets_survive() -> None:
    target = Target("a ü.mp4", 2, Fraction(1001, 30000), single_thread=True, convert=True)
    assert target_from(json.loads(json.dumps(target_message(target)))) == target


def test_digests_tell_pixels_shapes_and_kinds_apart() -> None:
    pixels = np.arange(24, dtype=np.uint8)
    pictures = [pixels.reshape(2, 4, 3), pixels.reshape(4, 2, 3), pixels.reshape(2, 4, 3) + np.uint8(1)]
    digests = {digest_of(picture_of(one)) for one in pictures}
    digests.add(digest_of(Delivered((pixels.reshape(2, 4, 3).astype(np.uint16),))))
    assert len(digests) == 4


def test_digests_do_not_depend_on_layout() -> None:
    pixels = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    assert digest_of(picture_of(pixels)) == digest_of(picture_of(np.asfortranarray(pixels)))


def test_flatness() -> None:
    assert is_flat(picture_of(np.full((3, 3, 3), 7, np.uint8)))
    assert not is_flat(picture_of(np.arange(27, dtype=np.uint8).reshape(3, 3, 3)))


def test_answers() -> None:
    assert answer_of(None, "gone") == Answer(None, error="gone")
    given = answer_of(picture_of(np.zeros((2, 2, 3), np.uint8), pts=4, time_s=0.5, position=3))
    assert (given.pts, given.time_s, given.position) == (4, 0.5, 3)
    assert Answer(*json.loads(json.dumps(given.as_row()))) == given


def test_an_attempt_keeps_what_was_raised() -> None:
    with Attempt() as attempt:
        raise KeyError("some  \n thing")
    assert attempt.error == "KeyError: 'some \\n thing'"
    with Attempt() as silent:
        raise StopAsyncIteration
    assert silent.error == "StopAsyncIteration"
    with Attempt() as calm:
        pass
    assert calm.error == ""


def test_an_attempt_lets_interruptions_through() -> None:
    with pytest.raises(KeyboardInterrupt), Attempt():
        raise KeyboardInterrupt


def test_factories_are_found_by_name() -> None:
    assert load_factory("tests.core.audit.fake_engines:Honest") is Honest
