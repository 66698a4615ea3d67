"""The composition root: the picture of the real window, and starting where no window can be."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from framescope import app as app_module
from framescope.app import (
    follow_settings,
    forget_opencv_qt,
    log_notice,
    log_refusal,
    make_application,
    run_screenshot,
    user_settings,
)
from framescope.core.errors import DestinationError, FrameScopeError
from framescope.core.log import LogLevel
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.video_memory import VideoMemory, VideoState
from framescope.session.open_video import OpenVideo
from framescope.session.settings import Settings, ThemeChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


pytestmark = pytest.mark.usefixtures("hangup_heard")


@pytest.fixture(autouse=True)
def undressed_afterwards(qapp: QApplication) -> Iterator[None]:
    """Leave the application as it was: other tests look at widgets without a stylesheet."""
    font, palette = qapp.font(), qapp.palette()
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


def test_screenshot_is_a_picture_of_the_asked_size(qtbot: QtBot, plain_clip: Path, tmp_path: Path) -> None:
    del qtbot
    out = tmp_path / "made" / "window.png"
    run_screenshot(str(plain_clip), out, frame=20, size=(1000, 700), panel="gop", theme="light")
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1000, 700)
    assert len({image.pixel(x, y) for x in range(0, 1000, 20) for y in range(0, 700, 20)}) > 20


def test_frame_beyond_the_end_is_an_error(qtbot: QtBot, plain_clip: Path, tmp_path: Path) -> None:
    del qtbot
    out = tmp_path / "window.png"
    with pytest.raises(FrameScopeError, match="no frame 10000"):
        run_screenshot(str(plain_clip), out, frame=10_000)
    assert not out.exists()


def test_screenshot_of_a_missing_video_is_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    with pytest.raises(FrameScopeError):
        run_screenshot(str(tmp_path / "missing.mp4"), tmp_path / "window.png")


def test_unknown_panel_is_an_error_that_names_the_panels(
    qtbot: QtBot, plain_clip: Path, tmp_path: Path
) -> None:
    del qtbot
    with pytest.raises(FrameScopeError) as caught:
        run_screenshot(str(plain_clip), tmp_path / "window.png", panel="nothing")
    assert "codec" in caught.value.hint


def test_picture_that_cannot_be_written_is_an_error(qtbot: QtBot, plain_clip: Path, tmp_path: Path) -> None:
    del qtbot
    with pytest.raises(FrameScopeError):
        run_screenshot(str(plain_clip), tmp_path / "window.strange")


def test_folders_of_opencv_are_forgotten_and_others_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/x/site-packages/cv2/qt/plugins")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/usr/share/fonts")
    forget_opencv_qt()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == "/usr/share/fonts"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="Qt keeps settings elsewhere")
def test_settings_are_kept_where_there_is_a_folder_for_them(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = user_settings()
    kept.thumbnail_height = 100
    kept.save()
    stored = home / "config_home" / "FrameScope" / "FrameScope.conf"
    assert "thumbnail_height=100" in stored.read_text(encoding="utf-8")
    stored.unlink()
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    monkeypatch.delenv("XDG_CONFIG_HOME")
    passing = user_settings()
    passing.thumbnail_height = 90
    passing.save()
    assert passing.thumbnail_height == 90
    assert list(tmp_path.iterdir()) == []


_STOPPED_WINDOW = """
import signal, sys, time
from pathlib import Path
from framescope import app
from framescope.core.files import part_file
from framescope.core.model.progress import Progress

number, target = signal.Signals(int(sys.argv[1])), Path(sys.argv[2])
# Whoever started the tests may have it ignored.
signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
make_window = app.make_window

def work(progress, cancel):
    with part_file(target, replaces=True) as part:
        part.write_bytes(b"half")
        progress(Progress(0, 1))
        while True:
            cancel.raise_if_cancelled()
            time.sleep(0.01)

def stop(_progress):
    signal.raise_signal(number)

def window_at_work(*arguments):
    window = make_window(*arguments)
    job = window.controller.run_job("Working", work)
    job.progressed.connect(stop)
    return window

app.make_window = window_at_work
sys.exit(app.run_window())
"""


@pytest.mark.skipif(os.name != "posix", reason="what a POSIX process inherits")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_stop_signal_ends_the_window_and_its_work(name: str, tmp_path: Path) -> None:
    number, target = getattr(signal, name), tmp_path / "clip.mp4"
    target.write_bytes(b"before")
    answer = subprocess.run(
        [sys.executable, "-c", _STOPPED_WINDOW, str(int(number)), str(target)],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 128 + number, answer.stderr
    assert ([path.name for path in tmp_path.iterdir()], target.read_bytes()) == (["clip.mp4"], b"before")


_STOPPED_START = """
import signal, sys
signal.signal(signal.SIGTERM, signal.SIG_DFL)

if sys.argv[2] == "import":
    class Stopping:
        def find_spec(self, name, path, target=None):
            if name == "framescope.app":
                try:
                    signal.raise_signal(signal.SIGTERM)
                except BaseException:
                    # As code that Qt calls does.
                    pass
    sys.meta_path.insert(0, Stopping())
else:
    from framescope import app
    app.make_application(())
    from framescope.ui.window.main_window import MainWindow
    fill = MainWindow.fill
    def fill_later(window, *parts):
        try:
            signal.raise_signal(signal.SIGTERM)
        except BaseException:
            pass
        fill(window, *parts)
    MainWindow.fill = fill_later

from framescope.__main__ import main
sys.argv = ["framescope", sys.argv[1]]
sys.exit(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="what a POSIX process inherits")
@pytest.mark.parametrize("moment", ["import", "fill"])
def test_a_stop_signal_ends_a_window_that_is_being_made(moment: str, plain_clip: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", _STOPPED_START, str(plain_clip), moment],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 128 + signal.SIGTERM, answer.stderr
    assert b"Traceback" not in answer.stderr
    assert b"QThread" not in answer.stderr


_QUIT_WINDOW = """
import signal, sys
from PySide6.QtCore import QTimer
from framescope import app
application = app.make_application(())
for number in (signal.SIGINT, signal.SIGHUP):
    QTimer.singleShot(0, lambda number=number: signal.raise_signal(number))
QTimer.singleShot(0, application.quit)
sys.exit(app.run_window())
"""


@pytest.mark.skipif(os.name != "posix", reason="what a POSIX process inherits")
def test_signals_that_the_parent_ignored_do_not_end_the_window() -> None:
    before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGHUP)}
    try:
        answer = subprocess.run([sys.executable, "-c", _QUIT_WINDOW], capture_output=True, check=False)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert answer.returncode == 0, answer.stderr


def test_numbers_for_c_libraries_keep_their_point_in_any_locale(tmp_path: Path) -> None:
    localedef = shutil.which("localedef")
    name = "de_DE.UTF-8"
    command = [localedef or "", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / name)]
    if localedef is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no locale with a decimal comma can be made here")
    code = (
        "import locale; from PySide6.QtCore import QLocale; from framescope import app;"
        "app.make_application(()); print(locale.localeconv()['decimal_point'], QLocale().decimalPoint())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "LOCPATH": str(tmp_path), "LC_ALL": name},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == [".", ","]


def test_starting_loads_only_what_the_first_picture_needs() -> None:
    names = (
        "cv2 psutil qtawesome qtpy pyqtgraph scenedetect PIL click rich http ssl framescope.core.audit"
        " framescope.core.export framescope.core.fragments framescope.core.sampling framescope.core.synth"
        " framescope.core.timing framescope.ui.export.dialog framescope.ui.panels.seek.panel"
    )
    code = f"import sys, framescope.app; print([name for name in {names.split()!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_application_forgets_the_paths_of_a_bundle(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    del qtbot
    made: list[str] = []
    monkeypatch.setattr("framescope.app.QApplication", FakeApplication)
    monkeypatch.setattr("framescope.app.QGuiApplication", FakeApplication(["framescope"]))
    monkeypatch.setattr("framescope.app.install_fonts", lambda _: made.append("fonts"))
    monkeypatch.setattr("framescope.app.forget_bundle_paths", lambda: made.append("forgotten"))
    make_application(())
    assert made == ["forgotten", "fonts"]


class FakeApplication:
    """A QApplication that may be made a second time."""

    def __init__(self, arguments: list[str]) -> None:
        assert arguments[0] == "framescope"

    @staticmethod
    def instance() -> None:
        return None

    def __getattr__(self, name: str) -> Callable[[object], None]:
        assert name.startswith("set")
        return lambda _: None


def test_log_and_language_follow_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[str] = []
    monkeypatch.setattr(app_module, "use_level", lambda level: used.append(str(level)))
    monkeypatch.setattr(app_module, "choose_language", used.append)
    settings = Settings()
    follow_settings(settings)
    settings.log_level = LogLevel.DEBUG
    settings.language = "de"
    settings.theme = ThemeChoice.DARK
    assert used == ["info", "debug", "de"]


def test_what_the_window_says_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "framescope"):
        log_notice("Three frames were saved.", "info")
        log_refusal(FrameScopeError("There is no such file.", hint="Look elsewhere."))
    assert "Shown in the window (info): Three frames were saved." in caplog.text
    assert "Not opened: There is no such file. Look elsewhere." in caplog.text


def test_a_picture_of_the_window_neither_uses_nor_keeps_what_the_user_did(
    qtbot: QtBot, plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    # How many frames are decoded ahead until the picture is taken depends on the machine.
    monkeypatch.setattr(OpenVideo, "cached_spans", property(lambda _: ()))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    memory = VideoMemory()
    identity = memory.identify(str(plain_clip))
    assert identity is not None
    memory.save(identity, 0, VideoState(MarkedFrames((5,)), 30), None)

    def kept() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in tmp_path.rglob("*.json")}

    before = kept()
    plain, again = tmp_path / "plain.png", tmp_path / "again.png"
    run_screenshot(str(plain_clip), again, frame=7)
    assert kept() == before
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "empty"))
    run_screenshot(str(plain_clip), plain, frame=7)
    assert QImage(str(plain)) == QImage(str(again))


def test_a_language_that_cannot_be_kept_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_language: str) -> None:
        raise DestinationError("The folder is read-only.")

    monkeypatch.setattr(app_module, "choose_language", refuse)
    settings, said = Settings(), list[str]()
    follow_settings(settings)
    settings.notice_posted.connect(lambda text, _level: said.append(text))
    settings.language = "de"
    assert said == ["The language cannot be kept for the next start. The folder is read-only."]
