"""What decodes a video: the record that every room passes on, so that only one room knows devices."""

from __future__ import annotations

from dataclasses import dataclass

from framescope.core.translation import tr


@dataclass(frozen=True, slots=True)
class DecoderInUse:
    """What decodes a video.

    Attributes:
        device: The device's name, as in settings; empty for software.
        title: Its name for people.
        reason: Why software, or how the device earned its trust, as the rest of a sentence.
        was_given_up: Whether a device was used before, and failed.
    """

    device: str = ""
    title: str = ""
    reason: str = ""
    was_given_up: bool = False

    @property
    def words(self) -> str:
        """For people, in one line."""
        if self.device:
            return tr("hardware: {title}", title=self.title)
        return tr("software: {reason}", reason=self.reason) if self.reason else tr("software")
