"""The picture's position in the view: fit, 1:1, zoom at a point, pan. Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from framescope.core.media.picture.geometry import Orientation

_STEPS = (0.05, 0.1, 0.25, 1 / 3, 0.5, 2 / 3, 1.0, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
MAX_SCALE = 128.0
"""Maximum number of screen pixels per picture pixel."""


def stored_to_view(stored: QSize, orientation: Orientation | None, target: QRectF) -> QTransform:
    """From pixels of the decoded picture to the rectangle where it is displayed.

    Args:
        stored: Size of the decoded picture.
        orientation: How it is mirrored and turned for display; None to show it as stored.
        target: Where the displayed picture is.
    """
    to_view = QTransform.fromScale(1 / stored.width(), 1 / stored.height())
    # About the middle of a picture of size 1: mirror first, then rotate, as in EXIF.
    to_view *= QTransform.fromTranslate(-0.5, -0.5)
    if orientation is not None:
        if orientation.mirrored:
            to_view *= QTransform.fromScale(-1, 1)
        to_view *= QTransform().rotate(orientation.rotation)
    to_view *= QTransform.fromTranslate(0.5, 0.5)
    to_view *= QTransform.fromScale(target.width(), target.height())
    return to_view * QTransform.fromTranslate(target.x(), target.y())


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """Maps picture pixels to logical pixels of the view.

    Attributes:
        picture: Size of the picture at 1:1, rotation and pixel aspect applied.
        view: Size of the view in logical pixels.
        device_ratio: Screen pixels per logical pixel.
        scale: Logical pixels per picture pixel; None fits the picture into the view.
        center: The picture pixel in the middle of the view; None for the picture's own middle.
    """

    picture: QSizeF
    view: QSizeF
    device_ratio: float = 1.0
    scale: float | None = None
    center: QPointF | None = None

    @property
    def is_fitted(self) -> bool:
        """Whether the picture is scaled to the view."""
        return self.scale is None

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole picture just fits."""
        if self.picture.isEmpty() or self.view.isEmpty():
            return 1.0
        return min(
            self.view.width() / self.picture.width(), self.view.height() / self.picture.height(), MAX_SCALE
        )

    @property
    def effective_scale(self) -> float:
        """The scale used."""
        return self.fit_scale if self.scale is None else self.scale

    @property
    def device_scale(self) -> float:
        """Screen pixels per picture pixel; 1 is 1:1."""
        return self.effective_scale * self.device_ratio

    @property
    def is_nearest(self) -> bool:
        """Whether pixels are drawn as squares: when zoomed beyond 1:1, or fitted at double size or more."""
        return self.device_scale > 1.0 + 1e-6 and (not self.is_fitted or self.device_scale >= 2.0)

    @property
    def target(self) -> QRectF:
        """The rectangle of the whole picture in the view, snapped to screen pixels."""
        scale = self.effective_scale
        middle = QPointF(self.picture.width() / 2, self.picture.height() / 2)
        center = middle if self.center is None or self.is_fitted else self.center
        left = self._snapped(self.view.width() / 2 - center.x() * scale)
        top = self._snapped(self.view.height() / 2 - center.y() * scale)
        width = self._snapped(self.picture.width() * scale)
        height = self._snapped(self.picture.height() * scale)
        least = 1 / self.device_ratio
        return QRectF(left, top, max(width, least), max(height, least))

    @property
    def part_in_view(self) -> tuple[float, float, float, float]:
        """The visible part of the picture: left, top, right and bottom as fractions of its size."""
        target = self.target
        seen = target.intersected(QRectF(0, 0, self.view.width(), self.view.height()))
        if seen.isEmpty():
            return 0.0, 0.0, 1.0, 1.0
        left, right = (seen.left() - target.left()), (seen.right() - target.left())
        top, bottom = (seen.top() - target.top()), (seen.bottom() - target.top())
        width, height = target.width(), target.height()
        return left / width, top / height, right / width, bottom / height

    def to_fraction(self, point: QPointF) -> tuple[float, float] | None:
        """The position in the picture of a point in the view, as fractions of its size; None outside."""
        target = self.target
        across = (point.x() - target.x()) / target.width()
        down = (point.y() - target.y()) / target.height()
        if 0 <= across < 1 and 0 <= down < 1:
            return across, down
        return None

    def with_sizes(self, picture: QSizeF, view: QSizeF, device_ratio: float) -> ViewTransform:
        """The same zoom for another picture or view."""
        center = self.center
        if picture != self.picture:
            center = None
        moved = replace(self, picture=picture, view=view, device_ratio=device_ratio, center=center)
        return _clamped(moved)

    def fitted(self) -> ViewTransform:
        """The whole picture fitted into the view."""
        return replace(self, scale=None, center=None)

    def at_actual_size(self, anchor: QPointF | None = None) -> ViewTransform:
        """One picture pixel per screen pixel, keeping the anchor in place."""
        return self.scaled_to(1 / self.device_ratio, anchor)

    def zoomed(self, factor: float, anchor: QPointF | None = None) -> ViewTransform:
        """Zoomed by a factor, keeping the picture in place under ``anchor``; stops at the fit."""
        fit, actual = self.fit_scale, 1 / self.device_ratio
        wanted = self.effective_scale * factor
        lowest = min(fit, actual)
        highest = MAX_SCALE / self.device_ratio
        passes_fit = (self.effective_scale - fit) * (wanted - fit) < 0
        if wanted <= lowest * 1.001 or passes_fit:
            wanted = lowest if not passes_fit else fit
        if abs(wanted - fit) <= fit * 1e-3:
            return self.fitted()
        return self.scaled_to(min(wanted, highest), anchor)

    def stepped(self, direction: int, anchor: QPointF | None = None) -> ViewTransform:
        """The next round percentage above (1) or below (-1) the current scale; the fit is also a step."""
        now = self.device_scale
        steps = [step for step in _STEPS if (step > now * 1.001 if direction > 0 else step < now * 0.999)]
        if not steps:
            return self if direction > 0 else self.zoomed(0.5, anchor)
        return self.zoomed((steps[0] if direction > 0 else steps[-1]) / now, anchor)

    def scaled_to(self, scale: float, anchor: QPointF | None = None) -> ViewTransform:
        """At a given scale, keeping the picture in place under ``anchor``."""
        point = QPointF(self.view.width() / 2, self.view.height() / 2) if anchor is None else anchor
        target, old = self.target, self.effective_scale
        under = QPointF((point.x() - target.x()) / old, (point.y() - target.y()) / old)
        center = QPointF(
            under.x() - (point.x() - self.view.width() / 2) / scale,
            under.y() - (point.y() - self.view.height() / 2) / scale,
        )
        return _clamped(replace(self, scale=scale, center=center))

    def centered_at(self, device_scale: float, x: float, y: float) -> ViewTransform:
        """At a scale in screen pixels, centred on a position in the picture (fractions of its size)."""
        scale = min(device_scale, MAX_SCALE) / self.device_ratio
        center = QPointF(x * self.picture.width(), y * self.picture.height())
        return _clamped(replace(self, scale=scale, center=center))

    def panned(self, by: QPointF) -> ViewTransform:
        """Panned by logical pixels; a fitted picture stays."""
        if self.scale is None or self.center is None:
            return self
        center = QPointF(self.center.x() - by.x() / self.scale, self.center.y() - by.y() / self.scale)
        return _clamped(replace(self, center=center))

    def _snapped(self, value: float) -> float:
        return round(value * self.device_ratio) / self.device_ratio


def _clamped(transform: ViewTransform) -> ViewTransform:
    scale, center = transform.scale, transform.center
    if scale is None or center is None:
        return transform
    x = _held_inside(center.x(), transform.picture.width(), transform.view.width() / scale)
    y = _held_inside(center.y(), transform.picture.height(), transform.view.height() / scale)
    return replace(transform, center=QPointF(x, y))


def _held_inside(center: float, length: float, seen: float) -> float:
    """Keep the picture's edges outside the view, or centre the picture if it is smaller."""
    if seen >= length:
        return length / 2
    return min(max(center, seen / 2), length - seen / 2)
