"""DeFFcode: what it is told, with a stand-in; and the truth about it, where it and ffmpeg are installed."""

from __future__ import annotations

import json
import shutil
import sys
from fractions import Fraction
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pytest

from framescope.core.audit.engines.catalog import find_engines
from framescope.core.audit.engines.deffcode_decoder import DeFFcodeDecoder
from framescope.core.audit.engines.protocol import Ask, Target
from framescope.core.audit.file_audit import audit
from framescope.core.audit.messages import digest_of
from framescope.core.audit.records import VerdictKind
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

needs_deffcode = pytest.mark.skipif(
    find_engines(["deffcode"])[0].version is None, reason="DeFFcode or ffmpeg is not installed"
)


class StandIn:
    """Three pictures, and a note of what was asked for."""

    made: list[StandIn]

    def __init__(self, source: str, **options: Any) -> None:  # noqa: ANN401 - the library's own
        self.source, self.options, self.is_running = source, options, False
        self.made.append(self)

    @property
    def metadata(self) -> str:
        return json.dumps({"approx_video_nframes": 7})

    def formulate(self) -> Self:
        self.is_running = True
        return self

    def generateFrame(self) -> Iterator[np.ndarray[Any, Any]]:  # noqa: N802 - the library's name
        count = self.options.get("-frames:v", 3)
        return (np.full((2, 2, 3), number, np.uint8) for number in range(count))

    def terminate(self) -> None:
        self.is_running = False


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> type[StandIn]:
    module = ModuleType("deffcode")
    monkeypatch.setattr(module, "FFdecoder", StandIn, raising=False)
    monkeypatch.setitem(sys.modules, "deffcode", module)
    monkeypatch.setattr(shutil, "which", lambda name: f"/somewhere/{name}")
    StandIn.made = []
    return StandIn


def test_it_is_told_which_program_to_run_and_leaves_none_running(
    stand_in: type[StandIn], plain_clip: Path
) -> None:
    engine = DeFFcodeDecoder(Target(str(plain_clip), 0, Fraction(1, 12800)))
    assert engine.frame_count_claimed == 7
    assert len(list(engine.sequential())) == 3
    assert engine.seek_read(Ask(9, 4800, 0.375)) is not None
    assert len(list(engine.read_clip([Ask(n, n * 512, n / 25) for n in range(4, 9)]))) == 5
    engine.go_to_end()
    engine.close()
    # Otherwise, DeFFcode downloads one on Windows.
    assert {one.options["custom_ffmpeg"] for one in stand_in.made} == {"/somewhere/ffmpeg"}
    assert not any(one.is_running for one in stand_in.made)
    starts = [one.options["-ffprefixes"][1] for one in stand_in.made if "-ffprefixes" in one.options]
    assert starts == ["0.375000", "0.160000"]


def test_a_time_is_never_rounded_past_its_frame(stand_in: type[StandIn], plain_clip: Path) -> None:
    engine = DeFFcodeDecoder(Target(str(plain_clip), 0, Fraction(1, 30000)))
    engine.seek_read(Ask(1, 20020, 0.667333))
    assert stand_in.made[-1].options["-ffprefixes"] == ["-ss", "0.667333"]
    engine.seek_read(Ask(2, 20021, 0.667367))
    assert stand_in.made[-1].options["-ffprefixes"] == ["-ss", "0.667366"]
    with pytest.raises(ValueError, match="no timestamp"):
        engine.seek_read(Ask(3))


def test_without_ffmpeg_it_does_not_open(stand_in: type[StandIn], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(FileNotFoundError, match="ffmpeg"):
        DeFFcodeDecoder(Target("clip.mp4", 0, Fraction(1, 25)))
    assert stand_in.made == []


# DeFFcode leaves the pipe of a program open that has ended by itself.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@needs_deffcode
def test_it_is_exact_on_a_plain_file(plain_clip: Path, target_of: Callable[[Path], Target]) -> None:
    engine = DeFFcodeDecoder(target_of(plain_clip))
    digests = [digest_of(one) for one in engine.sequential()]
    assert (len(digests), engine.frame_count_claimed) == (48, 48)
    with open_video(plain_clip) as video:
        asks = [Ask(n, video.index.pts_of(n), video.index.time_of(n)) for n in range(29, 45)]
    assert [digest_of(one) for one in engine.read_clip(asks)] == digests[29:45]


@needs_deffcode
def test_frames_that_it_repeats_to_keep_a_constant_rate_are_noticed(clip: Callable[[str], Path]) -> None:
    trial = audit(clip("vfr.mkv"), engines=["deffcode"], requests="1", orders=["shuffled"]).trial("deffcode")
    assert trial.verdict.kind is VerdictKind.CANNOT_READ
    assert "it shows other frames" in trial.verdict.sentence


@pytest.mark.parametrize("count", ["12", 7.5, True, -1, None])
def test_a_count_that_is_none_is_not_claimed(
    stand_in: type[StandIn], plain_clip: Path, monkeypatch: pytest.MonkeyPatch, count: object
) -> None:
    monkeypatch.setattr(stand_in, "metadata", json.dumps({"approx_video_nframes": count}))
    engine = DeFFcodeDecoder(Target(str(plain_clip), 0, Fraction(1, 12800)))
    assert engine.frame_count_claimed is None
