"""What is written down of a source, and the facts that a store opens with."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.fragments.geometry import Region
from framescope.core.fragments.source_record import describe_store, record_source, record_video, versions
from framescope.core.source.opening import probe
from tests.core.fragments.fragment_examples import small_manifest
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_known_by_its_digest(plain_clip: Path) -> None:
    record = record_source(probe(plain_clip))
    assert record.sha256 == hashlib.sha256(plain_clip.read_bytes()).hexdigest()
    assert record.size_bytes == plain_clip.stat().st_size
    assert record.name == plain_clip.name


def test_an_address_has_no_digest() -> None:
    record = record_source(make_info(source="https://example.org/clip.mp4", file_size_bytes=None))
    assert record.sha256 is None
    assert record.name == "https://example.org/clip.mp4"


def test_fractions_are_written_as_text() -> None:
    facts = record_video(make_info(sample_aspect_ratio=Fraction(4, 3)))
    assert facts["sample_aspect_ratio"] == "4/3"
    assert facts["time_base"] == "1/12800"


def test_a_store_has_the_facts_of_its_video(tmp_path: Path) -> None:
    info = describe_store(small_manifest(), tmp_path, None, "store")
    assert (info.width, info.height, info.time_base) == (64, 32, Fraction(1, 24))
    assert info.color.matrix == "bt709"
    assert info.container == "framescope-fragments"
    assert info.bit_rate == (130 + 131 + 55 + 55) * 8 * 4


def test_a_region_is_a_smaller_picture(tmp_path: Path) -> None:
    info = describe_store(small_manifest(), tmp_path, Region(0, 0, 32, 16), "store#xywh=0,0,32,16")
    assert (info.width, info.height, info.display_width, info.display_height) == (32, 16, 32, 16)
    assert "only 32 × 16 at 0, 0" in info.container_meaning


def test_the_makers_are_named() -> None:
    assert "PyAV" in versions()
