"""The table read from an MP4's header equals a scan of its packets, or there is none."""

from __future__ import annotations

import os
import random
import struct
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.media.index import NO_PTS
from framescope.core.media.tables.mp4_tables import read_mp4_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.media.tables.packet_table import PacketTable

MEDIA = Path(os.environ.get("FRAMESCOPE_MEDIA", Path(__file__).parents[5] / "shared" / "media"))
Row = tuple[int, int, int, int, bool]

ACCEPTED_REAL_FILES = (
    "av1_720p.mp4", "burned_timestamps_60fps.mp4", "elst_edts_mostly_static.mp4", "elst_empty_5s.mov",
    "h264_10bit.mp4", "h264_bikes.mp4", "h264_bpyramid_gop30.mp4", "h264_first_pts_10s.mp4",
    "h264_interlaced_crop.mp4", "hdr_hlg10.mp4", "hevc_1080p_gop250.mp4", "hevc_tiny_opengop.mp4",
    "mjpeg_10fps.mov", "mp4_cover_png.mp4", "mpeg2_xdcam_1080i.mov", "mpeg4_multitrack.3gp",
    "phone_gps_rot90.mov", "prores_proxy.mov", "start_offset_227ms.mp4", "two_video_streams_subs.mp4",
    "vfr_screenrec.mp4", "vvc_10bit.mp4",
)  # fmt: skip
REFUSED_REAL_FILES = (
    "bad_elst_count.mov", "bad_empty_stsc.mp4", "bad_h264_middle.mp4", "bad_no_data.mp4",
    "bad_random.mp4", "bad_zero_timescale.mp4", "elst_3.mov", "elst_neg_pts_discard.mov", "frag.mp4",
    "frag_init_only.mp4", "frag_partially.mp4", "multi_stsd_h264.mp4", "rot_nan_matrix.mp4",
    "truncated_displaymatrix.mov", "wrongext_flv.mp4",
)  # fmt: skip


def _rows(table: PacketTable) -> list[Row]:
    columns = (table.pts, table.dts, table.sizes, table.positions, table.is_keyframe)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _scan(path: Path) -> dict[int, list[Row]]:
    """What a demuxer says of the packets of each video track, by track number."""
    rows: dict[int, list[Row]] = {}
    with av.open(path) as container:
        streams = [
            s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic
        ]
        for packet in container.demux(streams):
            if packet.size:
                pts = NO_PTS if packet.pts is None else packet.pts
                dts = NO_PTS if packet.dts is None else packet.dts
                position = -1 if packet.pos is None else packet.pos
                row = (pts, dts, packet.size, position, packet.is_keyframe)
                rows.setdefault(packet.stream.id, []).append(row)
    return rows


def _encode(
    path: Path,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    *,
    movflags: str = "",
    pts: Sequence[int] = range(0, 1600, 40),
) -> Path:
    """A short clip of noise; ``pts`` in milliseconds."""
    rng = np.random.default_rng(1)
    with av.open(path, "w", options={"movflags": movflags} if movflags else {}) as container:
        stream = container.add_stream(codec, rate=25, options=options or {})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for time_ms in pts:
            pixels = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels)
            frame.pts = time_ms
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _box_place(data: bytes | bytearray, kind: bytes) -> int:
    """Offset of the box's header; the four characters must occur once."""
    assert data.count(kind) == 1
    return data.index(kind) - 4


CLIPS = {
    "b_frames": ("libx264", {"g": "12", "bf": "3"}, "", "a.mp4"),
    "b_frames_in_mov": ("libx264", {"g": "12", "bf": "3"}, "", "a.mov"),
    "header_first": ("libx264", {"g": "12", "bf": "3"}, "faststart", "a.mp4"),
    "negative_offsets": ("libx264", {"g": "12", "bf": "3"}, "negative_cts_offsets", "a.mp4"),
    "open_gop": ("libx264", {"x264-params": "keyint=8:min-keyint=8:open-gop=1:bframes=2"}, "", "a.mp4"),
    "no_b_frames": ("libx264", {"g": "12", "bf": "0", "tune": "zerolatency"}, "", "a.mp4"),
    "intra_only": ("libx264", {"g": "1"}, "", "a.mp4"),
    "hevc": ("libx265", {"x265-params": "keyint=12:bframes=3:log-level=none"}, "", "a.mp4"),
    "mpeg4": ("mpeg4", {"g": "12", "bf": "2"}, "", "a.mp4"),
    "mjpeg": ("mjpeg", {}, "", "a.mov"),
}


@pytest.mark.parametrize("clip", CLIPS)
def test_the_table_equals_a_packet_scan(tmp_path: Path, clip: str) -> None:
    codec, options, movflags, name = CLIPS[clip]
    if codec == "mjpeg":
        options = {"color_range": "pc"}
    path = _encode(tmp_path / name, codec, options, movflags=movflags)
    table = read_mp4_tables(path, 1)
    assert table is not None
    assert table.complete
    assert _rows(table) == _scan(path)[1]


def test_variable_frame_durations_are_kept(tmp_path: Path) -> None:
    pts = np.cumsum(np.random.default_rng(2).integers(10, 400, 40)).tolist()
    path = _encode(tmp_path / "vfr.mp4", options={"bf": "2", "g": "9"}, pts=pts)
    table = read_mp4_tables(path, 1)
    assert table is not None
    assert _rows(table) == _scan(path)[1]


@pytest.mark.parametrize("kind", [b"elst", b"mdhd", b"mvhd", b"tkhd", b"stsd", b"stts", b"ctts", b"stss"])
@pytest.mark.parametrize("size", [0, 8, 9, 12])
def test_a_box_without_contents_leaves_it_to_a_scan(tmp_path: Path, kind: bytes, size: int) -> None:
    path = _encode(tmp_path / "a.mp4", options={"bf": "2"})
    data = bytearray(path.read_bytes())
    place = _box_place(data, kind)
    whole = int.from_bytes(data[place : place + 4], "big")
    data[place : place + 4] = size.to_bytes(4, "big")
    if size:
        # What was the rest of the box becomes one that nobody reads.
        data[place + size : place + whole] = struct.pack(">I4s", whole - size, b"free").ljust(
            whole - size, b"\0"
        )
    path.write_bytes(data)
    assert read_mp4_tables(path, 1) is None


def test_an_edit_list_of_absurd_length_is_left_to_a_scan(tmp_path: Path) -> None:
    path = _encode(tmp_path / "late.mp4", options={"bf": "2"}, pts=range(3000, 4600, 40))
    data = bytearray(path.read_bytes())
    place = _box_place(data, b"elst")
    size = int.from_bytes(data[place : place + 4], "big")
    edits = ((1 << 62, -1, 0x10000), (1 << 62, 0, 0x10000))
    body = b"".join(struct.pack(">QqI", *edit) for edit in edits)
    box = struct.pack(">I4sII", 16 + len(body), b"elst", 1 << 24, len(edits)) + body
    grown = len(box) - size
    data[place : place + size] = box
    for outer in (b"edts", b"trak", b"moov"):
        at = _box_place(data, outer)
        data[at : at + 4] = (int.from_bytes(data[at : at + 4], "big") + grown).to_bytes(4, "big")
    path.write_bytes(data)
    assert read_mp4_tables(path, 1) is None


def test_a_late_start_written_as_an_empty_edit_is_kept(tmp_path: Path) -> None:
    path = _encode(tmp_path / "late.mp4", options={"bf": "2"}, pts=range(3000, 4600, 40))
    table = read_mp4_tables(path, 1)
    assert table is not None
    assert int(table.pts.min()) > 0
    assert _rows(table) == _scan(path)[1]


def test_unlisted_intra_pictures_are_noticed(tmp_path: Path) -> None:
    # With one reference picture FFmpeg takes every I picture for a keyframe, listed or not.
    forced = "keyint=100:min-keyint=50:ref=1:bframes=0:scenecut=40"
    path = _encode(tmp_path / "a.mp4", options={"x264-params": forced}, pts=range(0, 2400, 40))
    table = read_mp4_tables(path, 1)
    assert table is None or _rows(table) == _scan(path)[1]


def test_a_gradual_refresh_is_left_to_the_packets(tmp_path: Path) -> None:
    # The container flags its recovery points like keyframes, but decoding cannot start at them exactly.
    options = {"x264-params": "intra-refresh=1:keyint=10"}
    assert read_mp4_tables(_encode(tmp_path / "a.mp4", options=options), 1) is None


@pytest.mark.parametrize("movflags", ["frag_keyframe+empty_moov", "frag_keyframe", "dash"])
def test_fragmented_files_are_refused(tmp_path: Path, movflags: str) -> None:
    path = _encode(tmp_path / "a.mp4", options={"g": "10"}, movflags=movflags)
    assert read_mp4_tables(path, 1) is None


@pytest.mark.parametrize("kept", [0, 7, 40, 1000, -1, -200])
def test_a_truncated_file_is_refused(tmp_path: Path, kept: int) -> None:
    for movflags in ("", "faststart"):
        path = _encode(tmp_path / "a.mp4", movflags=movflags)
        path.write_bytes(path.read_bytes()[:kept])
        assert read_mp4_tables(path, 1) is None


def test_a_missing_file_and_a_missing_track_are_refused(tmp_path: Path) -> None:
    assert read_mp4_tables(tmp_path / "none.mp4", 1) is None
    assert read_mp4_tables(tmp_path, 1) is None
    assert read_mp4_tables(_encode(tmp_path / "a.mp4"), 2) is None


def test_an_edit_that_hides_packets_is_refused(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.mp4", options={"bf": "0"})
    data = bytearray(path.read_bytes())
    place = _box_place(bytes(data), b"elst") + 16
    duration, start = struct.unpack_from(">Ii", data, place)
    for changed in ((duration - 200, start), (duration, start + 4000), (duration, -1)):
        struct.pack_into(">Ii", data, place, *changed)
        path.write_bytes(data)
        assert read_mp4_tables(path, 1) is None


@pytest.mark.parametrize("kind", [b"stsz", b"stts", b"ctts", b"stsc", b"stss"])
def test_counts_that_contradict_each_other_are_refused(tmp_path: Path, kind: bytes) -> None:
    path = _encode(tmp_path / "a.mp4", options={"bf": "2", "g": "10"})
    data = bytearray(path.read_bytes())
    # The last four bytes of each table: a size, a duration, an offset, a description number, a keyframe.
    place = _box_place(bytes(data), kind)
    count_place = place + (16 if kind == b"stsz" else 12)
    for change in (-1, 1, 1 << 24):
        altered = bytearray(data)
        count = struct.unpack_from(">I", data, count_place)[0]
        struct.pack_into(">I", altered, count_place, max(count + change, 0))
        path.write_bytes(altered)
        table = read_mp4_tables(path, 1)
        # One keyframe less is a valid list, but the stream itself then shows an unlisted one.
        assert table is None


def test_damaged_headers_never_raise(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.mp4", options={"bf": "2", "g": "10"})
    data = path.read_bytes()
    start = _box_place(data, b"moov")
    rng = random.Random(3)
    for _ in range(300):
        altered = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            altered[rng.randrange(start, len(data))] = rng.randrange(256)
        path.write_bytes(altered)
        read_mp4_tables(path, 1)


@pytest.mark.parametrize("name", ACCEPTED_REAL_FILES)
def test_real_files_equal_a_packet_scan(name: str) -> None:
    path = MEDIA / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set FRAMESCOPE_MEDIA")
    for track_id, rows in _scan(path).items():
        table = read_mp4_tables(path, track_id)
        assert table is not None
        assert _rows(table) == rows


@pytest.mark.parametrize("name", REFUSED_REAL_FILES)
def test_real_files_that_are_not_plain_are_refused(name: str) -> None:
    path = MEDIA / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set FRAMESCOPE_MEDIA")
    assert all(read_mp4_tables(path, track_id) is None for track_id in range(4))
