"""Every command that writes a file: over nothing unasked, never onto its source, whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.__main__ import QtLauncher
from framescope.cli.program import run
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable

OLD = b"what was there before"
ONE_FRAME = ("--frames", "0", "--format", "png", "--name", "{frame}")


@dataclass(frozen=True)
class Writer:
    """One way to write a file.

    Attributes:
        suffix: The ending of the file.
        arguments: The command line, given source, store and target.
        overwrites: What has it replace a file; empty if nothing does.
        reads_store: Whether it reads the store and not the source.
    """

    suffix: str
    arguments: Callable[[Path, Path, Path], list[object]]
    overwrites: tuple[str, ...] = ("--overwrite",)
    reads_store: bool = False


def _region(_: Path, store: Path, out: Path) -> list[object]:
    return ["fragments", "extract", store, out, "--region", "0,0,16,16", "--frames", "0:2"]


def _sweep(source: Path, _: Path, out: Path) -> list[object]:
    return ["fragments", "sweep", source, "--frames", 4, "--grid", "1x1", "--run", 2, "--plot", out]


def _recipe(source: Path, _: Path, out: Path) -> list[object]:
    return ["export", source, "-o", out.parent / "pictures", *ONE_FRAME, "--save-recipe", out]


def _opencv(source: Path, _: Path, out: Path) -> list[object]:
    return ["make", out, "--from", source, "--codec", "mjpeg", "--writer", "opencv"]


def _audit(source: Path, _: Path, out: Path) -> list[object]:
    return ["audit", source, "--engines", "framescope", "--html", out]


WRITERS = {
    "make": Writer(".mp4", lambda source, _, out: ["make", out, "--from", source]),
    "make opencv": Writer(".avi", _opencv),
    "clip copy": Writer(".mkv", lambda source, _, out: ["clip", source, out, "--copy"]),
    "clip exact": Writer(".mp4", lambda source, _, out: ["clip", source, out, "--exact", "--out", "3"]),
    "sheet png": Writer(".png", lambda source, _, out: ["sheet", source, out]),
    "sheet pdf": Writer(".pdf", lambda source, _, out: ["sheet", source, out]),
    "screenshot": Writer(".png", lambda source, _, out: ["screenshot", source, out]),
    "audit": Writer(".html", _audit),
    "join": Writer(".mkv", lambda _, store, out: ["fragments", "join", store, out], reads_store=True),
    "extract": Writer(".mkv", _region, reads_store=True),
    "sweep": Writer(".svg", _sweep),
    "recipe": Writer(".toml", _recipe, ("--existing", "overwrite")),
    "picture": Writer(
        ".png",
        lambda source, _, out: ["export", source, "-o", out.parent, *ONE_FRAME],
        ("--existing", "overwrite"),
    ),
    "split": Writer(".zip", lambda source, _, out: ["fragments", "split", source, out, "--grid", "1x1"], ()),
}  # fmt: skip


@dataclass
class Place:
    """Where a command writes, and what it reads."""

    writer: Writer
    source: Path
    store: Path
    out: Path

    def run(self, *more: object) -> int:
        arguments = self.writer.arguments(self.source, self.store, self.out)
        return run([str(one) for one in (*arguments, *more)], QtLauncher())

    def names(self) -> set[str]:
        """What lies in the target's folder, except for what belongs to an export."""
        found = {path.name for path in self.out.parent.iterdir()}
        return {name for name in found if not name.startswith(("framescope-manifest", "pictures"))}


@pytest.fixture(params=WRITERS)
def place(
    request: pytest.FixtureRequest, plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # Qt is used by one of them only, and must not need a display there.
    if request.param == "screenshot":
        request.getfixturevalue("qapp")
    writer, source, store = WRITERS[request.param], tmp_path / "source.mp4", tmp_path / "store"
    shutil.copy(plain_clip, source)
    if writer.reads_store:
        settings = SplitSettings(Grid(1, 1), RunRule(length=4), FragmentCodec.FFV1, most_frames=4)
        with open_video(source) as video:
            split(video, store, settings)
    out = tmp_path / "out" / f"0{writer.suffix}"
    out.parent.mkdir()
    return Place(writer, source, store, out)


def test_a_file_that_is_there_is_replaced_only_when_asked(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.out.write_bytes(OLD)
    assert place.run() == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in told] == ["error", "hint"]
    assert place.out.read_bytes() == OLD
    assert place.names() == {place.out.name}
    if place.writer.overwrites:
        assert place.run(*place.writer.overwrites) == 0, capsys.readouterr().err
        assert place.out.read_bytes() != OLD
        assert place.out.stat().st_size
        assert place.names() == {place.out.name}


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_the_source_is_never_replaced(
    place: Place, link: Callable[[Path, Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    before = place.source.read_bytes()
    if place.writer.reads_store:
        inside = place.store / "fragments"
        shutil.rmtree(place.out.parent)
        place.out.parent.symlink_to(inside)
        names = place.names()
    else:
        link(place.source, place.out)
        names = {place.out.name}
    assert place.run(*place.writer.overwrites) == 1
    err = capsys.readouterr().err
    assert "source" in err or not place.writer.overwrites
    assert place.names() == names
    assert place.source.read_bytes() == before
    if not place.writer.reads_store:
        assert place.out.samefile(place.source)


def test_a_full_disk_is_said_in_one_line_and_keeps_what_was_there(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if place.writer.overwrites:
        place.out.write_bytes(OLD)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert place.run(*place.writer.overwrites) == 1
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error:")]
    assert len(told) == 1
    assert "is full" in told[0]
    if place.writer.overwrites:
        assert place.out.read_bytes() == OLD
        assert place.names() == {place.out.name}
    else:
        assert place.names() <= {f"{place.out.name}.part"}


def test_what_is_no_file_is_refused(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.out.parent)
    if hasattr(os, "mkfifo") and place.writer is not WRITERS["picture"]:
        os.mkfifo(place.out)
        assert place.run(*place.writer.overwrites) == 1
        place.out.unlink()
    place.out = Path("-/0.png" if place.writer is WRITERS["picture"] else "-")
    assert place.run(*place.writer.overwrites) in {1, 2}
    assert "error:" in capsys.readouterr().err.lower()
    assert not os.listdir(".")  # noqa: PTH208 - hidden names too
