"""Pictures are encoded as asked for, or the fault is said."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import psutil
import pytest

from framescope.core.errors import DestinationLostError, SynthesisError
from framescope.core.synth.clip_writer import ClipFormat, ClipWriter
from framescope.core.synth.encoder_options import clip_format
from framescope.core.synth.make_settings import MakeSettings

if TYPE_CHECKING:
    from pathlib import Path

GREY = np.full((48, 64, 3), 128, np.uint8)


def test_what_is_written_can_be_decoded(tmp_path: Path) -> None:
    path = tmp_path / "clip é.mp4"
    with ClipWriter(path, ClipFormat(64, 48, Fraction(25))) as writer:
        for _ in range(5):
            writer.write(GREY)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == 25
        frames = list(container.decode(stream))
    assert [frame.time for frame in frames] == pytest.approx([n / 25 for n in range(5)])
    assert frames[0].color_range == 1
    assert np.abs(frames[0].to_ndarray(format="rgb24").astype(int) - 128).max() <= 2


def test_vp8_is_written_without_threads_that_wait_in_loops(tmp_path: Path) -> None:
    clip_format_of_vp8 = clip_format(MakeSettings(codec="vp8", container="webm"), (640, 480))
    before = psutil.Process().num_threads()
    with ClipWriter(tmp_path / "clip.webm", clip_format_of_vp8) as writer:
        for _ in range(3):
            writer.write(np.full((480, 640, 3), 128, np.uint8))
        assert psutil.Process().num_threads() == before


def test_a_folder_that_takes_no_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with (
        pytest.raises(DestinationLostError, match="taken") as caught,
        ClipWriter(tmp_path / "taken" / "clip.mp4", ClipFormat(64, 48)) as writer,
    ):
        writer.write(GREY)
    assert caught.value.hint


def test_an_unknown_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError):
        ClipWriter(tmp_path / "clip.mp4", ClipFormat(64, 48, codec="no_such_codec"))
    with pytest.raises(SynthesisError):
        ClipWriter(tmp_path / "clip.mp4", ClipFormat(64, 48, codec="aac"))
