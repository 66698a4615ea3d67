"""``framescope clip``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framescope.core.synth.number_blocks import read_number
from tests.clips.truth import decode_in_sequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def numbers_of(path: Path) -> list[int | None]:
    return [
        read_number(frame.to_ndarray(format="rgb24").astype(np.uint8)) for frame in decode_in_sequence(path)
    ]


def test_a_copy_begins_at_a_keyframe_and_says_so(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    answer = framescope("clip", plain_clip, out, "--in", 14, "--out", 23, "--copy")
    assert answer.status == 0, answer.err
    assert numbers_of(out) == list(range(12, 24))
    assert "Frames 12 to 23 (12 frames, 0.500 s)" in answer.out
    assert "2 frames more than requested: 2 before." in answer.out
    assert "all samples identical" in answer.out


def test_an_exact_clip_holds_both_ends(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mkv"
    answer = framescope("clip", plain_clip, out, "--in", 14, "--out", 20, "--exact", "--json")
    table: dict[str, Any] = json.loads(answer.out)
    assert numbers_of(out) == list(range(14, 21))
    assert table["frames"] == [14, 21]
    assert table["proof"]["frame_count"] == 7
    assert table["size_bytes"] == out.stat().st_size


def test_times_will_do_for_numbers(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    assert framescope("clip", plain_clip, out, "--in", "0.5s", "--out", "0:01.0", "--exact").status == 0
    assert numbers_of(out) == list(range(12, 25))
    answer = framescope("clip", plain_clip, out, "--in", "soon", "--exact")
    assert answer.status == 2


def test_a_dry_run_writes_nothing(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    answer = framescope("clip", plain_clip, out, "--in", 14, "--copy", "--dry-run")
    assert answer.status == 0
    assert "Frames 12 to 47" in answer.out
    assert "bytes" in answer.out
    answer = framescope("clip", plain_clip, out, "--exact", "--dry-run", "--json")
    assert json.loads(answer.out)["estimate"]["encoding_s"] > 0
    assert not out.exists()


def test_a_file_that_is_there_is_kept(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    out.write_bytes(b"mine")
    answer = framescope("clip", plain_clip, out, "--copy")
    assert answer.status == 1
    assert "already exists" in answer.err
    assert out.read_bytes() == b"mine"
    assert framescope("clip", plain_clip, out, "--copy", "--overwrite").status == 0
    assert len(numbers_of(out)) == 48


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "Choose one of --copy"),
        (("--all-intra", "--in", "3"), "--all-intra and --in"),
        (("--exact", "--crf", "99"), "99"),
    ],
)
def test_wrong_usage_is_refused(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path, arguments: tuple[str, ...], word: str
) -> None:
    answer = framescope("clip", plain_clip, tmp_path / "out.mp4", *arguments)
    assert answer.status == 2
    assert word in answer.err


def test_an_all_intra_file_is_tried_and_its_status_tells(
    framescope: Callable[..., Answer],
    clip: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from framescope.cli import clip as command  # noqa: PLC0415
    from framescope.core.clips.make import ProofRequest  # noqa: PLC0415

    # One library is enough here, and spares the time of the others.
    monkeypatch.setattr(
        command,
        "ProofRequest",
        lambda **requests: ProofRequest(**requests, engines=("opencv",), requests="4"),
    )
    vfr = clip("vfr.mp4")
    uneven = framescope("clip", vfr, tmp_path / "a.mp4", "--all-intra", "--json")
    assert uneven.status == 3
    engines = {row["engine"]: row["exact"] for row in json.loads(uneven.out)["audit"]}
    assert engines["opencv"] is False
    even = framescope("clip", vfr, tmp_path / "b.mp4", "--all-intra", "--cfr")
    assert even.status == 0, even.out
    assert "All" in even.out
    assert numbers_of(tmp_path / "b.mp4") == list(range(48))
