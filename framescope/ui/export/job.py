"""Carries an export out in the background, with a decoder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.export.manifest.header import read_manifest
from framescope.core.export.manifest.resume import planned_again, resume_export
from framescope.core.export.run import export_frames
from framescope.core.source.opening import known_video, open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.export.plan import ExportPlan
    from framescope.core.export.result import ExportResult
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller

    Opening = Callable[[ProgressCallback, CancelToken], Video]

ORIGIN = "exportDialog"
"""The dialog that shows what came of a job; see `Job`."""
_CACHE_BYTES = 64 << 20
"""Frames are taken once and in order; only what a decoder gives back in another order needs keeping."""


def run_export_job(
    controller: Controller, info: VideoInfo, index: FrameIndex, plan: ExportPlan, *, title: str
) -> Job:
    """Save the planned frames as a job; it finishes with an `ExportResult`, cancelled or not.

    Args:
        controller: Runs the job.
        info: The video to read; it need not be the open one any more.
        index: Its index: the frames are those that the window numbers so.
        plan: Which frame goes into which file; nothing in it may be left to ask.
        title: What is being done, for people.
    """

    def work(progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
        # Opened here, in the job's thread: one thread opens, uses and closes each decoder.
        with as_listed(info, index)(progress, cancel) as video:
            return export_frames(video, plan, manifest=True, progress=progress, cancel=cancel)

    return controller.run_job(title, work, origin=ORIGIN)


def run_resume_job(controller: Controller, opened: Opening, folder: Path, *, title: str) -> Job:
    """Go on with the last export in a folder as a job; it finishes with an `ExportResult`.

    Args:
        controller: Runs the job.
        opened: Opens the video that the export was made of, in the job's thread.
        folder: Where the export is.
        title: What is being done, for people.
    """

    def work(progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
        with opened(progress, cancel) as video:
            plan = planned_again(read_manifest(folder).last.header, video.info, video.index, folder)
            return resume_export(video, plan, progress=progress, cancel=cancel)

    return controller.run_job(title, work, origin=ORIGIN)


def as_listed(info: VideoInfo, index: FrameIndex) -> Opening:
    """Opens a video whose frames are listed already."""

    def opened(progress: ProgressCallback, cancel: CancelToken) -> Video:
        del progress, cancel
        return known_video(info, index, cache_bytes=_CACHE_BYTES)

    return opened


def from_disk(source: str, stream_index: int | None) -> Opening:
    """Opens a video that was not opened before."""

    def opened(progress: ProgressCallback, cancel: CancelToken) -> Video:
        return open_video(
            source, stream_index=stream_index, cache_bytes=_CACHE_BYTES, progress=progress, cancel=cancel
        )

    return opened
