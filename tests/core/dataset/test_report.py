"""The page on a data set says what is in it, and is safe whatever the names are."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import unquote

from framescope.core.dataset.manifest import Failure, read_dataset
from framescope.core.dataset.measures import measure_dataset
from framescope.core.dataset.report import report_page
from tests.core.dataset.conftest import VIDEOS, Made


def words_of(page: str) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", "\n", page.partition("<body>")[2])).replace("\u2009", " ")
    return "\n".join(filter(None, map(str.strip, text.splitlines())))


def test_it_lists_what_there_is_and_what_is_missing(made: Made) -> None:
    found = read_dataset(made.folder)
    page = report_page(found, measure_dataset(found.data))
    words = words_of(page)
    assert "9 pictures of 3 videos" in words
    assert "Class\ntrain, 1 video\nval, 1 video\ntest, 1 video\nbig\n" in words
    assert "160 × 120" in words
    assert "dogs/bad.mp4\nbad.mp4 is not a video" in words
    for name in VIDEOS:
        assert f"framescope {name} --frame 20" in words
    links = [unquote(link) for link in re.findall(r'<a href="([^"]*)"', page)]
    assert {*made.files} == {*links}
    assert page.count("data:image/jpeg;base64,") == len(links)
    assert "<script" not in page
    assert "not complete" not in words


def test_names_stay_texts(made: Made) -> None:
    found = read_dataset(made.folder)
    odd = "<img src=x onerror=alert(1)> \u202e'\".mp4"
    videos = (replace(found.data.videos[0], name=odd, class_name="a & <b>"), *found.data.videos[1:])
    changed = replace(
        found,
        data=replace(found.data, videos=videos),
        failures=(Failure(odd, "<b>"),),
        is_ended=False,
    )
    page = report_page(changed, measure_dataset(changed.data))
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "a &amp; &lt;b&gt;" in page
    assert "The data set is not complete." in words_of(page)
