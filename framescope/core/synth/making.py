"""Makes a video from pictures and verifies it by reading it back: frame count and FourCC."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import (
    Cancelled,
    EncoderRefusedError,
    FrameScopeError,
    SettingsError,
    SynthesisError,
)
from framescope.core.files import part_file
from framescope.core.folders import temporary_folder
from framescope.core.media.index_builder import Counting
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.source.opening import build_index, probe
from framescope.core.synth.clip_writer import ClipWriter
from framescope.core.synth.codecs import CONTAINERS
from framescope.core.synth.encoder_options import LEAST_FRAMES_FOR_B, clip_format, ticks_of
from framescope.core.synth.fit import fitted
from framescope.core.synth.make_settings import Fit, MakeSettings, Writer
from framescope.core.synth.opencv_writer import OpenCVWriter
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.model.progress import ProgressCallback
    from framescope.core.synth.pictures import PictureSource


_WITHOUT_FOURCCS = frozenset({"mkv", "webm"})
"""Containers that name codecs in their own words."""


@dataclass(frozen=True, slots=True)
class MadeVideo:
    """A video that was made, as it was found when it was opened again.

    Attributes:
        path: The file.
        frame_count: Frames that a sequential decode shows.
        fourcc: As the file stores it.
        codec: FFmpeg's name of the codec found in it.
        size: (width, height) as coded, before any rotation.
        size_bytes: Bytes of the file.
        cancelled: Whether it ends early because it was asked to.
        elapsed_s: How long writing and checking took.
    """

    path: Path
    frame_count: int
    fourcc: str
    codec: str
    size: tuple[int, int]
    size_bytes: int
    cancelled: bool
    elapsed_s: float


def make_video(  # noqa: PLR0913 - every option is named at the call
    source: PictureSource,
    settings: MakeSettings,
    path: Path,
    *,
    replaces: bool = False,
    any_fourcc: bool = False,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> MadeVideo:
    """Write the pictures into ``path`` and check the result.

    Cancelling finishes the file with the frames so far, so that it plays, unless there is a file to be
    replaced, which then stays. An error removes it. A file of that name is replaced only by one that is whole
    and checked. What the encoder or the container does not take is refused before the work: a few pictures
    are written as asked and looked at.

    Args:
        source: The pictures.
        settings: How the video is to be made.
        path: Output file; the extension must match the container.
        replaces: Whether a file of this name may be replaced.
        any_fourcc: Whether the file may hold another FourCC than the one that was requested, or none.
        progress: Called after each frame.
        cancel: Cancels.

    Raises:
        SettingsError: The settings do not suit the pictures or the file's name.
        EncoderRefusedError: The encoder or the container does not take what was requested.
        SynthesisError: A frame could not be encoded or written, or is not in the file.
        DestinationError: The file cannot be written, is there already, or is a source of the pictures.
        Cancelled: The work was cancelled, and the file that was to be replaced stays.
        FrameScopeError: A picture is not available.
    """
    began = time.monotonic()
    cancel = cancel or CancelToken()
    check_settings(settings, path)
    total = len(source)
    if not total:
        raise SettingsError(tr("There are no pictures to make a video from."))
    if settings.timestamps_s and len(settings.timestamps_s) != total:
        raise SettingsError(
            tr(
                "There are {timestamps} for {pictures}.",
                timestamps=counted(len(settings.timestamps_s), "timestamp", "timestamps"),
                pictures=counted(total, "picture", "pictures"),
            ),
            hint=tr("Give one per frame."),
        )
    height, width = source.picture(0).shape[:2]
    size = settings.size or (width, height)
    written = 0
    ticks = ticks_of(settings) if settings.timestamps_s else ()
    if total < LEAST_FRAMES_FOR_B:
        settings = replace(settings, b_frames=0)
    with part_file(path, replaces=replaces, sources=source.paths) as part:
        if not any_fourcc:
            _rehearse(settings, _picture(source, 0, size, settings.fit))
        with _writer(settings, part, size) as writer:
            for number in range(total):
                if cancel.is_cancelled and written:
                    if os.path.lexists(path):
                        raise Cancelled
                    break
                writer.write(_picture(source, number, size, settings.fit), ticks[number] if ticks else None)
                written += 1
                progress(Progress(written, total, tr("Writing frames")))
        progress(Progress(written, total, tr("Checking the file")))
        made = _found_again(part, written)
        if not any_fourcc:
            _check_fourcc(settings, made[0])
        size_bytes = part.stat().st_size
    return MadeVideo(path, written, *made, size, size_bytes, written < total, time.monotonic() - began)


def _picture(source: PictureSource, number: int, size: tuple[int, int], fit: Fit) -> NDArray[np.uint8]:
    try:
        return fitted(source.picture(number), size, fit)
    except SettingsError as error:
        raise SettingsError(f"{source.describe(number)}: {error.message}", hint=error.hint) from error


def check_settings(settings: MakeSettings, path: Path) -> None:
    """Refuse a name or a writer that the settings do not go with.

    Raises:
        SettingsError: It is so.
    """
    ending = path.suffix.removeprefix(".").casefold()
    if ending != settings.container:
        raise SettingsError(
            tr("{path} does not end in .{container}.", path=path.name, container=settings.container),
            hint=tr("A {containers} file does.", containers=CONTAINERS[settings.container]),
        )
    if settings.writer is Writer.OPENCV:
        asked = {
            "timestamps": bool(settings.timestamps_s),
            "a rotation": bool(settings.rotation),
            "a bitrate": settings.bit_rate is not None,
            "a pixel format": bool(settings.pixel_format),
            "open GOPs": settings.open_gop,
            "all-intra": settings.all_intra and settings.codec_spec.has_gop,
        }
        lacking = [what for what, is_asked in asked.items() if is_asked]
        if lacking:
            raise SettingsError(
                tr("OpenCV's VideoWriter does not support {lacking}.", lacking=", ".join(lacking)),
                hint=tr("Use PyAV."),
            )


def _writer(settings: MakeSettings, path: Path, size: tuple[int, int]) -> ClipWriter | OpenCVWriter:
    if settings.writer is Writer.OPENCV:
        fourcc = settings.fourcc_wanted or settings.codec_spec.fourccs[0]
        return OpenCVWriter(path, fourcc, settings.rate, size)
    return ClipWriter(path, clip_format(settings, size))


def _rehearse(settings: MakeSettings, rgb: NDArray[np.uint8]) -> None:
    """Write a picture as asked and look at it, so that a refusal comes before the work.

    Raises:
        EncoderRefusedError: The encoder or the container refuses, or stores another FourCC.
    """
    try:
        stored = _stored_fourcc(settings, rgb)
    except EncoderRefusedError as error:
        if not settings.fourcc_wanted or _fourcc_tried(_without_fourcc(settings), rgb) is None:
            raise
        raise _fourcc_refusal(settings, "", _kept_fourccs(settings, rgb)) from error
    if stored is not None and settings.fourcc_wanted not in ("", stored):
        raise _fourcc_refusal(settings, stored, _kept_fourccs(settings, rgb))


def _stored_fourcc(settings: MakeSettings, rgb: NDArray[np.uint8]) -> str | None:
    """The FourCC that such a file holds; None if that cannot be found out here.

    Raises:
        EncoderRefusedError: The encoder or the container refuses.
    """
    size = (rgb.shape[1], rgb.shape[0])
    try:
        with temporary_folder("rehearsal") as folder:
            path = Path(folder, f"rehearsal.{settings.container}")
            with _writer(replace(settings, b_frames=0), path, size) as writer:
                writer.write(rgb, 0)
            return probe(str(path)).fourcc or ""
    except EncoderRefusedError:
        raise
    except FrameScopeError:
        return None  # A full disk, or a folder that cannot be written: the work itself will say so.


def _fourcc_tried(settings: MakeSettings, rgb: NDArray[np.uint8]) -> str | None:
    try:
        return _stored_fourcc(settings, rgb)
    except EncoderRefusedError:
        return None


def _without_fourcc(settings: MakeSettings) -> MakeSettings:
    return replace(settings, codec=settings.codec_spec.codec_id, fourcc="")


def _kept_fourccs(settings: MakeSettings, rgb: NDArray[np.uint8]) -> list[str]:
    """The FourCCs of the codec that this container keeps as they are, found by trying."""
    each = ((fourcc, replace(settings, fourcc=fourcc)) for fourcc in settings.codec_spec.fourccs)
    return [fourcc for fourcc, one in each if _fourcc_tried(one, rgb) == fourcc]


def _fourcc_refusal(settings: MakeSettings, stored: str, kept: list[str]) -> EncoderRefusedError:
    codec, container = settings.codec_spec, CONTAINERS[settings.container]
    writer = settings.writer.library
    wanted = settings.fourcc_wanted
    if stored:
        reason = tr(
            "{writer} stores {stored} for {title} in {container}, not {wanted}.",
            writer=writer,
            stored=stored,
            title=codec.title,
            container=container,
            wanted=wanted,
        )
    elif settings.container in _WITHOUT_FOURCCS:
        reason = tr(
            "{container} keeps no FourCC for {title}, so {wanted} would not be in the file.",
            container=container,
            title=codec.title,
            wanted=wanted,
        )
    else:
        reason = tr(
            "{container} does not support the FourCC {wanted} for {title}.",
            container=container,
            wanted=wanted,
            title=codec.title,
        )
    which = tr("{container} keeps {kept} here. ", container=container, kept=", ".join(kept)) if kept else ""
    return EncoderRefusedError(
        reason,
        hint=tr(
            "{which}The codec {codec_id} without a FourCC takes the container's usual one;"
            " framescope writable lists what works on this machine.",
            which=which,
            codec_id=codec.codec_id,
        ),
    )


def _check_fourcc(settings: MakeSettings, stored: str) -> None:
    if settings.fourcc_wanted not in ("", stored):
        raise _fourcc_refusal(settings, stored, [])


def _found_again(path: Path, written: int) -> tuple[str, str]:
    """FourCC and codec of the file, once it is proven to hold every frame.

    Raises:
        SynthesisError: It does not.
    """
    try:
        info = probe(str(path))
        count = len(build_index(info, counting=Counting.DECODE))
    except FrameScopeError as error:
        raise SynthesisError(
            tr("The file cannot be read back: {message}", message=error.message),
            hint=tr("Check that the disk has room."),
        ) from error
    if count != written:
        raise SynthesisError(
            tr(
                "{written} written, but the file shows {shown}: frame {first_affected} is the first one"
                " affected.",
                written=counted(written, "frame was", "frames were"),
                shown=grouped(count),
                first_affected=min(count, written),
            ),
            hint=tr("Try the other writer, or check that the disk has room."),
        )
    return info.fourcc or "", info.codec
