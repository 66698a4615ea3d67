"""The table read from a Matroska file's clusters equals a scan of its packets, or there is none."""

from __future__ import annotations

import os
import random
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.media.index import NO_PTS
from framescope.core.media.packet_inspect import inspector_for
from framescope.core.media.tables import matroska_tables
from framescope.core.media.tables.matroska_tables import read_matroska_tables
from framescope.core.media.tables.packet_table import PartialClock
from framescope.core.model.progress import CancelToken, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.media.tables.packet_table import PacketTable

MEDIA = Path(os.environ.get("FRAMESCOPE_MEDIA", Path(__file__).parents[5] / "shared" / "media"))
Row = tuple[int, int, int, bool, bool]

ACCEPTED_REAL_FILES = (
    "bad_bitstream.webm", "h264_9bit.mkv", "h264_gop150_pancake.mkv", "h264_thanks.mkv", "h264_yuv444.mkv",
    "mkv_attachment.mkv", "mkv_cover_stream.mkv", "mkv_vobsub.mkv", "oneframe.webm",
    "vp8_alpha_1080p60.webm", "vp8_size_change.webm", "vp9_10bit_hidden_altref.webm", "vp9_440.webm",
    "vp9_642x642.webm", "vp9_8x8.webm", "vp9_alpha.webm", "vp9_intra_only_start.webm",
    "vp9_odd_161x121.webm", "vp9_small_248.webm", "webm_no_duration_no_cues.webm",
)  # fmt: skip
REFUSED_REAL_FILES = (
    "mkv_audio_only.mkv", "mkv_bad_lacing.mkv", "mkv_corrupt.mkv", "mkv_tiny_raw_2x2.mkv",
    "mkv_truncated.mkv", "zero_bytes.mkv", "h264_bikes.mp4",
)  # fmt: skip


def _rows(table: PacketTable) -> list[Row]:
    columns = (table.pts, table.sizes, table.positions, table.is_keyframe, table.is_discard)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _scan(path: Path) -> list[Row]:
    """What a demuxer says of the packets of the first video stream, and which are never shown."""
    rows: list[Row] = []
    with av.open(path) as container:
        stream = container.streams.video[0]
        inspect = inspector_for(stream.codec_context.name, stream.codec_context.extradata)
        for packet in container.demux(stream):
            if packet.size:
                pts = NO_PTS if packet.pts is None else packet.pts
                position = -1 if packet.pos is None else packet.pos
                is_shown = inspect is None or inspect(memoryview(packet)).is_shown
                rows.append((pts, packet.size, position, packet.is_keyframe, not is_shown))
    return rows


def _encode(
    path: Path,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    *,
    muxer: dict[str, str] | None = None,
    pts: Sequence[int] = range(0, 1600, 40),
) -> Path:
    """A short clip of noise with a tone beside it; ``pts`` in milliseconds."""
    rng = np.random.default_rng(1)
    with av.open(path, "w", options=muxer or {}) as container:
        stream = container.add_stream(codec, rate=25, options=options or {})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        sound = container.add_stream("libopus", rate=48000)
        assert isinstance(sound, av.AudioStream)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 96000), np.float32), format="flt", layout="mono")
        silence.sample_rate = 48000
        for time_ms in pts:
            frame = av.VideoFrame.from_ndarray(rng.integers(0, 255, (48, 64, 3), dtype=np.uint8))
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
    return path


CLIPS: dict[str, tuple[str, dict[str, str], dict[str, str], str]] = {
    "b_frames": ("libx264", {"g": "12", "bf": "3"}, {}, "a.mkv"),
    "open_gop": ("libx264", {"x264-params": "keyint=8:open-gop=1:bframes=2"}, {}, "a.mkv"),
    "hevc": ("libx265", {"x265-params": "keyint=12:bframes=3:log-level=none"}, {}, "a.mkv"),
    "vp8": ("libvpx", {"g": "12", "deadline": "realtime", "auto-alt-ref": "1", "threads": "1"}, {}, "a.webm"),
    "vp9": ("libvpx-vp9", {"g": "12", "deadline": "realtime", "cpu-used": "8"}, {}, "a.webm"),
    "av1": ("libsvtav1", {"g": "12", "preset": "12"}, {}, "a.mkv"),
    "ffv1": ("ffv1", {"g": "4"}, {}, "a.mkv"),
    "many_clusters": ("libx264", {"g": "12"}, {"cluster_time_limit": "200"}, "a.mkv"),
    "unknown_sizes": ("libx264", {"g": "12"}, {"live": "1"}, "a.mkv"),
    "index_first": ("libx264", {"g": "12"}, {"reserve_index_space": "4096"}, "a.mkv"),
}


@pytest.mark.parametrize("clip", CLIPS)
def test_the_table_equals_a_packet_scan(tmp_path: Path, clip: str) -> None:
    codec, options, muxer, name = CLIPS[clip]
    path = _encode(tmp_path / name, codec, options, muxer=muxer)
    table = read_matroska_tables(path, 0)
    assert table is not None
    assert table.complete
    assert _rows(table) == _scan(path)


def test_a_gradual_refresh_is_left_to_the_packets(tmp_path: Path) -> None:
    # Its recovery points are flagged like keyframes, but decoding cannot start at them exactly.
    options = {"x264-params": "intra-refresh=1:keyint=10"}
    assert read_matroska_tables(_encode(tmp_path / "a.mkv", options=options), 0) is None


def test_variable_frame_durations_are_kept(tmp_path: Path) -> None:
    pts = np.cumsum(np.random.default_rng(2).integers(10, 9000, 40)).tolist()
    path = _encode(tmp_path / "vfr.mkv", options={"bf": "2", "g": "9"}, pts=pts)
    table = read_matroska_tables(path, 0)
    assert table is not None
    assert _rows(table) == _scan(path)


def test_only_codecs_that_do_not_reorder_have_a_dts(tmp_path: Path) -> None:
    plain = read_matroska_tables(_encode(tmp_path / "a.mkv", "ffv1"), 0)
    reordered = read_matroska_tables(_encode(tmp_path / "b.mkv"), 0)
    assert plain is not None
    assert reordered is not None
    assert (plain.dts == plain.pts).all()
    assert (reordered.dts == NO_PTS).all()


@pytest.mark.parametrize("stream_index", [-1, 1, 2])
def test_a_stream_that_is_no_video_is_refused(tmp_path: Path, stream_index: int) -> None:
    assert read_matroska_tables(_encode(tmp_path / "a.mkv"), stream_index) is None


def test_codecs_whose_packets_ffmpeg_changes_are_refused(tmp_path: Path) -> None:
    assert read_matroska_tables(_encode(tmp_path / "a.mkv", "mpeg4"), 0) is None


@pytest.mark.parametrize("kept", [0, 3, 40, 500, -1, -300])
def test_a_truncated_file_is_refused(tmp_path: Path, kept: int) -> None:
    path = _encode(tmp_path / "a.mkv")
    path.write_bytes(path.read_bytes()[:kept])
    assert read_matroska_tables(path, 0) is None


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert read_matroska_tables(tmp_path / "none.mkv", 0) is None
    assert read_matroska_tables(tmp_path, 0) is None


def test_a_flag_that_contradicts_the_stream_is_refused(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.mkv", options={"g": "12"})
    table = read_matroska_tables(path, 0)
    assert table is not None
    for number in (0, 1):
        data = bytearray(path.read_bytes())
        data[int(table.positions[number]) + 3] ^= 0x80
        altered = tmp_path / "altered.mkv"
        altered.write_bytes(data)
        assert read_matroska_tables(altered, 0) is None


def test_laced_blocks_are_refused(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.mkv")
    table = read_matroska_tables(path, 0)
    assert table is not None
    data = bytearray(path.read_bytes())
    data[int(table.positions[5]) + 3] |= 0x02
    path.write_bytes(data)
    assert read_matroska_tables(path, 0) is None


def test_damaged_structures_never_raise(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.mkv", options={"crf": "51"})
    data = path.read_bytes()
    rng = random.Random(3)
    for _ in range(300):
        altered = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            altered[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(altered)
        read_matroska_tables(path, 0)


def test_partial_tables_are_prefixes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _encode(tmp_path / "a.mkv", options={"g": "12", "bf": "2"})
    monkeypatch.setattr(matroska_tables, "_ELEMENTS_A_STEP", 16)
    monkeypatch.setattr(PartialClock, "is_due", lambda *_: True)
    partial: list[PacketTable] = []
    whole = read_matroska_tables(path, 0, on_partial=partial.append)
    assert whole is not None
    assert len(partial) > 2
    for table in partial:
        assert not table.complete
        for column in ("pts", "sizes", "positions", "is_keyframe"):
            assert (getattr(table, column) == getattr(whole, column)[: len(table)]).all()


def test_progress_is_told_and_the_walk_can_be_stopped(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.mkv")
    reports: list[Progress] = []
    assert read_matroska_tables(path, 0, progress=reports.append) is not None
    assert reports
    assert reports[0].total == path.stat().st_size
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        read_matroska_tables(path, 0, cancel=cancel)


@pytest.mark.parametrize("name", ACCEPTED_REAL_FILES)
def test_real_files_equal_a_packet_scan(name: str) -> None:
    path = MEDIA / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set FRAMESCOPE_MEDIA")
    table = read_matroska_tables(path, 0)
    assert table is not None
    assert _rows(table) == _scan(path)


@pytest.mark.parametrize("name", REFUSED_REAL_FILES)
def test_real_files_that_are_not_plain_are_refused(name: str) -> None:
    path = MEDIA / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set FRAMESCOPE_MEDIA")
    assert all(read_matroska_tables(path, stream_index) is None for stream_index in range(3))
