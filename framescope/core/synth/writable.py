"""Tests which FourCC each writer can write to which container on this machine.

Every combination is written and read back in a separate process: OpenCV's VideoWriter says nothing of its
reasons, and some builds crash.
"""

from __future__ import annotations

import contextlib
import json
import platform
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import av

from framescope.core.audit.child_process import ChildEnded, ChildProcess, Limits
from framescope.core.errors import DestinationError, SynthesisError, VerificationError
from framescope.core.files import write_file
from framescope.core.folders import cache_folder
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.opencv import cv2
from framescope.core.outside import parse_json, plain_text, read_small_file, truth_value
from framescope.core.synth.codecs import CODECS, CONTAINERS, codec_named
from framescope.core.synth.make_settings import Writer
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framescope.core.model.progress import ProgressCallback

WORKER = "framescope.core.synth.writable_worker"
REFUSED = "refused"
"""The reason of a cell whose writer does not open, which `with_reasons` puts into words."""
_REVISION = 2
"""Part of the cache's key: raise it when what is tried changes."""
_SILENCE_S = 60.0
_MOST_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class WritableCell:
    """One combination that was tried.

    Attributes:
        writer: Which library wrote.
        fourcc: The requested FourCC; empty for the container's own choice.
        codec: The codec's short name.
        container: File name extension without its dot.
        works: Whether every frame came back, with the right number in it; `keeps_fourcc` tells as what.
        stored: The FourCC that the file then holds; empty if the container keeps none.
        reason: Why it does not work.
        is_certain: Whether it would come out the same again; not where the disk was full or a process died.
    """

    writer: Writer
    fourcc: str
    codec: str
    container: str
    works: bool = False
    stored: str = ""
    reason: str = ""
    is_certain: bool = True

    @property
    def keeps_fourcc(self) -> bool:
        """Whether it works, and the file holds the FourCC that was requested, if one was."""
        return self.works and self.fourcc in ("", self.stored)


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

    What did not work the last time for a reason that may have passed is tried again.

    Args:
        cache: Where the answer is kept; None for the user's cache folder.
        afresh: Try again whatever was kept.
        progress: Called after each combination.
        cancel: Cancels.

    Raises:
        Cancelled: The work was cancelled.
    """
    place = cache or _default_place()
    kept = () if afresh or place is None else _kept(place)
    known = {_key(cell): cell for cell in kept if cell.is_certain}
    wanted = combinations()
    if missing := tuple(cell for cell in wanted if _key(cell) not in known):
        known |= {_key(cell): cell for cell in try_all(missing, progress=progress, cancel=cancel)}
        if place is not None:
            _keep(tuple(known[_key(cell)] for cell in wanted), place)
    return with_reasons(tuple(known[_key(cell)] for cell in wanted))


def _key(cell: WritableCell) -> tuple[str, ...]:
    return cell.writer, cell.codec, cell.fourcc, cell.container


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
        Cancelled: The work was cancelled.
        SynthesisError: The child process does not start at all.
    """
    cancel = cancel or CancelToken()
    done: list[WritableCell] = []
    while len(done) < len(cells):
        cancel.raise_if_cancelled()
        with ChildProcess(worker, Limits(silence_s=_SILENCE_S), cancel) as child:
            child.send({"cells": [asdict(cell) for cell in cells[len(done) :]]})
            has_started = False
            try:
                for message in child.receive():
                    has_started = True
                    if message["kind"] == "cell":
                        done.append(_cell_from(message["cell"]))
                        progress(Progress(len(done), len(cells), tr("Testing what can be written")))
            except ChildEnded as ended:
                cancel.raise_if_cancelled()
                if not has_started:
                    # No combination is at fault, and the next child would end the same way.
                    raise SynthesisError(
                        tr(
                            "Cannot start the process that tests what can be written: {message}.",
                            message=ended.message,
                        ),
                        hint=tr("Check that the folder for temporary files has room, then try again."),
                    ) from ended
                done.append(replace(cells[len(done)], reason=ended.message, is_certain=False))
    return tuple(done)


def with_reasons(cells: tuple[WritableCell, ...]) -> WritableTable:
    """The table, with reasons in place of what libraries leave unsaid."""
    table = WritableTable(cells)
    return WritableTable(tuple(cell if cell.works else _explained(cell, table) for cell in cells))


def _explained(cell: WritableCell, table: WritableTable) -> WritableCell:
    codec = codec_named(cell.codec)
    container = CONTAINERS[cell.container]
    if cell.writer is Writer.OPENCV:
        if not table.works(Writer.OPENCV, cell.codec):
            reason = tr("The FFmpeg inside this OpenCV has no encoder for {title}.", title=codec.title)
        elif cell.reason == REFUSED:
            reason = tr(
                "OpenCV does not write {title} as {fourcc} into {container}.",
                title=codec.title,
                fourcc=cell.fourcc,
                container=container,
            )
        else:
            reason = cell.reason
    elif not table.works(Writer.PYAV, cell.codec):
        reason = tr("This PyAV has no {encoder}. {reason}", encoder=codec.encoder, reason=cell.reason)
    elif cell.fourcc and _works_without_fourcc(cell, table):
        reason = tr(
            "{container} does not support the FourCC {fourcc} for {title}.",
            container=container,
            fourcc=cell.fourcc,
            title=codec.title,
        )
    else:
        reason = cell.reason
    return replace(cell, reason=reason)


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


def _kept(place: Path) -> tuple[WritableCell, ...]:
    try:
        kept = parse_json(read_small_file(place, _MOST_BYTES))
        if kept["versions"] != _versions():
            return ()
        return tuple(_cell_from(cell) for cell in kept["cells"])
    except (OSError, ValueError, LookupError, TypeError):
        return ()


def _keep(cells: tuple[WritableCell, ...], place: Path) -> None:
    text = json.dumps({"versions": _versions(), "cells": [asdict(cell) for cell in cells]})
    with contextlib.suppress(DestinationError, VerificationError):  # It will be tried again the next time.
        write_file(place, text.encode(), replaces=True)


def _cell_from(table: Mapping[str, object]) -> WritableCell:
    """The cell that a table holds; KeyError or ValueError where it holds none."""
    words = {name: plain_text(table[name]) for name in ("fourcc", "codec", "container", "stored", "reason")}
    return WritableCell(
        writer=Writer(plain_text(table["writer"])),
        works=truth_value(table["works"]),
        is_certain=truth_value(table["is_certain"]),
        **words,
    )
