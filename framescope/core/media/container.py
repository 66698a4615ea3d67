"""Opens a file or URL with FFmpeg and translates its errors. Streams are chosen in ``probe``."""

from __future__ import annotations

import errno
import io
import os
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, cast
from urllib.parse import SplitResult, unquote, urlsplit

import av.error

from framescope.core.addresses import address_without_secrets, masked, masked_argument
from framescope.core.errors import (
    MissingFileError,
    NoVideoStreamError,
    OpenError,
    SettingsError,
    UnsupportedMediaError,
)
from framescope.core.media.arrivals import arriving_file, begin_arrivals
from framescope.core.media.refusal import check_local_file, explain_os_error, explain_refusal
from framescope.core.media.remote_file import RemoteFile, is_remote, open_instead, open_remote
from framescope.core.plain_link import plain_path
from framescope.core.printable import printable
from framescope.core.pyav import known_size, open_input, opened_file
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import FileIO

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from framescope.core.model.stream_facts import FileState

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_ENDS_AN_ADDRESS = re.compile("[?#]")
_PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD")
_HEAD_BYTES = 64
_NO_FILE = 1
"""FFmpeg's AVFMT_NOFILE: the demuxer opens its input itself, as playlist demuxers do."""
_URL_OPEN_TIMEOUT_S = 15.0
_URL_READ_TIMEOUT_S = 15.0
_RECONNECTING = {"reconnect": "1", "reconnect_delay_max": "4"}
"""Options of FFmpeg's HTTP: a connection that ends early is made again, to read on where it ended."""
# FFmpeg decodes any text file as terminal output (ANSI art), which is not video.
_TEXT_ART_FORMATS = frozenset({"tty", "bin", "xbin", "adf", "idf"})


class _NamelessFile:
    """A file object that hides the file's name from FFmpeg.

    FFmpeg takes ``%d``, ``*`` or ``{}`` in an image's name for an image sequence pattern.
    """

    def __init__(self, file: io.RawIOBase) -> None:
        self._file = file
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

    ``concat:``, ``file:`` and other FFmpeg protocol prefixes are taken as part of the file name.
    """
    text = os.fspath(source)
    if is_url(text):
        return None
    if text.lower().startswith("file://"):
        # Rarely needed, and it brings the whole of HTTP along.
        from urllib.request import url2pathname  # noqa: PLC0415

        text = url2pathname(_parts_of(text).path)
    return Path(os.path.abspath(text))  # noqa: PTH100 - resolve() would follow links and change the name


def path_of(given: str | os.PathLike[str]) -> Path:
    """The path that is given where only a file or folder will do.

    Raises:
        SettingsError: It is an address, which as a path would lose a slash and be looked for here.
    """
    text = os.fspath(given)
    if is_url(text):
        raise SettingsError(
            tr("{address} is an address, but a file or folder is needed.", address=masked_argument(text)),
            hint=tr(
                "Videos are read from addresses; only export and clips write to addresses, such as"
                " s3://bucket/folder."
            ),
        )
    return Path(given)


def file_name(source: str) -> str:
    """The source's file name; for an address, the last part of its path."""
    return PurePath(unquote(_parts_of(source).path) if is_url(source) else source).name


def _parts_of(address: str) -> SplitResult:
    """An address taken apart; one that is not valid, such as ``http://[host/``, is taken for a path."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", address_without_secrets(address), "", "")


def without_secrets(source: str | os.PathLike[str]) -> str:
    """A source for reports and other files: a path as it is, an address without passwords and tokens."""
    text = os.fspath(source)
    return masked(text) if is_url(text) else text


def source_name(source: str | os.PathLike[str]) -> str:
    """A source's name in messages: the file name, or the address without passwords and tokens."""
    path = local_path(source)
    return masked(os.fspath(source)) if path is None else path.name


def shown_name(source: str | os.PathLike[str]) -> str:
    """The same for the window: with escapes for whatever would act on a screen."""
    return printable(source_name(source))


def open_container(source: str | os.PathLike[str]) -> InputContainer:
    """Open a local file or an address for reading. Threads: any; the container stays in the caller's thread.

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
        raise explain_refusal(path, error.strerror or tr("no reason given")) from error
    except OSError as error:
        raise explain_os_error(path, error) from error
    if container.format.name in _TEXT_ART_FORMATS:
        container.close()
        raise UnsupportedMediaError(
            tr("{path} is a text file, not a video.", path=path.name),
            hint=tr("It may have been renamed; choose a video file."),
        )
    return container


def _open_path(path: Path) -> InputContainer:
    # An absolute path cannot be mistaken for one of FFmpeg's protocols, whatever colons the name contains.
    container = open_input(str(_named_for_parts(path)))
    if container.format.name != "image2":
        return container
    # FFmpeg would take the name for an image sequence pattern, so hide the name and pass only the bytes.
    container.close()
    try:
        return open_input(_NamelessFile(io.FileIO(path, "r")))
    except av.error.InvalidDataError:
        # The content is ambiguous (Targa has no signature): fall back to the extension, for this file only.
        return open_input(str(path), format="image2", options={"pattern_type": "none"})


def _named_for_parts(path: Path) -> Path:
    """The name to open a playlist with, so that FFmpeg finds the files it lists.

    FFmpeg resolves the listed names like relative URLs, where a path ends at ``?`` or ``#``.
    """
    if not _ENDS_AN_ADDRESS.search(str(path.parent)):
        return path
    with path.open("rb") as file:
        if not file.read(_HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PLAYLISTS):
            return path
    folder = plain_path(path.parent, lambda part: not _ENDS_AN_ADDRESS.search(part))
    if folder is None:
        raise OpenError(
            tr(
                "{path} lists other files, which FFmpeg cannot find because its folder name contains # or ?.",
                path=path.name,
            ),
            hint=tr("Rename the folder."),
        )
    return folder / path.name


def open_bytes(source: str | os.PathLike[str]) -> FileIO:
    """Open a local file, or an object of a store, to read its bytes without a buffer.

    Raises:
        OSError: There is no such local file, it cannot be read, or it is any other address.
        OpenError: The object cannot be read.
    """
    path = local_path(source)
    if path is not None:
        return path.open("rb", buffering=0)
    if not is_remote(source):
        raise OSError(errno.EINVAL, "only FFmpeg reads this address")
    # What tables need of a file, it has as well.
    return cast("FileIO", open_remote(os.fspath(source)))


def opened_state(container: InputContainer) -> FileState | None:
    """The version of an object that an open container reads; None for what is no object of a store."""
    file = opened_file(container)
    return file.state if isinstance(file, RemoteFile) else None


def _open_url(address: str) -> InputContainer:
    if is_remote(address):
        return _open_remote(open_remote(address))
    file = arriving_file(address)
    if file is not None:
        return open_input(file)
    try:
        container = open_connection(address)
    except UnsupportedMediaError as error:
        # FFmpeg may have been built without TLS.
        if not (_is_http(address) and isinstance(error.__cause__, av.error.ProtocolNotFoundError)):
            raise
        return _open_remote(open_instead(address))
    if not _is_endless(container, address):
        return container
    try:
        file = begin_arrivals(address)
    except OSError:
        # FFmpeg can connect although Python cannot. Each connection then has frames of its own.
        return container
    container.close()
    return open_input(file)


def _open_remote(file: RemoteFile) -> InputContainer:
    try:
        container = open_input(file)
        if container.format.name != "image2":
            return container
        # As with local files: the name must not be taken for the pattern of an image sequence.
        container.close()
        return open_input(_NamelessFile(file))
    except av.error.FFmpegError as error:
        raise _not_recognised(masked(file.name)) from error


def _is_endless(container: InputContainer, address: str) -> bool:
    """Whether neither server nor header gives a length, and all data comes from one address."""
    is_one_file = not container.format.flags & _NO_FILE
    return _is_http(address) and is_one_file and known_size(container) is None and not container.duration


def _is_http(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def open_connection(
    address: str,
    *,
    options: Mapping[str, str] | None = None,
    form: str | None = None,
    timeouts: tuple[float, float] = (_URL_OPEN_TIMEOUT_S, _URL_READ_TIMEOUT_S),
) -> InputContainer:
    """Connect to an address or a device. Threads: any; the container stays in the caller's thread.

    Args:
        address: What FFmpeg opens.
        options: Options of its protocol and demuxer; None for the usual ones.
        form: The demuxer; None to recognise it.
        timeouts: Seconds until connecting, and until the next packet.

    Raises:
        MissingFileError: There is nothing at this address.
        UnsupportedMediaError: It is no video, or FFmpeg has no such protocol.
        OpenError: It does not answer, or denies access.
    """
    if options is None:
        options = _RECONNECTING if _is_http(address) else {}
    shown = masked(address)
    try:
        return open_input(address, format=form, timeout=timeouts, options=dict(options))
    except (av.error.HTTPNotFoundError, av.error.FileNotFoundError) as error:
        raise MissingFileError(
            tr("Not found: {address}.", address=shown),
            hint=tr("Check the address; the video may have been moved."),
        ) from error
    except (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError) as error:
        raise OpenError(
            tr("The server denies access to {address}.", address=shown),
            hint=tr("It may need a password or a newer link."),
        ) from error
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        raise _not_recognised(shown) from error
    except (av.error.ProtocolNotFoundError, av.error.OptionNotFoundError) as error:
        scheme = address.split(":", 1)[0]
        raise UnsupportedMediaError(
            tr("This FFmpeg cannot read addresses that begin with {scheme}:.", scheme=scheme),
            hint=_hint_without(scheme),
        ) from error
    except av.error.ExitError as error:
        hint = tr("Check the address and the network, then try again.")
        if address.lower().startswith("rtp:"):
            hint = tr("RTP does not say what it carries: open the .sdp file that the sender writes instead.")
        raise OpenError(
            tr("Nothing arrived from {address} for {seconds:g} s.", address=shown, seconds=timeouts[0]),
            hint=hint,
        ) from error
    except (av.error.FFmpegError, OSError) as error:
        reason = _unknown_host(address) or getattr(error, "strerror", None) or str(error)
        raise OpenError(
            tr("{address} cannot be opened: {reason}.", address=shown, reason=reason),
            hint=tr("Check the address and the network, then try again."),
        ) from error


def _hint_without(scheme: str) -> str:
    """What to do where FFmpeg was built without a protocol; PyAV's wheels lack SRT and RIST."""
    if scheme.lower() in ("srt", "rist"):
        return tr(
            "Let the ffmpeg program receive it: ffmpeg -i {scheme}://… -c copy -f mpegts -"
            " | framescope live -",
            scheme=scheme,
        )
    return tr("Use http, https, rtsp or a local file.")


def _not_recognised(shown: str) -> UnsupportedMediaError:
    return UnsupportedMediaError(
        tr("What {address} delivers is not a video that FFmpeg recognises.", address=shown),
        hint=tr("The address may be a web page about the video; use the address of the video itself."),
    )


def _unknown_host(address: str) -> str | None:
    """Whether the host name could not be resolved, for which FFmpeg has no error message."""
    import socket  # noqa: PLC0415 - only after a failure

    host = _parts_of(address).hostname if is_url(address) else None
    if host is None:
        return None
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return tr("there is no server called {host}", host=host)
    return None


def check_connection(container: InputContainer) -> None:
    """After a failed read: refuse to take the end of a connection for the end of a video.

    Raises:
        OpenError: The container is that of an address, which no longer answers.
    """
    if is_url(container.name):
        try:
            open_container(container.name).close()
        except OpenError as error:
            raise OpenError(
                tr("The connection to {address} was lost.", address=masked(container.name)), hint=error.hint
            ) from error


def video_stream(container: InputContainer, source: str, stream_index: int) -> VideoStream:
    """The stream that was chosen when the file was first opened.

    Raises:
        OpenError: The stream no longer exists: the file was replaced.
    """
    for stream in container.streams.video:
        # If there is no decoder, PyAV returns a stream without a codec context, contrary to its stubs.
        if stream.index == stream_index and stream.codec_context is not None:
            return stream
    raise OpenError(
        tr(
            "{source_name} no longer has a video stream {stream_index}: it has been replaced.",
            source_name=source_name(source),
            stream_index=stream_index,
        ),
        hint=tr("Open it again."),
    )


def no_frame_decodes(source: str) -> NoVideoStreamError:
    """The error for a file whose video stream turned out to hold no picture when counted."""
    return NoVideoStreamError(
        tr(
            "{source_name} declares a video stream, but no frame of it can be decoded.",
            source_name=source_name(source),
        ),
        hint=tr("The file may be truncated, damaged or encrypted."),
    )
