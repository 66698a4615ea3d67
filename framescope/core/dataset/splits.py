"""Divides a data set into parts such as train, val and test, video by video, and so that it stays that way.

A video's part depends on its name and the shares alone: whichever other videos are added or removed, frames
of one video never get into two parts, and no video changes its part.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from framescope.core.errors import SettingsError
from framescope.core.printable import valid_text
from framescope.core.translation import tr

_USUAL = ("train", "val", "test")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}", re.ASCII)
_SHARE = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_HINT = tr("Write 80/10/10 for train, val and test, or names: train=80,test=20.")


@dataclass(frozen=True, slots=True)
class Splits:
    """The parts of a data set.

    Attributes:
        shares: (name, share) of each part; shares count in relation to each other.
        seed: Any text; a different text gives a different split.

    Raises:
        SettingsError: A name or a share cannot be used.
    """

    shares: tuple[tuple[str, Fraction], ...] = ()
    seed: str = ""

    def __post_init__(self) -> None:
        """Refuse invalid values."""
        names = [name for name, _ in self.shares]
        if any(_NAME.fullmatch(name) is None for name in names) or len({*names}) < len(names):
            raise SettingsError(tr("Each split needs a name of its own, of letters and digits."), hint=_HINT)
        if self.shares and (min(share for _, share in self.shares) < 0 or not self._total):
            raise SettingsError(tr("The shares of the splits must not be negative or all 0."), hint=_HINT)

    @classmethod
    def parse(cls, text: str, seed: str = "") -> Splits:
        """Parse ``80/10/10`` or ``train=80,test=20``.

        Only the ratio of the shares counts: ``80/10`` and ``8/1`` divide all videos by 8 to 1, none is left.

        Raises:
            SettingsError: It is neither, or more than 100 altogether.
        """
        pieces = [piece.strip() for piece in re.split(r"[/,]", text)]
        named = [piece.partition("=") for piece in pieces]
        if not any(equals for _, equals, _ in named):
            names = list(_USUAL[: len(pieces)])
            values = pieces
        else:
            names, values = [name.strip() for name, _, _ in named], [value.strip() for _, _, value in named]
        if len(values) < 2 or len(names) != len(values) or not all(map(_SHARE.fullmatch, values)):
            raise SettingsError(tr("“{text}” is not a valid list of splits.", text=text), hint=_HINT)
        splits = cls(tuple(zip(names, map(Fraction, values), strict=True)), seed)
        if splits._total > 100:
            raise SettingsError(tr("The shares in “{text}” are more than 100 %.", text=text), hint=_HINT)
        return splits

    def __str__(self) -> str:
        """As `parse` reads it."""
        return ",".join(f"{name}={float(share):g}" for name, share in self.shares)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in order."""
        return tuple(name for name, _ in self.shares)

    @property
    def _total(self) -> Fraction:
        return sum((share for _, share in self.shares), Fraction(0))

    def split_of(self, name: str) -> str:
        """The part that a video of this name belongs to; empty if there are no parts.

        Args:
            name: The same whenever it is exported, such as its path below the exported folder.
        """
        if not self.shares:
            return ""
        # macOS and Linux may spell the same name in different ways.
        text = unicodedata.normalize("NFC", f"{self.seed}\0{valid_text(name)}").encode()
        at = Fraction(int.from_bytes(hashlib.sha256(text).digest()[:8]), 1 << 64) * self._total
        for part, share in self.shares:
            if at < share:
                return part
            at -= share
        return self.names[-1]
