"""``framescope sheet``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_a_sheet_of_chosen_frames(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.png"
    answer = framescope("sheet", plain_clip, out, "--every", 12, "--columns", 2, "--width", 400, "--json")
    table = json.loads(answer.out)
    assert answer.status == 0
    assert table["frames"] == [0, 12, 24, 36]
    assert table["files"] == [str(out)]
    assert np.asarray(Image.open(out)).shape[1] == 400


def test_without_a_choice_it_takes_some_of_all(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    answer = framescope("sheet", plain_clip, tmp_path / "a.pdf", "--dark", "--no-header", "--no-captions")
    assert answer.status == 0
    assert answer.out.startswith("a.pdf: 20 frames on ")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_there_is_kept_and_what_is_no_sheet_refused(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.png"
    out.write_bytes(b"mine")
    assert framescope("sheet", plain_clip, out).status == 1
    assert out.read_bytes() == b"mine"
    assert framescope("sheet", plain_clip, out, "--overwrite").status == 0
    answer = framescope("sheet", plain_clip, tmp_path / "a.gif")
    assert answer.status == 2
    assert ".png or .pdf" in answer.err
