"""What a journal says of a source holds for as long as the source stays the same, wherever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framescope.core.audit.each_file import FileTask, do_each

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.object_store import ObjectStore


@dataclass(frozen=True)
class _Row:
    source: str
    table: dict[str, Any]


def looking(look: Callable[[str], str]) -> FileTask[_Row, str]:
    return FileTask(
        "look",
        "settings",
        work=lambda _count: lambda source, _progress, _cancel: look(source),
        known=lambda source, entry: None if entry is None else _Row(source, entry),
        made=lambda source, found: _Row(source, {"found": found}),
        jobs=1,
    )


def test_an_object_is_done_again_once_it_has_changed(object_store: ObjectStore, tmp_path: Path) -> None:
    address = object_store.put("noted", b"one")
    done: list[str] = []

    def look(source: str) -> str:
        done.append(source)
        return object_store.get("noted").decode()

    task = looking(look)

    def found() -> list[Any]:
        return [row.table["found"] for row in do_each(task, [address], journal=tmp_path / "journal.jsonl")]

    assert found() == found() == ["one"]
    assert done == [address]
    object_store.put("noted", b"two")
    assert found() == ["two"]
    assert done == [address, address]


def test_addresses_that_differ_in_their_queries_are_told_apart(tmp_path: Path) -> None:
    journal, done = tmp_path / "journal.jsonl", []

    def look(source: str) -> str:
        done.append(source)
        return source[-1]

    def found(*numbers: int) -> list[Any]:
        sources = [f"http://me:hushhush@host/video?token=tellnobody&id={number}" for number in numbers]
        return [row.table["found"] for row in do_each(looking(look), sources, journal=journal)]

    assert found(1, 2) == ["1", "2"]
    assert found(3) == ["3"]
    assert found(2, 1, 3) == ["2", "1", "3"]
    assert len(done) == 3
    assert "hushhush" not in journal.read_text()
    assert "tellnobody" not in journal.read_text()
