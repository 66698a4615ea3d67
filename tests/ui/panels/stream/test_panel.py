"""The stream panel follows the frame on screen and back, and shows what FFmpeg's demuxer gives."""

from __future__ import annotations

import os
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import av
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTableView, QToolButton, QTreeWidget, QTreeWidgetItem

from framescope.core.errors import DecodeError
from framescope.core.model.stream_facts import SEQUENCE_CONTAINER
from framescope.ui.panels.stream import panel as panel_module
from framescope.ui.panels.stream.panel import StreamPanel
from tests.ui.clip.session import open_session
from tests.ui.panels.panel_examples import open_video
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.bitstream.packets import PacketFacts
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


def _demuxed(path: Path) -> list[av.Packet[av.VideoStream]]:
    with av.open(os.fspath(path)) as container:
        return [packet for packet in container.demux(video=0) if packet.size]


@pytest.fixture
def path(clip: Callable[[str], Path]) -> Path:
    return clip("gop_open.mp4")


@pytest.fixture
def packets(path: Path) -> list[av.Packet[av.VideoStream]]:
    return _demuxed(path)


@pytest.fixture
def session_of_clip(qtbot: QtBot, path: Path) -> Iterator[Controller]:
    with open_session(qtbot, path) as controller:
        qtbot.waitUntil(lambda: controller.index is not None and controller.index.complete)
        yield controller


@pytest.fixture
def panel(qtbot: QtBot, session_of_clip: Controller, theme: ThemeSource) -> StreamPanel:
    made = StreamPanel(session_of_clip, theme)
    return on_screen(qtbot, made, 340, 700)


def _table(panel: StreamPanel) -> QTableView:
    found = panel.findChild(QTableView, "streamPackets")
    assert isinstance(found, QTableView)
    return found


def _title(panel: StreamPanel) -> str:
    found = panel.findChild(QLabel, "streamTitle")
    assert isinstance(found, QLabel)
    return found.text()


def _units(panel: StreamPanel) -> list[QTreeWidgetItem]:
    tree = panel.findChild(QTreeWidget, "streamUnits")
    assert isinstance(tree, QTreeWidget)
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [item for item in items if item is not None]


def _has_fields(panel: StreamPanel) -> bool:
    units = _units(panel)
    return bool(units) and any(
        item.childIndicatorPolicy() is QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator for item in units
    )


def _bytes_shown(panel: StreamPanel) -> bytes:
    view = panel.findChild(QPlainTextEdit, "streamBytes")
    assert isinstance(view, QPlainTextEdit)
    return b"".join(bytes.fromhex(line[10:33]) for line in view.toPlainText().splitlines())


def _click(panel: StreamPanel, row: int) -> None:
    table = _table(panel)
    table.scrollTo(table.model().index(row, 0))
    centre = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre)


def _order(packets: list[av.Packet[av.VideoStream]]) -> list[int]:
    """Packet numbers by frame number."""
    return sorted(range(len(packets)), key=lambda number: packets[number].pts or 0)


def test_every_packet_has_its_row(
    panel: StreamPanel, packets: list[av.Packet[av.VideoStream]], qtbot: QtBot
) -> None:
    model = _table(panel).model()
    assert model.rowCount() == len(packets)
    qtbot.waitUntil(lambda: model.index(0, 7).data() != "…")
    for row, packet in enumerate(packets):
        texts = [str(model.index(row, column).data()).replace("\u202f", "") for column in range(9)]
        assert texts[1] == str(_order(packets).index(row))
        assert texts[4:8] == [str(packet.pts), str(packet.dts), str(packet.duration), str(packet.pos)]
        assert ("key" in texts[8]) == packet.is_keyframe


def test_it_follows_the_frame_and_a_click_goes_there(
    panel: StreamPanel,
    session_of_clip: Controller,
    packets: list[av.Packet[av.VideoStream]],
    qtbot: QtBot,
) -> None:
    order = _order(packets)
    session_of_clip.show_frame(7)
    qtbot.waitUntil(lambda: _table(panel).currentIndex().row() == order[7])
    qtbot.waitUntil(lambda: _title(panel) == f"Packet {order[7]}")
    _click(panel, order[7] + 1)
    expected = order.index(order[7] + 1)
    qtbot.waitUntil(lambda: session_of_clip.position == expected)
    qtbot.waitUntil(lambda: _title(panel) == f"Packet {order[7] + 1}")
    assert _table(panel).currentIndex().row() == order[7] + 1


def test_units_fields_and_bytes_are_those_of_the_packet(
    panel: StreamPanel,
    session_of_clip: Controller,
    packets: list[av.Packet[av.VideoStream]],
    qtbot: QtBot,
) -> None:
    number = _order(packets)[5]
    session_of_clip.show_frame(5)
    qtbot.waitUntil(lambda: _title(panel) == f"Packet {number}" and _has_fields(panel))
    data = bytes(packets[number])
    assert [item.text(0) for item in _units(panel)] == ["non-IDR slice"]
    # An MP4 file has the length in four bytes before each unit.
    assert _bytes_shown(panel) == data[4:]
    (item,) = _units(panel)
    item.setExpanded(True)
    rows = [item.child(row) for row in range(item.childCount())]
    values = {row.text(0): row.text(1) for row in rows if row is not None}
    assert values["nal_unit_type"] == str(data[4] & 31)
    assert values["slice_type"][-1] in "PB"
    tree, second = item.treeWidget(), rows[1]
    assert tree is not None
    assert second is not None
    tree.setCurrentItem(second)
    assert _bytes_shown(panel) == data[4:]
    panel.grab()


def test_the_header_of_the_stream(panel: StreamPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: _title(panel) == "Packet 0")
    button = panel.findChild(QToolButton, "streamHeader")
    assert isinstance(button, QToolButton)
    button.click()
    qtbot.waitUntil(lambda: _title(panel) == "Header of the stream" and _has_fields(panel))
    assert [item.text(0) for item in _units(panel)] == ["SPS", "PPS"]
    _click(panel, 2)
    assert not button.isChecked()
    qtbot.waitUntil(lambda: _title(panel) == "Packet 2")


def test_nothing_is_read_while_playing(
    panel: StreamPanel, session_of_clip: Controller, qtbot: QtBot, packets: list[av.Packet[av.VideoStream]]
) -> None:
    qtbot.waitUntil(lambda: _title(panel) == "Packet 0")
    session_of_clip.player.toggle()
    qtbot.waitUntil(lambda: session_of_clip.position > 5)
    assert _title(panel) == "Packet 0"
    session_of_clip.player.stop()
    order = _order(packets)
    # The frame under way when it stops may still come.
    qtbot.waitUntil(lambda: _title(panel) == f"Packet {order[session_of_clip.position]}")


def test_packets_that_cannot_be_read_are_asked_for_once(
    qtbot: QtBot, session_of_clip: Controller, theme: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def fail(_info: object, _index: object, block: int, _cancel: object) -> None:
        asked.append(block)
        raise DecodeError("The file is gone.")

    monkeypatch.setattr(panel_module, "_read_block", fail)
    panel = on_screen(qtbot, StreamPanel(session_of_clip, theme), 340, 700)
    model = _table(panel).model()
    qtbot.waitUntil(lambda: model.index(0, 7).data() == "–")
    panel.grab()
    assert model.index(3, 7).data() == "–"
    assert asked == [0]


def test_repaints_do_not_begin_again_what_is_being_read(
    qtbot: QtBot, session_of_clip: Controller, theme: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, may_end = list[int](), Event()

    def read_slowly(_info: object, _index: object, block: int, _cancel: object) -> list[PacketFacts]:
        asked.append(block)
        may_end.wait()
        return []

    monkeypatch.setattr(panel_module, "_read_block", read_slowly)
    panel = on_screen(qtbot, StreamPanel(session_of_clip, theme), 340, 700)
    model = _table(panel).model()
    panel.grab()
    qtbot.waitUntil(lambda: asked == [0])
    panel.grab()
    may_end.set()
    qtbot.waitUntil(lambda: model.index(0, 7).data() != "…")
    assert asked == [0]


def test_a_source_without_packets_says_so(
    qtbot: QtBot, controller: Controller, session: StandInController, theme: ThemeSource
) -> None:
    made = on_screen(qtbot, StreamPanel(controller, theme), 340, 500)
    texts = [label for label in made.findChildren(QLabel) if label.isVisible()]
    assert [label.text() for label in texts] == ["The packets of a video are listed here."]
    open_video(session)
    assert session.info is not None
    session.info = replace(session.info, container=SEQUENCE_CONTAINER)
    session.index_updated.emit()
    qtbot.waitUntil(
        lambda: any(
            "no packets of its own" in label.text()
            for label in made.findChildren(QLabel)
            if label.isVisible()
        )
    )
