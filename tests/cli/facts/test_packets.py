"""``framescope packets``: every packet as the demuxer gives it, and one of them in detail."""

from __future__ import annotations

import csv
import json
import os
from typing import TYPE_CHECKING

import av
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def _demuxed(path: Path) -> list[av.Packet[av.VideoStream]]:
    with av.open(os.fspath(path)) as container:
        return [packet for packet in container.demux(video=0) if packet.size]


@pytest.mark.parametrize("name", ["gop_open.mp4", "h264.ts", "vp9.mp4"])
def test_a_row_for_every_packet(
    name: str, framescope: Callable[..., Answer], clip: Callable[[str], Path]
) -> None:
    packets = _demuxed(clip(name))
    rows = list(csv.DictReader(framescope("packets", clip(name), "--csv").out.splitlines()))
    assert len(rows) == len(packets)
    for number, (row, packet) in enumerate(zip(rows, packets, strict=True)):
        truth = (number, packet.pts, packet.dts, packet.duration, packet.size, packet.pos)
        columns = ("packet_number", "pts", "dts", "duration", "size_bytes", "position")
        assert tuple(int(row[column]) for column in columns) == truth
        assert row["is_keyframe"] == str(int(packet.is_keyframe))
    by_pts = sorted(int(row["pts"]) for row in rows if row["frame_number"])
    assert all(int(row["pts"]) == by_pts[int(row["frame_number"])] for row in rows if row["frame_number"])
    document = json.loads(framescope("packets", clip(name), "--json").out)
    assert document["packet_count"] == len(packets)
    assert [record["size_bytes"] for record in document["packets"]] == [packet.size for packet in packets]


def test_units_are_named_in_the_list(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    lines = framescope("packets", plain_clip, "--units").out.splitlines()
    assert lines[1].endswith("K---  SEI, IDR slice") or "IDR slice" in lines[1]
    assert "non-IDR slice" in lines[2]


def test_the_packet_of_a_frame_with_its_bytes(
    framescope: Callable[..., Answer], clip: Callable[[str], Path]
) -> None:
    path = clip("gop_open.mp4")
    packets = _demuxed(path)
    order = sorted(range(len(packets)), key=lambda number: packets[number].pts or 0)
    document = json.loads(framescope("packets", path, "--frame", "7", "--hex", "--json").out)
    assert document["packet"]["packet_number"] == order[7]
    assert document["packet"]["frame_numbers"] == [7]
    assert bytes.fromhex(document["hex"]) == bytes(packets[order[7]])
    assert {field["name"] for unit in document["units"] for field in unit["fields"]} >= {"slice_type"}
    text = framescope("packets", path, "--frame", "7", "--hex").out
    assert text.startswith(f"Packet {order[7]}\n")
    assert bytes(packets[order[7]])[:8].hex(" ") in text
    rows = list(csv.DictReader(framescope("packets", path, "--packet", order[7], "--csv").out.splitlines()))
    assert [row["value"] for row in rows if row["field"] == "nal_unit_type"] != []


def test_the_header_has_the_parameter_sets(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    text = framescope("packets", plain_clip, "--header").out
    assert text.startswith("Stream header\n")
    assert "SPS" in text
    assert "profile_idc = " in text


def test_sources_without_packets_are_refused(
    framescope: Callable[..., Answer], clip: Callable[[str], Path], plain_clip: Path, tmp_path: Path
) -> None:
    framescope("fragments", "split", plain_clip, tmp_path / "store", "--grid", "1x1", "--run", "24")
    for words in (["--units"], ["--packet", "0"], ["--header"], []):
        answer = framescope("packets", tmp_path / "store", *words)
        assert answer.status == 1
        assert "has no packets of its own" in answer.err
    answer = framescope("packets", clip("mjpeg.avi"), "--units")
    assert "are not split into units" in answer.err
