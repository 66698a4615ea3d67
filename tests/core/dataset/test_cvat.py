"""The annotations for CVAT, read as XML."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from tests.core.dataset.conftest import SPLITS, VIDEOS, Made


def test_each_picture_has_its_tag_and_subset(made: Made) -> None:
    root = Xml.parse(made.folder / "cvat-annotations.xml").getroot()
    assert root.findtext("version") == "1.1"
    labels = [(label.findtext("name"), label.findtext("type")) for label in root.iter("label")]
    assert labels == [("big", "tag"), ("cats", "tag")]
    images = list(root.iter("image"))
    assert [image.get("name") for image in images] == made.files
    assert [image.get("id") for image in images] == [str(number) for number in range(9)]
    for image, name in zip(images, [one for one in VIDEOS for _ in range(3)], strict=True):
        assert (image.get("width"), image.get("height")) == ("160", "120")
        assert image.get("subset") == SPLITS.split_of(name)
        (tag,) = image.iter("tag")
        assert tag.get("label") == VIDEOS[name]
