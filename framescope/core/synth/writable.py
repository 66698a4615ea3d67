"""Which FourCC can be written into which container on this machine, by each writer: tried, not looked up.

Every combination is written and read back in a process of its own: OpenCV's VideoWriter says nothing of its
reasons, and some builds crash.
"""

from __future__ import annotations

import contextlib
import json
import platform
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import av

from framescope.core.audit.child_process import ChildEnded, ChildProcess, Limits
from framescope.core.errors import DestinationError, VerificationError
from framescope.core.files import write_file
from framescope.core.folders import cache_folder
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.opencv import cv2
from framescope.core.synth.codecs import CODECS, CONTAINERS, codec_named
from framescope.core.synth.make_settings import Writer

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.progress import ProgressCallback

WORKER = "framescope.core.synth.writable_worker"
_REVISION = 1
"""Part of the cache's key: raise it when what is tried changes."""
_SILENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class WritableCell:
    """One combination that was tried.

    Attributes:
        writer: Which library wrote.
        fourcc: The FourCC asked for; empty for the container's own choice.
        codec: The codec's short name.
        container: File name extension without its dot.
        works: Whether every frame came back, with the right number in it.
        stored: The FourCC that the file then holds; empty where the container keeps none.
        reason: Why it does not work.
    """

    writer: Writer
    fourcc: str
    codec: str
    container: str
    works: bool = False
    stored: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WritableTable:
    """Every combination that was tried."""

    cells: tuple[WritableCell, ...]

    def cell(self, writer: Writer, codec: str, fourcc: str, container: str) -> WritableCell | None:
        """What came of one combination; None for one that was not tried."""
        wanted = (writer, codec, fourcc, container)
        same = (c for c in self.cells if (c.writer, c.codec, c.fourcc, c.container) == wanted)
        return next(same, None)

    def works(self, writer: Writer, codec: str) -> bool:
        """Whether a codec can be written into any container."""
        return any(cell.works for cell in self.cells if (cell.writer, cell.codec) == (writer, codec))


def writable_table(
    *,
    cache: Path | None = None,
    afresh: bool = False,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> WritableTable:
    """What this machine can write; from the last time, while the libraries are the same.

    Args:
        cache: Where the answer is kept; None for the user's cache folder.
        afresh: Try again whatever was kept.
        progress: Told after each combination.
        cancel: Asks to stop.

    Raises:
        Cancelled: ``cancel`` was asked to stop.
    """
    place = cache or _default_place()
    kept = None if afresh or place is None else _kept(place)
    if kept is not None:
        return kept
    table = with_reasons(try_all(combinations(), progress=progress, cancel=cancel))
    if place is not None:
        _keep(table, place)
    return table


def _default_place() -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / "writable.json"


def combinations() -> tuple[WritableCell, ...]:
    """Everything that is worth trying, not tried yet."""
    cells: list[WritableCell] = []
    for codec in CODECS:
        for container in CONTAINERS:
            if container in codec.containers:
                cells.append(WritableCell(Writer.PYAV, "", codec.codec_id, container))
            for fourcc in codec.fourccs:
                cells.append(WritableCell(Writer.OPENCV, fourcc, codec.codec_id, container))
                if container in codec.containers:
                    cells.append(WritableCell(Writer.PYAV, fourcc, codec.codec_id, container))
    return tuple(cells)


def try_all(
    cells: tuple[WritableCell, ...],
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    worker: str = WORKER,
) -> tuple[WritableCell, ...]:
    """Try each in a child process; one that crashes or hangs costs its own combination only.

    Raises:
        Cancelled: ``cancel`` was asked to stop.
    """
    cancel = cancel or CancelToken()
    done: list[WritableCell] = []
    while len(done) < len(cells):
        cancel.raise_if_cancelled()
        with ChildProcess(worker, Limits(silence_s=_SILENCE_S), cancel) as child:
            child.send({"cells": [asdict(cell) for cell in cells[len(done) :]]})
            try:
                for message in child.receive():
                    if message["kind"] == "cell":
                        done.append(_cell_from(message["cell"]))
                        progress(Progress(len(done), len(cells), "Trying what can be written"))
            except ChildEnded as ended:
                cancel.raise_if_cancelled()
                crashed = asdict(cells[len(done)]) | {"reason": ended.message}
                done.append(_cell_from(crashed))
    return tuple(done)


def with_reasons(cells: tuple[WritableCell, ...]) -> WritableTable:
    """The table, with reasons in the place of what libraries leave unsaid."""
    table = WritableTable(cells)
    return WritableTable(tuple(cell if cell.works else _explained(cell, table) for cell in cells))


def _explained(cell: WritableCell, table: WritableTable) -> WritableCell:
    codec = codec_named(cell.codec)
    container = CONTAINERS[cell.container]
    if cell.writer is Writer.OPENCV:
        if not table.works(Writer.OPENCV, cell.codec):
            reason = f"The FFmpeg inside this OpenCV has no encoder for {codec.title}."
        elif "does not open" in cell.reason:
            reason = f"OpenCV does not write {codec.title} as {cell.fourcc} into {container}."
        else:
            reason = cell.reason
    elif not table.works(Writer.PYAV, cell.codec):
        reason = f"This PyAV has no {codec.encoder}. {cell.reason}"
    elif cell.fourcc and _works_without_fourcc(cell, table):
        reason = f"{container} does not take the FourCC {cell.fourcc} for {codec.title}."
    else:
        reason = cell.reason
    return _cell_from(asdict(cell) | {"reason": reason})


def _works_without_fourcc(cell: WritableCell, table: WritableTable) -> bool:
    plain = table.cell(cell.writer, cell.codec, "", cell.container)
    return plain is not None and plain.works


def _versions() -> dict[str, str]:
    return {
        "revision": str(_REVISION),
        "opencv": str(cv2.__version__),
        "pyav": str(av.__version__),
        "machine": platform.platform(),
    }


def _kept(place: Path) -> WritableTable | None:
    try:
        kept = json.loads(place.read_text("utf-8"))
        if kept["versions"] != _versions():
            return None
        return WritableTable(tuple(_cell_from(cell) for cell in kept["cells"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(table: WritableTable, place: Path) -> None:
    text = json.dumps({"versions": _versions(), "cells": [asdict(cell) for cell in table.cells]})
    with contextlib.suppress(DestinationError, VerificationError):  # It will be tried again the next time.
        write_file(place, text.encode(), replaces=True)


def _cell_from(table: dict[str, object]) -> WritableCell:
    return WritableCell(**{**table, "writer": Writer(str(table["writer"]))})  # type: ignore[arg-type] # as written
