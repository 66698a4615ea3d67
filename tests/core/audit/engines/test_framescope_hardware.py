"""FrameScope's reader with a device: the frames of software, and never those of software unnoticed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.bench import BenchSettings, run_bench
from framescope.core.audit.engines.catalog import BENCH_ENGINES, ENGINES, HARDWARE, find_engines
from framescope.core.audit.engines.framescope_reader import FrameScopeHardwareReader
from framescope.core.audit.engines.protocol import Ask, Target
from framescope.core.audit.messages import digest_of, target_from, target_message
from framescope.core.audit.records import TrialState
from framescope.core.errors import FrameScopeError, SettingsError
from framescope.core.hardware.trial import TrialResult
from framescope.core.hardware.use import HardwareUse
from framescope.core.hardware.verdicts import Verdicts
from framescope.core.source.opening import open_video
from tests.core.hardware import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo


@pytest.fixture
def target(plain_clip: Path) -> Target:
    return Target(str(plain_clip), 0, Fraction(1, 12288), convert=True, device="cuda")


@pytest.fixture
def use_device(monkeypatch: pytest.MonkeyPatch) -> Callable[[stand_ins.StandIn], None]:
    """Have videos opened with this stand-in."""

    def use_it(device: stand_ins.StandIn) -> None:
        def settled(info: VideoInfo, hardware: str, *_: object) -> HardwareUse:
            assert hardware == "cuda"
            use = HardwareUse(
                info,
                "auto",
                verdicts=Verdicts(is_kept=False),
                make_device=lambda _name: device,
                attempt=lambda *_: TrialResult(60),
            )
            use.settle()
            return use

        monkeypatch.setattr("framescope.core.hardware.use.candidates", lambda *_: ("cuda",))
        monkeypatch.setattr("framescope.core.source.opening._settled", settled)

    return use_it


def test_its_frames_are_those_of_software(
    target: Target, use_device: Callable[[stand_ins.StandIn], None]
) -> None:
    with open_video(target.source, use_index_cache=False) as video:
        expected = video.frame(30).to_rgb()
    device = stand_ins.StandIn()
    use_device(device)
    engine = FrameScopeHardwareReader(target)
    delivered = engine.seek_read(Ask(30))
    assert delivered is not None
    assert (delivered.planes[0] == expected).all()
    assert len({digest_of(one) for one in engine.sequential()}) == 48
    assert device.decoded >= 48
    engine.close()


def test_frames_of_software_are_an_error(
    target: Target, use_device: Callable[[stand_ins.StandIn], None]
) -> None:
    use_device(stand_ins.Failing(10))
    engine = FrameScopeHardwareReader(target)
    with pytest.raises(FrameScopeError, match=r"software: the device reported an error \(gone\)"):
        list(engine.sequential())


def test_a_benchmark_without_a_device_says_why(plain_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framescope.core.hardware.use.candidates", lambda *_: ())
    found = run_bench(plain_clip, BenchSettings(engines=(HARDWARE.name,), rounds=1)).engines[0]
    assert (found.state, found.runs_on, found.measures) == (TrialState.UNAVAILABLE, "GPU", {})
    assert found.reason == "no device of this FFmpeg decodes with h264"


def test_only_benchmarks_know_it(target: Target) -> None:
    assert HARDWARE not in ENGINES
    assert find_engines([HARDWARE.name], BENCH_ENGINES) == (HARDWARE,)
    with pytest.raises(SettingsError):
        find_engines([HARDWARE.name])
    assert {spec.runs_on for spec in ENGINES} == {"CPU"}
    assert target_from(target_message(replace(target, device="vaapi"))).device == "vaapi"
