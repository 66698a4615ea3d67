"""One frame as it would be saved, prepared for display. No widgets. Threads: any."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from framescope.core.export.encoders.pixels import picture_pixels
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.quality.heat import best_gain, scale_end
from framescope.core.export.quality.measure import Fidelity, difference_map, fidelity
from framescope.core.export.quality.trial import FrameTrials
from framescope.core.export.screen_levels import heat_levels, screen_levels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from framescope.core.export.quality.measure import Pixels
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken
    from framescope.core.model.stream_facts import VideoInfo


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """An image at full size and, if large, repeatedly halved, so that small views are not aliased.

    Attributes:
        levels: Full size first. They are valid only as long as this record, which owns their pixels.
        pixels: The buffers that back the levels.
    """

    levels: tuple[QImage, ...]
    pixels: tuple[NDArray[np.uint8], ...] = ()

    @classmethod
    def of(cls, pixels: Pixels) -> Pyramid:
        """Make a pyramid of (height, width, 3) B, G, R pixels, 8 or 16 bit. Threads: any."""
        return cls.over(screen_levels(pixels))

    @classmethod
    def over(cls, arrays: tuple[NDArray[np.uint8], ...]) -> Pyramid:
        """Make a pyramid from levels of (height, width, 4) B, G, R, opaque pixels. Threads: any."""
        return cls(tuple(_image_over(array) for array in arrays), arrays)

    @property
    def full(self) -> QImage:
        """The full-size image."""
        return self.levels[0]

    def best_for(self, device_scale: float) -> QImage:
        """The smallest level that need not be enlarged; it is drawn at between half and full size."""
        level = 0
        while level + 1 < len(self.levels) and device_scale <= 0.5:
            device_scale *= 2
            level += 1
        return self.levels[level]


@dataclass(frozen=True, slots=True, eq=False)
class HeatPicture:
    """Where a saved picture differs from its original.

    Attributes:
        image: In false colours; see `quality_heat`.
        gain: Factor by which differences are amplified.
        scale_end: The difference, in code values, at the end of the colour scale.
        largest: The largest difference.
    """

    image: Pyramid
    gain: int
    scale_end: float
    largest: int


@dataclass(frozen=True, slots=True, eq=False)
class SavedPicture:
    """One frame encoded in memory and decoded again.

    Attributes:
        frame_number: Its frame number.
        settings: The export settings.
        trials: Encodes it with other settings.
        size_bytes: Bytes of the file.
        original: What was encoded.
        saved: The picture as decoded from the file.
        difference: (height, width) code values; None if the two are equal.
        fidelity: How close the file is to the original; None until computed.
    """

    frame_number: int
    settings: ExportSettings
    trials: FrameTrials
    size_bytes: int
    original: Pyramid
    saved: Pyramid
    difference: Pixels | None
    fidelity: Fidelity | None = None

    @property
    def width(self) -> int:
        """Columns."""
        return self.original.full.width()

    @property
    def height(self) -> int:
        """Rows."""
        return self.original.full.height()

    @property
    def frame_size(self) -> tuple[int, int]:
        """Columns and rows of the frame as it would be saved, before crop and size."""
        return self.trials.frame_size

    @property
    def raw_bytes(self) -> int:
        """Size of the uncompressed pixels in bytes."""
        return int(self.trials.original.nbytes)

    @property
    def bits(self) -> int:
        """Bits per channel: 8 or 16."""
        return 8 * int(self.trials.original.itemsize)

    def heat(self, gain: int | None = None) -> HeatPicture:
        """The differences in false colours.

        Args:
            gain: Amplification; None fills the scale.
        """
        difference = self.difference
        if difference is None:
            difference = np.zeros((self.height, self.width), self.trials.original.dtype)
        chosen = best_gain(difference) if gain is None else gain
        return HeatPicture(
            Pyramid.over(heat_levels(difference, chosen)),
            chosen,
            scale_end(difference, chosen),
            int(difference.max()),
        )


class PictureMaker:
    """Encodes frames for the preview; keeps the pixels of the last one. Threads: any, one at a time."""

    def __init__(self) -> None:
        self._made_of: tuple[Frame, ExportSettings] | None = None
        self._trials: FrameTrials | None = None
        self._original: Pyramid | None = None

    def make(
        self, frame: Frame, settings: ExportSettings, info: VideoInfo, cancel: CancelToken
    ) -> Iterator[SavedPicture]:
        """The picture as soon as it can be shown, then once more with its fidelity.

        Raises:
            EncodeError: The format cannot store the picture.
            SettingsError: The crop extends beyond the picture.
            VerificationError: The encoder produced something that cannot be decoded.
        """
        trials, original = self._original_of(frame, settings, info)
        data = trials.encode(settings)
        decoded = trials.decode(data, settings)
        same = decoded is trials.original or np.array_equal(decoded, trials.original)
        first = SavedPicture(
            frame_number=frame.frame_number,
            settings=settings,
            trials=trials,
            size_bytes=len(data),
            original=original,
            saved=original if same else Pyramid.of(decoded),
            difference=None if same else difference_map(trials.original, decoded),
        )
        yield first
        cancel.raise_if_cancelled()
        yield replace(first, fidelity=fidelity(trials.original, decoded))

    def _original_of(
        self, frame: Frame, settings: ExportSettings, info: VideoInfo
    ) -> tuple[FrameTrials, Pyramid]:
        # Ignore settings that do not change the pixels: a quality change needs no new conversion.
        pixels_of = replace(settings, quality=0, compression=0)
        if self._trials is None or self._original is None or self._made_of != (frame, pixels_of):
            self._trials = FrameTrials(frame, settings, SourceFacts.of(info))
            self._original = Pyramid.of(self._trials.original)
            self._made_of = (frame, pixels_of)
        return self._trials, self._original


def whole_picture(frame: Frame, settings: ExportSettings) -> Pyramid:
    """The frame as it would be saved without crop and resize, to draw the crop on."""
    return Pyramid.of(picture_pixels(frame, replace(settings, crop=None, resize=None)))


def _image_over(array: NDArray[np.uint8]) -> QImage:
    # Not copied: Qt holds the GIL while it copies, which would block the GUI.
    height, width, _ = array.shape
    return QImage(array.data, width, height, 4 * width, QImage.Format.Format_RGB32)
