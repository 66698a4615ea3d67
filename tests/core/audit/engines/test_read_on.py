"""Reading on: one failed read is not the end, and nothing for ever is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.audit.engines.protocol import Delivered, Nothing, picture_of
from framescope.core.audit.engines.read_on import PATIENCE, pictures_of, read_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PICTURE = picture_of(np.zeros((4, 6, 3), np.uint8))


def steps_of(answers: Sequence[Delivered | Exception | None]) -> Callable[[], Delivered | None]:
    left = iter(answers)

    def step() -> Delivered | None:
        answer = next(left)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return step


def test_it_goes_on_after_nothing_and_after_errors() -> None:
    answers = [PICTURE, None, PICTURE, RuntimeError("no"), RuntimeError("no"), PICTURE]
    steps = list(read_on(steps_of(answers), call="read()", gives="False"))
    assert steps == [
        PICTURE,
        Nothing("read() returns False"),
        PICTURE,
        Nothing("read() raises RuntimeError"),
        Nothing("read() raises RuntimeError"),
        PICTURE,
    ]
    assert list(pictures_of(steps)) == [PICTURE] * 3


def test_nothing_for_ever_is_the_end() -> None:
    steps = read_on(lambda: None, call="read()")
    assert len(list(steps)) < PATIENCE


def test_the_same_error_for_ever_is_an_error() -> None:
    def step() -> Delivered:
        raise RuntimeError("the same again")

    with pytest.raises(RuntimeError, match="the same again"):
        list(read_on(step, call="next()"))
