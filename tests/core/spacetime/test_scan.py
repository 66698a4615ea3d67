"""A bar that moves v pixels a frame is a line of slope v; nothing is invented; stores give the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import Cancelled, SettingsError
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split
from framescope.core.fragments.store import FragmentStore
from framescope.core.media.index import NO_PTS
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from framescope.core.spacetime import scan as scan_module
from framescope.core.spacetime.image import Spacing
from framescope.core.spacetime.scan import SlitSettings, joined, scan, spacetime
from framescope.core.spacetime.slit import Slit, SlitKind
from tests.clips.encoding import Encoding, write_clip
from tests.core.spacetime.moving_bar import BAR, HEIGHT, SPEED, WIDTH, draw_bar, write_bars

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.fragments.manifest import Fragment
    from framescope.core.spacetime.image import SpaceTimeImage


def test_a_moving_bar_is_a_line_of_its_slope(tmp_path: Path) -> None:
    with open_video(write_bars(tmp_path / "a.mkv", range(25))) as video:
        image = spacetime(video, row=20)
        assert image.pixels.shape == (WIDTH, 25, 3)
        position, frame = np.indices((WIDTH, 25))
        is_bar = (position >= SPEED * frame) & (position < SPEED * frame + BAR)
        assert np.array_equal(image.pixels, np.where(is_bar, 255, 30)[..., None].repeat(3, axis=2))
        assert image.frame_numbers == range(25)
        assert np.allclose(image.times_s, np.arange(25) / 25)
        part = spacetime(video, row=20, within=range(5, 9))
        assert np.array_equal(part.pixels, image.pixels[:, 5:9])
        assert part.pts.tolist() == image.pts[5:9].tolist()
        upright = spacetime(video, column=30)
        expected = np.stack([draw_bar(number)[:, 30] for number in range(25)], axis=1)
        assert np.array_equal(upright.pixels[..., 0], expected)
        mean = spacetime(video, region=(0, 0, WIDTH, HEIGHT))
        assert mean.pixels[0, :, 1].tolist() == [round(draw_bar(number).mean()) for number in range(25)]


def test_dropped_and_doubled_frames_break_the_line(tmp_path: Path) -> None:
    numbers = [0, 1, 2, 2, 3, 6, 7]
    with open_video(write_bars(tmp_path / "a.mkv", numbers)) as video:
        starts = (spacetime(video, row=20).pixels[..., 0] == 255).argmax(axis=0)
    assert starts.tolist() == [SPEED * number for number in numbers]


def test_spaced_by_time_a_frame_is_as_wide_as_it_is_shown(tmp_path: Path) -> None:
    pts = [0, 40, 80, 200, 240]
    with open_video(write_bars(tmp_path / "a.mkv", range(5), pts)) as video:
        image = spacetime(video, row=20)
    columns = image.columns(Spacing.TIME)
    assert columns.frames.tolist() == [0, 1, 2, 2, 2, 3, 4]
    assert float(columns.step or 0) == pytest.approx(0.04)
    assert columns.hidden == 0
    assert np.array_equal(image.laid_out(columns)[:, 4], image.pixels[:, 2])
    assert image.laid_out(columns, time_down=True).shape == (7, WIDTH, 3)


def test_without_times_nothing_is_spaced_by_time(tmp_path: Path) -> None:
    with open_video(write_bars(tmp_path / "a.mkv", range(3))) as video:
        image = spacetime(video, row=20)
    for pts in ([0, 5, 3], [4, 4, 4], [0, NO_PTS, 9]):
        with pytest.raises(SettingsError, match="no ascending timestamps"):
            replace(image, pts=np.array(pts)).columns(Spacing.TIME)
    brief = replace(image, pts=np.array([0, 0, 9])).columns(Spacing.TIME)
    assert (brief.frames.tolist(), brief.hidden) == ([1, 2], 1)


def test_lines_follow_the_picture_as_displayed(tmp_path: Path) -> None:
    path = tmp_path / "turned.mp4"
    write_clip(path, Encoding(frames=3, width=160, height=90, rotation=90))
    with open_video(path) as video:
        assert video.info.rotation == 90
        shown = [frame.to_rgb() for frame in video]
        image = spacetime(video, row=33)
        assert np.array_equal(image.pixels, np.stack([rgb[33] for rgb in shown], axis=1))
        assert image.size == (160, 90)


def test_deep_video_stays_deep(tmp_path: Path) -> None:
    path = tmp_path / "deep.mkv"
    write_clip(path, Encoding("ffv1", frames=2, pixel_format="yuv420p10le"))
    with open_video(path) as video:
        exact = [frame.picture.to_bgr_exact(deep=True)[..., ::-1] for frame in video]
        image = spacetime(video, column=50)
        assert image.pixels.dtype == np.uint16
        assert np.array_equal(image.pixels, np.stack([rgb[:, 50] for rgb in exact], axis=1))
        assert spacetime(video, column=50, bit_depth="8").pixels.dtype == np.uint8


def _sequential_rows(path: Path, row: int) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray")[row] for frame in container.decode(video=0)]


def test_a_frame_that_cannot_be_read_is_striped_and_named(tmp_path: Path) -> None:
    path = write_bars(tmp_path / "a.mkv", range(6))
    rows = _sequential_rows(path, 20)
    with open_video(path) as video:
        split(video, tmp_path / "store", SplitSettings(Grid(1, 1), RunRule(length=2), FragmentCodec.FFV1))
    with FragmentStore(tmp_path / "store") as store:
        (store.path / store.manifest.runs[1].fragments[0].name).unlink()
    with open_video(tmp_path / "store") as video:
        image = spacetime(video, row=20)
    assert sorted(image.missing) == [2, 3]
    assert all("missing" in reason for reason in image.missing.values())
    for number in (0, 1, 4, 5):
        assert np.array_equal(image.pixels[:, number, 0], rows[number])
    assert image.pixels[:8, 2].tolist() == [[255, 0, 255]] * 4 + [[0, 0, 0]] * 4


@pytest.mark.parametrize("within", [range(4, 4), range(40, 60), range(0, 10, 2), range(-3, 3)])
def test_what_is_no_run_is_refused(plain_clip: Path, within: range) -> None:
    with open_video(plain_clip) as video, pytest.raises(SettingsError, match="not a run"):
        spacetime(video, row=3, within=within)


def test_exactly_one_line_is_needed(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        with pytest.raises(SettingsError, match="exactly one"):
            spacetime(video)
        with pytest.raises(SettingsError, match="exactly one"):
            spacetime(video, row=1, column=1)
        with pytest.raises(SettingsError):
            spacetime(video, row=1, interpolation="cubic")
        with pytest.raises(SettingsError):
            spacetime(video, line="across")  # type: ignore[arg-type] # as scripts without types may


def test_an_image_that_would_not_fit_is_refused_before_anything_is_decoded(
    plain_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_module, "_MOST_BYTES", 160 * 3 * 20)
    with open_video(plain_clip) as video:
        with pytest.raises(SettingsError) as caught:
            spacetime(video, row=3)
        assert "up to 20 frames" in caught.value.hint
        assert len(spacetime(video, row=3, within=range(20))) == 20


def test_it_can_be_cancelled_watched_and_continued(plain_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_module, "_PART_S", -1)
    settings = SlitSettings(Slit(SlitKind.ROW, (50,)))
    parts: list[SpaceTimeImage] = []
    with open_video(plain_clip) as video:
        whole = scan(video, settings, range(48), on_part=parts.append)
        assert [len(part) for part in parts] == list(range(1, 49))
        assert np.array_equal(parts[9].pixels, whole.pixels[:, :10])
        first, second = (scan(video, settings, run) for run in (range(30), range(30, 48)))
        assert np.array_equal(joined(first, second).pixels, whole.pixels)
        assert joined(first, second).frame_numbers == range(48)
        cancel = CancelToken()
        with pytest.raises(Cancelled):
            scan(video, settings, range(48), on_part=lambda _part: cancel.cancel(), cancel=cancel)


_SLITS: list[dict[str, object]] = [
    {"row": 50},
    {"column": 3},
    {"line": (2, 3, 150, 30)},
    {"line": (2, 3, 150, 110), "width": 5, "interpolation": "bilinear"},
    {"polyline": (10, 10, 60, 10, 60, 100)},
    {"circle": (100, 60, 25)},
    {"region": (60, 20, 30, 30)},
]


@pytest.mark.parametrize("slit", _SLITS, ids=str)
def test_a_store_gives_the_same_from_the_tiles_under_the_line(
    slit: dict[str, object], plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    with open_video(plain_clip) as video:
        split(video, store, SplitSettings(Grid(3, 4), RunRule(length=16), FragmentCodec.FFV1))
        expected = spacetime(video, **slit, within=range(10, 40))  # type: ignore[arg-type]
    read: list[Fragment] = []
    original: Callable[..., bytes] = FragmentStore.read

    def noting(self: FragmentStore, fragment: Fragment) -> bytes:
        read.append(fragment)
        return original(self, fragment)

    monkeypatch.setattr(FragmentStore, "read", noting)
    with open_video(store) as video:
        image = spacetime(video, **slit, within=range(10, 40))  # type: ignore[arg-type]
        frame = video[20]
    assert np.array_equal(image.pixels, expected.pixels)
    assert not image.damaged
    share = image.share
    assert share is not None
    whole_reads = [one for one in read if one.run == 1][-12:]
    assert len({one.tile for one in whole_reads}) == 12, "the frame itself needs all"
    assert frame.frame_number == 20
    part_reads = read[: share.fragments_read]
    assert share.tiles_read == len({one.tile for one in part_reads}) < share.tiles == 12
    assert share.bytes_read == sum(one.size_bytes for one in part_reads) < share.bytes_in_all
    assert len(read) == share.fragments_read + 12
    assert share.fragments == 3 * 12


def test_a_region_of_a_store_has_coordinates_of_its_own(plain_clip: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    with open_video(plain_clip) as video:
        split(video, store, SplitSettings(Grid(3, 4), RunRule(length=16), FragmentCodec.FFV1))
        expected = spacetime(video, row=90).pixels[80:]
    with open_video(f"{store}#xywh=80,60,80,60") as video:
        image = spacetime(video, row=30)
    # The outermost pixels lack chroma to interpolate from.
    assert np.array_equal(image.pixels[8:], expected[8:])
    assert image.share is not None
    assert image.share.tiles_read < 12


def test_a_turned_store(tmp_path: Path) -> None:
    path = tmp_path / "turned.mp4"
    write_clip(path, Encoding(frames=4, width=160, height=90, rotation=270))
    with open_video(path) as video:
        split(video, tmp_path / "store", SplitSettings(Grid(3, 3), RunRule(length=4), FragmentCodec.FFV1))
        expected = spacetime(video, line=(5, 5, 150, 20))
    with open_video(tmp_path / "store") as video:
        image = spacetime(video, line=(5, 5, 150, 20))
    assert np.array_equal(image.pixels, expected.pixels)
    assert image.share is not None
    assert image.share.tiles_read < image.share.tiles
