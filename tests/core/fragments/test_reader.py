"""Frames of a store by number, as the window reads them."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest

from framescope import FrameScopeError, FrameUnavailableError, open_video
from framescope.core.fragments.geometry import Region
from framescope.core.fragments.reader import FragmentReader
from framescope.core.fragments.source import index_store, name_with_region, probe_store
from tests.clips.truth import true_frames
from tests.contract.checks import restless, shuffled, wrong_frames

if TYPE_CHECKING:
    from pathlib import Path

    from framescope import Frame


@pytest.mark.parametrize("read_ahead", [False, True])
def test_any_way_through_the_store_gives_the_true_frames(
    whole_store: Path, plain_clip: Path, *, read_ahead: bool
) -> None:
    truth = true_frames(plain_clip)
    with open_video(whole_store, cache_bytes=100_000, read_ahead=read_ahead) as video:
        assert len(video) == len(truth)
        numbers = [*shuffled(len(truth))[:12], *restless(len(truth))[:40]]
        assert wrong_frames(video, truth, numbers) == []


def test_frames_on_the_way_are_given_too_when_they_are_wanted(whole_store: Path) -> None:
    seen: list[Frame] = []
    reader = FragmentReader(probe_store(whole_store), index_store(whole_store), seen.append, workers=1)
    reader.read(3, keeps_all=True)
    reader.read(6)
    assert [frame.frame_number for frame in seen] == [0, 1, 2, 3, 6]
    reader.forget_position()
    reader.close()
    assert reader.store is None


def test_a_region_reads_its_tiles_only(whole_store: Path) -> None:
    name = name_with_region(whole_store, Region(0, 0, 40, 40))
    reader = FragmentReader(probe_store(name), index_store(name), workers=1)
    frame = reader.read(20)
    assert (frame.picture.width, frame.picture.height) == (40, 40)
    assert reader.store is not None
    assert reader.store.fragments_read == {"fragments/r00001_t000.ffv1"}
    reader.close()


def test_a_hole_marks_the_frame_and_a_lost_run_refuses_its_own_only(store_copy: Path) -> None:
    (store_copy / "fragments" / "r00001_t002.ffv1").unlink()
    for path in (store_copy / "fragments").glob("r00002*"):
        path.unlink()
    with open_video(store_copy) as video:
        assert not video.frame(0).is_damaged
        assert video.frame(13).is_damaged
        with pytest.raises(FrameUnavailableError, match="r00002_t000"):
            video.frame(30)
        assert not video.frame(40).is_damaged


@pytest.mark.parametrize(
    "name",
    ["pal8", "vaapi", "bgr4", "bayer_bggr16be", "gbrap32be", "gbrapf16be", "monob", "grayf32le", "xyz12le"],
)
@pytest.mark.parametrize("key", ["stored_format", "given_format"])
def test_a_pixel_format_that_no_fragment_has_is_refused_and_ends_nothing(
    key: str, name: str, store_copy: Path
) -> None:
    manifest = store_copy / "manifest.json"
    table = json.loads(manifest.read_text("utf-8"))
    table["forms"][0][key] = name
    manifest.write_text(json.dumps(table), "utf-8")
    with contextlib.suppress(FrameScopeError), open_video(store_copy) as video:
        video.frame(3).to_rgb()
