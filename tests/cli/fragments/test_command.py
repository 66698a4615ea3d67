"""``framescope fragments``: from a video to a store and back."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import DestinationLostError
from framescope.core.export.run import export_frames
from tests.clips.truth import true_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.export.result import ExportResult
    from tests.cli.conftest import Answer, NotingLauncher

    Program = Callable[..., Answer]


@pytest.fixture
def store(framescope: Program, plain_clip: Path, tmp_path: Path) -> Path:
    path = tmp_path / "store"
    answer = framescope(
        "fragments", "split", plain_clip, path, "--grid", "2x3", "--run", "12", "--codec", "ffv1"
    )
    assert answer.status == 0
    assert "24 fragments" in answer.out
    assert "yuv420p, as it is" in answer.out
    return path


def test_a_split_and_a_join_give_back_the_video(
    framescope: Program, store: Path, plain_clip: Path, tmp_path: Path
) -> None:
    answer = framescope("fragments", "join", store, tmp_path / "out.mkv")
    assert answer.status == 0
    assert "lossless" in answer.out
    joined = [one.digest for one in true_frames(tmp_path / "out.mkv")]
    assert joined == [one.digest for one in true_frames(plain_clip)]


def test_show_and_verify(framescope: Program, store: Path) -> None:
    shown = framescope("fragments", "show", store, "--region", "0,0,40,40", "--frames", "0:12", "--seams")
    assert "2 × 3 tiles" in shown.out
    assert "Most visible seams" in shown.out
    region = ("--region", "0,0,40,40", "--frames", "0:12")
    table = framescope("fragments", "show", store, *region, "--json").json()
    takes, rates = table["takes"], table["fragments"]
    assert isinstance(takes, dict)
    assert isinstance(rates, list)
    assert takes["fragments"] == ["fragments/r00000_t000.ffv1"]
    assert sum(one["bits"] for one in rates) == table["bits"]
    assert framescope("fragments", "verify", store).status == 0
    (store / "fragments" / "r00002_t004.ffv1").unlink()
    broken = framescope("fragments", "verify", store)
    assert broken.status == 1
    assert "r00002_t004.ffv1 is missing" in broken.out
    assert framescope("fragments", "verify", store, "--json").json()["fragments"] == 24


def test_extract_says_what_it_read(framescope: Program, store: Path, tmp_path: Path) -> None:
    table = framescope(
        "fragments", "extract", store, tmp_path / "part.mkv", "--region", "0,0,40,40", "--frames", "0:12",
        "--json",
    ).json()  # fmt: skip
    joined = table["joined"]
    assert isinstance(joined, dict)
    assert joined["fragments_read"] == 1
    assert joined["bytes_read"] == (store / "fragments" / "r00000_t000.ffv1").stat().st_size
    assert len(true_frames(tmp_path / "part.mkv")) == 12


def test_join_into_a_folder_gives_pictures(framescope: Program, store: Path, tmp_path: Path) -> None:
    answer = framescope("fragments", "join", store, tmp_path / "pictures")
    assert answer.status == 0
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 48


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_join_into_a_folder_that_was_stopped_has_not_succeeded(
    framescope: Program, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*arguments: object, **options: object) -> ExportResult:
        signal.raise_signal(signal.SIGTERM)
        return export_frames(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("framescope.cli.fragments.command.export_frames", stopped)
    answer = framescope("fragments", "join", store, tmp_path / "pictures")
    assert answer.status == 128 + signal.SIGTERM
    assert "48 not reached" in answer.out


def test_a_join_into_a_folder_names_what_stopped_it(
    framescope: Program, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DestinationLostError("The disk is full.", hint="Make room.")

    monkeypatch.setattr("framescope.core.export.run.encode_picture", full)
    answer = framescope("fragments", "join", store, tmp_path / "pictures")
    assert answer.status == 1
    assert "error: The disk is full." in answer.err
    fault = framescope("fragments", "join", store, tmp_path / "more", "--json").json()["fault"]
    assert isinstance(fault, dict)
    assert fault["message"] == "The disk is full."


def test_sweep_and_account(framescope: Program, plain_clip: Path, tmp_path: Path) -> None:
    swept = framescope(
        "fragments", "sweep", plain_clip, "--grid", "2x2", "--run", "12", "--frames", "12",
        "--plot", tmp_path / "plot.svg",
    )  # fmt: skip
    assert "one stream" in swept.out
    assert "2 × 2 tiles × 12 frames" in swept.out
    assert (tmp_path / "plot.svg").read_text(encoding="utf-8").startswith("<svg")
    ways = ("--grid", "2x2", "--run", "6", "--frames", "6")
    assert framescope("fragments", "sweep", plain_clip, *ways, "--json").json()["words"]
    account = framescope("fragments", "account", plain_clip, "--frames", "12", "--run", "6")
    assert "overhead" in account.out
    assert "R = " in account.out
    assert "never their sum" in account.out
    assert "tiles, " in account.out


def test_a_store_is_a_video_to_the_other_commands(
    framescope: Program, store: Path, launcher: NotingLauncher
) -> None:
    assert "Fragment store: 6 tiles, 4 runs" in framescope("info", store).out
    assert framescope("index", store, "--json").json()["frame_count"] == 48
    assert framescope(store).status == 0
    assert framescope(f"{store}#xywh=0,0,40,40").status == 0
    assert len(launcher.calls) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--grid", "2x2", "--tile", "64x64"),
        ("--grid", "0x2"),
        ("--grid", "much"),
    ],
)
def test_what_makes_no_sense_is_refused_as_usage(
    framescope: Program, plain_clip: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert framescope("fragments", "split", plain_clip, tmp_path / "store", *arguments).status == 2


def test_faults_of_the_environment_have_a_hint(framescope: Program, store: Path, tmp_path: Path) -> None:
    answer = framescope("fragments", "show", tmp_path / "nowhere")
    assert answer.status == 1
    assert "hint" in answer.err
    answer = framescope("fragments", "extract", store, tmp_path / "a.mkv", "--region", "900,0,10,10")
    assert answer.status == 1
    assert "beyond the picture" in answer.err


def test_a_region_is_never_cut(framescope: Program, store: Path, tmp_path: Path) -> None:
    for command in (("show", store), ("extract", store, tmp_path / "a.mkv")):
        answer = framescope("fragments", *command, "--region", "100,60,200,100")
        assert answer.status == 1
        assert "beyond the picture" in answer.err
    assert not (tmp_path / "a.mkv").exists()


def test_a_hole_is_said_on_stdout_and_in_the_status(framescope: Program, store: Path, tmp_path: Path) -> None:
    (store / "fragments" / "r00002_t004.ffv1").unlink()
    for command in (("join", store, tmp_path / "a.mkv"), ("join", store, tmp_path / "pictures")):
        answer = framescope("fragments", *command)
        assert answer.status == 1
        assert "hole: " in answer.out
    region = ("--region", "0,0,160,120")
    assert framescope("fragments", "extract", store, tmp_path / "b.mkv", *region).status == 1
    untouched = ("--region", "0,0,8,8")
    assert framescope("fragments", "extract", store, tmp_path / "c.mkv", *untouched).status == 0


def test_a_store_is_exported_like_the_video_it_is(framescope: Program, store: Path, tmp_path: Path) -> None:
    answer = framescope("export", store, "-o", tmp_path / "out", "--in", "3", "--out", "5")
    assert answer.status == 0, answer.err
    assert len(list((tmp_path / "out").glob("*.jpg"))) == 3


@pytest.mark.parametrize("codec", ["h264", "ffv1"])
def test_info_knows_b_frames_as_index_does(
    framescope: Program, plain_clip: Path, tmp_path: Path, codec: str
) -> None:
    store = tmp_path / "store"
    assert framescope("fragments", "split", plain_clip, store, "--codec", codec).status == 0
    frames = framescope("index", store, "--json").json()["frames"]
    info = framescope("info", store, "--json").json()["info"]
    assert isinstance(frames, list)
    assert isinstance(info, dict)
    assert info["has_b_frames"] is any(frame["picture_type"] == "B" for frame in frames)
    assert info["has_b_frames"] is (codec == "h264")
