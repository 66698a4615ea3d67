"""Finds, while somebody still chooses, names that frames would share and files that are there already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framescope.core.errors import DestinationError, SettingsError
from framescope.core.export.plan import plan_export
from framescope.core.export.settings import OnExisting
from framescope.core.files import existing_names

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.sampling.chosen import Chosen

_MOST = 50_000
"""So many names are made while somebody types; with more of them it has to wait for the start."""


@dataclass(frozen=True, slots=True)
class Collisions:
    """What stands in the way of an export's names.

    Attributes:
        error: Two frames would share a name, or a name cannot be used; empty when neither.
        taken: How many files are there already; None while that cannot be told.
    """

    error: str = ""
    taken: int | None = None


def find_collisions(
    info: VideoInfo, index: FrameIndex, chosen: Chosen | NDArray[np.int64], settings: ExportSettings
) -> Collisions:
    """Make every name of the export and look into its folder. Writes nothing.

    Args:
        info: The video.
        index: Its frames.
        chosen: The frames of the export.
        settings: Where to and under which names.
    """
    if not 0 < len(chosen) <= _MOST:
        return Collisions()
    try:
        existing = existing_names(settings.folder)
    except DestinationError:
        # The folder's own line says what is wrong with it.
        return Collisions()
    try:
        asked = replace(settings, on_existing=OnExisting.ASK)
        plan = plan_export(info, index, chosen, asked, existing=existing)
    except SettingsError as error:
        return Collisions(error.in_full)
    return Collisions(taken=plan.existing_count)
