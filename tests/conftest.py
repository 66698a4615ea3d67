"""Fixtures for every test: known surroundings, synthesised clips by name, real media by name."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.surroundings import collect_garbage, move_in, settle, start_again_if_needed

# Before anything is imported that reads a variable when it is imported.
settle()

import pytest  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from framescope.engine.bugs import BugsReported  # noqa: E402
from tests.clips.real_media import real_media_folder  # noqa: E402
from tests.clips.store import ClipStore  # noqa: E402
from tests.compared_clips import ComparedClips, write_clips  # noqa: E402
from tests.object_store import ObjectStore, running_store  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from PySide6.QtCore import SignalInstance
    from pytestqt.wait_signal import SignalBlocker

_PATIENCE_MS = 60_000
"""What is waited for comes within moments; on a machine that is busy with other things it may take longer."""
_COUNTED_CASES = 1


def pytest_configure(config: pytest.Config) -> None:
    """Begin once more where this interpreter was started with settings that cannot be changed."""
    start_again_if_needed(config)
    # It may be that the project cannot be written to: pytest then remembers nothing, and that is all.
    config.addinivalue_line("filterwarnings", "ignore:(could not create cache|cache could not)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count the lines that run in the first case of each test only.

    Counting takes a quarter of the time of all tests; further cases run the same lines with other inputs.
    """
    seen: Counter[str] = Counter()
    for item in items:
        test = item.nodeid.partition("[")[0]
        seen[test] += 1
        if seen[test] > _COUNTED_CASES:
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Leave out what is there for good, modules and tests, whenever garbage is collected."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Collect what a test left in cycles once it is over, in this thread: windows may be among it.

    Python by itself collects in any thread that allocates, such as one that encodes in the next test; a
    window, timer or watcher of files that dies there leaves Qt's event loop hanging, or crashes it, later.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        collect_garbage()


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable(report: object) -> Generator[None, object, object]:
    """Let xdist pass on reports in which a log names a file whose name is not UTF-8; its worker would die."""
    if isinstance(report, pytest.TestReport):
        report.sections = [
            (title, text.encode("utf-8", "backslashreplace").decode("utf-8"))
            for title, text in report.sections
        ]
    return (yield)


@pytest.fixture(scope="session", autouse=True)
def measured_threads() -> None:
    """Have the lines that threads of Qt run counted, too: coverage looks after Python's threads only."""
    enter = BugsReported.__enter__

    def measured_enter(self: BugsReported) -> None:
        # None while nothing is measured.
        sys.settrace(threading.gettrace())
        enter(self)

    if threading.gettrace() is not None:
        BugsReported.__enter__ = measured_enter  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's folder for all tests, empty at first."""
    folder = tmp_path_factory.mktemp("home")
    move_in(folder)
    return folder


class PatientQtBot(QtBot):
    """Waits longer than pytest-qt's five seconds unless told otherwise."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = _PATIENCE_MS) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(  # noqa: N802 - pytest-qt's own name
        self,
        signal: SignalInstance,
        *,
        timeout: int = _PATIENCE_MS,
        raising: bool | None = None,
        check_params_cb: Callable[..., bool] | None = None,
    ) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, raising=raising, check_params_cb=check_params_cb)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> PatientQtBot:
    """pytest-qt's robot with patience."""
    del qapp
    return PatientQtBot(request)


@pytest.fixture(scope="session")
def clip_store(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> ClipStore:
    """Where written clips are kept; between runs as well, where pytest has a cache that can be written."""
    cache = getattr(pytestconfig, "cache", None)
    if cache is not None:
        with suppress(OSError):
            folder = Path(cache.mkdir("framescope-clips"))
            if os.access(folder, os.W_OK):
                return ClipStore(folder)
    return ClipStore(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="session")
def clip(clip_store: ClipStore) -> Callable[[str], Path]:
    """``clip("h264.mp4")`` is the path of a clip of ``tests.clips.oddities``. Copy before changing."""
    return clip_store.path


@pytest.fixture(scope="session")
def refused_file(clip_store: ClipStore) -> Callable[[str], Path]:
    """``refused_file("no_moov.mp4")`` is a path of `tests.clips.oddities.REFUSED_FILES`."""
    return clip_store.refused


@pytest.fixture(scope="session")
def running_object_store() -> Iterator[ObjectStore]:
    """One server for all tests of this process."""
    with running_store() as store:
        yield store


@pytest.fixture
def object_store(running_object_store: ObjectStore) -> ObjectStore:
    """A server of objects on which nothing goes wrong yet."""
    running_object_store.faults.reset()
    return running_object_store


@pytest.fixture(scope="session")
def plain_clip(clip_store: ClipStore) -> Path:
    """160 × 120, H.264 in MP4, 48 numbered frames at 24 a second, two B-frames, a keyframe every 12."""
    return clip_store.path("h264.mp4")


@pytest.fixture(scope="session")
def compared_clips(tmp_path_factory: pytest.TempPathFactory) -> ComparedClips:
    """320 × 180, H.264 in MP4, numbered frames, and a transcode with dropped and doubled ones."""
    return write_clips(tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="session")
def media_folder() -> Path:
    """The folder with real files; tests that need it are skipped where it is missing."""
    folder = real_media_folder()
    if folder is None:
        pytest.skip("no real media: set FRAMESCOPE_MEDIA to a folder of real files with a MANIFEST.csv")
    return folder


@pytest.fixture(scope="session")
def media_file(media_folder: Path) -> Callable[[str], Path]:
    """``media_file("vc1.mov")`` is the path of a real file."""

    def find(name: str) -> Path:
        path = media_folder / name
        if not path.is_file():
            pytest.skip(f"the folder of real media holds no {name}")
        return path

    return find


@pytest.fixture
def hangup_heard() -> Iterator[None]:
    """Let SIGHUP end processes, as in a terminal; under nohup it is ignored, by what a test starts too."""
    if not hasattr(signal, "SIGHUP"):
        yield
        return
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)
