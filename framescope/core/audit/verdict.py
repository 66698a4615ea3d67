"""Sums up in one sentence how reliable an engine is on a file. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.audit.advice import advise
from framescope.core.audit.causes import likely_cause
from framescope.core.audit.records import EngineTrial, Outcome, TrialState, Verdict, VerdictKind
from framescope.core.text import counted, grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framescope.core.audit import records
    from framescope.core.audit.advice import FileCosts
    from framescope.core.audit.records import FileFacts

_MOST = 0.95
"""The share of the requests that makes a rule."""
_NEAR = 3
"""Frames on either side that count as near a keyframe."""
_UNSTABLE_SHARE = 0.05
_ENOUGH = 0.9
"""The share of the frames that an engine must show in sequence to count as reading the file."""
_FEW_PICTURES = 3
"""From this many frames on, one single picture for all of them is suspicious."""

Finding = tuple[VerdictKind, str]


@dataclass(frozen=True, slots=True)
class PictureCheck:
    """What the file's true pictures look like, to tell a still film from a library that shows nothing.

    Attributes:
        moves: Whether the true pictures differ; None if that was not looked at.
        is_flat: Whether the true pictures hold one value only; None if that was not looked at.
        end_moves: Whether the true pictures differ where the library's last ones are anyway; None where
            that was not looked at.
    """

    moves: bool | None = None
    is_flat: bool | None = None
    end_moves: bool | None = None


def with_verdict(
    trial: EngineTrial,
    facts: FileFacts,
    costs: FileCosts,
    pictures: PictureCheck | None = None,
    color_words: str = "",
) -> EngineTrial:
    """The trial with its verdict, cause and advice; ``color_words`` say how its colours differ."""
    kind, sentence = find_verdict(
        trial, facts.frame_count, facts.keyframes.tolist(), pictures or PictureCheck()
    )
    cause = likely_cause(trial, kind, facts.causes) if _wants_cause(kind) else None
    return replace(trial, verdict=Verdict(kind, sentence + color_words, cause, advise(trial, kind, costs)))


def _wants_cause(kind: VerdictKind) -> bool:
    return kind not in (VerdictKind.TRUSTWORTHY, VerdictKind.NOT_TRIED)


def looks_suspicious(trial: EngineTrial) -> bool:
    """Whether the pictures may be none, so that the file's true pictures should be looked at."""
    sequence = trial.sequence
    is_still = len(sequence) >= _FEW_PICTURES and sequence.distinct == 1
    return len(sequence) > 0 and (sequence.is_flat or is_still or repeats_end(trial))


def repeats_end(trial: EngineTrial) -> bool:
    """Whether the last pictures are anyway, as when a library fills up what it has lost."""
    return trial.sequence.is_complete and trial.sequence.tail_run >= _FEW_PICTURES


def find_verdict(
    trial: EngineTrial, frame_count: int, keyframes: Sequence[int], pictures: PictureCheck
) -> Finding:
    """Kind and sentence of the verdict.

    Args:
        trial: The trial; its own verdict is not looked at.
        frame_count: Frames that a sequential decode shows, by the index.
        keyframes: Their numbers, ascending.
        pictures: What the true pictures look like.
    """
    for rule in (_not_tried, _ended_early):
        finding = rule(trial)
        if finding is not None:
            return finding
    finding = _no_pictures(trial, pictures) or _breaks_off(trial, frame_count)
    if finding is None and trial.requests:
        finding = _by_answers(trial, keyframes)
    kind, sentence = finding or (
        VerdictKind.NOT_TRIED,
        "It was stopped before any frame was requested.",
    )
    remarks = (
        _part_remark(trial, kind, frame_count),
        f" {words}" if (words := loop_remark(trial.sequence)) else "",
        _count_remark(trial, frame_count),
    )
    return kind, sentence + "".join(remarks)


def _not_tried(trial: EngineTrial) -> Finding | None:
    if trial.state is TrialState.NOT_INSTALLED:
        return VerdictKind.NOT_TRIED, f"{trial.reason[:1].upper()}{trial.reason[1:]}."
    if trial.state is TrialState.WAITING or (trial.state is TrialState.CANCELLED and not trial.requests):
        return VerdictKind.NOT_TRIED, "Not tried."
    return None


def _ended_early(trial: EngineTrial) -> Finding | None:
    done = f" after {counted(len(trial.sequence), 'frame')} and {counted(len(trial.requests), 'request')}"
    words = {
        TrialState.CANNOT_OPEN: f"Cannot open the file: {trial.reason}",
        TrialState.CRASHED: f"The library's process {_verb(trial.reason)}{done}",
        TrialState.HUNG: f"Hangs: {trial.reason}{done}",
        TrialState.OUT_OF_MEMORY: f"Uses too much memory: {trial.reason}{done}",
    }.get(trial.state)
    return None if words is None else (VerdictKind.CANNOT_READ, words.rstrip(".") + ".")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _verb(reason: str) -> str:
    return reason if reason.startswith(("crashed", "ended")) else f"ended: {reason}"


def _no_pictures(trial: EngineTrial, pictures: PictureCheck) -> Finding | None:
    sequence = trial.sequence
    if not len(sequence):
        if trial.state is not TrialState.DONE:
            return None
        words = f": {sequence.error}" if sequence.error else ""
        return VerdictKind.CANNOT_READ, f"Opens the file but reads no frames{words}."
    if "interlaced to progressive" in trial.complaints:
        return (
            VerdictKind.CANNOT_READ,
            "Its pictures are invalid: its colour conversion fails and leaves uninitialised memory.",
        )
    if sequence.rerun_differing:
        return (
            VerdictKind.UNSTABLE,
            f"Read twice from the start, {sequence.rerun_differing} of {sequence.rerun_compared} pictures"
            " differ, so no answer can be relied on.",
        )
    words = _wrong_pictures(trial, pictures)
    return (VerdictKind.CANNOT_READ, words) if words else None


def _wrong_pictures(trial: EngineTrial, pictures: PictureCheck) -> str:
    """What shows that the pictures are not the file's, although they are the same every time."""
    sequence = trial.sequence
    is_still = len(sequence) >= _FEW_PICTURES and sequence.distinct == 1
    if (is_still and pictures.moves) or (sequence.is_flat and pictures.is_flat is False):
        what = "one picture for every frame" if is_still else "pictures of one colour"
        return f"Its pictures are invalid: it shows {what}, where the video does not."
    if pictures.end_moves and repeats_end(trial):
        return (
            f"Even read from the start it shows other frames: its last {sequence.tail_run} pictures are one"
            " and the same where the video's are not, so frames are missing before."
        )
    return ""


def _by_answers(trial: EngineTrial, keyframes: Sequence[int]) -> Finding:
    requests = trial.requests
    wrong = [one for one in requests if not one.is_exact]
    if not wrong:
        return VerdictKind.TRUSTWORTHY, _all_right(trial)
    rules: tuple[Callable[[EngineTrial, Sequence[int]], Finding | None], ...] = (
        _cannot_seek,
        _constant,
        _unstable,
        _on_keyframes,
        _wrong_after,
        _near_keyframes,
        _drifts,
    )
    for rule in rules:
        finding = rule(trial, keyframes)
        if finding is not None:
            return finding
    return VerdictKind.UNRELIABLE, f"Wrong for {_share(len(wrong), len(requests))}{_reach(trial)}."


def _all_right(trial: EngineTrial) -> str:
    ambiguous = trial.outcome_count(Outcome.AMBIGUOUS)
    alike = f" ({ambiguous} of them pictures that several frames share)" if ambiguous else ""
    if trial.sequence.distinct == 1 and len(trial.sequence) > 1:
        count = len(trial.requests)
        gave = "The request" if count == 1 else f"All {counted(count, 'request')}"
        return f"{gave} gave the right picture, but all frames look alike: it proves little."
    overrun = trial.past_end is not None and trial.past_end.outcome is Outcome.OVERRUN
    past = " It returns a picture even past the end." if overrun else ""
    asked = "The request" if len(trial.requests) == 1 else f"All {counted(len(trial.requests), 'request')}"
    return f"{asked} gave the right frame{alike}.{past}"


def _share(count: int, total: int) -> str:
    return f"{count} of {counted(total, 'request')} ({100 * count / total:.0f} %)"


def _reach(trial: EngineTrial) -> str:
    offsets = trial.offsets
    parts = []
    if offsets:
        low, high = min(offsets), max(offsets)
        parts.append(f"by {low:+d} frames" if low == high else f"by {low:+d} to {high:+d} frames")
    if foreign := trial.outcome_count(Outcome.FOREIGN):
        parts.append(f"{_times(foreign)} with pictures that never occur in sequential decoding")
    if failed := trial.outcome_count(Outcome.FAILED):
        parts.append(f"{_times(failed)} with nothing")
    return ", " + ", ".join(parts) if parts else ""


def _cannot_seek(trial: EngineTrial, keyframes: Sequence[int]) -> Finding | None:
    del keyframes
    requests = trial.requests
    failed = [one for one in requests if one.outcome is Outcome.FAILED]
    if len(failed) < 0.8 * len(requests):
        return None
    words = failed[0].error.rstrip(".")
    return VerdictKind.CANNOT_SEEK, f"{_share(len(failed), len(requests))} returned nothing: {words}."


def _constant(trial: EngineTrial, keyframes: Sequence[int]) -> Finding | None:
    del keyframes
    requests = trial.requests
    values = [one.offset for one in requests if one.offset is not None]
    if len(values) < 2:
        return None
    most = max(set(values), key=values.count)
    # Where the frame so far away is behind the end of the file, there is nothing to land on.
    inside = [one for one in requests if 0 <= one.frame_number + most < len(trial.sequence)]
    fitting = [one for one in inside if one.offset == most and not one.repeat_differs]
    if most == 0 or not inside or len(fitting) < _MOST * len(inside):
        return None
    direction = "late" if most > 0 else "early"
    frames = counted(abs(most), "frame")
    share = _share(len(fitting), len(inside))
    return VerdictKind.OFF_BY_CONSTANT, f"{share} are off by {most:+d}: {frames} too {direction}."


def _unstable(trial: EngineTrial, keyframes: Sequence[int]) -> Finding | None:
    del keyframes
    requests = trial.requests
    repeats = sum(one.repeat_differs for one in requests)
    answers: dict[int, set[tuple[Outcome, int | None]]] = defaultdict(set)
    for one in requests:
        answers[one.frame_number].add((one.outcome, one.landed))
    moody = sum(len(kinds) > 1 for kinds in answers.values())
    if repeats <= _UNSTABLE_SHARE * len(requests) and moody <= _UNSTABLE_SHARE * len(answers):
        return None
    parts = []
    if repeats:
        parts.append(f"{_share(repeats, len(requests))} gave a different picture when repeated")
    if moody:
        parts.append(
            f"{moody} of {counted(len(answers), 'frame')} returned different frames in a different order of"
            f" requests"
        )
    return VerdictKind.UNSTABLE, f"{'; '.join(parts)}."


def _on_keyframes(trial: EngineTrial, keyframes: Sequence[int]) -> Finding | None:
    requests = trial.requests
    keys = set(keyframes)
    wrong = [one for one in requests if not one.is_exact]
    on_key = sum(one.landed in keys or not keys.isdisjoint(one.candidates) for one in requests)
    wrong_on_key = sum(one.landed in keys or not keys.isdisjoint(one.candidates) for one in wrong)
    if on_key < _MOST * len(requests) or wrong_on_key < _MOST * len(wrong):
        return None
    farthest = max((one.offset or 0 for one in wrong), key=abs)
    return (
        VerdictKind.LANDS_ON_KEYFRAMES,
        f"Returns a keyframe instead of the frame: {_share(len(wrong), len(requests))} are wrong, by up to"
        f" {farthest:+d} frames.",
    )


def _wrong_after(trial: EngineTrial, keyframes: Sequence[int]) -> Finding | None:
    del keyframes
    requests = trial.requests
    wrong = sorted({one.frame_number for one in requests if not one.is_exact})
    first = wrong[0]
    before = {one.frame_number for one in requests if one.frame_number < first}
    after = [one for one in requests if one.frame_number >= first]
    wrong_after = [one for one in after if not one.is_exact]
    if len(before) < 2 or len(wrong) < 3 or len(wrong_after) < _MOST * len(after):
        return None
    offsets = [one.offset for one in wrong_after if one.offset is not None]
    reach = f", by up to {max(offsets, key=abs):+d} frames" if offsets else ""
    return (
        VerdictKind.WRONG_AFTER,
        f"Right up to frame {max(before)}, wrong from frame {first} on"
        f" ({_share(len(wrong_after), len(requests))}){reach}.",
    )


def _near_keyframes(trial: EngineTrial, keyframes: Sequence[int]) -> Finding | None:
    requests = trial.requests
    keys = np.asarray(keyframes, np.int64)
    if not len(keys):
        return None
    near = [bool(np.abs(keys - one.frame_number).min() <= _NEAR) for one in requests]
    wrong_near = sum(not one.is_exact for one, is_near in zip(requests, near, strict=True) if is_near)
    wrong_far = sum(not one.is_exact for one, is_near in zip(requests, near, strict=True) if not is_near)
    if wrong_far or sum(near) == len(near):
        return None
    return (
        VerdictKind.WRONG_NEAR_KEYFRAMES,
        f"Wrong only within {_NEAR} frames of a keyframe: {_share(wrong_near, len(requests))}.",
    )


def _drifts(trial: EngineTrial, keyframes: Sequence[int]) -> Finding | None:
    del keyframes
    requests = trial.requests
    known = sorted((one.frame_number, one.offset) for one in requests if one.offset is not None)
    offsets = np.array([offset for _, offset in known], np.int64)
    if len(offsets) < 6 or len(offsets) < 0.9 * len(requests):
        return None
    steps = np.diff(np.abs(offsets))
    grows = (steps >= 0).mean() >= 0.9 and abs(int(offsets[-1])) - abs(int(offsets[0])) >= 2
    if (
        not grows
        or np.abs(offsets[-len(offsets) // 3 :]).mean() < 2 * np.abs(offsets[: len(offsets) // 3]).mean()
    ):
        return None
    return (
        VerdictKind.DRIFTS,
        f"The error grows over the file, from {offsets[0]:+d} to {offsets[-1]:+d} frames.",
    )


def _breaks_off(trial: EngineTrial, frame_count: int) -> Finding | None:
    """A verdict where the engine breaks off early, so that finding the same frames again is worth little."""
    sequence = trial.sequence
    broke_off = bool(sequence.error) or (sequence.is_complete and len(sequence) < _ENOUGH * frame_count)
    if not len(sequence) or not broke_off or len(sequence) >= frame_count:
        return None
    right = (
        f" {trial.exact_count} of {counted(len(trial.requests), 'request')} within them were right."
        if trial.requests
        else ""
    )
    return VerdictKind.CANNOT_READ, f"Breaks off in the file.{right}"


def _part_remark(trial: EngineTrial, kind: VerdictKind, frame_count: int) -> str:
    """Where a part of the frames was requested only: which part, since the verdict holds for that alone."""
    if not trial.is_partial or not trial.requests or kind in (VerdictKind.CANNOT_READ, VerdictKind.UNSTABLE):
        return ""
    asked, read = trial.frames_asked, len(trial.sequence)
    reach = "" if trial.sequence.is_complete else f", all among the first {read} of {frame_count}"
    rest = ": the others are not known." if kind is VerdictKind.TRUSTWORTHY else "."
    were = counted(asked, "frame was", "frames were")
    if trial.sequence.is_complete:
        were = f"{grouped(asked)} of {counted(read, 'frame')} {'was' if asked == 1 else 'were'}"
    return f" Only {were} requested{reach}{rest}"


def loop_remark(sequence: records.Sequence) -> str:
    """Where the library gives nothing and continues afterwards: what a loop that stops there loses."""
    if not sequence.interruptions:
        return ""
    first = sequence.interruptions[0]
    times = sum(one.times for one in sequence.interruptions)
    often = f"{_times(times)}, {'first ' * (times > 1)}at"
    least = "" if sequence.is_complete else "at least "
    lost = sequence.lost_by_stopping
    frames = counted(lost, "frame")
    return (
        f"Reading on, {first.words} {often} frame {first.frame_number}, and continues after it: a loop that"
        f" stops there loses {least}{frames}."
    )


def _count_remark(trial: EngineTrial, frame_count: int) -> str:
    read = len(trial.sequence)
    if not trial.sequence.is_complete and not trial.sequence.error:
        return ""
    if read == frame_count or not read:
        return ""
    words = f" ({trial.sequence.error})" if trial.sequence.error else ""
    return f" In sequence it shows {counted(read, 'frame')} where the file has {grouped(frame_count)}{words}."
