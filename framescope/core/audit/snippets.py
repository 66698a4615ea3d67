"""Generates code that reads one exact frame with each library, for "Copy as code". Pure.

Each leaves the picture in ``image``: (rows, columns, 3) uint8, B G R for OpenCV, R G B for the others. The
one for ffmpeg is a shell command that writes a PNG file.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.audit.engines.catalog import ENGINES_BY_NAME
from framescope.core.audit.engines.read_on import PATIENCE
from framescope.core.audit.records import VerdictKind
from framescope.core.errors import FrameScopeError
from framescope.core.media.decoding.seek_plan import BEGINNING, choose_entry
from framescope.core.media.index import NO_PTS
from framescope.core.media.picture.color_names import UNSPECIFIED

if TYPE_CHECKING:
    from framescope.core.audit.records import EngineTrial, FileAudit
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import ColorFacts


class SnippetKind(StrEnum):
    """The library or tool that the code uses."""

    FRAMESCOPE = "framescope"
    OPENCV = "opencv"
    PYAV = "pyav"
    DECORD = "decord"
    TORCHCODEC = "torchcodec"
    TORCHCODEC_MAPPINGS = "torchcodec-mappings"
    DEFFCODE = "deffcode"
    FFMPEG = "ffmpeg"


_ENGINES = {
    SnippetKind.FRAMESCOPE: "framescope",
    SnippetKind.OPENCV: "opencv",
    SnippetKind.PYAV: "pyav-exact",
    SnippetKind.DECORD: "decord",
    SnippetKind.TORCHCODEC: "torchcodec-exact",
    SnippetKind.TORCHCODEC_MAPPINGS: "torchcodec-exact",
}
TITLES = {kind: ENGINES_BY_NAME[name].library for kind, name in _ENGINES.items()} | {
    SnippetKind.TORCHCODEC_MAPPINGS: "torchcodec, custom_frame_mappings",
    # What makes it unsound is its constant rate, which the code turns off.
    SnippetKind.DEFFCODE: ENGINES_BY_NAME["deffcode"].library,
    SnippetKind.FFMPEG: "ffmpeg",
}
_ONLY_SEEKS = "torchcodec-exact"
"""It has no public sequential read, so if its seeks are wrong no frame can be reached."""


_WINDOW_COLORS = """\
# The file declares no colour matrix. This gives BT.709's colours, as FrameScope's window does at this size;
# OpenCV gives those of BT.601: use the code for OpenCV to get them.
"""
_OTHER_COLORS = """\
# The file declares no colour matrix. This gives BT.601's colours; FrameScope's window shows BT.709's, as
# players do at this size: use the code for FrameScope or PyAV to get them.
"""


class SnippetError(FrameScopeError):
    """No code can fetch this frame with this library."""


@dataclass(frozen=True, slots=True)
class SnippetRequest:
    """The frame to fetch.

    Attributes:
        path: The file's path, as written in the code.
        frame_number: The frame.
        index: The frame index.
        stream_index: The stream, counted over all streams of the file.
        video_stream: The stream, counted over the video streams only (ffmpeg's ``0:v:N``).
        trusted: Names of the engines that were exact for this frame; others read from the start.
        unsound: Names of the engines that cannot reach this file's frames, not even from the start.
        color: The file's declared colour properties; None if unknown.
    """

    path: str
    frame_number: int
    index: FrameIndex
    stream_index: int = 0
    video_stream: int = 0
    trusted: frozenset[str] = frozenset()
    unsound: frozenset[str] = frozenset()
    color: ColorFacts | None = None


def trusted_engines(audit: FileAudit | None, frame_number: int) -> frozenset[str]:
    """The engines that an audit found exact for this frame too; none without an audit."""
    trials = () if audit is None else audit.trials
    return frozenset(one.engine for one in trials if one.is_exact and _was_asked(one, frame_number))


def _was_asked(trial: EngineTrial, frame_number: int) -> bool:
    return not trial.is_partial or any(one.frame_number == frame_number for one in trial.requests)


def unsound_engines(audit: FileAudit | None) -> frozenset[str]:
    """The engines that an audit found unable to reach the file's frames; none without an audit."""
    return frozenset() if audit is None else frozenset(one.engine for one in audit.trials if _is_unsound(one))


def _is_unsound(trial: EngineTrial) -> bool:
    kind = trial.verdict.kind
    if trial.engine == _ONLY_SEEKS:
        return kind not in (VerdictKind.TRUSTWORTHY, VerdictKind.NOT_TRIED)
    return kind in (VerdictKind.CANNOT_READ, VerdictKind.UNSTABLE)


def snippet(kind: SnippetKind, request: SnippetRequest) -> str:
    """Code that fetches the frame.

    Raises:
        IndexError: There is no such frame.
        SnippetError: The library cannot reach it.
    """
    if not 0 <= request.frame_number < len(request.index):
        raise IndexError(f"frame {request.frame_number} of {len(request.index)}")
    if (reason := refusal(kind, request)) is not None:
        raise reason
    writers = {
        SnippetKind.FRAMESCOPE: _framescope,
        SnippetKind.OPENCV: _opencv,
        SnippetKind.PYAV: _pyav,
        SnippetKind.DECORD: _decord,
        SnippetKind.TORCHCODEC: _torchcodec,
        SnippetKind.TORCHCODEC_MAPPINGS: _torchcodec_mappings,
        SnippetKind.DEFFCODE: _deffcode,
        SnippetKind.FFMPEG: _ffmpeg,
    }
    return _color_note(kind, request) + writers[kind](request).strip("\n") + "\n"


def _assumed_matrix(request: SnippetRequest) -> str:
    """The matrix that FrameScope assumes if the file declares none and libraries assume a different one."""
    color = request.color
    is_silent = color is not None and color.matrix == UNSPECIFIED and color.matrix_used == "bt709"
    return "bt709" if is_silent else ""


def _color_note(kind: SnippetKind, request: SnippetRequest) -> str:
    if not _assumed_matrix(request) or kind is SnippetKind.FFMPEG:
        return ""
    return _WINDOW_COLORS if kind in (SnippetKind.FRAMESCOPE, SnippetKind.PYAV) else _OTHER_COLORS


def refusal(kind: SnippetKind, request: SnippetRequest) -> SnippetError | None:
    """Why no code can fetch the frame with this library; None if it can."""
    if _ENGINES.get(kind) in request.unsound:
        return SnippetError(
            f"{TITLES[kind]} cannot read frames of this file reliably.",
            hint="The audit says why; use another library.",
        )
    return _mappings_refusal(request.index) if kind is SnippetKind.TORCHCODEC_MAPPINGS else None


def _mappings_refusal(index: FrameIndex) -> SnippetError | None:
    if not index.has_timestamps:
        return SnippetError("torchcodec needs a timestamp for every frame, and this file has none for some.")
    if bool((np.diff(index.pts) <= 0).any()):
        return SnippetError("torchcodec needs timestamps that rise, and this file's do not.")
    return None


def frame_mappings(index: FrameIndex) -> str:
    """The index as JSON for torchcodec's ``custom_frame_mappings``, in the form of ``ffprobe -show_frames``.

    Raises:
        SnippetError: Frames have no timestamps, or duplicate ones.
    """
    if (reason := _mappings_refusal(index)) is not None:
        raise reason
    pts = index.pts.tolist()
    lengths = [later - earlier for earlier, later in pairwise(pts)]
    lengths.append(lengths[-1] if lengths else 1)
    frames = [
        {"pts": when, "duration": length, "key_frame": int(is_key)}
        for when, length, is_key in zip(pts, lengths, index.is_keyframe.tolist(), strict=True)
    ]
    return json.dumps({"frames": frames}, separators=(",", ":"))


def _framescope(request: SnippetRequest) -> str:
    return f"""
import framescope

# On the CPU; hardware="auto" decodes on a GPU that gives the same pictures, bit for bit.
with framescope.open_video({request.path!r}, stream_index={request.stream_index}) as video:
    image = video.frame({request.frame_number}).to_rgb()
"""


def _opencv(request: SnippetRequest) -> str:
    n = request.frame_number
    if "opencv" in request.trusted:
        return f"""
import cv2

# Seeking to this frame was exact with this version of OpenCV; check again after an update.
capture = cv2.VideoCapture({request.path!r}, cv2.CAP_FFMPEG)
capture.set(cv2.CAP_PROP_POS_FRAMES, {n})
done, image = capture.read()
assert done, "frame {n} cannot be read"
capture.release()
"""
    return f"""
import cv2

# set(CAP_PROP_POS_FRAMES) may not be exact for this frame, so read from the start. False is not
# always the end: after a damaged packet OpenCV continues.
capture = cv2.VideoCapture({request.path!r}, cv2.CAP_FFMPEG)
number, failures = -1, 0
while number < {n} and failures < {PATIENCE}:
    if capture.grab():
        number, failures = number + 1, 0
    else:
        failures += 1
assert number == {n}, "the file ends before frame {n}"
done, image = capture.retrieve()
assert done, "frame {n} cannot be read"
capture.release()
"""


def _pyav_rgb(frame: str, request: SnippetRequest) -> str:
    if _assumed_matrix(request):
        return (
            f'{frame}.reformat(format="rgb24", src_colorspace="ITU709", dst_colorspace="ITU709").to_ndarray()'
        )
    return f'{frame}.to_ndarray(format="rgb24")'


def _pyav(request: SnippetRequest) -> str:
    index, n = request.index, request.frame_number
    pts = index.pts_of(n)
    entry = choose_entry(index, n)
    start = BEGINNING if entry == BEGINNING else int(index.entries.pts[entry])
    is_known = pts is not None and start not in (BEGINNING, NO_PTS) and index.has_timestamps
    if not is_known or "pyav-exact" not in request.trusted:
        if index.damage:
            return _pyav_past_damage(request)
        return f"""
import av

# Seeking may not be exact for this frame, so decode from the start and count.
with av.open({request.path!r}) as container:
    stream = container.streams[{request.stream_index}]
    stream.thread_type = "AUTO"
    for number, frame in enumerate(container.decode(stream)):
        if number == {n}:
            image = {_pyav_rgb("frame", request)}
            break
"""
    return f"""
import av

# Frame {n} has the timestamp {pts}; it decodes correctly from the keyframe at {start}.
with av.open({request.path!r}) as container:
    stream = container.streams[{request.stream_index}]
    stream.thread_type = "AUTO"
    container.seek({start}, stream=stream, backward=True)
    for frame in container.decode(stream):
        if frame.pts == {pts}:
            image = {_pyav_rgb("frame", request)}
            break
"""


def _pyav_past_damage(request: SnippetRequest) -> str:
    n = request.frame_number
    return f"""
import av

# Packets of this file are damaged, and container.decode() stops at the first, so decode packet by packet.
number = -1
with av.open({request.path!r}) as container:
    stream = container.streams[{request.stream_index}]
    stream.thread_type = "{"NONE" if request.index.single_thread else "AUTO"}"
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        if number + len(frames) >= {n}:
            image = {_pyav_rgb(f"frames[{n} - number - 1]", request)}
            break
        number += len(frames)
"""


def _decord(request: SnippetRequest) -> str:
    n = request.frame_number
    if "decord" in request.trusted:
        return f"""
import decord

# reader[n] was exact for this frame with this version of decord; check again after an update. On the CPU:
# decord's packages have no GPU.
reader = decord.VideoReader({request.path!r}, ctx=decord.cpu(0))
image = reader[{n}].asnumpy()
"""
    return f"""
import decord

# reader[n] may not be exact for this frame, so read from the start. On the CPU: decord's packages have no
# GPU.
reader = decord.VideoReader({request.path!r}, ctx=decord.cpu(0))
for _ in range({n} + 1):
    frame = reader.next()
image = frame.asnumpy()
"""


def _torchcodec_doubt(request: SnippetRequest) -> str:
    if _ONLY_SEEKS in request.trusted:
        return ""
    return "# This may not be exact: torchcodec always seeks, so compare the picture.\n"


def _torchcodec(request: SnippetRequest) -> str:
    return f"""
from torchcodec.decoders import VideoDecoder

{_torchcodec_doubt(request)}# "exact" scans the file first; the approximate mode computes n / fps.
decoder = VideoDecoder(
    {request.path!r}, stream_index={request.stream_index}, dimension_order="NHWC", seek_mode="exact"
)
image = decoder.get_frame_at({request.frame_number}).data.numpy()
"""


def _torchcodec_mappings(request: SnippetRequest) -> str:
    return f"""
from torchcodec.decoders import VideoDecoder

{_torchcodec_doubt(request)}# The timestamps and keyframes of this file, as FrameScope found them.
mappings = {frame_mappings(request.index)!r}
decoder = VideoDecoder(
    {request.path!r},
    stream_index={request.stream_index},
    dimension_order="NHWC",
    custom_frame_mappings=mappings,
)
image = decoder.get_frame_at({request.frame_number}).data.numpy()
"""


def _deffcode(request: SnippetRequest) -> str:
    n = request.frame_number
    return f"""
import shutil

from deffcode import FFdecoder

# A seek (-ss) may not be exact, and starts a new process anyway, so read from the start. Without -fps_mode
# (-vsync before ffmpeg 5.1), ffmpeg repeats and drops frames to keep a constant rate. Without custom_ffmpeg,
# DeFFcode downloads a program on Windows.
options = {{"-map": "0:v:{request.video_stream}", "-fps_mode": "passthrough"}}
decoder = FFdecoder(
    {request.path!r}, frame_format="rgb24", custom_ffmpeg=shutil.which("ffmpeg"), **options
).formulate()
for _ in range({n} + 1):
    image = next(decoder.generateFrame(), None)
assert image is not None, "the file ends before frame {n}"
decoder.terminate()
"""


def _ffmpeg(request: SnippetRequest) -> str:
    n = request.frame_number
    select = f"select=eq(n\\,{n})"
    if matrix := _assumed_matrix(request):
        select += f",scale=in_color_matrix={matrix}"
    return (
        f"ffmpeg -v error -i {shlex.quote(request.path)} -map 0:v:{request.video_stream}"
        f" -vf {shlex.quote(select)} -fps_mode passthrough -frames:v 1 frame_{n:06d}.png"
    )
