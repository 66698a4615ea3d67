"""``framescope fragments``: splits a video into tiles × runs of frames, each a separate stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import numpy as np

from framescope.cli.exporting.export import status_of_export
from framescope.cli.fragments.options import (
    GridType,
    RangeType,
    codec_option,
    cutting_options,
    first_frames_option,
    frame_range,
    quality_option,
    region_type,
    split_settings,
    store_argument,
    video_codec_option,
    workers_option,
)
from framescope.cli.fragments.words import (
    echo_account,
    echo_join,
    echo_split,
    echo_store,
    echo_sweep,
    store_table,
    touched_table,
)
from framescope.cli.options import (
    TargetType,
    WholeType,
    json_option,
    overwrite_option,
    stream_option,
    typed_flags,
    video_argument,
    wrong_usage,
)
from framescope.cli.output import echo_error, echo_json, error_table
from framescope.cli.progress_bar import long_work
from framescope.core.errors import TargetExistsError
from framescope.core.export.plan import Action, plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.files import check_ending, check_folder, check_target, existing_names, write_file
from framescope.core.fragments.account import take_account
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.join import JoinRequest, join
from framescope.core.fragments.seams import measure_seams
from framescope.core.fragments.split import split
from framescope.core.fragments.store import FragmentStore
from framescope.core.fragments.sweep import RUNS, sweep
from framescope.core.fragments.sweep_plot import sweep_svg
from framescope.core.fragments.touch import touched
from framescope.core.fragments.write_video import OutputSettings
from framescope.core.sampling.frame_list import format_frame_list
from framescope.core.source.opening import open_video
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.fragments.geometry import Region
    from framescope.core.fragments.seams import Seam

_SEAM_FRAMES = 8
_READ_BYTES = 64 << 20


@click.group()
def fragments() -> None:
    """Split a video into space-time fragments, and join them again.

    A fragment is one tile of the picture for a run of frames, encoded as a stream of its own. A fragment
    store opens in FrameScope like any video.
    """


@fragments.command("split")
@video_argument
@click.argument("store", type=TargetType())
@cutting_options
@click.option("--resume", is_flag=True, help=tr("Continue a split that was interrupted."))
@stream_option
@json_option
def split_command(
    video: str,
    store: Path,
    *,
    resume: bool,
    stream_index: int | None,
    as_json: bool,
    **cutting: Any,  # noqa: ANN401 - the cutting options
) -> int:
    """Split VIDEO into the fragment store STORE.

    STORE is a folder, or a single file if the name ends in .zip. Exit status 1 if some frames could not be
    decoded; they are missing from the store.
    """
    settings = split_settings(**cutting)
    with (
        long_work(tr("Splitting")) as (progress, cancel),
        open_video(
            video, stream_index=stream_index, cache_bytes=_READ_BYTES, progress=progress, cancel=cancel
        ) as opened,
    ):
        result = split(opened, store, settings, resume=resume, progress=progress, cancel=cancel)
    if as_json:
        echo_json({**store_table(result.manifest, result.path), "elapsed_s": round(result.elapsed_s, 3)})
    else:
        echo_split(result)
    return 1 if result.manifest.missing else 0


@fragments.command()
@store_argument
@click.option(
    "--region", type=region_type, metavar="X,Y,W,H", help=tr("Also show what reading this region takes.")
)
@click.option(
    "--frames", type=RangeType(), metavar="A:B", help=tr("For these frames, up to B − 1.  [default: all]")
)
@click.option("--seams", is_flag=True, help=tr("Also measure how visible the borders between tiles are."))
@json_option
def show(store: Path, *, region: Region | None, frames: slice | None, seams: bool, as_json: bool) -> None:
    """Describe STORE: its grid, codec, sizes and bitrates."""
    with FragmentStore(store) as opened:
        manifest, path = opened.manifest, opened.path
    is_part = region is not None or frames is not None
    takes = touched(manifest, region, frame_range(frames, manifest.frame_count)) if is_part else None
    found: tuple[Seam, ...] = ()
    if seams:
        step = max(1, manifest.frame_count // _SEAM_FRAMES)
        with long_work(tr("Measuring seams")) as (progress, cancel), open_video(path) as video:
            numbers = range(step // 2, manifest.frame_count, step)
            found = measure_seams(video, manifest, numbers, progress=progress, cancel=cancel)
    if as_json:
        table = store_table(manifest, path)
        extra = {} if takes is None else {"takes": touched_table(takes)}
        echo_json({**table, **extra, **({"seams": found} if seams else {})})
    else:
        echo_store(manifest, path, takes, found)


@fragments.command()
@store_argument
@json_option
def verify(store: Path, *, as_json: bool) -> int:
    """Check every fragment of STORE.

    Lists fragments that are missing, truncated or modified. Exit status 1 if there are any.
    """
    with FragmentStore(store) as opened, long_work(tr("Checking")) as (progress, cancel):
        faults = opened.verify(progress=progress, cancel=cancel)
        total = len(opened.manifest.fragments)
    if as_json:
        rows = [{"fragment": one.fragment.name, "fault": one.fault, "words": one.words} for one in faults]
        echo_json({"fragments": total, "faults": rows})
    else:
        for one in faults:
            click.echo(one.words)
        click.echo(
            tr("{fragments}, all intact.", fragments=counted(total, "fragment", "fragments"))
            if not faults
            else tr("{count} of {total} faulty.", count=len(faults), total=total)
        )
    return 1 if faults else 0


@fragments.command("join")
@store_argument
@click.argument("out", type=TargetType())
@video_codec_option
@quality_option
@workers_option
@overwrite_option
@json_option
def join_command(  # noqa: PLR0913 - each is an option
    store: Path,
    out: Path,
    *,
    codec: str | None,
    quality: int | None,
    workers: int | None,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Write the whole video of STORE to OUT.

    OUT is a video file or a folder of PNG pictures; OUT without an extension is a folder. Without --codec,
    .mp4, .mov and .ts are encoded as H.264, .webm as AV1, and .mkv, .avi and .nut as FFV1, which is lossless.
    Missing or modified fragments are reported and filled with stripes, and the exit status is 1.
    """
    if not out.suffix:
        for flag in typed_flags("codec", "quality", "workers"):
            raise click.UsageError(
                tr("{flag} applies to video files only: give OUT an extension, such as .mkv.", flag=flag)
            )
        return _join_to_pictures(store, out, overwrite=overwrite, as_json=as_json)
    output = _output(out, codec, quality)
    with long_work(tr("Joining")) as (progress, cancel):
        request = JoinRequest(output=output, workers=workers)
        result = join(store, out, request, replaces=overwrite, progress=progress, cancel=cancel)
    return echo_join(result, as_json=as_json)


@fragments.command()
@store_argument
@click.argument("out", type=TargetType())
@click.option(
    "--region",
    type=region_type,
    required=True,
    metavar="X,Y,W,H",
    help=tr("Region in pixels, before rotation."),
)
@click.option("--frames", type=RangeType(), metavar="A:B", help=tr("Frames A to B − 1.  [default: all]"))
@video_codec_option
@quality_option
@overwrite_option
@json_option
def extract(  # noqa: PLR0913 - each is an option
    store: Path,
    out: Path,
    *,
    region: Region,
    frames: slice | None,
    codec: str | None,
    quality: int | None,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Write a region of STORE to the video file OUT.

    Only the fragments that contain the region are read. Exit status 1 if one of them is missing or modified.
    """
    output = _output(out, codec, quality)
    with FragmentStore(store) as opened:
        manifest = opened.manifest
    numbers = frame_range(frames, manifest.frame_count)
    with long_work(tr("Extracting")) as (progress, cancel):
        request = JoinRequest(region, numbers, output)
        result = join(store, out, request, replaces=overwrite, progress=progress, cancel=cancel)
    return echo_join(result, as_json=as_json, takes=touched(manifest, region, numbers))


@fragments.command("sweep")
@video_argument
@click.option(
    "--grid",
    "grids",
    type=GridType(),
    multiple=True,
    metavar="RxC",
    help=tr("A grid to try; may be repeated."),
)
@click.option("--run", "runs", type=WholeType(1), multiple=True, metavar="N", help=tr("A run length to try."))
@first_frames_option
@codec_option
@quality_option
@workers_option
@click.option("--plot", type=TargetType(), metavar="FILE.svg", help=tr("Also plot the result."))
@overwrite_option
@stream_option
@json_option
def sweep_command(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    grids: tuple[Grid, ...],
    runs: tuple[int, ...],
    most_frames: int,
    codec: str,
    quality: int | None,
    workers: int | None,
    plot: Path | None,
    overwrite: bool,
    stream_index: int | None,
    as_json: bool,
) -> None:
    """Compare several grids and run lengths on VIDEO.

    Encodes the first frames with each, and compares bitrate and bytes read for random access.
    """
    settings = split_settings(Grid(1, 1), None, "30", codec, quality, workers, most_frames)
    ways = {"grids": grids} if grids else {}
    if plot is not None:
        with wrong_usage():
            check_ending(plot, tr("A plot"), [".svg"])
        check_target(plot, replaces=overwrite, sources=[video])
    with (
        long_work(tr("Trying")) as (progress, cancel),
        open_video(video, stream_index=stream_index, progress=progress, cancel=cancel) as opened,
    ):
        found = sweep(opened, settings, **ways, runs=runs or RUNS, progress=progress, cancel=cancel)
    if plot is not None:
        write_file(plot, sweep_svg(found).encode(), replaces=overwrite, sources=[video])
    if as_json:
        echo_json({"sweep": found, "words": found.words})
    else:
        echo_sweep(found, plot)


@fragments.command()
@video_argument
@cutting_options
@first_frames_option
@stream_option
@json_option
def account(
    video: str,
    *,
    stream_index: int | None,
    as_json: bool,
    **cutting: Any,  # noqa: ANN401 - the cutting options, and how many frames
) -> None:
    """Compare fragments of VIDEO with a single stream.

    Splits the first frames, and compares size, quality and speed.
    """
    settings = split_settings(**cutting)
    with (
        long_work(tr("Measuring")) as (progress, cancel),
        open_video(video, stream_index=stream_index, progress=progress, cancel=cancel) as opened,
    ):
        found = take_account(opened, settings, progress=progress, cancel=cancel)
    if as_json:
        echo_json({"account": found, "overhead": found.overhead, "words": found.words})
    else:
        echo_account(found)


def _output(out: Path, codec: str | None, quality: int | None) -> OutputSettings:
    """How OUT is coded; refused where its ending or the quality cannot be used."""
    output = OutputSettings(None if codec is None else FragmentCodec(codec), quality)
    with wrong_usage():
        output.codec_for(out)
    return output


def _join_to_pictures(store: Path, folder: Path, *, overwrite: bool, as_json: bool) -> int:
    check_folder(folder)
    # Any video could be opened below; only a store can be joined.
    FragmentStore(store).close()
    with long_work(tr("Joining")) as (progress, cancel), open_video(store, cache_bytes=_READ_BYTES) as video:
        on_existing = OnExisting.OVERWRITE if overwrite else OnExisting.ASK
        settings = ExportSettings(folder=folder, image_format=ImageFormat.PNG, on_existing=on_existing)
        existing = existing_names(folder)
        plan = plan_export(video.info, video.index, range(len(video)), settings, existing=existing)
        if plan.count(Action.ASK):
            raise TargetExistsError(
                tr("{existing_words} in {folder}.", existing_words=plan.existing_words, folder=folder),
                hint=tr("Choose another folder, or overwrite them."),
                settings=("overwrite",),
            )
        result = export_frames(video, plan, progress=progress, cancel=cancel)
    failed = {one.frame_number: one.reason for one in result.failed}
    holes = [one.frame_number for one in result.written if one.is_damaged]
    if as_json:
        echo_json(
            {
                "folder": folder,
                "written": len(result.written),
                "failed": failed,
                "not_reached": result.not_reached,
                "fault": None if result.fault is None else error_table(result.fault),
                "holes": holes,
            }
        )
    else:
        click.echo(tr("{summary} in {folder}", summary=result.summary, folder=folder))
        for number, reason in failed.items():
            click.echo(tr("frame {number}: {reason}", number=number, reason=reason))
        if result.fault is not None:
            echo_error(result.fault)
        if holes:
            click.echo(
                tr(
                    "hole: frames {frames} lack a tile, which is filled with stripes",
                    frames=format_frame_list(np.array(holes)),
                )
            )
    return status_of_export(result) or int(bool(holes))
