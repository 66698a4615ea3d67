"""Motion vectors and quantisers are those the clip was made with, and belong to the frame asked for."""

from __future__ import annotations

import os
import random
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.filter
import numpy as np
import pytest

from framescope.core.blocks.summary import BlockKind, block_kinds, summaries, summary_of, vector_lengths
from framescope.core.errors import FrameUnavailableError, SettingsError, UnsupportedMediaError
from framescope.core.model.blocks import QuantiserScale
from framescope.core.source.opening import open_video
from tests.clips.encoding import Encoding, write_clip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_WIDTH, _HEIGHT, _FRAMES = 192, 128, 10
_RIGHT, _DOWN = 3, 2
"""How far the texture moves from frame to frame, in pixels."""
_PANNED = {
    "h264": ("libx264", {"qp": "20", "bf": "0", "refs": "1", "x264-params": "scenecut=0:keyint=100"}),
    "mpeg4": ("mpeg4", {"qmin": "3", "qmax": "3", "bf": "0", "g": "100"}),
    "mpeg2": ("mpeg2video", {"qmin": "3", "qmax": "3", "bf": "0", "g": "100"}),
}


def _texture() -> NDArray[np.uint8]:
    noise = np.random.default_rng(5).integers(0, 256, (_HEIGHT * 2 // 4, _WIDTH * 2 // 4), np.uint8)
    return np.kron(noise, np.ones((4, 4), np.uint8))


def _write_panned(path: Path, codec: str, options: Mapping[str, str]) -> None:
    texture = _texture()
    with av.open(os.fspath(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(25), options=dict(options))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
        stream.codec_context.thread_count = 1
        for number in range(_FRAMES):
            top, left = _DOWN * (_FRAMES - number), _RIGHT * (_FRAMES - number)
            luma = texture[top : top + _HEIGHT, left : left + _WIDTH]
            planes = [luma, np.full((_HEIGHT // 2, _WIDTH), 128, np.uint8)]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(np.concatenate(planes)), format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("name", _PANNED)
def test_vectors_point_to_where_the_texture_was(name: str, tmp_path: Path) -> None:
    codec, options = _PANNED[name]
    path = tmp_path / "panned.mkv"
    _write_panned(path, codec, options)
    with open_video(path, with_blocks=True) as video:
        for number in (3, 8, 5):
            vectors = video[number].motion_vectors()
            x, y = vectors["x"].astype(int), vectors["y"].astype(int)
            # At the edges the texture comes into the picture, and no earlier frame has it.
            is_inside = (x >= 16) & (y >= 16) & (x < _WIDTH - 32) & (y < _HEIGHT - 32)
            inner = vectors[is_inside]
            assert len(inner) >= 24
            assert (inner["direction"] == -1).all()
            is_right = (inner["dx"] == -_RIGHT) & (inner["dy"] == -_DOWN)
            assert is_right.mean() > 0.95
            assert np.median(vector_lengths(video[number].known_blocks)) == pytest.approx(13**0.5)


@pytest.mark.parametrize(
    ("codec", "options", "scale", "expected"),
    [
        ("libx264", {"qp": "23", "bf": "0"}, QuantiserScale.H264_QP, {"I": 20, "P": 23}),
        ("mpeg1video", {"qmin": "5", "qmax": "5"}, QuantiserScale.MPEG_SCALE, {"I": 5, "P": 5}),
        ("mpeg4", {"qmin": "5", "qmax": "5"}, QuantiserScale.MPEG_SCALE, {"I": 5, "P": 5}),
        ("flv", {"qmin": "5", "qmax": "5"}, QuantiserScale.MPEG_SCALE, {"I": 5, "P": 5}),
        # MPEG-2's quantiser_scale is twice the code that its encoders are told.
        ("mpeg2video", {"qmin": "5", "qmax": "5"}, QuantiserScale.MPEG_SCALE, {"I": 10, "P": 10}),
        # libvpx's table maps its quantiser 20 to the index 80.
        (
            "libvpx-vp9",
            {"qmin": "20", "qmax": "20", "crf": "20", "b": "0", "aq-mode": "0", "lag-in-frames": "0"},
            QuantiserScale.VP9_INDEX,
            {"I": 80, "P": 80},
        ),
    ],
)
def test_quantisers_are_those_the_encoder_was_given(
    codec: str, options: dict[str, str], scale: QuantiserScale, expected: dict[str, int], tmp_path: Path
) -> None:
    path = tmp_path / ("clip.flv" if codec == "flv" else "clip.mkv")
    write_clip(path, Encoding(codec=codec, options=options, frames=12))
    with open_video(path, with_blocks=True) as video:
        for number in (1, 0, 7):
            frame = video[number]
            assert frame.blocks is not None
            assert frame.blocks.scale is scale
            assert frame.blocks.mean_quantiser == expected[frame.picture_type.letter]
            quantisers = frame.quantisers()
            assert int((quantisers["width"].astype(int) * quantisers["height"]).sum()) >= 160 * 120


def test_ten_bits_begin_below_zero(tmp_path: Path) -> None:
    path = tmp_path / "deep.mkv"
    # x264 counts from 0 whatever the depth: with 10 bits, its 23 is 23 - 12 in the standard.
    options = {"qp": "23", "bf": "0"}
    write_clip(path, Encoding(pixel_format="yuv420p10le", options=options, frames=4))
    with open_video(path, with_blocks=True) as video:
        assert video[1].blocks is not None
        assert video[1].blocks.mean_quantiser == 11


@pytest.mark.parametrize(
    "name",
    [
        *("h264.mp4", "gop_open.mkv", "gop_pyramid.mp4", "gop_interlaced.mp4", "gop_intra_refresh.ts"),
        *(
            "mpeg1.mpg",
            "mpeg2.ts",
            "gop_mpeg2_interlaced.ts",
            "mpeg4.avi",
            "packed.avi",
            "wmv2.asf",
            "flv1.flv",
        ),
    ],
)
def test_blocks_belong_to_the_frame_in_any_order(name: str, clip: Callable[[str], Path]) -> None:
    """FFmpeg's own filter draws each macroblock's quantiser into the chroma of a sequential decode."""
    path = clip(name)
    drawn = _drawn_quantisers(path)
    order = list(range(len(drawn)))
    random.Random(4).shuffle(order)
    compared = 0
    with open_video(path, with_blocks=True) as video, open_video(path) as plain:
        assert len(video) == len(drawn)
        for number in order:
            frame = video[number]
            for mine, other in zip(frame.planes(), plain[number].planes(), strict=True):
                assert np.array_equal(mine, other)
            for block in frame.quantisers():
                value = int(block["value"]) // (2 if video.info.codec == "mpeg2video" else 1)
                row, column = int(block["y"]) // 2 + 2, int(block["x"]) // 2 + 2
                if row < drawn[number].shape[0] and column < drawn[number].shape[1]:
                    assert drawn[number][row, column] == value * 128 // 31
                    compared += 1
    assert compared > 40 * len(drawn)


def _drawn_quantisers(path: Path) -> list[NDArray[np.uint8]]:
    """The Cb plane that FFmpeg's codecview draws quantisers into, frame by frame."""
    drawn = []
    with av.open(os.fspath(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.options = {"export_side_data": "venc_params"}
        stream.codec_context.thread_type = "NONE"
        graph = av.filter.Graph()
        graph.link_nodes(
            graph.add_buffer(template=stream), graph.add("codecview", "qp=1"), graph.add("buffersink")
        ).configure()
        for number, frame in enumerate(container.decode(stream)):
            frame.pts = number
            graph.push(frame)
            shown = graph.pull()
            assert isinstance(shown, av.VideoFrame)
            plane = shown.planes[1]
            drawn.append(
                np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, -1)[:, : plane.width].copy()
            )
    return drawn


def test_kinds_of_prediction(clip: Callable[[str], Path]) -> None:
    with open_video(clip("h264.mp4"), with_blocks=True) as video:
        types = {frame.picture_type.letter: frame for frame in video}
        rows, columns = -(-video.info.height // 16), -(-video.info.width // 16)
        for letter, possible in (
            ("I", {BlockKind.INTRA}),
            ("P", {BlockKind.INTRA, BlockKind.FROM_PAST}),
            ("B", set(BlockKind)),
        ):
            frame = types[letter]
            assert frame.blocks is not None
            kinds = block_kinds(frame.blocks, video.info.width, video.info.height)
            assert kinds.shape == (rows, columns)
            assert {BlockKind(int(kind)) for kind in np.unique(kinds)} <= possible
        assert (block_kinds(types["P"].known_blocks, video.info.width, video.info.height) > 0).mean() > 0.5
        told = list(summaries(video))
        assert [one.frame_number for one in told] == list(range(len(video)))
        assert all(sum(one.kinds.values()) == rows * columns for one in told)


def test_the_last_picture_of_mpeg_2_is_not_called_intra(clip: Callable[[str], Path]) -> None:
    with open_video(clip("mpeg2.ts"), with_blocks=True) as video:
        last = video[-1]
        assert last.blocks is not None
        assert not last.blocks.is_exported
        summary = summary_of(last, "mpeg2video")
        assert summary.kinds == {}
        assert summary.mean_quantiser is None


def test_codecs_that_export_nothing_are_named(clip: Callable[[str], Path]) -> None:
    with pytest.raises(UnsupportedMediaError, match="hevc decoder exports neither"):
        open_video(clip("hevc.mp4"), with_blocks=True)


def test_blocks_must_be_asked_for(plain_clip: Path) -> None:
    with open_video(plain_clip) as video, pytest.raises(SettingsError, match="not asked for"):
        video[0].motion_vectors()


@pytest.mark.parametrize("name", ["h264", "mpeg4", "mpeg2"])
def test_only_damaged_pictures_may_differ_from_those_without_blocks(name: str, tmp_path: Path) -> None:
    codec, options = _PANNED[name]
    path = tmp_path / "panned.avi"
    _write_panned(path, codec, options)
    data = bytearray(path.read_bytes())
    randoms = random.Random(3)
    for _ in range(12):
        data[randoms.randrange(len(data) // 2, len(data) * 3 // 4)] ^= 0xA5
    path.write_bytes(data)
    with open_video(path) as plain, open_video(path, with_blocks=True) as with_blocks:
        numbers = range(len(plain))
        pairs = list(zip(plain.try_frames(numbers), with_blocks.try_frames(numbers), strict=True))
    assert len(pairs) >= _FRAMES // 2
    for one, other in pairs:
        if isinstance(one, FrameUnavailableError) or isinstance(other, FrameUnavailableError):
            assert type(one) is type(other)
        elif not other.is_damaged:
            for plane, same in zip(one.picture.planes(), other.picture.planes(), strict=True):
                assert np.array_equal(plane, same)
