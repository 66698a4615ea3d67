"""The errors carry what the window and the command line show."""

from __future__ import annotations

from framescope.core import errors


def test_message_and_hint_are_apart() -> None:
    error = errors.OpenError("It is empty.", hint="Copy it again.")
    assert (str(error), error.message, error.hint) == ("It is empty.", "It is empty.", "Copy it again.")


def test_unavailable_frame_names_its_number() -> None:
    error = errors.CorruptFrameError(17, 900, "its packet is damaged.")
    assert isinstance(error, errors.FrameScopeError)
    assert (error.frame_number, error.pts) == (17, 900)
    assert "17" in error.message


def test_being_cancelled_is_no_failure() -> None:
    assert not issubclass(errors.Cancelled, errors.FrameScopeError)
