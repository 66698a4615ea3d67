"""Sizes, times, counts and plurals formatted and parsed, for the window and the command line."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from framescope.core.translation import tr, tr_plural

if TYPE_CHECKING:
    from collections.abc import Sequence

THIN_SPACE = "\u202f"
_SIZE_UNITS = ("kB", "MB", "GB", "TB")
_UNIT_S = {
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "sec": Fraction(1),
    "seconds": Fraction(1),
    "m": Fraction(60),
    "min": Fraction(60),
    "h": Fraction(3600),
}
_DECIMAL = r"(\d{1,9}(?:[.,]\d{0,9})?|[.,]\d{1,9})"
_CLOCK = re.compile(rf"(?:t\s*=?\s*)?([+\-−]?)(?:(\d{{1,6}}):)?(\d{{1,6}}):{_DECIMAL}\s*s?", re.ASCII)
_SECONDS = re.compile(rf"(?:t\s*=?\s*)?{_DECIMAL}\s*(ms|s|sec|seconds|m|min|h)?", re.ASCII)
_LARGEST_PRECISION_S = Fraction(1, 2)
"""Nobody who types ``5 min`` means any frame within half a minute of it."""


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A time as it was typed.

    Attributes:
        seconds: The exact value of the digits.
        precision_s: Half a unit of the last digit: the tolerance of the typed time.
    """

    seconds: Fraction
    precision_s: Fraction = Fraction(0)


def grouped(number: int) -> str:
    """``1234567`` as ``1 234 567`` with thin spaces, which no locale uses as a decimal point."""
    return f"{number:,}".replace(",", THIN_SPACE)


def counted(count: int, noun: str, plural: str) -> str:
    """``1 frame``, ``12 345 frames``. Noun and plural have to be literals, as for `tr`."""
    return f"{grouped(count)} {tr_plural(noun, plural, count)}"


def damage_words(damaged: int, total: int) -> str:
    """``12 of 21 frames are damaged or may depend on damage``."""
    return tr_plural(
        "{count} of {frames} is damaged or may depend on damage",
        "{count} of {frames} are damaged or may depend on damage",
        damaged,
        count=grouped(damaged),
        frames=counted(total, "frame", "frames"),
    )


def listed(words: Sequence[str], last: str = "") -> str:
    """``a``, ``a and b``, ``a, b and c``; ``last`` is the word before the last one where it is not *and*."""
    return f" {last or tr('and')} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def size_words(size_bytes: float) -> str:
    """``842 B``, ``12.3 kB``, ``1.24 GB``: three digits, in thousands as disks count."""
    if size_bytes < 1000:
        return f"{size_bytes:.0f} B"
    value, unit = size_bytes, "B"
    for unit in _SIZE_UNITS:  # noqa: B007 - the unit that was reached is wanted
        value /= 1000
        if value < 999.5:
            break
    decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:.{decimals}f} {unit}"


def bit_rate_words(bits_per_second: float) -> str:
    """``843 kbit/s``, ``5.3 Mbit/s``: three digits."""
    if bits_per_second >= 999_500:
        return f"{bits_per_second / 1e6:.3g} Mbit/s"
    return f"{bits_per_second / 1e3:.3g} kbit/s"


def stream_label(stream_index: int, words: str, language: str, title: str) -> str:
    """``#1 aac stereo 48 kHz, eng, Commentary``: a stream by what it is and what the file tags it as."""
    known = "" if language == "und" else language
    return ", ".join(filter(None, (f"#{stream_index} {words}", known, title)))


def rate_words(rate: Fraction | float) -> str:
    """``29.97 fps``; rates below one a second as ``1/3600 fps`` where they are such a fraction."""
    value = float(rate)
    if 0 < value < 1 and abs(1 / value - round(1 / value)) < 1e-6 / value:
        return f"1/{round(1 / value)} fps"
    return f"{value:.5g} fps"


def clock(time_s: float, *, decimals: int = 3, with_hours: bool = False) -> str:
    """Seconds as ``m:ss.mmm``, with hours where there are any; a dash where the time is unknown.

    ``with_hours`` makes them ``hh:mm:ss.mmm`` always.

    `parse_time` reads it back.
    """
    if not math.isfinite(time_s):
        return "–"
    scale = 10**decimals
    ticks = round(abs(time_s) * scale)
    sign = "−" if time_s < 0 and ticks else ""
    minutes, rest = divmod(ticks, 60 * scale)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // scale:02d}" + (f".{rest % scale:0{decimals}d}" if decimals else "")
    if with_hours:
        return f"{sign}{hours:02d}:{minutes:02d}:{seconds}"
    return f"{sign}{hours}:{minutes:02d}:{seconds}" if hours else f"{sign}{minutes}:{seconds}"


def parse_time(text: str) -> TypedTime | None:
    """The time that was typed: ``1:02.5``, ``1:02:03``, ``12.5``, ``12.5s``, ``500 ms``, ``2 min``.

    A comma may stand for the decimal point. A whole number without a unit is seconds here; callers that
    accept a frame number check for that first.

    Returns:
        None if the text is not a time.
    """
    wanted = text.strip().lower()
    if match := _CLOCK.fullmatch(wanted):
        sign, hours, minutes, digits = match.groups()
        rest = _typed(digits, Fraction(1))
        seconds = rest.seconds + 60 * int(minutes) + 3600 * int(hours or 0)
        return TypedTime(-seconds if sign in ("-", "−") else seconds, rest.precision_s)
    if match := _SECONDS.fullmatch(wanted):
        return _typed(match[1], _UNIT_S[match[2] or "s"])
    return None


def progress_words(done: int, total: int | None, elapsed_s: float, *, counts_frames: bool = False) -> str:
    """``43 % · 120/s · 8 s left``, as far as it is known; of frames ``3 of 7 frames · 2.0 frames/s``."""
    parts = [grouped(done)] if done else []
    if total and counts_frames:
        parts = [tr("{done} of {frames}", done=grouped(done), frames=counted(total, "frame", "frames"))]
    elif total:
        parts = [f"{100 * done // total} %"]
    if elapsed_s >= 0.5 and done > 0:
        rate = done / elapsed_s
        number = f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"
        parts.append(tr("{number} frames/s", number=number) if counts_frames else f"{number}/s")
        if total and done < total:
            parts.append(tr("{time} left", time=duration_words((total - done) / rate)))
    return " · ".join(parts)


def duration_words(seconds: float) -> str:
    """A duration for display: ``8 s``, ``2 min 05 s``, ``1 h 10 min``."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes, left = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {left:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _typed(digits: str, unit: Fraction) -> TypedTime:
    # A list of clips may have millions of times. Arithmetic with fractions takes several times as long.
    whole, _, decimals = digits.replace(",", ".").partition(".")
    number = int((whole + decimals) or "0")
    seconds = Fraction(number * unit.numerator, 10 ** len(decimals) * unit.denominator)
    return TypedTime(seconds, _precision(len(decimals), *unit.as_integer_ratio()))


@cache
def _precision(decimals: int, numerator: int, denominator: int) -> Fraction:
    # The unit in two parts: a fraction is slow to look up.
    return min(Fraction(numerator, 2 * 10**decimals * denominator), _LARGEST_PRECISION_S)
