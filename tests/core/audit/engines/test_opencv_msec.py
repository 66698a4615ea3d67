"""OpenCV sought by time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.engines.opencv_msec import OpenCVMsec
from framescope.core.audit.engines.protocol import Ask, Engine, Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_it_seeks_by_time(
    plain_clip: Path,
    target_of: Callable[[Path], Target],
    landings: Callable[[Engine, Path], list[int | None]],
) -> None:
    engine = OpenCVMsec(target_of(plain_clip))
    assert landings(engine, plain_clip) == list(range(48))
    with pytest.raises(ValueError, match="no timestamp"):
        engine.seek_read(Ask(3))
    engine.close()
