"""Audio to copy."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.containers import KINDS
from framescope.core.clips.make import make_clip
from framescope.core.clips.settings import ClipSettings, ClipWay
from framescope.core.clips.sound import other_streams
from framescope.core.source.opening import open_video
from tests.clips.catalog import H264
from tests.clips.encoding import add_video_stream, clip_video_frame
from tests.core.clips.conftest import numbers_of

if TYPE_CHECKING:
    from pathlib import Path

_RATE = 48_000


def write_with_sound(path: Path, codec: str = "aac") -> None:
    """48 numbered frames at 24 a second; the sound is a sample's own place in steps of a frame."""
    with av.open(str(path), "w") as out:
        video = add_video_stream(out, H264)
        sound = out.add_stream(codec, rate=_RATE, layout="mono")
        assert isinstance(sound, av.AudioStream)
        sound.metadata["language"] = "deu"
        for number in range(H264.frames):
            out.mux(video.encode(clip_video_frame(number, H264)))
            samples = np.full((1, _RATE // 24), 0.02 * number - 0.5, np.float32)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = _RATE, number * (_RATE // 24), Fraction(1, _RATE)
            given = frame if codec == "aac" else av.AudioResampler("s16", "mono", _RATE).resample(frame)[0]
            out.mux(sound.encode(given))
        out.mux(video.encode(None))
        out.mux(sound.encode(None))


def levels(path: Path) -> list[tuple[float, float]]:
    """Time and mean level of every block of sound."""
    with av.open(str(path)) as container:
        return [
            (float(frame.pts * frame.time_base), float(np.mean(frame.to_ndarray()) / _peak(frame)))
            for frame in container.decode(audio=0)
            if frame.pts is not None and frame.time_base is not None
        ]


def _peak(frame: av.AudioFrame) -> float:
    return 32768.0 if frame.format.name.startswith("s16") else 1.0


@pytest.mark.parametrize("way", [ClipWay.COPY, ClipWay.EXACT])
@pytest.mark.parametrize(("source", "codec"), [("a.mkv", "pcm_s16le"), ("a.mp4", "aac")])
def test_sound_stays_with_its_pictures(tmp_path: Path, way: ClipWay, source: str, codec: str) -> None:
    write_with_sound(tmp_path / source, codec)
    out = tmp_path / f"out{source[1:]}"
    with open_video(tmp_path / source, use_index_cache=False) as video:
        plan = plan_clip(video.info, video.index, range(24, 36), out, ClipSettings(way))
        make_clip(video.info, video.index, plan)
    assert numbers_of(out) == list(range(24, 36))
    blocks = levels(out)
    assert blocks
    # What is heard while frame 24 + n is shown is what was heard with it in the source. The blocks at the
    # ends of a lossy codec fade in and out.
    for time_s, level in blocks[2:-2]:
        assert level == pytest.approx(0.02 * (24 + time_s * 24) - 0.5, abs=0.03)
    assert 0.45 < blocks[-1][0] - blocks[0][0] + 0.03 < 0.55


def test_what_is_kept_is_known_before(tmp_path: Path) -> None:
    write_with_sound(tmp_path / "a.mkv", "pcm_s16le")
    source = str(tmp_path / "a.mkv")
    (kept,) = other_streams(source, 0, KINDS[".mkv"], with_audio=True)
    assert (kept.kind, kept.codec, kept.language, kept.is_kept) == ("audio", "pcm_s16le", "deu", True)
    assert kept.words == "pcm_s16le audio (deu)"
    assert not other_streams(source, 0, KINDS[".mp4"], with_audio=True)[0].is_kept
    assert not other_streams(source, 0, KINDS[".mkv"], with_audio=False)[0].is_kept


def test_sound_that_cannot_go_along_is_named(tmp_path: Path) -> None:
    write_with_sound(tmp_path / "a.mkv", "pcm_s16le")
    with open_video(tmp_path / "a.mkv", use_index_cache=False) as video:
        plan = plan_clip(video.info, video.index, range(24, 36), tmp_path / "b.mp4", ClipSettings())
        result = make_clip(video.info, video.index, plan)
    assert "Left out: pcm_s16le audio (deu) (stream 1): MP4 cannot hold it." in plan.notes
    with av.open(str(result.path)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
