"""What fragments are for: a quarter of the picture for a run takes less than a third of the file."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope import open_video
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.join import JoinRequest, join
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split
from framescope.core.fragments.touch import quarter_of
from framescope.core.media.picture.planes import frame_planes
from tests.clips.truth import decode_in_sequence

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT, RUN, RUNS = 640, 384, 12, 2


@pytest.fixture(scope="module")
def textured_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grain over a ground that moves: H.264 with a keyframe every 12 frames."""
    path = tmp_path_factory.mktemp("textured") / "textured.mp4"
    random = np.random.default_rng(4)
    ground = random.integers(60, 190, (HEIGHT // 8 + 8, WIDTH // 8 + 8)).repeat(8, 0).repeat(8, 1)
    options = {"preset": "veryfast", "crf": "23", "x264-params": f"keyint={RUN}:min-keyint={RUN}:scenecut=0"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.thread_count = 1
        for number in range(RUN * RUNS):
            luma = ground[number : number + HEIGHT, number * 2 : number * 2 + WIDTH]
            grain = random.integers(-8, 9, luma.shape)
            planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
            planes[:HEIGHT] = (luma + grain).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_a_quarter_for_one_run_takes_less_than_a_third(textured_clip: Path, tmp_path: Path) -> None:
    settings = SplitSettings(Grid(4, 4), RunRule(length=RUN), FragmentCodec.H264)
    with open_video(textured_clip, use_index_cache=False) as video:
        split(video, tmp_path / "store", settings)
    region = quarter_of(WIDTH, HEIGHT)
    result = join(tmp_path / "store", tmp_path / "part.mkv", JoinRequest(region, range(RUN, 2 * RUN)))
    # The undivided file's own packets for the very same frames, read here.
    with av.open(str(textured_clip)) as container:
        sizes = {packet.pts or 0: packet.size for packet in container.demux(video=0) if packet.size}
    undivided = sum(size for _, size in sorted(sizes.items())[RUN:])
    assert result.fragments_read == 4
    assert result.bytes_read < undivided / 3
    truth = list(decode_in_sequence(textured_clip))[RUN:]
    shown = list(decode_in_sequence(tmp_path / "part.mkv"))
    assert len(shown) == RUN
    for before, after in zip(truth, shown, strict=True):
        true = frame_planes(before)[0][region.y : region.bottom, region.x : region.right].astype(int)
        assert np.abs(true - frame_planes(after)[0]).mean() < 8
