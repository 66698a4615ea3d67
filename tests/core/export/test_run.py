"""An export from beginning to end: what is saved is what a sequential decode shows, whatever happens."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framescope.core import files
from framescope.core.errors import DestinationError, DestinationLostError, ExportError, OpenError
from framescope.core.export import run as run_module
from framescope.core.export import save as save_module
from framescope.core.export.encoders import encode as encode_module
from framescope.core.export.encoders.encode import proven_file
from framescope.core.export.encoders.formats import Proof
from framescope.core.export.manifest.reading import read_manifest
from framescope.core.export.plan import plan_export
from framescope.core.export.result import Fate
from framescope.core.export.run import Savers, export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.files import existing_names
from framescope.core.media.picture.planes import frame_planes
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.opencv import cv2
from framescope.core.sampling.chosen import chosen_clips
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number
from tests.clips.truth import decode_in_sequence
from tests.core.export.fakes import FakeVideo, fake_bgr
from tests.core.export.hostile_folders import read_only, small_disk
from tests.core.media.exact_reference import reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.export.plan import ExportPlan
    from framescope.core.export.result import ExportResult
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo

    MakePlan = Callable[..., ExportPlan]


@pytest.fixture
def make_plan(info: VideoInfo, index: FrameIndex) -> MakePlan:
    """The plan of an export with the folder as it is now."""

    def make(settings: ExportSettings, numbers: Iterable[int] = range(20)) -> ExportPlan:
        return plan_export(info, index, list(numbers), settings, existing=existing_names(settings.folder))

    return make


def pixels(path: Path) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    assert picture is not None
    return picture.astype(np.uint8)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def assert_whole(result: ExportResult) -> None:
    """Every file is a whole picture of its frame, named in the result, and nothing else is there."""
    assert names(result.folder) >= {outcome.path.name for outcome in result.written}
    assert not [name for name in names(result.folder) if name.endswith(".part")]
    for outcome in result.written:
        assert np.array_equal(pixels(outcome.path), fake_bgr(outcome.frame_number)[::-1, ::-1])
        assert outcome.size_bytes == outcome.path.stat().st_size
    assert result.bytes_written == sum(outcome.size_bytes for outcome in result.written)


def test_a_hundred_png_files_equal_an_independent_decode(clip: Callable[[str], Path], tmp_path: Path) -> None:
    path = clip("gop_one_long.mp4")
    numbers = list(range(5, 120))[:100]
    settings = ExportSettings(tmp_path, ImageFormat.PNG, compression=1)
    with open_video(path, use_index_cache=False) as video:
        result = export_frames(video, plan_export(video.info, video.index, numbers, settings))
    assert result.is_complete
    assert [outcome.frame_number for outcome in result.written] == numbers
    by_number = {outcome.frame_number: outcome for outcome in result.written}
    for number, frame in enumerate(decode_in_sequence(path)):
        if number not in by_number:
            continue
        saved = pixels(by_number[number].path)
        exact = 255 * reference(frame_planes(frame), 8, "bt709", is_full=False)
        assert np.abs(saved - exact).max() < 4
        assert abs((saved - exact).mean()) < 0.1
        assert read_number(saved) == number
        assert by_number[number].pts == frame.pts
        assert by_number[number].path.name == f"gop_one_long_{number:06d}.png"


@pytest.mark.parametrize("name", ["gop_open.ts", "vfr.mkv", "hevc.mkv", "vp9.webm", "mpeg4.avi", "rgb.mkv"])
def test_the_number_in_the_name_is_the_number_in_the_picture(
    clip: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    with open_video(clip(name), use_index_cache=False, cache_bytes=0) as video:
        plan = plan_export(video.info, video.index, range(1, len(video), 3), ExportSettings(tmp_path))
        result = export_frames(video, plan)
    assert result.is_complete
    for outcome in result.written:
        assert read_number(pixels(outcome.path)) == outcome.frame_number


@pytest.mark.parametrize("rotates", [True, False])
def test_rotation_is_applied_or_left_as_asked(
    clip: Callable[[str], Path],
    tmp_path: Path,
    rotates: bool,  # noqa: FBT001
) -> None:
    with open_video(clip("rotated_90.mp4"), use_index_cache=False) as video:
        settings = ExportSettings(tmp_path, ImageFormat.PNG, rotate=rotates)
        result = export_frames(video, plan_export(video.info, video.index, [7], settings))
        expected = video.frame(7).to_bgr(rotate=rotates)
    assert np.array_equal(pixels(result.written[0].path), expected)


def test_a_damaged_video_names_what_it_lost_and_keeps_every_number(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    with open_video(clip("lost_packets.mkv"), use_index_cache=False) as video:
        plan = plan_export(video.info, video.index, range(len(video)), ExportSettings(tmp_path))
        result = export_frames(video, plan)
        total = len(video)
    assert len(result.written) + len(result.failed) == total
    assert not result.not_reached


def test_frames_that_cannot_be_decoded_are_named_and_the_rest_goes_on(
    make_plan: MakePlan, settings: ExportSettings
) -> None:
    result = export_frames(FakeVideo(corrupt=frozenset({0, 7, 19})), make_plan(settings))
    assert [outcome.frame_number for outcome in result.failed] == [0, 7, 19]
    assert {outcome.reason for outcome in result.failed} == {"the packet is damaged"}
    assert len(result.written) == 17
    assert not result.is_complete
    assert result.summary == "17 frames saved, 3 failed"
    assert_whole(result)


def test_progress_goes_up_one_by_one_to_the_end(make_plan: MakePlan, settings: ExportSettings) -> None:
    reports: list[Progress] = []
    thread = threading.get_ident()
    seen: set[int] = set()

    def note(progress: Progress) -> None:
        reports.append(progress)
        seen.add(threading.get_ident())

    export_frames(FakeVideo(corrupt=frozenset({3})), make_plan(settings), progress=note)
    assert [report.done for report in reports] == list(range(21))
    assert {report.total for report in reports} == {20}
    assert seen == {thread}


def test_cancelling_keeps_what_is_written_whole(make_plan: MakePlan, settings: ExportSettings) -> None:
    cancel = CancelToken()
    video = FakeVideo(before=lambda number: cancel.cancel() if number == 9 else None)
    result = export_frames(video, make_plan(settings), cancel=cancel)
    assert result.cancelled
    assert max(video.asked) <= 10
    numbers = [outcome.frame_number for outcome in result.written]
    assert sorted([*numbers, *result.not_reached]) == list(range(20))
    assert names(settings.folder) == {outcome.path.name for outcome in result.written}
    assert result.summary.endswith("; cancelled")
    assert_whole(result)


def test_a_folder_removed_midway_stops_the_export_and_says_so(
    make_plan: MakePlan, settings: ExportSettings, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"

    def move_away(number: int) -> None:
        if number == 100:
            settings.folder.rename(moved)

    video = FakeVideo(before=move_away)
    result = export_frames(video, make_plan(settings, range(200)), savers=Savers(2))
    assert isinstance(result.fault, DestinationLostError)
    assert "no longer available" in result.fault.message
    assert not result.cancelled
    assert len(result.written) >= 20
    assert len(result.written) + len(result.failed) + len(result.not_reached) == 200
    assert len(result.not_reached) > 50
    assert not settings.folder.exists()
    assert names(moved) >= {outcome.path.name for outcome in result.written}
    for outcome in result.written:
        picture = fake_bgr(outcome.frame_number)[::-1, ::-1]
        assert np.array_equal(pixels(moved / outcome.path.name), picture)


def test_a_disk_that_fills_up_stops_the_export_with_nothing_half_written(
    make_plan: MakePlan, settings: ExportSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On so small a disk the files that are being written side by side could fill it before one is named.
    monkeypatch.setattr(run_module, "_WAITING_THREADS", 1)
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        plan = make_plan(replace(settings, folder=disk / "deep" / "er"), range(100))
        result = export_frames(FakeVideo(), plan, savers=Savers(1))
        assert isinstance(result.fault, DestinationLostError)
        assert "is full" in result.fault.message
        assert 2 <= len(result.written) < 20
        assert result.failed
        assert result.failed[0].reason == result.fault.message
        assert names(result.folder) == {outcome.path.name for outcome in result.written}
        assert_whole(result)


def test_a_read_only_folder_is_refused_before_a_frame_is_decoded(
    make_plan: MakePlan, settings: ExportSettings, tmp_path: Path
) -> None:
    video = FakeVideo()
    with read_only(tmp_path / "locked") as locked:
        plan = make_plan(replace(settings, folder=locked))
        with pytest.raises(DestinationError, match="cannot be written to"):
            export_frames(video, plan)
    assert video.asked == []


def test_a_video_that_vanishes_midway_stops_the_export(make_plan: MakePlan, settings: ExportSettings) -> None:
    def vanish(number: int) -> None:
        if number == 10:
            raise OpenError("The file is gone.")

    result = export_frames(FakeVideo(before=vanish), make_plan(settings))
    assert isinstance(result.fault, OpenError)
    assert [outcome.frame_number for outcome in result.written] == list(range(10))
    assert result.not_reached == tuple(range(10, 20))
    assert_whole(result)


def test_what_is_left_to_ask_is_not_started(make_plan: MakePlan, settings: ExportSettings) -> None:
    settings.folder.mkdir()
    (settings.folder / "clip_000003.png").write_bytes(b"mine")
    with pytest.raises(ExportError, match="1 of the files"):
        export_frames(FakeVideo(), make_plan(settings))
    assert names(settings.folder) == {"clip_000003.png"}


@pytest.mark.parametrize(
    ("on_existing", "written", "kept"),
    [(OnExisting.SKIP, 18, True), (OnExisting.OVERWRITE, 20, False), (OnExisting.NUMBER, 20, True)],
)
def test_files_that_are_there(
    make_plan: MakePlan,
    settings: ExportSettings,
    on_existing: OnExisting,
    written: int,
    kept: bool,  # noqa: FBT001
) -> None:
    settings.folder.mkdir()
    mine = [settings.folder / f"clip_00000{number}.png" for number in (3, 4)]
    for path in mine:
        path.write_bytes(b"mine")
    video = FakeVideo()
    reports: list[Progress] = []
    plan = make_plan(replace(settings, on_existing=on_existing))
    result = export_frames(video, plan, progress=reports.append)
    assert result.is_complete
    assert len(result.written) == written == len(video.asked) == reports[-1].total == reports[-1].done
    assert [outcome.frame_number for outcome in result.skipped] == ([3, 4] if written == 18 else [])
    assert {path.read_bytes() == b"mine" for path in mine} == {kept}
    numbered = {"clip_000003-2.png", "clip_000004-2.png"}
    assert (names(settings.folder) & numbered == numbered) is (on_existing is OnExisting.NUMBER)
    assert_whole(result)


def test_any_unicode_path_works(make_plan: MakePlan, settings: ExportSettings) -> None:
    folder = settings.folder / "Üben & 'so' 100%" / "写真 🎞" / "e\u0301"
    plan = make_plan(replace(settings, folder=folder, name_pattern="кадр {frame} ✓"), [4])
    result = export_frames(FakeVideo(), plan)
    assert result.written[0].path == folder / "кадр 4 ✓.png"
    assert_whole(result)


def test_an_export_of_nothing_is_complete(make_plan: MakePlan, settings: ExportSettings) -> None:
    result = export_frames(FakeVideo(), make_plan(settings, []))
    assert result.is_complete
    assert result.summary == "0 frames saved"


@pytest.mark.parametrize(
    ("limit", "pictures", "workers", "most"),
    [("_ROOM_BYTES", 2, 8, 2), ("_CORE_ROOM_BYTES", 2, 3, 6), ("_CORE_ROOM_BYTES", 0.5, 3, 4)],
)
def test_pictures_on_their_way_stay_within_the_room(  # noqa: PLR0913, PLR0917 - four are one case
    make_plan: MakePlan,
    settings: ExportSettings,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    pictures: float,
    workers: int,
    most: int,
) -> None:
    """Room for some pictures in all, for two a core, or for pictures too large for a core's share."""
    monkeypatch.setattr(run_module, limit, int(pictures * 5 * fake_bgr(0).nbytes))
    given: list[int] = []
    ahead: list[int] = []

    def before(number: int) -> None:
        given.append(number)
        ahead.append(len(given) - len(list(settings.folder.glob("clip_*.png"))))

    result = export_frames(FakeVideo(before=before), make_plan(settings, range(60)), savers=Savers(workers))
    assert result.is_complete
    # Those on their way, and the one being decoded; one more is decoded before room is made for it.
    assert max(ahead) <= most + 2


def test_a_disk_that_stands_still_stops_the_decoder(
    make_plan: MakePlan, settings: ExportSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = 6
    monkeypatch.setattr(run_module, "_ROOM_BYTES", room * 5 * fake_bgr(0).nbytes)
    disk_moves = threading.Event()
    write_flushed = files._TemporaryFile.write  # noqa: SLF001 - the disk is what is slow
    ahead: list[int] = []

    def write_when_it_moves(part: Any, data: bytes) -> None:  # noqa: ANN401 - handed on
        # Nothing gets through before the decoder has filled its room.
        assert disk_moves.wait(60)
        write_flushed(part, data)

    def before(number: int) -> None:
        ahead.append(number - len(list(settings.folder.glob("clip_*.png"))))
        if number == room:
            disk_moves.set()

    monkeypatch.setattr("framescope.core.files._TemporaryFile.write", write_when_it_moves)
    result = export_frames(FakeVideo(before=before), make_plan(settings, range(60)), savers=Savers(8))
    assert result.is_complete
    assert ahead[room] == room
    assert max(ahead) <= room + 1
    assert_whole(result)


def test_a_frame_that_waits_for_the_disk_keeps_no_core_from_the_next(
    make_plan: MakePlan, settings: ExportSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_encoded = threading.Event()
    first: list[bytes] = []
    write_flushed = files._TemporaryFile.write  # noqa: SLF001 - the disk is what is slow

    def encode(frame: Frame, *others: Any, **options: Any) -> tuple[bytes, Proof]:  # noqa: ANN401 - handed on
        data, proof = proven_file(frame, *others, **options)
        if frame.frame_number == 0:
            first.append(data)
        elif frame.frame_number == 1:
            second_encoded.set()
        return data, proof

    def write(part: Any, data: bytes) -> None:  # noqa: ANN401 - handed on
        assert data not in first or second_encoded.wait(60)
        write_flushed(part, data)

    monkeypatch.setattr(save_module, "proven_file", encode)
    monkeypatch.setattr("framescope.core.files._TemporaryFile.write", write)
    # One core: were it held while the first file waits, the second frame would never be encoded.
    assert export_frames(FakeVideo(), make_plan(settings, range(4)), savers=Savers(1)).is_complete
    assert second_encoded.is_set()


def test_clips_that_share_frames_are_counted_by_picture(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    plan = plan_export(info, index, chosen_clips(np.array([[0, 1, 2], [2, 3, 4], [4, 5, 6]])), settings)
    cancel = CancelToken()
    video = FakeVideo(before=lambda number: cancel.cancel() if number == 3 else None)
    result = export_frames(video, plan, cancel=cancel, manifest=True)
    assert len(result.written) + len(result.not_reached) == 9
    assert result.not_reached[-1] == 6
    whole = export_frames(
        FakeVideo(), replace(plan, settings=replace(settings, folder=settings.folder / "2"))
    )
    assert len(whole.written) == 9
    for outcome in whole.written:
        assert np.array_equal(pixels(outcome.path), fake_bgr(outcome.frame_number)[::-1, ::-1])


def test_a_jpeg_with_another_picture_gets_no_name_whichever_frame_it_is(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The encoder gives every third file another frame's picture; and one is wrong below its top only."""
    jpeg_bytes = encode_module._jpeg_bytes  # noqa: SLF001 - the encoder is what is wrong
    tall = {number: cv2.resize(fake_bgr(number), (96, 256)).astype(np.uint8) for number in range(40)}
    below = tall[0].copy()
    below[128:] = 255 - below[128:]
    lies = {tall[number].tobytes(): tall[number + 1] for number in range(1, 39, 3)} | {
        tall[0].tobytes(): below
    }

    def encode(pixels: NDArray[np.uint8], *others: Any) -> bytes:  # noqa: ANN401 - handed on
        return jpeg_bytes(lies.get(pixels.tobytes(), pixels), *others)

    monkeypatch.setattr(encode_module, "_jpeg_bytes", encode)
    jpeg = replace(settings, image_format=ImageFormat.JPEG, rotate=False)
    plan = plan_export(info, index, range(40), jpeg)
    video = FakeVideo(pictures=tall)
    result = export_frames(video, plan, manifest=True)
    assert [outcome.frame_number for outcome in result.failed] == [0, *range(1, 39, 3)]
    assert len(list(settings.folder.glob("*.jpg"))) == len(result.written) == 26
    proofs = {outcome.frame_number: outcome.proof for outcome in result.written}
    assert {number: Proof.TOP if number % 3 else Proof.BLOCKS for number in proofs} == proofs
    lines = read_manifest(settings.folder).last.lines
    assert {line.frame_number: line.proof for line in lines if line.fate is Fate.WRITTEN} == proofs


@pytest.mark.parametrize("part", ["encode_picture", "write_picture"])
def test_a_bug_in_a_thread_is_not_swallowed(
    make_plan: MakePlan, settings: ExportSettings, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(run_module, part, bug)
    with pytest.raises(ZeroDivisionError):
        export_frames(FakeVideo(), make_plan(settings))
