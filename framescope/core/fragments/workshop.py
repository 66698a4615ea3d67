"""Writes a store: fragments, a journal for resuming, and finally the manifest."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import threading
import zipfile
from typing import TYPE_CHECKING, Any

from framescope.core.errors import FragmentError
from framescope.core.files import (
    check_folder,
    check_target,
    folder_error,
    part_file,
    prepare_folder,
    write_whole,
)
from framescope.core.fragments.manifest import (
    MANIFEST_NAME,
    Fragment,
    fragment_from_json,
    fragment_to_json,
    manifest_to_json,
)
from framescope.core.fragments.store import JOURNAL_NAME, draft_folder, is_zip_name, store_path
from framescope.core.outside import parse_json, read_small_file
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from framescope.core.fragments.encode import EncodedFragment
    from framescope.core.fragments.manifest import Manifest

_MOST_JOURNAL_BYTES = 1 << 28
_FOLDER = "fragments"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


class Workshop:
    """A store being written. Threads: `keep` any, everything else one."""

    def __init__(self, destination: Path, settings_digest: str, *, resume: bool) -> None:
        """Begin, or continue where an earlier split was interrupted.

        Args:
            destination: The store's folder, or a name that ends in ``.zip`` for a single file.
            settings_digest: Identifies the source and all settings: only the same split is resumed.
            resume: Whether finished fragments of an earlier try are to be kept.

        Raises:
            FragmentError: Something else is there already.
            DestinationError: The folder cannot be written to.
        """
        self._destination = destination
        self._is_zip = is_zip_name(destination)
        self._folder = draft_folder(destination)
        self._lock = threading.Lock()
        self._known: dict[tuple[int, int], Fragment] = {}
        self.extradata: list[bytes] = []
        self.reused = 0
        self._refuse_what_is_there(resume=resume)
        try:
            (self._folder / _FOLDER).mkdir(parents=True, exist_ok=True)
            if resume and self._journal.exists():
                self._read_journal(settings_digest)
            else:
                self._journal.write_text(json.dumps({"settings": settings_digest}) + "\n", encoding="utf-8")
        except OSError as error:
            raise folder_error(self._folder, error) from error
        for place in (self._folder, self._folder / _FOLDER):
            prepare_folder(place)

    @property
    def _journal(self) -> Path:
        return self._folder / JOURNAL_NAME

    def _refuse_what_is_there(self, *, resume: bool) -> None:
        target, folder = self._destination, self._folder
        if self._is_zip:
            # Existing files are rejected below, with their own message; a pipe must not even be opened.
            check_target(target, replaces=True)
        else:
            check_folder(target)
        if store_path(target) is not None:
            raise FragmentError(
                tr("{target} is already a complete fragment store.", target=target.name),
                hint=tr("Choose another name, or delete it."),
            )
        if self._journal.exists():
            if not resume:
                raise FragmentError(
                    tr("{target} holds an interrupted split.", target=target.name),
                    hint=tr("Resume it, or delete it."),
                    settings=("resume",),
                )
            return
        taken = (
            target.exists()
            if self._is_zip
            else target.exists() and (not target.is_dir() or any(target.iterdir()))
        )
        if taken or (self._is_zip and folder.exists()):
            raise FragmentError(
                tr("{target} exists and is not empty.", target=target),
                hint=tr("Choose a name that does not exist yet."),
            )

    def _read_journal(self, settings_digest: str) -> None:
        data = self._read_whole_journal()
        whole = data[: data.rfind(b"\n") + 1]
        lines = whole.splitlines()
        try:
            entries = [parse_json(line) for line in lines[:1]]
            if not entries or entries[0].get("settings") != settings_digest:
                raise FragmentError(
                    tr(
                        "{destination} was started from another video or with other settings.",
                        destination=self._destination.name,
                    ),
                    hint=tr("Resume with the same video, grid, runs, codec and quality."),
                )
            if whole != data:
                # The last line may be cut off where the power went; the next one must not continue it.
                write_whole(self._journal, whole, replaces=True)
            for line in lines[1:]:
                self._take_entry(parse_json(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # Keep the lines before a damaged one.

    def _read_whole_journal(self) -> bytes:
        try:
            return read_small_file(self._journal, _MOST_JOURNAL_BYTES)
        except OSError as error:
            raise FragmentError(
                tr("{journal} cannot be read: {strerror}.", journal=self._journal, strerror=error.strerror),
                hint=tr("Split to another location."),
            ) from error

    def _take_entry(self, entry: dict[str, Any]) -> None:
        if "extradata" in entry and "name" not in entry:
            self.extradata.append(bytes.fromhex(entry["extradata"]))
            return
        self._known[entry["first"], entry["tile"]] = fragment_from_json(0, entry["tile"], entry)

    def finished(self, first_frame: int, tile: int, run: int) -> Fragment | None:
        """The fragment of the run that begins there, if it was finished before and is intact."""
        known = self._known.get((first_frame, tile))
        if known is None or known.name != fragment_name(run, tile, known.name):
            return None
        try:
            data = read_small_file(self._folder / known.name, known.size_bytes)
        except OSError:
            return None
        if hashlib.sha256(data).hexdigest() != known.sha256:
            return None
        self.reused += 1
        return fragment_from_json(run, tile, fragment_to_json(known))

    def keep(self, place: tuple[int, int, int, int], suffix: str, encoded: EncodedFragment) -> Fragment:
        """Write a finished fragment and note it in the journal. Threads: any.

        Args:
            place: Number of the run and of the tile, the run's first frame and its count.
            suffix: Of the file's name.
            encoded: The stream.

        Raises:
            DestinationError: It cannot be written.
        """
        run, tile, first_frame, frame_count = place
        name = fragment_name(run, tile, suffix)
        digest = hashlib.sha256(encoded.data).hexdigest()
        write_whole(self._folder / name, encoded.data, replaces=True)
        try:
            with self._lock, self._journal.open("a", encoding="utf-8") as journal:
                extradata = self._extradata_place(encoded.extradata, journal)
                fragment = Fragment(
                    run=run,
                    tile=tile,
                    name=name,
                    size_bytes=len(encoded.data),
                    sha256=digest,
                    packet_sizes=encoded.packet_sizes,
                    shown=encoded.shown,
                    extradata=extradata,
                )
                entry = {
                    "first": first_frame, "frames": frame_count, "tile": tile, **fragment_to_json(fragment)
                }  # fmt: skip
                journal.write(json.dumps(entry) + "\n")
        except OSError as error:
            raise folder_error(self._folder, error) from error
        return fragment

    def _extradata_place(self, data: bytes, journal: TextIO) -> int | None:
        if not data:
            return None
        if data not in self.extradata:
            self.extradata.append(data)
            journal.write(json.dumps({"extradata": data.hex()}) + "\n")
        return self.extradata.index(data)

    def leave(self) -> None:
        """Leave the store unfinished: it is kept for resuming, or removed if nothing was finished."""
        folder = self._folder / _FOLDER
        with contextlib.suppress(OSError):
            if any(folder.iterdir()):
                return
            self._journal.unlink()
            folder.rmdir()
            self._folder.rmdir()

    def finish(self, manifest: Manifest) -> Path:
        """Write the manifest, and the zip file where one is wanted.

        Returns:
            The finished store.

        Raises:
            DestinationError: It cannot be written.
        """
        write_whole(self._folder / MANIFEST_NAME, manifest_to_json(manifest).encode(), replaces=True)
        if self._is_zip:
            # The journal stays until the file is there: a full disk must not cost the fragments.
            self._pack(manifest)
        else:
            self._journal.unlink(missing_ok=True)
        return self._destination

    def _pack(self, manifest: Manifest) -> None:
        names = [MANIFEST_NAME, *(fragment.name for fragment in manifest.fragments)]
        with (
            part_file(self._destination, replaces=False) as part,
            zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive,
        ):
            for name in names:
                # A fixed date: the same split gives the same file.
                entry = zipfile.ZipInfo(name, _FIXED_DATE)
                archive.writestr(entry, (self._folder / name).read_bytes())
        shutil.rmtree(self._folder, ignore_errors=True)


def fragment_name(run: int, tile: int, suffix: str) -> str:
    """``fragments/r00012_t003.h264``."""
    ending = suffix[suffix.rindex(".") :]
    return f"{_FOLDER}/r{run:05d}_t{tile:03d}{ending}"


def settings_digest(parts: object) -> str:
    """A digest of everything that determines a split's result."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
