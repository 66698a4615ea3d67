"""Makes the virtual environments that FrameScope runs and is tested in, and finds this machine's Pythons.

Standard library only, as it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING

from system_packages import SetupError, say

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
CONSTRAINTS = HERE / "constraints.txt"
CHECK = HERE / "check_install.py"
OLDEST_PYTHON = (3, 11)
STAMP = "framescope-stamp.json"

_PIP = {
    **dict.fromkeys(("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"), ""),
    **dict.fromkeys(("PIP_USER", "PIP_DRY_RUN", "PIP_NO_DEPS", "PIP_REQUIRE_HASHES"), "0"),
}
"""Against settings of pip, in variables or files, that would install elsewhere, or not all."""

_ASK = """
import importlib.util, json, platform, sys, sysconfig
print(json.dumps({
    "version": sys.version_info[:3],
    "usable": sys.version_info.releaselevel == "final" and platform.python_implementation() == "CPython"
    and not sysconfig.get_config_var("Py_GIL_DISABLED") and sys.prefix == sys.base_prefix
    and None not in (importlib.util.find_spec("venv"), importlib.util.find_spec("ensurepip")),
}))
"""
_ASK_TIMEOUT_S = 20.0


class Versions(Enum):
    """Which versions of the libraries to install, of those that pyproject.toml allows."""

    LOCKED = "locked"
    """Exactly those of constraints.txt, with which the gate passed."""
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True)
class Environment:
    """A virtual environment.

    Attributes:
        folder: Where it lies.
        versions: The versions in it.
    """

    folder: Path
    versions: Versions = Versions.LOCKED

    def program(self, name: str) -> Path:
        """A program in it."""
        if os.name == "nt":
            return self.folder / "Scripts" / f"{name}.exe"
        return self.folder / "bin" / name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.program("python")


def step(command: list[str], failure: str, environment: dict[str, str] | None = None) -> str:
    """Run a command and return its output, which is shown only if the command fails.

    Raises:
        SetupError: It failed, or could not be started.
    """
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=clean_environment() if environment is None else environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
            # It inherits the lock on the set-up, and so holds it on if this process is killed.
            close_fds=False,
        )
    except OSError as error:
        raise SetupError(f"{failure} {command[0]} cannot be started: {error.strerror}.") from error
    if done.returncode != 0:
        say(done.stdout.rstrip())
        raise SetupError(f"{failure} The output above says why.")
    return done.stdout


def clean_environment() -> dict[str, str]:
    """The variables for a child: none that lead Python or pip out of the virtual environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "__PYVENV"))}
    return kept | _PIP


def project_environment(versions: Versions) -> Environment:
    """The environment in the project's folder: ``.venv``, ``.venv-newest`` or ``.venv-oldest``."""
    suffix = "" if versions is Versions.LOCKED else f"-{versions.value}"
    return Environment(PROJECT / f".venv{suffix}", versions)


def set_up(environment: Environment) -> None:
    """Make the environment and install the project and its tools into it, unless that was done before.

    Ends with a check that a video opens.

    Raises:
        SetupError: Something failed.
    """
    if read_stamp(environment) == stamp():
        return
    with only_one(environment.folder) as note:
        # Another process may have done it while this one waited.
        before = read_stamp(environment)
        if before == stamp():
            return
        refuse_foreign(environment.folder, is_own=bool(note.read()))
        say(f"Setting up {environment.folder.name}. The first time, this can take several minutes.")
        note.write(b"Not finished.\n")
        note.flush()
        if any(before.get(name) != value for name, value in stamp().items() if name != "requirements"):
            say(f"Making the environment in {environment.folder}…")
            make(environment, Path(sys.executable))
        (environment.folder / STAMP).unlink(missing_ok=True)
        say("Installing FrameScope and its libraries (about 400 MB to download)…")
        install(environment, f"{PROJECT}[dev]", editable=True)
        say("Checking that a video opens…")
        say(check(environment))
        (environment.folder / STAMP).write_text(json.dumps(stamp()), encoding="utf-8")
        note.truncate(0)


def refuse_foreign(folder: Path, *, is_own: bool) -> None:
    """Refuse to replace what somebody else put where the environment is to be.

    Args:
        folder: Where it is to be.
        is_own: Whether a set-up that did not end has left what is there.

    Raises:
        SetupError: It is a link or a file, or was not made here.
    """
    if not os.path.lexists(folder):
        return
    is_plain = folder.is_dir() and not folder.is_symlink()
    if not is_plain or not (is_own or any(folder.glob(f"{Path(STAMP).stem}*"))):
        raise SetupError(
            f"{folder} is in the way: FrameScope did not make it. Move or delete it, then try again."
        )


def stamp() -> dict[str, str]:
    """What an installation depends on."""
    digest = hashlib.sha256()
    for path in (PROJECT / "pyproject.toml", CONSTRAINTS):
        digest.update(path.read_bytes())
    return {"python": sys.version, "project": str(PROJECT), "requirements": digest.hexdigest()}


def read_stamp(environment: Environment) -> dict[str, str]:
    """What the environment was made for; empty where it was not finished."""
    path = environment.folder / STAMP
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and environment.python.exists() else {}


@contextmanager
def only_one(folder: Path) -> Iterator[IO[bytes]]:
    """Wait until no other process sets up ``folder``; gives the file that is locked meanwhile."""
    path = folder.with_name(f"{folder.name}.lock")
    try:
        if path.exists() and not path.is_file():
            raise SetupError(f"{path} is in the way: it is not a plain file. Delete it, then try again.")
        lock = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
    except OSError as error:
        raise SetupError(
            f"{folder.parent} cannot be written to: {error.strerror}. "
            "Copy the project to a folder where you can write."
        ) from error
    # Closing the file, here and in children, releases the lock, also when the process is killed.
    with lock:
        os.set_inheritable(lock.fileno(), True)  # noqa: FBT003 - Python's own
        if not _lock(lock.fileno(), wait=False):
            say(f"Another process is setting up {folder.name}; waiting for it.")
            while not _lock(lock.fileno(), wait=True):
                pass  # Windows stops waiting after ten seconds.
        yield lock


def _lock(file: int, *, wait: bool) -> bool:
    if os.name == "nt":
        import msvcrt  # noqa: PLC0415 - Windows only

        mode = "LK_LOCK" if wait else "LK_NBLCK"
        try:
            msvcrt.locking(file, getattr(msvcrt, mode), 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def make(environment: Environment, interpreter: Path) -> None:
    """Make an empty environment, in place of one that is there."""
    command = [str(interpreter), "-m", "venv", "--clear", str(environment.folder)]
    step(command, f"Python could not make {environment.folder.name}.")


def install(environment: Environment, requirement: str, *, editable: bool) -> None:
    """Install a requirement in the environment's versions."""
    what = ["--editable", requirement] if editable else [requirement]
    failure = "The project could not be installed."
    if environment.versions is Versions.OLDEST:
        # pip has no way to ask for the oldest versions.
        step([*_pip(environment), "uv"], "uv could not be installed.")
        uv = [str(environment.program("uv")), "pip", "install", "--python", str(environment.python)]
        # Where a Python has no wheel of the oldest version, the oldest one that has.
        wheels = ["--only-binary", ":all:", "--no-binary", "framescope"]
        step([*uv, "--resolution", "lowest-direct", *wheels, *what], failure)
        return
    variables = clean_environment()
    if environment.versions is Versions.LOCKED:
        # As variables, so that the tools that build the wheel are held to it as well; as an address, because
        # pip splits a variable at spaces.
        variables |= dict.fromkeys(("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"), CONSTRAINTS.as_uri())
    else:
        what = ["--upgrade", "--upgrade-strategy", "eager", *what]
    step([*_pip(environment), *what], failure, variables)


def _pip(environment: Environment) -> list[str]:
    return [str(environment.python), "-m", "pip", "--disable-pip-version-check", "install"]


def check(environment: Environment, *, full: bool = False) -> str:
    """See that a video opens in the environment; the line that says so.

    Raises:
        SetupError: It does not.
    """
    command = [str(environment.python), str(CHECK), *(["--full"] if full else [])]
    # Nothing of it is to stay in the user's cache.
    with tempfile.TemporaryDirectory(prefix="framescope-home-") as home:
        variables = clean_environment() | {"HOME": home, "XDG_CACHE_HOME": home, "LOCALAPPDATA": home}
        failure = "FrameScope is installed, but it does not work here."
        return step(command, failure, variables).strip()


def other_pythons() -> dict[tuple[int, int], Path]:
    """One interpreter for each version from 3.11 on that this machine has, but for the one that runs this."""
    found: dict[tuple[int, ...], Path] = {}
    for path in _interpreters():
        version = usable_version(path)
        if version is not None and version[:2] >= OLDEST_PYTHON and version[:2] != sys.version_info[:2]:
            found.setdefault(version, path)
    # Of several patch releases, the latest.
    return {(version[0], version[1]): found[version] for version in sorted(found)}


def usable_version(interpreter: Path) -> tuple[int, ...] | None:
    """Its version; None if it does not start, cannot make environments, or is not a released CPython."""
    try:
        command = [str(interpreter), "-I", "-c", _ASK]
        asked = subprocess.run(
            command,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=True,
            timeout=_ASK_TIMEOUT_S,
        )
        answer = json.loads(asked.stdout)
        major, minor, patch = (int(number) for number in answer["version"])
        is_usable = answer["usable"] is True
    # Anything may call itself Python and say anything.
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return (major, minor, patch) if is_usable and major == OLDEST_PYTHON[0] else None


def _interpreters() -> list[Path]:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    folders = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep) if name]
    folders += [Path("/usr/bin"), Path("/usr/local/bin"), Path("/opt/homebrew/bin"), home / ".local" / "bin"]
    groups = [pyenv / "versions", home / ".local" / "share" / "uv" / "python"]
    groups += [Path("/Library/Frameworks/Python.framework/Versions")]
    folders += [path / "bin" for group in groups for path in sorted(_listed(group))]
    programs = os.environ.get("LOCALAPPDATA")
    folders += _listed(Path(programs, "Programs", "Python")) if programs else []
    name = re.compile(r"python(?:3\.\d+)?(?:\.exe)?" if os.name == "nt" else r"python3\.\d+")
    paths = (path for folder in folders for path in sorted(_listed(folder)) if name.fullmatch(path.name))
    return list(dict.fromkeys(paths))


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
