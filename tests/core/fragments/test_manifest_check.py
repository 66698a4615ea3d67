"""What a viewer reads of a checked manifest is never in doubt; whole manifests are tried in test_manifest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framescope.core.fragments.geometry import Region
from framescope.core.fragments.manifest import check_manifest, checked_video
from tests.core.fragments.fragment_examples import small_manifest


def test_a_sound_manifest_passes() -> None:
    manifest = small_manifest()
    check_manifest(manifest)
    assert checked_video(dict(manifest.video)) == manifest.video


def test_two_fragments_never_share_a_file() -> None:
    manifest = small_manifest()
    first, second = manifest.runs
    doubled = replace(second.fragments[0], name=first.fragments[0].name)
    runs = (first, replace(second, fragments=(doubled, *second.fragments[1:])))
    with pytest.raises(ValueError, match="one file"):
        check_manifest(replace(manifest, runs=runs))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"width": 65_000, "height": 65_000}, "too large"),
        ({"tiles": (Region(0, 0, 31, 32), Region(31, 0, 33, 32))}, "do not cover"),
        ({"tiles": (Region(0, 0, 32, 32),)}, "do not cover"),
        ({"stored_format": "yuv421p"}, "not a pixel format"),
        ({"colorspace": -1}, "whole number"),
    ],
)
def test_a_form_that_no_picture_has_is_refused(changes: dict[str, object], words: str) -> None:
    manifest = small_manifest()
    form = replace(manifest.forms[0], **changes)  # type: ignore[arg-type] # whatever a file may hold
    with pytest.raises(ValueError, match=words):
        check_manifest(replace(manifest, forms=(form,)))
