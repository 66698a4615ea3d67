"""Hardware decoding in a session: chosen in the background, told when it fails, tested on request."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import FrameScopeError, SettingsError
from framescope.core.hardware.examining import FoundDevice
from framescope.core.hardware.trial import TrialResult
from framescope.core.hardware.use import HardwareUse
from framescope.core.hardware.verdicts import Verdicts
from framescope.core.media.index_builder import Counting, build_index
from framescope.core.media.probe import probe
from framescope.core.source.opening import known_video
from framescope.engine.jobs import JobRunner
from framescope.session.hardware import Hardware
from framescope.session.settings import Settings
from tests.clips.truth import true_frames
from tests.contract.checks import wrong_frames
from tests.core.hardware import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.media.video import Video
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller


class Bench:
    """A session's hardware over a stand-in, and what was tried."""

    def __init__(self, device: stand_ins.StandIn, result: TrialResult) -> None:
        self.settings = Settings()
        self.settings.hardware = "auto"
        self.runner = JobRunner()
        self.results = [result]
        self.looked = 0
        verdicts = Verdicts(is_kept=False)

        def make_use(info: VideoInfo, wanted: str, on_change: Callable[..., None]) -> HardwareUse:
            return HardwareUse(
                info,
                wanted,
                verdicts=verdicts,
                make_device=lambda _name: device,
                attempt=lambda *_: self.results[-1],
                on_change=on_change,
            )

        self.hardware = Hardware(self.settings, self.runner, make_use=make_use, find=self.find)
        self.notices: list[str] = []
        self.tests: list[str] = []
        self.hardware.notice_posted.connect(lambda text, _level: self.notices.append(text))
        self.hardware.tested.connect(self.tests.append)

    def find(self, _cancel: object) -> tuple[FoundDevice, ...]:
        self.looked += 1
        return (FoundDevice("cuda", ("h264",)),)

    def opened(self, path: Path, *, read_ahead: bool = True) -> Video:
        self.info = probe(str(path))
        index = build_index(self.info, counting=Counting.PACKETS)
        return self.hardware.opening(known_video)(self.info, index, read_ahead=read_ahead)

    @property
    def words(self) -> str:
        return self.hardware.decoder_of(self.info).words


@pytest.fixture(autouse=True)
def one_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framescope.core.hardware.use.candidates", lambda _decoder, _wanted: ("cuda",))


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[..., Bench]]:
    del qtbot
    made: list[Bench] = []

    def bench(device: stand_ins.StandIn | None = None, result: TrialResult | None = None) -> Bench:
        made.append(Bench(device or stand_ins.StandIn(), result or TrialResult(60)))
        return made[-1]

    yield bench
    for one in made:
        one.runner.close()


def test_a_trusted_device_takes_over_in_the_background(
    qtbot: QtBot, make: Callable[..., Bench], plain_clip: Path
) -> None:
    bench, truth = make(), true_frames(plain_clip)
    with bench.opened(plain_clip) as video:
        assert not wrong_frames(video, truth, [3])
        qtbot.waitUntil(lambda: bench.words == "hardware: stand-in")
        assert not wrong_frames(video, truth, [40, 2, 17])
        assert video.decoder.device == "stand-in"
    assert not bench.notices


def test_a_device_that_is_not_trusted_is_not_used(
    qtbot: QtBot, make: Callable[..., Bench], plain_clip: Path
) -> None:
    bench = make(result=TrialResult(3, "frame 3: it gave another frame"))
    with bench.opened(plain_clip):
        qtbot.waitUntil(lambda: "it gave another frame" in bench.words)
        assert bench.words.startswith("software: ")


def test_a_failure_is_told_once_software_has_taken_over(
    qtbot: QtBot, make: Callable[..., Bench], plain_clip: Path
) -> None:
    bench, truth = make(stand_ins.Failing(5)), true_frames(plain_clip)
    with bench.opened(plain_clip) as video:
        qtbot.waitUntil(lambda: bench.words == "hardware: stand-in")
        assert not wrong_frames(video, truth, range(30))
        qtbot.waitUntil(lambda: bool(bench.notices))
    assert bench.notices == ["Decoding continues in software: the device reported an error (gone)."]


def test_thumbnails_and_switched_off_stay_with_software(make: Callable[..., Bench], plain_clip: Path) -> None:
    bench = make()
    with bench.opened(plain_clip, read_ahead=False) as video:
        assert video.decoder.words == "software"
    assert "begins when a video is opened next" in bench.words
    bench.settings.hardware = "off"
    with bench.opened(plain_clip) as video:
        assert video.decoder.words == "software"
    assert bench.words == "software: hardware decoding is off"


def test_a_setting_of_another_computer_is_said(
    qtbot: QtBot, make: Callable[..., Bench], plain_clip: Path
) -> None:
    bench = make()
    bench.settings.hardware = "videotoolbox:9"

    def refuse(*_: object) -> HardwareUse:
        raise SettingsError("There is no such device.")

    hardware = Hardware(bench.settings, bench.runner, make_use=refuse)
    info = probe(str(plain_clip))
    index = build_index(info, counting=Counting.PACKETS)
    with hardware.opening(known_video)(info, index, read_ahead=True) as video:
        assert video.frame(3).frame_number == 3
    assert hardware.decoder_of(info).words == "software: There is no such device."
    del qtbot


def test_a_test_replaces_the_verdict(qtbot: QtBot, make: Callable[..., Bench], plain_clip: Path) -> None:
    bench = make(result=TrialResult(0, "the driver is old"))
    with bench.opened(plain_clip):
        qtbot.waitUntil(lambda: "the driver is old" in bench.words)
        bench.results.append(TrialResult(60))
        bench.hardware.test(bench.info)
        assert bench.hardware.is_testing
        qtbot.waitUntil(lambda: bool(bench.tests) and not bench.hardware.is_testing)
        assert bench.tests == ["NVIDIA (NVDEC): trusted, 60 frames are the same bit for bit."]
        assert bench.words == "hardware: stand-in"


def test_a_device_that_fails_a_test_no_longer_decodes_the_open_video(
    qtbot: QtBot, make: Callable[..., Bench], plain_clip: Path
) -> None:
    device = stand_ins.StandIn()
    device.name = "cuda"
    bench, truth = make(device), true_frames(plain_clip)
    proofs: list[bool] = []
    bench.hardware.proved_wrong.connect(lambda: proofs.append(True))
    with bench.opened(plain_clip) as video:
        qtbot.waitUntil(lambda: bench.words.startswith("hardware: "))
        bench.hardware.test(bench.info)
        qtbot.waitUntil(lambda: bool(bench.tests) and not bench.hardware.is_testing)
        assert not proofs
        bench.tests.clear()
        bench.results.append(TrialResult(3, "frame 3: it gave another frame"))
        bench.hardware.test(bench.info)
        qtbot.waitUntil(lambda: bool(bench.tests) and not bench.hardware.is_testing)
        assert bench.words == "software: frame 3: it gave another frame"
        assert proofs == [True]
        assert not wrong_frames(video, truth, [9, 3])
    qtbot.waitUntil(lambda: bool(bench.notices))
    assert bench.notices == ["Decoding continues in software: frame 3: it gave another frame."]


def test_a_test_without_candidates_or_with_an_error_says_so(
    qtbot: QtBot, make: Callable[..., Bench], plain_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make()
    bench.info = probe(str(plain_clip))
    monkeypatch.setattr("framescope.core.hardware.use.candidates", lambda *_: ())
    bench.hardware.test(bench.info)
    qtbot.waitUntil(lambda: not bench.hardware.is_testing)
    assert bench.tests == ["No device can decode with h264, FFmpeg’s decoder for it."]

    def broken(*_: object) -> tuple[str, ...]:
        raise FrameScopeError("No process can be started.")

    monkeypatch.setattr("framescope.core.hardware.use.candidates", broken)
    bench.hardware.test(bench.info)
    qtbot.waitUntil(lambda: not bench.hardware.is_testing)
    assert bench.tests[-1] == "No process can be started."


def test_devices_are_looked_for_once(qtbot: QtBot, make: Callable[..., Bench]) -> None:
    bench = make()
    with qtbot.waitSignal(bench.hardware.devices_found):
        bench.hardware.look()
        bench.hardware.look()
    bench.hardware.look()
    assert bench.looked == 1
    assert bench.hardware.devices == (FoundDevice("cuda", ("h264",)),)


def test_a_session_without_devices_says_why(
    qtbot: QtBot, real_controller: Controller, plain_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framescope.core.hardware.use.candidates", lambda *_: ())
    real_controller.settings.hardware = "auto"
    real_controller.open_source(str(plain_clip))
    hardware = real_controller.video.hardware
    qtbot.waitUntil(lambda: real_controller.shown is not None and real_controller.info is not None)
    assert real_controller.info is not None
    words = partial(hardware.decoder_of, real_controller.info)
    qtbot.waitUntil(lambda: words().words == "software: no device of this FFmpeg decodes with h264")


@pytest.mark.parametrize("stored", ["", "GPU!", "a b", "cuda:", 7])
def test_a_stored_name_that_is_none_is_off(stored: object) -> None:
    settings = Settings()
    settings.store_value("hardware", stored)
    assert settings.hardware == "off"


def test_what_a_wrong_device_gave_is_decoded_again(
    qtbot: QtBot, real_controller: Controller, plain_clip: Path
) -> None:
    real_controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: real_controller.index is not None and real_controller.index.complete)
    real_controller.show_frame(7)
    shown: list[int] = []
    qtbot.waitUntil(lambda: real_controller.shown is not None and real_controller.shown.frame_number == 7)
    with qtbot.waitSignal(real_controller.source_opened):
        real_controller.video.hardware.proved_wrong.emit()
    real_controller.frame_shown.connect(lambda: shown.append(real_controller.position))
    qtbot.waitUntil(lambda: shown == [7] * len(shown) and bool(shown))
