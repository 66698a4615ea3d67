"""What is chosen in each of many videos by itself, and so is in no recipe: an in–out range, and marks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import MissingMarksError, SettingsError
from framescope.core.folders import is_folder, is_there
from framescope.core.marks.formats import MarksFormat, load_marks
from framescope.core.media.container import file_name, local_path
from framescope.core.sampling.places import InOutPlaces
from framescope.core.sampling.sampling import SamplingKind, Viewpoint
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.marks.marks_file import LoadedMarks
    from framescope.core.media.video import Video
    from framescope.core.sampling.sampling import Sampling


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """Where the frames of each video are chosen.

    Attributes:
        kind: What replaces the recipe's way of choosing: marks, or the range; None if nothing does.
        places: The in and out point of every video.
        marks: A file of marks for a single video, or a folder with a file for each.
    """

    kind: SamplingKind | None = None
    places: InOutPlaces = field(default_factory=InOutPlaces)
    marks: Path | None = None

    def sampling(self, sampling: Sampling) -> Sampling:
        """The choice, made of that of the recipe."""
        return sampling if self.kind is None else replace(sampling, kind=self.kind)

    def viewpoint(self, video: Video) -> tuple[Viewpoint, LoadedMarks | None]:
        """The range and the marks of a video, and how its file of marks was read, if there is one.

        Raises:
            SettingsError: The video has no such frames, or the file cannot be used or has no marks for it.
            MissingMarksError: There is no marks file for it.
        """
        in_out = self.places.frames(video.index)
        if self.marks is None:
            return Viewpoint(in_out=in_out), None
        path = marks_file_for(self.marks, video.info.source)
        loaded = load_marks(path, video.info, video.index)
        if not loaded.marked.marks:
            raise no_marks(path)
        return Viewpoint(marked=loaded.marked, in_out=in_out), loaded


def no_marks(path: Path) -> SettingsError:
    """The error where a file has no marks for a video."""
    return SettingsError(tr("{path} contains no marks for this video.", path=path.name))


def marks_file_for(place: Path, source: str) -> Path:
    """The file with the marks of a video.

    Args:
        place: That file, or a folder in which it has the video's name, with or without its extension, and in
            which the video's folder may be a folder too.
        source: The video.

    Raises:
        MissingMarksError: There is none.
    """
    if not is_folder(place):
        return place
    path = local_path(source) or Path(file_name(source))
    folders = [place / path.absolute().parent.name, place] if path.parent.name else [place]
    names = [f"{name}{one.value}" for name in (path.name, path.stem) for one in MarksFormat]
    found = next((one for folder in folders for name in names if is_there(one := folder / name)), None)
    if found is None:
        raise MissingMarksError(
            tr("{folder} contains no marks file for {name}.", name=path.name, folder=place),
            hint=tr("Name it after the video, such as {name}.", name=f"{path.stem}.csv"),
        )
    return found
