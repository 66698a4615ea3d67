"""Does everything with one file that a user may do, and says what must not happen."""

from __future__ import annotations

import contextlib
import random
import tempfile
import traceback
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import av

from framescope import Counting, FrameScopeError, FrameUnavailableError, open_video
from framescope.core.export.manifest.reading import has_manifest, read_manifest
from framescope.core.export.manifest.resume import find_unfinished
from framescope.core.export.manifest.verify import verify_folder
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.fragments.source import is_fragment_source
from framescope.core.fragments.store import FragmentStore
from framescope.core.media.gops import gop_table
from framescope.core.recipe.recipe import load_recipe
from framescope.core.sampling.sampling import Viewpoint, choose
from framescope.core.source.opening import probe
from framescope.core.timing.report import measure_timing
from tests.clips.truth import digest_of_planes, true_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope import Frame, Video

_MOST_FRAMES = 150
_JUMPS = 10


def findings_on(
    path: Path, on_stage: Callable[[str], None], *, sound_video: Path, seed: int = 0
) -> list[str]:
    """Try everything; each finding is a line, or a line and a traceback.

    Args:
        path: A video, a fragment store, a folder of exported pictures or a recipe.
        on_stage: Told what comes next, so that whoever watches knows where a hang is.
        sound_video: What recipes and exports are tried on.
        seed: Of the order of the jumps.
    """
    if path.suffix == ".toml":
        stages = _recipe_stages(path, sound_video)
    elif path.is_dir() and has_manifest(path):
        stages = _export_stages(path, sound_video)
    else:
        stages = _video_stages(path, random.Random(seed))
    findings: list[str] = []
    while True:
        try:
            stage = next(stages)
        except StopIteration:
            return findings
        except FrameScopeError:
            return findings
        except Exception:  # noqa: BLE001 - that is what is looked for
            return [*findings, f"traceback\n{traceback.format_exc()}"]
        if stage.startswith("!"):
            findings.append(stage[1:])
        else:
            on_stage(stage)


def _recipe_stages(path: Path, sound_video: Path) -> Iterator[str]:
    yield "recipe"
    recipe = load_recipe(path).recipe
    if not recipe.sampling.needs_content:
        yield "choice"
        with open_video(sound_video, use_index_cache=False) as video:
            choose(recipe.sampling, video.index, Viewpoint())


def _export_stages(folder: Path, sound_video: Path) -> Iterator[str]:
    yield "find unfinished"
    find_unfinished(folder)
    yield "verify"
    with contextlib.suppress(FrameScopeError):
        verify_folder(folder)
    yield "verify with the video"
    with open_video(sound_video, use_index_cache=False) as video:
        read_manifest(folder)
        verify_folder(folder, video)


def _video_stages(path: Path, chance: random.Random) -> Iterator[str]:
    """Stage names, and findings with an exclamation mark before them."""
    yield "probe"
    info = probe(path)
    if is_fragment_source(path):
        yield "store"
        with FragmentStore(path) as store:
            store.verify()
    yield "index by decoding"
    with contextlib.suppress(FrameScopeError):
        open_video(path, use_index_cache=False, counting=Counting.DECODE).close()
    yield "index"
    with open_video(path, use_index_cache=False) as video:
        yield "tables"
        gop_table(video.index)
        measure_timing(video.info, video.index)
        count = min(len(video), _MOST_FRAMES)
        yield "sequence"
        sequence = {frame.frame_number: frame for frame in _frames(video, list(range(count)))}
        digests = {number: _digest(frame) for number, frame in sequence.items()}
        damaged = {number for number, frame in sequence.items() if frame.is_damaged}
    del sequence
    if not count:
        return
    yield "jumps"
    wanted = [chance.randrange(count) for _ in range(_JUMPS)]
    with open_video(path, use_index_cache=False, cache_bytes=1) as video:
        jumps = [(frame, _digest(frame)) for frame in _frames(video, iter(wanted))]
    for frame, digest in jumps:
        number = frame.frame_number
        if number in digests and digest != digests[number] and not (frame.is_damaged or number in damaged):
            yield f"!wrong frame: {number} after a jump is not what it is in sequence"
    sound = [(frame, digest) for frame, digest in jumps if not frame.is_damaged]
    if not is_fragment_source(path):
        yield "own decode"
        # One line is enough: the other frames are mostly wrong for the same reason.
        yield from (f"!{line}" for line in islice(_untrue(path, info.stream_index, sound), 1))
    yield "export"
    with tempfile.TemporaryDirectory() as folder, open_video(path, use_index_cache=False) as video:
        settings = ExportSettings(Path(folder, "out"), ImageFormat.PNG)
        plan = plan_export(video.info, video.index, sorted({0, count - 1}), settings)
        export_frames(video, plan, manifest=True)
        verify_folder(settings.folder)


def _frames(video: Video, numbers: list[int] | Iterator[int]) -> Iterator[Frame]:
    for answer in video.try_frames(numbers):
        if not isinstance(answer, FrameUnavailableError):
            yield answer


def _untrue(path: Path, stream_index: int, frames: list[tuple[Frame, str]]) -> Iterator[str]:
    """Frames that an own decode in sequence, with one thread, does not show at their time."""
    try:
        truth = true_frames(path, stream_index=stream_index)
    except (av.FFmpegError, ValueError, StopIteration):
        # Plain PyAV cannot read it, as where a name in it is not UTF-8: there is nothing to compare with.
        return
    times = Counter(one.pts for one in truth)
    by_pts = {one.pts: one.digest for one in truth if one.pts is not None and times[one.pts] == 1}
    shown = {one.digest for one in truth}
    for frame, digest in frames:
        if digest not in shown:
            yield f"wrong frame: the picture of frame {frame.frame_number} is in no decode in sequence"
        elif frame.pts in by_pts and by_pts[frame.pts] != digest:
            yield f"wrong frame: frame {frame.frame_number} has another frame's picture"


def _digest(frame: Frame) -> str:
    picture = frame.picture
    return digest_of_planes(picture.width, picture.height, picture.pixel_format, frame.planes())
