"""``framescope frames``: lists the selected frames without saving them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from framescope.cli.exporting.frame_options import choose_from_options, frame_options, sampling_from_options
from framescope.cli.options import counting_option, json_option, stream_option, video_argument
from framescope.cli.output import echo_json
from framescope.cli.progress_bar import long_work
from framescope.cli.sections import SectionedCommand, under
from framescope.core.media.container import without_secrets
from framescope.core.media.decoding.read_way import ReadWay
from framescope.core.sampling.read_cost import estimate_reading
from framescope.core.sampling.sampling import SamplingKind
from framescope.core.sampling.scenes import scene_cuts
from framescope.core.source.opening import open_video
from framescope.core.text import counted, damage_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.media.decoding.read_way import ReadCost
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.index_builder import Counting
    from framescope.core.sampling.chosen import Chosen
    from framescope.core.sampling.read_cost import ReadEstimate

_COLUMNS = (("frame", 8), ("time_s", 12), ("pts", 12), ("type", 4), ("key", 3), ("damage", 6))
_FLAGS = {"is_keyframe": "K", "is_damaged": "D"}
_CLIP_COLUMNS = (("clip", 5), ("place", 5))


@click.command(cls=SectionedCommand)
@video_argument
@under(tr("Which frames"), frame_options)
@stream_option
@counting_option
@json_option
def frames(
    video: str, *, stream_index: int | None, counting: Counting, as_json: bool, **options: object
) -> int:
    """List the frames that would be exported, one per row.

    The options are those of `framescope export`. Options that depend on picture content decode the video
    once. D marks a frame that is damaged or may depend on damage. Exit status 1 if rows of a marks file were
    skipped.
    """
    sampling = sampling_from_options(options)
    cuts: list[int] = []
    with (
        long_work(tr("Choosing frames")) as (progress, cancel),
        open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        ) as opened,
    ):
        choice = choose_from_options(opened, sampling, options, progress=progress, cancel=cancel)
        # Afterwards: a choice by what frames look like decodes them, and finds damage.
        index = opened.index
        if choice.content is not None and sampling.kind is SamplingKind.SCENES:
            cuts = scene_cuts(choice.content, sampling.scenes).tolist()
    chosen, status = choice.chosen, 1 if choice.left_out else 0
    estimate = estimate_reading(index, chosen.frame_numbers)
    if as_json:
        rows = [_record(index, chosen, row) for row in range(len(chosen))]
        table = {
            "source": without_secrets(video),
            "choice": sampling.as_table(),
            "frames": rows,
            "reading": _table(estimate),
        }
        table["left_out"] = choice.left_out
        echo_json(table | ({"scene_cuts": cuts} if sampling.kind is SamplingKind.SCENES else {}))
        return status
    lines = _lines(index, chosen)
    while batch := "\n".join(islice(lines, 2000)):
        click.echo(batch)
    click.echo(_summary(index, chosen, estimate), err=True)
    damaged = sum(bool(index.is_damaged(number)) for number in chosen.frame_numbers.tolist())
    if damaged:
        click.echo(f"{damage_words(damaged, len(chosen))}.", err=True)
    return status


def _record(index: FrameIndex, chosen: Chosen, row: int) -> dict[str, object]:
    number = int(chosen.frame_numbers[row])
    record: dict[str, object] = {
        "frame_number": number,
        "time_s": index.time_of(number),
        "pts": index.pts_of(number),
        "picture_type": str(index.picture_types[number]),
        "is_keyframe": bool(index.is_keyframe[number]),
        "is_damaged": index.is_damaged(number),
    }
    if chosen.clips is not None and chosen.places is not None:
        record |= {"clip": int(chosen.clips[row]), "place": int(chosen.places[row])}
    return record


def _lines(index: FrameIndex, chosen: Chosen) -> Iterator[str]:
    columns = _COLUMNS if chosen.clips is None else (*_COLUMNS, *_CLIP_COLUMNS)
    yield " ".join(name.rjust(wide) for name, wide in columns)
    for row in range(len(chosen)):
        cells = []
        for name, value in _record(index, chosen, row).items():
            if name in _FLAGS:
                cells.append(_FLAGS[name] if value else "-")
            elif isinstance(value, float):
                cells.append("-" if value != value else f"{value:.6f}")  # noqa: PLR0124 - NaN differs from itself
            else:
                cells.append("-" if value is None else str(value))
        yield " ".join(cell.rjust(wide) for cell, (_, wide) in zip(cells, columns, strict=True))


def _table(estimate: ReadEstimate) -> dict[str, object]:
    costs = estimate.costs
    return {"way": estimate.way, "read_through": costs.through, "seek": costs.seek}


def _summary(index: FrameIndex, chosen: Chosen, estimate: ReadEstimate) -> str:
    clips = (
        tr(" in {clips}", clips=counted(chosen.clip_total, "clip", "clips"))
        if chosen.clips is not None
        else ""
    )
    costs = estimate.costs
    is_through = estimate.way is ReadWay.THROUGH
    way, other = (costs.through, costs.seek) if is_through else (costs.seek, costs.through)
    text = tr(
        "{pictures} of {frames}{clips}.",
        pictures=counted(len(chosen), "picture", "pictures"),
        frames=counted(len(index), "frame", "frames"),
        clips=clips,
    )
    if not len(chosen):
        return text
    sentences = [text]
    if is_through:
        sentences.append(tr("Cheaper to read through: {cost}.", cost=_cost(way)))
        other_words = tr("To seek: {cost}.", cost=_cost(other))
    else:
        sentences.append(tr("Cheaper to seek: {cost}.", cost=_cost(way)))
        other_words = tr("To read through: {cost}.", cost=_cost(other))
    return " ".join(sentences if way == other else [*sentences, other_words])


def _cost(cost: ReadCost) -> str:
    seeks = f", {counted(cost.seeks, 'seek', 'seeks')}" if cost.seeks > 1 else ""
    return tr(
        "{frames} decoded{seeks}, {bytes}",
        frames=counted(cost.frames, "frame", "frames"),
        seeks=seeks,
        bytes=counted(cost.size_bytes, "byte", "bytes"),
    )
