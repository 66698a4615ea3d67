"""``framescope chroma``: what a frame would lose by subsampling its colour, and by a codec."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from framescope.cli.options import (
    ParsedType,
    WholeType,
    counting_option,
    json_option,
    stream_option,
    video_argument,
)
from framescope.cli.output import echo_json, echo_rows
from framescope.cli.progress_bar import long_work
from framescope.core.sampling.frame_list import frame_at
from framescope.core.source.opening import open_video
from framescope.core.synth.chroma_loss import measure_losses, psnr_words
from framescope.core.synth.codecs import codec_named
from framescope.core.synth.make_settings import MakeSettings
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.export.quality.measure import Fidelity
    from framescope.core.media.index_builder import Counting
    from framescope.core.synth.codecs import VideoCodec
    from framescope.core.synth.round_trip import RoundTrip

_QUALITY = 75


@click.command()
@video_argument
@click.option(
    "--frame",
    "frame_number",
    type=WholeType(),
    default=0,
    show_default=True,
    help=tr("The frame to measure."),
)
@click.option(
    "--codec",
    type=ParsedType("codec", codec_named),
    default="h264",
    show_default=True,
    metavar="NAME",
    help=tr("Codec name or FourCC."),
)
@click.option(
    "--quality",
    type=WholeType(0, 100),
    default=_QUALITY,
    show_default=True,
    metavar="Q",
    help=tr("0 (worst) to 100 (best); lossless codecs have none."),
)
@stream_option
@counting_option
@json_option
def chroma(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    frame_number: int,
    codec: VideoCodec,
    quality: int,
    stream_index: int | None,
    counting: Counting,
    as_json: bool,
) -> None:
    """Measure what a frame of VIDEO loses in 4:4:4, 4:2:2 and 4:2:0.

    Its RGB is converted to each, encoded and decoded again. The loss by the conversion is reported separately
    from that of the codec. Large pictures are measured on their middle.
    """
    settings = MakeSettings(codec=codec.codec_id, container=codec.containers[0], quality=quality)
    with (
        long_work(tr("Measuring chroma loss")) as (progress, cancel),
        open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        ) as opened,
    ):
        number = frame_at(frame_number, len(opened))
        losses = measure_losses(opened.frame(number).to_rgb(rotate=False), settings)
    if as_json:
        trips = {name: None if trip is None else _table(trip) for name, trip in losses.trips.items()}
        quality_used = None if codec.quality is None else quality
        echo_json(
            {
                "frame_number": number,
                "codec": codec.codec_id,
                "quality": quality_used,
                "is_part": losses.is_part,
                "subsamplings": trips,
                "words": losses.words,
            }
        )
        return
    rows = [
        (name, tr("not supported by this codec") if trip is None else _words(trip))
        for name, trip in losses.trips.items()
    ]
    echo_rows(tr("Frame {number} as {codec}", number=number, codec=codec.title), rows)
    click.echo(losses.words)


def _words(trip: RoundTrip) -> str:
    return tr(
        "conversion {conversion}, codec {codec}, together {total}",
        conversion=psnr_words(trip.conversion),
        codec=psnr_words(trip.codec),
        total=psnr_words(trip.total),
    )


def _table(trip: RoundTrip) -> dict[str, dict[str, float | bool | None]]:
    parts = {"conversion": trip.conversion, "codec": trip.codec, "together": trip.total}
    return {name: _figures(part) for name, part in parts.items()}


def _figures(one: Fidelity) -> dict[str, float | bool | None]:
    psnr_db = None if math.isinf(one.psnr_db) else one.psnr_db
    return {"is_exact": one.is_exact, "psnr_db": psnr_db, "ssim": one.ssim}
