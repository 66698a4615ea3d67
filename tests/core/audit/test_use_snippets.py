"""Code for every use is run, and gives the frames that it names."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framescope.core.audit.choice import Use
from framescope.core.audit.engines.catalog import ENGINES, ENGINES_BY_NAME
from framescope.core.audit.snippets import SnippetError, SnippetKind, SnippetRequest, snippet
from framescope.core.audit.use_snippets import has_use_snippet, use_snippet
from framescope.core.live.address import live_name
from framescope.core.live.sender import paced_stream
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from pathlib import Path

MODULES = {"FrameScope": "framescope", "OpenCV": "cv2", "PyAV": "av", "DeFFcode": "deffcode"}
WITH_CODE = [
    (use, spec.name)
    for use in Use
    for spec in ENGINES
    if use not in (Use.EXACT, Use.LIVE) and has_use_snippet(use, spec.name)
]


@pytest.fixture(scope="module")
def request_of(plain_clip: Path) -> SnippetRequest:
    with open_video(plain_clip) as video:
        return SnippetRequest(str(plain_clip), 7, video.index, stream_index=video.info.stream_index)


@pytest.fixture(scope="module")
def frames(plain_clip: Path) -> list[np.ndarray[Any, np.dtype[np.int16]]]:
    with open_video(plain_clip) as video:
        return [frame.to_rgb().astype(np.int16) for frame in video]


# DeFFcode leaves the pipe of a program open that has ended by itself.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("use", "engine"), WITH_CODE)
def test_it_reads_what_it_says(
    use: Use,
    engine: str,
    request_of: SnippetRequest,
    frames: list[np.ndarray[Any, np.dtype[np.int16]]],
) -> None:
    spec = ENGINES_BY_NAME[engine]
    if spec.version is None or importlib.util.find_spec(MODULES.get(spec.library, spec.library)) is None:
        pytest.skip(f"{spec.library} is not installed")
    names: dict[str, Any] = {}
    exec(compile(use_snippet(use, engine, request_of), "snippet", "exec"), names)

    def number_of(picture: np.ndarray[Any, Any]) -> int:
        rgb = picture[..., ::-1] if spec.gives_bgr else picture
        return int(np.argmin([np.abs(frame - rgb).mean() for frame in frames]))

    if use is Use.METADATA:
        height, width, _ = frames[0].shape
        assert (names["width"], names["height"], names["count"]) == (width, height, len(frames))
    elif use is Use.SEQUENTIAL:
        assert number_of(names["image"]) == len(frames) - 1
    elif use is Use.SHUFFLED:
        assert number_of(names["image"]) == names["number"]
    else:
        start = names["start"]
        assert [number_of(one) for one in names["clip"]] == list(range(start, start + 16))


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("engine", [spec.name for spec in ENGINES if has_use_snippet(Use.LIVE, spec.name)])
def test_a_stream_is_read_to_its_end(
    engine: str, request_of: SnippetRequest, frames: list[np.ndarray[Any, np.dtype[np.int16]]], tmp_path: Path
) -> None:
    spec = ENGINES_BY_NAME[engine]
    if spec.version is None or importlib.util.find_spec(MODULES.get(spec.library, spec.library)) is None:
        pytest.skip(f"{spec.library} is not installed")
    # What a pipe can hold, stored as a file: it has an end.
    path = tmp_path / "stream.mkv"
    seconds = request_of.index.time_of(len(frames) - 1)
    path.write_bytes(paced_stream(request_of.path, request_of.stream_index, seconds).data)
    address = live_name(str(path)) if engine == "framescope" else str(path)
    code = use_snippet(Use.LIVE, engine, request_of).replace('"rtsp://camera/stream"', repr(address))
    names: dict[str, Any] = {}
    exec(compile(code, "snippet", "exec"), names)
    rgb = names["image"][..., ::-1] if spec.gives_bgr else names["image"]
    assert np.abs(frames[-1] - rgb).mean() < 4


def test_an_exact_frame_has_the_code_of_the_seek_panel(request_of: SnippetRequest) -> None:
    assert use_snippet(Use.EXACT, "opencv", request_of) == snippet(SnippetKind.OPENCV, request_of)


def test_what_was_not_tested_has_no_code(request_of: SnippetRequest) -> None:
    for use, engine in ((Use.SHUFFLED, "opencv-msec"), (Use.LIVE, "decord"), (Use.CLIPS, "nobody")):
        assert not has_use_snippet(use, engine)
        with pytest.raises(SnippetError):
            use_snippet(use, engine, request_of)
    assert has_use_snippet(Use.SEQUENTIAL, "opencv-msec")
    assert not has_use_snippet(Use.EXACT, "pyav")
