"""``framescope verify``: checks exported pictures against their manifest and the video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.cli.options import PathType, SourceType, json_option
from framescope.cli.output import echo_json, one_line
from framescope.cli.progress_bar import long_work
from framescope.core.dataset.manifest import export_folders, folder_to_compare
from framescope.core.dataset.packed import verify_place
from framescope.core.export.manifest.open_again import open_again
from framescope.core.export.manifest.reading import read_manifest
from framescope.core.export.manifest.verify import FindingKind
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.export.manifest.verify import Finding, VerifyReport
    from framescope.core.model.progress import CancelToken, ProgressCallback

_MOST_LINES = 40
_COLOURS = {
    FindingKind.MISSING: "red",
    FindingKind.ALTERED: "red",
    FindingKind.DIFFERS: "red",
    FindingKind.TORN: "yellow",
    FindingKind.UNFINISHED: "yellow",
    FindingKind.EXTRA: "yellow",
}


@click.command()
@click.argument("folders", metavar=tr("DIR…"), nargs=-1, required=True, type=PathType())
@click.option(
    "--video",
    metavar="VIDEO",
    type=SourceType(),
    help=tr("Decode the frames of this video again and compare them with the files."),
)
@click.option("--ignore-extra", is_flag=True, help=tr("Ignore files that were not written by an export."))
@click.option(
    "--list-all",
    "every_line",
    is_flag=True,
    help=tr("List all findings, not only the first {most_lines}.", most_lines=_MOST_LINES),
)
@json_option
def verify(
    folders: tuple[Path, ...], *, video: str | None, ignore_extra: bool, every_line: bool, as_json: bool
) -> int:
    """Check exported pictures in DIR against their manifest.

    Reports files that are missing, modified, incomplete or not part of an export, unfinished exports and,
    with --video, pictures that do not match the video: lossless formats must match exactly, lossy ones as
    closely as the encoder allows. If DIR is a data set, or has no manifest, its subfolders are checked. Exit
    status 1 if anything is wrong.
    """
    if video is not None and len(folders) > 1:
        raise click.UsageError("--video is compared with one folder at a time.")
    if video is None:
        listed = [one for folder in folders for one in export_folders(folder)]
    else:
        listed = [folder_to_compare(folders[0], video)]
    tables: list[dict[str, object]] = []
    for folder in listed:
        with long_work(tr("Checking {folder}", folder=folder.name)) as (progress, cancel):
            report = _report(folder, video, progress, cancel)
        kept = [one for one in report.findings if one.kind is not FindingKind.EXTRA or not ignore_extra]
        tables.append(_as_table(report, kept))
        if not as_json:
            if len(listed) > 1:
                click.secho(str(folder), bold=True)
            _echo(report, kept, len(kept) if every_line else _MOST_LINES)
    is_good = all(table["is_good"] for table in tables)
    if as_json:
        echo_json({"is_good": is_good, "folders": tables})
    return 0 if is_good else 1


def _report(folder: Path, video: str | None, progress: ProgressCallback, cancel: CancelToken) -> VerifyReport:
    if video is None:
        return verify_place(folder, progress=progress, cancel=cancel)
    header = read_manifest(folder).last.header
    with open_again(video, header, progress, cancel) as opened:
        return verify_place(folder, opened, progress=progress, cancel=cancel)


def _echo(report: VerifyReport, findings: list[Finding], most: int) -> None:
    shown = findings[:most]
    wide = max((len(finding.file) for finding in shown), default=0)
    for finding in shown:
        kind = click.style(finding.kind.value.ljust(10), fg=_COLOURS[finding.kind])
        words = one_line(f"{finding.file.ljust(wide)}  {finding.detail}")
        click.echo(f"{kind}  {words}".rstrip())
    if len(findings) > most:
        click.echo(tr("and {count} more (--list-all lists them)", count=len(findings) - most))
    for line in report.lost_frames[:most]:
        click.echo(
            tr(
                "{lost}  frame {frame_number}: {reason}",
                lost="lost".ljust(10),
                frame_number=line.frame_number,
                reason=line.reason,
            ),
            err=True,
        )
    if len(report.lost_frames) > most:
        click.echo(
            tr("and {count} more frames that could not be saved", count=len(report.lost_frames) - most),
            err=True,
        )
    for note in report.notes:
        click.echo(tr("note: {note}", note=note), err=True)
    click.echo(_summary(report, findings))


def _summary(report: VerifyReport, findings: list[Finding]) -> str:
    files = counted(report.files_told, "file", "files")
    head = tr("{files} in the manifest", files=files)
    if report.frames_compared:
        head += tr(", {frames_compared} compared with the video", frames_compared=report.frames_compared)
    counts = [(kind, sum(one.kind is kind for one in findings)) for kind in FindingKind]
    parts = [f"{count} {kind.value}" for kind, count in counts if count]
    if report.lost_frames:
        parts.append(tr("{count} could not be saved", count=len(report.lost_frames)))
    if findings:
        return f"{head}: {', '.join(parts)}"
    return ": ".join([head, tr("all intact"), *parts])


def _as_table(report: VerifyReport, findings: list[Finding]) -> dict[str, object]:
    return {
        "folder": str(report.folder.absolute()),
        "is_good": not findings,
        "exports": report.exports,
        "files_told": report.files_told,
        "bytes_told": report.bytes_told,
        "frames_compared": report.frames_compared,
        "findings": findings,
        "lost_frames": [line.as_table() for line in report.lost_frames],
        "notes": report.notes,
    }
