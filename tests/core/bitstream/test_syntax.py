"""What is read from packets is what the encoder was told, and every packet is the one in the file."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.bitstream.meanings import text_in
from framescope.core.bitstream.packets import PacketReader, frames_of_packet, packet_facts
from framescope.core.bitstream.syntax import read_header_syntax, read_packet_syntax
from framescope.core.errors import Cancelled, OpenError, SettingsError
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from tests.clips.encoding import Encoding, write_clip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from framescope.core.bitstream.syntax import Field, PacketSyntax, UnitSyntax
    from framescope.core.media.video import Video

_PARAMS = "scenecut=0:keyint=6:min-keyint=6:bframes=2:b-adapt=0:level=31"
_X264 = {"x264-params": _PARAMS}
_START_CODE = re.compile(rb"\x00\x00\x01")


def _written(path: Path, codec: str, options: Mapping[str, str] | None = None, *, frames: int = 12) -> Path:
    write_clip(path, Encoding(codec=codec, frames=frames, options=options or {}))
    return path


def _demuxed(path: Path) -> list[av.Packet[av.VideoStream]]:
    with av.open(os.fspath(path)) as container:
        return [packet for packet in container.demux(video=0) if packet.size]


def _read(video: Video, number: int) -> PacketSyntax:
    return list(read_packet_syntax(video.info, video.index, number))[-1]


def _fields(units: tuple[UnitSyntax, ...], name: str) -> dict[str, Field]:
    return {field.name: field for unit in units if unit.unit.name == name for field in unit.fields}


@pytest.mark.parametrize(("cabac", "refs", "profile"), [("0", 1, "100"), ("1", 3, "100")])
def test_the_parameter_sets_say_what_the_encoder_was_told(
    cabac: str, refs: int, profile: str, tmp_path: Path
) -> None:
    options = {"x264-params": f"{_PARAMS}:cabac={cabac}:ref={refs}", "profile": "high"}
    path = _written(tmp_path / "clip.mp4", "libx264", options)
    with open_video(path) as video:
        header = list(read_header_syntax(video.info, video.index))[-1]
    assert [unit.unit.name for unit in header.units] == ["SPS", "PPS"]
    sps, pps = _fields(header.units, "SPS"), _fields(header.units, "PPS")
    assert (sps["profile_idc"].value, sps["profile_idc"].meaning) == (profile, "High")
    assert (sps["level_idc"].value, sps["level_idc"].meaning) == ("31", "3.1")
    # Two B-frames need two reference frames at least.
    assert int(sps["max_num_ref_frames"].value) >= refs
    assert sps["pic_width_in_mbs_minus1"].meaning == "160 px"
    assert pps["entropy_coding_mode_flag"].value == cabac
    assert header.facts is None
    assert header.data[sps["level_idc"].start] == 31


def test_slices_are_of_the_kind_that_is_shown(tmp_path: Path) -> None:
    path = _written(tmp_path / "clip.mp4", "libx264", _X264)
    with open_video(path) as video:
        for number in (0, 1, 2, 3, 6, 8):
            packet = _read(video, number)
            slices = [unit for unit in packet.units if "slice" in unit.unit.name]
            (frame_number,) = frames_of_packet(video.index, number)
            assert packet.facts is not None
            assert packet.facts.frame_numbers == (frame_number,)
            assert {unit.kind for unit in slices} == {video[frame_number].picture_type.letter}
            assert {unit.unit.name for unit in slices} == {
                "IDR slice" if number % 6 == 0 else "non-IDR slice"
            }


def test_units_of_a_stream_with_start_codes_are_all_found(tmp_path: Path) -> None:
    path = _written(tmp_path / "clip.ts", "libx264", _X264)
    packets = _demuxed(path)
    with open_video(path) as video:
        for number, packet in list(enumerate(packets))[::5]:
            data = bytes(packet)
            read = _read(video, number)
            assert read.data == data
            assert read.is_whole
            places = [found.end() for found in _START_CODE.finditer(data)]
            assert [unit.unit.offset for unit in read.units] == places
            assert [unit.unit.code for unit in read.units] == [data[place] & 31 for place in places]
            assert all(unit.fields and not unit.problem for unit in read.units)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("clip.mkv", "libx265", {"x265-params": "keyint=6:bframes=2:log-level=none"}),
        ("clip.ts", "mpeg2video", {"g": "6", "bf": "2"}),
        ("clip.webm", "libvpx-vp9", {"g": "12", "auto-alt-ref": "1", "lag-in-frames": "8"}),
        ("clip.mkv", "libsvtav1", {"g": "8"}),
        ("clip.webm", "libvpx", {"g": "6"}),
    ],
)
def test_every_header_of_every_codec_is_read(
    name: str, codec: str, options: dict[str, str], tmp_path: Path
) -> None:
    path = _written(tmp_path / name, codec, options, frames=16)
    packets = _demuxed(path)
    with open_video(path) as video:
        assert len(video.index.packet_sizes) == len(packets)
        for number in {0, 1, 7, len(packets) - 1}:
            read = _read(video, number)
            assert read.data == bytes(packets[number])
            assert read.units
            assert all(not unit.problem for unit in read.units)
            assert all(unit.fields or "SEI" in unit.unit.name for unit in read.units)
            assert all(
                unit.unit.offset <= field.start < field.stop <= len(read.data)
                for unit in read.units
                for field in unit.fields
            )


def test_a_frame_and_its_packet_are_linked_both_ways(tmp_path: Path) -> None:
    options = {"g": "16", "auto-alt-ref": "1", "lag-in-frames": "16", "cpu-used": "4"}
    path = _written(tmp_path / "hidden.webm", "libvpx-vp9", options, frames=40)
    with open_video(path) as video, PacketReader(video.info, video.index) as reader:
        index = video.index
        listed = [packet_facts(packet, number, index) for number, packet in reader.from_entry(0)]
        assert [number for facts in listed for number in facts.frame_numbers] != []
        for frame_number in range(len(video)):
            facts = listed[int(index.packet_numbers[frame_number])]
            assert frame_number in facts.frame_numbers
            assert facts.pts == index.pts_of(frame_number)
        assert {number for facts in listed for number in facts.frame_numbers} == set(range(len(video)))


@pytest.mark.parametrize("name", ["gop_open.mp4", "gop_hevc_open.mp4", "starts_at_10s.mp4"])
def test_the_facts_are_those_of_the_demuxer(name: str, clip: Callable[[str], Path]) -> None:
    path = clip(name)
    packets = _demuxed(path)
    with open_video(path) as video, PacketReader(video.info, video.index) as reader:
        for start in range(0, len(packets), 5):
            for number, packet in reader.from_entry(start):
                facts, truth = packet_facts(packet, number, video.index), packets[number]
                assert (facts.pts, facts.dts, facts.size_bytes) == (truth.pts, truth.dts, truth.size)
                assert (facts.position, facts.duration) == (truth.pos, truth.duration)
                assert facts.is_keyframe == truth.is_keyframe
                if number >= start:
                    break


def test_settings_and_hdr_metadata_of_x265(tmp_path: Path) -> None:
    display = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
    params = f"log-level=none:hdr10=1:master-display={display}:max-cll=1000,400:repeat-headers=1"
    path = _written(tmp_path / "hdr.mkv", "libx265", {"x265-params": params}, frames=4)
    with open_video(path) as video:
        first = _read(video, 0)
    fields = _fields(first.units, "prefix SEI")
    assert fields["max_content_light_level"].meaning == "1000 cd/m²"
    assert fields["max_pic_average_light_level"].meaning == "400 cd/m²"
    assert fields["max_display_mastering_luminance"].meaning == "1000.0000 cd/m²"
    assert fields["white_point_x"].meaning == "0.3127"
    kinds = {unit.kind for unit in first.units if unit.unit.name == "prefix SEI"}
    assert {"mastering display colour volume", "content light level", "user data unregistered"} <= kinds
    text = next(field.meaning for field in fields.values() if field.name.startswith("user_data"))
    assert text.startswith("x265")
    assert " cll=1000,400 " in text


def _message(text: bytes) -> bytes:
    body = b"\x05" + bytes([16 + len(text)]) + b"\x07" * 16 + text + b"\x80"
    return b"\x00\x00\x00\x01\x06" + re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", body)


def test_user_data_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    plain = _written(tmp_path / "plain.h264", "libx264", _X264, frames=6)
    path = tmp_path / "hostile.h264"
    path.write_bytes(
        _message(b"made by \x1b[2J\xe2\x80\xaenobody, honestly, this is text") + plain.read_bytes()
    )
    with open_video(path) as video:
        first = _read(video, 0)
    texts = [field.meaning for unit in first.units for field in unit.fields if "user_data" in field.name]
    assert "made by \\x1b[2J\\u202enobody, honestly, this is text" in texts


def test_places_count_emulation_prevention_bytes(tmp_path: Path) -> None:
    plain = _written(tmp_path / "plain.h264", "libx264", _X264, frames=6)
    path = tmp_path / "escaped.h264"
    path.write_bytes(_message(b"\x00\x00\x01" * 9 + b"END") + plain.read_bytes())
    with open_video(path) as video:
        first = _read(video, 0)
    unit = first.units[0]
    payload = next(field for field in unit.fields if field.name.startswith("user_data"))
    assert payload.bits == 8 * 30
    raw = first.data[payload.start : payload.stop]
    assert len(raw) == 39
    assert raw.replace(b"\x00\x00\x03", b"\x00\x00") == b"\x00\x00\x01" * 9 + b"END"


def test_damaged_units_say_so_and_the_others_are_read(tmp_path: Path) -> None:
    plain = _written(tmp_path / "plain.h264", "libx264", _X264, frames=6)
    path = tmp_path / "damaged.h264"
    bad = b"\x00\x00\x00\x01\x67\xff\xff" + b"\x00\x00\x00\x01\x06\x05\xff\xff\xff\xff\x20abc"
    path.write_bytes(bad + plain.read_bytes())
    with open_video(path) as video:
        first = _read(video, 0)
    assert first.units[0].problem
    assert first.units[1].problem
    slices = [unit for unit in first.units if unit.unit.name == "IDR slice"]
    assert slices
    assert all(unit.fields and not unit.problem for unit in slices)


def test_a_huge_message_is_not_listed(tmp_path: Path) -> None:
    plain = _written(tmp_path / "plain.h264", "libx264", _X264, frames=6)
    path = tmp_path / "huge.h264"
    size = 300_000
    sizes = b"\xff" * (size // 255) + bytes([size % 255])
    message = b"\x00\x00\x00\x01\x06\x05" + sizes + b"\x07" * size + b"\x80"
    path.write_bytes(message + plain.read_bytes())
    with open_video(path) as video:
        first = _read(video, 0)
    assert first.units[0].problem == "Too large to be listed."
    assert not first.units[0].fields
    assert first.units[-1].fields


def test_packets_without_units_have_bytes(tmp_path: Path) -> None:
    path = _written(tmp_path / "clip.mkv", "ffv1", frames=3)
    with open_video(path) as video:
        read = _read(video, 1)
    assert read.data == bytes(_demuxed(path)[1])
    assert not read.units
    assert read.has_fields


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path / "clip.mkv", "libx264", _X264)
    other = _written(tmp_path / "other.mkv", "libx264", frames=20)
    with open_video(path) as video:
        with pytest.raises(SettingsError, match="no packet 12"):
            _read(video, 12)
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(Cancelled):
            list(read_packet_syntax(video.info, video.index, 3, cancel=cancel))
        other.replace(path)
        with pytest.raises(OpenError, match="changed"):
            _read(video, 3)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"plain text\x00", "plain text"),
        (b"abc", ""),
        (bytes(range(40)), ""),
        ("Größe".encode(), "Größe"),
    ],
)
def test_bytes_are_text_or_not(content: bytes, text: str) -> None:
    assert text_in(content) == text
