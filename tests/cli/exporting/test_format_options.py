"""The options that set the format of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from framescope.cli.exporting import format_options as module
from framescope.cli.exporting.format_options import format_options, settings_from_options
from framescope.core.errors import SettingsError
from framescope.core.export.encoders.formats import (
    BitDepth,
    ChromaSampling,
    ImageFormat,
    PngStrategy,
    TiffCompression,
)
from framescope.core.export.geometry import Crop, Resize, ResizeMethod
from framescope.core.export.settings import ExportSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from tests.cli.conftest import Answer


def run(*words: str) -> tuple[Result, list[ExportSettings]]:
    found: list[ExportSettings] = []

    @click.command()
    @format_options
    @click.option("--other", default=3)
    def command(**options: object) -> None:
        found.append(settings_from_options(options, Path("out")))

    return CliRunner().invoke(command, words), found


def test_no_option_is_the_default() -> None:
    assert run()[1] == [ExportSettings(Path("out"))]


def test_every_option_reaches_the_settings() -> None:
    words = [
        *(
            "--format",
            "tiff",
            "--quality",
            "7",
            "--subsampling",
            "444",
            "--progressive",
            "--optimize",
            "--lossless",
        ),
        *("--compression", "5", "--png-strategy", "rle", "--tiff-compression", "lzw", "--bit-depth", "16"),
        *("--no-autorotate", "--crop", "30x40+1+2", "--resize", "320:lanczos", "--tone-map"),
        *("--no-metadata", "--name", "{pts}"),
    ]
    expected = ExportSettings(
        Path("out"),
        ImageFormat.TIFF,
        7,
        5,
        "{pts}",
        rotate=False,
        chroma=ChromaSampling.FULL,
        progressive=True,
        optimized=True,
        png_strategy=PngStrategy.RLE,
        tiff_compression=TiffCompression.LZW,
        lossless=True,
        bit_depth=BitDepth.SIXTEEN,
        tone_map=True,
        crop=Crop(1, 2, 30, 40),
        resize=Resize(longest=320, method=ResizeMethod.LANCZOS),
        metadata=False,
    )
    assert run(*words)[1] == [expected]


@pytest.mark.parametrize(
    "words", [("--crop", "half"), ("--resize", "big"), ("--quality", "101"), ("--subsampling", "411")]
)
def test_what_cannot_be_read_is_a_usage_error(words: tuple[str, str]) -> None:
    result, found = run(*words)
    assert result.exit_code == 2
    assert found == []
    assert words[0] in result.output


def test_what_a_format_does_not_keep_is_said(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    command = ("export", plain_clip, "--frames", "1", "--format", "webp", "--bit-depth", "16")
    answer = framescope(*command, "-o", tmp_path / "a")
    assert answer.status == 0
    assert "note: WebP keeps 8 bits, not 16." in answer.err
    assert framescope(*command[:-2], "-o", tmp_path / "b").err == ""


def test_a_format_that_cannot_be_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "can_write", lambda *_, **__: "There is no encoder.")
    result, found = run("--format", "avif")
    assert found == []
    assert isinstance(result.exception, SettingsError)


@pytest.mark.parametrize(("typed", "extension"), [("jpg", ".jpg"), ("jpeg", ".jpg"), ("tif", ".tif")])
def test_a_format_is_known_by_its_extension_too(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path, typed: str, extension: str
) -> None:
    out = tmp_path / "out"
    answer = framescope("export", str(plain_clip), "-o", str(out), "--frames", "0", "--format", typed)
    assert answer.status == 0, answer.err
    assert [path.suffix for path in out.iterdir() if path.stem.endswith("000000")] == [extension]
