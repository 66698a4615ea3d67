"""The lines of a manifest: each a JSON object, serialised so that equal records give equal bytes."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framescope.core.errors import ExportError
from framescope.core.export.encoders.formats import Proof
from framescope.core.export.geometry import Geometry
from framescope.core.export.result import Fate, FrameOutcome
from framescope.core.model.frame import PictureType
from framescope.core.outside import finite_number, plain_text, truth_value, whole_number

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_FORMAT = 1
"""Incremented whenever an older reader would misread a newer manifest."""

HEADER_KEY = "framescope_manifest"
VERSIONS_KEY = "resumed_with"
END_KEY = "end"
_MOST_PTS = (1 << 63) - 1
_LETTERS = {kind.letter: kind for kind in PictureType}


class ManifestError(ExportError):
    """A folder has no readable manifest."""


@dataclass(frozen=True, slots=True)
class ManifestHeader:
    """The first line of an export.

    Attributes:
        source: Facts of the video by name; see `describe`.
        settings: As returned by `ExportSettings.as_table`, without the folder, since data sets are moved.
        sampling: The sampling settings, as plain values; None if unknown.
        frames: The chosen frames, in the form of `parse_frame_list`, each once.
        clips: The frame numbers of each clip; None if there are no clips.
        actions: For each action except WRITE, the positions of the frames it was planned for, as a list.
        numbered: (position, file name) of each frame with action NUMBER.
        versions: As returned by `versions`.
        marks: (frame number, label, note) of each frame of the export that has a label or a note.
        geometry: Where the pixels of its pictures come from, for frames of the size that the video declares;
            None for planes, and in manifests of earlier versions.
    """

    source: dict[str, Any]
    settings: dict[str, Any]
    sampling: dict[str, Any] | None
    frames: str
    clips: tuple[tuple[int, ...], ...] | None
    actions: dict[str, str]
    numbered: tuple[tuple[int, str], ...]
    versions: dict[str, str]
    marks: tuple[tuple[int, str, str], ...] = ()
    geometry: Geometry | None = None

    def as_line(self) -> bytes:
        """The line, including its newline."""
        table = {
            HEADER_KEY: MANIFEST_FORMAT,
            "source": self.source,
            "settings": self.settings,
            "sampling": self.sampling,
            "frames": self.frames,
            "clips": None if self.clips is None else [list(clip) for clip in self.clips],
            "actions": self.actions,
            "numbered": [list(pair) for pair in self.numbered],
            "versions": self.versions,
        }
        if self.marks:
            table["marks"] = [list(mark) for mark in self.marks]
        if self.geometry is not None:
            table["geometry"] = self.geometry.as_table()
        return _line(table)


@dataclass(frozen=True, slots=True)
class FrameLine:
    """The line of one frame.

    Attributes:
        fate: The outcome of saving it.
        frame_number: 0-based number in the video.
        file: The file's name; if it was not written, the name it would have had.
        sha256: Digest of the file, in hexadecimal; empty if it was not written.
        size_bytes: The file's length in bytes.
        pts: Timestamp in the stream's time base; None if there is none.
        time_s: Seconds since the video's first frame; NaN if unknown.
        picture_type: The frame's picture type; None if it was not decoded.
        is_keyframe: Whether the container flags its packet as a random-access point.
        is_damaged: Whether it is damaged or may depend on damage; None if it was not decoded.
        reason: Why it was skipped or failed, or a remark; may be empty.
        proof: How the file was verified; None if it was not written, or if a version that did not record it
            wrote it.
        label: The frame's label; empty if it has none.
        note: The note on the frame; empty if there is none.
        geometry: Where the pixels of its picture come from, if that is not what the header says.
    """

    fate: Fate
    frame_number: int
    file: str
    sha256: str
    size_bytes: int
    pts: int | None
    time_s: float
    picture_type: PictureType | None
    is_keyframe: bool | None
    is_damaged: bool | None
    reason: str
    proof: Proof | None = None
    label: str = ""
    note: str = ""
    geometry: Geometry | None = None

    @classmethod
    def of(cls, outcome: FrameOutcome, fate: Fate, *, label: str = "", note: str = "") -> FrameLine:
        """The line for a frame's result."""
        return cls(
            fate,
            outcome.frame_number,
            outcome.path.name,
            outcome.sha256,
            outcome.size_bytes,
            outcome.pts,
            outcome.time_s,
            outcome.picture_type,
            outcome.is_keyframe,
            outcome.is_damaged,
            outcome.reason,
            outcome.proof,
            label,
            note,
            outcome.geometry,
        )

    def outcome(self, folder: Path) -> FrameOutcome:
        """The frame's result, with its file in this folder."""
        return FrameOutcome(
            frame_number=self.frame_number,
            path=folder / self.file,
            reason=self.reason,
            size_bytes=self.size_bytes,
            pts=self.pts,
            time_s=self.time_s,
            picture_type=self.picture_type,
            sha256=self.sha256,
            is_keyframe=self.is_keyframe,
            is_damaged=self.is_damaged,
            proof=self.proof,
            geometry=self.geometry,
        )

    def as_table(self) -> dict[str, Any]:
        """Plain JSON values by name; these names are the columns of the CSV too."""
        return {
            "frame_number": self.frame_number,
            "file": self.file,
            "outcome": self.fate.value,
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
            "pts": self.pts,
            "time_s": None if math.isnan(self.time_s) else self.time_s,
            "picture_type": None if self.picture_type is None else self.picture_type.letter,
            "keyframe": self.is_keyframe,
            "damaged": self.is_damaged,
            "reason": self.reason,
        }

    def as_line(self) -> bytes:
        """The line, including its newline."""
        # Not in the table, which is compared with those of earlier versions.
        more = {
            "proof": None if self.proof is None else self.proof.value,
            "label": self.label,
            "note": self.note,
            "geometry": None if self.geometry is None else self.geometry.as_table(),
        }
        return _line({**self.as_table(), **{name: value for name, value in more.items() if value}})


def versions_line(versions: dict[str, str]) -> bytes:
    """The line recording that an export was resumed with different versions."""
    return _line({VERSIONS_KEY: versions})


def end_line(counts: dict[Fate, int], digest: str) -> bytes:
    """The line that ends an export.

    Args:
        counts: The number of frames by outcome.
        digest: SHA-256 of all lines of this export before this one, header included, in hexadecimal.
    """
    return _line({END_KEY: {**{fate.value: counts.get(fate, 0) for fate in Fate}, "sha256": digest}})


def _line(table: dict[str, Any]) -> bytes:
    text = json.dumps(table, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A file name that is not Unicode contains surrogates, which UTF-8 cannot encode.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def header_from(table: dict[str, Any]) -> ManifestHeader:
    """Parse a header line.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: It is not a valid one.
    """
    sampling, clips = table["sampling"], table["clips"]
    return ManifestHeader(
        source=_source_from(table["source"]),
        settings=dict(table["settings"]),
        sampling=None if sampling is None else dict(sampling),
        frames=plain_text(table["frames"]),
        clips=None if clips is None else tuple(tuple(map(whole_number, clip)) for clip in clips),
        actions={str(action): str(places) for action, places in table["actions"].items()},
        numbered=tuple((whole_number(place), _plain_name(name)) for place, name in table["numbered"]),
        versions={str(key): str(value) for key, value in table["versions"].items()},
        marks=tuple(
            (whole_number(number), plain_text(label), plain_text(note))
            for number, label, note in table.get("marks", ())
        ),
        geometry=Geometry.from_table(table["geometry"]) if "geometry" in table else None,
    )


def frame_line_from(table: dict[str, Any]) -> FrameLine:
    """Parse a frame line.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: It is not a valid one.
    """
    kind, time_s = table["picture_type"], table["time_s"]
    return FrameLine(
        fate=Fate(table["outcome"]),
        frame_number=whole_number(table["frame_number"]),
        file=_plain_name(table["file"]),
        sha256=plain_text(table["sha256"]),
        size_bytes=whole_number(table["size_bytes"]),
        pts=None if table["pts"] is None else whole_number(table["pts"], -_MOST_PTS),
        time_s=math.nan if time_s is None else finite_number(time_s),
        picture_type=None if kind is None else _LETTERS[kind],
        is_keyframe=None if table["keyframe"] is None else truth_value(table["keyframe"]),
        is_damaged=None if table["damaged"] is None else truth_value(table["damaged"]),
        reason=plain_text(table["reason"]),
        proof=Proof(table["proof"]) if "proof" in table else None,
        label=plain_text(table.get("label", "")),
        note=plain_text(table.get("note", "")),
        geometry=Geometry.from_table(table["geometry"]) if "geometry" in table else None,
    )


def _source_from(table: dict[str, Any]) -> dict[str, Any]:
    """The video's record, including the fields used for resuming and verifying.

    Raises:
        KeyError, TypeError, ValueError: A field is missing or has the wrong type.
    """
    source = dict(table)
    for name in ("name", "counted_by", "frames_digest"):
        plain_text(source[name])
    whole_number(source["stream_index"])
    if source["sampled_sha256"] is not None:
        plain_text(source["sampled_sha256"])
    return source


def _plain_name(value: object) -> str:
    # A manifest from elsewhere must not refer to files outside its folder.
    name = plain_text(value)
    if name in {"", ".", ".."} or "/" in name or "\\" in name or "\0" in name:
        raise ValueError(f"{name!r} is not a file name")
    return name
