"""Options that select frames, shared by all commands that take frames."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.options import PathType, RealType, WholeType, refuse_together, wrong_usage
from framescope.cli.output import one_line
from framescope.cli.sections import together
from framescope.core.folders import is_folder
from framescope.core.marks.formats import format_of, load_marks
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.recipe.own_choice import OwnChoice, marks_file_for, no_marks
from framescope.core.recipe.recipe import OF_ONE_VIDEO
from framescope.core.sampling.content import measure_content
from framescope.core.sampling.frame_list import check_frame_list, frames_listed
from framescope.core.sampling.places import InOutPlaces, parse_place
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.refinement import Refinement
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint, WindowUnit, choose
from framescope.core.sampling.scenes import THRESHOLD_NAMES, SceneDetector, ScenePick, SceneRule
from framescope.core.text import TypedTime, counted, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from framescope.core.marks.marks_file import LoadedMarks
    from framescope.core.media.video import Video
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.sampling.chosen import Chosen
    from framescope.core.sampling.content import ContentMeasures

_MOST_SENTENCES = 40
"""On rows left out: a marks file of another, longer video has one for nearly each of its rows."""
_AT_LEAST_ONE = WholeType(1)
_ABOVE_ZERO = RealType(is_least_refused=True)


class WindowType(click.ParamType[tuple[float, WindowUnit]]):
    """``12`` frames or ``0.5s`` as a number and its unit."""

    name = "window"

    def convert(
        self,
        value: str | tuple[float, WindowUnit],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[float, WindowUnit]:
        """Parse ``value``; fail with a message if it is not a window."""
        if isinstance(value, tuple):
            return value
        window = re.fullmatch(r"([0-9]{1,9})|([0-9]{1,9}(?:\.[0-9]*)?)s", value)
        if window is None or float(window[1] or window[2]) <= 0:
            self.fail(
                tr("{value!r} is not a window; write 12 (frames) or 0.5s (seconds).", value=value), param, ctx
            )
        return float(window[1] or window[2]), WindowUnit.FRAMES if window[1] else WindowUnit.SECONDS


class PlaceType(click.ParamType[int | TypedTime]):
    """``120`` as a frame number, ``12.5s`` and ``1:02.5`` as a time from the first frame."""

    name = "place"

    def convert(
        self, value: str | int | TypedTime, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | TypedTime:
        """Parse ``value``; fail with a message if it is neither."""
        if not isinstance(value, str):
            return value
        place = parse_place(value)
        if place is None:
            self.fail(
                tr("{value!r} is not a frame number or a time; write 120, 12.5s or 1:02.5.", value=value),
                param,
                ctx,
            )
        return place


frame_options = together(
    click.option(
        "--frames", "listed", metavar="LIST", help=tr("Frame numbers and ranges, such as 3,10:20,40::5.")
    ),
    click.option(
        "--marks",
        "marks_path",
        type=PathType(),
        metavar="FILE",
        help=tr(
            "Marks from a file written by File > Save marks… or `framescope marks`; for several videos, a"
            " folder with a file for each, named like the video."
        ),
    ),
    click.option("--all", "everything", is_flag=True, help=tr("Every frame.")),
    click.option(
        "--every", type=_AT_LEAST_ONE, metavar="N", help=tr("The first frame and every N-th frame after it.")
    ),
    click.option(
        "--every-seconds",
        type=_ABOVE_ZERO,
        metavar="T",
        help=tr("The frame shown every T seconds, by timestamp: correct for variable frame rates."),
    ),
    click.option("--spread", type=_AT_LEAST_ONE, metavar="N", help=tr("N evenly spaced frames.")),
    click.option(
        "--fps",
        type=_ABOVE_ZERO,
        metavar="R",
        help=tr("R frames per second: the frame nearest to each tick."),
    ),
    click.option(
        "--clip-length",
        type=_AT_LEAST_ONE,
        metavar="L",
        help=tr("With --fps: clips of L frames at that rate."),
    ),
    click.option(
        "--clip-stride",
        type=_AT_LEAST_ONE,
        metavar="S",
        help=tr("Frames from the start of one clip to the start of the next; if less than L, clips overlap."),
    ),
    click.option("--max-clips", "clip_count", type=_AT_LEAST_ONE, metavar="N", help=tr("At most N clips.")),
    click.option("--keyframes", is_flag=True, help=tr("Keyframes only.")),
    click.option("--scenes", is_flag=True, help=tr("One frame of each scene, found by PySceneDetect.")),
    click.option(
        "--detector",
        type=click.Choice([one.value for one in SceneDetector]),
        help=tr("With --scenes: PySceneDetect's detector.  [default: content]"),
    ),
    click.option(
        "--threshold", type=RealType(), metavar="X", help=tr("With --scenes: the detector's threshold.")
    ),
    click.option(
        "--min-scene-len",
        "shortest_scene",
        type=WholeType(),
        metavar="N",
        help=tr("With --scenes: minimum length of a scene, in frames."),
    ),
    click.option(
        "--scene-frame",
        type=click.Choice([one.value for one in ScenePick]),
        help=tr("With --scenes: which frame of each scene.  [default: first]"),
    ),
    click.option(
        "--sharpest-per",
        type=WindowType(),
        metavar="W",
        help=tr("The sharpest frame of each window: 12 (frames) or 0.5s (seconds)."),
    ),
    click.option(
        "--no-duplicates",
        is_flag=True,
        help=tr("Skip frames that look like the previously chosen one; also of what another option chose."),
    ),
    click.option(
        "--max-distance",
        "distance",
        type=WholeType(0, 63),
        metavar="BITS",
        help=tr("With --no-duplicates: maximum dHash distance of duplicates, in bits of 64.  [default: 4]"),
    ),
    click.option(
        "--anywhere",
        is_flag=True,
        help=tr("With --no-duplicates: compare with all frames chosen so far, not only the last."),
    ),
    click.option(
        "--representative",
        type=_AT_LEAST_ONE,
        metavar="K",
        help=tr("K representative frames, by clustering."),
    ),
    click.option(
        "--exclude",
        "excluded",
        metavar="LIST",
        help=tr("Never choose these frames: numbers and ranges, such as 0:120,5000:."),
    ),
    click.option(
        "--per-scene",
        type=_AT_LEAST_ONE,
        metavar="K",
        help=tr("Of the chosen frames (or of all), at most K of each scene, evenly spaced."),
    ),
    click.option(
        "--at-most",
        type=_AT_LEAST_ONE,
        metavar="N",
        help=tr("Of the chosen frames, at most N, evenly spaced; the last step."),
    ),
    click.option(
        "--in",
        "in_point",
        type=PlaceType(),
        metavar="AT",
        help=tr("First frame: a frame number or a time, such as 120, 12.5s or 1:02.5."),
    ),
    click.option("--out", "out_point", type=PlaceType(), metavar="AT", help=tr("Last frame (included).")),
)
"""The options that choose frames; their values are read by `sampling_from_options`."""

_WAYS = {
    "listed": "--frames",
    "marks_path": "--marks",
    "everything": "--all",
    "every": "--every",
    "every_seconds": "--every-seconds",
    "spread": "--spread",
    "fps": "--fps",
    "keyframes": "--keyframes",
    "scenes": "--scenes",
    "sharpest_per": "--sharpest-per",
    "no_duplicates": "--no-duplicates",
    "representative": "--representative",
}
"""The options of which one is needed, by the name of their argument."""

_LIMITS = {"in_point": "--in", "out_point": "--out"}

_REFINEMENTS = ("excluded", "per_scene", "at_most")

_COMPANIONS = {
    "clip_length": ("--clip-length", ("fps",)),
    "clip_stride": ("--clip-stride", ("clip_length",)),
    "clip_count": ("--max-clips", ("clip_length",)),
    "detector": ("--detector", ("scenes", "per_scene")),
    "threshold": ("--threshold", ("scenes", "per_scene")),
    "shortest_scene": ("--min-scene-len", ("scenes", "per_scene")),
    "scene_frame": ("--scene-frame", ("scenes",)),
    "distance": ("--max-distance", ("no_duplicates",)),
    "anywhere": ("--anywhere", ("no_duplicates",)),
}
"""Options that only apply together with one of others, and those options' arguments."""


def chooses_frames(options: Mapping[str, Any]) -> bool:
    """Whether any option about frames was given, as opposed to leaving the choice to others."""
    return any(_is_given(options[name]) for name in (*_WAYS, *_COMPANIONS, *_REFINEMENTS, *_LIMITS))


def sampling_from_options(options: Mapping[str, Any]) -> Sampling:
    """The choice that the options give; saying nothing is refused, because any default would surprise.

    Args:
        options: A command's keyword arguments, those of `frame_options` among them.

    Raises:
        click.UsageError: Frames are chosen in no way, or in more than one, an option lacks its companion, or
            what was typed makes sense for no video.
    """
    for name, (flag, companions) in _COMPANIONS.items():
        if _is_given(options[name]) and not any(_is_given(options[one]) for one in companions):
            needed = _WAYS.get(companions[0], "--clip-length")
            raise click.UsageError(tr("{flag} needs {needed}.", flag=flag, needed=needed))
    given = [name for name in _WAYS if _is_given(options[name])]
    skips_duplicates = len(given) > 1 and "no_duplicates" in given
    if skips_duplicates:
        given.remove("no_duplicates")
    refuse_together([_WAYS[name] for name in given])
    places_between(options["in_point"], options["out_point"])
    limits = [flag for name, flag in _LIMITS.items() if _is_given(options[name])]
    refine = Refinement(
        options["excluded"] or "", skips_duplicates, options["per_scene"] or 0, options["at_most"] or 0
    )
    if not given and refine.per_scene:
        given = ["everything"]
    is_run = bool(limits) and given in ([], ["everything"])
    if not given and not is_run:
        raise click.UsageError(
            tr("Choose frames with one of {ways}.", ways=listed(list(_WAYS.values()), tr("or")))
        )
    with wrong_usage():
        sampling = Sampling(SamplingKind.IN_OUT) if is_run else _sampling(given[0], options)
        if limits and not is_run and not sampling.kind.spans_the_video:
            refuse_together([limits[0], _WAYS[given[0]]])
        if sampling.kind is SamplingKind.LIST:
            check_frame_list(sampling.listed)
        if sampling.kind is SamplingKind.MARKED and not is_folder(options["marks_path"]):
            format_of(options["marks_path"])
        if refine.excluded:
            frames_listed(refine.excluded, 0)
        refine.check(is_of_clips=sampling.kind is SamplingKind.CLIPS)
    judging = _judging(sampling, refine, options)
    return replace(sampling, only_in_out=bool(limits) and not is_run, refine=refine, **judging)


def _judging(sampling: Sampling, refine: Refinement, options: Mapping[str, Any]) -> dict[str, Any]:
    """How near-duplicates and scenes are detected where these only refine the choice."""
    values: dict[str, Any] = {}
    if refine.without_duplicates:
        other = _distinct(options)
        values |= {"distance": other.distance, "anywhere": other.anywhere}
    if refine.per_scene and sampling.kind is not SamplingKind.SCENES:
        values["scenes"] = _scene_rule(options)
    return values


@dataclass(frozen=True, slots=True)
class Choice:
    """What a choice came to in one video.

    Attributes:
        chosen: The pictures that are wanted.
        content: What the frames look like, where that was looked at.
        left_out: Sentences on what was requested and is not in ``chosen``.
    """

    chosen: Chosen
    content: ContentMeasures | None
    left_out: tuple[str, ...]


def choose_from_options(
    video: Video,
    sampling: Sampling,
    options: Mapping[str, Any],
    *,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> Choice:
    """Apply a sampling method, decoding where it goes by what frames look like.

    What is left out of it, and what is doubtful about it, goes to stderr.

    Args:
        video: The video.
        sampling: The choice, from the options or from a recipe.
        options: Give the in and the out point.
        progress: Receives the progress of looking at the frames.
        cancel: Cancels it.

    Raises:
        SettingsError: The choice makes no sense for this video.
        Cancelled: The work was cancelled.
    """
    marked, left_out = _marks(video, options)
    in_out = places_between(options["in_point"], options["out_point"]).frames(video.index)
    viewpoint = Viewpoint(marked=marked, in_out=in_out)
    content = None
    if sampling.needs_content:
        span = sampling.content_span(video.index, viewpoint)
        content = measure_content(video, within=span, progress=progress, cancel=cancel)
    return Choice(choose(sampling, video.index, viewpoint, content), content, left_out)


def own_choice(sampling: Sampling, options: Mapping[str, Any], *, is_of_one: bool) -> OwnChoice:
    """What the options choose in each video by itself.

    Args:
        sampling: What `sampling_from_options` gave.
        options: As there.
        is_of_one: Whether there is one video only, which a file of marks may be for.

    Raises:
        click.UsageError: There is one file of marks for several videos.
    """
    marks: Path | None = options["marks_path"]
    if marks is not None and not is_of_one and not is_folder(marks):
        raise click.UsageError(tr("For several videos, --marks needs a folder with a file for each."))
    kind = sampling.kind if sampling.kind in OF_ONE_VIDEO else None
    return OwnChoice(kind, places_between(options["in_point"], options["out_point"]), marks)


def _is_given(value: object) -> bool:
    return value is not None and value is not False


def _sampling(way: str, options: Mapping[str, Any]) -> Sampling:
    """The choice of the one way that was given."""
    value = options[way]
    ways: dict[str, Callable[[], Sampling]] = {
        "listed": lambda: Sampling(SamplingKind.LIST, listed=value),
        "marks_path": lambda: Sampling(SamplingKind.MARKED),
        "everything": lambda: Sampling(SamplingKind.ALL),
        "every": lambda: Sampling(SamplingKind.EVERY_NTH, step=value),
        "every_seconds": lambda: Sampling(SamplingKind.EVERY_SECONDS, interval_s=value),
        "spread": lambda: Sampling(SamplingKind.SPREAD, count=value),
        "fps": lambda: _at_rate(value, options),
        "keyframes": lambda: Sampling(SamplingKind.KEYFRAMES),
        "scenes": lambda: Sampling(SamplingKind.SCENES, scenes=_scene_rule(options)),
        "sharpest_per": lambda: Sampling(SamplingKind.SHARPEST, window=value[0], window_unit=value[1]),
        "no_duplicates": lambda: _distinct(options),
        "representative": lambda: Sampling(SamplingKind.REPRESENTATIVE, representatives=value),
    }
    return ways[way]()


def _at_rate(rate_fps: float, options: Mapping[str, Any]) -> Sampling:
    length = options["clip_length"]
    if length is None:
        return Sampling(SamplingKind.RATE, rate_fps=rate_fps)
    rule = ClipRule(length, options["clip_stride"] or 0, options["clip_count"] or 0)
    return Sampling(SamplingKind.CLIPS, rate_fps=rate_fps, clips=rule)


def _distinct(options: Mapping[str, Any]) -> Sampling:
    distance = options["distance"]
    return Sampling(
        SamplingKind.DISTINCT,
        distance=Sampling().distance if distance is None else distance,
        anywhere=options["anywhere"],
    )


def _scene_rule(options: Mapping[str, Any]) -> SceneRule:
    rule = SceneRule(SceneDetector(options["detector"] or SceneRule().detector))
    changes: dict[str, Any] = {
        THRESHOLD_NAMES[rule.detector]: options["threshold"],
        "shortest": options["shortest_scene"],
        "pick": None if options["scene_frame"] is None else ScenePick(options["scene_frame"]),
    }
    return replace(rule, **{name: value for name, value in changes.items() if value is not None})


def _marks(video: Video, options: Mapping[str, Any]) -> tuple[MarkedFrames, tuple[str, ...]]:
    """The marks of a marks file, and sentences on the rows that were left out of it."""
    path: Path | None = options["marks_path"]
    if path is None:
        return MarkedFrames(), ()
    path = marks_file_for(path, video.info.source)
    loaded = marks_for(video, path)
    if not loaded.marked.marks:
        raise no_marks(path)
    return loaded.marked, tuple(loaded.refused)


def marks_for(video: Video, path: Path) -> LoadedMarks:
    """The marks of a file, held against a video; what is doubtful or left out is written to stderr.

    Raises:
        MissingFileError: There is no such file, or it cannot be read.
        SettingsError: It is not a file of marks.
    """
    loaded = load_marks(path, video.info, video.index)
    for text in loaded.doubts:
        click.echo(one_line(tr("note: {path}: {text}", path=path.name, text=text)), err=True)
    echo_left_out(path.name, loaded.refused)
    return loaded


def echo_left_out(name: str, sentences: Sequence[str]) -> None:
    """Write to stderr which rows of a marks file were left out.

    Args:
        name: The file, or its video.
        sentences: One for each row.
    """
    for text in sentences[:_MOST_SENTENCES]:
        click.echo(one_line(tr("skipped: {path}: {text}", path=name, text=text)), err=True)
    if (more := len(sentences) - _MOST_SENTENCES) > 0:
        count = counted(more, "other row", "other rows")
        click.echo(one_line(tr("skipped: {path}: and {count}", path=name, count=count)), err=True)


def places_between(first: int | TypedTime | None, last: int | TypedTime | None) -> InOutPlaces:
    """The in and the out point, both `PlaceType` values.

    Raises:
        click.UsageError: The out point lies before the in point in every video.
    """
    with wrong_usage():
        return InOutPlaces(first, last)
