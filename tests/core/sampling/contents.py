"""Measures made by hand, for tests that need no pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.sampling.content import FEATURE_COUNT, ContentMeasures, SceneScorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def make_content(count: int, *, start: int = 0, missing: Sequence[int] = (), **given: Any) -> ContentMeasures:  # noqa: ANN401 - any column
    """Measures of ``count`` frames that all look alike, but for the columns given.

    Args:
        count: Frames.
        start: Number of the first.
        missing: Places in the run that could not be decoded.
        given: Columns by name, as lists or arrays.
    """
    still = np.concatenate(([np.nan], np.zeros(max(count - 1, 0))))[:count]
    columns: dict[str, Any] = {
        "is_available": ~np.isin(np.arange(count), missing),
        "hue": still.copy(),
        "saturation": still.copy(),
        "lightness": still.copy(),
        "correlation": still + 1,
        "hash_distance": still.copy(),
        "brightness": np.full(count, 128.0),
        "sharpness": np.ones(count),
        "hashes": np.zeros(count, np.uint64),
        "features": np.zeros((count, FEATURE_COUNT), np.uint8),
    }
    columns |= {name: np.asarray(value, columns[name].dtype) for name, value in given.items()}
    return ContentMeasures(start=start, **columns)


def content_of_pictures(
    pictures: Sequence[NDArray[np.uint8]], *, missing: Sequence[int] = ()
) -> ContentMeasures:
    """The scene scores of (rows, columns, 3) uint8 pictures in B, G, R order; nothing else is measured."""
    scorer = SceneScorer(len(pictures))
    for place, picture in enumerate(pictures):
        if place not in missing:
            scorer.score(place, picture)
    scores = scorer.scores
    return make_content(
        len(pictures),
        missing=missing,
        hue=scores.hue,
        saturation=scores.saturation,
        lightness=scores.lightness,
        correlation=scores.correlation,
        hash_distance=scores.hash_distance,
        brightness=scores.brightness,
    )
