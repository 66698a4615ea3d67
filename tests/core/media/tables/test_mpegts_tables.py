"""The table read from a transport stream's headers equals a scan of its packets, or there is none."""

from __future__ import annotations

import os
import random
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.media.tables import mpegts_tables
from framescope.core.media.tables.mpegts_tables import read_mpegts_tables
from framescope.core.media.tables.packet_table import PacketTable, PartialClock
from framescope.core.model.progress import CancelToken, Progress

MEDIA = Path(os.environ.get("FRAMESCOPE_MEDIA", Path(__file__).parents[5] / "shared" / "media"))
PID = 256
Row = tuple[int, int | None, int, int, bool]


def _encode(path: Path, codec: str = "libx264", options: dict[str, str] | None = None) -> Path:
    """A short clip of noise with silence beside it."""
    rng = np.random.default_rng(1)
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=25, options=options or {})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream("mp2", rate=48000)
        assert isinstance(sound, av.AudioStream)
        for number in range(40):
            frame = av.VideoFrame.from_ndarray(rng.integers(0, 255, (48, 64, 3), dtype=np.uint8))
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1920), np.int16), format="s16", layout="mono")
            silence.sample_rate = 48000
            container.mux(sound.encode(silence))
        container.mux(stream.encode(None))
        container.mux(sound.encode(None))
    return path


def _scan(path: Path) -> list[Row]:
    with av.open(path) as container:
        packets = [packet for packet in container.demux(container.streams.video[0]) if packet.size]
    return [
        (0 if one.pts is None else one.pts, one.dts, one.size, one.pos or 0, one.is_keyframe)
        for one in packets
    ]


def _assert_equal(path: Path, codec: str) -> None:
    table = read_mpegts_tables(path, PID, codec)
    assert table is not None
    assert table.complete
    rows = _scan(path)
    columns = (table.pts, table.sizes, table.positions, table.is_keyframe)
    expected = [(pts, size, position, is_key) for pts, _, size, position, is_key in rows]
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected
    # FFmpeg drops some dts that only repeat the pts; whatever it keeps is the same.
    for (_, dts, *_rest), own in zip(rows, table.dts.tolist(), strict=True):
        assert dts is None or dts == own


CLIPS = {
    "b_frames": ("libx264", {"g": "12", "bf": "3"}),
    "open_gop": ("libx264", {"x264-params": "keyint=8:open-gop=1:bframes=2"}),
    "no_b_frames": ("libx264", {"g": "12", "bf": "0"}),
    "hevc": ("libx265", {"x265-params": "keyint=12:bframes=3:log-level=none"}),
}


@pytest.mark.parametrize("clip", CLIPS)
def test_the_table_equals_a_packet_scan(tmp_path: Path, clip: str) -> None:
    codec, options = CLIPS[clip]
    path = _encode(tmp_path / "a.ts", codec, options)
    _assert_equal(path, "h264" if codec == "libx264" else "hevc")


def test_other_codecs_and_other_streams_are_refused(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.ts", "mpeg2video")
    assert read_mpegts_tables(path, PID, "mpeg2video") is None
    assert read_mpegts_tables(path, PID, "h264") is None
    assert read_mpegts_tables(_encode(tmp_path / "b.ts"), PID + 1, "h264") is None
    assert read_mpegts_tables(_encode(tmp_path / "b.ts"), 999, "h264") is None
    assert read_mpegts_tables(tmp_path / "none.ts", PID, "h264") is None


def test_a_gradual_refresh_is_left_to_the_packets(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.ts", options={"x264-params": "intra-refresh=1:keyint=10"})
    assert read_mpegts_tables(path, PID, "h264") is None


def test_interlaced_video_is_refused(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.ts", options={"x264-params": "interlaced=1"})
    assert read_mpegts_tables(path, PID, "h264") is None


@pytest.mark.parametrize("kept", [0, 100, 188 * 30 + 7, -1])
def test_a_file_of_broken_packets_is_refused(tmp_path: Path, kept: int) -> None:
    path = _encode(tmp_path / "a.ts")
    path.write_bytes(path.read_bytes()[:kept])
    assert read_mpegts_tables(path, PID, "h264") is None


def test_a_file_cut_between_packets_is_listed_as_ffmpeg_lists_it(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.ts")
    path.write_bytes(path.read_bytes()[: 188 * 60])
    table = read_mpegts_tables(path, PID, "h264")
    if table is not None:
        _assert_equal(path, "h264")


def _video_packets(data: bytes) -> list[int]:
    places = range(0, len(data), 188)
    return [place for place in places if (data[place + 1] & 0x1F) << 8 | data[place + 2] == PID]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data, place: data[:place] + data[place + 188 :],
        lambda data, place: data[:place] + data[place : place + 188] + data[place:],
        lambda data, place: data[: place + 1] + bytes([data[place + 1] | 0x80]) + data[place + 2 :],
        lambda data, place: data[: place + 3] + bytes([data[place + 3] | 0x80]) + data[place + 4 :],
        lambda data, place: data[:place] + b"\0" + data[place + 1 :],
        lambda data, place: data[:place] + b"noise" + data[place:],
    ],
    ids=["lost", "repeated", "marked", "scrambled", "out_of_step", "shifted"],
)
def test_damaged_streams_are_refused(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    path = _encode(tmp_path / "a.ts")
    data = path.read_bytes()
    place = _video_packets(data)[20]
    path.write_bytes(damage(data, place))
    assert read_mpegts_tables(path, PID, "h264") is None


def test_a_program_that_changes_is_refused(tmp_path: Path) -> None:
    first = _encode(tmp_path / "a.ts").read_bytes()
    tables = [place for place in range(0, len(first), 188) if first[place + 1 : place + 3] == b"\x50\x00"]
    assert len(tables) > 1
    data = bytearray(first)
    data[tables[-1] + 20] ^= 0xFF
    path = tmp_path / "b.ts"
    path.write_bytes(data)
    assert read_mpegts_tables(path, PID, "h264") is None


def test_noise_in_the_file_never_raises(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.ts")
    data = path.read_bytes()
    rng = random.Random(3)
    for _ in range(60):
        altered = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            altered[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(altered)
        read_mpegts_tables(path, PID, "h264")


def test_partial_tables_are_prefixes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _encode(tmp_path / "a.ts", options={"g": "12", "bf": "2"})
    monkeypatch.setattr(mpegts_tables, "_PACKETS_A_CHUNK", 16)
    monkeypatch.setattr(PartialClock, "is_due", lambda *_: True)
    partial: list[PacketTable] = []
    whole = read_mpegts_tables(path, PID, "h264", on_partial=partial.append)
    assert whole is not None
    assert len(partial) > 2
    for table in partial:
        assert not table.complete
        for column in ("pts", "sizes", "positions", "is_keyframe"):
            assert (getattr(table, column) == getattr(whole, column)[: len(table)]).all()


def test_progress_is_told_and_the_work_can_be_stopped(tmp_path: Path) -> None:
    path = _encode(tmp_path / "a.ts")
    reports: list[Progress] = []
    assert read_mpegts_tables(path, PID, "h264", progress=reports.append) is not None
    assert reports[0].total == path.stat().st_size
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        read_mpegts_tables(path, PID, "h264", cancel=cancel)


@pytest.mark.parametrize(
    ("name", "codec", "is_plain"),
    [
        ("ts_hevc_rps.ts", "hevc", True),
        ("ts_iframes_only.ts", "h264", True),
        ("ts_one_second.ts", "h264", True),
        ("ts_hls_720_gop298.ts", "h264", False),
        ("ts_pts_wrap.ts", "h264", False),
        ("ts_start_1400ms.ts", "h264", False),
        ("bad_encrypted.ts", "h264", False),
    ],
)
def test_real_files(name: str, codec: str, *, is_plain: bool) -> None:
    path = MEDIA / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set FRAMESCOPE_MEDIA")
    if is_plain:
        _assert_equal(path, codec)
    else:
        assert read_mpegts_tables(path, PID, codec) is None
