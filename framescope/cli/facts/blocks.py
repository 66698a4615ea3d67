"""``framescope blocks``: the motion vectors, block kinds and quantisers of a frame, or of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from framescope.cli.options import (
    TargetType,
    WholeType,
    counting_option,
    csv_option,
    json_option,
    overwrite_option,
    refuse_together,
    stream_option,
    typed_flags,
    video_argument,
)
from framescope.cli.output import echo_json, echo_rows, echo_table
from framescope.cli.progress_bar import long_work
from framescope.core.blocks.summary import (
    NOTHING_EXPORTED,
    BlockKind,
    BlockSummary,
    summaries,
    summary_of,
    summary_rows,
)
from framescope.core.export.encoders.arrays import npz_bytes
from framescope.core.files import check_target, write_file
from framescope.core.media.container import without_secrets
from framescope.core.sampling.frame_list import frame_at
from framescope.core.source.opening import open_video
from framescope.core.tables.table import TableFormat
from framescope.core.text import grouped
from framescope.core.translation import tr, tr_later, tr_stored

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.media.index_builder import Counting
    from framescope.core.model.frame import Frame

_DEFLATE_LEVEL = 6
_KINDS = {
    BlockKind.INTRA: tr_later("intra"),
    BlockKind.FROM_PAST: tr_later("from an earlier frame"),
    BlockKind.FROM_FUTURE: tr_later("from a later frame"),
    BlockKind.FROM_BOTH: tr_later("from both"),
}


@click.command()
@video_argument
@click.option("--frame", "frame_number", type=WholeType(), metavar="N", help=tr("Only frame N, in detail."))
@click.option(
    "--npz",
    "npz_file",
    type=TargetType(),
    metavar="FILE",
    help=tr("Save the frame's vectors and quantisers as NumPy arrays."),
)
@overwrite_option
@stream_option
@counting_option
@csv_option
@json_option
def blocks(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    frame_number: int | None,
    npz_file: Path | None,
    overwrite: bool,
    stream_index: int | None,
    counting: Counting,
    as_json: bool,
    **_as_csv: bool,
) -> None:
    """Motion vectors, prediction and quantisers of the blocks of VIDEO, as its decoder exports them.

    Without --frame, CSV with one row per frame: macroblocks by what they are predicted from, vectors and
    their length in pixels, and the quantisers. The decoders of MPEG-1, MPEG-2, MPEG-4, H.263 and H.264 export
    all of these; that of VP9 exports only quantisers.
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    if frame_number is None:
        if npz_file is not None:
            raise click.UsageError(tr("--npz needs --frame N."))
    else:
        refuse_together(typed_flags("frame_number", "as_csv"))
    if npz_file is not None:
        check_target(npz_file, replaces=overwrite, sources=[video])
    with (
        long_work(tr("Reading blocks")) as (progress, cancel),
        open_video(
            video,
            stream_index=stream_index,
            counting=counting,
            with_blocks=True,
            progress=progress,
            cancel=cancel,
        ) as opened,
    ):
        info, index = opened.info, opened.index
        if frame_number is None:
            rows = list(summaries(opened, progress=progress, cancel=cancel))
        else:
            frame = opened.frame(frame_at(frame_number, len(opened)))
    if frame_number is None:
        echo_table(summary_rows(rows, index), TableFormat.JSON if as_json else TableFormat.CSV)
        return
    if npz_file is not None:
        arrays = {"vectors": frame.motion_vectors(), "quantisers": frame.quantisers()}
        write_file(npz_file, npz_bytes(arrays, _DEFLATE_LEVEL), replaces=overwrite, sources=[video])
    summary = summary_of(frame, info.codec)
    if as_json:
        echo_json({"source": without_secrets(video), **_document(frame, summary)})
    else:
        _echo(frame, summary)


def _document(frame: Frame, summary: BlockSummary) -> dict[str, Any]:
    return {
        "frame_number": frame.frame_number,
        "picture_type": frame.picture_type.letter,
        "macroblocks": {kind.name.lower(): summary.kinds.get(kind, 0) for kind in BlockKind}
        if summary.kinds
        else None,
        "quantiser": _scale(frame),
        "mean_quantiser": summary.mean_quantiser,
        "vectors": _records(frame.motion_vectors()),
        "quantisers": _records(frame.quantisers()),
    }


def _scale(frame: Frame) -> str | None:
    scale = frame.known_blocks.scale
    return None if scale is None else scale.value


def _records(array: NDArray[np.void]) -> list[dict[str, float]]:
    names = array.dtype.names or ()
    return [dict(zip(names, row, strict=True)) for row in array.tolist()]


def _echo(frame: Frame, summary: BlockSummary) -> None:
    if not frame.known_blocks.is_exported:
        click.echo(NOTHING_EXPORTED)
    total = sum(summary.kinds.values())
    rows = [
        (tr_stored(_KINDS[kind]), f"{grouped(count)} ({count / total:.1%})")
        for kind, count in summary.kinds.items()
    ]
    title = tr("Frame {frame}, {type}", frame=frame.frame_number, type=frame.picture_type.letter)
    echo_rows(title, [(tr("macroblocks"), grouped(total) if total else ""), *rows])
    if summary.median_length is not None and summary.longest is not None:
        lengths = tr(
            "median {median:.2f} px, longest {longest:.2f} px",
            median=summary.median_length,
            longest=summary.longest,
        )
        echo_rows(tr("Motion vectors"), [(tr("vectors"), grouped(summary.vectors)), (tr("length"), lengths)])
    if summary.mean_quantiser is not None:
        spread = tr(
            "mean {mean:.2f}, {lowest} to {highest}",
            mean=summary.mean_quantiser,
            lowest=summary.lowest_quantiser,
            highest=summary.highest_quantiser,
        )
        echo_rows(tr("Quantisers"), [(_scale(frame) or "", spread)])
