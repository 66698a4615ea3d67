"""CVAT: a task's annotations as “CVAT for images 1.1”, with the class of each picture as a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from framescope.core.dataset.layout import Layout
from framescope.core.printable import printable, xml_text
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.dataset.layout import LayoutWork
    from framescope.core.dataset.records import DataPicture, DataSet

_FILE = "cvat-annotations.xml"
_KIND = "<type>tag</type><attributes></attributes>"


class Cvat(Layout):
    """One file for the whole data set; splits are CVAT's subsets."""

    name: ClassVar[str] = "cvat"
    title: ClassVar[str] = "CVAT"
    about: ClassVar[str] = tr("cvat-annotations.xml, to upload to a CVAT task with these pictures")
    folders: ClassVar[tuple[str, ...]] = (_FILE,)

    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Write the annotations."""
        work.write(data, _FILE, _pieces(data))


def _pieces(data: DataSet) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n'
    yield "  <meta>\n    <task>\n      <labels>\n"
    for name in data.categories:
        yield f"        <label><name>{xml_text(printable(name))}</name>{_KIND}</label>\n"
    yield "      </labels>\n    </task>\n  </meta>\n"
    for picture in data.pictures():
        yield _image(picture)
    yield "</annotations>\n"


def _image(picture: DataPicture) -> str:
    width, height = picture.geometry.size
    values = {"id": picture.id - 1, "name": picture.file, "subset": picture.video.split or "default"}
    values |= {"width": width, "height": height}
    attributes = " ".join(f'{name}="{xml_text(printable(str(value)))}"' for name, value in values.items())
    if not picture.category:
        return f"  <image {attributes}/>\n"
    tag = f'<tag label="{xml_text(printable(picture.category))}" source="file"></tag>'
    return f"  <image {attributes}>{tag}</image>\n"
