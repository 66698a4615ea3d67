"""Reaches object stores through fsspec: which addresses those are, and how to wait for their servers.

Credentials come from the environment and from the configuration of the libraries; none pass through here.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from framescope.core.addresses import masked
from framescope.core.errors import FrameScopeError, MissingFileError, OpenError, UnsupportedMediaError
from framescope.core.model.progress import check_cancelled
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from framescope.core.model.progress import CancelToken

PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "hf": "huggingface_hub",
}
"""The package that speaks to the servers of each scheme."""
_CHAIN = "::"
"""Between addresses that fsspec would open through one another, local files among them."""
_TRIES = 4
_FIRST_PAUSE_S = 0.3
_PATIENCE_S = 60.0
"""For how long one answer is waited for, all tries together."""
_TRIES_WITHIN_S = 10.0
"""After this long, a failure is final: the libraries try again by themselves, and have given up, too."""
_SLOWEST = 100_000
"""Bytes per second of connections that are slow, but not broken."""
_LOOK_S = 0.1
"""How often a wait looks whether it was cancelled."""
_NO_CREDENTIALS = (
    *("NoCredentialsError", "PartialCredentialsError", "TokenRetrievalError", "ProfileNotFound"),
    *("ClientAuthenticationError", "CredentialUnavailableError"),
)
"""What the libraries raise, by name: none of them is imported here."""
_LOGGERS = ("s3fs", "gcsfs", "adlfs", "azure")
"""What the libraries log failures to before they raise them, and while they try again."""

_FINAL = (
    *(FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError),
    *(ImportError, ValueError, TypeError),
)
"""Errors that come again."""

T = TypeVar("T")


class Place(NamedTuple):
    """What an address names: a file system of fsspec, and the path in it."""

    system: Any
    path: str


def is_stored(address: str | os.PathLike[str]) -> bool:
    """Whether this is an address of an object store, which only fsspec can reach. Threads: any."""
    scheme, separator, _ = os.fspath(address).partition("://")
    return bool(separator) and scheme.lower() in PACKAGES


def place_of(address: str) -> Place:
    """The place that an address names. Nothing is asked of a server. Threads: any.

    Raises:
        UnsupportedMediaError: The package for this kind of address is not installed.
        OpenError: The address is not valid, or the configuration of its library is not.
    """
    scheme, _, rest = address.partition("://")
    if not rest.strip("/") or _CHAIN in address:
        raise incomplete(address)
    try:
        # Takes long to import, with what it brings along.
        from fsspec.core import url_to_fs  # noqa: PLC0415

        # A listing that was kept would say how an object was, not how it is.
        system, path = url_to_fs(f"{scheme.lower()}://{rest}", use_listings_cache=False)
        _keep_quiet()
    except ImportError as error:
        package = PACKAGES.get(scheme.lower(), "aiohttp")
        raise UnsupportedMediaError(
            tr(
                "Addresses that begin with {scheme}: need the package {package}.",
                scheme=scheme,
                package=package,
            ),
            hint=tr("Install it: pip install fsspec {package}", package=package),
        ) from error
    except Exception as error:
        raise reading_error(address, error) from error
    return Place(system, path)


def _keep_quiet() -> None:
    """Keep what the libraries log from standard error, where Python prints it if nothing else takes it."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def incomplete(address: str) -> OpenError:
    """The error for an address that names nothing, or only a bucket."""
    return OpenError(
        tr("{address} is not a complete address.", address=masked(address)),
        hint=tr("Write it like s3://bucket/path/video.mp4."),
    )


def facts_of(place: Place) -> Mapping[str, Any]:
    """What is known about an object now: its size, version and so on, by the names of its library. Waits.

    Raises:
        Exception: Whatever the library of this kind of store raises.
    """
    # Some libraries keep what they have listed, whatever they are asked to keep.
    place.system.invalidate_cache(place.path)
    facts: Mapping[str, Any] = place.system.info(place.path)
    return facts


def objects_below(place: Place) -> dict[str, Mapping[str, Any]]:
    """The objects below a place, by their names from there on, with what is known about each. Waits.

    Raises:
        Exception: Whatever the library of this kind of store raises.
    """
    start = place.path.rstrip("/") + "/"
    place.system.invalidate_cache()
    try:
        found = place.system.find(start, detail=True)
    except Exception as error:
        if is_missing(error):
            return {}
        raise
    return {
        name.removeprefix(start): facts
        for name, facts in found.items()
        if name.startswith(start) and not name.endswith("/")
    }


def ask(
    address: str,
    work: Callable[[], T],
    *,
    explain: Callable[[str, Exception], FrameScopeError] | None = None,
    size_bytes: int = 0,
    cancel: CancelToken | None = None,
) -> T:
    """Do what needs a server, again if it fails, for a bounded time. Threads: any.

    A server that does not answer is given up: its thread is left behind, and ends with its own time-out.

    Args:
        address: What is read or written, for messages.
        work: What to do; run in another thread. What it raises of FrameScope's is not tried again.
        explain: Puts the last error into words; None for those of reading.
        size_bytes: What has to be sent or received, which a slow connection gets more time for.
        cancel: Ends the wait; so does what `check_cancelled` knows.

    Raises:
        FrameScopeError: It failed, or took too long.
        Cancelled: The work was cancelled.
    """
    explain = explain or reading_error
    patience = _PATIENCE_S + size_bytes / _SLOWEST
    began = time.monotonic()
    until = began + patience
    pause = _FIRST_PAUSE_S
    for tries_left in reversed(range(_TRIES)):
        _check(cancel)
        answer = _Answer(work)
        error = answer.waited(until, cancel)
        if error is None:
            return answer.result
        if isinstance(error, FrameScopeError):
            raise error
        end = min(until, began + _TRIES_WITHIN_S)
        if not tries_left or _is_final(error) or time.monotonic() + pause >= end:
            raise explain(address, error) from error
        _pause(pause, cancel)
        pause *= 2
    raise AssertionError


class _Answer(Generic[T]):
    """What a thread of its own finds out. `concurrent.futures` is slow to import, for a first picture."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._is_there = threading.Event()
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name="framescope-storage", daemon=True).start()

    def _run(self) -> None:
        try:
            self.result = self._work()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._error = error
        self._is_there.set()

    def waited(self, until: float, cancel: CancelToken | None) -> Exception | None:
        """Wait for it; why there is none, or None if there is one."""
        while not self._is_there.wait(_LOOK_S):
            if time.monotonic() >= until:
                return TimeoutError(tr("there was no answer in time"))
            _check(cancel)
        if self._error is not None and not isinstance(self._error, Exception):
            raise self._error
        return self._error


def _pause(seconds: float, cancel: CancelToken | None) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        _check(cancel)
        time.sleep(min(left, _LOOK_S))


def _check(cancel: CancelToken | None) -> None:
    check_cancelled()
    if cancel is not None:
        cancel.raise_if_cancelled()


def _is_final(error: Exception) -> bool:
    """Whether another try would end in the same way."""
    return isinstance(error, _FINAL) or is_denied(error) or is_missing(error)


def reading_error(address: str, error: Exception) -> OpenError:
    """What it means that an object cannot be read."""
    shown = masked(address)
    if is_missing(error):
        return MissingFileError(
            tr("Not found: {address}.", address=shown),
            hint=tr("Check the address; the video may have been moved."),
        )
    if is_denied(error):
        return OpenError(tr("The server denies access to {address}.", address=shown), hint=credentials_hint())
    reason = reason_of(error)
    lacks_credentials = isinstance(error, ValueError) and "credential" in reason.lower()
    return OpenError(
        tr("{address} cannot be read: {reason}.", address=shown, reason=reason),
        hint=credentials_hint()
        if lacks_credentials
        else tr("Check the address and the network, then try again."),
    )


def is_missing(error: Exception) -> bool:
    """Whether there is no such object, or no such bucket."""
    return isinstance(error, FileNotFoundError) or _status_of(error) == 404


def is_denied(error: Exception) -> bool:
    """Whether a server wants other credentials, or there are none."""
    return (
        isinstance(error, PermissionError)
        or type(error).__name__ in _NO_CREDENTIALS
        or _status_of(error) in {401, 403}
        # gcsfs has no other way to tell it from other errors.
        or (isinstance(error, OSError) and str(error).startswith("Forbidden: "))
    )


def _status_of(error: Exception) -> int | None:
    """The HTTP status that a library raised an error for: Azure's, Google's, the Hub's and aiohttp's."""
    holders = (error, getattr(error, "response", None))
    found = (getattr(holder, name, None) for holder in holders for name in ("status_code", "status", "code"))
    return next((status for status in found if isinstance(status, int)), None)


def credentials_hint() -> str:
    """Where credentials are taken from."""
    return tr(
        "Credentials come from the environment, or from the configuration files of the storage's tools."
    )


def reason_of(error: Exception) -> str:
    """An error of a library in words, without passwords and tokens: the first line of what it says."""
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    words = masked(said).strip(" \n,.").partition("\n")[0].strip().rstrip(".")
    if words.isdigit():
        return tr("the server answered {status}", status=words)
    return words or type(error).__name__
