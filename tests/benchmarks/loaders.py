"""The same libraries, reading clips as the data sets of training programs do. Imported only inside a child.

Nothing of FrameScope is imported at the top: the child may run in an environment that has only one library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    ReadClip = Callable[[int, int], NDArray[np.uint8]]
    """From a clip's first frame and its length to (frames, height, width, 3)."""


def _framescope(path: str, threads: int) -> ReadClip:
    dataset = import_module("framescope").FrameDataset
    # As in a loader's worker that has a core to itself.
    open_videos: Any = import_module("framescope.core.loader.open_videos")
    open_videos.has_one_core = lambda: threads == 1
    sets: dict[int, Any] = {}

    def read(start: int, length: int) -> NDArray[np.uint8]:
        if length not in sets:
            sets[length] = dataset([path], clip_length=length, clip_step=1, use_index_cache=False)
        frames: NDArray[np.uint8] = sets[length][start].frames
        return frames

    return read


def _decord(path: str, threads: int) -> ReadClip:
    reader = import_module("decord").VideoReader(path, num_threads=threads)

    def read(start: int, length: int) -> NDArray[np.uint8]:
        frames: NDArray[np.uint8] = reader.get_batch(list(range(start, start + length))).asnumpy()
        return frames

    return read


def _torchcodec(path: str, threads: int) -> ReadClip:
    decoder = import_module("torchcodec.decoders").VideoDecoder(
        path, seek_mode="exact", dimension_order="NHWC", num_ffmpeg_threads=threads
    )

    def read(start: int, length: int) -> NDArray[np.uint8]:
        frames: NDArray[np.uint8] = decoder.get_frames_in_range(start, start + length).data.numpy()
        return frames

    return read


def _pyav(path: str, threads: int) -> ReadClip:
    av = import_module("av")
    with av.open(path) as container:
        pts = sorted(packet.pts for packet in container.demux(video=0) if packet.pts is not None)
    container = av.open(path)
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    stream.thread_count = threads

    def read(start: int, length: int) -> NDArray[np.uint8]:
        container.seek(pts[start], stream=stream, backward=True)
        pictures = []
        for frame in container.decode(stream):
            if frame.pts is not None and frame.pts >= pts[start]:
                pictures.append(frame.to_ndarray(format="rgb24"))
            if len(pictures) == length:
                break
        return np.stack(pictures)

    return read


LOADERS: dict[str, Callable[[str, int], ReadClip]] = {
    "framescope": _framescope,
    "pyav": _pyav,
    "decord": _decord,
    "torchcodec": _torchcodec,
}
"""By engine: opens a file for reading clips, with so many threads; 0 for as many as there are cores."""
