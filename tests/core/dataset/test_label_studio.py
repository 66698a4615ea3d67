"""Tasks for Label Studio: what it serves is the picture, and choices are those of the interface."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as Xml

from tests.core.dataset.conftest import VIDEOS, Made


def test_tasks_lead_to_pictures_and_use_the_choices_of_the_interface(made: Made) -> None:
    interface = Xml.parse(made.folder / "label-studio.xml").getroot()
    choices = [one.get("value") for one in interface.iter("Choice")]
    assert choices == ["big", "cats"]
    (control,) = interface.iter("Choices")
    (picture,) = interface.iter("Image")
    assert picture.get("value") == "$image"
    tasks = json.loads((made.folder / "label-studio.json").read_text())
    assert len(tasks) == 9
    for task, file in zip(tasks, made.files, strict=True):
        address = urlsplit(task["data"]["image"])
        assert address.path == "/data/local-files/"
        assert parse_qs(address.query) == {"d": [file]}
        assert (made.folder / file).is_file()
        ((result,),) = (annotation["result"] for annotation in task["annotations"])
        assert (result["from_name"], result["to_name"]) == (control.get("name"), picture.get("name"))
        assert result["value"] == {"choices": [VIDEOS[task["data"]["video"]]]}
