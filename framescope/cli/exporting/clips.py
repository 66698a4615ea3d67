"""``framescope clips``: cuts the clips of a list, such as that of Kinetics, out of many videos."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from framescope.cli.exporting.format_options import (
    check_format_options,
    format_options,
    settings_from_options,
)
from framescope.cli.exporting.sending import FolderOrAddressType, sends, shown_path
from framescope.cli.options import (
    MOST_WORKERS,
    PathType,
    RealType,
    WholeType,
    json_option,
    refuse_together,
    typed_flags,
    wrong_usage,
)
from framescope.cli.output import echo_json, one_line
from framescope.cli.progress_bar import long_work
from framescope.cli.sections import SectionedCommand, under
from framescope.core.clips.containers import check_encoded, container_for
from framescope.core.clips.settings import BEST_QUALITY, WORST_QUALITY, ClipCodec, ClipSettings, ClipWay
from framescope.core.dataset.clip_list import read_clip_list
from framescope.core.dataset.cut_clips import ClipFate, CutSettings, cut_clips, remarks_of, summary_of
from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.files import check_folder
from framescope.core.stop_signals import INTERRUPTED
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from framescope.core.dataset.cut_clips import ClipOutcome

_DEFAULTS = ClipSettings()
_MOST_FAILURES = 20
"""Failures that are told one by one; all of them are in the manifest."""


@click.command(cls=SectionedCommand)
@click.argument("list_path", metavar=tr("LIST.csv"), type=PathType())
@click.argument("folder", metavar=tr("DIR"), type=FolderOrAddressType())
@under(
    tr("How clips are saved"),
    click.option("--copy", is_flag=True, help=tr("Copy packets, starting at a keyframe: lossless, quick.")),
    click.option("--exact", is_flag=True, help=tr("Re-encode exactly these frames.  [default]")),
    click.option("--frames", "as_frames", is_flag=True, help=tr("Save pictures, a folder for each clip.")),
    click.option(
        "--fps",
        type=RealType(is_least_refused=True),
        metavar="R",
        help=tr("With --frames: R frames per second instead of all."),
    ),
    click.option("--ending", default=".mp4", show_default=True, help=tr("Extension of the clips.")),
    click.option(
        "--codec",
        type=click.Choice([codec.value for codec in ClipCodec]),
        default=_DEFAULTS.codec.value,
        show_default=True,
        help=tr("Codec for --exact."),
    ),
    click.option(
        "--crf",
        "crf",
        type=WholeType(BEST_QUALITY, WORST_QUALITY),
        default=_DEFAULTS.quality,
        show_default=True,
        help=tr("Constant rate factor for --exact: lower means better quality and a larger file."),
    ),
    click.option("--audio/--no-audio", "sound", default=True, show_default=True, help=tr("Copy the sound.")),
)
@format_options
@click.option(
    "--videos",
    type=PathType(),
    metavar="DIR",
    help=tr("Where the videos are, in any subfolder.  [default: the folder of the list]"),
)
@click.option(
    "--jobs",
    type=WholeType(1, MOST_WORKERS),
    default=1,
    show_default=True,
    metavar="N",
    help=tr("Work on up to N videos at a time."),
)
@click.option("--resume", is_flag=True, help=tr("Keep the clips in DIR that are finished and intact."))
@json_option
@sends
def clips(  # noqa: PLR0913 - each is an option
    list_path: Path,
    folder: Path,
    *,
    copy: bool,
    exact: bool,
    as_frames: bool,
    fps: float | None,
    ending: str,
    codec: str,
    crf: int,
    sound: bool,
    videos: Path | None,
    jobs: int,
    resume: bool,
    as_json: bool,
    **options: object,
) -> int:
    """Cut the clips of LIST.csv into DIR.

    The first row of the list names the columns: video, start, end and, if there are any, label and split;
    those of Kinetics (youtube_id, time_start, time_end) are accepted. A clip holds the frames from its start
    on that are shown before its end. Clips are sorted into folders by split and label, read back before they
    get their names, and listed in framescope-clips.jsonl and .csv; missing_s is how much earlier than its
    row a clip ends, because the video ends. Rows that fail are listed too and stop nothing; then the exit
    status is 1.
    """
    refuse_together(typed_flags("copy", "exact", "as_frames"))
    settings = _settings(
        options, copy=copy, as_frames=as_frames, fps=fps, ending=ending, codec=codec, crf=crf, sound=sound
    )
    del exact
    check_folder(folder)
    rows = read_clip_list(list_path)
    with long_work(tr("Cutting clips")) as (progress, cancel):
        outcomes = cut_clips(
            rows,
            videos or list_path.parent,
            folder,
            settings,
            resume=resume,
            jobs=jobs,
            progress=progress,
            cancel=cancel,
        )
    if as_json:
        echo_json({"folder": shown_path(folder.absolute()), "clips": [_table(one) for one in outcomes]})
    else:
        _echo(outcomes)
    fates = {one.fate for one in outcomes}
    return INTERRUPTED if ClipFate.CANCELLED in fates else int(ClipFate.FAILED in fates)


def _settings(  # noqa: PLR0913 - the options
    options: Mapping[str, object],
    *,
    copy: bool,
    as_frames: bool,
    fps: float | None,
    ending: str,
    codec: str,
    crf: int,
    sound: bool,
) -> CutSettings:
    ending = ending if ending.startswith(".") else f".{ending}"
    if as_frames:
        for flag in typed_flags("ending", "codec", "crf", "sound"):
            refuse_together(["--frames", flag])
        check_format_options(ImageFormat(str(options["image_format"])))
        return CutSettings(frames=settings_from_options(options, Path()), rate_fps=fps or 0.0)
    for flag in typed_flags("fps", *options):
        raise click.UsageError(tr("{flag} needs --frames.", flag=flag))
    if copy:
        for flag in typed_flags("codec", "crf"):
            refuse_together(["--copy", flag])
    with wrong_usage():
        settings = ClipSettings(
            ClipWay.COPY if copy else ClipWay.EXACT, ClipCodec(codec), crf, with_audio=sound
        )
        if copy:
            container_for(Path(f"clip{ending}"))
        else:
            check_encoded(Path(f"clip{ending}"), settings.codec)
    return CutSettings(settings, ending)


def _echo(outcomes: Sequence[ClipOutcome]) -> None:
    failed = [one for one in outcomes if one.fate is ClipFate.FAILED]
    for one in failed[:_MOST_FAILURES]:
        told = tr(
            "line {number}, {video}: {reason}", number=one.row.number, video=one.row.video, reason=one.reason
        )
        click.echo(one_line(told), err=True)
    if len(failed) > _MOST_FAILURES:
        click.echo(tr("… and {count} more", count=len(failed) - _MOST_FAILURES), err=True)
    labels = Counter(one.row.label for one in outcomes if one.table)
    click.echo(one_line(summary_of(outcomes)))
    for remark in remarks_of(outcomes):
        click.echo(remark)
    if len(labels) > 1:
        click.echo(tr("{count} labels", count=len(labels)))


def _table(outcome: ClipOutcome) -> dict[str, object]:
    row = {"line": outcome.row.number, "video": outcome.row.video, "label": outcome.row.label}
    return {**row, "fate": outcome.fate, "reason": outcome.reason, **outcome.table}
