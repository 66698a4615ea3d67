"""What a store records about its source video, and the ``VideoInfo`` that a store opens with."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av

from framescope.core.errors import MissingFileError
from framescope.core.folders import is_regular_file
from framescope.core.fragments.codecs import CODECS
from framescope.core.fragments.manifest import SourceRecord
from framescope.core.media.container import local_path, source_name
from framescope.core.media.picture.geometry import is_quarter_turn
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.model.progress import Progress, ignore_progress
from framescope.core.model.stream_facts import FRAGMENT_CONTAINER, ColorFacts, StreamChoice, VideoInfo
from framescope.core.text import counted
from framescope.core.translation import tr, tr_later

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.fragments.geometry import Region
    from framescope.core.fragments.manifest import Manifest
    from framescope.core.model.progress import CancelToken, ProgressCallback

_PIECE = 4 << 20
_known_digests: dict[tuple[str, int, int], str] = {}
"""Digests of this run by path, size and time of change: a sweep splits the same file many times."""


def record_source(
    info: VideoInfo, *, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
) -> SourceRecord:
    """What was split, with the file's SHA-256 (an address has none).

    Raises:
        MissingFileError: The file is gone.
        Cancelled: The work was cancelled.
    """
    path = local_path(info.source)
    sha256 = None
    if path is not None and is_regular_file(path):
        status = path.stat()
        key = (str(path), status.st_size, status.st_mtime_ns)
        sha256 = _known_digests.get(key)
        if sha256 is None:
            sha256 = _known_digests[key] = _digest(path, progress, cancel)
    return SourceRecord(
        # Without a password or token: the store may be passed on.
        name=source_name(info.source),
        size_bytes=info.file_size_bytes,
        sha256=sha256,
        stream_index=info.stream_index,
        codec=info.codec,
        container=info.container_meaning,
    )


def _digest(path: Path, progress: ProgressCallback, cancel: CancelToken | None) -> str:
    digest, done = hashlib.sha256(), 0
    try:
        total = path.stat().st_size
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                if cancel is not None:
                    cancel.raise_if_cancelled()
                digest.update(piece)
                done += len(piece)
                progress(Progress(done, total, tr("Reading the source's digest")))
    except OSError as error:
        raise MissingFileError(
            tr("{path} cannot be read: {strerror}.", path=path.name, strerror=error.strerror or error)
        ) from error
    return digest.hexdigest()


def record_video(info: VideoInfo) -> dict[str, Any]:
    """The facts that a viewer of the store needs, in JSON's kinds."""
    rate = info.average_rate
    return {
        "width": info.width,
        "height": info.height,
        "display_width": info.display_width,
        "display_height": info.display_height,
        "sample_aspect_ratio": str(info.sample_aspect_ratio),
        "rotation": info.rotation,
        "mirrored": info.mirrored,
        "pixel_format": info.pixel_format,
        "time_base": str(info.time_base),
        "average_rate": None if rate is None else str(rate),
        "duration_s": info.duration_s,
        "interlacing": info.interlacing,
        "color": {
            "matrix": info.color.matrix,
            "matrix_used": info.color.matrix_used,
            "range": info.color.range_,
            "range_used": info.color.range_used,
            "transfer": info.color.transfer,
            "primaries": info.color.primaries,
        },
    }


def versions() -> str:
    """What makes stores here, for the record."""
    numbers = ".".join(str(part) for part in av.library_versions.get("libavcodec", ()))
    return tr("FrameScope with PyAV {version}, libavcodec {numbers}", version=av.__version__, numbers=numbers)


def describe_store(manifest: Manifest, path: Path, region: Region | None, source: str) -> VideoInfo:
    """The facts of a store as of any video.

    Args:
        manifest: The store's.
        path: Its folder or file.
        region: The part of the picture that is looked at; None for all of it.
        source: The name that it was opened by.
    """
    video, spec = manifest.video, CODECS[manifest.codec]
    form = manifest.forms[0] if manifest.forms else None
    pixel_format = video["pixel_format"] if form is None else form.given_format
    pixels = pixel_format_facts(pixel_format)
    color = video["color"]
    width, height = int(video["width"]), int(video["height"])
    rate = video["average_rate"]
    tiles = 0 if form is None else len(form.tiles)
    info = VideoInfo(
        source=source,
        container=FRAGMENT_CONTAINER,
        container_meaning=tr(
            "Fragment store: {tiles} tiles, {runs}",
            tiles=tiles,
            runs=counted(len(manifest.runs), "run", "runs"),
        ),
        stream_index=0,
        stream_id=0,
        stream_reason=tr("the only one in a fragment store"),
        streams_total=1,
        video_streams=(
            StreamChoice(
                0,
                manifest.codec.value,
                width,
                height,
                is_cover=False,
                is_default=True,
                label=f"#0 {spec.title} {width}×{height}",
            ),
        ),
        codec=manifest.codec.value,
        codec_meaning=tr(
            "{title}, in {fragments}",
            title=spec.title,
            fragments=counted(len(manifest.fragments), "fragment", "fragments"),
        ),
        profile=None,
        level=None,
        fourcc="",
        fourcc_meaning=tr_later("none: fragments are raw streams"),
        width=width,
        height=height,
        coded_width=width,
        coded_height=height,
        display_width=int(video["display_width"]),
        display_height=int(video["display_height"]),
        sample_aspect_ratio=Fraction(video["sample_aspect_ratio"]),
        rotation=int(video["rotation"]),
        mirrored=bool(video["mirrored"]),
        pixel_format=pixel_format,
        bit_depth=pixels.bit_depth,
        chroma=pixels.chroma,
        color=ColorFacts(
            matrix=color["matrix"],
            matrix_used=color["matrix_used"],
            range_=color["range"],
            range_used=color["range_used"],
            transfer=color["transfer"],
            primaries=color["primaries"],
        ),
        interlacing=video["interlacing"],
        has_b_frames=False,
        average_rate=None if rate is None else Fraction(rate),
        base_rate=None,
        time_base=manifest.time_base,
        start_pts=next((pts for pts in manifest.pts if pts is not None), None),
        duration_s=video["duration_s"],
        bit_rate=_bit_rate(manifest),
        frame_count_declared=manifest.frame_count,
        file_size_bytes=manifest.size_bytes if path.is_dir() else path.stat().st_size,
        decoder=spec.decoders[0],
    )
    return info if region is None else _narrowed(info, region)


def _narrowed(info: VideoInfo, region: Region) -> VideoInfo:
    shown = (region.width, region.height)
    turned = is_quarter_turn(info.rotation)
    scale_x = info.display_width / max(info.height if turned else info.width, 1)
    scale_y = info.display_height / max(info.width if turned else info.height, 1)
    if turned:
        shown = shown[::-1]
    return replace(
        info,
        width=region.width,
        height=region.height,
        coded_width=region.width,
        coded_height=region.height,
        display_width=max(1, round(shown[0] * scale_x)),
        display_height=max(1, round(shown[1] * scale_y)),
        container_meaning=tr(
            "{container_meaning}; only {words}", container_meaning=info.container_meaning, words=region.words
        ),
    )


def _bit_rate(manifest: Manifest) -> int | None:
    duration = manifest.video["duration_s"]
    return round(manifest.size_bytes * 8 / duration) if duration else None
