"""The manifest's records and their form in JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

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
from framescope.core.fragments.source import manifest_index
from framescope.core.fragments.source_record import describe_store
from tests.core.fragments.fragment_examples import small_manifest
from tests.hostile import HOSTILE, places_of, with_value


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


def refusal_of(text: str) -> str:
    """Why a manifest cannot be read; empty if it can, and then what viewers ask of it can be told."""
    try:
        manifest = manifest_from_json(text)
        describe_store(manifest, Path(), None, "store")
        manifest_index(manifest)
    except FragmentError as error:
        return error.message
    return ""


def test_any_value_in_any_place_is_taken_or_refused() -> None:
    table = json.loads(manifest_to_json(replace(small_manifest(), extradata=(b"x",))))
    for place in places_of(table):
        for value in (*HOSTILE, 0, 2, 70_000, "1/0", "1e999999999", "nope"):
            assert len(refusal_of(json.dumps(with_value(table, place, value)))) < 300


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("video", "time_base"), "0"),
        (("video", "time_base"), "1/0"),
        (("video", "rotation"), 45),
        (("forms", 0, "width"), 65),
        (("forms", 0, "tiles"), [[0, 0, 32, 32], [31, 0, 33, 32]]),
        (("forms", 0, "coded", 0, 0), 16),
        (("runs", 1, "first"), 2),
        (("runs", 1, "frames"), 99),
        (("runs", 0, "fragments", 0, "name"), "../outside"),
        (("runs", 0, "fragments", 0, "name"), "/etc/passwd"),
        (("runs", 0, "fragments", 0, "packets"), [1, 2, 3]),
        (("runs", 0, "fragments", 0, "shown"), [0, 0, 1]),
        (("runs", 0, "fragments", 0, "extradata"), 5),
        (("missing",), {"1": "frame 1 is in a run"}),
    ],
)
def test_parts_that_contradict_each_other_are_refused(place: tuple[object, ...], value: object) -> None:
    table = json.loads(manifest_to_json(small_manifest()))
    assert not refusal_of(json.dumps(table))
    assert "damaged" in refusal_of(json.dumps(with_value(table, place, value)))
