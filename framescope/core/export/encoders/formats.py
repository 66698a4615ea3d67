"""The image formats and their options."""

from __future__ import annotations

from enum import StrEnum

from framescope.core.translation import tr


class ImageFormat(StrEnum):
    """The format of a picture file."""

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
    """A NumPy archive of the planes as decoded: no colour conversion, no rotation."""

    @property
    def extension(self) -> str:
        """The file name extension, with its dot."""
        return {"jpeg": ".jpg", "tiff": ".tif", "planes": ".npz"}.get(self.value, f".{self.value}")

    @property
    def label(self) -> str:
        """The name for display."""
        return {
            "webp": "WebP",
            "npy": tr("NumPy array (.npy)"),
            "npz": tr("NumPy archive (.npz)"),
            "planes": tr("Planes as decoded (.npz)"),
        }.get(self.value, self.value.upper())

    @property
    def is_lossless(self) -> bool:
        """Whether it is lossless whatever the settings; see also `ExportSettings.is_lossless`."""
        return not self.has_quality

    @property
    def has_quality(self) -> bool:
        """Whether it has a quality setting, 0 to 100."""
        return self in {ImageFormat.JPEG, ImageFormat.WEBP, ImageFormat.AVIF}

    @property
    def has_lossless_option(self) -> bool:
        """Whether it can be lossy or lossless."""
        return self in {ImageFormat.WEBP, ImageFormat.AVIF}

    @property
    def has_compression(self) -> bool:
        """Whether it has a compression level, 0 to 9."""
        return self in {ImageFormat.PNG, ImageFormat.TIFF, ImageFormat.NPZ, ImageFormat.PLANES}

    @property
    def has_chroma(self) -> bool:
        """Whether its chroma subsampling can be chosen."""
        return self in {ImageFormat.JPEG, ImageFormat.AVIF}

    @property
    def holds_16_bit(self) -> bool:
        """Whether it supports more than 8 bits per component."""
        return not self.has_quality

    @property
    def holds_tags(self) -> bool:
        """Whether it can store the frame's number, time and source."""
        return self is not ImageFormat.NPY

    @property
    def is_picture(self) -> bool:
        """Whether it holds a viewable picture, not the decoder's planes."""
        return self is not ImageFormat.PLANES


class ChromaSampling(StrEnum):
    """The chroma subsampling of a format."""

    FULL = "444"
    """4:4:4, one chroma sample per pixel."""
    HALF = "422"
    """4:2:2, one chroma sample per two pixels in a row."""
    QUARTER = "420"
    """4:2:0, one chroma sample per 2 × 2 pixels."""

    @property
    def label(self) -> str:
        """``4:2:0`` and so on."""
        return ":".join(self.value)


class PngStrategy(StrEnum):
    """The deflate strategy for a PNG's rows."""

    AUTO = "auto"
    """The fastest one that does not make files larger."""
    DEFAULT = "default"
    FILTERED = "filtered"
    HUFFMAN = "huffman"
    RLE = "rle"
    FIXED = "fixed"


class TiffCompression(StrEnum):
    """The compression of a TIFF's strips."""

    DEFLATE = "deflate"
    LZW = "lzw"
    NONE = "none"


class Proof(StrEnum):
    """How a file was verified to hold the frame before it got its name."""

    PIXELS = "pixels"
    """It was decoded, and every pixel, or plane sample, matches the frame."""
    BLOCKS = "blocks"
    """It was decoded completely, and every block matches within the error bound of its quality."""
    TOP = "top"
    """Its structure was checked completely; the top rows were decoded and their blocks compared."""


class BitDepth(StrEnum):
    """The bits saved per component."""

    SOURCE = "source"
    """16 if the video has more than 8 and the format supports them, otherwise 8."""
    EIGHT = "8"
    SIXTEEN = "16"
