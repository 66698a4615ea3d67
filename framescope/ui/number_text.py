"""How numbers and times are written in the window."""

from __future__ import annotations

import math

_THIN_SPACE = "\u202f"


def grouped(number: int) -> str:
    """``1234567`` as ``1 234 567`` with thin spaces, which no locale mistakes for a decimal point."""
    return f"{number:,}".replace(",", _THIN_SPACE)


def clock(time_s: float, *, decimals: int = 3) -> str:
    """Seconds as ``m:ss.mmm``, with hours where there are any; a dash where the time is not known."""
    if not math.isfinite(time_s):
        return "–"
    scale = 10**decimals
    ticks = round(abs(time_s) * scale)
    sign = "−" if time_s < 0 and ticks else ""
    minutes, rest = divmod(ticks, 60 * scale)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // scale:02d}" + (f".{rest % scale:0{decimals}d}" if decimals else "")
    return f"{sign}{hours}:{minutes:02d}:{seconds}" if hours else f"{sign}{minutes}:{seconds}"


def duration_words(seconds: float) -> str:
    """A span of waiting as people say it: ``8 s``, ``2 min 05 s``, ``1 h 10 min``."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes, left = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {left:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"
