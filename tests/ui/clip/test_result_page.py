"""The pages behind the form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QWidget

from framescope.core.audit.records import EngineTrial, FileAudit, TrialState, Verdict, VerdictKind
from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.make import ClipResult
from framescope.core.clips.proof import Proof
from framescope.core.clips.settings import ClipSettings, ClipWay
from framescope.core.model.progress import Progress
from framescope.core.source.opening import open_video
from framescope.ui.clip.dialog import ClipResultPage
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.progress_page import ProgressPage
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


def make_result(path: Path) -> ClipResult:
    with open_video(path, use_index_cache=False) as video:
        settings = ClipSettings(ClipWay.ALL_INTRA)
        plan = plan_clip(video.info, video.index, range(5), Path("a.mp4"), settings)
    proof = Proof(48, (0, 47), is_lossless=False, worst_db=41.25, worst_time_error_s=0.0)
    return ClipResult(plan, Path("a.mp4"), proof, 83_600, 11.2)


def test_progress_is_shown_in_words(qtbot: QtBot) -> None:
    page = ProgressPage("clip")
    qtbot.addWidget(page)
    page.begin("Encoding the frames", "<b>a.mp4</b>")
    page.show_progress(Progress(12, 48, "Encoding frames"))
    assert part(page, QLabel, "clipProgress").text() == "Encoding frames  ·  12 of 48"
    assert part(page, QLabel, "clipTarget").text() == "<b>a.mp4</b>"
    page.show_progress(Progress(0, None, "Comparing"))
    assert part(page, QLabel, "clipProgress").text() == "Comparing"


def test_a_result_says_what_was_proven(
    qtbot: QtBot, theme: ThemeSource, session: StandInController, plain_clip: Path
) -> None:
    page = ClipResultPage(session.as_controller(), IconSource(theme))
    qtbot.addWidget(page)
    result = make_result(plain_clip)
    page.show_result(result)
    assert part(page, QLabel, "clipHeadline").text() == "48 frames in 83.6 kB"
    assert "PSNR 41.2 dB or better" in part(page, QLabel, "clipProof").text()
    assert part(page, QWidget, "clipVerdicts").isHidden()


def test_every_library_has_a_row(
    qtbot: QtBot, theme: ThemeSource, session: StandInController, plain_clip: Path
) -> None:
    page = ClipResultPage(session.as_controller(), IconSource(theme))
    qtbot.addWidget(page)
    verdicts = (
        Verdict(VerdictKind.TRUSTWORTHY, "All right."),
        Verdict(VerdictKind.DRIFTS, "It drifts."),
    )
    trials = tuple(
        EngineTrial(name, name.title(), "call()", "1", TrialState.DONE, verdict=verdict)
        for name, verdict in zip(("opencv", "decord"), verdicts, strict=True)
    )
    audit = FileAudit(source="a.mp4", info=None, facts=None, trials=trials)
    for _ in range(2):
        page.show_result(replace(make_result(plain_clip), audit=audit))
    shown = [label.text() for label in part(page, QWidget, "clipVerdicts").findChildren(QLabel)]
    assert {"Opencv", "Decord", "All right.", "It drifts."} <= set(shown)


def test_damage_is_in_the_headline(
    qtbot: QtBot, theme: ThemeSource, session: StandInController, plain_clip: Path
) -> None:
    page = ClipResultPage(session.as_controller(), IconSource(theme))
    qtbot.addWidget(page)
    result = make_result(plain_clip)
    page.show_result(replace(result, plan=replace(result.plan, damaged_count=12)))
    assert part(page, QLabel, "clipHeadline").text() == "48 frames, 12 damaged, in 83.6 kB"
    assert "12 of 48 frames are damaged" in part(page, QLabel, "clipResultFacts").text()
