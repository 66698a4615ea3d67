"""Frame and picture types."""

from __future__ import annotations

from framescope.core.model.frame import PictureType


def test_letters() -> None:
    assert [kind.letter for kind in PictureType] == ["?", "I", "P", "B"]
