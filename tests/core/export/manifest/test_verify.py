"""A folder of pictures, checked against its manifest and against the video."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import Cancelled, ExportError
from framescope.core.export.geometry import Resize
from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.manifest.reading import MANIFEST_NAME, TABLE_NAME
from framescope.core.export.manifest.verify import FindingKind, VerifyReport, verify_folder
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.source.opening import open_video
from tests.core.export.fakes import FakeVideo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.stream_facts import VideoInfo


@pytest.fixture
def video(plain_clip: Path) -> Iterator[Video]:
    with open_video(plain_clip, use_index_cache=False) as opened:
        yield opened


@pytest.fixture
def exported(video: Video, tmp_path: Path) -> Path:
    """Ten frames of the clip as PNG."""
    settings = ExportSettings(tmp_path / "out", ImageFormat.PNG, compression=1)
    plan = plan_export(video.info, video.index, range(5, 15), settings)
    assert export_frames(video, plan, manifest=True).is_complete
    return settings.folder


def found(report: VerifyReport) -> list[tuple[FindingKind, str]]:
    return [(finding.kind, finding.file) for finding in report.findings]


def test_an_undisturbed_folder_is_good(exported: Path, video: Video) -> None:
    reports: list[Progress] = []
    report = verify_folder(exported, progress=reports.append)
    assert report.is_good
    assert (report.exports, report.files_told, report.frames_compared) == (1, 10, 0)
    assert report.bytes_told == sum(path.stat().st_size for path in exported.glob("*.png"))
    assert [one.done for one in reports] == list(range(1, 11))
    report = verify_folder(exported, video)
    assert report.is_good
    assert report.frames_compared == 10


def test_everything_that_is_wrong_is_named(exported: Path) -> None:
    (exported / "h264_000005.png").unlink()
    with (exported / "h264_000007.png").open("ab") as file:
        file.write(b"x")
    data = bytearray((exported / "h264_000008.png").read_bytes())
    data[60] ^= 1
    (exported / "h264_000008.png").write_bytes(bytes(data))
    (exported / "notes.txt").write_text("mine")
    (exported / ".framescope-0123456789ab-2.part").write_bytes(b"half")
    report = verify_folder(exported)
    assert found(report) == [
        (FindingKind.MISSING, "h264_000005.png"),
        (FindingKind.ALTERED, "h264_000007.png"),
        (FindingKind.ALTERED, "h264_000008.png"),
        (FindingKind.EXTRA, "notes.txt"),
        (FindingKind.TORN, ".framescope-0123456789ab-2.part"),
    ]
    assert not report.is_good
    assert report.count(FindingKind.ALTERED) == 2
    assert [finding.frame_number for finding in report.findings] == [5, 7, 8, None, None]


def test_a_file_that_was_made_a_folder_is_altered(exported: Path) -> None:
    (exported / "h264_000006.png").unlink()
    (exported / "h264_000006.png").mkdir()
    assert found(verify_folder(exported)) == [(FindingKind.ALTERED, "h264_000006.png")]


def test_an_altered_manifest_and_table_are_noticed(exported: Path) -> None:
    manifest = exported / MANIFEST_NAME
    manifest.write_bytes(manifest.read_bytes().replace(b'"pts":', b'"pts":1', 1))
    assert found(verify_folder(exported)) == [
        (FindingKind.ALTERED, MANIFEST_NAME),
        (FindingKind.ALTERED, TABLE_NAME),
    ]
    (exported / TABLE_NAME).unlink()
    assert (FindingKind.MISSING, TABLE_NAME) in found(verify_folder(exported))


def test_an_export_that_was_broken_off_is_unfinished(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    cancel = CancelToken()
    video = FakeVideo(before=lambda number: cancel.cancel() if number == 5 else None)
    export_frames(video, plan_export(info, index, range(20), settings), manifest=True, cancel=cancel)
    with (settings.folder / MANIFEST_NAME).open("ab") as file:
        file.write(b'{"frame')
    assert found(verify_folder(settings.folder)) == [
        (FindingKind.TORN, MANIFEST_NAME),
        (FindingKind.UNFINISHED, MANIFEST_NAME),
    ]


def test_pictures_of_which_only_the_top_was_decoded_are_counted(video: Video, tmp_path: Path) -> None:
    settings = ExportSettings(tmp_path / "out", resize=Resize.parse("160x240"))
    plan = plan_export(video.info, video.index, range(20), settings)
    assert export_frames(video, plan, manifest=True).is_complete
    report = verify_folder(settings.folder)
    assert report.is_good
    assert [note.partition(" were")[0] for note in report.notes] == ["10 of 20 pictures"]
    assert verify_folder(settings.folder, video).notes == ()


def test_lost_frames_are_told_of_and_no_fault(
    info: VideoInfo, index: FrameIndex, settings: ExportSettings
) -> None:
    video = FakeVideo(corrupt=frozenset({3, 7}))
    export_frames(video, plan_export(info, index, range(10), settings), manifest=True)
    report = verify_folder(settings.folder)
    assert report.is_good
    assert [line.frame_number for line in report.lost_frames] == [3, 7]
    # Saved after all, by another export into the folder.
    export_frames(FakeVideo(), plan_export(info, index, [7], settings), manifest=True)
    assert [line.frame_number for line in verify_folder(settings.folder).lost_frames] == [3]


def test_a_picture_of_another_frame_is_found_by_the_video_alone(exported: Path, video: Video) -> None:
    # Somebody exchanged two pictures, and made the manifest say so.
    names = "h264_000006.png", "h264_000011.png"
    pictures = [(exported / name).read_bytes() for name in names]
    for name, picture in zip(names, reversed(pictures), strict=True):
        (exported / name).write_bytes(picture)
    tables = [json.loads(line) for line in (exported / MANIFEST_NAME).read_text().splitlines()]
    for field in ("sha256", "size_bytes"):
        tables[2][field], tables[7][field] = tables[7][field], tables[2][field]
    (exported / MANIFEST_NAME).write_text("".join(json.dumps(table) + "\n" for table in tables))
    kinds = {finding.kind for finding in verify_folder(exported).findings}
    assert FindingKind.DIFFERS not in kinds
    report = verify_folder(exported, video)
    differing = [finding for finding in report.findings if finding.kind is FindingKind.DIFFERS]
    assert [finding.file for finding in differing] == list(names)
    assert "pixels differ" in differing[0].detail


def test_an_altered_file_is_not_compared_as_well(exported: Path, video: Video) -> None:
    (exported / "h264_000006.png").write_bytes(b"no picture")
    report = verify_folder(exported, video)
    assert found(report) == [(FindingKind.ALTERED, "h264_000006.png")]
    assert report.frames_compared == 9


def test_another_video_is_not_compared(exported: Path, clip: Callable[[str], Path]) -> None:
    with (
        open_video(clip("vfr.mkv"), use_index_cache=False) as other,
        pytest.raises(ExportError, match="not made from this video"),
    ):
        verify_folder(exported, other)


def test_exports_of_several_videos_are_compared_each_with_its_own(
    exported: Path, video: Video, clip: Callable[[str], Path]
) -> None:
    with open_video(clip("vfr.mkv"), use_index_cache=False) as other:
        settings = ExportSettings(exported, ImageFormat.PNG)
        export_frames(other, plan_export(other.info, other.index, [1, 2, 3], settings), manifest=True)
        assert verify_folder(exported, other).frames_compared == 3
    report = verify_folder(exported, video)
    assert report.is_good
    assert (report.exports, report.frames_compared) == (2, 10)
    assert "another video, named vfr.mkv" in report.notes[0]


def test_a_file_that_a_later_export_replaced_counts_once(exported: Path, video: Video) -> None:
    settings = ExportSettings(exported, ImageFormat.PNG, compression=9, on_existing=OnExisting.OVERWRITE)
    plan = plan_export(video.info, video.index, [6], settings, existing={"h264_000006.png"})
    assert export_frames(video, plan, manifest=True).is_complete
    report = verify_folder(exported, video)
    assert report.is_good
    assert (report.exports, report.files_told, report.frames_compared) == (2, 10, 10)


def test_other_numbers_for_the_frames_are_not_compared(exported: Path, video: Video) -> None:
    index = video.index
    video.adopt_index(replace(index, pts=index.pts + 1))
    report = verify_folder(exported, video)
    assert report.frames_compared == 0
    assert "numbered differently" in report.notes[0]


def test_cancelling_stops_it(exported: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        verify_folder(exported, cancel=cancel)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError):
        verify_folder(tmp_path)
    with pytest.raises(ManifestError):
        verify_folder(tmp_path / "missing")
