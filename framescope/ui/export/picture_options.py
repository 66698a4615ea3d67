"""Options applied to the picture before encoding: crop, size, colour, rotation, metadata."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from framescope.core.errors import SettingsError
from framescope.core.export.geometry import MOST_PIXELS, Crop, Resize, ResizeMethod
from framescope.core.export.notes import HDR_NAMES
from framescope.core.media.picture.geometry import rotated_pixel_aspect, rotated_size
from framescope.core.text import listed
from framescope.core.translation import tr
from framescope.ui.export.preview.crop_view import Size, fitted_inside
from framescope.ui.widgets.roles import check_box, inset_text, label_for, make_form, named_combo, shrinkable
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.stream_facts import VideoInfo

_METHOD_WORDS = {
    ResizeMethod.AUTO: tr("Automatic"),
    ResizeMethod.NEAREST: tr("Nearest"),
    ResizeMethod.LINEAR: tr("Linear"),
    ResizeMethod.CUBIC: tr("Cubic"),
    ResizeMethod.AREA: tr("Area"),
    ResizeMethod.LANCZOS: tr("Lanczos"),
}
_SAME, _SQUARE, _LONGEST, _WIDTH, _HEIGHT, _BOTH = "same", "square", "longest", "width", "height", "both"
_LETTERBOX = "letterbox"
_RESIZE_WORDS = {
    _SAME: tr("Original size"),
    _SQUARE: tr("Square pixels"),
    _LONGEST: tr("Longest side"),
    _WIDTH: tr("Width"),
    _HEIGHT: tr("Height"),
    _BOTH: tr("Width × height"),
    _LETTERBOX: tr("Letterbox"),
}


class PictureOptions(QWidget):
    """Chooses crop, size, colour and metadata of the picture. Threads: GUI."""

    changed = Signal()
    """`applied` would return different settings."""
    crop_wanted = Signal(bool)
    """Whether to start or stop drawing the crop on the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info: VideoInfo | None = None
        self._crop: Crop | None = None
        self._has_color, self._shows_rotation = True, True
        self._draw = QPushButton(tr("Draw on the picture"), self)
        self._draw.setObjectName("exportCropDraw")
        self._draw.setCheckable(True)
        self._clear = QPushButton(tr("Whole picture"), self)
        self._clear.setObjectName("exportCropClear")
        for button in (self._draw, self._clear):
            button.setAutoDefault(False)
        names = {"x": "Left", "y": tr("Top"), "width": tr("Width"), "height": tr("Height")}
        self._numbers = {
            name: self._spin(f"exportCrop.{name}", tr("Crop: {words}", words=words))
            for name, words in names.items()
        }
        self._crop_field = self._make_crop_field()
        self._resize = shrinkable(named_combo(self, "exportResize", tr("Size"), _RESIZE_WORDS))
        self._width = self._spin("exportResizeWidth", tr("New width or longest side"), least=1)
        self._height = self._spin("exportResizeHeight", tr("New height"), least=1)
        self._width.setValue(1280)
        self._height.setValue(720)
        self._method = shrinkable(
            named_combo(
                self,
                "exportResizeMethod",
                tr("Interpolation"),
                {each.value: words for each, words in _METHOD_WORDS.items()},
            )
        )
        self._size_words = QLabel(self)
        self._size_words.setObjectName("exportSizeWords")
        set_role(self._size_words, "muted")
        self._resize_field = self._make_resize_field()
        self._tone_map = check_box(self, "exportToneMap", tr("Tone-map HDR to SDR"))
        self._rotate = check_box(self, "exportRotate", tr("As displayed"))
        self._metadata = check_box(
            self, "exportMetadata", tr("Store source, frame number and time in the file")
        )
        self._metadata.setToolTip(
            tr("EXIF or PNG text: source, frame number, pts, time, software; colour profile.")
        )
        self._rotate.setChecked(True)
        self._metadata.setChecked(True)
        self._lay_out()
        self._connect()
        self._show()

    @property
    def picture_size(self) -> Size | None:
        """Columns and rows before crop and resize, after rotation if that is saved; None without a video."""
        info = self._info
        if info is None:
            return None
        return Size(*rotated_size(info.width, info.height, self._rotation_of(info)))

    @property
    def _pixel_aspect(self) -> Fraction:
        """Width over height of the picture's pixels, after rotation if that is saved."""
        info = self._info
        if info is None:
            return Fraction(1)
        return rotated_pixel_aspect(info.sample_aspect_ratio, self._rotation_of(info))

    def _rotation_of(self, info: VideoInfo) -> int:
        """The degrees by which pictures are rotated before they are saved."""
        return info.rotation if self._rotate.isChecked() else 0

    def applied(self, settings: ExportSettings) -> ExportSettings:
        """The settings with the choices made here."""
        return replace(
            settings,
            crop=self._crop,
            resize=self._chosen_size(),
            tone_map=self._tone_map.isChecked(),
            rotate=self._rotate.isChecked(),
            metadata=self._metadata.isChecked(),
        )

    def choose(self, settings: ExportSettings) -> None:
        """Show these settings without emitting a signal."""
        with QSignalBlocker(self):
            self._crop = settings.crop
            self._choose_size(settings.resize)
            self._tone_map.setChecked(settings.tone_map)
            self._rotate.setChecked(settings.rotate)
            self._metadata.setChecked(settings.metadata)
            self._show()

    def show_source(self, info: VideoInfo | None) -> None:
        """Offer rotation and tone mapping only where the video needs them."""
        self._info = info
        size = self.picture_size
        if self._crop is not None and size is not None:
            self._crop = fitted_inside(self._crop, size)
        if info is not None:
            parts = [
                tr("rotated by {rotation}°", rotation=info.rotation) if info.rotation else "",
                tr("mirrored") if info.mirrored else "",
            ]
            self._rotate.setText(tr("As displayed: {changes}", changes=listed(list(filter(None, parts)))))
            curve = HDR_NAMES.get(info.color.transfer, "HDR")
            self._tone_map.setText(tr("Tone-map {curve} (HDR) to SDR", curve=curve))
        self._show_rotation()
        self._show_color()
        self._show()

    def show_format(self, settings: ExportSettings) -> None:
        """Hide options that have no effect on the chosen format."""
        is_picture = settings.image_format.is_picture
        for field in (self._crop_field, self._resize_field):
            self._form.setRowVisible(field, is_picture)
        self._has_color = is_picture
        self._show_color()
        self._shows_rotation = is_picture
        self._show_rotation()
        self._form.setRowVisible(self._metadata, settings.image_format.holds_tags)

    def set_crop(self, crop: Crop | None) -> None:
        """Set the crop drawn on the picture."""
        if crop != self._crop:
            self._crop = crop
            self._show()
            self.changed.emit()

    def set_drawing(self, *, drawing: bool) -> None:
        """Show whether the crop is being drawn, without emitting a signal."""
        with QSignalBlocker(self):
            self._draw.setChecked(drawing)

    def set_rotated(self, *, rotated: bool) -> None:
        """Apply the rotation of the view."""
        self._rotate.setChecked(rotated)

    # --- building

    def _spin(self, name: str, accessible: str, *, least: int = 0) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setAccessibleName(accessible)
        spin.setRange(least, MOST_PIXELS)
        spin.setMinimumWidth(64)
        inset_text(spin)
        return spin

    def _make_crop_field(self) -> QWidget:
        whole = QWidget(self)
        grid = _grid(whole)
        grid.addWidget(self._draw, 0, 0, 1, 2)
        grid.addWidget(self._clear, 0, 2, 1, 2)
        captions = {"width": tr("Width"), "height": tr("Height"), "x": "Left", "y": tr("Top")}
        for place, (name, text) in enumerate(captions.items()):
            caption = label_for(text, whole, self._numbers[name])
            caption.setMinimumWidth(36)
            row, column = 1 + place // 2, 2 * (place % 2)
            grid.addWidget(caption, row, column)
            grid.addWidget(self._numbers[name], row, column + 1)
            self._captions = {**getattr(self, "_captions", {}), name: caption}
        return whole

    def _make_resize_field(self) -> QWidget:
        whole = QWidget(self)
        grid = _grid(whole)
        self._times = label_for("×", whole)
        self._times.setMinimumWidth(8)
        self._method_label = label_for(tr("Method"), whole, self._method)
        self._method_label.setMinimumWidth(36)
        grid.addWidget(self._resize, 0, 0, 1, 4)
        grid.addWidget(self._width, 1, 0)
        grid.addWidget(self._times, 1, 1)
        grid.addWidget(self._height, 1, 2)
        grid.addWidget(self._size_words, 1, 3)
        grid.addWidget(self._method_label, 2, 0)
        grid.addWidget(self._method, 2, 1, 1, 3)
        grid.setColumnStretch(1, 0)
        grid.setColumnStretch(3, 2)
        return whole

    def _make_color_field(self) -> QWidget:
        self._color_field = QWidget(self)
        column = QVBoxLayout(self._color_field)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._tone_map)
        return self._color_field

    def _show_rotation(self) -> None:
        info = self._info
        turns = info is not None and bool(info.rotation or info.mirrored)
        self._form.setRowVisible(self._rotate, turns and self._shows_rotation)

    def _show_color(self) -> None:
        is_hdr = self._info is not None and self._info.color.transfer in HDR_NAMES
        self._tone_map.setVisible(is_hdr and self._has_color)
        self._form.setRowVisible(self._color_field, self._has_color and is_hdr)

    def _lay_out(self) -> None:
        self._form = make_form(self)
        for text, field in (
            (tr("Crop"), self._crop_field),
            (tr("Size"), self._resize_field),
            (tr("Colour"), self._make_color_field()),
            (tr("Rotation"), self._rotate),
            (tr("Metadata"), self._metadata),
        ):
            self._form.addRow(label_for(text, self, field), field)

    def _connect(self) -> None:
        self._draw.toggled.connect(self.crop_wanted)
        self._clear.clicked.connect(self._on_clear_clicked)
        for spin in self._numbers.values():
            spin.valueChanged.connect(self._on_crop_edited)
        for combo in (self._resize, self._method):
            combo.currentIndexChanged.connect(self._on_changed)
        for spin in (self._width, self._height):
            spin.valueChanged.connect(self._on_changed)
        for box in (self._tone_map, self._metadata):
            box.toggled.connect(self._on_changed)
        self._rotate.toggled.connect(self._on_rotate_toggled)

    # --- size

    def _chosen_size(self) -> Resize | None:
        method = ResizeMethod(self._method.currentData())
        width, height = self._width.value(), self._height.value()
        return {
            _SAME: None,
            _SQUARE: Resize(square=True, method=method),
            _LONGEST: Resize(longest=width, method=method),
            _WIDTH: Resize(width=width, method=method),
            _HEIGHT: Resize(height=height, method=method),
            _BOTH: Resize(width, height, method=method),
            _LETTERBOX: Resize(width, height, method=method, letterbox=True),
        }[self._resize.currentData()]

    def _choose_size(self, resize: Resize | None) -> None:
        kind = _SAME
        if resize is not None:
            kind = _LONGEST if resize.longest else _WIDTH if not resize.height else _BOTH
            kind = _HEIGHT if not (resize.longest or resize.width) else kind
            kind = _SQUARE if resize.square else _LETTERBOX if resize.letterbox else kind
            self._width.setValue(resize.longest or resize.width or self._width.value())
            self._height.setValue(resize.height or self._height.value())
            self._method.setCurrentIndex(self._method.findData(resize.method.value))
        self._resize.setCurrentIndex(self._resize.findData(kind))

    def _show(self) -> None:
        """Update every field from the current choices."""
        size, crop = self.picture_size, self._crop
        self._draw.setText(tr("Draw on the picture") if crop is None else tr("Change on the picture"))
        for name, spin in self._numbers.items():
            is_across = name in {"x", "width"}
            with QSignalBlocker(spin):
                most = MOST_PIXELS if size is None else size.width if is_across else size.height
                spin.setRange(0 if name in {"x", "y"} else 1, most - (1 if name in {"x", "y"} else 0))
                spin.setValue(getattr(crop, name) if crop is not None else 0)
            spin.setVisible(crop is not None)
            self._captions[name].setVisible(crop is not None)
        self._clear.setVisible(crop is not None)
        kind, resize = self._resize.currentData(), self._chosen_size()
        self._width.setVisible(kind in {_LONGEST, _WIDTH, _BOTH, _LETTERBOX})
        self._height.setVisible(kind in {_HEIGHT, _BOTH, _LETTERBOX})
        self._times.setVisible(kind in {_BOTH, _LETTERBOX})
        for field in (self._method, self._method_label, self._size_words):
            field.setVisible(resize is not None)
        if resize is not None and size is not None:
            start = (size.width, size.height) if crop is None else (crop.width, crop.height)
            width, height = resize.size_of(*start, self._pixel_aspect)
            # Half a pixel of rounding does not count as stretching.
            is_stretched = abs(start[0] * height - start[1] * width) > max(start)
            plain = "" if kind in {_BOTH, _LETTERBOX} else f"→ {width} × {height}"
            self._size_words.setText(tr("stretched") if is_stretched and kind == _BOTH else plain)
            set_role(self._size_words, "warning" if is_stretched and kind == _BOTH else "muted")

    @Slot()
    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    @Slot()
    def _on_crop_edited(self) -> None:
        values = {name: spin.value() for name, spin in self._numbers.items()}
        size = self.picture_size
        try:
            crop: Crop | None = Crop(**values)
        except SettingsError:
            return
        if crop is not None and size is not None:
            crop = fitted_inside(crop, size)
        self.set_crop(crop)

    @Slot()
    def _on_clear_clicked(self) -> None:
        self.set_crop(None)

    @Slot()
    def _on_rotate_toggled(self) -> None:
        # A rectangle on the rotated picture is meaningless on the unrotated one, and vice versa.
        self._crop = None
        self._on_changed()


def _grid(parent: QWidget) -> QGridLayout:
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACE)
    grid.setVerticalSpacing(SPACE)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(3, 1)
    return grid
