"""What a frame needs, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.text import counted, grouped
from framescope.core.translation import tr, tr_plural

if TYPE_CHECKING:
    from framescope.core.bitstream.references.pictures import FrameNeeds, Leading, ReferenceGraph

_MOST_LISTED = 8


def needs_words(graph: ReferenceGraph, frame_number: int) -> tuple[str, ...]:
    """Sentences on what must be decoded for a frame of the graph, and why."""
    needs = graph.needs(frame_number)
    sentences = [_cost_words(needs)]
    if needs.references:
        sentences.append(tr("It refers to {frames} directly.", frames=_listed(needs.references)))
    if needs.continues_state:
        sentences.append(tr("Its entropy coding continues from the picture before it, so all of them count."))
    if not needs.is_exact:
        sentences.append(
            tr("This is an upper bound: lists of fields are not followed, only what they can contain.")
        )
    leading = graph.leading(frame_number)
    if leading is not None:
        sentences.append(leading_words(leading, needs.picture.kind))
    if needs.picture.is_disposable:
        sentences.append(tr("No other picture refers to it."))
    return tuple(sentences)


def leading_words(leading: Leading, kind: str = "") -> str:
    """What a leading picture is."""
    what = tr("leading picture ({kind})", kind=kind) if kind else tr("leading picture")
    keyframe = grouped(leading.keyframe)
    if leading.needs_earlier:
        return tr(
            "It is a {what}: shown before keyframe {keyframe} but decoded after it; it cannot be decoded from"
            " it alone.",
            what=what,
            keyframe=keyframe,
        )
    return tr(
        "It is a {what}: shown before keyframe {keyframe} but decoded after it; it can be decoded from it"
        " alone.",
        what=what,
        keyframe=keyframe,
    )


def picture_words(needs: FrameNeeds) -> str:
    """A frame with its type and the standard's name for its kind, such as ``Frame 14 (B, RASL_N)``."""
    kinds = ", ".join(word for word in (needs.picture.letter, needs.picture.kind) if word)
    number = grouped(needs.frame_number)
    return (
        tr("Frame {number} ({kinds})", number=number, kinds=kinds)
        if kinds
        else tr("Frame {number}", number=number)
    )


def _cost_words(needs: FrameNeeds) -> str:
    others = len(needs.frames) + needs.hidden
    frame, cost = picture_words(needs), _jump_words(needs)
    if not others:
        return tr("{frame} needs no other frame; {cost}.", frame=frame, cost=cost)
    listed = _listed(needs.frames)
    if needs.hidden:
        unseen = tr_plural(
            "{count} that is never shown",
            "{count} that are never shown",
            needs.hidden,
            count=grouped(needs.hidden),
        )
        listed = f"{listed}, {unseen}" if listed else unseen
    return tr_plural(
        "{frame} needs {count} other decoded: {listed}; {cost}.",
        "{frame} needs {count} others decoded: {listed}; {cost}.",
        others,
        count=grouped(others),
        frame=frame,
        listed=listed,
        cost=cost,
    )


def _jump_words(needs: FrameNeeds) -> str:
    pictures = counted(needs.decode_count, "picture", "pictures")
    if needs.keyframe is None:
        return tr("a jump to it costs {pictures}", pictures=pictures)
    return tr(
        "a jump to it costs {pictures} from keyframe {keyframe}",
        pictures=pictures,
        keyframe=grouped(needs.keyframe),
    )


def _listed(numbers: tuple[int, ...]) -> str:
    names = [grouped(number) for number in numbers]
    if len(names) > _MOST_LISTED:
        names = [*names[: _MOST_LISTED // 2], "…", *names[-_MOST_LISTED // 2 :]]
    return ", ".join(names)
