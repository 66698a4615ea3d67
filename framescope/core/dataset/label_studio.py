"""Label Studio: a task for each picture, served from a local folder, and the labelling interface for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from framescope.core.dataset.layout import Layout
from framescope.core.printable import json_document, printable, xml_text
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.dataset.layout import LayoutWork
    from framescope.core.dataset.records import DataPicture, DataSet

_TASKS, _INTERFACE = "label-studio.json", "label-studio.xml"


class LabelStudio(Layout):
    """Tasks to import, for a Label Studio whose document root for local files is the data set's folder."""

    name: ClassVar[str] = "label-studio"
    title: ClassVar[str] = tr("Label Studio")
    about: ClassVar[str] = tr("label-studio.json, to import as tasks with local files")
    folders: ClassVar[tuple[str, ...]] = (_TASKS, _INTERFACE)

    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Write the interface and the tasks."""
        work.write(data, _INTERFACE, _interface(data))
        work.write(data, _TASKS, _pieces(data))


def _interface(data: DataSet) -> Iterator[str]:
    yield '<View>\n  <Image name="image" value="$image"/>\n  <Choices name="class" toName="image">\n'
    yield from (f'    <Choice value="{xml_text(printable(name))}"/>\n' for name in data.categories)
    yield "  </Choices>\n</View>\n"


def _pieces(data: DataSet) -> Iterator[str]:
    yield "["
    for picture in data.pictures():
        yield f"{',' if picture.id > 1 else ''}\n{json_document(_task(picture))}"
    yield "\n]\n"


def _task(picture: DataPicture) -> dict[str, Any]:
    address = f"/data/local-files/?d={quote(picture.file, errors='replace')}"
    task: dict[str, Any] = {"id": picture.id, "data": {**picture.as_table(), "image": address}}
    if picture.category:
        choice = {
            "from_name": "class",
            "to_name": "image",
            "type": "choices",
            "value": {"choices": [printable(picture.category)]},
        }
        task["annotations"] = [{"result": [choice]}]
    return task
