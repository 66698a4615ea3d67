"""``framescope packets --rate``: rows add up to the packets, and what is not there is said."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from tests.clips.encoding import Encoding, write_clip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip that declares a buffer."""
    path = tmp_path_factory.mktemp("rates") / "limited.ts"
    params = "nal-hrd=cbr:vbv-maxrate=400:vbv-bufsize=300:bitrate=400"
    write_clip(path, Encoding(options={"x264-params": params}))
    return path


@pytest.mark.parametrize("kind", ["second", "gop"])
def test_rows_add_up_to_the_packets(kind: str, framescope: Callable[..., Answer], limited: Path) -> None:
    packets = list(csv.DictReader(framescope("packets", limited, "--csv").out.splitlines()))
    rows = json.loads(framescope("packets", limited, "--rate", kind, "--json").out)[f"{kind}s"]
    assert sum(row["size_bytes"] for row in rows) == sum(int(packet["size_bytes"]) for packet in packets)
    assert sum(row["frame_count"] for row in rows) == 48
    highest = max(row["bits_per_second"] for row in rows)
    words = framescope("packets", limited, "--rate", kind).out
    assert f"{highest / 1000:.3g} kbit/s at" in words.splitlines()[2]


def test_the_buffer(framescope: Callable[..., Answer], limited: Path) -> None:
    document = json.loads(framescope("packets", limited, "--rate", "buffer", "--json").out)
    assert (document["rate_bits_per_second"], document["size_bytes"]) == (400_000, 37_500)
    assert len(document["packets"]) == 48
    words = framescope("packets", limited, "--rate", "buffer").out
    assert "filled at a constant 400 kbit/s" in words
    assert "underflows  0" in words


def test_what_is_not_there_is_said(
    framescope: Callable[..., Answer], plain_clip: Path, clip: Callable[[str], Path]
) -> None:
    answer = framescope("packets", plain_clip, "--rate", "buffer")
    assert (answer.status, "declares no decoder buffer" in answer.err) == (1, True)
    assert "H.264" in framescope("packets", clip("vp9.mp4"), "--rate", "buffer").err
    assert framescope("packets", plain_clip, "--rate", "gop", "--frame", "1").status == 2
