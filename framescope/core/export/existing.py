"""Holds files that are there already to an export's plan: none that it skips may show something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.errors import ExportError
from framescope.core.export.manifest.header import has_manifest, read_manifest
from framescope.core.export.plan import Action
from framescope.core.export.provenance import is_made_of
from framescope.core.export.result import Fate
from framescope.core.files import check_folder, check_not_source
from framescope.core.media.container import local_path
from framescope.core.media.source_digest import source_digest

if TYPE_CHECKING:
    from framescope.core.export.manifest.header import Manifest
    from framescope.core.export.manifest.lines import FrameLine, ManifestHeader
    from framescope.core.export.plan import ExportPlan


def check_existing(plan: ExportPlan) -> None:
    """Refuse a plan that would take another video's picture for its own, or replace the video.

    Files that no manifest lists are taken for what their names say.

    Raises:
        ExportError: A file to be skipped holds another video's picture, or another frame of this one.
        DestinationError: The folder lies in the video, which may be a fragment store, or a file to be
            replaced is the video.
    """
    source = None if plan.info is None else local_path(plan.info.source)
    if source is None:
        return
    check_folder(plan.settings.folder, sources=[source])
    for item in plan.items:
        if item.action is Action.OVERWRITE:
            check_not_source(item.path, [source])
    if Action.SKIP in plan.actions and has_manifest(plan.settings.folder):
        _check_skipped(plan, read_manifest(plan.settings.folder))


def _check_skipped(plan: ExportPlan, manifest: Manifest) -> None:
    written: dict[str, tuple[ManifestHeader, FrameLine]] = {
        line.file: (section.header, line)
        for section in manifest.sections
        for line in section.lines
        if line.fate is Fate.WRITTEN
    }
    assert plan.info is not None
    found = source_digest(plan.info.source)
    strangers = []
    for item in plan.items:
        if item.action is not Action.SKIP or item.path.name not in written:
            continue
        header, line = written[item.path.name]
        if not is_made_of(header, plan.info.stream_index, found):
            strangers.append(f"of another video, {header.source['name']}")
        elif line.frame_number != item.frame_number:
            strangers.append("of other frames")
    if strangers:
        folder = plan.settings.folder
        raise ExportError(
            f"{len(strangers)} of the {plan.count(Action.SKIP)} files to be skipped in {folder} are pictures"
            f" {strangers[0]}.",
            hint="Export into another folder, or overwrite or number the files.",
        )
