"""Which frames, by what they look like: the sharpest, those that differ, those that stand for all. Pure."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.sampling.selection import require_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.sampling.content import ContentMeasures

    FrameNumbers = NDArray[np.int64]

HASH_BITS = 64

_FINEST = 1_000_000
_CHUNK = 512
_MOST_FITTED = 5_000
"""Clusters are found among so many frames at most, evenly spread; more would say the same."""
_ROUNDS = 25


def sharpest_per_frames(content: ContentMeasures, window: int) -> FrameNumbers:
    """The sharpest frame of every ``window`` frames in a row; of equally sharp ones the first.

    Raises:
        SettingsError: ``window`` is below 1.
    """
    if window < 1:
        raise SettingsError(f"A window of {window} frames holds none.", hint="The window is 1 or more.")
    numbers = content.frame_numbers
    return _sharpest_of_each(content, (numbers - content.start) // window)


def sharpest_per_seconds(
    content: ContentMeasures, index: FrameIndex, window_s: Fraction | float
) -> FrameNumbers:
    """The sharpest frame of every ``window_s`` seconds by pts; stretches without a frame have none.

    Raises:
        SettingsError: The window is not above 0, or frames have no timestamps.
    """
    if not math.isfinite(window_s) or window_s <= 0:
        raise SettingsError("The window must be longer than 0 seconds.")
    numbers = content.frame_numbers
    pts, first = index.shown_pts[numbers], index.shown_pts[content.start]
    if not len(pts):
        return np.empty(0, np.int64)
    shown = index.shown_pts[np.union1d(numbers, content.start)]
    require_times(shown, hint="Give the window in frames.")
    window = Fraction(window_s).limit_denominator(_FINEST) or Fraction(1, _FINEST)
    over, under = (window / index.time_base).as_integer_ratio()
    # Half a tick forgives that containers round 33.3 ms to 33, as everywhere else.
    ticks = 2 * (pts - first).astype(object) + 1
    return _sharpest_of_each(content, (ticks * under // (2 * over)).astype(np.int64))


def without_duplicates(content: ContentMeasures, distance: int, *, anywhere: bool = False) -> FrameNumbers:
    """The frames that differ from the frame taken before them by more than ``distance`` bits of 64.

    Args:
        content: Gives the hashes (dHash, compared by Hamming distance).
        distance: Most bits by which a near-duplicate differs; 0 drops only frames of equal hash.
        anywhere: Whether a frame must differ from every frame taken before, not from the last one only.

    Raises:
        SettingsError: ``distance`` is not between 0 and 63.
    """
    if not 0 <= distance < HASH_BITS:
        raise SettingsError(f"Frames cannot differ by {distance} bits.", hint="Give 0 to 63.")
    numbers, hashes = content.frame_numbers, content.hashes[content.is_available]
    is_left = np.ones(len(hashes), np.bool_)
    taken: list[int] = []
    place = 0
    while place < len(hashes):
        taken.append(place)
        if anywhere:
            is_left[place:] &= np.bitwise_count(hashes[place:] ^ hashes[place]) > distance
            following = np.flatnonzero(is_left[place + 1 :])
            place = place + 1 + int(following[0]) if len(following) else len(hashes)
        else:
            place = _next_different(hashes, place, distance)
    return numbers[taken]


def representatives(content: ContentMeasures, count: int) -> FrameNumbers:
    """``count`` frames that stand for all: the nearest to each centre of k-means over tiny colour pictures.

    The same frames at every call. Fewer where fewer pictures differ.

    Raises:
        SettingsError: ``count`` is below 1.
    """
    if count < 1:
        raise SettingsError(f"{count} frames cannot be taken.", hint="The number of frames is 1 or more.")
    numbers = content.frame_numbers
    if not len(numbers):
        return numbers
    rare = -(-len(numbers) // _MOST_FITTED)
    numbers = numbers[::rare]
    points = content.features[numbers - content.start].astype(np.float32)
    groups, distances = _clusters(points, count)
    order = np.lexsort((numbers, distances, groups))
    is_first = np.concatenate(([True], np.diff(groups[order]) > 0))
    return np.sort(numbers[order[is_first]])


def _sharpest_of_each(content: ContentMeasures, windows: NDArray[np.int64]) -> FrameNumbers:
    numbers = content.frame_numbers
    if not len(numbers):
        return numbers
    order = np.lexsort((numbers, -content.sharpness[content.is_available], windows))
    is_first = np.concatenate(([True], np.diff(windows[order]) > 0))
    return np.sort(numbers[order[is_first]])


def _next_different(hashes: NDArray[np.uint64], place: int, distance: int) -> int:
    """The next place whose hash differs enough, looked for in chunks; the end where there is none."""
    for start in range(place + 1, len(hashes), _CHUNK):
        differs = np.bitwise_count(hashes[start : start + _CHUNK] ^ hashes[place]) > distance
        if differs.any():
            return start + int(differs.argmax())
    return len(hashes)


def _clusters(points: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """K-means (Lloyd), begun by k-means++ (Arthur and Vassilvitskii 2007) with a fixed seed.

    Returns:
        For each point its group and its squared distance to the group's centre.
    """
    centres = points[_seeds(points, count)]
    groups, distances = _nearest_centres(points, centres)
    for _ in range(_ROUNDS):
        sums = np.zeros_like(centres)
        np.add.at(sums, groups, points)
        sizes = np.bincount(groups, minlength=len(centres))
        kept = sizes > 0
        centres[kept] = sums[kept] / sizes[kept, None]
        before = groups
        groups, distances = _nearest_centres(points, centres)
        if np.array_equal(before, groups):
            break
    return groups, distances


def _seeds(points: NDArray[np.float32], count: int) -> list[int]:
    chance = np.random.default_rng(0)
    # The most ordinary picture first, so that one seed stands for what most frames show.
    seeds = [int(_squares(points, points.mean(axis=0)).argmin())]
    nearest = _squares(points, points[seeds[0]])
    while len(seeds) < count and nearest.max() > 0:
        shares = np.cumsum(nearest, dtype=np.float64)
        seed = int(np.searchsorted(shares, chance.random() * shares[-1], side="right"))
        seeds.append(min(seed, len(points) - 1))
        nearest = np.minimum(nearest, _squares(points, points[seeds[-1]]))
    return seeds


def _squares(points: NDArray[np.float32], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    offsets = points - centre
    squares: NDArray[np.float32] = np.einsum("ij,ij->i", offsets, offsets)
    return squares


def _nearest_centres(
    points: NDArray[np.float32], centres: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    groups = np.zeros(len(points), np.int64)
    distances = _squares(points, centres[0])
    for number, centre in enumerate(centres[1:], 1):
        squares = _squares(points, centre)
        is_nearer = squares < distances
        groups[is_nearer] = number
        distances[is_nearer] = squares[is_nearer]
    return groups, distances
