"""The image formats and their options."""

from __future__ import annotations

from enum import StrEnum

from framescope.core.translation import tr


class ImageFormat(StrEnum):
    """What a picture file is written as."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    AVIF = "avif"
    TIFF = "tiff"
    NPY = "npy"
    """A NumPy array, H×W×3 in R, G, B order."""
    NPZ = "npz"
    """The same, compressed, as the member ``rgb``."""
    PLANES = "planes"
    """A NumPy archive of the planes as the decoder gave them: no colour conversion, no rotation."""

    @property
    def extension(self) -> str:
        """The end of file names, with its dot."""
        return {"jpeg": ".jpg", "tiff": ".tif", "planes": ".npz"}.get(self.value, f".{self.value}")

    @property
    def label(self) -> str:
        """The name people know it by."""
        return {
            "webp": "WebP",
            "npy": tr("NumPy array (.npy)"),
            "npz": tr("NumPy archive (.npz)"),
            "planes": tr("Planes as decoded (.npz)"),
        }.get(self.value, self.value.upper())

    @property
    def is_lossless(self) -> bool:
        """Whether every pixel comes back, whatever the settings; see also `ExportSettings.is_lossless`."""
        return not self.has_quality

    @property
    def has_quality(self) -> bool:
        """Whether it has a quality, 0 to 100."""
        return self in {ImageFormat.JPEG, ImageFormat.WEBP, ImageFormat.AVIF}

    @property
    def has_lossless_option(self) -> bool:
        """Whether it loses something or nothing as the settings say."""
        return self in {ImageFormat.WEBP, ImageFormat.AVIF}

    @property
    def has_compression(self) -> bool:
        """Whether it has a compression, 0 to 9."""
        return self in {ImageFormat.PNG, ImageFormat.TIFF, ImageFormat.NPZ, ImageFormat.PLANES}

    @property
    def has_chroma(self) -> bool:
        """Whether the resolution of its colours can be chosen."""
        return self in {ImageFormat.JPEG, ImageFormat.AVIF}

    @property
    def holds_16_bit(self) -> bool:
        """Whether it can keep more than 8 bits of each colour."""
        return not self.has_quality

    @property
    def holds_tags(self) -> bool:
        """Whether it can carry the frame's number, time and source."""
        return self is not ImageFormat.NPY

    @property
    def is_picture(self) -> bool:
        """Whether it holds a picture to be looked at, not the decoder's planes."""
        return self is not ImageFormat.PLANES


class ChromaSampling(StrEnum):
    """How finely a format keeps colours beside brightness."""

    FULL = "444"
    """4:4:4, a colour for each pixel."""
    HALF = "422"
    """4:2:2, a colour for two pixels in a row."""
    QUARTER = "420"
    """4:2:0, a colour for four pixels."""

    @property
    def label(self) -> str:
        """``4:2:0`` and so on."""
        return ":".join(self.value)


class PngStrategy(StrEnum):
    """How a PNG's rows are deflated."""

    AUTO = "auto"
    """The fastest that makes files as small."""
    DEFAULT = "default"
    FILTERED = "filtered"
    HUFFMAN = "huffman"
    RLE = "rle"
    FIXED = "fixed"


class TiffCompression(StrEnum):
    """How a TIFF's strips are compressed."""

    DEFLATE = "deflate"
    LZW = "lzw"
    NONE = "none"


class Proof(StrEnum):
    """How it was proven, before a file got its name, that it holds the frame."""

    PIXELS = "pixels"
    """It was decoded, and every pixel, or sample of the planes, is the frame's."""
    BLOCKS = "blocks"
    """It was decoded to its end, and every block is the frame's within the error of its quality."""
    TOP = "top"
    """Its structure was checked to its end; its rows at the top were decoded, and their blocks compared."""


class BitDepth(StrEnum):
    """How many bits of each colour are saved."""

    SOURCE = "source"
    """16 where the video has more than 8 and the format holds them, otherwise 8."""
    EIGHT = "8"
    SIXTEEN = "16"
