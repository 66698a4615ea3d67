"""Explains from its first bytes why a local file could not be opened, without FFmpeg."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from framescope.core.errors import MissingFileError, OpenError, UnsupportedMediaError
from framescope.core.outside import no_such_file
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

_HEAD_BYTES = 4096
_MAX_BOXES = 64
# The metadata of an hour of video is a few MB; the encryption marker is near its beginning.
_MOOV_BYTES_READ = 1 << 20

_ISO_FIRST_BOXES = frozenset(
    {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"moof", b"pnot"}
)
_ZIP_MAGIC = b"PK\x03\x04"
_OTHER_KINDS = (
    (_ZIP_MAGIC, tr("a ZIP archive (or an office document)")),
    (b"%PDF", tr("a PDF document")),
    (b"\x7fELF", tr("a program")),
    (b"MZ", tr("a Windows program")),
    (b"Rar!", tr("a RAR archive")),
    (b"7z\xbc\xaf", tr("a 7-Zip archive")),
    (b"\x1f\x8b", tr("a gzip archive")),
    (b"SQLite format 3", tr("a database")),
    (b"FWS", tr("a Flash animation (drawing commands, not pictures)")),
    (b"CWS", tr("a Flash animation (drawing commands, not pictures)")),
)


def check_local_file(path: Path) -> None:
    """Refuse anything but a readable, non-empty file, before FFmpeg tries it.

    Raises:
        MissingFileError: There is no such file, it is a folder or a device, or it may not be read.
        UnsupportedMediaError: The file is empty, or a ZIP archive.
    """
    try:
        if path.is_dir():
            raise MissingFileError(
                tr("{path} is a folder, not a video.", path=path.name or path),
                hint=tr("Choose a video file inside it."),
            )
        if not path.exists():
            raise no_such_file(path)
        if not path.is_file():
            raise MissingFileError(
                tr("{path} is a device or a pipe, not a file.", path=path.name),
                hint=tr("FrameScope needs random access, so it needs a regular file."),
            )
        if path.stat().st_size == 0:
            raise UnsupportedMediaError(
                tr("{path} is empty: it holds 0 bytes.", path=path.name),
                hint=tr("The download or recording stopped before anything was written; get the file again."),
            )
        with path.open("rb") as stream:
            is_zip = stream.read(len(_ZIP_MAGIC)) == _ZIP_MAGIC
    except (OSError, ValueError) as error:
        raise explain_os_error(path, error) from error
    if is_zip:
        # FFmpeg would find a raw stream in the middle of a damaged fragment store.
        raise UnsupportedMediaError(
            tr("{path} is a ZIP archive, not a complete fragment store.", path=path.name),
            hint=tr("Unpack it first."),
        )


def explain_os_error(path: Path, error: OSError | ValueError) -> MissingFileError:
    """The operating system's error in words."""
    if isinstance(error, FileNotFoundError):
        return no_such_file(path)
    if isinstance(error, PermissionError):
        return MissingFileError(
            tr("{path} cannot be read: permission denied.", path=path.name),
            hint=tr("Change its permissions, or copy it to a folder that you can read."),
        )
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return MissingFileError(
        tr("{path} cannot be read: {reason}.", path=path.name, reason=reason),
        hint=tr("Check the drive and the name, then try again."),
    )


def explain_refusal(path: Path, ffmpeg_words: str) -> OpenError:
    """Why FFmpeg rejected a readable file, as an error to raise."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
            if head[4:8] in _ISO_FIRST_BOXES:
                return _explain_iso(path, stream)
    except OSError as error:
        return explain_os_error(path, error)
    kind = _other_kind(head)
    if kind is not None:
        return UnsupportedMediaError(
            tr("{path} is not a video: it is {kind}.", path=path.name, kind=kind),
            hint=tr("It may have been renamed; choose a video file."),
        )
    if path.suffix.lower() in {".ts", ".m2ts", ".mts"} and not _has_transport_sync(head):
        return UnsupportedMediaError(
            tr(
                "{path} is encrypted or not an MPEG transport stream: its packets have no sync bytes.",
                path=path.name,
            ),
            hint=tr(
                "A segment of an encrypted web stream needs its key; download it with a player that has the"
                " key."
            ),
        )
    if head[:4] == b"\x1aE\xdf\xa3":
        return UnsupportedMediaError(
            tr("{path} is a Matroska or WebM file whose header is damaged.", path=path.name),
            hint=tr("Try to repair it with mkvmerge, or get the file again."),
        )
    return UnsupportedMediaError(
        tr(
            "{path} is not a video that FFmpeg recognises ({ffmpeg_words}).",
            path=path.name,
            ffmpeg_words=ffmpeg_words,
        ),
        hint=tr("The file may be damaged or encrypted, or its extension may be wrong."),
    )


def explain_no_streams(path: Path) -> OpenError | None:
    """Why a file that FFmpeg opened has no streams: an MP4 truncated in its index. None for other causes."""
    try:
        with path.open("rb") as stream:
            size = path.stat().st_size
            moov, _ = _find_moov(stream, size) if stream.read(8)[4:] in _ISO_FIRST_BOXES else (None, True)
    except OSError as error:
        return explain_os_error(path, error)
    return _cut_off_inside_index(path) if moov is not None and sum(moov) > size else None


def _explain_iso(path: Path, stream: BinaryIO) -> OpenError:
    size = path.stat().st_size
    moov, chain_ends_well = _find_moov(stream, size)
    if moov is None:
        if chain_ends_well:
            return UnsupportedMediaError(
                tr(
                    "{path} has no video index (moov box): the recording was not finished, or the file is"
                    " truncated.",
                    path=path.name,
                ),
                hint=tr(
                    "Copy it again from the camera or phone, or rebuild the index with a repair tool "
                    "such as untrunc."
                ),
            )
        return UnsupportedMediaError(
            tr("{path} is an MP4 or MOV file with damaged boxes.", path=path.name),
            hint=tr("Get the file again, or rebuild it with a repair tool such as untrunc."),
        )
    start, length = moov
    stream.seek(start)
    body = stream.read(min(length, _MOOV_BYTES_READ))
    if b"encv" in body or b"sinf" in body:
        return UnsupportedMediaError(
            tr("{path} is encrypted (DRM): its pictures cannot be decoded without the key.", path=path.name),
            hint=tr("Use an unprotected copy."),
        )
    if start + length > size:
        return _cut_off_inside_index(path)
    return UnsupportedMediaError(
        tr("{path} has a damaged video index (moov box).", path=path.name),
        hint=tr("Get the file again, or rebuild it with a repair tool such as untrunc."),
    )


def _cut_off_inside_index(path: Path) -> UnsupportedMediaError:
    return UnsupportedMediaError(
        tr("{path} is truncated inside its video index (moov box).", path=path.name),
        hint=tr("Get the file again; the missing part cannot be recovered from this one."),
    )


def _find_moov(stream: BinaryIO, size: int) -> tuple[tuple[int, int] | None, bool]:
    """Offset and length of the moov box, and whether the boxes up to there (or the end) make sense."""
    position = 0
    for _ in range(_MAX_BOXES):
        stream.seek(position)
        header = stream.read(16)
        if len(header) < 8:
            break
        length = int.from_bytes(header[:4], "big")
        if length == 1 and len(header) == 16:
            length = int.from_bytes(header[8:], "big")
        elif length == 0:
            length = size - position
        if header[4:8] == b"moov":
            return (position, length), True
        if length < 8:
            return None, False
        position += length
    return None, True


def _other_kind(head: bytes) -> str | None:
    for magic, words in _OTHER_KINDS:
        if head.startswith(magic):
            return words
    if b"<MPD" in head:
        return tr("a DASH manifest, which this FFmpeg cannot read")
    if head.startswith((b"#EXTM3U", b"ffconcat")):
        return tr("a list of other files, none of which can be opened")
    if _is_text(head):
        return "text"
    if not head.strip(b"\0"):
        return tr("nothing but zeros")
    return None


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    # The last character may be cut off at the end of the data.
    for cut in range(min(4, len(head))):
        try:
            text = head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return all(letter.isprintable() or letter in "\t\r\n\f" for letter in text.removeprefix("\ufeff"))
    return False


def _has_transport_sync(head: bytes) -> bool:
    for stride, offset in ((188, 0), (192, 4), (204, 0)):
        syncs = head[offset::stride][:8]
        if len(syncs) > 1 and all(value == 0x47 for value in syncs):
            return True
    return False
