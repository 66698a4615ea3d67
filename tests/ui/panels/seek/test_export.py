"""Reports of an audit, as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog

from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.session.settings import Settings
from framescope.ui.panels.seek.export import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.ui.panels.seek.panel import SeekPanel
    from tests.ui.stand_ins import StandInController


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_a_report_is_saved(
    seek_panel: SeekPanel,
    session: StandInController,
    tmp_path: Path,
    suffix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "settings", Settings(), raising=False)
    path = tmp_path / f"report{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_options: (str(path), ""))
    seek_panel._on_export_wanted(suffix)  # noqa: SLF001 - what the menu's action is connected to

    ((_, work),) = session.called("run_job")
    work(ignore_progress, CancelToken())  # type: ignore[operator]
    assert "clip" in path.read_text(encoding="utf-8")
