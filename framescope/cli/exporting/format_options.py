"""Image format options, shared by all commands that save frames."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.options import ParsedType, WholeType, refuse_together, typed_flags, wrong_usage
from framescope.cli.sections import under
from framescope.core.errors import SettingsError
from framescope.core.export.encoders.encode import can_write
from framescope.core.export.encoders.formats import (
    BitDepth,
    ChromaSampling,
    ImageFormat,
    PngStrategy,
    TiffCompression,
)
from framescope.core.export.geometry import Crop, Resize, ResizeMethod
from framescope.core.export.settings import DEFAULT_PATTERN, ExportSettings
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum


_DEFAULTS = ExportSettings(Path())


def _choice(kind: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([one.value for one in kind])


class _FormatChoice(click.Choice[str]):
    """The image formats, also by the extension that their files have."""

    def __init__(self) -> None:
        super().__init__([one.value for one in ImageFormat])
        self._by_extension = {one.extension[1:]: one.value for one in (ImageFormat.JPEG, ImageFormat.TIFF)}

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(self._by_extension.get(value, value), param, ctx)


_FORMAT = under(
    tr("Image format"),
    click.option(
        "--format",
        "image_format",
        type=_FormatChoice(),
        default=_DEFAULTS.image_format.value,
        show_default=True,
        help=tr("npy and npz hold RGB arrays; planes holds the decoder's planes, unconverted."),
    ),
    click.option(
        "--quality",
        type=WholeType(0, 100),
        default=_DEFAULTS.quality,
        show_default=True,
        help=tr("Quality of JPEG, WebP and AVIF."),
    ),
    click.option(
        "--subsampling",
        "chroma",
        type=_choice(ChromaSampling),
        default=_DEFAULTS.chroma.value,
        show_default=True,
        help=tr("Chroma subsampling of JPEG and AVIF."),
    ),
    click.option("--progressive", is_flag=True, help=tr("Progressive JPEG.")),
    click.option(
        "--optimize", "optimized", is_flag=True, help=tr("Optimised Huffman tables for JPEG: smaller files.")
    ),
    click.option("--lossless", is_flag=True, help=tr("Lossless WebP or AVIF.")),
    click.option(
        "--compression",
        type=WholeType(0, 9),
        default=_DEFAULTS.compression,
        show_default=True,
        help=tr("Compression level of PNG, TIFF, npz and planes; always lossless."),
    ),
    click.option(
        "--png-strategy",
        type=_choice(PngStrategy),
        default=_DEFAULTS.png_strategy.value,
        show_default=True,
        help=tr("zlib strategy for PNG."),
    ),
    click.option(
        "--tiff-compression",
        type=_choice(TiffCompression),
        default=_DEFAULTS.tiff_compression.value,
        show_default=True,
        help=tr("Compression of TIFF strips."),
    ),
)
_PICTURE = under(
    "Picture",
    click.option(
        "--bit-depth",
        "bit_depth",
        type=_choice(BitDepth),
        default=_DEFAULTS.bit_depth.value,
        show_default=True,
        help=tr("Bits per channel; source: 16 if the video has more than 8 and the format supports it."),
    ),
    click.option(
        "--autorotate/--no-autorotate",
        "rotate",
        default=True,
        show_default=True,
        help=tr("Apply the rotation that the video declares."),
    ),
    click.option(
        "--crop",
        type=ParsedType("crop", Crop.parse),
        metavar="WxH+X+Y",
        help=tr("Save only this rectangle (in pixels, after rotation)."),
    ),
    click.option(
        "--resize",
        type=ParsedType("size", Resize.parse),
        metavar="SIZE",
        help=tr(
            "1280x720, 1280x, x720, 640 for the longest side, square for square pixels, or "
            "640x640:letterbox to fit it in and fill up with grey; optionally followed by :METHOD "
            "({methods}).",
            methods=", ".join(method.value for method in ResizeMethod),
        ),
    ),
    click.option("--tone-map", is_flag=True, help=tr("Tone-map HDR (PQ, HLG) to SDR (BT.709).")),
)
_FILES = under(
    "Files",
    click.option(
        "--name",
        "name_pattern",
        default=DEFAULT_PATTERN,
        show_default=True,
        metavar="PATTERN",
        help=tr(
            "File names; fields: {stem}, {frame:06d}, {index}, {pts}, {time}, {timecode}, {type}, {label}, "
            "{width}, {height}, {clip}, {place}."
        ),
    ),
    click.option(
        "--metadata/--no-metadata",
        default=True,
        show_default=True,
        help=tr("Store source, frame number, pts, time and colour profile in the files."),
    ),
)
_KINDS: dict[str, Callable[[str], object]] = {
    "image_format": ImageFormat,
    "chroma": ChromaSampling,
    "png_strategy": PngStrategy,
    "tiff_compression": TiffCompression,
    "bit_depth": BitDepth,
}


def format_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the format options to a command; `settings_from_options` reads them."""
    for options in (_FILES, _PICTURE, _FORMAT):
        command = options(command)
    return command


_HAVING: dict[str, Callable[[ImageFormat], bool]] = {
    "quality": lambda one: one.has_quality,
    "chroma": lambda one: one.has_chroma,
    "progressive": lambda one: one is ImageFormat.JPEG,
    "optimized": lambda one: one is ImageFormat.JPEG,
    "lossless": lambda one: one.has_lossless_option,
    "compression": lambda one: one.has_compression,
    "png_strategy": lambda one: one is ImageFormat.PNG,
    "tiff_compression": lambda one: one is ImageFormat.TIFF,
}
"""Which formats have the options that not all of them have."""


def check_format_options(image_format: ImageFormat) -> None:
    """Refuse options that have no effect for this format.

    Raises:
        click.UsageError: There is such an option.
    """
    for name, has in _HAVING.items():
        if not has(image_format):
            for flag in typed_flags(name):
                raise click.UsageError(
                    tr(
                        "{flag} does nothing with --format {image_format}.",
                        flag=flag,
                        image_format=image_format.value,
                    )
                )
    refuse_together(typed_flags("lossless", "quality"))


def settings_from_options(options: Mapping[str, object], folder: Path) -> ExportSettings:
    """The settings that the options of `format_options` give.

    Args:
        options: The command's keyword arguments; others among them are left alone.
        folder: Output folder.

    Raises:
        click.UsageError: They cannot be used.
        SettingsError: This machine cannot write the format.
    """
    values: dict[str, Any] = {}
    for field in fields(ExportSettings):
        if field.name in options:
            value = options[field.name]
            values[field.name] = _KINDS[field.name](str(value)) if field.name in _KINDS else value
    with wrong_usage():
        settings = ExportSettings(**{**values, "folder": folder})
    # Refused here, where another format can be typed, not frame by frame.
    reason = can_write(settings.image_format, lossless=settings.lossless)
    if reason:
        raise SettingsError(reason, hint=tr("Choose another format."))
    return settings
