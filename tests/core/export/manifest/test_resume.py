"""An export that was broken off continues to the same folder, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import DestinationError, DestinationLostError, ExportError, OpenError
from framescope.core.export.manifest.file import ManifestFile
from framescope.core.export.manifest.header import MANIFEST_NAME, TABLE_NAME, read_manifest
from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.manifest.resume import find_unfinished, planned_again, resume_export
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.files import existing_names
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import known_video, open_video
from tests.core.export.fakes import FakeVideo
from tests.core.export.hostile_folders import small_disk
from tests.core.sampling.indexes import make_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.export.plan import ExportPlan
    from framescope.core.export.result import ExportResult
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import Progress
    from framescope.core.model.stream_facts import VideoInfo

CORRUPT = frozenset({3, 11})
COUNT = 20


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def plan_in(info: VideoInfo, index: FrameIndex) -> Callable[..., ExportPlan]:
    def make(settings: ExportSettings, **changes: object) -> ExportPlan:
        settings = replace(settings, **changes)  # type: ignore[arg-type]
        existing = existing_names(settings.folder)
        return plan_export(info, index, range(COUNT), settings, existing=existing)

    return make


@pytest.fixture
def whole(plan_in: Callable[..., ExportPlan], settings: ExportSettings, tmp_path: Path) -> dict[str, bytes]:
    """What an export that nothing disturbs leaves."""
    plan = plan_in(settings, folder=tmp_path / "undisturbed")
    assert len(export_frames(FakeVideo(CORRUPT), plan, manifest=True).failed) == len(CORRUPT)
    return contents(tmp_path / "undisturbed")


@pytest.fixture
def resume(info: VideoInfo, index: FrameIndex) -> Callable[[Path], ExportResult]:
    def go_on(folder: Path) -> ExportResult:
        plan = planned_again(read_manifest(folder).sections[-1].header, info, index, folder)
        return resume_export(FakeVideo(CORRUPT), plan)

    return go_on


def cancelled_at(number: int) -> tuple[FakeVideo, CancelToken]:
    cancel = CancelToken()
    return FakeVideo(CORRUPT, before=lambda n: cancel.cancel() if n == number else None), cancel


@pytest.mark.parametrize("at", [0, 1, 4, 12, 18])
def test_cancelled_it_goes_on_to_the_same_bytes(
    at: int,
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    whole: dict[str, bytes],
    resume: Callable[[Path], ExportResult],
) -> None:
    video, cancel = cancelled_at(at)
    first = export_frames(video, plan_in(settings), manifest=True, cancel=cancel)
    assert first.can_resume
    unfinished = find_unfinished(settings.folder)
    assert unfinished is not None
    assert unfinished.frame_count == COUNT
    second = resume(settings.folder)
    assert contents(settings.folder) == whole
    assert not second.not_reached
    # What failed is tried again; what was saved is not made again.
    assert len(second.kept) == len(first.written)
    assert len(second.written) == COUNT - len(CORRUPT) - len(first.written)


def test_what_was_lost_or_altered_since_is_made_again(
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    whole: dict[str, bytes],
    resume: Callable[[Path], ExportResult],
) -> None:
    export_frames(FakeVideo(CORRUPT), plan_in(settings), manifest=True)
    (settings.folder / "clip_000002.png").unlink()
    (settings.folder / "clip_000009.png").write_bytes(b"altered")
    (settings.folder / "clip_000010.png").write_bytes(b"")
    result = resume(settings.folder)
    assert [outcome.frame_number for outcome in result.written] == [2, 9, 10]
    assert contents(settings.folder) == whole


def test_an_export_at_its_end_stays_as_it_is(
    plan_in: Callable[..., ExportPlan], settings: ExportSettings, info: VideoInfo, index: FrameIndex
) -> None:
    export_frames(FakeVideo(), plan_in(settings), manifest=True)
    before = contents(settings.folder)
    assert find_unfinished(settings.folder) is None
    plan = planned_again(read_manifest(settings.folder).sections[-1].header, info, index, settings.folder)
    video = FakeVideo()
    result = resume_export(video, plan)
    assert len(result.kept) == COUNT
    assert result.summary == f"0 frames saved, {COUNT} kept from before"
    assert video.asked == []
    assert contents(settings.folder) == before


def test_a_torn_line_and_half_written_files_are_cleared_away(
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    whole: dict[str, bytes],
    resume: Callable[[Path], ExportResult],
) -> None:
    video, cancel = cancelled_at(9)
    export_frames(video, plan_in(settings), manifest=True, cancel=cancel)
    with (settings.folder / MANIFEST_NAME).open("ab") as manifest:
        manifest.write(b'{"frame_number":9,"file":"cl')
    (settings.folder / ".framescope-0123456789ab-7.part").write_bytes(b"half")
    (settings.folder / TABLE_NAME).unlink()
    resume(settings.folder)
    assert contents(settings.folder) == whole


def test_a_finished_file_that_no_line_tells_of_is_recognised_by_its_bytes(
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    whole: dict[str, bytes],
    resume: Callable[[Path], ExportResult],
) -> None:
    video, cancel = cancelled_at(9)
    export_frames(video, plan_in(settings), manifest=True, cancel=cancel)
    (settings.folder / "clip_000015.png").write_bytes(whole["clip_000015.png"])
    # As a crash between claiming a name and giving it leaves it on drives without hard links.
    (settings.folder / "clip_000016.png").write_bytes(b"")
    resume(settings.folder)
    assert contents(settings.folder) == whole


def test_a_file_of_somebody_else_is_left_alone(
    plan_in: Callable[..., ExportPlan], settings: ExportSettings, resume: Callable[[Path], ExportResult]
) -> None:
    video, cancel = cancelled_at(9)
    export_frames(video, plan_in(settings), manifest=True, cancel=cancel)
    (settings.folder / "clip_000015.png").write_bytes(b"mine")
    result = resume(settings.folder)
    assert 15 in [outcome.frame_number for outcome in result.failed]
    assert (settings.folder / "clip_000015.png").read_bytes() == b"mine"


@pytest.mark.parametrize("on_existing", [OnExisting.SKIP, OnExisting.OVERWRITE, OnExisting.NUMBER])
def test_files_that_were_there_at_the_beginning_are_treated_as_then(
    on_existing: OnExisting,
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    resume: Callable[[Path], ExportResult],
    tmp_path: Path,
) -> None:
    folders = tmp_path / "through", tmp_path / "broken-off"
    for folder in folders:
        folder.mkdir()
        for name in ("clip_000002.png", "clip_000014.png", "clip_000014-2.png"):
            (folder / name).write_bytes(b"mine")
    plans = [plan_in(settings, folder=folder, on_existing=on_existing) for folder in folders]
    export_frames(FakeVideo(CORRUPT), plans[0], manifest=True)
    video, cancel = cancelled_at(9)
    export_frames(video, plans[1], manifest=True, cancel=cancel)
    resume(folders[1])
    assert contents(folders[0]) == contents(folders[1])
    assert ((folders[1] / "clip_000014-3.png").exists()) is (on_existing is OnExisting.NUMBER)


@pytest.fixture
def few_files_at_a_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for a small disk, on which some files are whole before it is full."""
    monkeypatch.setattr("framescope.core.export.run._WAITING_THREADS", 1)
    return tmp_path


def test_a_disk_that_was_full_and_has_room_again(
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    whole: dict[str, bytes],
    resume: Callable[[Path], ExportResult],
    few_files_at_a_time: Path,
) -> None:
    with small_disk(few_files_at_a_time / "disk", kilobytes=160) as disk:
        folder, ballast = disk / "out", disk / "ballast"
        ballast.write_bytes(bytes(92 << 10))
        plan = plan_in(settings, folder=folder)
        first = export_frames(FakeVideo(CORRUPT), plan, manifest=True, workers=1)
        assert isinstance(first.fault, DestinationLostError)
        assert first.written
        assert not list(folder.glob(".*"))
        ballast.unlink()
        second = resume(folder)
        assert not second.not_reached
        assert contents(folder) == whole


def test_a_folder_that_was_taken_away_and_came_back(
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    whole: dict[str, bytes],
    resume: Callable[[Path], ExportResult],
    tmp_path: Path,
) -> None:
    def move_away(number: int) -> None:
        if number == 16:
            settings.folder.rename(tmp_path / "away")

    first = export_frames(FakeVideo(CORRUPT, before=move_away), plan_in(settings), manifest=True)
    assert isinstance(first.fault, DestinationLostError)
    (tmp_path / "away").rename(settings.folder)
    resume(settings.folder)
    assert contents(settings.folder) == whole


def test_a_video_that_was_deleted_midway_and_came_back(
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    whole: dict[str, bytes],
    resume: Callable[[Path], ExportResult],
) -> None:
    def vanish(number: int) -> None:
        if number == 10:
            raise OpenError("The file is gone.")

    first = export_frames(FakeVideo(CORRUPT, before=vanish), plan_in(settings), manifest=True)
    assert isinstance(first.fault, OpenError)
    assert first.can_resume
    resume(settings.folder)
    assert contents(settings.folder) == whole


def test_a_real_file_that_is_deleted_midway_costs_no_frame_and_no_number(
    plain_clip: Path, tmp_path: Path
) -> None:
    source = tmp_path / "clip.mp4"
    source.write_bytes(plain_clip.read_bytes())
    settings = ExportSettings(tmp_path / "out", ImageFormat.PNG, compression=1)
    with open_video(source, use_index_cache=False, cache_bytes=0) as video:
        plan = plan_export(video.info, video.index, range(0, len(video), 3), settings)
        whole = replace(plan, settings=replace(settings, folder=tmp_path / "undisturbed"))
        assert export_frames(video, whole, manifest=True).is_complete

    def delete(progress: Progress) -> None:
        if progress.done == 4:
            source.unlink()

    # Some systems keep a file that is open readable; then nothing is lost at all.
    with known_video(plan.info, plan.index, cache_bytes=0) as video:  # type: ignore[arg-type]
        first = export_frames(video, plan, manifest=True, progress=delete)
    assert len(first.written) + len(first.not_reached) == len(plan)
    for outcome in first.written:
        expected = tmp_path / "undisturbed" / outcome.path.name
        assert outcome.path.read_bytes() == expected.read_bytes()
    with known_video(plan.info, plan.index, cache_bytes=0) as video:  # type: ignore[arg-type]
        gone = resume_export(video, plan)
    assert gone.fault is None or isinstance(gone.fault, OpenError)
    source.write_bytes(plain_clip.read_bytes())
    with open_video(source, use_index_cache=False) as video:
        header = read_manifest(settings.folder).last.header
        again = planned_again(header, video.info, video.index, settings.folder)
        assert resume_export(video, again).is_complete
    assert contents(settings.folder) == contents(tmp_path / "undisturbed")


def test_other_versions_leave_a_line(
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    resume: Callable[[Path], ExportResult],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    video, cancel = cancelled_at(9)
    export_frames(video, plan_in(settings), manifest=True, cancel=cancel)
    monkeypatch.setattr("framescope.core.export.manifest.resume.versions", lambda: {"framescope": "99"})
    resume(settings.folder)
    (section,) = read_manifest(settings.folder).sections
    assert section.versions == {"framescope": "99"}
    assert section.header.versions != section.versions
    assert len(section.lines) == COUNT


def test_another_video_is_refused(
    settings: ExportSettings,
    info: VideoInfo,
    index: FrameIndex,
    plain_clip: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "other.mp4").write_bytes(plain_clip.read_bytes() + b"more")
    plan = plan_export(replace(info, source=str(plain_clip)), index, [1, 2], settings)
    export_frames(FakeVideo(), plan, manifest=True)
    header = read_manifest(settings.folder).sections[-1].header
    with pytest.raises(ExportError, match="another video"):
        planned_again(header, replace(info, source=str(tmp_path / "other.mp4")), index, settings.folder)
    with pytest.raises(ExportError, match="another video"):
        planned_again(header, replace(info, stream_index=7), index, settings.folder)


@pytest.mark.parametrize("pts", [range(0, 4000, 40), range(1, 8001, 40)])
def test_other_numbers_for_the_frames_are_refused(
    pts: range,
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    info: VideoInfo,
) -> None:
    export_frames(FakeVideo(), plan_in(settings), manifest=True)
    header = read_manifest(settings.folder).sections[-1].header
    other = make_index(list(pts)[: 10 if pts.start == 0 else None])
    with pytest.raises(ExportError, match="numbered differently"):
        planned_again(header, info, other, settings.folder)


def test_a_renamed_video_keeps_the_names_of_then(
    plan_in: Callable[..., ExportPlan],
    settings: ExportSettings,
    whole: dict[str, bytes],
    info: VideoInfo,
    index: FrameIndex,
) -> None:
    video, cancel = cancelled_at(9)
    export_frames(video, plan_in(settings), manifest=True, cancel=cancel)
    header = read_manifest(settings.folder).sections[-1].header
    plan = planned_again(header, replace(info, source="/elsewhere/other name.mkv"), index, settings.folder)
    resume_export(FakeVideo(CORRUPT), plan)
    assert contents(settings.folder) == whole


def test_two_exports_into_one_folder_at_once_are_refused(
    plan_in: Callable[..., ExportPlan], settings: ExportSettings, resume: Callable[[Path], ExportResult]
) -> None:
    export_frames(FakeVideo(), plan_in(settings), manifest=True)
    with ManifestFile(settings.folder):
        with pytest.raises(DestinationError, match="Another export"):
            resume(settings.folder)
        with pytest.raises(DestinationError, match="Another export"):
            export_frames(FakeVideo(), plan_in(settings, on_existing=OnExisting.OVERWRITE), manifest=True)


def test_a_folder_without_an_export_is_refused(
    plan_in: Callable[..., ExportPlan], settings: ExportSettings
) -> None:
    with pytest.raises(ManifestError, match="no export to continue in"):
        resume_export(FakeVideo(), plan_in(settings))
    assert find_unfinished(settings.folder) is None
    settings.folder.mkdir()
    (settings.folder / MANIFEST_NAME).write_bytes(b"")
    assert find_unfinished(settings.folder) is None
    with pytest.raises(ManifestError, match="lists no export"):
        resume_export(FakeVideo(), plan_in(settings))


def test_only_the_last_export_of_a_folder_goes_on(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings, resume: Callable[[Path], ExportResult]
) -> None:
    export_frames(FakeVideo(), plan_export(info, index, range(5), settings), manifest=True)
    first = (settings.folder / MANIFEST_NAME).read_bytes()
    video, cancel = cancelled_at(25)
    export_frames(video, plan_export(info, index, range(20, 40), settings), manifest=True, cancel=cancel)
    resume(settings.folder)
    assert (settings.folder / MANIFEST_NAME).read_bytes().startswith(first)
    one, two = read_manifest(settings.folder).sections
    assert (one.is_ended, two.is_ended) == (True, True)
    assert [line.frame_number for line in two.lines] == list(range(20, 40))
