"""The packet scan lists what the demuxer gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.errors import Cancelled
from framescope.core.media import packet_scan
from framescope.core.media.index import NO_PTS
from framescope.core.media.packet_scan import scan_packets
from framescope.core.model.progress import CancelToken, ignore_progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.media.tables.packet_table import PacketTable


def scan(path: Path) -> PacketTable:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return scan_packets(container, stream, progress=ignore_progress, cancel=CancelToken())


@pytest.mark.parametrize("name", ["h264.mp4", "h264.ts", "h264.avi", "vp9.webm", "edit_list_inside_gop.mp4"])
def test_every_packet_is_listed(name: str, clip: Callable[[str], Path]) -> None:
    table = scan(clip(name))
    with av.open(str(clip(name))) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        assert table.pts.tolist() == [NO_PTS if p.pts is None else p.pts for p in packets]
        assert table.dts.tolist() == [NO_PTS if p.dts is None else p.dts for p in packets]
        assert table.sizes.tolist() == [p.size for p in packets]
        assert table.positions.tolist() == [-1 if p.pos is None else p.pos for p in packets]
        assert table.is_keyframe.tolist() == [p.is_keyframe for p in packets]
        assert table.is_discard.tolist() == [p.is_discard for p in packets]


def test_hidden_pictures_are_to_be_discarded(media_file: Callable[[str], Path]) -> None:
    table = scan(media_file("vp9_10bit_hidden_altref.webm"))
    assert (len(table), int((~table.is_discard).sum())) == (80, 72)


def test_a_cancelled_scan_stops(clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packet_scan, "_FIRST_REPORT_S", 0.0)
    monkeypatch.setattr(packet_scan, "_PACKETS_A_CHECK", 16)
    cancel = CancelToken()
    cancel.cancel()
    with av.open(str(clip("gop_one_long.mp4"))) as container, pytest.raises(Cancelled):
        scan_packets(container, container.streams.video[0], progress=ignore_progress, cancel=cancel)


def test_partial_tables_are_prefixes(clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packet_scan, "_FIRST_REPORT_S", 0.0)
    monkeypatch.setattr(packet_scan, "_PACKETS_A_CHECK", 16)
    partial: list[PacketTable] = []
    with av.open(str(clip("gop_one_long.mp4"))) as container:
        whole = scan_packets(
            container,
            container.streams.video[0],
            progress=ignore_progress,
            cancel=CancelToken(),
            on_partial=partial.append,
        )
    assert partial
    assert not partial[0].complete
    assert whole.complete
    assert whole.pts[: len(partial[0])].tolist() == partial[0].pts.tolist()
