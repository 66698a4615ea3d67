"""The demo clip is what it says: H.264 with B-frames, GOP 48, every frame numbered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.synth import demo
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_the_clip_is_as_described(tmp_path: Path) -> None:
    reports: list[Progress] = []
    path = tmp_path / "demo.mp4"
    demo.write_demo(path, progress=reports.append, frame_count=60)
    assert [report.done for report in reports] == list(range(1, 61))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 1280, 720)
        assert stream.average_rate == 24
        frames = list(container.decode(stream))
    assert [read_number(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)) for frame in frames] == list(
        range(60)
    )
    assert [n for n, frame in enumerate(frames) if frame.key_frame] == [0, 48]
    assert any(frame.pict_type == av.video.frame.PictureType.B for frame in frames)


def test_the_second_half_is_another_scene() -> None:
    half = demo.DEMO_FRAMES // 2
    before, at, after = (demo.draw_demo_frame(n).astype(float) for n in (half - 1, half, half + 1))
    assert np.abs(before - at).mean() > 5 * np.abs(at - after).mean()


def test_cancelling_leaves_nothing_behind(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        demo.write_demo(tmp_path / "demo.mp4", cancel=token)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders are made, which the demo does once in the life of a program."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    forget = demo._folder_until_exit.cache_clear  # noqa: SLF001 - nothing public makes it anew
    forget()
    yield tmp_path
    forget()


@pytest.mark.parametrize("cache", [None, Path("/dev/null/cache")])
def test_without_a_usable_cache_folder_the_clip_is_temporary(
    cache: Path | None, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "cache_folder", lambda: cache)
    assert temporary in demo.demo_path().parents
    assert demo.demo_path() == demo.demo_path()


def test_a_clip_in_a_read_only_cache_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "cache_folder", lambda: tmp_path)
    path = demo.demo_path()
    assert path.parent == tmp_path
    path.touch()
    monkeypatch.setattr(demo, "is_usable_folder", lambda _: False)
    assert demo.demo_path() == path


def test_the_clip_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []

    def write(path: Path, **_: object) -> None:
        written.append(path)
        path.write_bytes(b"clip")

    monkeypatch.setattr(demo, "demo_path", lambda: tmp_path / "demo.mp4")
    monkeypatch.setattr(demo, "write_demo", write)
    assert demo.ensure_demo() == demo.ensure_demo() == tmp_path / "demo.mp4"
    assert len(written) == 1


def test_it_is_kept_in_the_users_cache_folder() -> None:
    assert demo.demo_path().suffix == ".mp4"
    assert "framescope" in str(demo.demo_path().parent).lower()
