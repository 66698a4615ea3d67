"""What a picture would lose in each subsampling, and which of the losses is larger."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from framescope.core.export.quality.measure import Fidelity
from framescope.core.synth import chroma_loss
from framescope.core.synth.chroma_loss import loss_sentence, measure_losses, psnr_words
from framescope.core.synth.make_settings import MakeSettings
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures

if TYPE_CHECKING:
    import pytest

EXACT = Fidelity(math.inf, 1.0, 0)
BARS = PatternPictures(Pattern.BARS, 1, size=(160, 120)).picture(0)


def test_large_pictures_are_measured_on_their_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma_loss, "_MOST_SIDE", (64, 48))
    losses = measure_losses(BARS, MakeSettings())
    assert losses.is_part
    trip = losses.trips["4:2:0"]
    assert trip is not None
    assert (trip.original == BARS[36:84, 48:112]).all()
    assert "middle" in losses.words


def test_losses_are_put_into_words() -> None:
    near, far = Fidelity(50.04, 0.99, 3), Fidelity(30.0, 0.9, 40)
    assert (psnr_words(EXACT), psnr_words(near)) == ("exact", "50.0 dB")
    assert "caused by the codec" in loss_sentence("4:2:0", near, far)
    assert "conversion" in loss_sentence("4:2:0", far, near)
    assert "about the same" in loss_sentence("4:2:0", near, near)
    assert "the codec adds none" in loss_sentence("4:2:0", far, EXACT)
    assert "exactly" in loss_sentence("4:4:4", EXACT, EXACT)
