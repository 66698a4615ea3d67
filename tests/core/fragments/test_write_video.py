"""Writing one file out of frames."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from framescope.core.errors import FragmentError, SettingsError
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.planes import plane_bytes
from framescope.core.fragments.write_video import OutputSettings, VideoWriter
from tests.clips.truth import decode_in_sequence
from tests.core.fragments.fragment_examples import noise_frame
from tests.ui.stand_ins import make_info

INFO = make_info(time_base=Fraction(1, 1000), average_rate=Fraction(25))


@pytest.mark.parametrize("name", ["yuv420p", "yuv444p10le", "yuvj420p", "bgra", "gray"])
def test_ffv1_keeps_samples_and_times(tmp_path: Path, name: str) -> None:
    path = tmp_path / "out.mkv"
    frames = [noise_frame(46, 34, name, seed=number) for number in range(4)]
    with VideoWriter(path, INFO, OutputSettings(), "words") as writer:
        for frame, pts in zip(frames, (1000, 1040, 1075, 1200), strict=True):
            writer.write(frame, pts)
    assert (writer.codec, writer.is_exact, writer.retimed) == (FragmentCodec.FFV1, True, 0)
    read = list(decode_in_sequence(path))
    assert [frame.pts for frame in read] == [0, 40, 75, 200]
    for before, after in zip(frames, read, strict=True):
        for one, other in zip(plane_bytes(before), plane_bytes(after), strict=True):
            assert np.array_equal(one, other)


def test_times_that_do_not_rise_are_moved_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, INFO, OutputSettings(), "") as writer:
        for number, pts in enumerate((0, 40, 40, None, 200)):
            writer.write(noise_frame(64, 48, seed=number), pts)
    assert writer.codec is FragmentCodec.H264
    assert writer.retimed == 2
    assert len(list(decode_in_sequence(path))) == 5


def test_another_size_is_refused(tmp_path: Path) -> None:
    def write() -> None:
        with VideoWriter(tmp_path / "out.mkv", INFO, OutputSettings(), "") as writer:
            writer.write(noise_frame(64, 48), 0)
            writer.write(noise_frame(32, 48), 40)

    with pytest.raises(FragmentError, match="changes"):
        write()


def test_what_cannot_be_coded_is_refused_in_words(tmp_path: Path) -> None:
    settings = OutputSettings(FragmentCodec.H264)
    with (
        pytest.raises(FragmentError, match="cannot be written"),
        VideoWriter(tmp_path / "out.mp4", INFO, settings, "") as writer,
    ):
        writer.write(noise_frame(63, 47), 0)


def test_a_container_is_known_by_the_ending_of_the_name(tmp_path: Path) -> None:
    assert OutputSettings().codec_for(Path("a.WEBM")) is FragmentCodec.AV1
    assert OutputSettings(FragmentCodec.FFV1).codec_for(Path("a.avi")) is FragmentCodec.FFV1
    for name, words in (("a.xyz", "a.xyz ends in .xyz"), ("a", "a has no extension")):
        with pytest.raises(SettingsError, match=words):
            OutputSettings(FragmentCodec.H264).codec_for(Path(name))
    with pytest.raises(FragmentError, match="no quality 99"):
        OutputSettings(quality=99).codec_for(Path("a.mp4"))
    with (
        pytest.raises(FragmentError, match=r"A \.webm file cannot hold H\.264"),
        VideoWriter(tmp_path / "a.webm", INFO, OutputSettings(FragmentCodec.H264), "") as writer,
    ):
        writer.write(noise_frame(64, 48), 0)
