"""Code that reads a file in the way a use needs, with the library chosen for it. Pure.

Each leaves the last picture in ``image``, or the last clip in ``clip``; metadata in ``width``, ``height`` and
``count``. Pictures are (rows, columns, 3) uint8, B G R for OpenCV, R G B for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.audit.bench_records import CLIP_LENGTH
from framescope.core.audit.choice import Use
from framescope.core.audit.engines.catalog import ENGINES_BY_NAME
from framescope.core.audit.snippets import SnippetError, SnippetKind, snippet

if TYPE_CHECKING:
    from framescope.core.audit.snippets import SnippetRequest

_KINDS = {
    "framescope": SnippetKind.FRAMESCOPE,
    "opencv": SnippetKind.OPENCV,
    "pyav-exact": SnippetKind.PYAV,
    "decord": SnippetKind.DECORD,
    "torchcodec-exact": SnippetKind.TORCHCODEC,
    "deffcode": SnippetKind.DEFFCODE,
}
"""The engines with code that reads one exact frame."""
_SHUFFLES = "for number in random.sample(range({count}), {count}):"
_STARTS = "for start in random.choices(range({count} - {length} + 1), k=8):"

# What opens the file; the code of a use follows, indented as deep as the last line.
_OPENING = {
    "FrameScope": """
import framescope

with framescope.open_video({path!r}, stream_index={stream}) as video:
""",
    "OpenCV": """
import cv2

capture = cv2.VideoCapture({path!r}, cv2.CAP_FFMPEG)
""",
    "PyAV": """
import av

with av.open({path!r}) as container:
    stream = container.streams[{stream}]
    stream.thread_type = "AUTO"
""",
    "decord": """
import decord

reader = decord.VideoReader({path!r}, ctx=decord.cpu(0))
""",
    "torchcodec": """
from torchcodec.decoders import VideoDecoder

decoder = VideoDecoder({path!r}, stream_index={stream}, dimension_order="NHWC", seek_mode={mode!r})
""",
    "DeFFcode": """
import shutil

from deffcode import FFdecoder

# Without custom_ffmpeg, DeFFcode downloads a program on Windows.
decoder = FFdecoder({path!r}, frame_format="rgb24", custom_ffmpeg=shutil.which("ffmpeg"))
""",
}
_PYAV_TIMES = """
    # A frame's number is its place in a sequential decode.
    times = [frame.pts for frame in container.decode(stream)]
"""
_PYAV_SEEK = """
        container.seek(times[{first}], stream=stream, backward=True)
        frames = (one for one in container.decode(stream) if one.pts >= times[{first}])
"""
_READING = {
    (Use.SEQUENTIAL, "FrameScope"): """
    for frame in video:
        image = frame.to_rgb()
""",
    (Use.SEQUENTIAL, "OpenCV"): """
while True:
    done, picture = capture.read()
    if not done:
        break
    image = picture
capture.release()
""",
    (Use.SEQUENTIAL, "PyAV"): """
    for frame in container.decode(stream):
        image = frame.to_ndarray(format="rgb24")
""",
    (Use.SEQUENTIAL, "decord"): """
for _ in range(len(reader)):
    image = reader.next().asnumpy()
""",
    (Use.SEQUENTIAL, "torchcodec"): """
for frame in decoder:
    image = frame.numpy()
""",
    (Use.SEQUENTIAL, "DeFFcode"): """
for image in decoder.formulate().generateFrame():
    pass
decoder.terminate()
""",
    (Use.SHUFFLED, "FrameScope"): """
    for frame in video.frames(random.sample(range({count}), {count})):
        number, image = frame.frame_number, frame.to_rgb()
""",
    (Use.SHUFFLED, "OpenCV"): f"""
{_SHUFFLES}
    capture.set(cv2.CAP_PROP_POS_FRAMES, number)
    done, image = capture.read()
    assert done, f"frame {{{{number}}}} cannot be read"
capture.release()
""",
    (Use.SHUFFLED, "PyAV"): f"""{_PYAV_TIMES}    {_SHUFFLES}{_PYAV_SEEK.format(first="number")}\
        image = next(frames).to_ndarray(format="rgb24")
""",
    (Use.SHUFFLED, "decord"): f"""
{_SHUFFLES}
    image = reader[number].asnumpy()
""",
    (Use.SHUFFLED, "torchcodec"): f"""
{_SHUFFLES}
    image = decoder.get_frame_at(number).data.numpy()
""",
    (Use.CLIPS, "FrameScope"): f"""
    {_STARTS}
        clip = [frame.to_rgb() for frame in video.frames(range(start, start + {{length}}))]
""",
    (Use.CLIPS, "OpenCV"): f"""
{_STARTS}
    capture.set(cv2.CAP_PROP_POS_FRAMES, start)
    clip = [capture.read()[1] for _ in range({{length}})]
capture.release()
""",
    (Use.CLIPS, "PyAV"): f"""{_PYAV_TIMES}    {_STARTS}{_PYAV_SEEK.format(first="start")}\
        clip = [next(frames).to_ndarray(format="rgb24") for _ in range({{length}})]
""",
    (Use.CLIPS, "decord"): f"""
{_STARTS}
    clip = reader.get_batch(range(start, start + {{length}})).asnumpy()
""",
    (Use.CLIPS, "torchcodec"): f"""
{_STARTS}
    clip = decoder.get_frames_in_range(start, start + {{length}}).data.numpy()
""",
    (Use.METADATA, "FrameScope"): """
    width, height, count = video.info.width, video.info.height, len(video)
""",
    (Use.METADATA, "OpenCV"): """
width = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
height = int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
capture.release()
""",
    (Use.METADATA, "PyAV"): """
    width, height, count = stream.width, stream.height, stream.frames
""",
    (Use.METADATA, "decord"): """
height, width, _ = reader[0].shape
count = len(reader)
""",
    (Use.METADATA, "torchcodec"): """
width, height, count = decoder.metadata.width, decoder.metadata.height, len(decoder)
""",
    (Use.METADATA, "DeFFcode"): """
facts = json.loads(decoder.metadata)
(width, height), count = facts["source_video_resolution"], facts["approx_video_nframes"]
""",
}
# What opens a stream, in place of a file; what reads it in sequence follows.
_ADDRESS = 'address = "rtsp://camera/stream"  # Put the address of your stream here.'
_STREAMS = {
    "OpenCV": f"""
import cv2

{_ADDRESS}
capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG)
""",
    "PyAV": f"""
import av

{_ADDRESS}
with av.open(address) as container:
    stream = container.streams.video[0]
""",
    "torchcodec": f"""
from torchcodec.decoders import VideoDecoder

{_ADDRESS}
# An exact decoder would first read to the end.
decoder = VideoDecoder(address, dimension_order="NHWC", seek_mode="approximate")
""",
    "DeFFcode": f"""
import shutil

from deffcode import FFdecoder

{_ADDRESS}
# Without custom_ffmpeg, DeFFcode downloads a program on Windows.
decoder = FFdecoder(address, frame_format="rgb24", custom_ffmpeg=shutil.which("ffmpeg"))
""",
}
_FOLLOWED = f"""
from framescope.core.live.follower import Follower
from framescope.core.live.source import begin_live, end_live
from framescope.core.source.opening import known_video

{_ADDRESS}
receiver = begin_live(address)
try:
    ring = receiver.ring()
    with known_video(ring.segments[0].info, ring.index()) as video:
        follower = Follower(video, ring)
        # The newest frame, once there is one; older ones are still in the ring.
        while follower.step(0.1) or not ring.has_ended:
            if follower.newest is not None:
                image = follower.newest.to_rgb()
finally:
    end_live(receiver.address.name)
    receiver.close()
"""
_MODULES = {"random.": "random", "json.": "json"}


def has_use_snippet(use: Use, engine: str) -> bool:
    """Whether there is code for this use with this engine."""
    if use is Use.EXACT:
        return engine in _KINDS
    spec = ENGINES_BY_NAME.get(engine)
    if use is Use.LIVE:
        return spec is not None and bool(spec.live) and spec.library in (*_STREAMS, "FrameScope")
    # Code that seeks by number or exactly is not what the other engines of these libraries were tested with.
    is_tested = use in (Use.SEQUENTIAL, Use.METADATA) or engine in _KINDS or engine == "torchcodec"
    return spec is not None and is_tested and (use, spec.library) in _READING


def use_snippet(use: Use, engine: str, request: SnippetRequest) -> str:
    """Code for this use with this engine; for exact single frames, of the requested frame.

    Raises:
        SnippetError: There is none.
    """
    if not has_use_snippet(use, engine):
        raise SnippetError(f"There is no code for this use of {engine}.")
    if use is Use.EXACT:
        return snippet(_KINDS[engine], request)
    library, count = ENGINES_BY_NAME[engine].library, len(request.index)
    if use is Use.LIVE:
        return _stream_snippet(library)
    template = _OPENING[library].strip("\n") + "\n" + _READING[use, library].strip("\n") + "\n"
    mode = "approximate" if engine == "torchcodec" else "exact"
    length = min(CLIP_LENGTH, count)
    code = template.format(
        path=request.path, stream=request.stream_index, count=count, length=length, mode=mode
    )
    modules = "".join(f"import {name}\n" for call, name in _MODULES.items() if call in code)
    return f"{modules}\n{code}" if modules and not code.startswith("import shutil") else f"{modules}{code}"


def _stream_snippet(library: str) -> str:
    if library == "FrameScope":
        return _FOLLOWED.lstrip("\n")
    return _STREAMS[library].lstrip("\n") + _READING[Use.SEQUENTIAL, library].lstrip("\n")
