"""Arranges the facts of a video: groups, and a comparison of three sources. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.media.facts.disagreements import Disagreement, find_disagreements
from framescope.core.printable import json_document
from framescope.core.text import clock, grouped, rate_words
from framescope.core.translation import tr
from framescope.ui.panels.codec.fact_groups import Fact, FactGroup, fact_groups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framescope.core.bitstream.encoding_facts import EncodingFacts
    from framescope.core.media.facts.measured import MeasuredFacts
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import OpenCVFacts, VideoInfo

NOT_SAID = "–"
PENDING = "…"
_MOST_CREDIBLE_COUNT = 1e12


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact as given by three sources, as text.

    Attributes:
        fact: Short name, as in ``Disagreement.fact``.
        label: The fact's name for display.
        declared: What the header says.
        measured: What the scan or the decode found.
        opencv: What OpenCV reports.
        declared_is_wrong: Whether the scan contradicts the header.
        opencv_is_wrong: Whether the scan contradicts OpenCV.
    """

    fact: str
    label: str
    declared: str
    measured: str
    opencv: str
    declared_is_wrong: bool = False
    opencv_is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class FactSheet:
    """Everything the codec panel shows.

    Attributes:
        title: The codec in a word or two.
        subtitle: The video in one line.
        compared: Facts given by several sources.
        disagreements: Where the sources contradict each other.
        groups: All other facts.
    """

    title: str
    subtitle: str
    compared: tuple[Comparison, ...]
    disagreements: tuple[Disagreement, ...]
    groups: tuple[FactGroup, ...]


def fact_sheet(  # noqa: PLR0913, PLR0917 - as they become known
    info: VideoInfo,
    index: FrameIndex | None = None,
    measured: MeasuredFacts | None = None,
    opencv: OpenCVFacts | None = None,
    decoded_size: tuple[int, int] | None = None,
    encoding: EncodingFacts | None = None,
) -> FactSheet:
    """Arrange the facts known so far.

    Args:
        info: What the header declares.
        index: The frames indexed so far.
        measured: Facts measured from the index.
        opencv: What OpenCV reports.
        decoded_size: Columns and rows of the frame on screen, as decoded.
        encoding: What the parameter sets say.
    """
    disagreements = find_disagreements(info, measured, opencv)
    if decoded_size not in (None, (info.width, info.height)):
        size = f"{decoded_size[0]}×{decoded_size[1]}" if decoded_size else ""
        sentence = tr(
            "The header declares {width}×{height}; this frame is {size}.",
            width=info.width,
            height=info.height,
            size=size,
        )
        disagreements = (*disagreements, Disagreement("size", sentence, declared=True))
    wrong_declared = {each.fact for each in disagreements if each.declared}
    wrong_opencv = {each.fact for each in disagreements if each.opencv}
    compared = tuple(
        Comparison(
            fact,
            label,
            *texts,
            declared_is_wrong=fact in wrong_declared,
            opencv_is_wrong=fact in wrong_opencv,
        )
        for fact, label, texts in _compared(info, measured, opencv, decoded_size)
    )
    words = [
        info.container_meaning.split(",")[0].split(" (")[0],
        f"{info.display_width}×{info.display_height}",
    ]
    if info.average_rate is not None:
        words.append(rate_words(info.average_rate))
    return FactSheet(
        title=info.codec_meaning.split(" (")[0],
        subtitle=" · ".join(words),
        compared=compared,
        disagreements=disagreements,
        groups=fact_groups(info, index, measured, encoding),
    )


def sheet_text(sheet: FactSheet) -> str:
    """The whole sheet as plain text, aligned with spaces."""
    lines = [sheet.title, sheet.subtitle, "", *_columns(_comparison_rows(sheet.compared))]
    if sheet.disagreements:
        lines += ["", *(f"! {each.sentence}" for each in sheet.disagreements)]
    for group in sheet.groups:
        lines += ["", group.title, *_columns([("  " + fact.label, fact.whole_text) for fact in group.facts])]
    return "\n".join(lines) + "\n"


def fact_text(fact: Fact) -> str:
    """One row as plain text."""
    return f"{fact.label}: {fact.whole_text}"


def sheet_json(
    info: VideoInfo,
    measured: MeasuredFacts | None,
    opencv: OpenCVFacts | None,
    sheet: FactSheet,
    encoding: EncodingFacts | None = None,
) -> str:
    """All facts as JSON, with field names."""
    facts = {
        "declared": _plain(info),
        "encoding": _plain(encoding),
        "measured": _plain(measured),
        "opencv": _plain(opencv),
        "disagreements": [_plain(each) for each in sheet.disagreements],
    }
    return json_document(facts, indent=2) + "\n"


def _compared(
    info: VideoInfo,
    measured: MeasuredFacts | None,
    opencv: OpenCVFacts | None,
    decoded_size: tuple[int, int] | None,
) -> Iterable[tuple[str, str, tuple[str, str, str]]]:
    is_open = opencv is not None and opencv.opened
    counted = PENDING if measured is None else grouped(measured.frame_count)
    if measured is not None and not measured.complete:
        counted += PENDING
    scan = measured if measured is not None and measured.complete else None
    unknown = PENDING if scan is None else NOT_SAID
    silent = PENDING if opencv is None else NOT_SAID
    yield (
        "frames",
        tr("Frames"),
        (
            grouped(info.frame_count_declared) if info.frame_count_declared > 0 else NOT_SAID,
            counted,
            _opencv_count(opencv.frame_count) if opencv is not None and is_open else silent,
        ),
    )
    rate = scan.average_rate if scan is not None else None
    yield (
        "rate",
        tr("Rate, fps"),
        (
            _rate(None if info.average_rate is None else float(info.average_rate)) or NOT_SAID,
            _rate(rate) or unknown,
            (_rate(opencv.fps) if opencv is not None and is_open else "") or silent,
        ),
    )
    measured_duration = scan.duration_s if scan is not None else None
    yield (
        "duration",
        tr("Duration"),
        (
            NOT_SAID if info.duration_s is None else clock(info.duration_s),
            unknown if measured_duration is None else clock(measured_duration),
            NOT_SAID,
        ),
    )
    yield (
        "size",
        tr("Size"),
        (
            f"{info.width}×{info.height}",
            PENDING if decoded_size is None else f"{decoded_size[0]}×{decoded_size[1]}",
            f"{opencv.width}×{opencv.height}" if opencv is not None and is_open else silent,
        ),
    )
    tag = opencv.fourcc if opencv is not None and is_open else ""
    yield "fourcc", tr("FourCC"), (info.fourcc or NOT_SAID, NOT_SAID, tag or silent)


def _opencv_count(count: float) -> str:
    return grouped(round(count)) if abs(count) < _MOST_CREDIBLE_COUNT else f"{count:.1e}"


def _rate(rate: float | None) -> str:
    return f"{rate:.6g}" if rate else ""


def _comparison_rows(compared: tuple[Comparison, ...]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("", "declared", "measured", "OpenCV")]
    for each in compared:
        declared = f"{each.declared} !" if each.declared_is_wrong else each.declared
        opencv = f"{each.opencv} !" if each.opencv_is_wrong else each.opencv
        rows.append((each.label, declared, each.measured, opencv))
    return rows


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        facts = (field for field in fields(value) if field.compare)
        return {fact.name.rstrip("_"): _plain(getattr(value, fact.name)) for fact in facts}
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, dict):
        return {name.rstrip("_"): _plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value
