"""Where the picture lies: fit, 1:1, zoom at a point, pan."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from framescope.ui.picture.view_transform import MAX_SCALE, ViewTransform


def transform(**changes: object) -> ViewTransform:
    facts: dict[str, object] = {"picture": QSizeF(1920, 1080), "view": QSizeF(960, 640)}
    return ViewTransform(**{**facts, **changes})  # type: ignore[arg-type]


def test_fit_shows_the_whole_picture_in_the_middle() -> None:
    fitted = transform()
    assert fitted.is_fitted
    assert fitted.target == QRectF(0, 50, 960, 540)


def test_actual_size_counts_screen_pixels() -> None:
    actual = transform(device_ratio=2.0).at_actual_size()
    assert actual.device_scale == pytest.approx(1.0)
    assert actual.target.width() == pytest.approx(960)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_zoom_keeps_what_is_under_the_cursor(ratio: float) -> None:
    cursor = QPointF(700, 300)
    before = transform(device_ratio=ratio).at_actual_size()
    after = before.zoomed(1.25, cursor).zoomed(1.25, cursor)
    there = before.to_fraction(cursor)
    here = after.to_fraction(cursor)
    assert there is not None
    assert here is not None
    # The picture is snapped to whole screen pixels, hence the tolerance of one.
    assert here == pytest.approx(there, abs=1.5 / 1080)


def test_zooming_out_ends_in_the_fit() -> None:
    zoomed = transform().at_actual_size()
    for _ in range(20):
        zoomed = zoomed.zoomed(1 / 1.25)
    assert zoomed.is_fitted


def test_zooming_in_ends_at_the_limit() -> None:
    zoomed = transform()
    for _ in range(60):
        zoomed = zoomed.zoomed(1.5)
    assert zoomed.device_scale == pytest.approx(MAX_SCALE)


def test_small_picture_can_be_seen_at_actual_size_and_magnified_in_the_fit() -> None:
    small = transform(picture=QSizeF(8, 8))
    assert small.device_scale == pytest.approx(80)
    assert small.is_nearest
    assert small.at_actual_size().target.width() == 8
    assert small.zoomed(0.001).zoomed(0.001).target.width() == 8


def test_pan_stops_at_the_edges() -> None:
    held = transform().at_actual_size().panned(QPointF(10_000, 10_000))
    assert held.target.topLeft() == QPointF(0, 0)
    held = held.panned(QPointF(-10_000, -10_000))
    assert held.target.bottomRight() == QPointF(960, 640)


def test_fitted_picture_does_not_pan() -> None:
    fitted = transform()
    assert fitted.panned(QPointF(10, 10)) is fitted


def test_points_outside_have_no_fraction() -> None:
    assert transform().to_fraction(QPointF(480, 20)) is None
    assert transform().to_fraction(QPointF(0, 50)) == (0, 0)


def test_another_picture_size_keeps_the_zoom_but_not_the_place() -> None:
    zoomed = transform().at_actual_size().panned(QPointF(100, 100))
    other = zoomed.with_sizes(QSizeF(640, 480), QSizeF(960, 640), 1.0)
    assert other.scale == zoomed.scale
    assert other.target.center() == QPointF(480, 320)


def test_nothing_to_show_is_no_error() -> None:
    nothing = ViewTransform(QSizeF(), QSizeF())
    assert nothing.fit_scale == 1.0
    assert nothing.zoomed(2.0).target.width() > 0


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_kept_zoom_comes_back_in_a_view_of_another_size(ratio: float) -> None:
    fitted = ViewTransform(QSizeF(640, 480), QSizeF(800, 600), ratio)
    kept = fitted.centered_at(9.0, 0.25, 0.75)
    assert kept.device_scale == pytest.approx(9.0)
    assert kept.to_fraction(QPointF(400, 300)) == pytest.approx((0.25, 0.75), abs=0.002)
    assert fitted.centered_at(1e9, 0, 1).device_scale <= MAX_SCALE
