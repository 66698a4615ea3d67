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
from typing import TYPE_CHECKING

from system_packages import SetupError, say

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
CONSTRAINTS = HERE / "constraints.txt"
CHECK = HERE / "check_install.py"
OLDEST_PYTHON = (3, 11)
STAMP = "framescope-stamp.json"

_LEAKING = (
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "__PYVENV_LAUNCHER__",
)
"""Variables, besides Python's own, that would send what is installed outside of the environment."""

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
        )
    except OSError as error:
        raise SetupError(f"{failure} {command[0]} cannot be started: {error.strerror}.") from error
    if done.returncode != 0:
        say(done.stdout.rstrip())
        raise SetupError(f"{failure} The output above says why.")
    return done.stdout


def clean_environment() -> dict[str, str]:
    """The variables for a child: none that lead out of the virtual environment."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in _LEAKING and not name.startswith("PYTHON")
    }


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
    with only_one(environment.folder):
        # Another process may have done it while this one waited.
        if read_stamp(environment) == stamp():
            return
        say(f"Setting up {environment.folder.name}. The first time, this can take several minutes.")
        before = read_stamp(environment)
        if any(before.get(name) != value for name, value in stamp().items() if name != "requirements"):
            say(f"Making the environment in {environment.folder}…")
            make(environment, Path(sys.executable))
        (environment.folder / STAMP).unlink(missing_ok=True)
        say("Installing FrameScope and its libraries (about 400 MB to download)…")
        install(environment, f"{PROJECT}[dev]", editable=True)
        say("Checking that a video opens…")
        say(check(environment))
        (environment.folder / STAMP).write_text(json.dumps(stamp()), encoding="utf-8")


def stamp() -> dict[str, str]:
    """What an installation depends on."""
    digest = hashlib.sha256()
    for path in (PROJECT / "pyproject.toml", CONSTRAINTS):
        digest.update(path.read_bytes())
    return {"python": sys.version, "project": str(PROJECT), "requirements": digest.hexdigest()}


def read_stamp(environment: Environment) -> dict[str, str]:
    """What the environment was made for; empty where it was not finished."""
    try:
        text = (environment.folder / STAMP).read_text(encoding="utf-8")
        found = json.loads(text) if environment.python.exists() else None
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Wait until no other process sets up ``folder``."""
    try:
        lock = folder.with_name(f"{folder.name}.lock").open("a+b")
    except OSError as error:
        raise SetupError(
            f"{folder.parent} cannot be written to: {error.strerror}. "
            "Copy the project to a folder where you can write."
        ) from error
    # Closing the file releases the lock, also when the process is killed.
    with lock:
        if not _lock(lock.fileno(), wait=False):
            say(f"Another process is setting up {folder.name}; waiting for it.")
            while not _lock(lock.fileno(), wait=True):
                pass  # Windows stops waiting after ten seconds.
        yield


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
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return tuple(answer["version"]) if answer["usable"] else None


def _interpreters() -> list[Path]:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    folders = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep) if name]
    folders += [Path("/usr/bin"), Path("/usr/local/bin"), Path("/opt/homebrew/bin"), home / ".local" / "bin"]
    folders += [*pyenv.glob("versions/*/bin"), *home.glob(".local/share/uv/python/*/bin")]
    folders += [*Path("/Library/Frameworks/Python.framework/Versions").glob("*/bin"), *_windows_folders()]
    name = re.compile(r"python(?:3\.\d+)?(?:\.exe)?" if os.name == "nt" else r"python3\.\d+")
    paths = (path for folder in folders for path in sorted(_listed(folder)) if name.fullmatch(path.name))
    return list(dict.fromkeys(paths))


def _windows_folders() -> list[Path]:
    programs = os.environ.get("LOCALAPPDATA")
    return list(Path(programs, "Programs", "Python").glob("Python3*")) if programs else []


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
