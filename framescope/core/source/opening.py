"""Opens files, addresses, stores, image sequences and live sources, each with its probe, index and reader."""

from __future__ import annotations

import os
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import UnsupportedMediaError
from framescope.core.live.address import is_live
from framescope.core.media import index_builder
from framescope.core.media import probe as media_probe
from framescope.core.media.container import is_url, local_path, no_frame_decodes
from framescope.core.media.decode_count import always_go_on
from framescope.core.media.decoding.block_export import why_no_blocks
from framescope.core.media.index_builder import Counting
from framescope.core.media.index_store import IndexStore
from framescope.core.model.progress import cancellable, ignore_progress
from framescope.core.model.stream_facts import FRAGMENT_CONTAINER, LIVE_CONTAINER, SEQUENCE_CONTAINER
from framescope.core.sequence.naming import is_sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.hardware.use import HardwareUse
    from framescope.core.media.decoding.frame_reader import MakeReader
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.probe import FirstDecoded
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_ZIP_MAGIC = b"PK\x03\x04"


def probe(
    source: str | os.PathLike[str],
    *,
    stream_index: int | None = None,
    on_first: Callable[[FirstDecoded], None] | None = None,
) -> VideoInfo:
    """What a source declares; see ``media.probe`` for the arguments and errors. Threads: any."""
    if is_fragment_store(source):
        # The code of stores is imported where there is one: most programs never meet any.
        from framescope.core.fragments.source import probe_store  # noqa: PLC0415

        return probe_store(source)
    if is_sequence(source):
        from framescope.core.sequence.source import probe_sequence  # noqa: PLC0415

        return probe_sequence(source)
    if is_live(source):
        from framescope.core.live.source import probe_live  # noqa: PLC0415

        return probe_live(source)
    return media_probe.probe(source, stream_index=stream_index, on_first=on_first)


def build_index(  # noqa: PLR0913 - every option is named at the call
    info: VideoInfo,
    *,
    counting: Counting = Counting.AUTO,
    store: IndexStore | None = None,
    on_partial: Callable[[FrameIndex], None] | None = None,
    on_frame: Callable[[Frame], None] | None = None,
    frames_wanted: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    give_way: Callable[[], None] = always_go_on,
) -> FrameIndex:
    """The complete index of a source; see ``media.index_builder`` for the arguments and errors."""
    if info.container == FRAGMENT_CONTAINER:
        from framescope.core.fragments.source import index_store  # noqa: PLC0415

        return index_store(info.source)
    if info.container == SEQUENCE_CONTAINER:
        from framescope.core.sequence.source import index_sequence  # noqa: PLC0415

        return index_sequence(info.source)
    if info.container == LIVE_CONTAINER:
        from framescope.core.live.source import follow_live  # noqa: PLC0415

        return follow_live(
            info, on_partial=on_partial, frames_wanted=frames_wanted, progress=progress, cancel=cancel
        )
    # A server that does not answer is waited for within functions that take no token.
    with nullcontext() if cancel is None else cancellable(cancel):
        return index_builder.build_index(
            info,
            counting=counting,
            store=store,
            on_partial=on_partial,
            on_frame=on_frame,
            frames_wanted=frames_wanted,
            progress=progress,
            cancel=cancel,
            give_way=give_way,
        )


def known_video(  # noqa: PLR0913 - every option is named at the call
    info: VideoInfo,
    index: FrameIndex,
    *,
    cache_bytes: int | None = None,
    read_ahead: bool = False,
    with_blocks: bool = False,
    one_thread: bool = False,
    hardware: HardwareUse | None = None,
) -> Video:
    """The frames of a source whose facts and index are known; nothing is opened before the first read.

    Args:
        info: As `probe` gave it.
        index: As `build_index` gave it.
        cache_bytes: Most memory for decoded frames; None for the default.
        read_ahead: Whether two decoders, each in its own thread, also fetch the frames likely to be asked for
            next.
        with_blocks: Whether frames come with their motion vectors and quantisers.
        one_thread: Whether to decode with one thread, since other processes use the other cores.
        hardware: Which device decodes, if any; for frames without blocks.

    Raises:
        UnsupportedMediaError: FFmpeg exports neither of these for this codec.
    """
    # A program that starts shows its first picture without them.
    from framescope.core.media.decoding.reader import ExactReader  # noqa: PLC0415
    from framescope.core.media.video import Video  # noqa: PLC0415

    if hardware is not None and info.has_packets and not with_blocks:
        from framescope.core.hardware.reader import HardwareReader  # noqa: PLC0415 - only where it is wanted

        return Video(
            info,
            index,
            make_reader=partial(HardwareReader, use=hardware),
            cache_bytes=cache_bytes,
            read_ahead=read_ahead,
            decoder=partial(getattr, hardware, "now"),
        )
    make_reader = _reader_with_blocks(info) if with_blocks else _reader_of(info)
    if one_thread and make_reader is ExactReader:
        make_reader = partial(ExactReader, one_thread=True)
    return Video(
        info,
        index,
        make_reader=make_reader,
        cache_bytes=cache_bytes,
        read_ahead=read_ahead,
        looks_ahead=not one_thread,
    )


def _reader_with_blocks(info: VideoInfo) -> MakeReader:
    if why := why_no_blocks(info):
        raise UnsupportedMediaError(why)
    return partial(_reader_of(info), exports_blocks=True)


def _reader_of(info: VideoInfo) -> MakeReader:
    if info.container == FRAGMENT_CONTAINER:
        from framescope.core.fragments.reader import FragmentReader  # noqa: PLC0415

        return FragmentReader
    if info.container == SEQUENCE_CONTAINER:
        from framescope.core.sequence.reader import SequenceReader  # noqa: PLC0415

        return SequenceReader
    if info.container == LIVE_CONTAINER:
        from framescope.core.live.reader import LiveReader  # noqa: PLC0415

        return LiveReader
    from framescope.core.media.decoding.reader import ExactReader  # noqa: PLC0415 - as in `known_video`

    return ExactReader


def open_video(  # noqa: PLR0913 - every option is named at the call
    source: str | os.PathLike[str],
    *,
    stream_index: int | None = None,
    counting: Counting = Counting.AUTO,
    cache_bytes: int | None = None,
    use_index_cache: bool = True,
    read_ahead: bool = False,
    with_blocks: bool = False,
    hardware: str = "off",
    frames_wanted: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Video:
    """Open a video and index it.

    Args:
        source: A path, or an address that FFmpeg can read. Lost packets of RTP in datagrams (RTSP by UDP,
            SDP) are only known from FFmpeg's messages. These are read within ``ffmpeg_messages_logged()`` of
            ``framescope.core.media.ffmpeg_messages``, which redirects stderr of the whole process; elsewhere
            some damaged frames are not marked, and a note of the index says so.
        stream_index: The stream to take, counted over all streams; None to choose automatically.
        counting: What the frame numbers are counted from.
        cache_bytes: Memory limit for decoded frames; None for a quarter of the machine's memory, at most 2
            GiB.
        use_index_cache: Whether an index may be taken from and kept on disk.
        read_ahead: Whether two decoders, each in its own thread, also fetch the frames likely to be asked for
            next. Good for a person's hands; a script that reads once through has no use for it.
        with_blocks: Whether frames come with their motion vectors and quantisers (`Frame.motion_vectors`).
            The pictures stay the same, except damaged ones (``is_damaged``) of MPEG-1 and MPEG-2: FFmpeg then
            conceals the damage by motion.
        hardware: ``off``, ``auto``, or a device such as ``cuda`` or ``vaapi:/dev/dri/renderD129``. A device
            is used only if it gives the pictures of software, bit for bit: one that was not tried yet on this
            kind of video first decodes the start of this one, for a few seconds. ``video.decoder`` says what
            is used, and why. A device may not notice damage inside a picture, except where the frames were
            counted by decoding: then each one is compared with its digest.
        frames_wanted: So many frames are enough of a source without a known end, such as a live one.
        progress: Receives the progress of the indexing.
        cancel: Asks the indexing to stop.

    Raises:
        OpenError: The file is missing, damaged, no media, or holds no video.
        UnsupportedMediaError: FFmpeg exports no vectors or quantisers for its codec, and they are asked for.
        IndexingError: Its packets could not be listed.
        SettingsError: This FFmpeg has no such kind of device.
        Cancelled: The work was cancelled.
    """
    with nullcontext() if cancel is None else cancellable(cancel):
        info = probe(
            os.fspath(source) if local_path(source) is None else str(local_path(source)),
            stream_index=stream_index,
        )
    store = IndexStore() if use_index_cache else None
    index = build_index(
        info,
        counting=counting,
        store=store,
        frames_wanted=frames_wanted,
        progress=progress,
        cancel=cancel,
    )
    if not len(index):
        raise no_frame_decodes(info.source)
    use = _settled(info, hardware, progress, cancel)
    return known_video(
        info, index, cache_bytes=cache_bytes, read_ahead=read_ahead, with_blocks=with_blocks, hardware=use
    )


def _settled(
    info: VideoInfo, hardware: str, progress: ProgressCallback, cancel: CancelToken | None
) -> HardwareUse | None:
    if hardware == "off":
        return None
    from framescope.core.hardware.use import HardwareUse  # noqa: PLC0415 - only where it is wanted

    use = HardwareUse(info, hardware)
    use.settle(progress, cancel)
    return use


def may_be_fragment_store(source: str | os.PathLike[str]) -> bool:
    """Whether a closer look is worth it, told without the code of stores. Threads: any."""
    text = os.fspath(source)
    if is_url(text):
        return False
    if "#xywh=" in text or text.endswith("manifest.json"):
        return True
    path = Path(text)
    try:
        if path.is_dir():
            return any((path / name).is_file() for name in ("manifest.json", "unfinished.jsonl"))
        if not path.is_file():
            # Opening a pipe would wait for the program that writes to it.
            return False
        with path.open("rb") as file:
            return file.read(len(_ZIP_MAGIC)) == _ZIP_MAGIC
    except (OSError, ValueError):
        return False


def is_fragment_store(source: str | os.PathLike[str]) -> bool:
    """Whether this names a fragment store, perhaps with a region. Raises nothing. Threads: any."""
    if not may_be_fragment_store(source):
        return False
    from framescope.core.fragments.source import is_fragment_source  # noqa: PLC0415

    return is_fragment_source(source)
