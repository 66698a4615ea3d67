"""The page of the preferences for hardware decoding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QLabel

from framescope.core.translation import tr
from framescope.session.hardware import AUTOMATIC, OFF
from framescope.ui.dialogs.preferences.page import Page, left
from framescope.ui.widgets.roles import named_combo, push_button

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from framescope.core.hardware.examining import FoundDevice
    from framescope.session.open_video import OpenVideo
    from framescope.session.settings import Settings


class HardwarePage(Page):
    """Which device decodes, those found, and a test on the open video."""

    def __init__(self, settings: Settings, video: OpenVideo) -> None:
        super().__init__(settings, tr("Hardware decoding"))
        self._hardware = hardware = video.hardware
        self._info = video.info
        self._choice = named_combo(
            self, "hardware", tr("Decode with"), {OFF: tr("Software"), AUTOMATIC: tr("Automatic")}
        )
        self._choice.activated.connect(self._on_chosen)
        self.add_row(
            tr("Decode with"),
            self._choice,
            tr(
                "A device, such as a GPU, is used only for videos whose pictures it gave exactly as software"
                " does, bit for bit. When it fails, software takes over at once. Takes effect with the next"
                " video."
            ),
        )
        self._test = push_button(self, "hardwareTest", tr("Test on the open video"))
        self._test.clicked.connect(self._on_test_clicked)
        self.add_row(tr("Test"), left(self._test))
        self._result = _selectable(self, "hardwareResult")
        self.form.addRow("", self._result)
        # Below the button, which would move when devices are found.
        self._found = _selectable(self, "hardwareDevices")
        self.add_row(tr("Devices"), self._found)
        self.add_hint(
            tr(
                "Exports are always decoded in software. A device may not notice damage inside a picture;"
                " once the numbering was verified by decoding, every picture of a device is checked."
            )
        )
        self.follow("hardware", self._show)
        hardware.devices_found.connect(self._show)
        hardware.tested.connect(self._result.setText)
        hardware.changed.connect(self._show_test)
        self._show_test()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Look for devices when the page is seen: a driver may take a moment to start."""
        super().showEvent(event)
        self._hardware.look()

    @Slot()
    def _show(self) -> None:
        devices = self._hardware.devices
        self._found.setText(_found_words(devices))
        names = {one.name: _title(one) for one in devices or () if not one.problem}
        wanted = self.settings.hardware
        if wanted not in {OFF, AUTOMATIC, *names}:
            names[wanted] = wanted if devices is None else tr("{name} (not found)", name=wanted)
        with QSignalBlocker(self._choice):
            while self._choice.count() > 2:
                self._choice.removeItem(2)
            for name, title in names.items():
                self._choice.addItem(title, name)
            self._choice.setCurrentIndex(self._choice.findData(wanted))

    @Slot()
    def _show_test(self) -> None:
        is_testing = self._hardware.is_testing
        self._test.setText(tr("Stop the test") if is_testing else tr("Test on the open video"))
        can_test = self._info is not None and self._info.has_packets
        self._test.setEnabled(can_test)
        if is_testing:
            self._result.setText(tr("Comparing pictures…"))
        elif self._info is None:
            self._result.setText(tr("Open a video to test on."))
        elif not can_test:
            self._result.setText(tr("Only video files are decoded by a device."))
        elif not self._result.text() or self._result.text() == tr("Comparing pictures…"):
            now = self._hardware.decoder_of(self._info)
            self._result.setText(tr("The open video is decoded by {words}.", words=now.words))

    @Slot(int)
    def _on_chosen(self, _row: int) -> None:
        self.settings.hardware = str(self._choice.currentData())

    @Slot()
    def _on_test_clicked(self) -> None:
        if self._hardware.is_testing:
            self._hardware.stop_testing()
        elif self._info is not None:
            self._hardware.test(self._info)


def _selectable(page: Page, name: str) -> QLabel:
    label = QLabel(page)
    label.setObjectName(name)
    label.setWordWrap(True)
    return label


def _title(device: FoundDevice) -> str:
    from framescope.core.hardware.devices import device_title  # noqa: PLC0415 - known by now

    return device_title(device.name)


def _found_words(devices: tuple[FoundDevice, ...] | None) -> str:
    if devices is None:
        return tr("Looking for devices…")
    there = [one for one in devices if not one.problem]
    lines = [tr("{title}: {codecs}", title=_title(one), codecs=", ".join(one.codecs)) for one in there]
    if not there:
        lines.append(tr("There is no device to decode with: videos are decoded in software."))
    lines += [
        tr("{title}: not found ({problem})", title=_title(one), problem=one.problem)
        for one in devices
        if one.problem
    ]
    return "\n".join(lines)
