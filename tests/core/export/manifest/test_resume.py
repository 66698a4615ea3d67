"""An export that was broken off continues to the same folder, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import DestinationError, DestinationLostError, ExportError, OpenError
from framescope.core.export.manifest.file import ManifestFile
from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.manifest.reading import MANIFEST_NAME, TABLE_NAME, read_manifest
from framescope.core.export.manifest.resume import find_unfinished, planned_again, resume_export
from framescope.core.export.plan import plan_export
from framescope.core.export.run import Savers, export_frames
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


@dataclass
class Exports:
    """Exports of twenty frames, two of them corrupt, that are broken off and resumed."""

    info: VideoInfo
    index: FrameIndex
    settings: ExportSettings

    @property
    def folder(self) -> Path:
        return self.settings.folder

    @property
    def contents(self) -> dict[str, bytes]:
        return contents(self.folder)

    @cached_property
    def whole(self) -> dict[str, bytes]:
        """What an export that nothing disturbs leaves."""
        folder = self.folder.with_name("undisturbed")
        assert len(self.run(self.plan(folder=folder)).failed) == len(CORRUPT)
        return contents(folder)

    def plan(self, **changes: object) -> ExportPlan:
        settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        existing = existing_names(settings.folder)
        return plan_export(self.info, self.index, range(COUNT), settings, existing=existing)

    def run(
        self, plan: ExportPlan | None = None, before: Callable[[int], None] = lambda _: None
    ) -> ExportResult:
        return export_frames(FakeVideo(CORRUPT, before=before), plan or self.plan(), manifest=True)

    def break_off(self, number: int = 9, plan: ExportPlan | None = None) -> ExportResult:
        """Cancel an export as it comes to this frame."""
        cancel = CancelToken()
        video = FakeVideo(CORRUPT, before=lambda n: cancel.cancel() if n == number else None)
        return export_frames(video, plan or self.plan(), manifest=True, cancel=cancel)

    def planned_again(self, folder: Path | None = None, **changes: object) -> ExportPlan:
        folder = folder or self.folder
        header = read_manifest(folder).last.header
        info = replace(self.info, **changes)  # type: ignore[arg-type]
        return planned_again(header, info, self.index, folder)

    def resume(self, folder: Path | None = None) -> ExportResult:
        return resume_export(FakeVideo(CORRUPT), self.planned_again(folder))


@pytest.fixture
def exports(info: VideoInfo, index: FrameIndex, settings: ExportSettings) -> Exports:
    return Exports(info, index, settings)


@pytest.mark.parametrize("at", [0, 1, 4, 12, 18])
def test_cancelled_it_goes_on_to_the_same_bytes(exports: Exports, at: int) -> None:
    first = exports.break_off(at)
    assert first.can_resume
    unfinished = find_unfinished(exports.folder)
    assert unfinished is not None
    assert unfinished.frame_count == COUNT
    second = exports.resume()
    assert exports.contents == exports.whole
    assert not second.not_reached
    # What failed is tried again; what was saved is not made again.
    assert len(second.kept) == len(first.written)
    assert len(second.written) == COUNT - len(CORRUPT) - len(first.written)


def test_what_was_lost_or_altered_since_is_made_again(exports: Exports) -> None:
    exports.run()
    (exports.folder / "clip_000002.png").unlink()
    (exports.folder / "clip_000009.png").write_bytes(b"altered")
    (exports.folder / "clip_000010.png").write_bytes(b"")
    result = exports.resume()
    assert [outcome.frame_number for outcome in result.written] == [2, 9, 10]
    assert exports.contents == exports.whole


def test_an_export_at_its_end_stays_as_it_is(exports: Exports) -> None:
    export_frames(FakeVideo(), exports.plan(), manifest=True)
    before = exports.contents
    assert find_unfinished(exports.folder) is None
    video = FakeVideo()
    result = resume_export(video, exports.planned_again())
    assert len(result.kept) == COUNT
    assert result.summary == f"0 frames saved, {COUNT} kept from before"
    assert video.asked == []
    assert exports.contents == before


def test_a_torn_line_and_half_written_files_are_cleared_away(exports: Exports) -> None:
    exports.break_off()
    with (exports.folder / MANIFEST_NAME).open("ab") as manifest:
        manifest.write(b'{"frame_number":9,"file":"cl')
    (exports.folder / ".framescope-0123456789ab-7.part").write_bytes(b"half")
    (exports.folder / TABLE_NAME).unlink()
    exports.resume()
    assert exports.contents == exports.whole


def test_a_finished_file_that_no_line_tells_of_is_recognised_by_its_bytes(exports: Exports) -> None:
    exports.break_off()
    (exports.folder / "clip_000015.png").write_bytes(exports.whole["clip_000015.png"])
    # As a crash between claiming a name and giving it leaves it on drives without hard links.
    (exports.folder / "clip_000016.png").write_bytes(b"")
    exports.resume()
    assert exports.contents == exports.whole


def test_a_file_of_somebody_else_is_left_alone(exports: Exports) -> None:
    exports.break_off()
    (exports.folder / "clip_000015.png").write_bytes(b"mine")
    result = exports.resume()
    assert 15 in [outcome.frame_number for outcome in result.failed]
    assert (exports.folder / "clip_000015.png").read_bytes() == b"mine"


@pytest.mark.parametrize("on_existing", [OnExisting.SKIP, OnExisting.OVERWRITE, OnExisting.NUMBER])
def test_files_that_were_there_at_the_beginning_are_treated_as_then(
    exports: Exports, on_existing: OnExisting, tmp_path: Path
) -> None:
    folders = tmp_path / "through", tmp_path / "broken-off"
    for folder in folders:
        folder.mkdir()
        for name in ("clip_000002.png", "clip_000014.png", "clip_000014-2.png"):
            (folder / name).write_bytes(b"mine")
    plans = [exports.plan(folder=folder, on_existing=on_existing) for folder in folders]
    exports.run(plans[0])
    exports.break_off(plan=plans[1])
    exports.resume(folders[1])
    assert contents(folders[0]) == contents(folders[1])
    assert ((folders[1] / "clip_000014-3.png").exists()) is (on_existing is OnExisting.NUMBER)


@pytest.fixture
def few_files_at_a_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for a small disk, on which some files are whole before it is full."""
    monkeypatch.setattr("framescope.core.export.run._WAITING_THREADS", 1)
    return tmp_path


def test_a_disk_that_was_full_and_has_room_again(exports: Exports, few_files_at_a_time: Path) -> None:
    with small_disk(few_files_at_a_time / "disk", kilobytes=160) as disk:
        folder, ballast = disk / "out", disk / "ballast"
        ballast.write_bytes(bytes(92 << 10))
        plan = exports.plan(folder=folder)
        first = export_frames(FakeVideo(CORRUPT), plan, manifest=True, savers=Savers(1))
        assert isinstance(first.fault, DestinationLostError)
        assert first.written
        assert not list(folder.glob(".*"))
        ballast.unlink()
        second = exports.resume(folder)
        assert not second.not_reached
        assert contents(folder) == exports.whole


def test_a_folder_that_was_taken_away_and_came_back(exports: Exports, tmp_path: Path) -> None:
    def move_away(number: int) -> None:
        if number == 16:
            exports.folder.rename(tmp_path / "away")

    first = exports.run(before=move_away)
    assert isinstance(first.fault, DestinationLostError)
    (tmp_path / "away").rename(exports.folder)
    exports.resume()
    assert exports.contents == exports.whole


def test_a_video_that_was_deleted_midway_and_came_back(exports: Exports) -> None:
    def vanish(number: int) -> None:
        if number == 10:
            raise OpenError("The file is gone.")

    first = exports.run(before=vanish)
    assert isinstance(first.fault, OpenError)
    assert first.can_resume
    exports.resume()
    assert exports.contents == exports.whole


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


def test_other_versions_leave_a_line(exports: Exports, monkeypatch: pytest.MonkeyPatch) -> None:
    exports.break_off()
    monkeypatch.setattr("framescope.core.export.manifest.resume.versions", lambda: {"framescope": "99"})
    exports.resume()
    (section,) = read_manifest(exports.folder).sections
    assert section.versions == {"framescope": "99"}
    assert section.header.versions != section.versions
    assert len(section.lines) == COUNT


def test_another_video_is_refused(exports: Exports, plain_clip: Path, tmp_path: Path) -> None:
    (tmp_path / "other.mp4").write_bytes(plain_clip.read_bytes() + b"more")
    plan = plan_export(replace(exports.info, source=str(plain_clip)), exports.index, [1, 2], exports.settings)
    export_frames(FakeVideo(), plan, manifest=True)
    with pytest.raises(ExportError, match="another video"):
        exports.planned_again(source=str(tmp_path / "other.mp4"))
    with pytest.raises(ExportError, match="another video"):
        exports.planned_again(stream_index=7)


@pytest.mark.parametrize("pts", [range(0, 4000, 40), range(1, 8001, 40)])
def test_other_numbers_for_the_frames_are_refused(exports: Exports, pts: range) -> None:
    export_frames(FakeVideo(), exports.plan(), manifest=True)
    header = read_manifest(exports.folder).sections[-1].header
    other = make_index(list(pts)[: 10 if pts.start == 0 else None])
    with pytest.raises(ExportError, match="numbered differently"):
        planned_again(header, exports.info, other, exports.folder)


def test_a_renamed_video_keeps_the_names_of_then(exports: Exports) -> None:
    exports.break_off()
    resume_export(FakeVideo(CORRUPT), exports.planned_again(source="/elsewhere/other name.mkv"))
    assert exports.contents == exports.whole


def test_two_exports_into_one_folder_at_once_are_refused(exports: Exports) -> None:
    export_frames(FakeVideo(), exports.plan(), manifest=True)
    with ManifestFile(exports.folder):
        with pytest.raises(DestinationError, match="Another export"):
            exports.resume()
        with pytest.raises(DestinationError, match="Another export"):
            export_frames(FakeVideo(), exports.plan(on_existing=OnExisting.OVERWRITE), manifest=True)


def test_a_folder_without_an_export_is_refused(exports: Exports) -> None:
    with pytest.raises(ManifestError, match="no export to continue in"):
        resume_export(FakeVideo(), exports.plan())
    assert find_unfinished(exports.folder) is None
    exports.folder.mkdir()
    (exports.folder / MANIFEST_NAME).write_bytes(b"")
    assert find_unfinished(exports.folder) is None
    with pytest.raises(ManifestError, match="lists no export"):
        resume_export(FakeVideo(), exports.plan())


def test_only_the_last_export_of_a_folder_goes_on(exports: Exports) -> None:
    export_frames(
        FakeVideo(), plan_export(exports.info, exports.index, range(5), exports.settings), manifest=True
    )
    first = (exports.folder / MANIFEST_NAME).read_bytes()
    exports.break_off(25, plan_export(exports.info, exports.index, range(20, 40), exports.settings))
    exports.resume()
    assert (exports.folder / MANIFEST_NAME).read_bytes().startswith(first)
    one, two = read_manifest(exports.folder).sections
    assert (one.is_ended, two.is_ended) == (True, True)
    assert [line.frame_number for line in two.lines] == list(range(20, 40))
