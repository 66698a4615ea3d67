"""What a region takes, counted by hand."""

from __future__ import annotations

from dataclasses import replace

from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Region
from framescope.core.fragments.manifest import Fragment, Run
from framescope.core.fragments.touch import quarter_of, stream_bytes, touched
from tests.core.fragments.fragment_examples import small_manifest


def test_only_fragments_that_meet_the_region_and_the_frames() -> None:
    manifest = small_manifest()
    left = touched(manifest, Region(0, 0, 10, 10), range(1, 2))
    assert [one.name for one in left.fragments] == ["fragments/r00000_t000.h264"]
    assert (left.bytes_read, left.bytes_of_runs, left.bytes_of_all, left.frames) == (130, 261, 371, 2)
    whole = touched(manifest, None, range(6))
    assert (len(whole.fragments), whole.bytes_read, whole.frames) == (4, 371, 5)
    assert touched(manifest, None, range(3, 4)).fragments == ()


def test_a_stream_is_read_from_its_keyframe_in_decode_order() -> None:
    # Decode order 0 2 1 3 …: to show 1, the packet of 2 is read as well. A keyframe stands at 250.
    shown = (0, 2, 1, *range(3, 252))
    sizes = (1000, 50, 10, *([5] * 247), 900, 7)
    fragment = Fragment(0, 0, "a.h264", sum(sizes), "", sizes, shown)
    manifest = replace(small_manifest(), runs=(Run(0, 252, 0, (fragment,)),), pts=tuple(range(252)))
    assert stream_bytes(manifest, range(1)) == 1000
    assert stream_bytes(manifest, range(1, 2)) == 1060
    assert stream_bytes(manifest, range(251, 252)) == 907
    intra = replace(manifest, codec=FragmentCodec.MJPEG)
    assert stream_bytes(intra, range(1, 2)) == 10


def test_a_quarter_of_the_picture() -> None:
    quarter = quarter_of(640, 360)
    assert quarter == Region(160, 90, 320, 180)
    assert quarter.width * quarter.height * 4 == 640 * 360
