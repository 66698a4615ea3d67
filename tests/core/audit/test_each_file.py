"""What a journal says of a source holds for as long as the source stays the same, wherever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framescope.core.audit.each_file import FileTask, do_each

if TYPE_CHECKING:
    from pathlib import Path

    from tests.object_store import ObjectStore


@dataclass(frozen=True)
class _Row:
    source: str
    table: dict[str, Any]


def test_an_object_is_done_again_once_it_has_changed(object_store: ObjectStore, tmp_path: Path) -> None:
    address = object_store.put("noted", b"one")
    done: list[str] = []

    def look(source: str, report: object, cancel: object) -> str:
        del report, cancel
        done.append(source)
        return object_store.get("noted").decode()

    task: FileTask[_Row, str] = FileTask(
        "look",
        "settings",
        work=lambda _count: look,
        known=lambda source, entry: None if entry is None else _Row(source, entry),
        made=lambda source, found: _Row(source, {"found": found}),
        jobs=1,
    )

    def found() -> list[Any]:
        return [row.table["found"] for row in do_each(task, [address], journal=tmp_path / "journal.jsonl")]

    assert found() == found() == ["one"]
    assert done == [address]
    object_store.put("noted", b"two")
    assert found() == ["two"]
    assert done == [address, address]
