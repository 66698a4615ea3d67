"""The result for an export, in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from framescope.core.errors import DestinationLostError
from framescope.core.export.encoders.formats import Proof
from framescope.core.export.result import ExportResult, FrameOutcome


def outcomes(*numbers: int, reason: str = "") -> tuple[FrameOutcome, ...]:
    return tuple(FrameOutcome(number, Path(f"{number}.png"), reason) for number in numbers)


EMPTY = ExportResult(Path("out"), (), (), (), (), None, cancelled=False, elapsed_s=1.5, bytes_written=99)


def test_a_clean_export_is_complete() -> None:
    result = replace(EMPTY, written=outcomes(1, 2), skipped=outcomes(3))
    assert result.is_complete
    assert result.summary == "2 frames saved, 1 skipped"


def test_the_proofs_are_counted() -> None:
    def proven(proof: Proof | None, *numbers: int) -> tuple[FrameOutcome, ...]:
        return tuple(replace(outcome, proof=proof) for outcome in outcomes(*numbers))

    assert not EMPTY.proof_words
    whole = replace(EMPTY, written=proven(Proof.PIXELS, 1, 2), kept=proven(None, 3))
    words = "Each file was decoded, compared with its frame, and read back from the disk."
    assert whole.proof_words == words
    partly = replace(EMPTY, written=(*proven(Proof.TOP, 1, 2), *proven(Proof.BLOCKS, 3)))
    assert partly.proof_words.startswith("1 of 3 files were decoded in full and compared")


def test_one_file_is_named() -> None:
    assert replace(EMPTY, written=outcomes(7)).summary == "7.png saved"


def test_whatever_is_missing_makes_it_incomplete() -> None:
    assert not replace(EMPTY, failed=outcomes(2)).is_complete
    assert not replace(EMPTY, not_reached=(2, 3)).is_complete
    assert not replace(EMPTY, fault=DestinationLostError("full")).is_complete


def test_only_what_stopped_and_was_told_of_can_be_resumed() -> None:
    stopped = replace(EMPTY, not_reached=(2, 3), has_manifest=True)
    assert stopped.can_resume
    assert replace(EMPTY, fault=DestinationLostError("full"), has_manifest=True).can_resume
    assert not replace(stopped, has_manifest=False).can_resume
    assert not replace(EMPTY, failed=outcomes(2), has_manifest=True).can_resume


def test_what_was_kept_is_told_of() -> None:
    result = replace(EMPTY, written=outcomes(1, 2), kept=outcomes(3))
    assert result.is_complete
    assert result.summary == "2 frames saved, 1 kept from before"


def test_the_summary_names_every_sort() -> None:
    result = replace(
        EMPTY,
        written=outcomes(1, 2),
        skipped=outcomes(3),
        failed=outcomes(4),
        not_reached=(5, 6),
        cancelled=True,
    )
    assert result.summary == "2 frames saved, 1 skipped, 1 failed, 2 not reached; cancelled"


def test_remarks_are_written_files_with_something_to_say() -> None:
    remarked = outcomes(2, reason="errors inside")
    assert replace(EMPTY, written=outcomes(1) + remarked).remarks == remarked


def damaged(*numbers: int) -> tuple[FrameOutcome, ...]:
    return tuple(replace(one, is_damaged=True) for one in outcomes(*numbers, reason="Damaged."))


def test_damaged_pictures_are_counted_and_the_first_is_named() -> None:
    few = replace(EMPTY, written=(*outcomes(1), *damaged(2)), notes=("Transparency is not saved.",))
    assert few.summary == "2 frames saved, 1 damaged"
    assert few.warnings == ("2.png: Damaged.", "note: Transparency is not saved.")
    many = replace(EMPTY, written=(*outcomes(1), *damaged(2, 3)), kept=damaged(4, 5))
    assert many.summary == "3 frames saved, 2 kept from before, 4 damaged"
    assert many.warnings == ("4 of 5 frames are damaged or may depend on damage; first: 2.png",)


def test_what_ended_the_export_is_told_once() -> None:
    full = DestinationLostError("The disk is full.")
    result = replace(
        EMPTY, failed=(*outcomes(3, reason="lost"), *outcomes(4, reason=full.message)), fault=full
    )
    assert result.warnings == ("frame 3: lost",)
