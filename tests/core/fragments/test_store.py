"""Reading a store, as a folder and as a zip file, whole and damaged."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import FragmentError, FrameScopeError, MissingFileError, OpenError
from framescope.core.fragments.store import (
    Fault,
    FaultyFragmentError,
    FragmentStore,
    draft_folder,
    store_path,
)
from framescope.core.fragments.workshop import Workshop
from framescope.core.source.opening import is_fragment_store, probe

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
    with pytest.raises(FragmentError, match="not the name of a file in the store"):
        FragmentStore(store_copy)


@pytest.mark.skipif(os.name != "posix", reason="links and pipes have other names there")
def test_a_link_out_of_the_store_and_a_pipe_are_not_read(store_copy: Path) -> None:
    secret = store_copy.parent / "secret"
    linked, piped = (FragmentStore(store_copy).manifest.fragments[place] for place in (0, 1))
    shutil.move(store_copy / linked.name, secret)
    (store_copy / linked.name).symlink_to(secret)
    (store_copy / piped.name).unlink()
    os.mkfifo(store_copy / piped.name)
    with FragmentStore(store_copy) as store:
        for fragment, words in ((linked, "link that leaves its folder"), (piped, "not a regular file")):
            with pytest.raises(FaultyFragmentError, match=words):
                store.read(fragment)


def packed(folder: Path, path: Path, extra: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(zipped(folder, path), "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in extra.items():
            archive.writestr(name, data)
    return path


def test_an_entry_that_unfolds_to_hundreds_of_times_its_size_is_refused(
    whole_store: Path, tmp_path: Path
) -> None:
    bomb = packed(whole_store, tmp_path / "bomb.zip", {"zeros": bytes(64 << 20)})
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(FragmentError, match="unpacks to"):
        FragmentStore(bomb)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(whole_store: Path, tmp_path: Path) -> None:
    twice = packed(whole_store, tmp_path / "twice.zip", {"manifest.json": b"{}"})
    with zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("manifest.json", (whole_store / "manifest.json").read_bytes())
    with pytest.raises(FragmentError, match="appears twice"):
        FragmentStore(twice)


def test_a_zip_that_is_damaged_anywhere_is_refused_or_names_its_faults(
    whole_store: Path, tmp_path: Path
) -> None:
    deflated = tmp_path / "deflated.zip"
    with zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(whole_store.rglob("*")):
            if one.is_file():
                archive.write(one, one.relative_to(whole_store).as_posix())
    data = deflated.read_bytes()
    chance = random.Random(1)
    damaged = tmp_path / "damaged.zip"
    for _ in range(150):
        changed = bytearray(data)
        for _ in range(3):
            # The directory at the end is where most of the structure is.
            place = chance.randrange(len(data)) if chance.random() < 0.4 else -chance.randrange(1, 2500)
            changed[place] = chance.randrange(256)
        damaged.write_bytes(changed)
        with contextlib.suppress(FragmentError), FragmentStore(damaged) as store:
            store.verify()
        with contextlib.suppress(FrameScopeError):
            probe(damaged)


@pytest.mark.parametrize("name", ["store", "store.zip"])
def test_an_unfinished_store_says_how_to_finish_it(tmp_path: Path, name: str) -> None:
    Workshop(tmp_path / name, "digest", resume=False)
    for source in (tmp_path / name, draft_folder(tmp_path / name)):
        with pytest.raises(FragmentError, match=f"{name} is an unfinished fragment store") as caught:
            FragmentStore(source)
        assert f"split VIDEO {name} --resume" in caught.value.hint
        assert store_path(source) is None
    # Its streams are no videos of their own.
    assert is_fragment_store(draft_folder(tmp_path / name))
    with pytest.raises(OpenError, match="unfinished"):
        probe(draft_folder(tmp_path / name))


def test_what_is_not_there_is_said_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="no file or folder nowhere") as caught:
        FragmentStore(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in caught.value.hint
