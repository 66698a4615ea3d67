"""What errors and facts of the libraries of object stores mean, whichever library they come from."""

from __future__ import annotations

import logging
import math
from types import SimpleNamespace

import pytest

from framescope.core import storage
from framescope.core.errors import MissingFileError, OpenError
from framescope.core.media import remote_file
from framescope.core.storage import ask, place_of, reading_error

ADDRESS = "az://videos/film.mp4"


class _AzureError(Exception):
    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status_code = status


class _GoogleError(Exception):
    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.code = status


class _HubError(OSError):
    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.response = SimpleNamespace(status_code=status)


KINDS = (_AzureError, _GoogleError, _HubError)


class ClientAuthenticationError(Exception):
    """As Azure's is called."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_status_says_what_an_error_means(kind: type[_AzureError]) -> None:
    assert isinstance(reading_error(ADDRESS, kind("The container does not exist.", 404)), MissingFileError)
    for status in (401, 403):
        error = reading_error(ADDRESS, kind("No.\nRequestId: 1", status))
        assert "denies access" in str(error)
        assert "Credentials come from" in error.hint
    for status in (500, 503):
        assert "cannot be read" in str(reading_error(ADDRESS, kind("Busy", status)))


def test_errors_without_a_status_are_told_by_what_they_say() -> None:
    assert "denies access" in str(reading_error(ADDRESS, OSError("Forbidden: o/film.mp4\nNo access")))
    assert "denies access" in str(reading_error(ADDRESS, ClientAuthenticationError("no token")))
    unset = reading_error(ADDRESS, ValueError("Must provide an account_name with credentials!!"))
    assert "Credentials come from" in unset.hint
    assert "Check the address" in reading_error(ADDRESS, ValueError("Bad range")).hint


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("The container is full.\nRequestId:1\nTime:2", "cannot be read: The container is full."),
        (", 503", "cannot be read: the server answered 503."),
        ("", "cannot be read: RuntimeError."),
        ("no way to https://a:secret@host/x?key=1", "cannot be read: no way to https://…@host/x?…."),
    ],
)
def test_reasons_are_one_line(said: str, words: str) -> None:
    assert str(reading_error(ADDRESS, RuntimeError(said))) == f"{ADDRESS} {words}"


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("kind", KINDS)
def test_what_would_fail_again_is_tried_once(kind: type[_AzureError], status: int) -> None:
    tries = []

    def work() -> None:
        tries.append(status)
        raise kind("No", status)

    with pytest.raises(OpenError):
        ask(ADDRESS, work)
    assert tries == [status]


def test_what_is_busy_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_FIRST_PAUSE_S", 0.001)
    tries: list[int] = []

    def work() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise _AzureError("Busy", 503)
        return "here"

    assert ask(ADDRESS, work) == "here"


def test_libraries_do_not_write_to_standard_error(
    object_store: object, capsys: pytest.CaptureFixture[str]
) -> None:
    del object_store
    place_of("s3://videos/film.mp4")
    for name in ("s3fs", "gcsfs", "azure.storage.blob", "adlfs"):
        # As outside of a test, where nothing takes what is logged.
        logger: logging.Logger | None = logging.getLogger(name)
        handlers: list[logging.Handler] = []
        while logger is not None and logger is not logging.getLogger():
            handlers += logger.handlers
            logger = logger.parent
        assert handlers, name
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("moment", "nanoseconds"),
    [(math.nan, 0), (math.inf, 0), (-math.inf, 0), ("Monday", 0), (2.5, 2_500_000_000)],
)
def test_a_time_that_is_none_is_no_time(
    monkeypatch: pytest.MonkeyPatch, moment: object, nanoseconds: int
) -> None:
    monkeypatch.setattr(remote_file, "facts_of", lambda _place: {"size": 1, "mtime": moment})
    assert remote_file.remote_state("s3://videos/film.mp4").modified_ns == nanoseconds
