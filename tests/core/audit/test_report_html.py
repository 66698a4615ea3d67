"""The page is whole, fetches nothing, and shows every engine."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.file_audit import AuditSettings, run_audit
from framescope.core.audit.records import FileAudit
from framescope.core.audit.report_html import audits_as_html
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"meta", "br", "link", "img"}


class Balance(HTMLParser):
    """Notes elements that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@pytest.fixture(scope="module")
def found(plain_clip: Path) -> FileAudit:
    engines = tuple(fakes.spec_of(one) for one in (fakes.Honest, fakes.Late, fakes.Refusing, fakes.Moody))
    return run_audit(plain_clip, AuditSettings(catalogue=engines, **fakes.NO_HURRY))


def test_the_page_is_whole_and_needs_nothing(found: FileAudit) -> None:
    page = audits_as_html([found])
    balance = Balance()
    balance.feed(page)
    assert balance.faults == []
    assert balance.open == []
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<script|https?://|url\(|@import|src=", page)
    assert "prefers-color-scheme:dark" in page
    said = (
        "Honest",
        "Late",
        "off by a constant",
        "Likely cause",
        "48 frames",
        "Requested frame against returned frame",
    )
    for words in said:
        assert words in page


def test_the_plots_are_sound(found: FileAudit) -> None:
    page = audits_as_html([found])
    plots = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(plots) == 4
    for plot in plots:
        ET.fromstring(plot)
        assert not re.search(r"\bnan\b", plot)


def test_many_files_have_an_overview(found: FileAudit) -> None:
    broken = FileAudit("bad & <broken>.mp4", None, None, (), error="It is <empty>.")
    page = audits_as_html([found, broken])
    assert "Seek truth: 2 files" in page
    assert 'href="#file-0"' in page
    assert "bad &amp; &lt;broken&gt;.mp4" in page
    assert "It is &lt;empty&gt;." in page
