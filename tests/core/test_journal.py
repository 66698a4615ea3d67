"""Records of long work: whole lines only, of one run at a time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from framescope.core import journal as module
from framescope.core.errors import DestinationError
from framescope.core.files import try_lock
from framescope.core.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path


def test_lines_come_back_and_a_torn_one_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path) as journal:
        journal.append({"a": 1})
        journal.append({"b": "\udcff"})
    path.write_bytes(path.read_bytes() + b'[1]\nnot json\n{"c": 2}\n{"d": 3')
    with Journal(path) as journal:
        assert list(journal.tables()) == [{"a": 1}, {"b": "\udcff"}, {"c": 2}]
        journal.append({"e": 4})
    assert path.read_bytes().endswith(b'{"c": 2}\n{"e": 4}\n')


@pytest.mark.skipif(os.name != "posix", reason="no file that is open is removed there")
def test_a_journal_that_another_run_is_removing_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal"
    first = Journal(path)

    def lock_late(handle: int) -> bool | None:
        first.close()
        return try_lock(handle)

    monkeypatch.setattr(module, "try_lock", lock_late)
    with pytest.raises(DestinationError, match="Another run"):
        Journal(path)
    assert not path.exists()
    with Journal(path) as journal:
        journal.append({"a": 1})
    assert path.exists()


def test_a_journal_that_another_run_has_just_made_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, others = tmp_path / "journal", []

    def make_meanwhile(_path: Path) -> bool:
        monkeypatch.setattr(module, "is_there", lambda _path: False)
        others.append(Journal(path))
        return False

    monkeypatch.setattr(module, "is_there", make_meanwhile)
    with pytest.raises(DestinationError, match="Another run"):
        Journal(path)
    others[0].append({"a": 1})
    others[0].close()
    assert list(path.read_text().splitlines()) == ['{"a": 1}']


def test_another_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path) as journal, (tmp_path / "probe").open("w") as probe:
        if try_lock(probe.fileno()) is None:
            pytest.skip("there are no locks here")
        journal.append({"a": 1})
        with pytest.raises(DestinationError, match="Another run"):
            Journal(path)
    with Journal(path) as journal:
        assert list(journal.tables()) == [{"a": 1}]


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("mine")
    with pytest.raises(DestinationError, match="not the journal"):
        Journal(path, head=b'{"file": ')
    assert path.read_text() == "mine"


def test_nothing_is_left_where_nothing_was_finished(tmp_path: Path) -> None:
    Journal(tmp_path / "new").close()
    assert not (tmp_path / "new").exists()
    (tmp_path / "empty").touch()
    Journal(tmp_path / "empty").close()
    assert (tmp_path / "empty").exists()
