"""A frame decodes from the pictures that it is said to need alone, exactly as it does in sequence."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.bitstream.references.elements import Elements
from framescope.core.bitstream.references.h264 import H264References
from framescope.core.bitstream.references.hevc import HevcReferences
from framescope.core.bitstream.references.pictures import ReferenceGraph
from framescope.core.bitstream.references.reading import has_references, read_references
from framescope.core.bitstream.units import UnitSplitter
from framescope.core.errors import UnsupportedMediaError
from framescope.core.media.frame_order import order_frames
from framescope.core.media.index_builder import Counting
from framescope.core.source.opening import open_video
from tests.clips.encoding import Encoding, write_clip
from tests.clips.remuxing import copy_packets, with_payload
from tests.core.media.index_examples import TIME_BASE, packet_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from framescope.core.bitstream.references.pictures import FrameNeeds
    from tests.clips.remuxing import VideoPacket

_FRAMES = 14
_GOP = "keyint=8:min-keyint=8:scenecut=0:b-adapt=0"


@dataclass(frozen=True)
class _Case:
    name: str
    codec: str
    options: Mapping[str, str]
    is_open: bool = False


_CASES = (
    _Case("pyramid.mp4", "libx264", {"x264-params": f"{_GOP}:keyint=16:bframes=3:b-pyramid=normal:ref=3"}),
    _Case(
        "open.mp4",
        "libx264",
        {"x264-params": f"{_GOP}:bframes=3:b-pyramid=normal:ref=3:open-gop=1"},
        is_open=True,
    ),
    _Case(
        "open.mkv",
        "libx265",
        {"x265-params": f"{_GOP}:bframes=3:b-pyramid=1:open-gop=1:log-level=0"},
        is_open=True,
    ),
    _Case(
        "layers.mp4",
        "libx265",
        {"x265-params": f"{_GOP}:bframes=3:b-pyramid=1:open-gop=0:keyint=16:temporal-layers=3:log-level=0"},
    ),
    _Case(
        "b.ts",
        "mpeg2video",
        {"g": "8", "bf": "2", "b_strategy": "0", "sc_threshold": "1000000000"},
        is_open=True,
    ),
    _Case(
        "b.mp4", "mpeg4", {"g": "8", "bf": "2", "b_strategy": "0", "sc_threshold": "1000000000"}, is_open=True
    ),
    _Case("tiles.mkv", "libsvtav1", {"preset": "12", "g": "16"}),
    _Case(
        "hidden.webm",
        "libvpx-vp9",
        {"g": "16", "auto-alt-ref": "1", "lag-in-frames": "12", "cpu-used": "8", "deadline": "realtime"},
    ),
    _Case("old.webm", "libvpx", {"g": "16", "cpu-used": "8", "deadline": "realtime"}),
)


@dataclass
class _Clip:
    """A clip, what its frames need, and how it decodes, in another way than the product's."""

    case: _Case
    path: Path
    packets: list[bytes]
    packet_numbers: list[int]
    graphs: dict[int, ReferenceGraph]
    decoder: str
    extradata: bytes | None
    pictures: dict[int, bytes]

    def decoded(self, packets: Mapping[int, bytes]) -> dict[int, bytes]:
        """The pictures by packet number that come out of a decoder that is fed with these packets only."""
        context = av.CodecContext.create(self.decoder, "r")
        assert isinstance(context, av.VideoCodecContext)
        context.extradata = self.extradata
        context.thread_count = 1
        found: dict[int, bytes] = {}
        for number in [*packets, None]:
            packet = None
            if number is not None:
                packet = av.Packet(packets[number])
                packet.pts = packet.dts = number
            for frame in context.decode(packet):
                assert frame.pts is not None
                found[frame.pts] = frame.to_ndarray().tobytes()
        return found

    def needs(self, frame_number: int) -> FrameNeeds:
        return self.graphs[frame_number].needs(frame_number)

    def without_others(self, needs: FrameNeeds) -> dict[int, bytes]:
        """The needed packets; of AV1, without the frames in them that are not needed."""
        fed = {number: self.packets[number] for number in needs.packets}
        if self.case.codec != "libsvtav1":
            return fed
        graph = self.graphs[needs.frame_number]
        wanted = [
            set(picture.frame_numbers) & {*needs.frames, needs.frame_number} for picture in graph.pictures
        ]
        splitter = UnitSplitter("av1", b"")
        for number, data in fed.items():
            kept = iter(
                bool(is_wanted) or not picture.frame_numbers
                for picture, is_wanted in zip(graph.pictures, wanted, strict=True)
                if picture.packet_number == number
            )
            units = splitter.split(data).units
            fed[number] = b"".join(
                data[unit.offset : unit.offset + unit.size] for unit in units if unit.code != 6 or next(kept)
            )
        return fed


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, _Clip]:
    folder = tmp_path_factory.mktemp("references")
    return {case.name: _made(folder / case.name, case) for case in _CASES}


def _made(path: Path, case: _Case) -> _Clip:
    write_clip(path, Encoding(codec=case.codec, width=96, height=64, frames=_FRAMES, options=case.options))
    with av.open(os.fspath(path)) as container:
        stream = container.streams.video[0]
        decoder, extradata = stream.codec_context.codec.name, stream.codec_context.extradata
        packets = [bytes(packet) for packet in container.demux(stream) if packet.size]
    graphs: dict[int, ReferenceGraph] = {}
    with open_video(path) as video:
        numbers = video.index.packet_numbers.tolist()
        assert len(numbers) == _FRAMES
        # Backwards: the last GOP of an open one comes with the one before it.
        for frame_number in reversed(range(_FRAMES)):
            known = graphs.get(frame_number + 1)
            if known is None or frame_number not in known:
                known = read_references(video.info, video.index, frame_number)
            graphs[frame_number] = known
    clip = _Clip(case, path, packets, numbers, graphs, decoder, extradata, {})
    clip.pictures = clip.decoded(dict(enumerate(packets)))
    return clip


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_a_frame_decodes_from_what_it_needs_alone(case: _Case, clips: dict[str, _Clip]) -> None:
    clip = clips[case.name]
    for frame_number, packet in enumerate(clip.packet_numbers):
        needs = clip.needs(frame_number)
        assert packet in needs.packets
        assert needs.is_exact
        assert clip.decoded(clip.without_others(needs))[packet] == clip.pictures[packet], frame_number


@pytest.mark.parametrize("name", ["pyramid.mp4", "layers.mp4", "b.ts"])
def test_nothing_is_named_that_is_not_needed(name: str, clips: dict[str, _Clip]) -> None:
    clip = clips[name]
    spared = 0
    for frame_number, packet in enumerate(clip.packet_numbers):
        needs = clip.needs(frame_number)
        assert needs.decode_count >= len(needs.frames) + 1
        spared += needs.decode_count - len(needs.frames) - 1
        # What comes last but one in decode order is listed by the frame or by what it needs.
        others = [number for number in needs.packets if number != packet]
        if not others:
            continue
        fed = {number: clip.packets[number] for number in needs.packets if number != others[-1]}
        try:
            decoded = clip.decoded(fed)
        except av.error.FFmpegError:
            continue
        assert decoded.get(packet) != clip.pictures[packet] or name == "pyramid.mp4"
    assert spared


@pytest.mark.parametrize("case", [case for case in _CASES if case.is_open], ids=lambda case: case.name)
def test_leading_pictures_need_the_previous_gop(case: _Case, clips: dict[str, _Clip]) -> None:
    clip = clips[case.name]
    leading = {
        number: found for number, graph in clip.graphs.items() if (found := graph.leading(number)) is not None
    }
    assert leading
    for frame_number, (keyframe, needs_earlier) in leading.items():
        needs = clip.needs(frame_number)
        assert frame_number < keyframe
        assert clip.packet_numbers[keyframe] < clip.packet_numbers[frame_number]
        earlier = [number for number in needs.packets if number < clip.packet_numbers[keyframe]]
        assert needs_earlier == bool(earlier)
        assert keyframe in needs.frames
        assert needs.keyframe is not None
        assert needs.keyframe < keyframe


def test_kinds_and_layers_are_those_of_the_standard(clips: dict[str, _Clip]) -> None:
    def kinds(name: str) -> set[str]:
        clip = clips[name]
        return {clip.needs(number).picture.kind for number in range(_FRAMES)}

    assert kinds("open.mp4") == {"IDR", "recovery point", ""}
    assert {"CRA_NUT", "RASL_N", "RASL_R"} & kinds("open.mkv") >= {"CRA_NUT", "RASL_N"}
    layers = [clips["layers.mp4"].needs(number).picture for number in range(_FRAMES)]
    assert {picture.temporal_id for picture in layers} >= {0, 1}
    assert all(picture.kind.endswith("_N") for picture in layers if picture.is_disposable)
    assert any(picture.is_disposable for picture in layers)
    assert clips["hidden.webm"].needs(10).continues_state
    assert not clips["tiles.mkv"].needs(10).continues_state
    assert {clips["b.ts"].needs(number).picture.letter for number in range(_FRAMES)} == {"I", "P", "B"}


@pytest.mark.parametrize(("name", "header_bytes"), [("pyramid.mp4", 1), ("layers.mp4", 2)])
def test_a_value_that_no_standard_allows_ends_the_graph(
    name: str, header_bytes: int, clips: dict[str, _Clip], tmp_path: Path
) -> None:
    """The type of a slice follows after one or two bits; here it is 20."""
    damaged, kind = 5, 4 + header_bytes

    def edit(place: int, packet: VideoPacket) -> VideoPacket:
        payload = bytearray(packet)
        if place == damaged:
            payload[kind : kind + 2] = b"\xc2\xa0" if header_bytes == 2 else b"\x85\x40"
        return with_payload(packet, bytes(payload))

    path = tmp_path / name
    copy_packets(clips[name].path, path, edit)
    with open_video(path, counting=Counting.PACKETS, use_index_cache=False) as video:
        graph = read_references(video.info, video.index, 0)
        lost = video.index.numbers_of_packets[damaged]
        assert [picture.packet_number for picture in graph.pictures] == list(range(damaged))
        assert lost not in graph
        assert graph.needs(0).frames == ()


def test_what_has_no_such_headers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "intra.avi"
    write_clip(path, Encoding(codec="mjpeg", pixel_format="yuvj420p", frames=3))
    with open_video(path) as video, pytest.raises(UnsupportedMediaError):
        read_references(video.info, video.index, 0)
    assert not has_references("mjpeg")


def _unit(code: int, *items: tuple[str, int | str], name: str = "") -> Elements:
    return Elements(code, name, [("", each, 0, 1, str(value), "") for each, value in items])


_SPS = _unit(7, ("max_num_ref_frames", 2), ("frame_mbs_only_flag", 0))
_PPS = _unit(8, ("num_ref_idx_l0_default_active_minus1", 3))


def _slice(code: int, kind: int, frame_num: int, *items: tuple[str, int]) -> Elements:
    head = (("slice_type", kind), ("frame_num", frame_num), ("nal_ref_idc", 1))
    return _unit(code, *head, ("pic_order_cnt_lsb", 2 * frame_num), *items)


def _followed(slices: Iterable[Elements]) -> list[tuple[int, ...]]:
    codec = H264References()
    codec.take_set(_SPS)
    codec.take_set(_PPS)
    pictures: list[tuple[int, ...]] = []
    for number, each in enumerate(slices):
        pictures += [picture.references for picture in codec.take(number, [each], len(pictures))]
    return pictures


def test_h264_keeps_as_many_frames_as_it_says() -> None:
    assert _followed([_slice(5, 2, 0), *(_slice(1, 0, number) for number in range(1, 5))]) == [
        (),
        (0,),
        (0, 1),
        (1, 2),
        (2, 3),
    ]


def test_h264_lists_are_modified_and_frames_dropped_on_command() -> None:
    chosen = (
        ("num_ref_idx_l0_active_minus1", 0),
        ("ref_pic_list_modification_flag_l0", 1),
        ("modification_of_pic_nums_idc", 0),
        ("abs_diff_pic_num_minus1", 1),
        ("modification_of_pic_nums_idc", 3),
    )
    dropping = (
        ("adaptive_ref_pic_marking_mode_flag", 1),
        ("memory_management_control_operation", 1),
        ("difference_of_pic_nums_minus1", 0),
        ("memory_management_control_operation", 0),
    )
    long_term = (
        ("adaptive_ref_pic_marking_mode_flag", 1),
        ("memory_management_control_operation", 3),
        ("difference_of_pic_nums_minus1", 1),
        ("long_term_frame_idx", 0),
        *dropping[1:3],
        ("memory_management_control_operation", 0),
    )
    key, second = _slice(5, 2, 0), _slice(1, 0, 1)
    assert _followed([key, second, _slice(1, 0, 2, *chosen)])[-1] == (0,)
    assert _followed([key, second, _slice(1, 0, 2, *dropping), _slice(1, 0, 3)])[-1] == (0, 2)
    # The long-term frame stays while the others pass.
    kept = [key, second, _slice(1, 0, 2, *long_term), _slice(1, 0, 3), _slice(1, 0, 4), _slice(1, 0, 5)]
    assert _followed(kept)[-1] == (0, 4)


def test_h264_fields_may_refer_to_all_that_is_held() -> None:
    top, bottom = (
        (("field_pic_flag", 1), ("bottom_field_flag", 0)),
        (("field_pic_flag", 1), ("bottom_field_flag", 1)),
    )
    fields = [
        each
        for number in range(3)
        for each in (
            _slice(5 if not number else 1, 2 if not number else 0, number, *top),
            _slice(1, 0, number, *bottom),
        )
    ]
    assert _followed(fields) == [(), (0,), (0, 1)]


def test_hevc_sets_are_predicted_from_others() -> None:
    # A set of -1 and -2, and one shifted by -1 with all used: -1 (the difference itself), -2 and -3.
    sets: list[tuple[str, int | str]] = [
        ("num_short_term_ref_pic_sets", 2),
        ("num_negative_pics", 2),
        ("num_positive_pics", 0),
        *[("delta_poc_s0_minus1", 0), ("used_by_curr_pic_s0_flag", 1)] * 2,
        ("inter_ref_pic_set_prediction_flag", 1),
        ("delta_rps_sign", 1),
        ("abs_delta_rps_minus1", 0),
        ("used_by_curr_pic_flag", "1, 1, 1"),
    ]
    codec = HevcReferences()
    codec.take_set(_unit(33, *sets))
    codec.take_set(_unit(34))
    found = [codec.take(0, [_unit(19, ("slice_type", 2), name="IDR_W_RADL")], 0)[0].references]
    for order in range(1, 5):
        head = (("slice_type", 1), ("slice_pic_order_cnt_lsb", order), ("short_term_ref_pic_set_sps_flag", 1))
        unit = _unit(1, *head, ("short_term_ref_pic_set_idx", 1), name="TRAIL_R")
        found.append(codec.take(order, [unit], order)[0].references)
    assert found == [(), (0,), (0, 1), (0, 1, 2), (1, 2, 3)]


def test_the_start_of_a_file_counts_where_nothing_is_before_it() -> None:
    index = order_frames(packet_table([0, 3, 1, 2], [0]), TIME_BASE)
    graph = ReferenceGraph(index, [], range(4))
    assert 0 not in graph
    assert "x" not in graph
