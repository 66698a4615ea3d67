"""``framescope audit`` hands its options on, and its exit status and tables say who is exact."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.cli import audit as module
from framescope.cli.options import STRICT_STATUS
from framescope.core.audit.child_process import BENCH_WORKER, TRIAL_WORKER
from framescope.core.audit.records import (
    Advice,
    AdviceKind,
    EngineTrial,
    FileAudit,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
    Verdict,
    VerdictKind,
)
from framescope.core.audit.requests import ORDERS, Order, RequestKind
from framescope.core.synth.writable import WORKER as WRITABLE_WORKER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.audit.file_audit import AuditSettings
    from framescope.core.model.progress import CancelToken
    from tests.cli.conftest import Answer

EXACT = EngineTrial(
    "pyav",
    "PyAV",
    "seek",
    "18.1",
    TrialState.DONE,
    sequence=Sequence(digests=np.zeros(1, np.uint64), is_complete=True),
    requests=(RequestResult(0, Order.FORWARD, Outcome.EXACT, 0, latency_ms=2.0),),
    verdict=Verdict(VerdictKind.TRUSTWORTHY, "All 1 requests are right."),
)
LATE = EngineTrial(
    "opencv",
    "OpenCV",
    "set",
    "5.0",
    TrialState.DONE,
    requests=(
        RequestResult(0, Order.FORWARD, Outcome.EXACT, 0, latency_ms=2.0),
        RequestResult(1, Order.FORWARD, Outcome.SHIFTED, 3, latency_ms=4.0),
    ),
    verdict=Verdict(
        VerdictKind.UNRELIABLE,
        "1 of 2 is wrong.",
        advice=(Advice(AdviceKind.READ_ON, "Read on.", 1.0, "1 s"),),
    ),
)
PART = replace(EXACT, sequence=Sequence(digests=np.zeros(5, np.uint64)))
BLIND = replace(
    LATE, engine="decord", title="decord", verdict=Verdict(VerdictKind.CANNOT_READ, "Its pictures are none.")
)
ABSENT = EngineTrial("decord", "Decord", "get", None, TrialState.NOT_INSTALLED, "not installed")


@dataclass
class Audits:
    """Finds by file name what it was told to find, and notes the settings."""

    trials: dict[str, tuple[EngineTrial, ...]] = field(default_factory=dict)
    settings: list[AuditSettings] = field(default_factory=list)

    def run(self, source: str, settings: AuditSettings, **_others: object) -> FileAudit:
        self.settings.append(settings)
        name = source.rpartition("/")[2]
        error = "" if name in self.trials else "This is no video."
        return FileAudit(source, None, None, self.trials.get(name, ()), coverage="Some of it.", error=error)


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> Audits:
    found = Audits(
        {
            "good.mp4": (EXACT, ABSENT),
            "late.mp4": (LATE, EXACT),
            "part.mp4": (PART, BLIND),
            "thin.mp4": (PART,),
        }
    )
    monkeypatch.setattr(module, "run_audit", found.run)
    monkeypatch.setattr("framescope.core.audit.folder.run_audit", found.run)
    return found


@pytest.mark.usefixtures("audits")
@pytest.mark.parametrize(
    ("name", "strict", "status"),
    [
        ("good.mp4", False, 0),
        ("good.mp4", True, 0),
        ("thin.mp4", False, 0),
        ("thin.mp4", True, STRICT_STATUS),
        ("late.mp4", False, 0),
        ("late.mp4", True, STRICT_STATUS),
        ("broken.mp4", False, 1),
    ],
)
def test_the_exit_status(framescope: Callable[..., Answer], name: str, strict: bool, status: int) -> None:  # noqa: FBT001
    assert framescope("audit", name, *(["--strict"] if strict else [])).status == status


def test_options_are_handed_on(framescope: Callable[..., Answer], audits: Audits) -> None:
    framescope(
        "audit", "good.mp4", "--engines", "opencv,pyav", "--requests", "random:9", "--order",
        "backward, shuffled", "--seed", 5, "--timeout", 2.5,
    )  # fmt: skip
    (settings,) = audits.settings
    assert settings.engines == ("opencv", "pyav")
    assert (settings.requests.kind, settings.requests.count) == (RequestKind.RANDOM, 9)
    assert settings.orders == (Order.BACKWARD, Order.SHUFFLED)
    assert (settings.seed, settings.limits.silence_s) == (5, 2.5)
    assert not settings.is_quick


def test_without_options_it_is_a_quick_trial(framescope: Callable[..., Answer], audits: Audits) -> None:
    framescope("audit", "good.mp4")
    assert audits.settings[0].is_quick
    assert audits.settings[0].orders == ORDERS


@pytest.mark.parametrize(
    ("option", "word"),
    [
        (("--order", "sideways"), "sideways"),
        (("--engines", "nobody"), "nobody"),
        (("--requests", "some"), "some"),
    ],
)
def test_names_of_nothing_are_refused(
    framescope: Callable[..., Answer], audits: Audits, option: tuple[str, str], word: str
) -> None:
    answer = framescope("audit", "good.mp4", *option)
    assert answer.status == 2
    assert word in answer.err
    assert audits.settings == []


@pytest.mark.usefixtures("audits")
def test_one_file_is_told_at_length(framescope: Callable[..., Answer]) -> None:
    lines = framescope("audit", "films/late.mp4").out.splitlines()
    assert lines[0] == "late.mp4: 1 of 2 engines gives you frames other than the ones you request."
    late = next(line for line in lines if line.startswith("  opencv"))
    assert late.split() == ["opencv", "50.0", "%", "+2", "3.0", "ms", "3.9", "ms", "nan", "fps", "unreliable"]
    assert "OpenCV 5.0: unreliable" in lines
    assert "  → Read on. Cost: 1 s." in lines
    assert not any(line.startswith("PyAV") for line in lines)


@pytest.mark.usefixtures("audits")
def test_several_files_are_a_line_each(framescope: Callable[..., Answer]) -> None:
    answer = framescope(
        "audit",
        "good.mp4",
        "late.mp4",
        "part.mp4",
        "broken.mp4",
        "--jobs",
        1,
        "--engines",
        "opencv,pyav,decord",
    )
    # One of them was not audited.
    assert answer.status == 1
    head, *lines = answer.out.splitlines()
    assert head.split() == ["file", "opencv", "pyav", "decord"]
    cells = {words[0]: words[1:] for words in map(str.split, lines[:4])}
    assert cells["good.mp4"] == ["-", "exact", "-"]
    assert cells["late.mp4"] == ["50", "%", "exact", "-"]
    assert cells["part.mp4"] == ["-", "exact?", "cannot"]
    assert " ".join(cells["broken.mp4"]) == "This is no video."
    ends = [line.index("exact") + 5 for line in lines[:4] if line.startswith(("good", "late"))]
    assert ends == [head.index("pyav") + 4] * 2
    summary = "4 files: pyav exact on 3 of 3, opencv exact on 0 of 1, decord exact on 0 of 1"
    assert lines[4] == f"{summary}; 1 could not be opened."
    assert "cannot read the file" in "".join(lines[5:])


def test_a_part_is_said_to_be_one(framescope: Callable[..., Answer], audits: Audits) -> None:
    audits.trials["part.mp4"] = (PART,)
    assert "correct for the requested frame" in framescope("audit", "part.mp4").out


@pytest.mark.usefixtures("audits")
def test_json_of_one_and_of_several(framescope: Callable[..., Answer]) -> None:
    (one,) = json.loads(framescope("audit", "late.mp4", "--json").out)["videos"]
    assert (one["source"], one["coverage"]) == ("late.mp4", "Some of it.")
    several = json.loads(framescope("audit", "late.mp4", "good.mp4", "--json").out)["videos"]
    assert [row["source"] for row in several] == ["late.mp4", "good.mp4"]


@pytest.mark.usefixtures("audits")
def test_reports_are_written(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    page = tmp_path / "new" / "report.html"
    answer = framescope("audit", "late.mp4", "--html", page, "--csv")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len(answer.out.splitlines()) == 4
    assert framescope("audit", "late.mp4", "--csv", "--json").status == 2
    # As in earlier versions, where it named a file.
    answer = framescope("audit", "late.mp4", "--csv", "x.csv")
    assert (answer.status, "> FILE" in answer.err) == (2, True)


def test_a_report_is_refused_before_the_work(
    framescope: Callable[..., Answer], audits: Audits, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for page in (tmp_path / "file", tmp_path / "file" / "x.html", tmp_path):
        assert framescope("audit", "late.mp4", "--html", page).status in {1, 2}
    assert not audits.settings


def test_what_is_in_the_journal_is_not_tried_again(
    framescope: Callable[..., Answer], audits: Audits, tmp_path: Path
) -> None:
    (tmp_path / "good.mp4").write_bytes(b"0")
    options = ("audit", tmp_path / "good.mp4", "--resume", tmp_path / "journal")
    first = framescope(*options)
    page = tmp_path / "report.html"
    assert framescope(*options, "--html", page).out == first.out
    assert len(audits.settings) == 1
    # What comes from the journal is in the reports as well.
    assert "good.mp4" in page.read_text(encoding="utf-8")
    assert "pyav,18.1,forward,0,exact" in framescope(*options, "--csv").out


def test_what_was_stopped_says_how_far_it_came(
    framescope: Callable[..., Answer], audits: Audits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def run(source: str, settings: AuditSettings, *, cancel: CancelToken, **_others: object) -> FileAudit:
        found = audits.run(source, settings)
        if source == "late.mp4":
            cancel.cancel()
            return replace(found, trials=(replace(EXACT, state=TrialState.CANCELLED),))
        return found

    monkeypatch.setattr("framescope.core.audit.folder.run_audit", run)
    page = tmp_path / "report.html"
    page.write_text("of the last time")
    options = ("--jobs", 1, "--html", page, "--overwrite")
    answer = framescope("audit", "good.mp4", "late.mp4", "part.mp4", *options)
    assert answer.status == 130
    assert page.read_text() == "of the last time"
    assert "stopped: 1 of 3 files; with --resume FILE" in answer.err
    # Half a row would be taken for a whole one.
    assert "late.mp4" not in answer.out


def test_a_folder_without_videos(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    answer = framescope("audit", tmp_path)
    assert answer.status == 1
    assert f"There is no video in {tmp_path}." in answer.err


@pytest.mark.parametrize("name", [TRIAL_WORKER, BENCH_WORKER, WRITABLE_WORKER])
def test_the_frozen_program_is_its_own_worker(
    framescope: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(f"{name}.run", lambda: calls.append(name))
    assert framescope("worker", name).status == 0
    assert calls == [name]
    assert framescope("worker", "os").status == 2
    assert "worker" not in framescope("--help").out
