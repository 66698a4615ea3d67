"""``framescope info`` tells the header's facts, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from tests.clips.oddities import ALL_CLIPS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer
    from tests.clips.catalog import Clip


def test_the_facts_are_shown(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    out = framescope("info", plain_clip).out
    for words in ("H.264", "160 × 120", "4:2:0", "24 fps", "avc1", "48 (declared)", "BT.709", "OpenCV"):
        assert words in out


def test_json_holds_the_same(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    table = framescope("info", plain_clip, "--json").json()
    facts, opencv = table["info"], table["opencv"]
    assert isinstance(facts, dict)
    assert isinstance(opencv, dict)
    assert facts["codec"] == "h264"
    assert facts["average_rate"] == "24"
    assert facts["frame_count_declared"] == 48
    assert facts["color"]["range"] == "limited"
    assert opencv["opened"] is True


@pytest.mark.parametrize("entry", ALL_CLIPS[::9], ids=lambda entry: entry.name)
def test_every_kind_of_file_can_be_told_about(
    entry: Clip, framescope: Callable[..., Answer], clip: Callable[[str], Path]
) -> None:
    assert framescope("info", clip(entry.name)).status == 0
    assert framescope("info", clip(entry.name), "--json").json()


def test_another_stream_can_be_chosen(framescope: Callable[..., Answer], clip: Callable[[str], Path]) -> None:
    path = clip("two_videos.mp4")
    sizes = set()
    for stream in (0, 2):
        facts = framescope("info", path, "--json", "--stream", stream).json()["info"]
        assert isinstance(facts, dict)
        sizes.add((facts["width"], facts["height"]))
    assert sizes == {(96, 64), (160, 120)}
    assert framescope("info", path, "--stream", 1).status == 1


def test_language_and_tags_are_said(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    path = tmp_path / "tagged.mkv"
    with av.open(plain_clip) as source, av.open(path, "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        stream.metadata.update(language="deu", title="Left eye")
        out.metadata["comment"] = "Taken at dusk\x1b[2J"
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    lines = framescope("info", path).out.splitlines()
    found = {name: rest.strip() for name, _, rest in (line.strip().partition(" ") for line in lines)}
    assert found["language"] == "deu"
    assert found["title"] == "Left eye"
    assert found["COMMENT"] == "Taken at dusk\\x1b[2J"
