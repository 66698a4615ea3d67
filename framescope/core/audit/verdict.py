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
from framescope.core.translation import tr, tr_plural

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framescope.core.audit import records
    from framescope.core.audit.advice import FileCosts
    from framescope.core.audit.records import FileFacts

_MOST = 0.95
"""The share of requests needed to state a pattern."""
_NEAR = 3
"""Frames on either side that count as close to a keyframe."""
_UNSTABLE_SHARE = 0.05
_ENOUGH = 0.9
"""The share of the frames that an engine must show in sequence to count as reading the file."""
_RUNS_LOOKED_AT = 4
_FEW_PICTURES = 3
"""From this many frames on, a single picture for all of them is suspicious."""

Finding = tuple[VerdictKind, str]


@dataclass(frozen=True, slots=True)
class PictureCheck:
    """Features of the file's true pictures, to distinguish a still video from a library that shows nothing.

    Attributes:
        moves: Whether the true pictures differ; None if not checked.
        is_flat: Whether the true pictures are a single flat value; None if not checked.
        end_moves: Whether the true pictures differ where the library's last ones are identical; None if not
            checked.
        repeated: The first and the last of frames that the library shows as one picture, although the true
            ones differ; None if there are none, or they were not checked.
    """

    moves: bool | None = None
    is_flat: bool | None = None
    end_moves: bool | None = None
    repeated: tuple[int, int] | None = None


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
    """Whether the pictures may be wrong, so that the file's true pictures should be checked."""
    sequence = trial.sequence
    is_still = len(sequence) >= _FEW_PICTURES and sequence.distinct == 1
    return len(sequence) > 0 and (
        sequence.is_flat or is_still or repeats_end(trial) or bool(repeated_runs(trial))
    )


def repeats_end(trial: EngineTrial) -> bool:
    """Whether the last pictures are identical, as when a library pads for lost frames."""
    return trial.sequence.is_complete and trial.sequence.tail_run >= _FEW_PICTURES


def repeated_runs(trial: EngineTrial) -> tuple[tuple[int, int], ...]:
    """The first few runs of identical pictures in a finished trial, each by its first and last frame.

    A library that pads gaps in time to a constant rate shows frames more than once.
    """
    if trial.state is not TrialState.DONE:
        return ()
    digests = trial.sequence.digests
    is_same = np.concatenate(([False], digests[1:] == digests[:-1], [False]))
    starts = np.flatnonzero(~is_same[:-1] & is_same[1:])[:_RUNS_LOOKED_AT].tolist()
    ends = (np.flatnonzero(is_same[:-1] & ~is_same[1:]))[:_RUNS_LOOKED_AT].tolist()
    return tuple(zip(starts, ends, strict=True))


def find_verdict(
    trial: EngineTrial, frame_count: int, keyframes: Sequence[int], pictures: PictureCheck
) -> Finding:
    """Kind and sentence of the verdict.

    Args:
        trial: The trial; its own verdict is ignored.
        frame_count: Frames that a sequential decode shows, by the index.
        keyframes: Their numbers, ascending.
        pictures: Features of the true pictures.
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
        tr("It was stopped before any frame was requested."),
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
        return VerdictKind.NOT_TRIED, tr("Not tried.")
    return None


def _ended_early(trial: EngineTrial) -> Finding | None:
    done = tr(
        " after {frames} and {requests}",
        frames=counted(len(trial.sequence), "frame", "frames"),
        requests=counted(len(trial.requests), "request", "requests"),
    )
    words = {
        TrialState.CANNOT_OPEN: tr("Cannot open the file: {reason}", reason=trial.reason),
        TrialState.CRASHED: tr("The library's process {reason}{done}", reason=trial.reason, done=done),
        TrialState.HUNG: tr("Hangs: {reason}{done}", reason=trial.reason, done=done),
        TrialState.OUT_OF_MEMORY: tr("Uses too much memory: {reason}{done}", reason=trial.reason, done=done),
    }.get(trial.state)
    return None if words is None else (VerdictKind.CANNOT_READ, words.rstrip(".") + ".")


def _times(number: int) -> str:
    return tr("once") if number == 1 else tr("{number} times", number=number)


def _no_pictures(trial: EngineTrial, pictures: PictureCheck) -> Finding | None:
    sequence = trial.sequence
    if not len(sequence):
        if trial.state is not TrialState.DONE:
            return None
        words = f": {sequence.error}" if sequence.error else ""
        return VerdictKind.CANNOT_READ, tr("Opens the file but reads no frames{words}.", words=words)
    if "interlaced to progressive" in trial.complaints:
        return (
            VerdictKind.CANNOT_READ,
            tr("Its pictures are invalid: its colour conversion fails and leaves uninitialised memory."),
        )
    if sequence.rerun_differing:
        return (
            VerdictKind.UNSTABLE,
            tr(
                "Read twice from the start, {rerun_differing} of {rerun_compared} pictures"
                " differ, so no answer can be relied on.",
                rerun_differing=sequence.rerun_differing,
                rerun_compared=sequence.rerun_compared,
            ),
        )
    words = _wrong_pictures(trial, pictures)
    return (VerdictKind.CANNOT_READ, words) if words else None


def _wrong_pictures(trial: EngineTrial, pictures: PictureCheck) -> str:
    """The evidence that the pictures are not the file's, although they are reproducible."""
    sequence = trial.sequence
    is_still = len(sequence) >= _FEW_PICTURES and sequence.distinct == 1
    if (is_still and pictures.moves) or (sequence.is_flat and pictures.is_flat is False):
        what = tr("one picture for every frame") if is_still else tr("pictures of one colour")
        return tr("Its pictures are invalid: it shows {what}, where the video does not.", what=what)
    if pictures.end_moves and repeats_end(trial):
        return tr(
            "Even read from the start it shows other frames: its last {tail_run} pictures are one"
            " and the same where the video's are not, so frames are missing before.",
            tail_run=sequence.tail_run,
        )
    if pictures.repeated is not None:
        first, last = pictures.repeated
        return tr(
            "Even read from the start it shows other frames: its frames {first} to {last} are one and the"
            " same where the video's are not, so it counts frames that the file does not have.",
            first=first,
            last=last,
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
    return VerdictKind.UNRELIABLE, tr(
        "Wrong for {share}{reach}.", share=_share(len(wrong), len(requests)), reach=_reach(trial)
    )


def _all_right(trial: EngineTrial) -> str:
    ambiguous = trial.outcome_count(Outcome.AMBIGUOUS)
    alike = (
        tr(" ({ambiguous} of them pictures that several frames share)", ambiguous=ambiguous)
        if ambiguous
        else ""
    )
    if trial.sequence.distinct == 1 and len(trial.sequence) > 1:
        count = len(trial.requests)
        gave = (
            tr("The request")
            if count == 1
            else tr("All {requests}", requests=counted(count, "request", "requests"))
        )
        return tr(
            "{gave} gave the right picture, but all frames look alike, so this proves little.", gave=gave
        )
    overrun = trial.past_end is not None and trial.past_end.outcome is Outcome.OVERRUN
    past = tr(" It returns a picture even past the end.") if overrun else ""
    asked = (
        tr("The request")
        if len(trial.requests) == 1
        else tr("All {requests}", requests=counted(len(trial.requests), "request", "requests"))
    )
    return tr("{asked} gave the right frame{alike}.{past}", asked=asked, alike=alike, past=past)


def _share(count: int, total: int) -> str:
    return tr(
        "{count} of {requests} ({percent:.0f} %)",
        count=count,
        requests=counted(total, "request", "requests"),
        percent=100 * count / total,
    )


def _reach(trial: EngineTrial) -> str:
    offsets = trial.offsets
    parts = []
    if offsets:
        low, high = min(offsets), max(offsets)
        parts.append(
            tr("by {low:+d} frames", low=low)
            if low == high
            else tr("by {low:+d} to {high:+d} frames", low=low, high=high)
        )
    if foreign := trial.outcome_count(Outcome.FOREIGN):
        parts.append(
            tr("{times} with pictures that never occur in sequential decoding", times=_times(foreign))
        )
    if failed := trial.outcome_count(Outcome.FAILED):
        parts.append(tr("{times} with nothing", times=_times(failed)))
    return ", " + ", ".join(parts) if parts else ""


def _cannot_seek(trial: EngineTrial, keyframes: Sequence[int]) -> Finding | None:
    del keyframes
    requests = trial.requests
    failed = [one for one in requests if one.outcome is Outcome.FAILED]
    if len(failed) < 0.8 * len(requests):
        return None
    words = failed[0].error.rstrip(".")
    return VerdictKind.CANNOT_SEEK, tr(
        "{share} returned nothing: {words}.", share=_share(len(failed), len(requests)), words=words
    )


def _constant(trial: EngineTrial, keyframes: Sequence[int]) -> Finding | None:
    del keyframes
    requests = trial.requests
    values = [one.offset for one in requests if one.offset is not None]
    if len(values) < 2:
        return None
    most = max(set(values), key=values.count)
    # If the frame at that offset is past the end of the file, there is nothing to land on.
    inside = [one for one in requests if 0 <= one.frame_number + most < len(trial.sequence)]
    fitting = [one for one in inside if one.offset == most and not one.repeat_differs]
    if most == 0 or not inside or len(fitting) < _MOST * len(inside):
        return None
    direction = "late" if most > 0 else "early"
    frames = counted(abs(most), "frame", "frames")
    share = _share(len(fitting), len(inside))
    return VerdictKind.OFF_BY_CONSTANT, tr(
        "{share} are off by {most:+d}: {frames} too {direction}.",
        share=share,
        most=most,
        frames=frames,
        direction=direction,
    )


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
        parts.append(
            tr("{share} gave a different picture when repeated", share=_share(repeats, len(requests)))
        )
    if moody:
        parts.append(
            tr(
                "{moody} of {frames} returned different frames in a different order of requests",
                moody=moody,
                frames=counted(len(answers), "frame", "frames"),
            )
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
        tr(
            "Returns a keyframe instead of the frame: {share} are wrong, by up to {farthest:+d} frames.",
            share=_share(len(wrong), len(requests)),
            farthest=farthest,
        ),
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
    reach = tr(", by up to {offset:+d} frames", offset=max(offsets, key=abs)) if offsets else ""
    return (
        VerdictKind.WRONG_AFTER,
        tr(
            "Right up to frame {before}, wrong from frame {first} on ({share}){reach}.",
            before=max(before),
            first=first,
            share=_share(len(wrong_after), len(requests)),
            reach=reach,
        ),
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
        tr(
            "Wrong only within {near} frames of a keyframe: {share}.",
            near=_NEAR,
            share=_share(wrong_near, len(requests)),
        ),
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
        tr(
            "The error grows over the file, from {first:+d} to {last:+d} frames.",
            first=offsets[0],
            last=offsets[-1],
        ),
    )


def _breaks_off(trial: EngineTrial, frame_count: int) -> Finding | None:
    """A verdict if the engine stops early, so that exact seeks among the frames it read mean little."""
    sequence = trial.sequence
    broke_off = bool(sequence.error) or (sequence.is_complete and len(sequence) < _ENOUGH * frame_count)
    if not len(sequence) or not broke_off or len(sequence) >= frame_count:
        return None
    right = (
        tr(
            " {exact_count} of {requests} within them were right.",
            exact_count=trial.exact_count,
            requests=counted(len(trial.requests), "request", "requests"),
        )
        if trial.requests
        else ""
    )
    return VerdictKind.CANNOT_READ, tr("Breaks off in the file.{right}", right=right)


def _part_remark(trial: EngineTrial, kind: VerdictKind, frame_count: int) -> str:
    """If only part of the frames was requested: which part, since the verdict applies only to that."""
    if not trial.is_partial or not trial.requests or kind in (VerdictKind.CANNOT_READ, VerdictKind.UNSTABLE):
        return ""
    asked, read = trial.frames_asked, len(trial.sequence)
    reach = (
        ""
        if trial.sequence.is_complete
        else tr(", all among the first {read} of {frame_count}", read=read, frame_count=frame_count)
    )
    rest = tr(": the others are not known.") if kind is VerdictKind.TRUSTWORTHY else "."
    were = counted(asked, "frame was", "frames were")
    if trial.sequence.is_complete:
        were = tr_plural(
            "{count} of {frames} was",
            "{count} of {frames} were",
            asked,
            count=grouped(asked),
            frames=counted(read, "frame", "frames"),
        )
    return tr(" Only {share} requested{reach}{rest}", share=were, reach=reach, rest=rest)


def loop_remark(sequence: records.Sequence) -> str:
    """If a read without a picture is followed by more: how much a loop that stops there loses."""
    if not sequence.interruptions:
        return ""
    first = sequence.interruptions[0]
    times = sum(one.times for one in sequence.interruptions)
    often = f"{_times(times)}, {'first ' * (times > 1)}at"
    least = "" if sequence.is_complete else tr("at least ")
    lost = sequence.lost_by_stopping
    frames = counted(lost, "frame", "frames")
    return tr(
        "Reading on, {words} {often} frame {frame_number}, and continues after it: a loop that"
        " stops there loses {least}{frames}.",
        words=first.words,
        often=often,
        frame_number=first.frame_number,
        least=least,
        frames=frames,
    )


def _count_remark(trial: EngineTrial, frame_count: int) -> str:
    read = len(trial.sequence)
    if not trial.sequence.is_complete and not trial.sequence.error:
        return ""
    if read == frame_count or not read:
        return ""
    words = f" ({trial.sequence.error})" if trial.sequence.error else ""
    return tr(
        " In sequence it shows {frames} where the file has {frame_count}{words}.",
        frames=counted(read, "frame", "frames"),
        frame_count=grouped(frame_count),
        words=words,
    )
