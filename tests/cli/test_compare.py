"""``framescope compare`` names dropped and doubled frames, and tells it to programs and to CI."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.compare.comparison import compare
from framescope.core.errors import SettingsError
from tests.core.compare.moving import Shot, film, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

DROPPED, DOUBLED = (30, 61, 90), (20, 75)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("compare") / "source.mp4", film(SHOTS), crf=16)


@pytest.fixture(scope="module")
def transcode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frames = film(SHOTS)
    kept = [frames[n] for n in range(len(frames)) if n not in DROPPED for _ in range(1 + (n in DOUBLED))]
    return write(tmp_path_factory.mktemp("compare") / "transcode.mp4", kept, crf=28)


SHOTS = (Shot(50, 3.0), Shot(60, 2.0))


def test_what_a_transcode_dropped_and_doubled(
    framescope: Callable[..., Answer], source: Path, transcode: Path
) -> None:
    answer = framescope("compare", source, transcode, "--strict")
    lines = answer.out.splitlines()
    assert lines[0] == "B differs from A: 2 frames doubled and 3 frames dropped."
    named = [line.strip() for line in lines if line.startswith(("  Dropped", "  Doubled"))]
    assert named == [
        "Doubled: frame 21 (0:00.875) of B repeats frame 20 (0:00.833) of A.",
        "Dropped: frame 30 (0:01.250) of A.",
        "Dropped: frame 61 (0:02.542) of A.",
        "Doubled: frame 75 (0:03.125) of B repeats frame 75 (0:03.125) of A.",
        "Dropped: frame 90 (0:03.750) of A.",
    ]
    assert "Quality of 107 pairs of frames, compared in yuv420p as decoded" in answer.out
    assert answer.status == 3
    assert framescope("compare", source, transcode, "--metric", "none").status == 0


def test_a_complete_transcode_passes(framescope: Callable[..., Answer], source: Path) -> None:
    answer = framescope("compare", source, source, "--strict")
    assert answer.out.startswith("Every frame of A is in B, once and in order: 110 frames.")
    assert "110 pairs identical in every pixel" in answer.out
    assert answer.status == 0


def test_json_and_csv(framescope: Callable[..., Answer], source: Path, transcode: Path) -> None:
    table = framescope("compare", source, transcode, "--json").json()
    assert table["is_complete"] is False
    differences = table["differences"]
    assert isinstance(differences, list)
    assert [one["a"] for one in differences if one["kind"] == "dropped"] == [[n, n + 1] for n in DROPPED]
    assert isinstance(table["quality"], dict)
    assert table["quality"]["psnr"]["mean"] > 30
    assert table["quality"]["compared_in"] == ["yuv420p as decoded"]
    rows = list(csv.DictReader(io.StringIO(framescope("compare", source, transcode, "--csv").out)))
    assert len(rows) == 112
    assert [int(row["frame_a"]) for row in rows if row["kind"] == "missing"] == list(DROPPED)
    assert [int(row["frame_a"]) for row in rows if row["kind"] == "doubled"] == list(DOUBLED)
    assert all(float(row["psnr_all"]) > 30 for row in rows if row["kind"] == "matched")
    assert {row["ssim_y"] for row in rows if row["kind"] == "missing"} == {""}


def test_report_has_map_and_curves(
    framescope: Callable[..., Answer], source: Path, transcode: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    assert framescope("compare", source, transcode, "--html", report).status == 0
    text = report.read_text(encoding="utf-8")
    assert "transcode.mp4 compared with source.mp4" in text
    assert text.count("Dropped: frame") == 2 * len(DROPPED)
    assert text.count("<svg") == 3
    assert "http" not in text.replace("http-equiv", "")
    assert framescope("compare", source, transcode, "--html", report).status == 1
    assert report.read_text(encoding="utf-8") == text


def test_streams_of_one_file(framescope: Callable[..., Answer], clip: Callable[[str], Path]) -> None:
    path = clip("two_videos.mkv")
    table = framescope("compare", path, path, "--stream-a", 0, "--stream-b", 2, "--json").json()
    assert isinstance(table["a"], dict)
    assert isinstance(table["b"], dict)
    assert (table["a"]["stream_index"], table["b"]["stream_index"]) == (0, 2)


def test_a_fragment_store_against_its_source(
    framescope: Callable[..., Answer], source: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    assert framescope("fragments", "split", source, store, "--codec", "ffv1").status == 0
    answer = framescope("compare", source, store, "--strict")
    assert answer.status == 0
    assert "110 pairs identical in every pixel" in answer.out


def test_an_export_against_its_video(
    framescope: Callable[..., Answer], source: Path, transcode: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "frames"
    assert framescope("export", source, "-o", folder, "--every", 25, "--format", "jpeg").status == 0
    answer = framescope("compare", source, folder, "--strict")
    assert answer.status == 0
    assert answer.out.startswith("B holds 5 pictures of frames of A")
    assert "compared in 8-bit R'G'B' as exported" in answer.out
    sorted(folder.glob("*.jpg"))[2].unlink()
    table = framescope("compare", source, folder, "--strict", "--json").json()
    assert isinstance(table["differences"], list)
    assert [(one["kind"], one["a"]) for one in table["differences"]] == [("dropped", [50, 51])]
    assert isinstance(table["quality"], dict)
    assert table["quality"]["psnr"]["lowest"] > 30
    rows = list(csv.DictReader(io.StringIO(framescope("compare", source, folder, "--csv").out)))
    assert [(row["frame_a"], row["kind"]) for row in rows] == [
        ("0", "matched"),
        ("25", "matched"),
        ("50", "missing"),
        ("75", "matched"),
        ("100", "matched"),
    ]
    assert framescope("compare", source, folder, "--align", "number").status == 1
    answer = framescope("compare", transcode, folder)
    assert (answer.status, "were not made from this video" in answer.err) == (1, True)


def test_a_lossless_export_is_identical(
    framescope: Callable[..., Answer], source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "frames"
    options = ("--frames", "3,40", "--format", "png", "--crop", "100x60+20+10")
    assert framescope("export", source, "-o", folder, *options).status == 0
    assert "2 pairs identical in every pixel" in framescope("compare", source, folder).out


def test_pins_move_what_is_aligned(framescope: Callable[..., Answer], source: Path) -> None:
    table = framescope("compare", source, source, "--pin", "40:42", "--metric", "none", "--json").json()
    assert isinstance(table["b_of_a"], list)
    assert table["b_of_a"][40] == 42


@pytest.mark.parametrize(
    "options",
    [
        ("--align", "hope"),
        ("--pin", "40"),
        ("--metric", "beauty"),
        ("--pin", "1:1", "--align", "number"),
        ("--json", "--csv"),
    ],
)
def test_wrong_usage(framescope: Callable[..., Answer], source: Path, options: tuple[str, ...]) -> None:
    assert framescope("compare", source, source, *options).status == 2


def test_pins_that_do_not_exist(framescope: Callable[..., Answer], source: Path) -> None:
    answer = framescope("compare", source, source, "--pin", "5:4000")
    assert answer.status == 1
    assert "There is no such pair of frames: 5 and 4000." in answer.err


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001)])
def test_rates_are_exact(rate: Fraction, framescope: Callable[..., Answer], tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", film(SHOTS)[:60], rate=rate)
    side = framescope("compare", path, path, "--metric", "none", "--json").json()["a"]
    assert isinstance(side, dict)
    assert (side["rate"], side["rate_fps"]) == (str(rate), float(rate))


@pytest.mark.parametrize("is_source", [True, False])
def test_damage_is_named_where_frames_are_lost_with_it(
    framescope: Callable[..., Answer], source: Path, tmp_path: Path, *, is_source: bool
) -> None:
    stream, damaged = tmp_path / "whole.ts", tmp_path / "damaged.ts"
    with av.open(str(source)) as given, av.open(str(stream), "w", format="mpegts") as made:
        copied = made.add_stream_from_template(given.streams.video[0])
        for packet in given.demux(video=0):
            if packet.dts is not None:
                packet.stream = copied
                made.mux(packet)
    content = bytearray(stream.read_bytes())
    # Packets of 188 bytes that never came.
    first = len(content) // 188 // 2
    del content[first * 188 : (first + 60) * 188]
    damaged.write_bytes(content)
    pair = (damaged, source) if is_source else (source, damaged)
    name = "A" if is_source else "B"
    answer = framescope("compare", *pair)
    lines = [line.strip() for line in answer.out.splitlines()]
    differences = [
        line for line in lines if line.startswith(("Dropped", "Doubled", "Inserted", "Cut", "Added"))
    ]
    assert differences, answer.out
    assert all(line.endswith(f"{name} is damaged there.") for line in differences), answer.out
    assert [line for line in lines if line.startswith(f"{name}: ") and "damaged or may depend" in line]
    side = framescope("compare", *pair, "--json").json()[name.lower()]
    assert isinstance(side, dict)
    assert side["damaged"]
    clean = framescope("compare", source, stream)
    assert "damaged" not in clean.out


def test_an_unknown_metric_is_named(source: Path) -> None:
    with pytest.raises(SettingsError, match="There is no metric 'nonsense'"):
        compare(source, source, metrics=["psnr", "nonsense"])
