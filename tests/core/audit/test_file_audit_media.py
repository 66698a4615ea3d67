"""On real files the audit finds what was measured independently: the columns of the manifest.

A few files by default; all of them with FRAMESCOPE_FULL_CORPUS=1. The manifest names up to 25 bad frames of a
file for OpenCV and for PyAV's seek and decode, and asked for 60 frames at random; these are the rules:

* FrameScope is exact on every file, in all four orders.
* Where every seek was exact in the manifest, it is here, and where some were not, some are not here.
* Each bad frame of the manifest that was requested fails here in the same way, by the same offset.
* Where the requested manifest all frames, the range of PyAV's plain seek is the same.
* Pictures that the manifest calls invalid make the verdict "cannot read it" or "unstable".
* For decord the manifest counts offsets without naming frames: the share of right answers is the same, as
  near as other frames of the file allow; each offset that is common in one is found in the other; so are
  pictures that never occur in sequence. What decord cannot open or read to its end is "cannot read it".

Exceptions name what a measurement with the bare library showed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.child_process import Limits
from framescope.core.audit.file_audit import AuditSettings, run_audit
from framescope.core.audit.records import Outcome, VerdictKind
from framescope.core.audit.requests import Order, RequestKind, RequestSet
from tests.clips.real_media import real_media_folder, real_media_rows

if TYPE_CHECKING:
    from framescope.core.audit.records import EngineTrial, FileAudit

FULL = bool(os.environ.get("FRAMESCOPE_FULL_CORPUS"))
FEW = (
    "elst_iibbibb.mov",
    "frag_partially.mp4",
    "h264_fields_mixed_nal.mp4",
    "hevc_tiny_opengop.mp4",
    "msmpeg4.asf",
    "tiny_10x12.mp4",
)
SPREAD = 24
ROWS = [row for row in real_media_rows() if FULL or row["file"] in FEW]

OPENCV_DEPENDS_ON_HISTORY = {
    "anim.apng": "answers depend on what was asked before: none is right, in any order",
    "raw_hevc.265": "the first request brings a picture, whichever it is, and no other",
    "raw_h264_count.h264": "the first request brings a picture, whichever it is, and no other",
    "raw_h264_mbaff.264": "the first request brings a picture, whichever it is, and no other",
    "raw_h264_idr_lost.264": "the first requests bring pictures, whichever they are, and no others",
    "webm_no_duration_no_cues.webm": "the first request brings a picture, whichever it is, and no other",
}
OPENCV_CHANGES_BETWEEN_RUNS = {
    "elst_empty_5s.mov": "the same requests brought frame 15 rightly in some runs, and not in others",
}
PYAV_MEASURED_OTHERWISE = {
    # With "SLICE" threads, PyAV's default, the bare library gives the manifest's pictures; the audit seeks
    # with the threads that the sequence was read with, one thread where a stream is damaged.
    "bad_h264_middle.mp4": "damaged: the manifest's seeks ran with other threads than its sequence",
    "rot_nan_matrix.mp4": "damaged: the manifest's seeks ran with other threads than its sequence",
    "elst_empty_5s.mov": "the manifest's seeks ran with other threads than its sequence",
    # The audit goes by pictures. A bare seek brings frame 0's picture with the timestamp of frame 5.
    "h264_ref10.avi": "the manifest named frames by timestamps, which the demuxer guesses anew after a seek",
    "vc1.mov": "the manifest named frames by timestamps; their pictures never occur in sequence",
}
OTHER_STREAM = {
    "avif_animated_alpha.avif": "FrameScope takes the animation, the manifest the still picture",
    "covers_two.m4a": "FrameScope refuses covers",
    "cover_itunes.m4a": "FrameScope refuses covers",
}
DECORD_DEPENDS_ON_HISTORY = {
    # Bare decord, 30 shuffled orders of all frames each.
    "mpeg4_packed_b.avi": "4 of 30 orders bring one wrong frame, the others none",
    "multi_stsd_h264.mp4": "14 of 30 orders bring one or two wrong frames, the others none",
}
COMMON = 0.15
"""The share of the answers that makes an offset one that both measurements must have met."""
TOLERANCE = 0.15
"""How far the shares of right answers may differ where not the same frames were requested."""

BadFrames = dict[int, object]


def bad_frames(text: str) -> BadFrames:
    """Frame → offset, or FAIL, NONE, ERR, PIX, PTS?."""
    return dict(json.loads(text or "[]"))


def settings(numbers: tuple[int, ...], *engines: str, orders: tuple[Order, ...]) -> AuditSettings:
    request = RequestSet(RequestKind.LIST, numbers=numbers)
    # On a starved machine an honest engine may be silent for long.
    return AuditSettings.of(request, engines=engines, orders=orders, limits=Limits(silence_s=300.0))


def numbers_of(row: dict[str, str]) -> tuple[int, ...]:
    """The bad frames of the manifest, and frames from all over the file; every frame of a short one."""
    total = int(row["n_pyav_decode"] or 0)
    if total <= 60:
        return tuple(range(total))
    spread = {place * (total - 1) // (SPREAD - 1) for place in range(SPREAD)}
    bad = {*bad_frames(row["cv2_seek_bad_indices"]), *bad_frames(row["pyav_back_and_decode_problems"])}
    return tuple(sorted(spread | bad))


def is_full(share: str) -> bool:
    exact, _, asked = share.partition("/")
    return bool(share) and exact == asked


def found_of(trial: EngineTrial) -> BadFrames:
    """Frame → offset, FAIL or PIX of every wrong answer."""
    words = {Outcome.FAILED: "FAIL", Outcome.FOREIGN: "PIX"}
    wrong = (one for one in trial.requests if one.outcome not in (Outcome.EXACT, Outcome.AMBIGUOUS))
    return {one.frame_number: words.get(one.outcome, one.offset) for one in wrong}


def same_way(expected: object, found: object) -> bool:
    if (
        expected == "PTS?"
    ):  # It could not be requested; here another pass of the demuxer may know its timestamp.
        return found in ("FAIL", None)
    nothing = ("FAIL", "NONE", "ERR")
    return expected == found or (expected in nothing and found in nothing)


def check_answers(trial: EngineTrial, share: str, bad: BadFrames) -> None:
    asked, found = {one.frame_number for one in trial.requests}, found_of(trial)
    if is_full(share):
        assert found == {}
        return
    others = {
        number: (how, found.get(number))
        for number, how in bad.items()
        if number in asked and not same_way(how, found.get(number))
    }
    assert others == {}


def check_opencv(trial: EngineTrial, row: dict[str, str]) -> None:
    if row["n_cv2_sequential"] == "0":
        assert trial.verdict.kind is VerdictKind.CANNOT_READ
    elif row["cv2_pictures"].startswith("INVALID"):
        assert trial.verdict.kind in (VerdictKind.CANNOT_READ, VerdictKind.UNSTABLE)
    elif row["file"] in OPENCV_DEPENDS_ON_HISTORY:
        assert row["cv2_seek_exact"].startswith("0/")
        assert {one.frame_number for one in trial.requests} == found_of(trial).keys()
    elif row["file"] in OPENCV_CHANGES_BETWEEN_RUNS:
        assert (found_of(trial) == {}) == is_full(row["cv2_seek_exact"])
    else:
        check_answers(trial, row["cv2_seek_exact"], bad_frames(row["cv2_seek_bad_indices"]))


def check_pyav(found: FileAudit, row: dict[str, str]) -> None:
    if row["file"] in PYAV_MEASURED_OTHERWISE or not row["pyav_back_and_decode_exact"]:
        return
    exact = found.trial("pyav-exact")
    check_answers(exact, row["pyav_back_and_decode_exact"], bad_frames(row["pyav_back_and_decode_problems"]))
    if row["distinct_pictures"] == "1":
        return  # All frames look alike, and the audit goes by pictures.
    share, total = row["pyav_seek_first_frame_exact"], row["n_pyav_decode"]
    if share.endswith(f"/{total}") and int(total) <= 60:
        offsets = [offset for offset in found_of(found.trial("pyav")).values() if isinstance(offset, int)]
        low, high = row["pyav_seek_first_frame_offset_range"].strip("()").split(",")
        assert (min(offsets, default=0), max(offsets, default=0)) == (int(low), int(high))


def check_decord(trial: EngineTrial, row: dict[str, str]) -> None:
    conversion_failed = "OpenCV" in row["decord_error"]  # The manifest's own, of decord's pictures.
    breaks_off = int(row["decord_sequential"] or 0) < int(row["decord_len"] or 0) and not conversion_failed
    if row["decord_open_error"] or breaks_off:
        assert trial.verdict.kind is VerdictKind.CANNOT_READ
        return
    if trial.sequence.error or conversion_failed or not row["decord_seek_exact"]:
        return  # Its threads lose packets from time to time; a sequence that broke off cannot be compared.
    assert len(trial.sequence) == int(row["decord_sequential"])
    if row["file"] not in DECORD_DEPENDS_ON_HISTORY:
        check_shares(trial, row)


_LOST = "threaded_decoder"
"""What decord says where its threads lost a packet: it has nothing to do with the frame."""


def check_shares(trial: EngineTrial, row: dict[str, str]) -> None:
    """Counts of offsets against counts of offsets, of other frames maybe and in another order."""
    exact, asked = map(int, row["decord_seek_exact"].split("/"))
    expected = {
        int(by): int(times) for by, times in re.findall(r"([+-]\d+)x(\d+)", row["decord_seek_offsets"])
    }
    requests = [one for one in trial.requests if _LOST not in one.error]
    wrong = sum(one.outcome not in (Outcome.EXACT, Outcome.AMBIGUOUS) for one in requests)
    assert (wrong == 0) == (exact == asked)
    assert abs(wrong / len(requests) - (1 - exact / asked)) <= TOLERANCE
    common = {by for by, times in expected.items() if times >= COMMON * asked}
    assert common <= trial.offsets.keys()
    assert {by for by, times in trial.offsets.items() if times >= COMMON * len(requests)} <= expected.keys()
    assert (trial.outcome_count(Outcome.FOREIGN) > 0) == (int(row["decord_seek_wrong_pixels"]) > 0)


@pytest.mark.timeout(1800)  # Some real files are long, and decord's threads starve one another.
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_the_audit_finds_what_was_measured(row: dict[str, str]) -> None:
    folder = real_media_folder()
    assert folder is not None
    source, numbers = folder / row["file"], numbers_of(row)
    own = run_audit(source, settings(numbers, "framescope", orders=tuple(Order)))
    if row["file"] in OTHER_STREAM:
        return
    if own.error:
        assert int(row["n_pyav_decode"] or 0) == 0
        return
    assert found_of(own.trial("framescope")) == {}
    assert own.trial("framescope").is_exact
    assert {one.order for one in own.trial("framescope").requests} == set(Order)
    engines = ["opencv", "pyav", "pyav-exact"]
    if importlib.util.find_spec("decord") is not None:
        engines.append("decord")
    found = run_audit(source, settings(numbers, *engines, orders=(Order.SHUFFLED,)))
    check_opencv(found.trial("opencv"), row)
    check_pyav(found, row)
    if "decord" in engines:
        check_decord(found.trial("decord"), row)
