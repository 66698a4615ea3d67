"""Runs FrameScope or its tests from a fresh clone, with nothing but Python.

Makes ``.venv`` beside this folder, installs the project into it with the versions of ``constraints.txt``,
checks that a video opens, and goes on. A second call finds everything in place. Standard library only.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

# Python leaves the script's folder out when it is told to be careful (-I, -P).
if str(Path(__file__).resolve().parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from environments import (
    HERE,
    OLDEST_PYTHON,
    PROJECT,
    STAMP,
    Environment,
    Versions,
    check,
    clean_environment,
    install,
    make,
    other_pythons,
    project_environment,
    set_up,
    step,
    usable_version,
)
from system_packages import SetupError, check_system, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

WORKERS = str((os.cpu_count() or 1) + 1)
"""One more than there are cores: for a third of their time, tests wait for threads and child processes."""

GATE = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports", "--no-cache"),
    ("pytest", "-q", "-n", WORKERS, "--dist", "worksteal", "--cov", "--cov-report="),
)
LEAST_COVERAGE, LEAST_OF_A_ROOM = 90, 80
"""Lines of the package, and of each of its folders, that the tests run, in per cent."""

TESTS_FAILED = 1
"""pytest's exit status when tests ran and some failed; others mean that it could not run at all."""
INTERRUPTED = 130

RESULTS = "framescope-results"
PREVIEW_FRAMES = 6
_INVISIBLE_PLATFORMS = ("offscreen", "minimal", "vnc", "null")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for and return the exit status."""
    chosen = _parser().parse_args(arguments)
    prepare_process()
    try:
        check_python(sys.version_info[:2])
        check_system(for_tests=chosen.command == "test")
        if chosen.command == "smoke":
            return run_smoke(chosen.versions, pythons_of(chosen.pythons))
        environment = project_environment(getattr(chosen, "versions", Versions.LOCKED))
        set_up(environment)
        return run_tests(environment) if chosen.command == "test" else run_window(environment, chosen.video)
    except SetupError as error:
        say(str(error))
        return 1
    except OSError as error:
        # A full disk, or a file of the project that cannot be read.
        say(f"{error.filename or 'Output'}: {error.strerror}.")
        return 1
    except KeyboardInterrupt:
        say("Cancelled.")
        return INTERRUPTED


def prepare_process() -> None:
    """Give this process somewhere to write, and let it end its children when it is told to end."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - until the end
        else:
            stream.reconfigure(errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What the parent ignores, as nohup does, stays ignored.
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, end)


def end(number: int, _: FrameType | None) -> None:
    """End the process by an exception, on the way of which children are ended and folders removed."""
    raise SystemExit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bootstrap.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run = commands.add_parser("run", help="open FrameScope's window on VIDEO, or on a demo clip")
    run.add_argument(
        "video", nargs="?", metavar="VIDEO", help="a file or an address; without it, a demo clip"
    )
    test = commands.add_parser("test", help="run the whole gate: ruff, mypy, import-linter, pytest, smoke")
    smoke = commands.add_parser(
        "smoke", help="install and use FrameScope in a new environment on every other Python of this machine"
    )
    smoke.add_argument("pythons", nargs="*", metavar="PYTHON", help="interpreters, instead of those found")
    for command in (test, smoke):
        which = command.add_mutually_exclusive_group()
        for versions in (Versions.NEWEST, Versions.OLDEST):
            text = f"with the {versions.value} versions of the libraries that pyproject.toml allows"
            which.add_argument(
                f"--{versions.value}", dest="versions", action="store_const", const=versions, help=text
            )
        command.set_defaults(versions=Versions.LOCKED)
    return parser


def check_python(version: tuple[int, ...], interpreter: str = sys.executable) -> None:
    """Refuse a Python that is too old, and name one that is not."""
    if version >= OLDEST_PYTHON:
        return
    version = version[:2]
    wanted, found = (".".join(map(str, numbers)) for numbers in (OLDEST_PYTHON, version))
    newer = list(other_pythons().values())
    advice = f" This one will do: {newer[-1]}" if newer else ""
    raise SetupError(f"FrameScope needs Python {wanted} or newer; {interpreter} is {found}.{advice}")


def has_display(environment: Environment) -> bool:
    """Whether a window can be seen here: the program's own answer, and a platform that is visible."""
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in _INVISIBLE_PLATFORMS:
        return False
    ask = "from framescope.ui.window.display import reachable_display\nwith reachable_display(): pass"
    asked = subprocess.run(
        [str(environment.python), "-P", "-c", ask], env=clean_environment(), capture_output=True, check=False
    )
    return asked.returncode == 0


def run_window(environment: Environment, video: str | None) -> int:
    """Open the window and wait until it is closed; without a display, do what can be done without one."""
    if video == "":
        raise SetupError("The name of the video is empty.")
    if not has_display(environment):
        return run_without_display(environment, video)
    return run_program(environment, video or "--demo")


def run_program(environment: Environment, *arguments: str, output: int | None = None) -> int:
    """Run FrameScope and return its exit status. If it fails because the environment is damaged, say so."""
    # Never what lies in the working directory (-P), whatever its name.
    command = [str(environment.python), "-P", "-m", "framescope", *arguments]
    status = subprocess.run(command, env=clean_environment(), stdout=output, check=False).returncode
    if status != 0:
        try:
            check(environment)
        except SetupError:
            (environment.folder / STAMP).unlink(missing_ok=True)
            raise SetupError(f"{environment.folder} is damaged. The next run will set it up again.") from None
    return status


def run_without_display(environment: Environment, video: str | None) -> int:
    """Say what the video is, and save a picture of the window and a few frames."""
    say("No display found, so no window can be opened. Saving a picture of it and a few frames instead.\n")
    folder = new_folder()
    try:
        status = write_results(environment, video, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if status != 0:
        shutil.rmtree(folder, ignore_errors=True)
    return status


def write_results(environment: Environment, video: str | None, folder: Path) -> int:
    """Do the work of `run_without_display` in ``folder``, say what is there, and return the exit status."""
    source = video or write_demo(environment, folder / "demo.mp4")
    picture, frames = folder / "window.png", folder / "frames"
    for arguments, output in (
        (["info", source], None),
        (["screenshot", source, str(picture)], subprocess.DEVNULL),
        (
            ["export", source, "-o", str(frames), "--spread", str(PREVIEW_FRAMES), "--format", "png"],
            subprocess.DEVNULL,
        ),
    ):
        status = run_program(environment, *arguments, output=output)
        if status != 0:
            return status
    sys.stdout.write(
        f"\nA picture of the window: {picture}\n"
        f"Frames of the video:     {frames}\n\n"
        "To get the window itself, run this on a machine with a screen, or log in with X forwarding\n"
        "(ssh -X) and run it again. Everything but the window works here; see:\n"
        f"  {environment.program('framescope')} --help\n"
    )
    return 0


def write_demo(environment: Environment, path: Path) -> str:
    """Write the demo clip and return its path."""
    write = (
        "import sys; from pathlib import Path; from framescope.core.synth.demo import write_demo;"
        " write_demo(Path(sys.argv[1]))"
    )
    step([str(environment.python), "-c", write, str(path)], "The demo clip could not be written.")
    return str(path)


def new_folder() -> Path:
    """A new folder for results: in the working directory if that can be written to, or a temporary one."""
    for number in range(1, 1000):
        try:
            folder = Path.cwd() / (RESULTS if number == 1 else f"{RESULTS}-{number}")
            folder.mkdir()
        except FileExistsError:
            continue
        except OSError:
            break
        return folder
    return Path(tempfile.mkdtemp(prefix=f"{RESULTS}-"))


def run_tests(environment: Environment) -> int:
    """Run the gate, all of it. pytest's closing line ends the output, or the names of what failed."""
    variables = clean_environment() | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}
    failed = []
    # Older tools judge by older rules.
    gate = GATE[-1:] if environment.versions is Versions.OLDEST else GATE
    # Each of these occupies one core; pytest occupies all.
    with smoke_in_background(environment.versions) as smoke_ended:
        for name, *options in gate[:-1]:
            title = " ".join((name, *options))
            say(f"== {title}")
            if passed_on([str(environment.program(name)), *options], variables)[0] != 0:
                failed.append(title)
        if smoke_ended() != 0:
            failed.append("smoke")
    lacking, closing = run_pytest(environment, gate[-1], variables)
    failed += lacking
    if failed:
        say(f"The gate failed at: {', '.join(failed)}")
    else:
        sys.stdout.write(f"{closing}\n")
    return 1 if failed else 0


def run_pytest(
    environment: Environment, command: tuple[str, ...], variables: dict[str, str]
) -> tuple[list[str], str]:
    """Run the tests; what failed, by name, and pytest's last line."""
    program, *options = command
    title = " ".join(command)
    say(f"== {title}")
    status, closing = passed_on([str(environment.program(program)), *options], variables)
    if status == TESTS_FAILED:
        say("== running the failed tests again on their own; report any that pass now as flaky")
        again = [str(environment.program(program)), "-q", "--last-failed", "--last-failed-no-failures=none"]
        status, closing = passed_on(again, variables)
    if status != 0:
        return [title], closing
    if "--cov" not in options:
        return [], closing
    rooms = rooms_not_covered(environment, variables)
    return [f"coverage of {room}: {covered:.1f} %" for room, covered in rooms.items()], closing


def rooms_not_covered(environment: Environment, variables: dict[str, str]) -> dict[str, float]:
    """The folders of the package of which the tests run too few lines, and how many, in per cent.

    Raises:
        SetupError: Nothing was measured.
    """
    report = step(
        [str(environment.program("coverage")), "json", "-q", "-o", "-"],
        "The coverage of the tests cannot be read",
        variables | {"COVERAGE_FILE": str(PROJECT / ".coverage")},
    )
    measured = json.loads(report)
    counts: dict[str, list[int]] = {}
    for name, file in measured["files"].items():
        room = "/".join(Path(name).parent.parts[:3])
        covered, total = counts.setdefault(room, [0, 0])
        counts[room] = [covered + file["summary"]["covered_lines"], total + file["summary"]["num_statements"]]
    shares = {room: 100 * covered / total for room, (covered, total) in sorted(counts.items()) if total}
    lacking = {room: share for room, share in shares.items() if share < LEAST_OF_A_ROOM}
    whole = measured["totals"]["percent_covered"]
    say(f"The tests run {whole:.1f} % of the lines, and {min(shares.values()):.1f} % or more of each folder.")
    return lacking | ({"framescope": whole} if whole < LEAST_COVERAGE else {})


def passed_on(command: list[str], variables: dict[str, str]) -> tuple[int, str]:
    """Run a command, pass its output on as it comes, and return its exit status and last line."""
    tail = b""
    with subprocess.Popen(
        command, cwd=PROJECT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        pipe = process.stdout.fileno()
        try:
            # Not by lines: pytest's dots would come a row at a time.
            for piece in iter(lambda: os.read(pipe, 65536), b""):
                sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
                tail = (tail + piece)[-2000:]
        except BaseException:
            process.terminate()
            raise
    lines = tail.decode(errors="replace").strip().splitlines()
    return process.returncode, lines[-1] if lines else ""


def pythons_of(named: list[str]) -> list[Path]:
    """The interpreters that the person named; without names, every other one of this machine.

    Raises:
        SetupError: One of them cannot be used.
    """
    paths = []
    for name in named:
        found = shutil.which(name)
        if found is None:
            raise SetupError(f"There is no program {name}.")
        version = usable_version(Path(found))
        if version is None:
            raise SetupError(f"{name} is not a released CPython that can make virtual environments.")
        check_python(version, name)
        paths.append(Path(found))
    return paths or list(other_pythons().values())


@contextmanager
def smoke_in_background(versions: Versions) -> Iterator[Callable[[], int]]:
    """Start the smoke run on every other Python, in a process that ends with this block.

    Gives a function that waits for it, shows its output and returns its exit status.
    """
    command = [sys.executable, str(HERE / "bootstrap.py"), "smoke"]
    if versions is not Versions.LOCKED:
        command.append(f"--{versions.value}")
    with (
        tempfile.TemporaryFile() as output,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):

        def ended() -> int:
            status = process.wait()
            output.seek(0)
            say(output.read().decode(errors="replace").rstrip())
            return status

        try:
            yield ended
        finally:
            process.terminate()


def run_smoke(versions: Versions, interpreters: list[Path]) -> int:
    """Install the project in a new environment of each interpreter and use it; returns the exit status."""
    failed = 0
    for interpreter in interpreters:
        say(f"== smoke run on {interpreter}, {versions.value} versions")
        with tempfile.TemporaryDirectory(prefix="framescope-smoke-") as folder:
            environment = Environment(Path(folder) / "venv", versions)
            try:
                make(environment, interpreter)
                install(environment, str(PROJECT), editable=False)
                say(check(environment, full=True))
            except SetupError as error:
                say(str(error))
                failed += 1
    if not interpreters:
        say("== no smoke run: this machine has no other Python that FrameScope can use")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
