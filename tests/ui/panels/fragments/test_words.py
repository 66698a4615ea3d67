"""The sentences of the fragment panel."""

from __future__ import annotations

from pathlib import Path

from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.join import JoinResult
from framescope.core.fragments.seams import Seam
from framescope.core.fragments.split import SplitResult
from framescope.core.fragments.store import Fault, FragmentFault
from framescope.core.fragments.touch import touched
from framescope.ui.panels.fragments.words import (
    heat_words,
    join_words,
    seam_lines,
    split_words,
    store_words,
    touch_words,
    verify_words,
)
from tests.core.fragments.fragment_examples import small_manifest


def test_a_store_and_a_region() -> None:
    manifest = small_manifest()
    assert store_words(manifest) == "H.264, quality 23 · 1 × 2 tiles · runs every 3 frames"
    tile = manifest.forms[0].tiles[0]
    heading, comparison = touch_words(touched(manifest, tile, range(3)), 3)
    assert heading == "1 fragment, 130 B"
    assert comparison == "50% of the 261 B that the whole picture takes for 3 frames"


def test_the_heat_of_a_frame() -> None:
    assert heat_words([]) == "The source video has no picture here."
    assert heat_words([80, 88]) == "This frame: 168 bits, 80 to 88 a tile"
    assert heat_words([80]) == "This frame: 80 bits"


def test_seams() -> None:
    seams = [Seam(0, 1, is_vertical=True, place=32, across=3.04, inside=1.0, worst_frame=7)] * 9
    assert len(seam_lines(seams)) == 5
    assert seam_lines(seams)[0] == ("Tiles 0 | 1", "3.0 across, 1.0 beside", 7)


def test_what_work_came_to() -> None:
    manifest = small_manifest()
    split = split_words(SplitResult(Path("store"), manifest, 2.0, 3.0, 2, 0))
    assert split.startswith("4 fragments, 371 B, in store. Took 2.0 s with 2 at once.")
    assert "1 frame could not be decoded" in split
    joined = JoinResult(
        Path("a.mkv"), FragmentCodec.FFV1, is_exact=True, frames_written=5, frames_left_out={3: "lost"},
        holes=("Fragment x is missing.",), fragments_read=4, bytes_read=371, retimed=0, words="",
    )  # fmt: skip
    words, path = join_words(joined)
    assert words == (
        "5 frames in a.mkv: FFV1, lossless. 1 hole, shown as stripes in the picture. Fragment x is"
        " missing."
        " 1 frame left out."
    )
    assert path == Path("a.mkv")
    assert join_words(None) == ("", None)


def test_checks() -> None:
    fault = FragmentFault(small_manifest().fragments[0], Fault.MISSING, "It is missing.")
    assert verify_words(4, ()) == "All 4 fragments are intact."
    assert verify_words(9, [fault] * 7).endswith("It is missing. And 2 more.")
