"""What a child process says and how it ends becomes a list of devices, or a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.child_process import ChildEnded
from framescope.core.audit.records import TrialState
from framescope.core.errors import Cancelled
from framescope.core.hardware import device_worker, examining
from framescope.core.hardware.examining import FoundDevice, examine, find_devices
from framescope.core.media.probe import probe
from framescope.core.model.progress import CancelToken, ignore_progress
from tests.core.hardware import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any, Self

    from framescope.core.audit.messages import Message
    from framescope.core.model.progress import Progress
    from framescope.core.model.stream_facts import VideoInfo


@pytest.fixture
def info(plain_clip: Path) -> VideoInfo:
    return probe(str(plain_clip))


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have the child process say this, and then end so."""

    def it_says(*messages: Message, ends: TrialState | None = None) -> None:
        class Child:
            def __init__(self, *_: object) -> None:
                pass

            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_: object) -> None:
                pass

            def send(self, message: Message) -> None:
                pass

            def receive(self) -> Iterator[Message]:
                yield from messages
                if ends is not None:
                    raise ChildEnded(ends, "crashed: SIGSEGV")

        monkeypatch.setattr(examining, "ChildProcess", Child)

    return it_says


DEVICE = {"kind": "device", "device": "cuda", "codecs": ["h264"], "problem": ""}
TOUCHING = {"kind": "touching", "device": "vaapi"}
COMPARED = {"kind": "compared", "frames": 7}
RESULT = {"kind": "result", "frames": 60, "difference": "", "is_conclusive": True}


def test_devices_are_taken_as_they_come(says: Callable[..., None]) -> None:
    says(DEVICE, TOUCHING, {**DEVICE, "device": "vaapi", "problem": "no such file"})
    assert find_devices() == (
        FoundDevice("cuda", ("h264",)),
        FoundDevice("vaapi", ("h264",), "no such file"),
    )


def test_a_driver_that_crashes_is_named(says: Callable[..., None]) -> None:
    says(DEVICE, TOUCHING, ends=TrialState.CRASHED)
    assert find_devices()[1] == FoundDevice("vaapi", (), "its driver ended the process (crashed: SIGSEGV)")


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (TrialState.HUNG, "its driver did not answer for 20 s"),
        (TrialState.CRASHED, "its driver ended the process (crashed: SIGSEGV)"),
    ],
)
def test_a_hang_and_a_crash_are_verdicts(
    ends: TrialState, words: str, says: Callable[..., None], info: VideoInfo
) -> None:
    says(COMPARED, ends=ends)
    verdict, is_worth_keeping = examine(info, "cuda")
    assert (verdict.is_trusted, verdict.frames, verdict.reason) == (False, 7, words)
    assert is_worth_keeping


def test_a_result_is_a_verdict(says: Callable[..., None], info: VideoInfo) -> None:
    says(COMPARED, RESULT)
    heard: list[Progress] = []
    verdict, is_worth_keeping = examine(info, "cuda", progress=heard.append)
    assert (verdict.is_trusted, verdict.frames, is_worth_keeping) == (True, 60, True)
    assert (heard[0].done, heard[0].total) == (7, 120)


@pytest.mark.parametrize("messages", [[COMPARED, {"kind": "failed", "text": "gone"}], [COMPARED], []])
def test_a_mistake_of_ours_says_nothing_about_a_device(
    messages: list[dict[str, Any]], says: Callable[..., None], info: VideoInfo
) -> None:
    says(*messages)
    verdict, is_worth_keeping = examine(info, "cuda")
    assert not verdict.is_trusted
    assert verdict.reason
    assert not is_worth_keeping


def test_a_trial_is_cancelled(says: Callable[..., None], info: VideoInfo) -> None:
    says(COMPARED, ends=TrialState.CANCELLED)
    with pytest.raises(Cancelled):
        examine(info, "cuda", progress=ignore_progress, cancel=CancelToken())


class FakeChannel:
    """The worker's end, in this process."""

    def __init__(self, job: Message | None) -> None:
        self._jobs = [job, None]
        self.said: list[Message] = []

    def receive(self) -> Message | None:
        return self._jobs.pop(0)

    def send(self, kind: str, **values: object) -> None:
        self.said.append({"kind": kind, **values})


def worked(job: Message | None) -> list[Message]:
    channel = FakeChannel(job)
    device_worker.run(channel)  # type: ignore[arg-type]
    return channel.said


def test_the_worker_tries_a_device(info: VideoInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_worker, "FFmpegDevice", lambda _name: stand_ins.StandIn())
    job = {"do": "try", "source": info.source, "stream_index": 0, "pixel_format": "yuv420p", "device": "x"}
    said = worked(job)
    assert [one["kind"] for one in said[-2:]] == ["result", "done"]
    assert said[-2]["frames"] >= 60
    assert (said[-2]["difference"], said[-2]["is_conclusive"]) == ("", True)
    failed = worked({**job, "source": "nowhere.mp4"})
    assert failed[-1]["kind"] == "failed"
    assert worked(None) == []


def test_the_worker_lists_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"cuda", "cuda:1", "vaapi"}
    monkeypatch.setattr(device_worker, "decoding_kinds", lambda: ("cuda", "vaapi", "vulkan"))
    monkeypatch.setattr(
        device_worker,
        "device_formats",
        lambda decoder: {"cuda": "cuda", "vaapi": "vaapi"} if decoder == "h264" else {},
    )
    monkeypatch.setattr(
        device_worker, "addresses", lambda kind: ("", "1", "2") if kind == "cuda" else ("", "/dev/dri/x")
    )
    monkeypatch.setattr(
        device_worker, "why_absent", lambda name, _decoder: "" if name in there else "no such device"
    )
    found = [one["device"] for one in worked({"do": "list"}) if one["kind"] == "device"]
    assert found == ["cuda", "cuda:1", "vaapi"]
    there.clear()
    said = [one for one in worked({"do": "list"}) if one["kind"] == "device"]
    assert [(one["device"], one["problem"]) for one in said] == [
        ("cuda", "no such device"),
        ("vaapi", "no such device"),
    ]
