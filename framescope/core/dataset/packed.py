"""Data sets whose pictures are only in shards: checks these, and removes the single files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.dataset.layout import LayoutWork, ShardBound
from framescope.core.dataset.layouts import LayoutChoice
from framescope.core.dataset.manifest import DATASET_NAME, has_dataset, read_dataset
from framescope.core.errors import SettingsError, VerificationError
from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.manifest.verify import Finding, FindingKind, VerifyReport, verify_folder
from framescope.core.files import remove_file
from framescope.core.folders import is_there
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.outside import whole_number
from framescope.core.text import listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framescope.core.dataset.manifest import DataSetFile
    from framescope.core.dataset.records import DataSet
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback


def check_packable(choice: LayoutChoice) -> None:
    """Refuse layouts that refer to pictures as files.

    Raises:
        SettingsError: There is one, or none that holds pictures.
    """
    others = [one.name for one in choice.layouts if not one.holds_pictures]
    if others or not choice.layouts:
        raise SettingsError(
            tr("{names} cannot hold pictures.", names=listed(others))
            if others
            else tr("No layout is chosen that holds the pictures."),
            hint=tr("Pictures are only packed into webdataset and parquet."),
        )


def keep_only_shards(data: DataSet, choice: LayoutChoice, work: LayoutWork) -> None:
    """Read every shard back, and then remove the pictures that are in it.

    Raises:
        VerificationError: A shard is not whole; nothing is removed.
        Cancelled: The work was cancelled.
    """
    broken = [name for layout in choice.layouts for name in layout.broken(data, work)]
    if broken:
        raise VerificationError(
            tr("{name} does not hold its pictures; none of them were removed.", name=broken[0])
        )
    for picture in data.pictures():
        remove_file(data.folder / picture.video.folder / picture.line.file)


def verify_place(
    folder: Path,
    video: Video | None = None,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> VerifyReport:
    """`verify_folder`, also for data sets whose pictures are in shards, which no video is compared with."""
    found = read_dataset(folder) if has_dataset(folder) else None
    if found is None or not found.is_packed:
        return verify_folder(folder, video, progress=progress, cancel=cancel)
    work = LayoutWork(_bound(found), progress, cancel or CancelToken())
    findings = list(_findings(found.data, LayoutChoice.parse(found.form["layout"]), work))
    if not found.is_ended:
        findings.append(Finding(FindingKind.UNFINISHED, "", tr("The data set was not finished.")))
    lines = [picture.line for picture in found.data.pictures()]
    size = sum(line.size_bytes for line in lines)
    return VerifyReport(folder, len(found.data.videos), len(lines), size, 0, tuple(findings), ())


def _bound(found: DataSetFile) -> ShardBound:
    try:
        table = found.form["packed"]
        return ShardBound(whole_number(table["pictures"], 1), whole_number(table["size_bytes"], 1))
    except (ValueError, KeyError, TypeError) as error:
        name = found.data.folder / DATASET_NAME
        raise ManifestError(tr("{path} is not the manifest of a data set.", path=name)) from error


def _findings(data: DataSet, choice: LayoutChoice, work: LayoutWork) -> Iterator[Finding]:
    for layout in choice.layouts:
        for name in layout.broken(data, work):
            if is_there(data.folder / name):
                yield Finding(FindingKind.ALTERED, name, tr("It does not hold its pictures."))
            else:
                yield Finding(FindingKind.MISSING, name)
