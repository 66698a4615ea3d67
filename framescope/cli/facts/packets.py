"""``framescope packets``: the packets of a video in decode order, and what one of them holds."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.facts.rates import echo_rates
from framescope.cli.options import (
    WholeType,
    counting_option,
    csv_option,
    json_option,
    refuse_together,
    stream_option,
    typed_flags,
    video_argument,
)
from framescope.cli.output import echo_json, echo_rows, echo_table, one_line
from framescope.cli.progress_bar import long_work
from framescope.core.bitstream.hex_dump import hex_lines
from framescope.core.bitstream.packet_table import packet_rows
from framescope.core.bitstream.syntax import read_header_syntax, read_packet_syntax
from framescope.core.media.container import without_secrets
from framescope.core.sampling.frame_list import frame_at
from framescope.core.source.opening import open_video
from framescope.core.tables.table import Table, TableFormat
from framescope.core.text import counted, grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.bitstream.packets import PacketFacts
    from framescope.core.bitstream.syntax import PacketSyntax, UnitSyntax
    from framescope.core.media.index_builder import Counting
    from framescope.core.media.video import Video
    from framescope.core.tables.table import Cell

_MOST_HEX_BYTES = 1 << 16
_COLUMNS = (
    ("packet", "packet_number", 8),
    ("frame", "frame_number", 8),
    ("pts", "pts", 12),
    ("dts", "dts", 12),
    ("duration", "duration", 8),
    ("bytes", "size_bytes", 9),
    ("position", "position", 12),
)
"""Head, column of the table, and width."""
_FLAGS = {"is_keyframe": "K", "is_discard": "D", "is_corrupt": "C", "is_disposable": "d"}


@click.command()
@video_argument
@click.option(
    "--frame",
    "frame_number",
    type=WholeType(),
    metavar="N",
    help=tr("Only the packet of frame N, in detail."),
)
@click.option(
    "--packet", "packet_number", type=WholeType(), metavar="N", help=tr("Only packet N, in detail.")
)
@click.option(
    "--header", is_flag=True, help=tr("The stream's header with its parameter sets instead of packets.")
)
@click.option("--units", is_flag=True, help=tr("In the list, name the units of each packet."))
@click.option(
    "--rate",
    type=click.Choice(["second", "gop", "buffer"]),
    help=tr(
        "The bit rate by second or GOP, or how full the declared decoder buffer (VBV, HRD) is at each packet."
    ),
)
@click.option("--hex", "as_hex", is_flag=True, help=tr("In detail, write the bytes too (64 KiB at most)."))
@stream_option
@counting_option
@csv_option
@json_option
def packets(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    frame_number: int | None,
    packet_number: int | None,
    header: bool,
    units: bool,
    rate: str | None,
    as_hex: bool,
    stream_index: int | None,
    counting: Counting,
    as_csv: bool,
    as_json: bool,
) -> None:
    """List the packets of VIDEO in decode order, one per row, or show what is inside one.

    A row holds packet, first frame that comes from it (a dash if none does), pts, dts, duration, bytes,
    position in the file and flags: K keyframe, D not to be shown, C damaged, d disposable. In detail: the NAL
    units, OBUs or headers of the packet of H.264, HEVC, VVC, AV1, VP8, VP9, MPEG-1 and MPEG-2 with all their
    syntax elements (of MPEG-4 without).

    With --rate, the mean and the highest bit rate; with --csv or --json too, a row per second, GOP or packet.
    """
    refuse_together(typed_flags("frame_number", "packet_number", "header", "rate"))
    refuse_together(typed_flags("as_csv", "as_json"))
    refuse_together(typed_flags("as_csv", "as_hex"))
    is_list = frame_number is None and packet_number is None and not header and rate is None
    if as_hex and is_list:
        raise click.UsageError(tr("--hex needs --frame N, --packet N or --header."))
    if units and not is_list:
        raise click.UsageError(tr("--units is for the list; in detail they are always shown."))
    with long_work(tr("Reading packets")) as (progress, cancel):
        opened = open_video(
            video, stream_index=stream_index, counting=counting, progress=progress, cancel=cancel
        )
    with opened:
        if rate is not None:
            echo_rates(opened, rate, TableFormat.CSV if as_csv else TableFormat.JSON if as_json else None)
            return
        if is_list:
            _echo_list(
                packet_rows(opened.info, opened.index, with_units=units), as_csv=as_csv, as_json=as_json
            )
            return
        syntax = _read(opened, frame_number, packet_number)
    if as_json:
        echo_json({"source": without_secrets(video), **_document(syntax, with_hex=as_hex)})
    elif as_csv:
        echo_table(_field_rows(syntax), TableFormat.CSV)
    else:
        _echo(syntax, with_hex=as_hex)


def _read(opened: Video, frame_number: int | None, packet_number: int | None) -> PacketSyntax:
    info, index = opened.info, opened.index
    if frame_number is not None:
        packet_number = int(index.packet_numbers[frame_at(frame_number, len(opened))])
    with long_work(tr("Reading packets")) as (progress, cancel):
        if packet_number is None:
            *_, syntax = read_header_syntax(info, index, cancel=cancel)
        else:
            *_, syntax = read_packet_syntax(info, index, packet_number, progress=progress, cancel=cancel)
    return syntax


def _echo_list(table: Table, *, as_csv: bool, as_json: bool) -> None:
    if as_csv or as_json:
        echo_table(table, TableFormat.CSV if as_csv else TableFormat.JSON)
        return
    lines = _text_lines(table)
    # Each echo is flushed, which is slow for single lines.
    while batch := "\n".join(islice(lines, 2000)):
        click.echo(batch)


def _text_lines(table: Table) -> Iterator[str]:
    yield " ".join([*(name.rjust(wide) for name, _, wide in _COLUMNS), "flags"])
    for row in table.rows():
        cells = dict(zip(table.columns, row, strict=True))
        shown = [_or_dash(cells[column]).rjust(wide) for _, column, wide in _COLUMNS]
        flags = "".join(letter if cells[column] else "-" for column, letter in _FLAGS.items())
        yield " ".join([*shown, flags.rjust(5), str(cells.get("units", ""))]).rstrip()


def _or_dash(value: Cell) -> str:
    return "-" if value is None else str(value)


def _document(syntax: PacketSyntax, *, with_hex: bool) -> dict[str, Any]:
    facts = {"packet": syntax.facts} if syntax.facts is not None else {"header_bytes": len(syntax.data)}
    units = [_unit_document(unit) for unit in syntax.units]
    document = {**facts, "is_whole": syntax.is_whole, "units": units}
    return document | ({"hex": syntax.data[:_MOST_HEX_BYTES].hex()} if with_hex else {})


def _unit_document(syntax: UnitSyntax) -> dict[str, Any]:
    unit = syntax.unit
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": syntax.kind,
        "offset": unit.offset,
        "size_bytes": unit.size,
        "problem": syntax.problem,
        "fields": syntax.fields,
    }


def _field_rows(syntax: PacketSyntax) -> Table:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for number, one in enumerate(syntax.units):
            unit = (number, one.unit.name, one.unit.offset, one.unit.size)
            for field in one.fields:
                yield (*unit, field.section, field.name, field.bit, field.bits, field.value, field.meaning)

    columns = (
        *("unit_number", "unit", "unit_offset", "unit_bytes"),
        *("section", "field", "bit", "bits", "value", "meaning"),
    )
    return Table("fields", columns, sum(len(one.fields) for one in syntax.units), rows)


def _echo(syntax: PacketSyntax, *, with_hex: bool) -> None:
    size = len(syntax.data)
    if syntax.facts is None:
        echo_rows(tr("Stream header"), [(tr("size"), size_words(size))])
        if not size:
            click.echo(tr("The container stores no header for this stream."))
    else:
        _echo_facts(syntax.facts)
    for number, unit in enumerate(syntax.units):
        _echo_unit(number, unit)
    if not syntax.is_whole:
        click.echo(tr("The rest of the packet cannot be split into units."))
    if with_hex:
        click.echo("")
        click.echo("\n".join(hex_lines(syntax.data, most_bytes=_MOST_HEX_BYTES)))
        if size > _MOST_HEX_BYTES:
            click.echo(tr("… {bytes} more", bytes=counted(size - _MOST_HEX_BYTES, "byte", "bytes")))


def _echo_facts(facts: PacketFacts) -> None:
    frames = ", ".join(map(grouped, facts.frame_numbers)) or tr("none")
    echo_rows(
        tr("Packet {number}", number=grouped(facts.packet_number)),
        [
            (tr("frame"), frames),
            (tr("pts"), _or_dash(facts.pts)),
            (tr("dts"), _or_dash(facts.dts)),
            (tr("duration"), _or_dash(facts.duration)),
            (tr("size"), size_words(facts.size_bytes)),
            (tr("position"), _or_dash(facts.position)),
            (tr("flags"), ", ".join(facts.flags)),
        ],
    )


def _echo_unit(number: int, syntax: UnitSyntax) -> None:
    unit = syntax.unit
    name = f"{unit.name}: {syntax.kind}" if syntax.kind else unit.name
    place = tr("{size} at byte {offset}", size=size_words(unit.size), offset=grouped(unit.offset))
    click.echo("")
    click.echo(f"{click.style(f'#{number} {one_line(name)}', bold=True)}  {place}")
    section = ""
    for field in syntax.fields:
        if field.section != section:
            section = field.section
            click.echo(f"  {click.style(one_line(section), dim=True)}")
        meaning = f"  {field.meaning}" if field.meaning else ""
        click.echo(one_line(f"    {field.name} = {field.value}{meaning}"))
    if syntax.problem:
        click.echo(f"  {one_line(syntax.problem)}")
