"""References in the GOP panel: arrows, hollow frames, sentences, and what is read when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QLabel

from framescope.core.bitstream.references.pictures import CodedPicture, ReferenceGraph
from framescope.core.bitstream.references.words import needs_words
from framescope.core.media.gops import gop_table
from framescope.ui.panels.gop.frame_chart import gop_frames, with_references
from framescope.ui.panels.gop.order import OrderDiagram
from framescope.ui.panels.gop.panel import GopPanel
from framescope.ui.panels.gop.reference_source import ReferenceSource
from framescope.ui.widgets.tasks import LatestTask
from tests.ui.panels.panel_examples import gop_index, open_video
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


def graph() -> ReferenceGraph:
    """References of the whole example: B-frames refer to their neighbours, 9 to the previous GOP."""
    references = {0: (), 3: (0,), 1: (0, 3), 2: (0, 3), 4: (), 7: (4,), 5: (4, 7), 6: (4, 7), 8: (7,)}
    references |= {10: (), 9: (8, 10), 11: (10,)}
    order = list(references)
    pictures = [
        CodedPicture(
            packet,
            letter="?IPB"[gop_index().picture_type_codes[number]],
            kind="RASL_N" if number == 9 else "",
            references=tuple(order.index(each) for each in references[number]),
            is_disposable=number in {1, 2, 5, 6, 9},
            frame_numbers=(number,),
        )
        for packet, number in enumerate(order)
    ]
    return ReferenceGraph(gop_index(), pictures, range(12))


def test_only_what_is_needed_is_marked() -> None:
    index = gop_index()
    plain = gop_frames(gop_table(index), index, 8, 100)
    frames = with_references(plain, graph())
    assert plain.needed.tolist() == [True] * 5
    assert frames.needed.tolist() == [True, False, False, True, True]
    assert frames.references is not None
    # From 4 to 7, and from 7 to the current frame.
    assert sorted(frames.references.arrows) == [(0, 3, False), (3, 4, True)]
    assert frames.references.disposable == {1, 2}


def test_sentences_explain_a_leading_picture() -> None:
    assert needs_words(graph(), 9) == (
        "Frame 9 (B, RASL_N) needs 4 others decoded: 4, 7, 8, 10;"
        " a jump to it costs 7 pictures from keyframe 4.",
        "It refers to 8, 10 directly.",
        "It is a leading picture (RASL_N): shown before keyframe 10 but decoded after it;"
        " it cannot be decoded from it alone.",
        "No other picture refers to it.",
    )
    assert needs_words(graph(), 0) == (
        "Frame 0 (I) needs no other frame; a jump to it costs 1 picture from keyframe 0.",
    )


def test_arrows_are_drawn_above_the_frames(qtbot: QtBot, theme: ThemeSource) -> None:
    diagram = on_screen(qtbot, OrderDiagram(theme), 360, 144)
    index = gop_index()
    diagram.set_has_references(True)
    diagram.set_content(gop_frames(gop_table(index), index, 9, 100))
    plain = diagram.grab().toImage()
    diagram.set_content(with_references(gop_frames(gop_table(index), index, 9, 100), graph()))
    drawn = diagram.grab().toImage()
    above = [
        (x, y) for x in range(0, 360, 2) for y in range(4, 40, 2) if plain.pixel(x, y) != drawn.pixel(x, y)
    ]
    assert above
    assert diagram.frame_at(QPointF(70, 20)) is None
    assert diagram.frame_at(QPointF(70, 55)) == 4


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller, theme: ThemeSource) -> GopPanel:
    return on_screen(qtbot, GopPanel(controller, theme), 340, 500)


def _words(panel: GopPanel) -> str:
    label = panel.findChild(QLabel, "orderWords")
    assert isinstance(label, QLabel)
    return label.text()


def test_the_panel_says_what_it_has_read(panel: GopPanel, session: StandInController) -> None:
    open_video(session, codec="hevc")
    session.show(9)
    assert _words(panel).startswith("To show frame 9, 7 frames are decoded")
    source = panel.findChild(ReferenceSource)
    assert isinstance(source, ReferenceSource)
    task = source.findChild(LatestTask)
    assert isinstance(task, LatestTask)
    task.answered.emit(graph())
    assert _words(panel).startswith("Frame 9 (B, RASL_N) needs 4 others decoded")
    session.show(8)
    assert "It refers to 7 directly." in _words(panel)
    session.source_closed.emit()
    assert source.graph_of(8) is None


def test_other_codecs_are_not_read(panel: GopPanel, session: StandInController) -> None:
    open_video(session, codec="prores")
    source = panel.findChild(ReferenceSource)
    assert isinstance(source, ReferenceSource)
    assert not source.is_possible
    assert source.graph_of(0) is None
    assert _words(panel) == "Frame 0 is decoded by itself."
