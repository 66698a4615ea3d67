"""Packed B-frames: a stream is encoded here, packed as DivX does it, and must be measured as before."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.media.facts.intervals import measure_intervals
from framescope.core.media.facts.measured import measure
from framescope.core.media.index_builder import Counting, build_index
from framescope.core.media.index_store import IndexStore
from framescope.core.media.packed_bitstream import presentation_order
from framescope.core.media.probe import probe
from framescope.core.source.opening import open_video
from framescope.core.text import TypedTime
from tests.clips.real_media import real_media_folder
from tests.clips.remuxing import PACKED_MARK, pack_b_frames, vop_type

if TYPE_CHECKING:
    from pathlib import Path

_COUNT, _RATE = 30, 25


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty pictures as MPEG-4 with two B-frames between others, a packet a picture."""
    path = tmp_path_factory.mktemp("packed") / "plain.avi"
    random = np.random.default_rng(1)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=_RATE, options={"bf": "2", "b_strategy": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(_COUNT):
            # Noise, because readers take a picture of fewer than 20 bytes for an empty one.
            pixels = random.integers(0, 255, (48, 64, 3)).astype(np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def packed(plain: Path) -> Path:
    """The same stream, packed."""
    path = plain.with_name("packed.avi")
    pack_b_frames(plain, path)
    return path


def _sizes_by_presentation(plain: Path) -> list[int]:
    with av.open(str(plain)) as source:
        data = [bytes(packet) for packet in source.demux(video=0) if packet.size]
    order: list[int] = []
    for place, content in enumerate(data):
        if vop_type(content) == 2:
            order.insert(len(order) - 1, place)
        else:
            order.append(place)
    return [len(data[place]) for place in order]


def test_the_packing_is_seen(plain: Path, packed: Path) -> None:
    assert not probe(plain).packed_bitstream
    assert probe(packed).packed_bitstream


@pytest.mark.parametrize("counting", [Counting.DECODE, Counting.AUTO])
def test_times_and_sizes_are_those_of_the_pictures(plain: Path, packed: Path, counting: Counting) -> None:
    with av.open(str(packed)) as container:
        decoded = [frame.pts for frame in container.decode(video=0)]
    index = build_index(probe(packed), counting=counting)
    assert len(index) == len(decoded) == _COUNT
    assert index.pts.tolist() == decoded
    sizes = _sizes_by_presentation(plain)
    assert index.sizes_bytes.tolist() == [sizes[0] + len(PACKED_MARK), *sizes[1:]]
    assert index.times_s == pytest.approx(np.arange(_COUNT) / _RATE)
    assert [index.number_at_time(TypedTime(Fraction(n, _RATE))) for n in range(_COUNT)] == list(range(_COUNT))
    timing = measure_intervals(index)
    assert timing.is_constant
    assert timing.rate == _RATE
    assert "packed bitstream" in timing.decision
    assert len(timing.backward) == 0
    assert measure(index).rate_is_constant
    assert any("Packed bitstream" in note for note in index.notes)


def test_a_stored_index_keeps_them(packed: Path, tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    first = build_index(probe(packed), store=store)
    again = store.load(str(packed), 0)
    assert again is not None
    assert again.times_s.tolist() == first.times_s.tolist()
    assert again.sizes_bytes.tolist() == first.sizes_bytes.tolist()


def test_numbers_and_pictures_stay_what_the_decoder_gives(packed: Path) -> None:
    with av.open(str(packed)) as container:
        pictures = [frame.to_ndarray()[: frame.height].copy() for frame in container.decode(video=0)]
    with open_video(packed) as video:
        for number in (29, 3, 17, 4, 0):
            assert np.array_equal(video.frame(number).planes()[0], pictures[number])


def test_a_stream_that_is_cut_keeps_the_decoders_times(packed: Path, tmp_path: Path) -> None:
    data = packed.read_bytes()
    (tmp_path / "cut.avi").write_bytes(data[: len(data) * 4 // 5])
    index = build_index(probe(tmp_path / "cut.avi"))
    assert len(index) > 0
    assert index.unpacked is None or len(index.unpacked.pts) == len(index)


@pytest.mark.parametrize(
    ("types", "order"),
    [([1, 2, 3, 3, 2, 3], [0, 2, 3, 1, 5, 4]), ([1, 2, 2], [0, 1, 2]), ([], []), ([3, 1], [0, 1])],
)
def test_presentation_order(types: list[int], order: list[int]) -> None:
    assert presentation_order(types) == order


def test_a_real_one() -> None:
    folder = real_media_folder()
    if folder is None:
        pytest.skip("there is no folder of real files")
    index = build_index(probe(folder / "mpeg4_packed_b.avi"), counting=Counting.DECODE)
    assert index.sizes_bytes[:4].tolist() == [9342, 880, 834, 3965]
    assert measure_intervals(index).rate == Fraction(30000, 1001)
