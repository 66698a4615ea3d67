"""Decodes the tiles of one run in parallel and joins them, completely or for a region."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

import av

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS
from framescope.core.fragments.formats import convert, shares_planes
from framescope.core.fragments.planes import chroma_steps, paint_hole, paste_tile
from framescope.core.fragments.store import FaultyFragmentError
from framescope.core.media.decode_count import picture_type_of
from framescope.core.model.frame import PictureType
from framescope.core.pyav import new_packet
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import ThreadPoolExecutor

    from av.video.codeccontext import VideoCodecContext

    from framescope.core.fragments.codecs import FragmentCodec
    from framescope.core.fragments.geometry import PicturePart, Region
    from framescope.core.fragments.manifest import Fragment, Run
    from framescope.core.fragments.store import FragmentStore


class FragmentDecoder:
    """Decodes one fragment forward. Threads: one at a time."""

    def __init__(  # noqa: PLR0913 - facts that a raw stream does not contain
        self,
        codec: FragmentCodec,
        data: bytes,
        packet_sizes: Sequence[int],
        shown: Sequence[int] | None = None,
        *,
        size: tuple[int, int],
        extradata: bytes = b"",
    ) -> None:
        """Open the decoder.

        Args:
            codec: What the fragment is coded with.
            data: Its packets, concatenated.
            packet_sizes: Bytes of each packet.
            shown: Presentation place of each packet's picture; None for the same order.
            size: Columns and rows of the coded pictures.
            extradata: The decoder's out-of-band configuration.

        Raises:
            FragmentError: This build of FFmpeg has no decoder for it.
        """
        self._title = CODECS[codec].title
        self._data = data
        self._sizes = packet_sizes
        self._shown = range(len(packet_sizes)) if shown is None else shown
        self._size = size
        self._context = _open(codec, size, extradata)
        self._frames = self._decode()
        self._frame: av.VideoFrame | None = None
        self._number = self._asked = -1

    @property
    def position(self) -> int:
        """The position of the last decoded picture; -1 before the first."""
        return self._number

    def frame(self, number: int) -> av.VideoFrame:
        """The picture at a presentation position, not before the last requested one.

        Raises:
            FragmentError: It does not decode.
            ValueError: It is before the decoder's position.
        """
        if number < self._asked:
            raise ValueError(f"picture {number} lies before {self._asked}")
        self._asked = number
        while self._frame is None or self._number < number:
            frame = next(self._frames, None)
            if frame is None or frame.pts is None:
                raise FragmentError(tr("The fragment ends before its picture {number}.", number=number))
            self._frame, self._number = frame, frame.pts
        if self._number != number:
            raise FragmentError(tr("The fragment has no picture {number}.", number=number))
        if (self._frame.width, self._frame.height) != self._size:
            raise FragmentError(
                tr(
                    "The fragment's pictures have {width} × {height} pixels instead of"
                    " {expected_width} × {expected_height}.",
                    width=self._frame.width,
                    height=self._frame.height,
                    expected_width=self._size[0],
                    expected_height=self._size[1],
                )
            )
        return self._frame

    def _decode(self) -> Iterator[av.VideoFrame]:
        place = 0
        try:
            for size, number in zip(self._sizes, self._shown, strict=True):
                packet = new_packet(self._data[place : place + size])
                packet.pts = packet.dts = number
                place += size
                yield from self._context.decode(packet)
            yield from self._context.decode(None)
        except (av.FFmpegError, ValueError) as error:
            raise FragmentError(
                tr("A fragment of {title} cannot be decoded: {error}", title=self._title, error=error)
            ) from error


def _open(codec: FragmentCodec, size: tuple[int, int], extradata: bytes) -> VideoCodecContext:
    spec = CODECS[codec]
    for name in spec.decoders:
        try:
            context = cast("VideoCodecContext", av.CodecContext.create(name, "r"))
        except ValueError:
            continue
        # Tiles provide the parallelism; a single-threaded decoder holds no picture back.
        context.thread_count = 1
        context.width, context.height = size
        if extradata:
            context.extradata = extradata
        return context
    raise FragmentError(
        tr("This build of FFmpeg has no decoder for {title}.", title=spec.title),
        hint=tr("Install PyAV's own build of FFmpeg."),
    )


class RunDecoder:
    """Decodes one run forward. Threads: one at a time, besides the pool's.

    Attributes:
        run: The run.
        window: The part of the picture that it gives, with aligned edges.
        holes: The faults of missing or altered fragments, by tile.
    """

    def __init__(
        self,
        store: FragmentStore,
        run: Run,
        region: Region | None = None,
        *,
        needs: PicturePart | None = None,
        pool: ThreadPoolExecutor | None = None,
    ) -> None:
        """Read the fragments that are needed; faulty ones become holes.

        Args:
            store: Where they are.
            run: Which frames.
            region: The part of the picture wanted; None for all of it.
            needs: What of that is needed; what lies in no tile that it meets is left as it is. None for all.
            pool: Threads to decode in; None for the caller's alone.

        Raises:
            FragmentError: The region reaches beyond the picture.
        """
        self.run = run
        self._pool = pool
        self._form = store.manifest.forms[run.form]
        form = self._form
        steps = chroma_steps(form.stored_format)
        self.window = form.region if region is None else region.widened(*steps, (form.width, form.height))
        self.holes: dict[int, str] = {}
        self._decoders: dict[int, FragmentDecoder] = {}
        self._needs = self.window if needs is None else needs
        for fragment in needed_fragments(run, form.tiles, self.window):
            if not self._is_needed(form.tiles[fragment.tile]):
                continue
            try:
                data = store.read(fragment)
            except FaultyFragmentError as error:
                self.holes[fragment.tile] = error.message
                continue
            extradata = b"" if fragment.extradata is None else store.manifest.extradata[fragment.extradata]
            self._decoders[fragment.tile] = FragmentDecoder(
                store.manifest.codec,
                data,
                fragment.packet_sizes,
                fragment.shown,
                size=form.coded[fragment.tile],
                extradata=extradata,
            )
        self._position = -1
        self._tiles: dict[int, av.VideoFrame] = {}

    def _is_needed(self, tile: Region) -> bool:
        return tile.meets(self.window) and self._needs.meets(tile)

    @property
    def position(self) -> int:
        """The number of the frame that was decoded last; before the run's first at the start."""
        return self.run.first_frame + self._position

    @property
    def is_lost(self) -> bool:
        """Whether none of its fragments is usable."""
        return not self._decoders

    def advance(self, frame_number: int) -> None:
        """Decode up to a frame, without assembling it.

        Raises:
            ValueError: It is before the decoder's position or outside the run.
        """
        if not self.run.first_frame <= frame_number < self.run.stop:
            raise ValueError(f"frame {frame_number} is not in the run")
        number = frame_number - self.run.first_frame
        tiles = list(self._decoders)
        if self._pool is None or len(tiles) == 1:
            pictures = [self._decode(tile, number) for tile in tiles]
        else:
            pictures = list(self._pool.map(self._decode, tiles, [number] * len(tiles)))
        self._position = number
        self._tiles = {
            tile: picture for tile, picture in zip(tiles, pictures, strict=True) if picture is not None
        }

    def _decode(self, tile: int, number: int) -> av.VideoFrame | None:
        try:
            return self._decoders[tile].frame(number)
        except FragmentError as error:
            self.holes[tile] = error.message
            return None

    def picture(self) -> av.VideoFrame:
        """The current frame, assembled in the format that the store gives back; holes are striped.

        Raises:
            FragmentError: The stored format cannot be converted to that format.
        """
        form, window = self._form, self.window
        # Only the name differs between some formats: then nothing has to be converted afterwards.
        is_alike = shares_planes(form.given_format, form.stored_format)
        whole = av.VideoFrame(
            window.width, window.height, form.given_format if is_alike else form.stored_format
        )
        for tile, place in enumerate(form.tiles):
            if not self._is_needed(place):
                continue
            decoded = self._tiles.get(tile)
            if decoded is not None:
                try:
                    paste_tile(decoded, place, whole, window)
                except ValueError:
                    found = decoded.format.name
                    self.holes[tile] = tr(
                        "Tile {tile} is in {found} instead of {stored_format}.",
                        tile=tile,
                        found=found,
                        stored_format=form.stored_format,
                    )
                else:
                    continue
            paint_hole(whole, place, window)
        whole.color_range = form.color_range
        try:
            whole = convert(whole, form.given_format)
        except (ValueError, av.FFmpegError) as error:
            raise FragmentError(
                tr(
                    "{stored_format} cannot be turned into {given_format}.",
                    stored_format=form.stored_format,
                    given_format=form.given_format,
                )
            ) from error
        whole.colorspace, whole.color_range = form.colorspace, form.color_range
        whole.color_primaries, whole.color_trc = form.color_primaries, form.color_trc
        return whole

    @property
    def picture_type(self) -> PictureType:
        """The type that the tiles of the current frame share; unknown where they differ."""
        kinds = Counter(picture_type_of(frame) for frame in self._tiles.values())
        return next(iter(kinds)) if len(kinds) == 1 else PictureType.UNKNOWN


def needed_fragments(run: Run, tiles: tuple[Region, ...], part: PicturePart | None) -> tuple[Fragment, ...]:
    """The fragments of a run needed for a part of the picture; None for all of it. Pure."""
    return tuple(fragment for fragment in run.fragments if part is None or part.meets(tiles[fragment.tile]))
