"""Where an export goes: a folder, or an address that the files of a local folder are sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.errors import Cancelled, ExportError, SettingsError
from framescope.core.export.sending import Outbox
from framescope.core.folders import expanded
from framescope.core.model.progress import Progress
from framescope.core.storage import is_stored
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.export.result import ExportResult
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Work

    FolderWork = Callable[[Path, ProgressCallback, CancelToken], ExportResult]


class FilesSent(Progress):
    """The progress of sending, whose units are files."""


def outbox_for(text: str) -> Outbox | None:
    """What sends files to the address in a folder field; None if it is a folder.

    Imports what speaks to the store, which takes a second. Asks no server.

    Raises:
        UnsupportedMediaError: The package for this kind of address is not installed.
        OpenError: The address is not valid.
        DestinationError: The address is not complete.
    """
    return Outbox(text.strip()) if is_stored(text.strip()) else None


def usable_folder(text: str) -> Path:
    """The folder as typed; for an address, the local one whose files are sent there.

    Raises:
        SettingsError: It is not a valid folder.
        FrameScopeError: It is not a valid address; see `outbox_for`.
    """
    if not text.strip() or "\0" in text:
        raise SettingsError(tr("Choose a folder."))
    outbox = outbox_for(text)
    if outbox is not None:
        return outbox.folder
    folder = expanded(text.strip())
    if not folder.is_absolute():
        raise SettingsError(tr("Give the full path of the folder."))
    return folder


def sent_work(target: Outbox | str, work: FolderWork, *, resume: bool = False) -> Work:
    """Work in a folder as typed, or in that of an address, whose files are sent afterwards.

    What was cancelled is not sent, and stays, to be resumed. The outbox is closed when the work ends.

    Args:
        target: An outbox that is prepared, or what was typed.
        work: Saves pictures in a folder.
        resume: Whether what is at the address is fetched, to be continued.
    """

    def whole(progress: ProgressCallback, cancel: CancelToken) -> ExportResult:
        outbox = outbox_for(target) if isinstance(target, str) else target
        if outbox is None:
            assert isinstance(target, str)
            return work(usable_folder(target), progress, cancel)
        with outbox:
            try:
                outbox.prepare(resume=resume, cancel=cancel)
                result = work(outbox.folder, progress, cancel)
            finally:
                outbox.discard_unused()
            if not result.cancelled:
                send(outbox, progress, cancel)
            return result

    return whole


def send(outbox: Outbox, progress: ProgressCallback, cancel: CancelToken) -> str:
    """Send what is in an outbox, and report it as a part of a job; what was done, in a sentence.

    Raises:
        DestinationLostError: The server does not take it. The files stay.
        ExportError: It was cancelled. The files stay.
    """

    def report(one: Progress) -> None:
        progress(FilesSent(one.done, one.total, tr("Sending {name}", name=one.text)))

    address = outbox.shown(outbox.folder)
    try:
        count = outbox.send(progress=report, cancel=cancel)
    except Cancelled as cancelled:
        raise ExportError(
            tr("Not everything was sent to {address}.", address=address),
            hint=tr("What was exported is in {folder}: resume it to send it.", folder=outbox.folder),
        ) from cancelled
    return tr("Sent {files} to {address}.", files=counted(count, "file", "files"), address=address)
