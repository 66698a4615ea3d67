"""The stages of an index: tables, packets, decode; and what is kept."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from framescope.core.media import index_builder, packet_scan
from framescope.core.media.frame_order import find_doubts
from framescope.core.media.index import FrameIndex, IndexBasis
from framescope.core.media.index_builder import Counting, build_index, list_packets
from framescope.core.media.index_store import IndexStore
from framescope.core.media.probe import probe
from framescope.core.model.frame import Frame
from framescope.core.source.opening import known_video
from framescope.core.synth.number_blocks import read_number
from tests.clips.real_media import NEEDS_FIELD_ORDER
from tests.clips.truth import digest_of_planes, true_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.media.tables.packet_table import PacketTable
    from framescope.core.model.stream_facts import VideoInfo


@pytest.fixture
def as_if_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_builder, "SHORT_PIXELS", 0)


@pytest.mark.usefixtures("as_if_long")
@pytest.mark.parametrize(
    ("name", "basis"),
    [
        ("h264.mp4", IndexBasis.CONTAINER),
        ("h264.mkv", IndexBasis.CONTAINER),
        pytest.param("h264.ts", IndexBasis.CONTAINER, marks=NEEDS_FIELD_ORDER),
        ("h264_fragmented.mp4", IndexBasis.PACKETS),
        ("mpeg4.avi", IndexBasis.DECODED),
        ("h264.h264", IndexBasis.DECODED),
    ],
)
def test_each_kind_of_file_has_its_basis(name: str, basis: IndexBasis, clip: Callable[[str], Path]) -> None:
    index = build_index(probe(str(clip(name))))
    assert index.basis is basis
    assert index.complete
    assert bool(index.doubts) == (basis is IndexBasis.DECODED)


def test_short_files_are_decoded(plain_clip: Path) -> None:
    assert build_index(probe(str(plain_clip))).basis is IndexBasis.DECODED


@pytest.mark.usefixtures("as_if_long")
def test_decoding_can_be_asked_for_and_declined(plain_clip: Path, clip: Callable[[str], Path]) -> None:
    assert build_index(probe(str(plain_clip)), counting=Counting.DECODE).basis is IndexBasis.DECODED
    avi = build_index(probe(str(clip("mpeg4.avi"))), counting=Counting.PACKETS)
    assert avi.basis is IndexBasis.PACKETS
    assert avi.doubts


@pytest.mark.usefixtures("as_if_long")
@pytest.mark.parametrize("name", ["h264.mp4", "h264.mkv", "h264.ts"])
def test_tables_and_scan_agree(
    name: str, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    info = probe(str(clip(name)))
    table, _ = list_packets(info)
    monkeypatch.setattr(index_builder, "_read_tables", lambda *_: None)
    scanned, basis = list_packets(info)
    assert basis is IndexBasis.PACKETS
    assert table.pts.tolist() == scanned.pts.tolist()
    assert table.is_keyframe.tolist() == scanned.is_keyframe.tolist()


@pytest.mark.usefixtures("as_if_long")
@NEEDS_FIELD_ORDER
def test_browsing_can_begin_before_the_scan_ends(
    clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packet_scan, "_FIRST_REPORT_S", 0.0)
    monkeypatch.setattr(packet_scan, "_REPORT_S", 0.0)
    monkeypatch.setattr(packet_scan, "_PACKETS_A_CHECK", 8)
    parts: list[FrameIndex] = []
    monkeypatch.setattr(index_builder, "_read_tables", lambda *_: None)
    whole = build_index(probe(str(clip("h264.ts"))), on_partial=parts.append)
    assert any(len(part) for part in parts)
    assert all(whole.extends(part) for part in parts)


def test_a_second_build_comes_from_the_store(
    tmp_path: Path, plain_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, info = IndexStore(tmp_path), probe(str(plain_clip))
    first = build_index(info, store=store)

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("the file was read again")

    monkeypatch.setattr(index_builder, "list_packets", refuse)
    second = build_index(info, store=store)
    assert second.pts.tolist() == first.pts.tolist()


@pytest.mark.usefixtures("as_if_long")
def test_a_stored_count_by_packets_is_no_count_by_decoding(tmp_path: Path, plain_clip: Path) -> None:
    store, info = IndexStore(tmp_path), probe(str(plain_clip))
    assert build_index(info, store=store).basis is IndexBasis.CONTAINER
    assert build_index(info, store=store, counting=Counting.DECODE).basis is IndexBasis.DECODED
    assert build_index(info, store=store).basis is IndexBasis.DECODED


@pytest.mark.parametrize("kept", [0.5, 0.6, 0.75, 0.9])
def test_a_file_that_grows_has_the_frames_that_were_there(
    kept: float, clip: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = clip("h264_fragmented.mp4").read_bytes()
    path = tmp_path / "growing.mp4"
    path.write_bytes(data[: int(len(data) * kept)])
    listed = find_doubts

    def grow_meanwhile(info: VideoInfo, packets: PacketTable) -> tuple[str, ...]:
        with path.open("ab") as file:
            file.write(data[path.stat().st_size :])
        return listed(info, packets)

    monkeypatch.setattr(index_builder, "find_doubts", grow_meanwhile)
    store = IndexStore(tmp_path / "index")
    info = probe(str(path))
    index = build_index(info, store=store)
    assert 0 < len(index) < 48
    assert any("still growing" in note for note in index.notes)
    assert len(build_index(probe(str(path)), store=store)) == 48
    with known_video(info, index) as video:
        numbers = [read_number(frame.to_rgb()) for frame in video.frames(range(len(index)))]
        assert numbers == list(range(len(index)))


def test_a_list_of_files_is_counted_anew(clip: Callable[[str], Path], tmp_path: Path) -> None:
    for name in ("one.mp4", "two.mp4"):
        shutil.copyfile(clip("h264.mp4"), tmp_path / name)
    path = tmp_path / "list.ffconcat"
    path.write_text("ffconcat version 1.0\nfile one.mp4\nfile two.mp4\n")
    store = IndexStore(tmp_path / "index")
    assert len(build_index(probe(str(path)), store=store)) == 96
    shutil.copyfile(clip("gop_one_long.mp4"), tmp_path / "two.mp4")
    assert len(build_index(probe(str(path)), store=store)) == 168


@pytest.mark.parametrize("name", ["h264.h264", "mpeg4.avi"])
def test_first_frame_of_a_doubtful_stream_comes_before_its_last_packet_was_read(
    name: str, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packet_scan, "_FIRST_REPORT_S", 0.0)
    monkeypatch.setattr(packet_scan, "_PACKETS_A_CHECK", 8)
    parts: list[FrameIndex] = []
    whole = build_index(probe(str(clip(name))), on_partial=parts.append)
    assert len(parts[0]) >= 1
    assert len(parts[0].packet_sizes) < len(whole.packet_sizes)
    assert all(whole.extends(part) and not part.complete for part in parts)


@pytest.mark.parametrize("scans_slowly", [False, True])
@pytest.mark.parametrize("name", ["h264.h264", "mpeg4.avi", "h264.mp4", "vfr.mkv"])
def test_the_count_hands_out_the_first_picture_of_a_sequential_decode(
    name: str, *, scans_slowly: bool, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    if scans_slowly:
        # The count then begins before all packets are listed, and continues afterwards.
        monkeypatch.setattr(packet_scan, "_FIRST_REPORT_S", 0.0)
        monkeypatch.setattr(packet_scan, "_PACKETS_A_CHECK", 8)
    heard: list[FrameIndex | Frame] = []
    whole = build_index(probe(str(clip(name))), on_partial=heard.append, on_frame=heard.append)
    first, *parts = heard
    assert isinstance(first, Frame)
    assert all(isinstance(part, FrameIndex) for part in parts)
    truth = true_frames(clip(name))
    picture = first.picture
    digest = digest_of_planes(picture.width, picture.height, picture.pixel_format, picture.planes())
    assert (first.frame_number, digest) == (0, truth[0].digest)
    assert len(whole) == len(truth)
    assert first.pts == whole.pts_of(0)
    assert first.picture_type.letter == truth[0].picture_type


def test_a_count_that_meets_damage_first_hands_out_no_picture(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    damaged = bytearray(clip("h264.h264").read_bytes())
    place = damaged.index(b"\x00\x00\x01\x65") + 40
    damaged[place : place + 400] = bytes(400)
    path = tmp_path / "damaged.h264"
    path.write_bytes(damaged)
    given: list[Frame] = []
    index = build_index(probe(str(path)), on_frame=given.append)
    assert len(index.damaged_frames)
    assert index.damaged_frames[0] == 0
    assert given == []


def test_count_gives_way_before_every_packet(clip: Callable[[str], Path]) -> None:
    calls: list[None] = []
    index = build_index(probe(str(clip("h264.h264"))), give_way=lambda: calls.append(None))
    assert len(calls) >= len(index.packet_sizes)
