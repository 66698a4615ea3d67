"""File names made from a pattern such as ``{stem}_{frame:06d}``, checked before anything is written.

Names invalid on any common system are refused on every system, since data sets are moved.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, fields, replace
from pathlib import PurePath
from string import Formatter

from framescope.core.errors import SettingsError
from framescope.core.media.container import file_name
from framescope.core.printable import UNFIT
from framescope.core.translation import tr

_MOST_UNITS = 255
"""Bytes (Linux) or UTF-16 units (Windows, macOS) that a file name may have."""
_MOST_PATH_UNITS = 259
"""UTF-16 units that a path may have on Windows (MAX_PATH less its end)."""
_MOST_STEM_BYTES = 160
_FORBIDDEN = re.compile(f'[/\\\\:*?"<>|{UNFIT}]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?: *\.| *$)", re.IGNORECASE)
_PICTURE_EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff", ".bmp", ".npy", ".npz")
_FIELDS_HINT = (
    "Fields are {stem}, {frame:06d}, {time}, {timecode}, {pts}, {type}, {label}, {index}, {width}, {height}, "
    "and for clips {clip} and {place}; write {{ for a brace."
)
UNLABELLED = "unlabelled"
"""In names of frames that have no label; not translated, as other programs read it."""
CLIP_PATTERN = "{stem}_clip{clip:03d}_{place:03d}"
"""The default pattern for clips, whose frames may belong to several clips."""


class ClockTime(float):
    """Seconds that format as ``00-01-02.345`` unless a number format is given."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if spec:
            return super().__format__(spec)
        sign = "-" if self < 0 else ""
        milliseconds = round(abs(self) * 1000)
        seconds, milliseconds = divmod(milliseconds, 1000)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{sign}{hours:02d}-{minutes:02d}-{seconds:02d}.{milliseconds:03d}"


@dataclass(frozen=True, slots=True)
class NameFields:
    """The values of a pattern's fields.

    Attributes:
        stem: The video's own name; see `source_stem`.
        frame_number: 0-based number in the video.
        time_s: Seconds since the first frame; NaN if unknown.
        pts: Timestamp in the stream's time base, or None.
        index: 0-based number within the export.
        clip: 0-based number of the picture's clip; None if there are no clips.
        place: 0-based position within the clip; None if there are no clips.
        width: Columns of the saved picture; None if unknown.
        height: Rows of the saved picture; None if unknown.
        type: ``I``, ``P`` or ``B``, in lower case if inferred; None if unknown.
        timecode: ``01:02:03:04``, or None if the file has none. Written with dashes, since colons are not
            allowed.
        label: What the frame is labelled with; None if it is not, for which names have ``unlabelled``.
            Characters that names may not have become dashes.
    """

    stem: str
    frame_number: int
    time_s: float
    pts: int | None
    index: int
    clip: int | None = None
    place: int | None = None
    width: int | None = None
    height: int | None = None
    type: str | None = None
    timecode: str | None = None
    label: str | None = None

    def value(self, name: str) -> object:
        """The value of a field, or None if this frame has none."""
        if name == "time":
            return None if math.isnan(self.time_s) else ClockTime(self.time_s)
        if name == "frame":
            return self.frame_number
        if name == "timecode":
            return None if self.timecode is None else re.sub("[:;]", "-", self.timecode)
        if name == "label":
            return _FORBIDDEN.sub("-", self.label or "").strip(". ") or UNLABELLED
        value: object = getattr(self, name)
        return value


_SAMPLE = NameFields(stem="clip", frame_number=12, time_s=1.5, pts=1500, index=3, clip=1, place=2)
_SAMPLE = replace(_SAMPLE, width=1920, height=1080, type="P", timecode="01:00:00:12", label="cat")
_FIELD_NAMES = frozenset(field.name for field in fields(NameFields)) - {"frame_number", "time_s"} | {
    "frame",
    "time",
}
_WHY_EMPTY = {
    "time": tr("has no timestamp"),
    "pts": tr("has no timestamp"),
    "type": tr("has an unknown picture type"),
    "timecode": tr(
        "has no timecode: the frame rate varies, or the file’s start is not a timecode at its rate"
    ),
}


class NamePattern:
    """A checked pattern.

    Attributes:
        text: The pattern as given.
        fields: The names of the fields it uses.
    """

    def __init__(self, text: str) -> None:
        """Check ``text``.

        Raises:
            SettingsError: It is empty, has unbalanced braces, or an invalid field, format or character.
        """
        self.text = text
        self._parts = _parse(_without_extension(text))
        self.fields = frozenset(name for _, name, _ in self._parts if name is not None)
        check_file_name(self._fill(_SAMPLE))

    def render(self, values: NameFields, extension: str = "") -> str:
        """The file name for one frame.

        Raises:
            SettingsError: The frame lacks a timestamp that the pattern uses, or the name is invalid.
        """
        name = self._fill(values)
        check_file_name(name, extension)
        return name + extension

    def _fill(self, values: NameFields) -> str:
        pieces: list[str] = []
        for literal, name, spec in self._parts:
            pieces.append(literal)
            if name is None:
                continue
            value = values.value(name)
            if value is None and name in {"clip", "place"}:
                raise SettingsError(tr("No clips are made, so {{{name}}} cannot be filled in.", name=name))
            if value is None:
                why = _WHY_EMPTY.get(name, "has no such value")
                raise SettingsError(
                    tr(
                        "Frame {frame_number} {why}, so {{{name}}} cannot be filled in.",
                        frame_number=values.frame_number,
                        why=why,
                        name=name,
                    ),
                    hint="Use {frame:06d} instead.",
                )
            pieces.append(_format(value, name, spec))
        return "".join(pieces)


def check_file_name(name: str, extension: str = "") -> None:
    """Refuse a name that Linux, macOS or Windows would refuse or alter.

    Raises:
        SettingsError: With the reason.
    """
    if not name.strip(" ."):
        raise SettingsError(tr("The name is empty."), hint=_FIELDS_HINT)
    forbidden = _FORBIDDEN.search(name)
    if forbidden:
        mark = forbidden.group()
        shown = f"“{mark}”" if mark.isprintable() else tr("the character U+{code:04X}", code=ord(mark))
        raise SettingsError(
            tr("A file name cannot contain {shown}.", shown=shown),
            hint=tr("Choose folders in the folder field."),
        )
    if name[0] == " " or name[-1] in " .":
        raise SettingsError(tr("A name cannot start with a space, or end with a space or a dot."))
    if _RESERVED.match(name):
        raise SettingsError(
            tr("Windows reserves the name “{name}” for a device.", name=name), hint=tr("Add a prefix.")
        )
    whole = name + extension
    if max(len(whole.encode()), len(whole.encode("utf-16-le")) // 2) > _MOST_UNITS:
        raise SettingsError(
            tr("The name is too long: “{whole}…”.", whole=whole[:24]), hint=tr("It can have 255 bytes.")
        )


def check_path_length(folder: str, name: str) -> None:
    """Refuse a path that is too long for Windows, which limits the whole path.

    Args:
        folder: The full path of its folder.
        name: The file's name.

    Raises:
        SettingsError: Folder and name together are too long.
    """
    length = len(f"{folder}\\{name}".encode("utf-16-le")) // 2
    if length > _MOST_PATH_UNITS:
        raise SettingsError(
            tr(
                "Folder and name have {length} characters together; Windows opens up to {most_path_units}.",
                length=length,
                most_path_units=_MOST_PATH_UNITS,
            ),
            hint=tr("Choose a folder with a shorter path, or a shorter name."),
        )


def source_stem(source: str) -> str:
    """The name of a video without folder and extension, valid in a file name on every system."""
    return safe_stem(PurePath(file_name(source)).stem)


def safe_stem(text: str) -> str:
    """A name for a file or folder from a text, valid on every system and not too long."""
    stem = _FORBIDDEN.sub("_", text).strip(" .")
    # Leave room for the rest of the name; a character cut in half is dropped.
    stem = stem.encode()[:_MOST_STEM_BYTES].decode(errors="ignore").strip(" .") or "video"
    return f"_{stem}" if _RESERVED.match(stem) else stem


def folded_name(name: str) -> str:
    """What is equal for names that macOS or Windows takes for the same file."""
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()


def _without_extension(text: str) -> str:
    # The format determines the extension; one typed out of habit is dropped.
    for extension in _PICTURE_EXTENSIONS:
        if text.lower().endswith(extension) and len(text) > len(extension):
            return text[: -len(extension)]
    return text


def _parse(text: str) -> list[tuple[str, str | None, str]]:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise SettingsError(tr("A brace is missing."), hint=_FIELDS_HINT) from error
    parts: list[tuple[str, str | None, str]] = []
    for literal, name, spec, conversion in pieces:
        if name is not None:
            _check_field(name, spec or "", conversion)
        parts.append((literal, name, spec or ""))
    return parts


def _check_field(name: str, spec: str, conversion: str | None) -> None:
    if name not in _FIELD_NAMES:
        raise SettingsError(tr("There is no field {{{name}}}.", name=name), hint=_FIELDS_HINT)
    if not is_safe_format(spec, conversion):
        raise SettingsError(tr("The format of {{{name}}} cannot be used.", name=name), hint=_FIELDS_HINT)
    _format(_SAMPLE.value(name), name, spec)


def is_safe_format(spec: str, conversion: str | None) -> bool:
    """Whether a field's format is safe to try: a width of a million would give a million characters."""
    too_wide = any(len(digits) > 3 or int(digits) > _MOST_UNITS for digits in re.findall(r"[1-9]\d*", spec))
    # c turns numbers into letters.
    return not (conversion or "{" in spec or too_wide or spec.endswith("c"))


def _format(value: object, name: str, spec: str) -> str:
    try:
        return format(value, spec)
    except (ValueError, TypeError, OverflowError) as error:
        raise SettingsError(
            tr("“{spec}” is not a format for {{{name}}}.", spec=spec, name=name),
            hint="Use {frame:06d} for six digits.",
        ) from error
