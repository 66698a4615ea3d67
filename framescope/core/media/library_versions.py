"""Versions of PyAV and the FFmpeg libraries."""

from __future__ import annotations

import av

_LIBRARIES = ("libavutil", "libavcodec", "libavformat", "libswscale")


def library_versions() -> dict[str, str]:
    """The versions by name, PyAV's as ``pyav``; empty for a library that PyAV does not report."""
    versions = {"pyav": av.__version__}
    for name in _LIBRARIES:
        versions[name] = ".".join(map(str, av.library_versions.get(name, ())))
    return versions
