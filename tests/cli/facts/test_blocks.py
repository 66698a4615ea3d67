"""``framescope blocks``: a frame's vectors and quantisers as text, JSON and NumPy arrays."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_json_and_arrays_are_what_python_gives(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    answer = framescope("blocks", plain_clip, "--frame", "5", "--json", "--npz", tmp_path / "five.npz")
    document = json.loads(answer.out)
    with open_video(plain_clip, with_blocks=True) as video:
        frame = video[5]
    arrays = np.load(tmp_path / "five.npz")
    for name, expected in (("vectors", frame.motion_vectors()), ("quantisers", frame.quantisers())):
        assert np.array_equal(arrays[name], expected)
        assert [tuple(record.values()) for record in document[name]] == expected.tolist()
        assert tuple(document[name][0]) == expected.dtype.names
    assert document["quantiser"] == "QP"
    assert sum(document["macroblocks"].values()) == 10 * 8


def test_a_row_for_every_frame(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    rows = list(csv.DictReader(framescope("blocks", plain_clip).out.splitlines()))
    assert [int(row["frame_number"]) for row in rows] == list(range(48))
    assert rows[0]["picture_type"] == "I"
    assert rows[0]["intra_macroblocks"] == "80"
    assert rows[0]["vectors"] == "0"
    assert all(float(row["mean_quantiser"]) > 0 for row in rows)


def test_text_says_what_a_frame_is_made_of(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    text = framescope("blocks", plain_clip, "--frame", "5").out
    assert text.startswith("Frame 5, ")
    assert "QP" in text
    assert "macroblocks" in text


def test_the_source_is_never_written_to(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    before = plain_clip.read_bytes()
    answer = framescope("blocks", plain_clip, "--frame", "0", "--npz", plain_clip, "--overwrite")
    assert answer.status == 1
    assert plain_clip.read_bytes() == before


def test_a_codec_without_blocks_is_an_error(
    framescope: Callable[..., Answer], clip: Callable[[str], Path]
) -> None:
    answer = framescope("blocks", clip("vp8.webm"), "--frame", "0")
    assert answer.status == 1
    assert "vp8 decoder exports neither" in answer.err
