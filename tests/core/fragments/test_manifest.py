"""The manifest's records and their form in JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from framescope.core.errors import FragmentError
from framescope.core.fragments.manifest import (
    Manifest,
    form_from_json,
    fragment_from_json,
    fragment_to_json,
    manifest_from_json,
    manifest_to_json,
)
from tests.core.fragments.fragment_examples import small_manifest


def test_json_gives_back_the_same_manifest() -> None:
    manifest = replace(small_manifest(), extradata=(b"\x01\x02",))
    text = manifest_to_json(manifest)
    again = manifest_from_json(text)
    assert all(getattr(again, name) == getattr(manifest, name) for name in Manifest.__dataclass_fields__)
    assert manifest_to_json(again) == text


def test_what_the_json_holds_for_others() -> None:
    data = json.loads(manifest_to_json(small_manifest()))
    assert data["format"] == "framescope-fragments"
    assert data["schema"] == 1
    assert data["runs"][0]["fragments"][1]["bits"] == 131 * 8
    assert data["source"]["sha256"] == "ab" * 32
    assert form_from_json(data["forms"][0]) == small_manifest().forms[0]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": "framescope-fragments", "schema": 1}'])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(FragmentError):
        manifest_from_json(text)


def test_a_later_schema_is_refused_by_its_number() -> None:
    text = manifest_to_json(small_manifest()).replace('"schema": 1', '"schema": 9')
    with pytest.raises(FragmentError, match="schema is 9"):
        manifest_from_json(text)


def test_frames_find_their_run() -> None:
    manifest = small_manifest()
    numbers = [manifest.run_of(number) for number in range(6)]
    assert [None if run is None else run.first_frame for run in numbers] == [0, 0, 0, None, 4, 4]
    assert manifest.run_of(6) is None
    assert manifest.size_bytes == 130 + 131 + 55 + 55


def test_sizes_by_frame_follow_the_order_of_showing() -> None:
    fragment = small_manifest().runs[0].fragments[0]
    assert fragment.sizes_by_frame() == [100, 20, 10]
    assert fragment_from_json(0, 0, fragment_to_json(fragment)) == fragment


def test_rows_and_columns_of_a_form() -> None:
    form = small_manifest().forms[0]
    assert (form.rows, form.columns) == (1, 2)
