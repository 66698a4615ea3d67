"""Which libraries read videos."""

from __future__ import annotations

import re

from framescope.core.media.library_versions import library_versions


def test_every_library_has_a_version() -> None:
    found = library_versions()
    assert list(found) == ["pyav", "libavutil", "libavcodec", "libavformat", "libswscale"]
    assert all(re.match(r"\d+\.\d+", version) for version in found.values())
