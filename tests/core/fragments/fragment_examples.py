"""Small stores, manifests and pictures for the tests of fragments."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from framescope import open_video
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid, Region
from framescope.core.fragments.manifest import Fragment, Manifest, PictureForm, Run, SourceRecord
from framescope.core.fragments.planes import plane_bytes
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.fragments.split import SplitResult

RUN = 12
COUNT = 48
GRID = Grid(2, 3)
LOSSLESS = SplitSettings(GRID, RunRule(length=RUN), FragmentCodec.FFV1, workers=2)


def split_clip(clip: Path, path: Path, settings: SplitSettings = LOSSLESS) -> SplitResult:
    """Split a whole clip."""
    with open_video(clip, use_index_cache=False) as video:
        return split(video, path, settings)


def noise_frame(width: int, height: int, pixel_format: str = "yuv420p", seed: int = 1) -> av.VideoFrame:
    """A picture of noise of the whole range."""
    frame = av.VideoFrame(width, height, pixel_format)
    random = np.random.default_rng(seed)
    bits = max(component.bits for component in frame.format.components)
    for view in plane_bytes(frame):
        view[:] = random.integers(0, 256, view.shape, dtype=np.uint8)
        if 8 < bits < 16:
            view[:, 1::2] &= (1 << (bits - 8)) - 1
    return frame


def small_manifest() -> Manifest:
    """Two runs of 3 and 2 frames, a frame missing between them, 2 tiles of 32 × 32 each."""
    tiles = (Region(0, 0, 32, 32), Region(32, 0, 32, 32))
    form = PictureForm(
        64, 32, "yuv420p", "yuv420p", "yuv420p", is_lossless=True, format_words="yuv420p, as it is",
        colorspace=1, color_range=1, color_primaries=1, color_trc=1, tiles=tiles, coded=((32, 32),) * 2,
    )  # fmt: skip
    runs = (
        Run(0, 3, 0, tuple(_fragment(0, tile, (100, 10 + tile, 20), (0, 2, 1)) for tile in range(2))),
        Run(4, 2, 0, tuple(_fragment(1, tile, (50, 5)) for tile in range(2))),
    )
    return Manifest(
        source=SourceRecord("clip.mp4", 1000, "ab" * 32, 0, "h264", "MP4"),
        video={
            "width": 64, "height": 32, "display_width": 64, "display_height": 32, "sample_aspect_ratio": "1",
            "rotation": 0, "mirrored": False, "pixel_format": "yuv420p", "time_base": str(Fraction(1, 24)),
            "average_rate": "24", "duration_s": 0.25, "interlacing": "progressive",
            "color": {
                "matrix": "bt709", "matrix_used": "bt709", "range": "limited", "range_used": "limited",
                "transfer": "bt709", "primaries": "bt709",
            },
        },
        codec=FragmentCodec.H264,
        quality=23,
        grid=Grid(1, 2),
        run_words="every 3 frames",
        pts=(0, 1, 2, None, 4, 5),
        forms=(form,),
        runs=runs,
        missing={3: "its packet is damaged"},
    )  # fmt: skip


def _fragment(run: int, tile: int, sizes: tuple[int, ...], shown: tuple[int, ...] | None = None) -> Fragment:
    name = f"fragments/r{run:05d}_t{tile:03d}.h264"
    return Fragment(run, tile, name, sum(sizes), "00" * 32, sizes, shown)
