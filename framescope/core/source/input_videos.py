"""Lists the videos that are named for work on many: files, folders, folders in object stores, addresses."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from framescope.core.errors import MissingFileError
from framescope.core.folders import is_folder, is_regular_file, natural_order
from framescope.core.media.container import file_name, is_url, local_path
from framescope.core.model.progress import CancelToken
from framescope.core.printable import valid_text
from framescope.core.sequence.naming import is_sequence
from framescope.core.source.opening import is_fragment_store
from framescope.core.storage import ask, is_stored, objects_below, place_of
from framescope.core.text import listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VIDEO_SUFFIXES = frozenset(
    f".{name}"
    for name in [
        "3g2",
        "3gp",
        "apng",
        "asf",
        "avi",
        "avif",
        "dv",
        "f4v",
        "flv",
        "gif",
        "h264",
        "264",
        "hevc",
        "h265",
        "265",
        "ivf",
        "m1v",
        "m2t",
        "m2ts",
        "m2v",
        "m4v",
        "mkv",
        "mov",
        "mp4",
        "mpeg",
        "mpg",
        "mts",
        "mxf",
        "nut",
        "obu",
        "ogg",
        "ogm",
        "ogv",
        "ps",
        "qt",
        "rm",
        "rmvb",
        "ts",
        "vob",
        "webm",
        "wmv",
        "y4m",
    ]
)
"""File types treated as videos in a folder. A file named explicitly is always taken."""


@dataclass(frozen=True, slots=True)
class InputVideo:
    """One of many videos.

    Attributes:
        source: Its path or address.
        name: Its path below the folder that was named, with ``/``; its file name if it was named itself.
    """

    source: str
    name: str

    @property
    def folder(self) -> str:
        """The name of the folder that it is in, also in an object store; empty for other addresses."""
        path = local_path(self.source)
        if path is None:
            return valid_text(PurePosixPath(self.source).parent.name) if is_stored(self.source) else ""
        return valid_text(path.absolute().parent.name)


def input_videos(sources: Iterable[str], *, cancel: CancelToken | None = None) -> list[InputVideo]:
    """Files as named, and all videos in folders and their subfolders, sorted; each once.

    A fragment store is a video, whether it is a file or a folder.

    Args:
        sources: Paths of files and folders, and addresses; one of an object store that ends in ``/`` is a
            folder, too.
        cancel: Cancels the work.

    Raises:
        OpenError: A store cannot be listed.
        Cancelled: The work was cancelled.
    """
    cancel = cancel or CancelToken()
    found: dict[str, InputVideo] = {}
    for source in sources:
        if is_stored(source) and source.endswith("/"):
            for name in _names_in_store(source, cancel):
                found.setdefault(source + name, InputVideo(source + name, valid_text(name)))
        elif is_folder_of_videos(source):
            for path in sorted(_videos_in(source, cancel)):
                name = path.relative_to(source).as_posix()
                found.setdefault(str(path), InputVideo(str(path), valid_text(name)))
        else:
            found.setdefault(source, InputVideo(source, valid_text(file_name(source))))
    return list(found.values())


def list_videos(sources: Iterable[str], *, cancel: CancelToken | None = None) -> list[str]:
    """The paths and addresses of `input_videos`; see there."""
    return [one.source for one in input_videos(sources, cancel=cancel)]


def no_videos(sources: Iterable[str]) -> MissingFileError:
    """The error where `list_videos` found none."""
    places = list(sources)
    return MissingFileError(
        tr("There is no video in {places}.", places=listed(places)) if places else tr("There is no video."),
        hint=tr("In folders, videos are recognised by extension; name other files explicitly."),
    )


def is_folder_of_videos(source: str) -> bool:
    """Whether a path means the videos in a folder, not one video."""
    if is_stored(source):
        return source.endswith("/")
    if is_url(source) or not is_folder(source) or is_fragment_store(source):
        return False
    # Thumbnails beside videos are no sequence to look at.
    return not is_sequence(source) or next(_videos_in(source, CancelToken()), None) is not None


def _names_in_store(address: str, cancel: CancelToken) -> list[str]:
    place = place_of(address)
    names = ask(address, lambda: objects_below(place), cancel=cancel)
    return sorted(name for name in names if PurePosixPath(name).suffix.lower() in VIDEO_SUFFIXES)


def videos_beside(source: str) -> list[str]:
    """The videos in the folder of a file, the file itself among them, in the order of file managers.

    Numbers in names count as numbers: ``clip 2`` comes before ``clip 10``.

    Raises:
        OSError: The folder cannot be read.
    """
    path = Path(source)
    found = {str(path)}
    for beside in path.parent.iterdir():
        is_video = beside.suffix.lower() in VIDEO_SUFFIXES and is_regular_file(beside)
        if is_video or (beside.suffix.lower() in {"", ".zip"} and is_fragment_store(beside)):
            found.add(str(beside))
    return sorted(found, key=natural_order)


def _videos_in(source: str, cancel: CancelToken) -> Iterator[Path]:
    for folder, folders, names in os.walk(source):
        cancel.raise_if_cancelled()
        stores = [name for name in folders if is_fragment_store(Path(folder, name))]
        # The streams inside a store are not videos of their own.
        folders[:] = [name for name in folders if name not in stores]
        yield from (Path(folder, name) for name in stores)
        for path in (Path(folder, name) for name in names):
            is_video = path.suffix.lower() in VIDEO_SUFFIXES and is_regular_file(path)
            if is_video or (path.suffix.lower() == ".zip" and is_fragment_store(path)):
                yield path
