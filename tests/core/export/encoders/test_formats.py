"""What the formats can do."""

from __future__ import annotations

from framescope.core.export.encoders.formats import ChromaSampling, ImageFormat


def test_formats_know_their_extension() -> None:
    extensions = [form.extension for form in ImageFormat]
    assert extensions == [".jpg", ".png", ".webp", ".avif", ".tif", ".npy", ".npz", ".npz"]
    assert [form.label for form in ImageFormat][:5] == ["JPEG", "PNG", "WebP", "AVIF", "TIFF"]


def test_a_format_has_a_quality_or_keeps_everything() -> None:
    assert [form for form in ImageFormat if form.has_quality] == ["jpeg", "webp", "avif"]
    assert all(form.is_lossless is not form.has_quality for form in ImageFormat)
    assert [form for form in ImageFormat if form.holds_16_bit] == ["png", "tiff", "npy", "npz", "planes"]


def test_chroma_sampling_is_written_as_people_write_it() -> None:
    assert [one.label for one in ChromaSampling] == ["4:4:4", "4:2:2", "4:2:0"]
