"""``framescope clip``: saves a range of frames as a video file, or the whole video as all-intra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.cli.exporting.frame_options import places_between
from framescope.cli.options import (
    TargetType,
    WholeType,
    counting_option,
    json_option,
    overwrite_option,
    refuse_together,
    stream_option,
    typed_flags,
    video_argument,
    wrong_usage,
)
from framescope.cli.output import echo_json, echo_rows
from framescope.cli.progress_bar import long_work
from framescope.cli.range_options import range_options
from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.containers import check_encoded, container_for
from framescope.core.clips.estimate import estimate_clip
from framescope.core.clips.make import ProofRequest, make_clip
from framescope.core.clips.settings import BEST_QUALITY, WORST_QUALITY, ClipCodec, ClipSettings, ClipWay
from framescope.core.files import check_target
from framescope.core.source.opening import open_video
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framescope.core.audit.records import FileAudit
    from framescope.core.clips.clip_plan import ClipPlan
    from framescope.core.clips.estimate import ClipEstimate
    from framescope.core.clips.make import ClipResult
    from framescope.core.media.index_builder import Counting
    from framescope.core.text import TypedTime

_DEFAULTS = ClipSettings()
_NOT_WITH = {
    ClipWay.COPY: ("codec", "quality", "lossless"),
    ClipWay.EXACT: (),
    ClipWay.ALL_INTRA: ("in_point", "out_point"),
}
"""The options that have no effect, for each method."""
UNSAFE_STATUS = 3
"""Exit status where a library that is meant to be exact still fails on the all-intra file."""


@click.command()
@video_argument
@click.argument("out_path", metavar="OUT", type=TargetType())
@range_options
@click.option("--copy", is_flag=True, help=tr("Copy packets, starting at a keyframe: lossless."))
@click.option("--exact", is_flag=True, help=tr("Re-encode exactly these frames."))
@click.option(
    "--all-intra",
    is_flag=True,
    help=tr("Re-encode the whole video with every frame a keyframe, and test it with every library."),
)
@click.option(
    "--codec",
    type=click.Choice([codec.value for codec in ClipCodec]),
    default=_DEFAULTS.codec.value,
    show_default=True,
    help=tr("Codec for --exact and --all-intra."),
)
@click.option(
    "--crf",
    "quality",
    type=WholeType(BEST_QUALITY, WORST_QUALITY),
    default=_DEFAULTS.quality,
    show_default=True,
    help=tr("Constant rate factor: lower means better quality and a larger file."),
)
@click.option("--lossless", is_flag=True, help=tr("Lossless encoding; FFV1 always is."))
@click.option(
    "--audio/--no-audio", "sound", default=True, show_default=True, help=tr("Copy the audio streams.")
)
@click.option(
    "--cfr",
    "even_times",
    is_flag=True,
    help=tr("Constant frame rate: show frame n at n / rate instead of at its own time."),
)
@overwrite_option
@click.option("--compare-all", is_flag=True, help=tr("Compare every frame with the source afterwards."))
@click.option("--dry-run", is_flag=True, help=tr("Only describe what the clip would contain and its size."))
@stream_option
@counting_option
@json_option
def clip(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    out_path: Path,
    in_point: int | TypedTime | None,
    out_point: int | TypedTime | None,
    codec: str,
    quality: int,
    lossless: bool,
    sound: bool,
    even_times: bool,
    overwrite: bool,
    compare_all: bool,
    dry_run: bool,
    stream_index: int | None,
    counting: Counting,
    as_json: bool,
    **ways: bool,
) -> int:
    """Save frames of VIDEO as the video file OUT.

    OUT is .mp4, .mov, .mkv, .webm or .ts, and holds the frames from --in to --out, both included. The
    finished file is read back and compared with the source before it gets its final name. With --all-intra,
    exit status 3 if a library still fails on the result.
    """
    way = _chosen_way(ways)
    places = places_between(in_point, out_point)
    with wrong_usage():
        if way is ClipWay.COPY:
            container_for(out_path)
        else:
            check_encoded(out_path, ClipCodec(codec))
    settings = ClipSettings(
        way=way,
        codec=ClipCodec(codec),
        quality=quality,
        lossless=lossless,
        with_audio=sound,
        even_times=even_times,
    )
    with long_work(tr("Indexing")) as (progress, cancel):
        with open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        ) as opened:
            info, index = opened.info, opened.index
        frames = places.frames(index) or range(len(index))
        plan = plan_clip(info, index, frames, out_path, settings)
        if dry_run:
            estimate = estimate_clip(info, index, plan, cancel=cancel)
        else:
            check_target(out_path, replaces=overwrite, sources=[info.source])
            request = ProofRequest(everything=compare_all, audits=settings.way is ClipWay.ALL_INTRA)
            result = make_clip(
                info, index, plan, replaces=overwrite, request=request, progress=progress, cancel=cancel
            )
    if dry_run:
        _say_plan(plan, estimate, as_json=as_json)
        return 0
    _say_result(result, as_json=as_json)
    return UNSAFE_STATUS if result.failing_engines else 0


def _chosen_way(ways: Mapping[str, bool]) -> ClipWay:
    """The one way that was typed; options that it does not follow are refused."""
    flags = {way: f"--{way.value}" for way in ClipWay if ways[way.name.lower()]}
    refuse_together(list(flags.values()))
    if not flags:
        raise click.UsageError(tr("Choose one of --copy, --exact and --all-intra."))
    ((way, flag),) = flags.items()
    for other in _NOT_WITH[way]:
        refuse_together([flag, *typed_flags(other)])
    refuse_together(typed_flags("lossless", "quality"))
    refuse_together(typed_flags("dry_run", "compare_all"))
    return way


def _say_plan(plan: ClipPlan, estimate: ClipEstimate, *, as_json: bool) -> None:
    if as_json:
        echo_json({**_plan_table(plan), "estimate": estimate})
        return
    size = counted(estimate.size_bytes, "byte", "bytes")
    rows = [(tr("size"), size if estimate.is_counted else tr("about {size}", size=size))]
    if estimate.encoding_s:
        rows.append((tr("encoding"), tr("about {encoding_s:.1f} s", encoding_s=estimate.encoding_s)))
    click.echo("\n".join(plan.sentences))
    echo_rows(tr("Estimate"), rows)


def _say_result(result: ClipResult, *, as_json: bool) -> None:
    if as_json:
        proof = {
            "frame_count": result.proof.frame_count,
            "compared": result.proof.compared,
            "lossless": result.proof.is_lossless,
            "worst_psnr_db": result.proof.worst_db,
            "worst_time_error_s": result.proof.worst_time_error_s,
        }
        table = {**_plan_table(result.plan), "size_bytes": result.size_bytes, "proof": proof}
        echo_json({**table, "elapsed_s": round(result.elapsed_s, 3), "audit": _audit_table(result.audit)})
        return
    click.echo(f"{result.path}: {counted(result.size_bytes, 'byte', 'bytes')}")
    click.echo("\n".join((*result.plan.sentences, result.proof.sentence)))
    if result.audit is not None:
        echo_rows(
            tr("Seek test of the new file"),
            [(trial.title, trial.verdict.sentence) for trial in result.audit.trials],
        )


def _plan_table(plan: ClipPlan) -> dict[str, object]:
    return {
        "file": str(plan.path.absolute()),
        "way": plan.settings.way,
        "wanted": [plan.wanted.start, plan.wanted.stop],
        "frames": [plan.frames.start, plan.frames.stop],
        "damaged_count": plan.damaged_count,
        "duration_s": plan.times.duration_s,
        "keyframes": None if plan.copy is None else list(plan.copy.keyframes),
        "left_out": None if plan.copy is None else list(plan.copy.left_out),
        "streams": plan.streams,
        "sentences": plan.sentences,
    }


def _audit_table(audit: FileAudit | None) -> list[dict[str, object]] | None:
    if audit is None:
        return None
    return [
        {
            "engine": trial.engine,
            "version": trial.version,
            "verdict": trial.verdict.kind,
            "sentence": trial.verdict.sentence,
            "exact": trial.is_exact,
            "requests": len(trial.requests),
        }
        for trial in audit.trials
    ]
