"""Opens a file or URL with FFmpeg and translates its errors. Streams are chosen in ``probe``."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import av.error

from framescope.core.errors import MissingFileError, NoVideoStreamError, OpenError, UnsupportedMediaError
from framescope.core.media.refusal import check_local_file, explain_os_error, explain_refusal
from framescope.core.pyav import open_input

if TYPE_CHECKING:
    from av.container import InputContainer

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_URL_OPEN_TIMEOUT_S = 15.0
_URL_READ_TIMEOUT_S = 15.0
# FFmpeg "plays" any text file as the output of a terminal; these are drawings of letters, not videos.
_TEXT_ART_FORMATS = frozenset({"tty", "bin", "xbin", "adf", "idf"})


class _NamelessFile:
    """Bytes of a file whose name FFmpeg does not see.

    FFmpeg reads ``%d``, ``*`` or ``{}`` in a picture's name as a pattern of many files.
    """

    def __init__(self, path: Path) -> None:
        self._file = io.FileIO(path, "r")
        self.read = self._file.read
        self.seek = self._file.seek
        self.tell = self._file.tell

    def __del__(self) -> None:
        # The container keeps its file and drops it without closing it.
        self._file.close()


def is_url(source: str) -> bool:
    """Whether ``source`` is an address that FFmpeg should fetch, rather than a local file."""
    return _URL.match(source) is not None and not source.lower().startswith("file://")


def local_path(source: str | os.PathLike[str]) -> Path | None:
    """The absolute path that ``source`` names, or None for an address.

    ``concat:``, ``file:`` and other prefixes that FFmpeg would obey are parts of a name here.
    """
    text = os.fspath(source)
    if is_url(text):
        return None
    if text.lower().startswith("file://"):
        # Rarely needed, and it brings the whole of HTTP along.
        from urllib.request import url2pathname  # noqa: PLC0415

        text = url2pathname(urlsplit(text).path)
    return Path(os.path.abspath(text))  # noqa: PTH100 - resolve() would follow links and change the name


def source_name(source: str | os.PathLike[str]) -> str:
    """What messages call a source: a file by its name, an address by all of it."""
    path = local_path(source)
    return os.fspath(source) if path is None else path.name


def open_container(source: str | os.PathLike[str]) -> InputContainer:
    """Open a local file or an address for reading. Threads: any; the container belongs to the caller's.

    Raises:
        MissingFileError: There is no such file, it is a folder, or it may not be read.
        UnsupportedMediaError: It is empty, damaged, encrypted, or not media.
        OpenError: The server does not answer.
    """
    path = local_path(source)
    if path is None:
        return _open_url(os.fspath(source))
    check_local_file(path)
    try:
        container = _open_path(path)
    except av.error.FFmpegError as error:
        if isinstance(error, (av.error.FileNotFoundError, av.error.PermissionError, av.error.OSError)):
            raise explain_os_error(path, error) from error
        raise explain_refusal(path, error.strerror or "no reason given") from error
    except OSError as error:
        raise explain_os_error(path, error) from error
    if container.format.name in _TEXT_ART_FORMATS:
        container.close()
        raise UnsupportedMediaError(
            f"{path.name} is not a video: it is text.",
            hint="Its name may have been changed; choose a video file.",
        )
    return container


def _open_path(path: Path) -> InputContainer:
    # An absolute path cannot be taken for one of FFmpeg's protocols, whatever colons are in the name.
    container = open_input(str(path))
    if container.format.name != "image2":
        return container
    # FFmpeg went by the name alone and would look for a numbered series of files: show it the bytes only.
    container.close()
    return open_input(_NamelessFile(path))


def _open_url(address: str) -> InputContainer:
    timeouts = (_URL_OPEN_TIMEOUT_S, _URL_READ_TIMEOUT_S)
    try:
        return open_input(address, timeout=timeouts)
    except (av.error.HTTPNotFoundError, av.error.FileNotFoundError) as error:
        raise MissingFileError(
            f"There is nothing at {address}.", hint="Check the address; the video may have been moved."
        ) from error
    except (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError) as error:
        raise OpenError(
            f"The server does not allow {address} to be read.", hint="It may need a password or a newer link."
        ) from error
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        raise UnsupportedMediaError(
            f"What {address} delivers is not a video that FFmpeg knows.",
            hint="The address may be a web page about the video; use the address of the video itself.",
        ) from error
    except (av.error.ProtocolNotFoundError, av.error.OptionNotFoundError) as error:
        scheme = address.split(":", 1)[0]
        raise UnsupportedMediaError(
            f"FFmpeg cannot read addresses that begin with {scheme}:.",
            hint="Use http, https, rtsp or a local file.",
        ) from error
    except (av.error.FFmpegError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OpenError(
            f"{address} cannot be opened: {reason}.",
            hint="Check the address and the network, then try again.",
        ) from error


def no_frame_decodes(source: str) -> NoVideoStreamError:
    """The answer to a file whose video stream, when it was counted, turned out to hold no picture."""
    return NoVideoStreamError(
        f"{source_name(source)} announces video, but no frame of it can be decoded.",
        hint="The file may be cut short, damaged or encrypted.",
    )
