"""The libraries that are compared, each behind the same few methods. Imported only inside a child process.

Nothing of FrameScope is imported at the top: the child may run in an environment that has only one library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

Options = dict[str, Any]


class Engine(Protocol):
    """A library that gives frames by number as (height, width, 3) uint8, in any channel order."""

    def open(self, path: str, options: Options) -> int:
        """Open the file and learn how many frames it has, as far as this library knows."""

    def picture(self, number: int) -> Picture:
        """The frame of that number."""

    def sequence(self, count: int) -> Iterator[Picture]:
        """The first ``count`` frames, the fastest way that the library offers."""

    def thumbnail(self, number: int, width: int) -> Picture:
        """The frame, or the keyframe before it where the library can tell, scaled down."""

    def close(self) -> None:
        """Release the file."""


class FrameScopeEngine:
    """This project's reader."""

    def __init__(self) -> None:
        self._module: Any = import_module("framescope")
        self._fed: list[int] = []
        decoder: Any = import_module("framescope.core.media.decoding.decoder").StreamDecoder
        feed = decoder.feed

        def noted_feed(decoder: object, packet: object, packet_number: int) -> object:
            self._fed.append(packet_number)
            return feed(decoder, packet, packet_number)

        decoder.feed = noted_feed

    def take_fed(self) -> list[int]:
        """The numbers of the packets that were given to a decoder since this was asked last."""
        fed, self._fed = self._fed, []
        return fed

    def open(self, path: str, options: Options) -> int:
        """Open and index; ``options`` go to ``open_video``."""
        self._video = self._module.open_video(path, **options)
        return len(self._video)

    def picture(self, number: int) -> Picture:
        """Exact, converted to BGR."""
        result: Picture = self._video.frame(number).to_bgr()
        return result

    def sequence(self, count: int) -> Iterator[Picture]:
        """In order, converted to BGR."""
        return (frame.to_bgr() for frame in self._video.frames(range(count)))

    def thumbnail(self, number: int, width: int) -> Picture:
        """The keyframe at or before ``number``, as the filmstrip shows it."""
        info = self._video.info
        height = round(width * info.height / info.width)
        result: Picture = self._video.thumbnail(number, height, exact=False)
        return result

    def close(self) -> None:
        """Close the video."""
        self._video.close()


class OpenCVEngine:
    """``cv2.VideoCapture``: ``set(CAP_PROP_POS_FRAMES)`` and ``read``; plain ``read`` when going on."""

    def __init__(self) -> None:
        self._cv2: Any = import_module("cv2")

    def open(self, path: str, options: Options) -> int:
        """Open; the count is what the header says."""
        del options
        self._capture = self._cv2.VideoCapture(path)
        self._next = 0
        return int(self._capture.get(self._cv2.CAP_PROP_FRAME_COUNT))

    def picture(self, number: int) -> Picture:
        """Seek where needed, then read."""
        if number != self._next:
            self._capture.set(self._cv2.CAP_PROP_POS_FRAMES, number)
        done, picture = self._capture.read()
        self._next = number + 1
        if not done:
            raise RuntimeError("read() answered False")
        result: Picture = picture
        return result

    def sequence(self, count: int) -> Iterator[Picture]:
        """``read`` after ``read``."""
        return (self.picture(number) for number in range(count))

    def thumbnail(self, number: int, width: int) -> Picture:
        """Seek, read, resize."""
        picture = self.picture(number)
        height = round(width * picture.shape[0] / picture.shape[1])
        area = self._cv2.INTER_AREA
        result: Picture = self._cv2.resize(picture, (width, height), interpolation=area)
        return result

    def close(self) -> None:
        """Release the capture."""
        self._capture.release()


class PyAVEngine:
    """PyAV as most programs use it: seek backward to the frame's pts, decode until it comes."""

    def __init__(self) -> None:
        self._av: Any = import_module("av")
        self._scaler: Any = import_module("av.video.reformatter").VideoReformatter()

    def open(self, path: str, options: Options) -> int:
        """Open, and list the pts of all packets, without which a number cannot be turned into a time."""
        del options
        with self._av.open(path) as container:
            packets = container.demux(container.streams.video[0])
            self._pts = sorted(packet.pts for packet in packets if packet.size and packet.pts is not None)
        self._container = self._av.open(path)
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self._frames: Any = None
        self._next = -1
        return len(self._pts)

    def picture(self, number: int) -> Picture:
        """Go on decoding where that leads to the frame at once, else seek."""
        if self._frames is None or number != self._next:
            self._container.seek(self._pts[number], stream=self._stream, backward=True)
            self._frames = self._container.decode(self._stream)
        for frame in self._frames:
            if frame.pts is not None and frame.pts >= self._pts[number]:
                self._next = number + 1
                result: Picture = frame.to_ndarray(format="bgr24")
                return result
        self._frames = None
        raise RuntimeError("the file ended before the frame came")

    def sequence(self, count: int) -> Iterator[Picture]:
        """Decode from the start."""
        self._container.seek(0)
        for _, frame in zip(range(count), self._container.decode(self._stream), strict=False):
            yield frame.to_ndarray(format="bgr24")

    def thumbnail(self, number: int, width: int) -> Picture:
        """The bare work: seek, decode one intra picture on one thread, scale it."""
        context = self._stream.codec_context
        if context.thread_count != 1:
            self.close()
            self._container = self._av.open(self._container.name)
            self._stream = self._container.streams.video[0]
            context = self._stream.codec_context
            context.thread_type, context.thread_count = "NONE", 1
        self._container.seek(self._pts[number], stream=self._stream, backward=True)
        packet = next(packet for packet in self._container.demux(self._stream) if packet.is_keyframe)
        frame = [*context.decode(packet), *context.decode(None)][0]
        context.flush_buffers()
        height = round(width * frame.height / frame.width)
        result: Picture = self._scaler.reformat(frame, width, height, "bgra").to_ndarray()
        return result

    def close(self) -> None:
        """Close the container."""
        self._frames = None
        self._container.close()


class DecordEngine:
    """decord2's ``VideoReader``."""

    def __init__(self) -> None:
        self._decord: Any = import_module("decord")

    def open(self, path: str, options: Options) -> int:
        """Open; decord lists the packets itself."""
        del options
        self._reader = self._decord.VideoReader(path)
        return len(self._reader)

    def picture(self, number: int) -> Picture:
        """By subscript."""
        result: Picture = self._reader[number].asnumpy()
        return result

    def sequence(self, count: int) -> Iterator[Picture]:
        """One after the other; decord continues without a seek."""
        return (self.picture(number) for number in range(count))

    def thumbnail(self, number: int, width: int) -> Picture:
        """Full decode; no scaling."""
        del width
        return self.picture(number)

    def close(self) -> None:
        """Drop the reader."""
        del self._reader


class TorchCodecEngine:
    """torchcodec's ``VideoDecoder`` in exact mode on the CPU."""

    def __init__(self) -> None:
        self._decoder_class: Any = import_module("torchcodec.decoders").VideoDecoder

    def open(self, path: str, options: Options) -> int:
        """Open; exact mode scans the file."""
        del options
        self._decoder = self._decoder_class(
            path, seek_mode="exact", dimension_order="NHWC", num_ffmpeg_threads=0
        )
        return len(self._decoder)

    def picture(self, number: int) -> Picture:
        """By number."""
        result: Picture = self._decoder[number].numpy()
        return result

    def sequence(self, count: int) -> Iterator[Picture]:
        """In batches of 30 frames."""
        for start in range(0, count, 30):
            batch = self._decoder.get_frames_in_range(start, min(start + 30, count)).data
            yield from batch.numpy()

    def thumbnail(self, number: int, width: int) -> Picture:
        """Full decode; no scaling."""
        del width
        return self.picture(number)

    def close(self) -> None:
        """Drop the decoder."""
        del self._decoder


ENGINES: dict[str, type[Engine]] = {
    "framescope": FrameScopeEngine,
    "opencv": OpenCVEngine,
    "pyav": PyAVEngine,
    "decord": DecordEngine,
    "torchcodec": TorchCodecEngine,
}
