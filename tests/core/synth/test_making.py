"""Videos are made as asked for, or not at all, and never without a word."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from framescope import open_video
from framescope.core.errors import (
    Cancelled,
    DestinationError,
    DestinationLostError,
    EncoderRefusedError,
    SettingsError,
    SynthesisError,
)
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.synth import making
from framescope.core.synth.clip_writer import ClipFormat, ClipWriter
from framescope.core.synth.codecs import CODECS, CONTAINERS, fourcc_named
from framescope.core.synth.make_settings import Fit, MakeSettings, Writer
from framescope.core.synth.making import make_video
from framescope.core.synth.number_blocks import read_number
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.synth.opencv_writer import OpenCVWriter

COUNT, SIZE = 14, (96, 64)


def counter(count: int = COUNT, size: tuple[int, int] = SIZE) -> PatternPictures:
    return PatternPictures(Pattern.COUNTER, count, size=size)


def read_back(path: Path) -> list[tuple[int | None, float, bool]]:
    """Number drawn, seconds and keyframe flag of each frame, by a decode of the test's own."""
    with av.open(os.fspath(path)) as container:
        return [
            (
                read_number(frame.to_ndarray(format="rgb24").astype(np.uint8)),
                float(frame.time or 0),
                bool(frame.key_frame),
            )
            for frame in container.decode(video=0)
        ]


@pytest.mark.parametrize(
    ("codec", "container"), [(codec.codec_id, name) for codec in CODECS for name in codec.containers]
)
def test_every_codec_in_every_container_keeps_frames_gops_and_rate(
    codec: str, container: str, tmp_path: Path
) -> None:
    path = tmp_path / f"out.{container}"
    settings = MakeSettings(codec=codec, container=container, gop=6, rate=Fraction(20))
    made = make_video(counter(), settings, path)
    rows = read_back(path)
    assert [row[0] for row in rows] == list(range(COUNT))
    assert np.diff([row[1] for row in rows]) == pytest.approx([0.05] * (COUNT - 1), abs=0.0011)
    keys = [number for number, row in enumerate(rows) if row[2]]
    assert keys == ([0, 6, 12] if settings.codec_spec.has_gop else list(range(COUNT)))
    assert (made.frame_count, made.size, made.cancelled) == (COUNT, SIZE, False)
    assert made.size_bytes == path.stat().st_size
    with open_video(path, use_index_cache=False) as video:
        # The matrix it was written with is the one that readers take.
        found = video.frame(0).to_rgb().mean((0, 1))
    assert found == pytest.approx(counter().picture(0).mean((0, 1)), abs=2.5)
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


def stored_fourcc(path: Path) -> str:
    """The FourCC in the bytes of a file; empty if the container names the codec in its own words."""
    data = path.read_bytes()
    if path.suffix in (".mp4", ".mov"):
        # stsd: version and flags, number of entries, size of the first, its type.
        at = data.index(b"stsd") + 16
    elif path.suffix == ".avi":
        # strf of the video stream: size of the chunk, then BITMAPINFOHEADER, whose biCompression is at 16.
        at = data.index(b"strf") + 24
    elif b"V_MS/VFW/FOURCC" in data:
        # CodecPrivate: size in as many bytes as the first has leading zeros and one, then BITMAPINFOHEADER.
        size_at = data.index(b"\x63\xa2") + 2
        at = size_at + 9 - data[size_at].bit_length() + 16
    else:
        return ""
    return data[at : at + 4].decode("ascii")


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("writer", Writer)
def test_the_fourcc_asked_for_is_in_the_file_or_it_is_refused(
    writer: Writer, container: str, tmp_path: Path
) -> None:
    path = tmp_path / f"out.{container}"
    written = set()
    for fourcc in (fourcc for codec in CODECS for fourcc in codec.fourccs):
        wanted, refusal = fourcc_named(fourcc), ""
        try:
            settings = MakeSettings(codec=fourcc, container=container, writer=writer)
            make_video(counter(3), settings, path)
        except (EncoderRefusedError, SettingsError) as error:
            refusal = error.hint
        if refusal:
            assert "disk" not in refusal
            assert not list(tmp_path.iterdir())
            continue
        if wanted:
            assert stored_fourcc(path) == wanted
            written.add(wanted)
        path.unlink()
    if writer is Writer.PYAV:
        expected = {
            "mp4": {"avc1", "hvc1", "hev1", "av01", "vp09", "mp4v"},
            "avi": {"avc1", "X264", "mp4v", "XVID", "DIVX", "FMP4", "MJPG", "HFYU", "VP80"},
            "mkv": set(),
            "webm": set(),
        }.get(container, written)
        assert written - {"VP80", "HFYU"} == expected - {"VP80", "HFYU"}


@pytest.mark.parametrize("count", [1, 2])
def test_few_frames_of_h265_have_their_times(count: int, tmp_path: Path) -> None:
    for turn in range(20):
        path = tmp_path / f"{turn}.mp4"
        make_video(counter(count), MakeSettings(codec="hevc"), path)
        assert [row[0] for row in read_back(path)] == list(range(count))


def test_what_is_refused_says_what_would_work(tmp_path: Path) -> None:
    with pytest.raises(EncoderRefusedError, match="MP4 does not support the FourCC XVID") as caught:
        make_video(counter(3), MakeSettings(codec="XVID"), tmp_path / "out.mp4")
    assert "MP4 keeps mp4v here" in caught.value.hint
    with pytest.raises(EncoderRefusedError, match="Matroska keeps no FourCC"):
        make_video(counter(3), MakeSettings(codec="xvid", container="mkv"), tmp_path / "out.mkv")
    with pytest.raises(SettingsError, match="XVID means MPEG-4 part 2"):
        MakeSettings(codec="h264", fourcc="XVID", container="avi")


@pytest.mark.parametrize(("codec", "container"), [("h264", "mp4"), ("vp9", "mkv"), ("mpeg4", "mov")])
def test_timestamps_are_kept(codec: str, container: str, tmp_path: Path) -> None:
    times = tuple(float(t) for t in np.cumsum([0.0, 0.04, 0.2, 0.033, 0.5, 0.1, 0.017, 0.04, 1.0, 0.02]))
    path = tmp_path / f"out.{container}"
    settings = MakeSettings(codec=codec, container=container, timestamps_s=times)
    make_video(counter(len(times)), settings, path)
    rows = read_back(path)
    assert [row[0] for row in rows] == list(range(len(times)))
    assert [row[1] - rows[0][1] for row in rows] == pytest.approx(times, abs=0.0006)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"all_intra": True}, "I" * COUNT),
        ({"gop": 7, "b_frames": 0}, "IPPPPPPIPPPPPP"),
        ({"codec": "hevc", "gop": 7, "b_frames": 0}, "IPPPPPPIPPPPPP"),
    ],
)
def test_structure_is_what_was_asked_for(changes: dict[str, Any], expected: str, tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    make_video(counter(), MakeSettings(**changes), path)
    with av.open(os.fspath(path)) as container:
        types = [av.video.frame.PictureType(f.pict_type).name for f in container.decode(video=0)]
    assert "".join(types) == expected


def test_open_gops_have_leading_pictures(tmp_path: Path) -> None:
    def leading(path: Path) -> int:
        with av.open(os.fspath(path)) as container:
            packets = [p for p in container.demux(video=0) if p.pts is not None]
        keys = [place for place, packet in enumerate(packets) if packet.is_keyframe]
        return sum(p.pts < packets[key].pts for key in keys for p in packets[key + 1 :])  # type: ignore[operator]

    for is_open in (True, False):
        settings = MakeSettings(gop=8, b_frames=3, open_gop=is_open, container="mkv")
        make_video(counter(40), settings, tmp_path / f"{is_open}.mkv")
    assert leading(tmp_path / "True.mkv") > 0
    assert leading(tmp_path / "False.mkv") == 0


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_players_are_told_to_turn(rotation: int, tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    make_video(counter(2), MakeSettings(rotation=rotation), path)
    with av.open(os.fspath(path)) as container:
        assert next(container.decode(video=0)).rotation % 360 == -rotation % 360


def test_ffv1_in_rgb_is_lossless(tmp_path: Path) -> None:
    source = PatternPictures(Pattern.NOISE, 3, size=SIZE)
    make_video(source, MakeSettings(codec="ffv1", container="mkv", pixel_format="bgr0"), tmp_path / "out.mkv")
    with av.open(os.fspath(tmp_path / "out.mkv")) as container:
        for number, frame in enumerate(container.decode(video=0)):
            assert np.array_equal(frame.to_ndarray(format="rgb24"), source.picture(number))


def test_better_quality_is_larger_and_the_bit_rate_is_kept(tmp_path: Path) -> None:
    source = PatternPictures(Pattern.NOISE, 25, size=SIZE)
    sizes = [
        make_video(source, MakeSettings(quality=quality), tmp_path / f"{quality}.mp4").size_bytes
        for quality in (10, 50, 90)
    ]
    assert sizes == sorted(sizes)
    free = MakeSettings(quality=None, bit_rate=400_000)
    made = make_video(source, free, tmp_path / "rate.mp4")
    assert 0.3 < made.size_bytes * 8 / 400_000 < 3


def test_pictures_of_another_size_are_named(tmp_path: Path) -> None:
    settings = MakeSettings(size=(128, 64))
    with pytest.raises(SettingsError, match="frame 0: The picture has 96 × 64"):
        make_video(counter(), settings, tmp_path / "out.mp4")
    assert not list(tmp_path.iterdir())
    made = make_video(counter(3), replace(settings, fit=Fit.PAD), tmp_path / "out.mp4")
    assert made.size == (128, 64)


def test_cancelling_leaves_a_file_that_plays(tmp_path: Path) -> None:
    cancel = CancelToken()

    def stop(update: Progress) -> None:
        if update.done == 5:
            cancel.cancel()

    path = tmp_path / "out.mp4"
    made = make_video(counter(), MakeSettings(), path, progress=stop, cancel=cancel)
    assert made.cancelled
    assert [row[0] for row in read_back(path)] == list(range(made.frame_count)) == list(range(5))
    assert [left.name for left in tmp_path.iterdir()] == ["out.mp4"]


class Failing(PatternPictures):
    """Its fourth picture is gone."""

    def picture(self, number: int) -> NDArray[np.uint8]:
        if number == 3:
            raise SynthesisError("frame 3 is gone")
        return super().picture(number)


@pytest.mark.parametrize("writer", Writer)
def test_an_error_leaves_what_was_there(writer: Writer, tmp_path: Path) -> None:
    path = tmp_path / "out.avi"
    path.write_bytes(b"what was there")
    settings = MakeSettings(codec="mjpeg", container="avi", writer=writer)
    with pytest.raises(SynthesisError, match="frame 3 is gone"):
        make_video(Failing(Pattern.COUNTER, 8, size=SIZE), settings, path, replaces=True)
    assert path.read_bytes() == b"what was there"
    assert [left.name for left in tmp_path.iterdir()] == ["out.avi"]


def test_cancelling_keeps_a_file_that_was_to_be_replaced(tmp_path: Path) -> None:
    path, cancel = tmp_path / "out.mp4", CancelToken()
    path.write_bytes(b"what was there")
    with pytest.raises(Cancelled):
        make_video(
            counter(),
            MakeSettings(),
            path,
            replaces=True,
            progress=lambda _: cancel.cancel(),
            cancel=cancel,
        )
    assert path.read_bytes() == b"what was there"
    assert [left.name for left in tmp_path.iterdir()] == ["out.mp4"]


def test_opencv_writes_what_it_can_and_is_not_asked_for_more(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    settings = MakeSettings(codec="mp4v", writer=Writer.OPENCV)
    made = make_video(counter(), settings, path)
    assert (made.fourcc, made.codec, made.frame_count) == ("mp4v", "mpeg4", COUNT)
    assert [row[0] for row in read_back(path)] == list(range(COUNT))
    with pytest.raises(SettingsError, match="does not support timestamps, a rotation"):
        make_video(counter(2), replace(settings, timestamps_s=(0.0, 1.0), rotation=90), path)


def test_a_frame_that_is_not_in_the_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful(ClipWriter):
        def write(self, rgb: NDArray[np.uint8], pts: int | None = None) -> None:
            if rgb.sum() and read_number(rgb) != 9:
                super().write(rgb, pts)

    monkeypatch.setattr(making, "ClipWriter", Forgetful)
    with pytest.raises(SynthesisError, match="14 frames were written, but the file shows 13"):
        make_video(counter(), MakeSettings(), tmp_path / "out.mp4")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("out.avi", MakeSettings(), "does not end in .mp4"),
        ("out.mp4", MakeSettings(timestamps_s=(0.0, 1.0)), "2 timestamps for 14 pictures"),
        ("out.mp4", MakeSettings(size=(97, 64), fit=Fit.PAD), "98 × 64"),
    ],
)
def test_settings_that_do_not_suit_are_refused(
    name: str, settings: MakeSettings, words: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        make_video(counter(), settings, tmp_path / name)
    assert words in f"{caught.value.message} {caught.value.hint}"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no disk that is always full")  # noqa: PTH110
def test_a_full_disk_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = making._writer  # noqa: SLF001 - the disk is what is full

    def full(settings: MakeSettings, path: Path, size: tuple[int, int]) -> ClipWriter | OpenCVWriter:
        if path.parent != tmp_path:
            return write(settings, path, size)
        disk = tmp_path / "full.mkv"
        disk.symlink_to("/dev/full")
        return ClipWriter(disk, ClipFormat(*size))

    monkeypatch.setattr(making, "_writer", full)
    with pytest.raises(DestinationLostError, match="is full"):
        make_video(
            PatternPictures(Pattern.NOISE, 60, size=(320, 240)),
            MakeSettings(container="mkv"),
            tmp_path / "out.mkv",
        )
    assert not (tmp_path / "out.mkv").exists()


def test_a_folder_that_cannot_be_written_is_said_of_the_file_asked_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DestinationError, match=r"file is not a folder"):
        make_video(counter(2), MakeSettings(), tmp_path / "file" / "out.mp4")
