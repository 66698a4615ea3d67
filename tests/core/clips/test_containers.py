"""Kinds of file and what they hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.clips.containers import check_container, container_for, suggested_suffix
from framescope.core.clips.settings import ClipCodec, ClipSettings, ClipWay
from framescope.core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.core.clips.conftest import Listed


def test_a_name_says_the_kind() -> None:
    assert container_for(Path("a.MP4")).label == "MP4"
    assert container_for(Path("a.mkv")).tick_s == 0.001
    with pytest.raises(SettingsError, match=r"\.avi"):
        container_for(Path("a.avi"))
    with pytest.raises(SettingsError, match="a has no extension"):
        container_for(Path("a"))


def test_a_kind_that_cannot_hold_the_codec_is_refused(listed: Callable[[str], Listed]) -> None:
    info = listed("h264.mp4").info
    with pytest.raises(SettingsError, match=r"WebM cannot hold H\.264"):
        check_container(Path("a.webm"), info, ClipSettings())
    with pytest.raises(SettingsError, match="MP4 cannot hold FFV1"):
        check_container(Path("a.mp4"), info, ClipSettings(ClipWay.EXACT, ClipCodec.FFV1))
    assert check_container(Path("a.mp4"), replace(info, codec="libdav1d"), ClipSettings()).label == "MP4"


def test_the_suggested_kind_is_the_sources_own_where_that_will_do(listed: Callable[[str], Listed]) -> None:
    exact, ffv1 = ClipSettings(ClipWay.EXACT), ClipSettings(ClipWay.EXACT, ClipCodec.FFV1)
    assert suggested_suffix(listed("h264.mov").info, ClipSettings()) == ".mov"
    assert suggested_suffix(listed("h264.avi").info, ClipSettings()) == ".mkv"
    assert suggested_suffix(listed("vp9.webm").info, exact) == ".mp4"
    assert suggested_suffix(listed("h264.mp4").info, ffv1) == ".mkv"
