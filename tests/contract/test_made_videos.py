"""Every FourCC that this machine is said to write: written, read back in any order, and audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import framescope
from framescope.core.errors import EncoderRefusedError
from framescope.core.synth.codecs import CODECS, CONTAINERS
from framescope.core.synth.make_settings import MakeSettings, Writer
from framescope.core.synth.making import make_video
from framescope.core.synth.number_blocks import read_number
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures
from framescope.core.synth.writable import WritableTable, combinations, try_all
from tests.contract.checks import shuffled

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 20
FOURCCS = [(codec.codec_id, fourcc) for codec in CODECS for fourcc in codec.fourccs]


@pytest.fixture(scope="module")
def table() -> WritableTable:
    """Supported formats on this machine, tried now."""
    return WritableTable(try_all(combinations()))


@pytest.mark.parametrize("writer", Writer)
@pytest.mark.parametrize(("codec", "fourcc"), FOURCCS, ids=[fourcc for _, fourcc in FOURCCS])
def test_what_is_called_writable_is_written_and_comes_back(
    writer: Writer, codec: str, fourcc: str, table: WritableTable, tmp_path: Path
) -> None:
    cells = [table.cell(writer, codec, fourcc, container) for container in CONTAINERS]
    working = [cell for cell in cells if cell is not None and cell.works]
    if not working:
        pytest.skip(f"{writer.value} does not write {fourcc} on this machine")
    for cell in working:
        path = tmp_path / f"made.{cell.container}"
        settings = MakeSettings(codec=codec, fourcc=fourcc, container=cell.container, writer=writer, gop=6)
        pictures = PatternPictures(Pattern.COUNTER, COUNT, size=(128, 96))
        if not cell.keeps_fourcc:
            with pytest.raises(EncoderRefusedError, match=fourcc):
                make_video(pictures, settings, path)
            assert not path.exists()
        made = make_video(pictures, settings, path, any_fourcc=not cell.keeps_fourcc)
        assert made.fourcc == cell.stored
        with framescope.open_video(path, use_index_cache=False) as video:
            assert len(video) == COUNT
            for number in shuffled(COUNT):
                assert read_number(video.frame(number).to_rgb()) == number, cell
    audit = framescope.audit(path, engines=["framescope"], requests="all")
    assert audit.trial("framescope").is_exact
