"""Reading a store, as a folder and as a zip file, whole and damaged."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import FragmentError, MissingFileError
from framescope.core.fragments.store import Fault, FaultyFragmentError, FragmentStore, store_path

if TYPE_CHECKING:
    from pathlib import Path


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                archive.write(one, one.relative_to(folder).as_posix())
    return path


def test_a_store_is_known_by_its_folder_its_manifest_and_its_zip(whole_store: Path, tmp_path: Path) -> None:
    archive = zipped(whole_store, tmp_path / "store.zip")
    assert store_path(whole_store) == whole_store
    assert store_path(whole_store / "manifest.json") == whole_store
    assert store_path(archive) == archive
    with FragmentStore(whole_store) as folder, FragmentStore(archive) as single:
        fragment = folder.manifest.fragments[5]
        assert folder.read(fragment) == single.read(fragment)
        assert folder.bytes_read == fragment.size_bytes
        assert single.fragments_read == {fragment.name}


def test_what_is_none_is_said_to_be_none(tmp_path: Path, plain_clip: Path) -> None:
    assert store_path(tmp_path) is None
    assert store_path(plain_clip) is None
    with pytest.raises(FragmentError, match="not a fragment store"):
        FragmentStore(plain_clip)
    with pytest.raises(MissingFileError):
        FragmentStore(tmp_path / "nowhere")


def test_a_damaged_manifest_is_named(store_copy: Path) -> None:
    path = store_copy / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8")[:-200], encoding="utf-8")
    with pytest.raises(FragmentError, match="damaged"):
        FragmentStore(store_copy)


def test_every_kind_of_fault_is_found_and_named(store_copy: Path) -> None:
    with FragmentStore(store_copy) as store:
        missing, cut_short, altered, *_ = store.manifest.fragments
        assert store.verify() == ()
        (store_copy / missing.name).unlink()
        path = store_copy / cut_short.name
        path.write_bytes(path.read_bytes()[:-1])
        path = store_copy / altered.name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        faults = store.verify()
    assert [(one.fragment.name, one.fault) for one in faults] == [
        (missing.name, Fault.MISSING),
        (cut_short.name, Fault.TRUNCATED),
        (altered.name, Fault.ALTERED),
    ]
    assert "frames 0 to 11" in faults[0].words


def test_a_name_that_leads_out_of_the_store_is_not_followed(store_copy: Path) -> None:
    shutil.copy(store_copy / "manifest.json", store_copy.parent / "outside")
    text = (store_copy / "manifest.json").read_text(encoding="utf-8")
    changed = text.replace("fragments/r00000_t000.ffv1", "../outside")
    (store_copy / "manifest.json").write_text(changed, encoding="utf-8")
    with FragmentStore(store_copy) as store, pytest.raises(FaultyFragmentError, match="is missing"):
        store.read(store.manifest.fragments[0])
