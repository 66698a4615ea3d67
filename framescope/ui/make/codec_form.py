"""The form for the encoding of a new video: library, codec, container, GOP, quality."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from framescope.core.synth.codecs import CODECS, CONTAINERS, codec_named
from framescope.core.synth.make_settings import Fit, MakeSettings, Writer
from framescope.core.translation import tr
from framescope.ui.widgets.roles import (
    check_box,
    inset_text,
    label_for,
    make_form,
    named_combo,
    named_spin,
    plain_label,
)
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.core.synth.codecs import VideoCodec
    from framescope.core.synth.writable import WritableCell, WritableTable

_WRITERS = {Writer.PYAV: tr("PyAV (FFmpeg)"), Writer.OPENCV: tr("OpenCV VideoWriter")}
_FITS = {
    Fit.REFUSE: tr("Reject"),
    Fit.SCALE: tr("Stretch"),
    Fit.PAD: tr("Fit with black borders"),
    Fit.CROP: tr("Fill and crop the edges"),
}
_BROADCAST = 1001


class CodecForm(QWidget):
    """Encoding options of a new video. Only what this machine can write is offered. Threads: GUI."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("makeCodecForm")
        self._table: WritableTable | None = None
        self._writer = named_combo(self, "makeWriter", tr("Library that writes the file"))
        for writer, words in _WRITERS.items():
            self._writer.addItem(words, writer.value)
        self._codec = named_combo(self, "makeCodec", tr("Codec"))
        for codec in CODECS:
            self._codec.addItem(codec.title, codec.codec_id)
        self._container = named_combo(self, "makeContainer", tr("Container"))
        self._fourcc = named_combo(self, "makeFourcc", tr("FourCC"))
        self._pixels = named_combo(self, "makePixelFormat", tr("Pixel format"))
        self._rate = QDoubleSpinBox(self)
        self._rate.setObjectName("makeRate")
        self._rate.setAccessibleName(tr("Frames per second"))
        self._rate.setRange(0.1, 1000)
        self._rate.setDecimals(3)
        self._rate.setValue(25)
        self._rate.setKeyboardTracking(False)
        self._quality = named_spin(self, "makeQuality", tr("Quality"), range(101), 75)
        self._gop = named_spin(self, "makeGop", "GOP", range(1, 100001), 48)
        self._b_frames = named_spin(self, "makeBFrames", tr("B-frames"), range(17), 2)
        self._intra = check_box(self, "makeIntra", tr("Every frame a keyframe"))
        self._open = check_box(self, "makeOpenGop", tr("Open GOPs"))
        self._times = check_box(self, "makeTimes", tr("Keep the video’s timestamps"))
        self._times.setChecked(True)
        self._fit = named_combo(self, "makeFit", tr("Pictures of a different size"))
        for fit, words in _FITS.items():
            self._fit.addItem(words, fit.value)
        self._rotation = named_combo(self, "makeRotation", tr("Rotation flag"))
        for degrees in (0, 90, 180, 270):
            self._rotation.addItem(f"{degrees}°" if degrees else tr("None"), degrees)
        self._good_for = plain_label("makeGoodFor", "muted", self)
        inset_text(self._rate)
        self._lay_out()
        self._connect()
        self._on_codec_changed()

    @property
    def codec(self) -> VideoCodec:
        """The selected codec."""
        return codec_named(str(self._codec.currentData()))

    @property
    def writer(self) -> Writer:
        """The selected library."""
        return Writer(self._writer.currentData())

    @property
    def container(self) -> str:
        """The selected container, as a file name extension without the dot."""
        return str(self._container.currentData())

    @property
    def keeps_times(self) -> bool:
        """Whether frames taken from a video keep their timestamps."""
        return self._times.isChecked() and self._times.isEnabled()

    @property
    def rate(self) -> Fraction:
        """Frames per second; 23.976 and the like are the exact broadcast rates."""
        rate = Fraction(self._rate.value()).limit_denominator(1000)
        broadcast = Fraction(round(rate * _BROADCAST / 1000) * 1000, _BROADCAST)
        return broadcast if rate.denominator > 1 and abs(rate - broadcast) < Fraction(1, 200) else rate

    @property
    def words(self) -> str:
        """The notes on the selection."""
        return self._good_for.text()

    def settings(self, timestamps_s: tuple[float, ...] = (), rate: Fraction | None = None) -> MakeSettings:
        """The selection as settings.

        Args:
            timestamps_s: Timestamps of the pictures, if they have their own.
            rate: Overrides the rate in the form.

        Raises:
            SettingsError: The selection is not available.
        """
        is_pyav = self.writer is Writer.PYAV
        return MakeSettings(
            codec=self.codec.codec_id,
            fourcc=str(self._fourcc.currentData() or ""),
            writer=self.writer,
            container=self.container,
            rate=rate or self.rate,
            timestamps_s=timestamps_s,
            fit=Fit(self._fit.currentData()),
            gop=self._gop.value(),
            b_frames=self._b_frames.value(),
            open_gop=is_pyav and self._open.isEnabled() and self._open.isChecked(),
            all_intra=is_pyav and self._intra.isEnabled() and self._intra.isChecked(),
            quality=self._quality.value(),
            pixel_format=str(self._pixels.currentData() or "") if is_pyav else "",
            rotation=int(self._rotation.currentData()) if is_pyav else 0,
        )

    def show_writable(self, table: WritableTable) -> None:
        """Set what this machine can write."""
        self._table = table
        self._on_writer_changed()

    def show_times(self, *, has_times: bool) -> None:
        """Set whether the pictures have timestamps that could be kept."""
        self._times.setEnabled(has_times and self.writer is Writer.PYAV)
        self._rate.setEnabled(not self.keeps_times)

    # --- building

    def _lay_out(self) -> None:
        left, right = QWidget(self), QWidget(self)
        first, second = make_form(left), make_form(right)
        field: QWidget
        for text, field in (
            (tr("Written by"), self._writer),
            (tr("Codec"), self._codec),
            (tr("Container"), self._container),
            (tr("FourCC"), self._fourcc),
            (tr("Pixels"), self._pixels),
            (tr("Quality"), self._quality),
        ):
            first.addRow(label_for(text, left, field), field)
        for text, field in (
            (tr("Rate, fps"), self._rate),
            ("", self._times),
            ("GOP", self._gop),
            (tr("B-frames"), self._b_frames),
            ("", self._intra),
            ("", self._open),
            (tr("Other sizes"), self._fit),
            (tr("Rotation"), self._rotation),
        ):
            second.addRow(label_for(text, right, field), field)
        row = QHBoxLayout()
        row.setSpacing(3 * SPACE)
        row.addWidget(left, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(right, 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(row)
        column.addWidget(self._good_for)

    def _connect(self) -> None:
        self._writer.currentIndexChanged.connect(self._on_writer_changed)
        self._codec.currentIndexChanged.connect(self._on_codec_changed)
        self._container.currentIndexChanged.connect(self._on_container_changed)
        for combo in (self._fourcc, self._pixels, self._fit, self._rotation):
            combo.currentIndexChanged.connect(self._on_changed)
        for spin in (self._quality, self._gop, self._b_frames, self._rate):
            spin.valueChanged.connect(self._on_changed)
        for box in (self._intra, self._open, self._times):
            box.toggled.connect(self._on_changed)

    # --- valid combinations

    @Slot()
    def _on_writer_changed(self) -> None:
        table = self._table
        for place, codec in enumerate(CODECS):
            works = table is None or table.works(self.writer, codec.codec_id)
            reason = "" if table is None or works else _reason(table, self.writer, codec.codec_id)
            _allow(self._codec, place, allowed=works, tip=reason)
        if table is not None and not table.works(self.writer, self.codec.codec_id):
            usable = (codec for codec in CODECS if table.works(self.writer, codec.codec_id))
            first = next(usable, None)
            if first is not None:
                self._codec.setCurrentIndex(self._codec.findData(first.codec_id))
        self._on_codec_changed()

    def choose_container(self, name: str) -> None:
        """Select a container by its file name extension, if it supports the codec."""
        place = self._container.findData(name)
        if place >= 0:
            self._container.setCurrentIndex(place)

    @Slot()
    def _on_codec_changed(self) -> None:
        codec, is_pyav = self.codec, self.writer is Writer.PYAV
        works = {name: self._works_in(name) for name in CONTAINERS}
        _refill(self._container, {words: name for name, words in CONTAINERS.items() if works[name]})
        _refill(self._pixels, {name: name for name in codec.pixel_formats} if is_pyav else {"Its own": ""})
        for widget, is_open in (
            (self._pixels, is_pyav),
            (self._quality, is_pyav and codec.quality is not None),
            (self._gop, is_pyav and codec.has_gop),
            (self._b_frames, is_pyav and codec.has_b_frames),
            (self._intra, is_pyav and codec.has_gop),
            (self._open, is_pyav and codec.has_open_gop),
            (self._rotation, is_pyav),
        ):
            widget.setEnabled(is_open)
        self._on_container_changed()

    @Slot()
    def _on_container_changed(self) -> None:
        container = str(self._container.currentData())
        entries = {tr("Default"): ""}
        for fourcc in self.codec.fourccs:
            cell = self._cell(fourcc, container)
            if cell is None or cell.keeps_fourcc:
                entries[fourcc] = fourcc
        _refill(self._fourcc, entries)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        codec, is_pyav = self.codec, self.writer is Writer.PYAV
        is_intra = self._intra.isChecked() and self._intra.isEnabled()
        self._gop.setEnabled(is_pyav and codec.has_gop and not is_intra)
        self._b_frames.setEnabled(is_pyav and codec.has_b_frames and not is_intra)
        self._open.setEnabled(is_pyav and codec.has_open_gop and not is_intra)
        self._rate.setEnabled(not self.keeps_times)
        access = (
            tr("every frame is independent: any seek decodes one frame") if is_intra else codec.random_access
        )
        words = f"{codec.title}: {codec.compatibility}; {codec.size}; {access}."
        if not is_pyav:
            words += tr(" OpenCV chooses GOP, quality and pixel format itself.")
        self._good_for.setText(words)
        self.changed.emit()

    def _cell(self, fourcc: str, container: str) -> WritableCell | None:
        table = self._table
        return None if table is None else table.cell(self.writer, self.codec.codec_id, fourcc, container)

    def _works_in(self, container: str) -> bool:
        if self._table is None:
            return container in self.codec.containers
        fourccs = ("", *self.codec.fourccs)
        return any((cell := self._cell(fourcc, container)) is not None and cell.works for fourcc in fourccs)


def _reason(table: WritableTable, writer: Writer, codec: str) -> str:
    cells = (cell for cell in table.cells if (cell.writer, cell.codec) == (writer, codec))
    return next((cell.reason for cell in cells if cell.reason), "")


def _allow(combo: QComboBox, place: int, *, allowed: bool, tip: str) -> None:
    model = combo.model()
    assert isinstance(model, QStandardItemModel)
    item = model.item(place)
    item.setEnabled(allowed)
    item.setToolTip(tip)


def _refill(combo: QComboBox, entries: dict[str, str]) -> None:
    """Replace the items, keeping the selected one if it is still available."""
    chosen = combo.currentData()
    with QSignalBlocker(combo):
        combo.clear()
        for words, data in entries.items():
            combo.addItem(words, data)
        combo.setCurrentIndex(max(combo.findData(chosen), 0))
