"""Short durations and sizes for narrow places."""

from __future__ import annotations

import math

_NO_TIME = "–"


def span_label(span_s: float) -> str:
    """A duration to about two digits: ``40 ms``, ``3.2 s``, ``12 min``, ``2.5 h``."""
    if not math.isfinite(span_s):
        return _NO_TIME
    if span_s < 1:
        return f"{span_s * 1000:.0f} ms"
    for limit, unit, word in ((120.0, 1.0, "s"), (7200.0, 60.0, "min"), (math.inf, 3600.0, "h")):
        if span_s < limit:
            value = span_s / unit
            digits = f"{value:.1f}" if value < 9.95 else f"{value:.0f}"
            return f"{digits.removesuffix('.0')} {word}"
    return _NO_TIME


def bytes_label(size_bytes: float) -> str:
    """``842 B``, ``12.3 kB``, ``1.24 MB`` (decimal, as for disks and bit rates)."""
    if size_bytes < 1000:
        return f"{size_bytes:.0f} B"
    if size_bytes < 999_500:
        value = size_bytes / 1000
        digits = f"{value:.1f}" if value < 99.95 else f"{value:.0f}"
        return f"{digits.removesuffix('.0')} kB"
    value = size_bytes / 1_000_000
    return f"{value:.2f} MB" if value < 9.995 else f"{value:.1f} MB"
