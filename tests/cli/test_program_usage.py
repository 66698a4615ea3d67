"""What is common to all commands: options that exclude each other, exit statuses, and the shape of JSON."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import framescope
from framescope.cli import make as make_module
from framescope.cli.output import error_table, will_run
from framescope.cli.program import build_program
from framescope.core.errors import FrameScopeError
from framescope.core.synth.writable import WritableTable, combinations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Answer
    from tests.clips.store import ClipStore

COMMANDS_WITHOUT_JSON = {"worker"}


def commands(
    group: click.Group | None = None, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command of the program with its words."""
    for name, command in (group or build_program()).commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name), command


def usual_commands() -> set[str]:
    return {" ".join(words) for words, _ in commands()} - COMMANDS_WITHOUT_JSON


def commands_in(lines: list[str]) -> set[str]:
    return {name for name in usual_commands() for line in lines if f"{line} ".startswith(f"{name} ")}


TOGETHER = [
    ("clip {clip} out.mp4 --exact --copy", "--copy and --exact"),
    ("clip {clip} out.mp4 --exact --copy --all-intra", "--copy, --exact and --all-intra"),
    ("clip {clip} out.mp4 --copy --codec hevc", "--copy and --codec"),
    ("clip {clip} out.mp4 --copy --crf 3", "--copy and --crf"),
    ("clip {clip} out.mp4 --copy --lossless", "--copy and --lossless"),
    ("clip {clip} out.mp4 --exact --lossless --crf 3", "--crf and --lossless"),
    ("clip {clip} out.mp4 --exact --dry-run --compare-all", "--compare-all and --dry-run"),
    ("clip {clip} out.mp4 --all-intra --out 3", "--all-intra and --out"),
    ("frames {clip} --every 2 --scenes", "--every and --scenes"),
    ("frames {clip} --frames 3 --out 9", "--out and --frames"),
    ("sheet {clip} out.png --all --spread 3", "--all and --spread"),
    ("export {clip} -o out --every 2 --recipe r.toml", "--recipe and --every"),
    ("export {clip} -o out --recipe r.toml --format png", "--recipe and --format"),
    ("export {clip} -o out --resume --existing skip", "--resume and --existing"),
    ("export {clip} -o out --resume --stream 0", "--resume and --stream"),
    ("export {clip} -o out --resume --decode", "--resume and --decode"),
    ("export {clip} -o out --all --format webp --lossless --quality 3", "--quality and --lossless"),
    ("make out.mp4 --pattern bars --from {clip}", "--pattern and --from"),
    ("make out.mp4 --pictures x --count 3", "--pictures and --count"),
    ("make out.mp4 --pattern bars --quality 3 --bitrate 20000", "--quality and --bitrate"),
    ("make out.mp4 --pattern bars --all-intra --gop 3", "--gop and --all-intra"),
    ("index {clip} --csv --json", "--csv and --json"),
    ("gops {clip} --csv --json", "--csv and --json"),
    ("timing {clip} --csv --json", "--csv and --json"),
    ("timing {clip} --csv --frame 3", "--frame and --csv"),
    ("timing {clip} --csv --no-opencv", "--opencv and --csv"),
    ("blocks {clip} --csv --json", "--csv and --json"),
    ("stats {clip} --csv --json", "--csv and --json"),
    ("blocks {clip} --frame 3 --csv", "--frame and --csv"),
    ("packets {clip} --csv --json", "--csv and --json"),
    ("packets {clip} --csv --hex --packet 3", "--hex and --csv"),
    ("packets {clip} --frame 3 --packet 3", "--frame and --packet"),
    ("packets {clip} --packet 3 --header", "--packet and --header"),
    ("slice {clip} out.png --row 3 --column 3", "--row and --column"),
    ("audit {clip} --csv --json", "--csv and --json"),
    ("compare {clip} {clip} --csv --json", "--csv and --json"),
    ("open {clip} --demo", "VIDEO and --demo"),
    ("screenshot {clip} out.png --demo", "VIDEO and --demo"),
    ("fragments split {clip} out --grid 2x2 --tile 9x9", "--grid and --tile"),
]


@pytest.mark.parametrize(("line", "flags"), TOGETHER)
def test_options_of_which_one_would_win_are_refused(
    line: str, flags: str, framescope: Callable[..., Answer], plain_clip: Path
) -> None:
    # Refused before any file is looked at: none of the names has to exist.
    answer = framescope(*(word.format(clip=plain_clip) for word in line.split()))
    assert answer.status == 2
    assert f"Error: {flags} cannot be used together." in answer.err


def test_no_two_options_share_a_value() -> None:
    for words, command in commands():
        names = [parameter.name for parameter in command.params]
        assert len(names) == len(set(names)), f"the last one of two options of {' '.join(words)} would win"


WRONG_WHATEVER_THE_FILES_ARE = [
    "info",
    "info nowhere.mp4 --stream x",
    "index nowhere.mp4 --stream -1",
    "gops nowhere.mp4 --nonsense",
    "timing nowhere.mp4 --frame -1",
    "blocks nowhere.mp4 --npz out.npz",
    "stats nowhere.mp4 --stream x",
    "packets nowhere.mp4 --hex",
    "packets nowhere.mp4 --frame 3 --units",
    "packets nowhere.mp4 --packet x",
    "live nowhere.ts --buffer x",
    "live nowhere.ts --seconds 0",
    "live nowhere.ts --save-last 30s out.xyz",
    "live nowhere.ts --save-last x out.mkv",
    "compare nowhere.mp4",
    "compare nowhere.mp4 also.mp4 --metric nonsense",
    "frames nowhere.mp4",
    "frames nowhere.mp4 --frames x",
    "frames nowhere.mp4 --in 9 --out 3",
    "frames nowhere.mp4 --in 1:00 --out 0:58",
    "frames nowhere.mp4 --marks marks.txt",
    "frames nowhere.mp4 --threshold 3",
    "marks nowhere.mp4 -o out.txt",
    "sheet nowhere.png",
    "sheet nowhere.mp4 out.gif",
    "sheet nowhere.mp4 out.png --threshold 3",
    "chroma nowhere.mp4 --codec nonsense",
    "hardware --again",
    "hardware --device cuda",
    "hardware nowhere.mp4 --device nonsense",
    "export nowhere.mp4 -o out --every 2 --hwaccel nonsense",
    "chroma nowhere.mp4 --quality 101",
    "slice nowhere.mp4 out.png",
    "slice nowhere.mp4 out.jpg --row 3",
    "slice nowhere.mp4 out.png --line 0,0,3",
    "slice nowhere.mp4 out.png --region 0,0,3,3 --width 3",
    "slice nowhere.mp4 out.png --row 3 --in 9 --out 3",
    "export nowhere.mp4 -o -",
    "export nowhere.mp4 -o out --every 2 --folders {stem}",
    "export nowhere.mp4 -o out --every 2 --format png --progressive",
    "export nowhere.mp4 -o out --every 2 --format jpeg --compression 3",
    "export nowhere.mp4 -o out --every 2 --name {nothing}",
    "export nowhere.mp4 also.mp4 -o out --every 2 --folders {nothing}",
    "export nowhere.mp4 also.mp4 -o out --all --in 5 --out 3",
    "export nowhere.mp4 also.mp4 -o out --marks a.csv",
    "report nowhere --most 0",
    "clip nowhere.mp4 out.mp4",
    "clip nowhere.mp4 out.xyz --copy",
    "clip nowhere.mp4 out.webm --exact",
    "clip nowhere.mp4 out.mp4 --exact --in 9 --out 3",
    "clips nowhere.csv out --copy --crf 3",
    "clips nowhere.csv out --fps 3",
    "make out.mp4",
    "make out --pattern bars",
    "make out.mp4 --pattern bars --codec nothing",
    "make out.mp4 --pattern bars --rotation 45",
    "make out.mp4 --from nowhere.mp4 --frames x",
    "audit nowhere.mp4 --engines nothing",
    "audit nowhere.mp4 --requests nothing",
    "audit nowhere.mp4 --order nothing",
    "bench nowhere.mp4 --engines nothing",
    "verify",
    "verify one two --video nowhere.mp4",
    "writable --nonsense",
    "screenshot nowhere.mp4",
    "screenshot nowhere.mp4 -",
    "open nowhere.mp4 --theme pink",
    "fragments split nowhere.mp4 out --run x",
    "fragments split nowhere.mp4 out --quality 99",
    "fragments split nowhere.mp4 out --codec ffv1 --quality 3",
    "fragments show nowhere --frames 9:3",
    "fragments show nowhere --region 1,2",
    "fragments verify",
    "fragments join nowhere out.xyz",
    "fragments join nowhere pictures --codec ffv1",
    "fragments extract nowhere out.mkv --region 0,0,9",
    "fragments sweep nowhere.mp4 --plot -",
    "fragments sweep nowhere.mp4 --plot plot.png",
    "fragments account nowhere.mp4 --grid x",
]


@pytest.mark.parametrize("line", WRONG_WHATEVER_THE_FILES_ARE)
def test_a_wrong_command_line_is_status_2(line: str, framescope: Callable[..., Answer]) -> None:
    answer = framescope(*line.split(" "))
    assert answer.status == 2, answer.err
    assert answer.err.startswith("Usage:")


FOUND_OUT_FROM_FILES = [
    "info nowhere.mp4",
    "info {clip} --stream 7",
    "index nowhere.mp4",
    "gops nowhere.mp4",
    "timing {clip} --frame 48",
    "blocks {clip} --frame 48",
    "stats nowhere.mp4",
    "packets {clip} --frame 48",
    "packets {clip} --packet 48",
    "live nowhere.ts",
    "live {tmp}",
    "frames {clip} --frames 48",
    "frames {clip} --in 48",
    "frames {clip} --out 1:00",
    "frames {clip} --marks nowhere.csv",
    "marks {clip} --marks nowhere.edl",
    "sheet {clip} {tmp}/out.png --frames 48",
    "chroma {clip} --frame 48",
    "slice {clip} {tmp}/out.png --row 120",
    "slice {clip} {tmp}/out.png --row 3 --out 48",
    "export {clip} -o {tmp}/out --frames 48",
    "export {clip} -o {tmp}/out --recipe nowhere.toml",
    "export {tmp} -o {tmp}/out --every 2",
    "report {tmp}",
    "clip {clip} {tmp}/out.mp4 --exact --out 48",
    "clips nowhere.csv {tmp}/out",
    "clip {clip} {tmp}/out.mp4 --exact --in 9 --out 0.1s",
    "make {tmp}/out.mp4 --from {clip} --frames 48",
    "make {tmp}/out.mp4 --pictures nowhere",
    "audit {tmp}",
    "audit nowhere.mp4",
    "bench nowhere.mp4",
    "hardware nowhere.mp4",
    "verify nowhere",
    "screenshot {clip} {clip}",
    "open nowhere.mp4",
    "compare nowhere.mp4 also.mp4",
    "compare {clip} nowhere.mp4",
    "fragments split nowhere.mp4 {tmp}/out",
    "fragments show nowhere",
    "fragments verify nowhere",
    "fragments join nowhere {tmp}/out.mkv",
    "fragments join {clip} {tmp}/pictures",
    "fragments extract nowhere {tmp}/out.mkv --region 0,0,9,9",
    "fragments sweep nowhere.mp4",
    "fragments account nowhere.mp4",
]


@pytest.mark.parametrize("line", FOUND_OUT_FROM_FILES)
def test_what_is_found_out_from_files_is_status_1(
    line: str, framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    words = [word.format(clip=plain_clip, tmp=tmp_path / "empty") for word in line.split(" ")]
    answer = framescope(*words)
    assert answer.status == 1, answer.err
    # One that audits many files has a line for each instead.
    assert answer.err.startswith("error: ")
    assert not list((tmp_path / "empty").iterdir())
    failed = framescope(*words, "--json")
    error = json.loads(failed.out)
    assert failed.status == 1
    assert isinstance(error, dict)


def test_the_lists_leave_no_command_out() -> None:
    assert commands_in(WRONG_WHATEVER_THE_FILES_ARE) == usual_commands()
    # It reads no file.
    assert commands_in(FOUND_OUT_FROM_FILES) == usual_commands() - {"writable"}


SUCCEEDS = [
    "open {clip}",
    "info {clip}",
    "index {clip}",
    "gops {clip}",
    "timing {clip} --no-opencv",
    "blocks {clip}",
    "stats {clip}",
    "blocks {clip} --frame 3 --npz {tmp}/blocks.npz",
    "packets {clip} --units",
    "packets {clip} --frame 3 --hex",
    "packets {clip} --header",
    "live {stream}",
    "live {stream} --save-last 1s {tmp}/last.mkv --export {tmp}/last --every 9",
    "frames {clip} --every 20",
    "marks {clip}",
    "export {clip} -o {tmp}/pictures --every 20",
    "verify {tmp}/pictures",
    "export {clip} -o {tmp}/set --every 20 --layout coco",
    "report {tmp}/set",
    "compare {clip} {clip}",
    "clip {clip} {tmp}/clip.mp4 --copy",
    "clip {clip} {tmp}/other.mp4 --copy --dry-run",
    "clips {list} {tmp}/clips --copy",
    "sheet {clip} {tmp}/sheet.png --spread 2",
    "slice {clip} {tmp}/slice.png --row 3",
    "chroma {clip} --frame 3",
    "make {tmp}/made.avi --pattern bars --count 2 --codec mjpeg --size 64x48",
    "writable",
    "audit {clip} --engines pyav --requests 2 --order forward",
    "bench {clip} --engines pyav --rounds 1 --seconds 0.1",
    "hardware",
    "screenshot {clip} {tmp}/window.png",
    "fragments split {clip} {tmp}/store --grid 1x1 --run 24",
    "fragments show {tmp}/store",
    "fragments verify {tmp}/store",
    "fragments join {tmp}/store {tmp}/joined.mkv",
    "fragments join {tmp}/store {tmp}/joined",
    "fragments extract {tmp}/store {tmp}/part.mkv --region 0,0,16,16 --frames 0:4",
    "fragments sweep {clip} --grid 1x1 --run 2 --frames 4",
    "fragments account {clip} --grid 1x1 --run 2 --frames 4",
]


def test_json_is_one_object_from_every_command(
    framescope: Callable[..., Answer],
    plain_clip: Path,
    clip_store: ClipStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = clip_store.path("h264.ts")
    listing = tmp_path / "list.csv"
    listing.write_text(f"video,start,end\n{plain_clip},0,1\n")
    monkeypatch.setattr(make_module, "writable_table", lambda **_: WritableTable(tuple(combinations())))
    for line in SUCCEEDS:
        places = {"clip": plain_clip, "stream": stream, "tmp": tmp_path, "list": listing}
        words = [word.format(**places) for word in line.split(" ")]
        answer = framescope(*words, "--json")
        assert answer.status == 0, f"{line}: {answer.err}"
        table = json.loads(answer.out)
        assert isinstance(table, dict), line
        assert "error" not in table or table["error"] is None, line
    assert commands_in(SUCCEEDS) == usual_commands()


def test_help_is_a_command_too(framescope: Callable[..., Answer]) -> None:
    assert framescope("help").out == framescope("--help").out
    assert framescope("help", "gops").out == framescope("gops", "--help").out
    assert framescope("help").status == 0


def named_settings() -> set[str]:
    """What the hints of all errors advise to set: written beside each hint, in a call or a dictionary."""
    named = set()
    for path in Path(framescope.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        # Quick: most files have no such hint, and parsing all takes seconds.
        for node in ast.walk(ast.parse(text)) if "hint" in text and "settings" in text else ():
            if isinstance(node, ast.Call):
                beside = {str(one.arg): one.value for one in node.keywords}
            elif isinstance(node, ast.Dict):
                beside = {
                    str(key.value): value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant)
                }
            else:
                continue
            if {"hint", "settings"} <= beside.keys():
                inside = [one for one in ast.walk(beside["settings"]) if isinstance(one, ast.Constant)]
                named |= {str(one.value) for one in inside}
    return named


def test_a_hint_about_a_setting_names_the_option_of_every_command_that_has_it() -> None:
    """By what is typed, whatever the command calls the value; and it is said nowhere else."""
    named = named_settings()
    assert {"overwrite", "resume", "existing", "jobs", "cluster"} <= named
    without_command = set(named)
    for words, command in commands():
        typed = {option for parameter in command.params for option in parameter.opts}
        for setting in named:
            error = FrameScopeError("Full.", hint="Set it.", settings=(setting,))
            assert error.hint == "Set it."
            with click.Context(command) as context:
                will_run(command, context)
                told = error_table(error)["hint"]
            assert (f"--{setting}" in told) == (f"--{setting}" in typed), words
            if f"--{setting}" in typed:
                without_command.discard(setting)
    assert not without_command


def test_an_audit_names_the_option_of_its_journal(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    (tmp_path / "any.mp4").write_bytes(b"no video, and never read")
    other = tmp_path / "notes.txt"
    other.write_text("mine\n", encoding="utf-8")
    answer = framescope("audit", tmp_path, "--resume", other)
    assert "Name a new file, or the journal of an earlier run (--resume)." in answer.err
    assert other.read_text(encoding="utf-8") == "mine\n"
