"""Sizes are read the ways people write them."""

from __future__ import annotations

import click
import pytest

from framescope.cli.options import SizeType


@pytest.mark.parametrize("text", ["1280x800", "1280X800", "1280×800"])
def test_a_size_is_two_numbers(text: str) -> None:
    assert SizeType().convert(text, None, None) == (1280, 800)
    assert SizeType().convert((1280, 800), None, None) == (1280, 800)


@pytest.mark.parametrize("text", ["", "1280", "x", "0x800", "1280x0", "-1x5", "1.5x2", "1x2x3"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="1280x800"):
        SizeType().convert(text, None, None)
