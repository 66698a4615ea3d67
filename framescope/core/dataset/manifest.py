"""The manifest of a data set: one file that lists all videos and pictures, and what could not be exported.

Like the manifest of an export it is JSON Lines: a header, a line for each file of a layout, each video, each
failure and each picture, and an end line with a digest of all before. It is written last. One without an end
line belongs to a data set that is being made, or whose making was interrupted.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framescope.core.dataset.records import DataSet, DataVideo
from framescope.core.errors import SettingsError
from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.manifest.reading import has_manifest
from framescope.core.export.name_pattern import safe_stem
from framescope.core.export.provenance import versions
from framescope.core.files import existing_names, remove_file, write_file
from framescope.core.folders import is_there
from framescope.core.media.container import file_name
from framescope.core.outside import parse_json, plain_text, read_lines, whole_number
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from framescope.core.dataset.layout import LayoutWork

DATASET_NAME = "framescope-dataset.jsonl"
_KEY = "framescope_dataset"
_FORMAT = 1
_LONGEST_LINE = 64 << 20


@dataclass(frozen=True, slots=True)
class Failure:
    """A video of which nothing, or not everything, could be exported.

    Attributes:
        name: The video, as in `DataVideo`.
        reason: Why.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DataSetFile:
    """A manifest that was read.

    Attributes:
        data: The data set.
        form: How it was made: layouts, splits, seed and classes, as plain values.
        failures: What could not be exported.
        files: The files of its layouts, below its folder.
        is_ended: Whether it was completed.
    """

    data: DataSet
    form: Mapping[str, Any]
    failures: tuple[Failure, ...]
    files: tuple[str, ...]
    is_ended: bool

    @property
    def is_packed(self) -> bool:
        """Whether its pictures are only in shards."""
        return "packed" in self.form

    def require_pictures(self) -> None:
        """Refuse a data set whose pictures are only in shards.

        Raises:
            SettingsError: It is one.
        """
        if self.is_packed:
            raise SettingsError(
                tr("The pictures of {folder} are only in its shards.", folder=self.data.folder),
                hint=tr("Export it without packing the pictures."),
            )


def begin_manifest(folder: Path, form: Mapping[str, Any], files: Sequence[str]) -> None:
    """Say that a data set is being made.

    Args:
        folder: Where.
        form: How it is made, as plain values.
        files: The files of an earlier one that may be replaced or removed.

    Raises:
        DestinationError: It cannot be written.
    """
    write_file(folder / DATASET_NAME, b"".join(map(_line, _start(form, files))), replaces=True)


def remove_manifest(folder: Path) -> None:
    """Remove it: no data set is made.

    Raises:
        DestinationError: It cannot be removed.
    """
    remove_file(folder / DATASET_NAME)


def end_manifest(
    data: DataSet, form: Mapping[str, Any], failures: Sequence[Failure], work: LayoutWork
) -> int:
    """Write the whole manifest; how many pictures it lists.

    Raises:
        ManifestError: The manifest of a video cannot be read.
        DestinationError: It cannot be written.
        Cancelled: The work was cancelled.
    """
    counted = [0]
    work.write(data, DATASET_NAME, _whole(data, form, failures, tuple(work.written), counted))
    return counted[0]


def read_dataset(folder: Path) -> DataSetFile:
    """Read the manifest of a data set; its pictures are read from those of its videos.

    Raises:
        ManifestError: There is none, or it cannot be used.
    """
    path = folder / DATASET_NAME
    if not has_dataset(folder):
        raise ManifestError(
            tr("There is no data set in {folder}.", folder=folder),
            hint=tr("framescope export with --layout makes one."),
        )
    head: dict[str, Any] = {}
    videos: list[DataVideo] = []
    failures: list[Failure] = []
    files: list[str] = []
    is_ended = False
    try:
        for number, line in enumerate(read_lines(path, _LONGEST_LINE)):
            table = _table(line)
            if number == 0:
                head = _read_head(table)
            elif "of_layout" in table:
                files.append(_read_path(table["of_layout"]))
            elif "folder" in table:
                videos.append(_read_video(table))
            elif "failed" in table:
                failures.append(Failure(plain_text(table["failed"]), plain_text(table["reason"])))
            elif "end" in table:
                is_ended = True
        form = head["form"]
        splits = tuple(plain_text(one) for one in form.get("split_names", ()))
    except OSError as error:
        raise ManifestError(
            tr("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror)
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(tr("{path} is not the manifest of a data set.", path=path)) from error
    data = DataSet(folder, tuple(videos), splits)
    return DataSetFile(data, form, tuple(failures), tuple(files), is_ended)


def has_dataset(folder: Path) -> bool:
    """Whether there is the manifest of a data set in the folder."""
    return is_there(folder / DATASET_NAME)


def export_folders(folder: Path) -> list[Path]:
    """The folders to verify: those of a data set's videos, subfolders with exports, or the folder itself.

    The latter also where it is a data set whose pictures are in shards.

    Raises:
        ManifestError: The manifest of a data set cannot be used.
        DestinationError: The folder cannot be listed.
    """
    if has_manifest(folder):
        return [folder]
    if has_dataset(folder):
        found = read_dataset(folder)
        inside = [] if found.is_packed else [folder / video.folder for video in found.data.videos]
        return inside or [folder]
    inner = sorted(folder / name for name in existing_names(folder) if has_manifest(folder / name))
    return inner or [folder]


def folder_to_compare(folder: Path, source: str) -> Path:
    """The folder, of those to verify, whose pictures a video is compared with.

    Raises:
        SettingsError: There are several, or the pictures of a data set are only in its shards.
        ManifestError: The manifest of a data set cannot be used.
        DestinationError: The folder cannot be listed.
    """
    folders = export_folders(folder)
    if folders == [folder] and not has_manifest(folder) and has_dataset(folder):
        read_dataset(folder).require_pictures()
    if len(folders) > 1:
        likely = [one for one in folders if one.name == safe_stem(file_name(source))]
        raise SettingsError(
            tr(
                "{folder} has the pictures of {count} videos, and a video is compared with one folder only.",
                folder=folder,
                count=len(folders),
            ),
            hint=tr("Name the folder of this video, such as {example}.", example=(likely or folders)[0]),
        )
    return folders[0]


def _start(form: Mapping[str, Any], files: Iterable[str]) -> Iterator[dict[str, Any]]:
    yield {_KEY: _FORMAT, "form": dict(form), "versions": versions()}
    yield from ({"of_layout": name} for name in files)


def _whole(
    data: DataSet,
    form: Mapping[str, Any],
    failures: Sequence[Failure],
    files: Sequence[str],
    counted: list[int],
) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for table in _tables(data, form, failures, files, counted):
        line = _line(table)
        digest.update(line)
        yield line
    counts = {"videos": len(data.videos), "failed": len(failures), "pictures": counted[0]}
    yield _line({"end": {**counts, "sha256": digest.hexdigest()}})


def _tables(
    data: DataSet,
    form: Mapping[str, Any],
    failures: Sequence[Failure],
    files: Sequence[str],
    counted: list[int],
) -> Iterator[dict[str, Any]]:
    yield from _start(form, files)
    for video in data.videos:
        yield {**video.as_table(), "source": data.header(video).source}
    for failure in failures:
        yield {"failed": failure.name, "reason": failure.reason}
    for picture in data.pictures():
        counted[0] += 1
        yield picture.as_table() | {"geometry": picture.geometry.as_table()}


def _line(table: Mapping[str, Any]) -> bytes:
    return json_document(table, separators=(",", ":")).encode() + b"\n"


def _table(line: bytes) -> dict[str, Any]:
    table = parse_json(line)
    if not isinstance(table, dict):
        raise TypeError(_KEY)
    return table


def _read_head(table: dict[str, Any]) -> dict[str, Any]:
    if table[_KEY] != _FORMAT:
        raise ValueError(tr("it is of another version"))
    if not isinstance(table["form"], dict):
        raise TypeError(_KEY)
    return table


def _read_video(table: dict[str, Any]) -> DataVideo:
    return DataVideo(
        whole_number(table["id"], 1),
        plain_text(table["name"]),
        _read_path(table["folder"]),
        plain_text(table.get("split", "")),
        plain_text(table.get("class", "")),
    )


def _read_path(value: object) -> str:
    # A manifest from elsewhere must not refer to files outside its folder.
    path = plain_text(value)
    parts = path.split("/")
    if any(part in {"", ".", ".."} or "\\" in part or "\0" in part or ":" in part for part in parts):
        raise ValueError(f"{path!r} is not a path inside the folder")
    return path
