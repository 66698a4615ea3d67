"""Frames are exact whatever a device does: by a device that works, and by software where one fails."""

from __future__ import annotations

import pickle
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from framescope.core.hardware.reader import HardwareReader
from framescope.core.hardware.trial import TrialResult
from framescope.core.hardware.use import HardwareUse
from framescope.core.hardware.verdicts import Verdicts
from framescope.core.media.index_builder import Counting, build_index
from framescope.core.media.probe import probe
from framescope.core.media.video import Video
from framescope.core.source.opening import known_video, open_video
from tests.clips.truth import true_frames
from tests.contract.checks import shuffled, wrong_frames
from tests.core.hardware import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope.core.model.decoder_in_use import DecoderInUse
    from framescope.core.model.stream_facts import VideoInfo

SHORT_S = 0.05


@pytest.fixture(autouse=True)
def one_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever FFmpeg was built for, there is one device to try."""
    monkeypatch.setattr("framescope.core.hardware.use.candidates", lambda _decoder, _wanted: ("cuda",))


def trusting(*_: object) -> TrialResult:
    """A trial that finds no fault."""
    return TrialResult(60)


def use_of(
    info: VideoInfo, device: stand_ins.StandIn, changes: list[DecoderInUse] | None = None
) -> HardwareUse:
    use = HardwareUse(
        info,
        "auto",
        verdicts=Verdicts(is_kept=False),
        make_device=lambda _name: device,
        attempt=trusting,
        on_change=(lambda _now: None) if changes is None else changes.append,
    )
    use.settle()
    return use


def opened(
    path: Path, device: stand_ins.StandIn, *, read_ahead: bool = False, counting: Counting = Counting.PACKETS
) -> Video:
    info = probe(str(path))
    use = use_of(info, device)
    reader = partial(HardwareReader, use=use, longest_s=SHORT_S if isinstance(device, Hangs) else 8.0)
    index = build_index(info, counting=counting)
    return Video(info, index, make_reader=reader, read_ahead=read_ahead, decoder=lambda: use.now)


Hangs = stand_ins.Hanging


@pytest.mark.parametrize("read_ahead", [False, True])
@pytest.mark.parametrize(
    "name", ["h264.mp4", "gop_open.ts", "hevc.mkv", "ten_bit.mp4", "gop_interlaced.mp4", "gop_pyramid.mp4"]
)
def test_a_device_gives_the_exact_frames(name: str, read_ahead: bool, clip: Callable[[str], Path]) -> None:  # noqa: FBT001
    path, device = clip(name), stand_ins.StandIn()
    truth = true_frames(path)
    with opened(path, device, read_ahead=read_ahead) as video:
        assert not wrong_frames(video, truth, shuffled(len(truth)))
        assert not wrong_frames(video, truth, range(len(truth)))
        assert video.decoder.device == "stand-in"
    assert device.decoded > 48


@pytest.mark.parametrize("read_ahead", [False, True])
@pytest.mark.parametrize(
    ("device", "words"),
    [
        (stand_ins.Absent, "no such device"),
        (lambda: stand_ins.Failing(15), "reported an error (gone)"),
        (stand_ins.OtherFormat, "gives pictures as bgra"),
        (lambda: stand_ins.Hanging(15), "did not answer"),
    ],
    ids=["absent", "failing", "format", "hanging"],
)
def test_software_takes_over_within_the_request(
    device: Callable[[], stand_ins.StandIn],
    words: str,
    read_ahead: bool,  # noqa: FBT001
    plain_clip: Path,
) -> None:
    truth, used = true_frames(plain_clip), device()
    with opened(plain_clip, used, read_ahead=read_ahead) as video:
        assert not wrong_frames(video, truth, [*range(len(truth)), *shuffled(len(truth))])
        assert not video.decoder.device
        assert words in video.decoder.words
        assert video.decoder.words.startswith("software: ")
    if isinstance(used, Hangs):
        used.end.set()


def test_frames_with_digests_are_compared_one_by_one(plain_clip: Path) -> None:
    truth = true_frames(plain_clip)
    with opened(plain_clip, stand_ins.OffByOne(20), counting=Counting.DECODE) as video:
        assert not wrong_frames(video, truth, range(len(truth)))


def test_a_wrong_size_is_noticed_when_frames_were_counted(plain_clip: Path) -> None:
    truth = true_frames(plain_clip)
    with opened(plain_clip, stand_ins.Shrinking(), counting=Counting.DECODE) as video:
        assert not wrong_frames(video, truth, range(len(truth)))
        assert not video.decoder.device


@pytest.mark.parametrize("device", [stand_ins.Dropping, stand_ins.Swapping])
def test_lost_and_exchanged_pictures_are_no_wrong_frames(
    device: Callable[[], stand_ins.StandIn], plain_clip: Path
) -> None:
    truth = true_frames(plain_clip)
    with opened(plain_clip, device()) as video:
        assert not wrong_frames(video, truth, range(len(truth)))


@pytest.mark.parametrize("name", ["damaged_middle.mkv", "damaged_keyframe.mp4"])
def test_damage_looks_as_software_shows_it(name: str, clip: Callable[[str], Path]) -> None:
    path = clip(name)
    with open_video(path, use_index_cache=False) as plain:
        expected = [(f.frame_number, f.is_damaged, f.planes()[0].tobytes()) for f in plain]
    with opened(path, stand_ins.StandIn(), counting=Counting.AUTO) as video:
        given = [(f.frame_number, f.is_damaged, f.planes()[0].tobytes()) for f in video]
        assert not video.decoder.device
        assert "damaged" in video.decoder.words
    assert given == expected


def test_nothing_comes_from_a_device_that_was_given_up(plain_clip: Path) -> None:
    info = probe(str(plain_clip))
    device, taken = stand_ins.Hanging(8), list[str]()
    use = use_of(info, device)
    reader = HardwareReader(
        info,
        build_index(info, counting=Counting.PACKETS),
        lambda _frame: taken.append(threading.current_thread().name),
        use=use,
        longest_s=SHORT_S,
    )
    for number in range(30):
        assert reader.read(number).frame_number == number
    assert not use.device
    assert "framescope-device" in taken
    taken.clear()
    device.end.set()
    for thread in threading.enumerate():
        if thread.name == "framescope-device":
            thread.join()
    assert reader.read(31).frame_number == 31
    reader.close()
    assert set(taken) == {threading.current_thread().name}


def test_the_counts_go_on_when_software_takes_over(plain_clip: Path) -> None:
    info = probe(str(plain_clip))
    use = use_of(info, stand_ins.Failing(15))
    reader = HardwareReader(info, build_index(info, counting=Counting.PACKETS), use=use)
    counts = []
    for number in (3, 8, 20, 40):
        reader.read(number)
        counts.append(reader.tally.fed)
    reader.close()
    assert counts == sorted(counts)


def test_the_other_decoder_leaves_a_failed_device_too(plain_clip: Path) -> None:
    info = probe(str(plain_clip))
    changes: list[DecoderInUse] = []
    use = use_of(info, stand_ins.StandIn(), changes)
    index = build_index(info, counting=Counting.PACKETS)
    with known_video(info, index, hardware=use) as one, known_video(info, index, hardware=use) as other:
        assert other.frame(5).frame_number == 5
        use.fail("gone")
        truth = true_frames(plain_clip)
        assert not wrong_frames(one, truth, [7, 3])
        assert not wrong_frames(other, truth, [7, 3])
        assert other.decoder.words == "software: gone"
    assert [change.device for change in changes] == ["stand-in", ""]


def test_another_process_decodes_in_software(plain_clip: Path) -> None:
    info = probe(str(plain_clip))
    use = use_of(info, stand_ins.StandIn())
    index = build_index(info, counting=Counting.PACKETS)
    truth = true_frames(plain_clip)
    with known_video(info, index, hardware=use) as video:
        assert not wrong_frames(video, truth, [7])
        assert video.decoder.device
        with pickle.loads(pickle.dumps(video)) as again:
            assert not wrong_frames(again, truth, [30, 3])
            assert not again.decoder.device
        # As in a process forked now.
        use.set_up_after_fork()
        assert not wrong_frames(video, truth, [30, 3])
        assert "process that opened the video" in video.decoder.words


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real candidates, tried in a real child process."""
    with monkeypatch.context():
        monkeypatch.undo()
        yield


@pytest.mark.usefixtures("child")
def test_without_a_device_open_video_says_so(plain_clip: Path) -> None:
    truth = true_frames(plain_clip)
    with open_video(plain_clip, hardware="auto") as video:
        if not video.decoder.device:
            assert video.decoder.words.startswith("software: ")
            assert video.decoder.reason
        assert not wrong_frames(video, truth, [30, 3, 47])
