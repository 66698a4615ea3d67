"""Which device is chosen, what is remembered about it, and what is said."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import Cancelled, DestinationError, DeviceError, SettingsError
from framescope.core.hardware import devices
from framescope.core.hardware.devices import FFmpegDevice, Watch, device_decoder, driver_version
from framescope.core.hardware.examining import find_devices
from framescope.core.hardware.trial import TrialResult
from framescope.core.hardware.use import HardwareUse
from framescope.core.hardware.verdicts import Subject, Verdict, Verdicts
from framescope.core.media.probe import probe
from framescope.core.model.decoder_in_use import DecoderInUse
from framescope.core.model.progress import CancelToken
from framescope.core.pyav import device_formats, device_kinds, new_device
from tests.core.hardware.stand_ins import StandIn

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.hardware.examining import Try
    from framescope.core.model.stream_facts import VideoInfo


class Trials:
    """Trials with a given result for each device, and how many there were."""

    def __init__(self, **results: TrialResult) -> None:
        self.results = results
        self.tried: list[str] = []

    def __call__(self, info: VideoInfo, name: str, progress: object, cancel: object) -> TrialResult:
        """The result."""
        del info, progress, cancel
        self.tried.append(name)
        return self.results[name]


@pytest.fixture
def info(plain_clip: Path) -> VideoInfo:
    return probe(str(plain_clip))


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """An FFmpeg with two kinds of device."""
    monkeypatch.setattr(devices, "device_kinds", lambda: ("vaapi", "cuda", "qsv"))
    monkeypatch.setattr(devices, "device_formats", lambda _decoder: {"vaapi": "vaapi", "cuda": "cuda"})


def used(info: VideoInfo, wanted: str, attempt: Try, verdicts: Verdicts | None = None) -> HardwareUse:
    return HardwareUse(
        info,
        wanted,
        verdicts=verdicts or Verdicts(is_kept=False),
        make_device=lambda _name: StandIn(),
        attempt=attempt,
    )


def test_off_tries_nothing(info: VideoInfo) -> None:
    trials = Trials()
    assert used(info, "off", trials).settle().words == "software: hardware decoding is off"
    assert not trials.tried


def test_the_first_device_that_is_trusted_is_used(info: VideoInfo) -> None:
    trials = Trials(cuda=TrialResult(3, "frame 3: 1 of 9 samples differ"), vaapi=TrialResult(60))
    now = used(info, "auto", trials).settle()
    assert trials.tried == ["cuda", "vaapi"]
    assert now.device == "stand-in"
    assert "60 frames" in now.reason


def test_all_reasons_are_said(info: VideoInfo) -> None:
    trials = Trials(cuda=TrialResult(3, "this"), vaapi=TrialResult(0, "that"))
    now = used(info, "auto", trials).settle()
    assert now.words == "software: NVIDIA (NVDEC) is not used, this; VA-API is not used, that"


def test_only_the_wanted_device_is_tried(info: VideoInfo) -> None:
    trials = Trials(**{"vaapi:/dev/dri/renderD129": TrialResult(60)})
    assert used(info, "vaapi:/dev/dri/renderD129", trials).settle().device
    assert trials.tried == ["vaapi:/dev/dri/renderD129"]


def test_a_codec_without_a_device_is_named(info: VideoInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "device_formats", lambda _decoder: {})
    other = replace(info, decoder="libdav1d")
    assert "no device of this FFmpeg decodes with libdav1d" in used(other, "auto", Trials()).settle().words
    assert "does not decode with libdav1d" in used(other, "cuda", Trials()).settle().words


@pytest.mark.parametrize("wanted", ["gpu", "qsv", "cuda2", ""])
def test_an_unknown_device_is_refused(wanted: str, info: VideoInfo) -> None:
    with pytest.raises(SettingsError) as caught:
        used(info, wanted, Trials())
    assert "off, auto, cuda, vaapi" in caught.value.hint


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"source": "https://example.org/a.mp4"}, "files on this computer"),
        ({"container": "framescope-fragments"}, "only video files"),
    ],
)
def test_other_sources_stay_with_software(changed: dict[str, str], words: str, info: VideoInfo) -> None:
    from framescope.core.model.stream_facts import FRAGMENT_CONTAINER  # noqa: PLC0415

    if "container" in changed:
        changed = {"container": FRAGMENT_CONTAINER}
    trials = Trials()
    assert words in used(replace(info, **changed), "auto", trials).settle().words  # type: ignore[arg-type]
    assert not trials.tried


# --- what is remembered


def test_a_verdict_is_kept_for_the_next_video_of_its_kind(info: VideoInfo, tmp_path: Path) -> None:
    path = tmp_path / "new" / "hardware.json"
    trials = Trials(cuda=TrialResult(60))
    used(info, "cuda", trials, Verdicts(path)).settle()
    again = used(replace(info, source="/other.mp4", width=64), "cuda", trials, Verdicts(path)).settle()
    assert again.device
    assert trials.tried == ["cuda"]


def test_a_bad_verdict_is_kept_with_its_reason(info: VideoInfo, tmp_path: Path) -> None:
    path = tmp_path / "hardware.json"
    trials = Trials(cuda=TrialResult(4, "frame 4: it gave another frame"))
    used(info, "cuda", trials, Verdicts(path)).settle()
    assert "frame 4" in used(info, "cuda", trials, Verdicts(path)).settle().words
    assert trials.tried == ["cuda"]


def test_a_verdict_that_cannot_be_written_replaces_the_one_in_the_file(
    info: VideoInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = Verdicts(tmp_path / "hardware.json")
    subject = Subject.of("cuda", info)
    verdicts.put(Verdict(subject, is_trusted=True, frames=60))

    def full(*_: object, **__: object) -> None:
        raise DestinationError("The disk is full.")

    monkeypatch.setattr("framescope.core.hardware.verdicts.write_whole", full)
    verdicts.put(Verdict(subject, is_trusted=False, frames=4, reason="frame 4"))
    found = verdicts.find(subject)
    assert found is not None
    assert not found.is_trusted


def test_what_says_nothing_about_the_device_is_not_kept(info: VideoInfo, tmp_path: Path) -> None:
    path = tmp_path / "hardware.json"
    trials = Trials(cuda=TrialResult(4, "the file is damaged", is_conclusive=False))
    assert not used(info, "cuda", trials, Verdicts(path)).settle().device
    used(info, "cuda", trials, Verdicts(path)).settle()
    assert trials.tried == ["cuda", "cuda"]


@pytest.mark.parametrize(
    "change",
    [
        {"codec": "hevc"},
        {"profile": "High 10"},
        {"pixel_format": "yuv420p10le"},
        {"interlacing": "interlaced, top field first"},
    ],
)
def test_another_kind_of_video_is_tried_anew(change: dict[str, str], info: VideoInfo) -> None:
    trials, verdicts = Trials(cuda=TrialResult(60)), Verdicts(is_kept=False)
    used(info, "cuda", trials, verdicts).settle()
    used(replace(info, **change), "cuda", trials, verdicts).settle()  # type: ignore[arg-type]
    assert len(trials.tried) == 2


@pytest.mark.parametrize("what", ["driver_version", "software_version"])
def test_another_version_is_tried_anew(what: str, info: VideoInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    trials, verdicts = Trials(cuda=TrialResult(60)), Verdicts(is_kept=False)
    used(info, "cuda", trials, verdicts).settle()
    monkeypatch.setattr(f"framescope.core.hardware.verdicts.{what}", lambda *_: "another")
    used(info, "cuda", trials, verdicts).settle()
    assert len(trials.tried) == 2


def test_another_card_under_the_same_name_is_tried_anew(
    info: VideoInfo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("framescope.core.hardware.devices._NVIDIA_FOLDER", str(tmp_path))
    monkeypatch.setattr("framescope.core.hardware.devices.sys.platform", "linux")
    trials, verdicts = Trials(cuda=TrialResult(60)), Verdicts(is_kept=False)
    for bus, model in (("0000:01:00.0", "One"), ("0000:02:00.0", "Two"), ("0000:02:00.0", "Three")):
        (tmp_path / bus).mkdir(exist_ok=True)
        (tmp_path / bus / "information").write_text(f"Model: \t\t {model}\nIRQ: 3\n")
        used(info, "cuda", trials, verdicts).settle()
        used(info, "cuda", trials, verdicts).settle()
    assert len(trials.tried) == 3


def test_devices_of_one_driver_do_not_share_a_verdict(info: VideoInfo) -> None:
    first, second = Subject.of("cuda:0", info), Subject.of("cuda:1", info)
    verdicts = Verdicts(is_kept=False)
    verdicts.put(Verdict(first, is_trusted=True, frames=60))
    assert verdicts.find(first) is not None
    assert verdicts.find(second) is None


def test_a_render_node_is_known_by_its_card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("framescope.core.hardware.devices._RENDER_FACTS", str(tmp_path))
    monkeypatch.setattr("framescope.core.hardware.devices.sys.platform", "linux")
    folder = tmp_path / "renderD129" / "device"
    folder.mkdir(parents=True)
    (folder / "vendor").write_text("0x1002\n")
    (folder / "device").write_text("0x73bf\n")
    assert "0x1002:0x73bf" in driver_version("vaapi:/dev/dri/renderD129")
    assert "0x1002" not in driver_version("vaapi:/dev/dri/renderD128")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": 2, "verdicts": []}',
        '{"format": 1, "verdicts": [{}]}',
        '{"format": 1, "verdicts": 3}',
        '{"format": 1, "verdicts": [{"subject": 1}]}',
    ],
)
def test_a_file_that_cannot_be_read_counts_as_none(text: str, info: VideoInfo, tmp_path: Path) -> None:
    path = tmp_path / "hardware.json"
    path.write_text(text)
    verdicts = Verdicts(path)
    subject = Subject.of("cuda", info)
    assert verdicts.find(subject) is None
    verdicts.put(Verdict(subject, is_trusted=True, frames=60))
    assert Verdicts(path).find(subject) == Verdict(subject, is_trusted=True, frames=60)
    assert len(json.loads(path.read_text())["verdicts"]) == 1


def test_a_folder_that_cannot_be_written_is_no_error(info: VideoInfo, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    verdicts = Verdicts(tmp_path / "file" / "hardware.json")
    subject = Subject.of("cuda", info)
    verdicts.put(Verdict(subject, is_trusted=False, frames=0, reason="it"))
    found = verdicts.find(subject)
    assert found is not None
    assert found.reason == "it"


# --- the real thing, as far as it goes on any computer


def test_the_real_devices_are_listed_or_their_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    found = find_devices()
    kinds = devices.decoding_kinds()
    assert {devices.split_name(one.name)[0] for one in found} <= set(kinds)
    for one in found:
        assert one.codecs or one.problem


def test_listing_can_be_cancelled() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        find_devices(cancel)


def test_a_missing_device_fails_cleanly(plain_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    able = device_formats("h264")
    kinds = [kind for kind in devices.decoding_kinds() if kind in able]
    if not kinds:
        pytest.skip("this FFmpeg has no decoding devices")
    # The last of very many devices, which no computer has.
    device = FFmpegDevice(f"{kinds[0]}:63")
    with pytest.raises(DeviceError, match="cannot be opened"):
        device_decoder(str(plain_clip), 0, device=device, pixel_format="yuv420p", watch=Watch())


def test_software_in_place_of_a_device_is_noticed(plain_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pretending(FFmpegDevice):
        def open(self, source: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
            return StandIn().open(source)

    monkeypatch.undo()
    monkeypatch.setattr(devices, "device_kinds", lambda: ("cuda",))
    with (
        device_decoder(str(plain_clip), 0, device=Pretending("cuda"), pixel_format="yuv420p") as decoder,
        pytest.raises(DeviceError, match="in software instead"),
    ):
        decoder.feed(next(decoder.packets()), 0)


def test_no_kind_is_left_to_chance() -> None:
    with pytest.raises(ValueError, match="gpu"):
        new_device("gpu", "")
    assert all(isinstance(kind, str) for kind in device_kinds())
    assert device_formats("ffv1") == {}


def test_the_decoder_is_said_in_a_few_words() -> None:
    assert DecoderInUse().words == "software"
    assert DecoderInUse("cuda", "NVIDIA (NVDEC)").words == "hardware: NVIDIA (NVDEC)"
    assert devices.device_title("vaapi:/dev/dri/renderD129") == "VA-API /dev/dri/renderD129"
