"""What tests of engines ask of a trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framescope.core.audit.records import EngineTrial


def exact_numbers(trial: EngineTrial, *, all_asked: bool = False) -> set[int]:
    """The frames that came rightly every time, or all that were requested."""
    asked = {one.frame_number for one in trial.requests}
    wrong = set() if all_asked else {one.frame_number for one in trial.requests if not one.is_exact}
    return asked - wrong
