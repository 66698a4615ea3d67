"""Any version of PyAV opens a file whatever its tags hold, and its rationals become fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.pyav import as_fraction, codec_level, demux, known_size, open_input, read_tags
from framescope.core.source.opening import probe
from tests.clips.remuxing import add_late_sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def test_tags_that_are_not_utf8_are_shown_with_replacement_characters(
    tmp_path: Path, clip: Callable[[str], Path]
) -> None:
    path = tmp_path / "tagged.mkv"
    with (
        open_input(clip("h264.mkv")) as source,
        av.open(path, "w", format="matroska") as out,
    ):
        stream = source.streams.video[0]
        target = out.add_stream_from_template(stream)
        out.metadata["title"] = "Grandma XXXX"
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = target
                out.mux(packet)
    path.write_bytes(path.read_bytes().replace(b"Grandma XXXX", b"Gro\xdfmutter\xff\xfe"))
    with open_input(path) as container:
        assert read_tags(container.metadata)["title"] == "Gro\N{REPLACEMENT CHARACTER}mutter\ufffd\ufffd"
    info = probe(path)
    str(info).encode("utf-8")
    assert info.codec == "h264"


def test_a_stream_that_appears_midway_costs_no_packet(tmp_path: Path, clip: Callable[[str], Path]) -> None:
    add_late_sound(clip("gop_one_long.mp4"), tmp_path / "late.flv", 100)
    # FFmpeg looks at the first packets only, which is more than this short file has.
    with open_input(tmp_path / "late.flv", options={"probesize": "4000"}) as container:
        assert len(container.streams) == 1
        stream = container.streams.video[0]
        assert len([packet for packet in demux(container, stream) if packet.size]) == 120


def test_what_pyav_raises_when_a_stream_appears_is_passed_over() -> None:
    runs = iter(["ab", "c", "", "never"])

    class Container:
        def demux(self, *streams: object) -> Iterator[str]:
            del streams
            yield from next(runs)
            raise IndexError

    packets: list[object] = list(demux(Container()))  # type: ignore[arg-type]
    assert packets == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("told", "known"), [(1000, 1000), (0, None), (-38, None), (1 << 62, None), (None, None)]
)
def test_a_size_that_no_file_has_is_unknown(told: int | None, known: int | None) -> None:
    class Container:
        size = told

    assert known_size(Container()) == known  # type: ignore[arg-type]


def test_timeouts_are_handed_on(clip: Callable[[str], Path]) -> None:
    with open_input(clip("h264.mp4"), timeout=(5.0, 5.0)) as container:
        assert container.read_timeout == 5.0


def test_rationals_of_any_kind_become_fractions(clip: Callable[[str], Path]) -> None:
    class Rational:
        numerator, denominator = 30000, 1001

    assert as_fraction(Rational()) == Fraction(30000, 1001)
    assert as_fraction(None) is None
    assert as_fraction(Fraction(0)) is None
    with open_input(clip("h264.mp4")) as container:
        base = as_fraction(container.streams.video[0].time_base)
    assert type(base) is Fraction
    assert base.denominator > 1


def test_the_level_is_told_where_pyav_knows_it(clip: Callable[[str], Path]) -> None:
    with open_input(clip("h264.mp4")) as container:
        context = container.streams.video[0].codec_context
        # 160 × 120 at 24 a second is level 1.1 of H.264, Table A-1.
        assert codec_level(context) == (11 if hasattr(context, "level") else None)
