"""Notices videos that change or grow while a data set is made of them: they are left out of it.

How much of a recording that is still going on would be in the data set depends on when its turn comes, so the
same command would not give the same files twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framescope.core.errors import ExportError
from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.manifest.reading import MANIFEST_NAME, TABLE_NAME, has_manifest, read_manifest
from framescope.core.export.provenance import is_same_file
from framescope.core.files import remove_file
from framescope.core.media.container import source_name
from framescope.core.media.file_state import state_of
from framescope.core.recipe.run import VideoState
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from framescope.core.model.stream_facts import FileState
    from framescope.core.recipe.run import VideoOutcome


@dataclass(frozen=True, slots=True)
class Before:
    """What there was before any video was read.

    Attributes:
        states: The state of each file; None for an address.
        had_exports: Whether there were pictures of an earlier run in the folder of each.
    """

    states: tuple[FileState | None, ...]
    had_exports: tuple[bool, ...]

    @classmethod
    def now(cls, sources: Sequence[str], folders: Sequence[Path]) -> Before:
        """Remember how it is now.

        Args:
            sources: The videos.
            folders: Where the pictures of each will be.
        """
        return cls(tuple(map(state_of, sources)), tuple(map(has_manifest, folders)))

    def without_changed(self, outcomes: Sequence[VideoOutcome]) -> tuple[VideoOutcome, ...]:
        """The outcomes, with an error for each video whose content has changed since then.

        Its pictures are removed, unless there were some of an earlier run already: they would be in the way
        when the video is exported again.

        Args:
            outcomes: One for each video, in the order of `now`.

        Raises:
            DestinationError: A picture cannot be removed.
        """
        checked = []
        for outcome, state, had in zip(outcomes, self.states, self.had_exports, strict=True):
            if outcome.result is None or state is None or not _is_changed(outcome, state):
                checked.append(outcome)
                continue
            if not had:
                _remove(outcome)
            checked.append(replace(outcome, state=VideoState.FAILED, result=None, error=_error(outcome)))
        return tuple(checked)


def _is_changed(outcome: VideoOutcome, before: FileState) -> bool:
    now = state_of(outcome.source)
    # One that was removed after its pictures were made leaves them as they are.
    if now is None or (now.size, now.modified_ns) == (before.size, before.modified_ns):
        return False
    if now.size != before.size:
        # Also if it was complete when its turn came: with more workers, it would have come earlier.
        return True
    try:
        return not is_same_file(read_manifest(outcome.folder).last.header, outcome.source)
    except ManifestError:
        return True


def _remove(outcome: VideoOutcome) -> None:
    assert outcome.result is not None
    for one in (*outcome.result.written, *outcome.result.kept):
        # On a cluster, the folder has another name here.
        remove_file(outcome.folder / one.path.relative_to(outcome.result.folder))
    for name in (TABLE_NAME, MANIFEST_NAME):
        remove_file(outcome.folder / name)


def _error(outcome: VideoOutcome) -> ExportError:
    return ExportError(
        tr("{name} changed or grew while the data set was made.", name=source_name(outcome.source)),
        hint=tr("Once it is complete, export again: it then joins the data set."),
    )
