"""Rules about the tree itself that neither ruff nor import-linter holds."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache, lru_cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "framescope"
MOST_LINES = 600

TOP_LEVEL = {
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "framescope",
    "packaging",
    "pyproject.toml",
    "resources",
    "tests",
}
BUILT = {"build", "dist", "__pycache__"}
"""What tools leave on top; git ignores it."""

BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
# Spelt in two parts, so that this file does not hold what it looks for.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:wo" r"rk|ho" r"me|ro" r"ot|Us" r"ers)/\w|[A-Z]:\\\\?Us" r"ers")
REGISTRY = re.compile(r"py" r"pi\.org|python" r"hosted|deb" r"ian\.org|npm" r"js")

TEXT_SUFFIXES = {".py", ".md", ".toml", ".desktop", ".xml", ".spec", ".qss", ".svg", ".sh", ""}


PYAV_DOOR = Path("framescope/core/pyav.py")

WRITING_DOORS = {
    Path("framescope/core/files.py"),
    # Records of work under way, which grow line by line.
    Path("framescope/core/export/manifest/file.py"),
    Path("framescope/core/fragments/workshop.py"),
    Path("framescope/core/journal.py"),
}
WRITES = re.compile(
    r"(?<!\bpart)(\.write_text\(|\.write_bytes\(|\.touch\(|\.open\(\s*[\"'](?=\w*[wax+]))"
    r"|NamedTemporaryFile|mkstemp|hardlink_to|os\.(rename|replace)\(|QSaveFile|\.save\(str\("
)
"""What writes, or gives a name to, a file that is not the temporary one of `part_file`."""

FOLDERS_OF_THEIR_OWN = {"benchmarks", "clips", "contract", "fuzz", "gui", "packaging"}
"""Folders of tests that hold more than one module to something."""


@lru_cache
def sources(*folders: str) -> tuple[Path, ...]:
    """The Python files under the folders, relative to the project."""
    found = (path for folder in folders for path in (PROJECT / folder).rglob("*.py"))
    return tuple(sorted(path.relative_to(PROJECT) for path in found))


def texts() -> list[Path]:
    """Every text file of the project."""
    roots = [PROJECT / name for name in (*TOP_LEVEL, ".ci")]
    files = [path for root in roots for path in ([root] if root.is_file() else root.rglob("*"))]
    return [
        path
        for path in files
        if path.is_file() and path.suffix in TEXT_SUFFIXES and "__pycache__" not in path.parts
    ]


@cache
def text_of(path: Path) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


def imported(module: Path) -> set[str]:
    """The modules that a file names in its import statements."""
    names: set[str] = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_no_file_is_long() -> None:
    lines = {path: len(text_of(path).splitlines()) for path in sources("framescope", "tests", "packaging")}
    assert {str(path): count for path, count in lines.items() if count > MOST_LINES} == {}


def test_tests_are_in_the_room_of_what_they_test() -> None:
    strays = [
        str(path)
        for path in sources("tests")
        if len(path.parts) > 2
        and path.parts[1] not in FOLDERS_OF_THEIR_OWN
        and not (PACKAGE / Path(*path.parts[1:-1])).is_dir()
    ]
    assert strays == []


def test_no_name_says_nothing() -> None:
    found = []
    for path in sources("framescope", "tests", "packaging"):
        words = {piece for part in path.with_suffix("").parts for piece in part.lower().split("_")}
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef):
                words |= {word.lower() for word in re.findall(r"[A-Z][a-z]+", node.name)}
        found += [f"{path}: {word}" for word in sorted(words & BANNED_NAMES)]
    assert found == []


def test_every_module_says_what_it_does() -> None:
    firsts = {path: (ast.get_docstring(tree_of(path)) or "").split("\n")[0] for path in sources("framescope")}
    assert [str(path) for path, first in firsts.items() if not first.endswith((".", "?"))] == []


def test_every_folder_is_a_package() -> None:
    folders = {path.parent for path in sources("framescope")}
    assert [str(folder) for folder in folders if not (PROJECT / folder / "__init__.py").is_file()] == []


def test_nothing_else_lies_on_top() -> None:
    # Where there is no display, the bootstrap leaves its results in the working directory.
    ignored = (".", "framescope-results")
    names = {path.name for path in PROJECT.iterdir() if not path.name.startswith(ignored)}
    assert names - TOP_LEVEL - BUILT == set()
    assert TOP_LEVEL - names == set()


def test_no_comment_leaves_work_for_later() -> None:
    found = []
    for path in sources("framescope", "tests", "packaging"):
        tokens = tokenize.generate_tokens(io.StringIO(text_of(path)).readline)
        comments = (token for token in tokens if token.type == tokenize.COMMENT)
        found += [f"{path}:{one.start[0]}: {one.string}" for one in comments if UNFINISHED.search(one.string)]
    assert found == []


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine", "registry"])
def test_no_text_holds_what_concerns_nobody_else(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_files_are_written_in_one_place() -> None:
    users = {
        str(path)
        for path in sources("framescope")
        if path not in WRITING_DOORS and WRITES.search(text_of(path))
    }
    assert users == set()
    assert WRITES.search('path.write_text("x")')
    assert WRITES.search('self._path.open("ab")')
    assert not WRITES.search('part.open("w", encoding="utf-8")')


def test_opencv_has_one_door() -> None:
    doors = [path for path in sources("framescope") if "cv2" in imported(path)]
    assert doors == [Path("framescope/core/opencv.py")]


def test_ffmpeg_is_met_in_few_folders() -> None:
    users = {
        "/".join(path.parts[:3])
        for path in sources("framescope")
        if path != PYAV_DOOR and any(name == "av" or name.startswith("av.") for name in imported(path))
    }
    allowed = {"bitstream", "clips", "fragments", "hardware", "live", "media"}
    allowed |= {"sequence", "sound", "synth", "tracks"}
    assert users <= {f"framescope/core/{name}" for name in allowed}


def test_csv_is_written_in_one_place() -> None:
    writers = [
        str(path) for path in sources("framescope") if re.search(r"csv\.(Dict)?[wW]riter\(", text_of(path))
    ]
    assert writers == ["framescope/core/csv_cells.py"]


def test_pyav_opens_files_to_read_in_one_place() -> None:
    opened = [
        str(path)
        for path in sources("framescope")
        if path != PYAV_DOOR
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and re.search(r"\b_?av\.open$", ast.unparse(node.func))
        # The mode is the second argument, and reading is the default.
        and not (len(node.args) > 1 and ast.unparse(node.args[1]) == "'w'")
    ]
    assert opened == []


def first_text(node: ast.expr) -> str:
    """What a string begins with; empty if it begins with a value, or is none."""
    node = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    return node.value.lower() if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def spells_a_plural(choice: ast.IfExp) -> bool:
    """Whether it chooses between one thing and several, as `counted` does: ``1 frame``, ``2 frames``."""
    test = choice.test
    if not (isinstance(test, ast.Compare) and ast.unparse(test.comparators[-1]) == "1"):
        return False
    ways = (choice.body, choice.orelse)
    one, many = map(first_text, ways if isinstance(test.ops[0], ast.Eq) else ways[::-1])
    # A verb has its s in the singular.
    return one.startswith(("1 ", "one ")) or many.split(" ")[0] == f"{one.split(' ')[0]}s"


def groups_by_commas(value: ast.FormattedValue) -> bool:
    return value.format_spec is not None and "," in ast.unparse(value.format_spec)


def test_numbers_and_plurals_have_one_place() -> None:
    """`framescope/core/text.py` writes them: ``grouped`` and ``counted``."""
    found = [
        f"{path}:{node.lineno}: {ast.unparse(node)}"
        for path in sources("framescope")
        if path != Path("framescope/core/text.py")
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.IfExp) and spells_a_plural(node))
        or (isinstance(node, ast.FormattedValue) and groups_by_commas(node))
    ]
    assert found == []


def test_addresses_are_told_from_paths_in_one_place() -> None:
    """`framescope.core.media.container.is_url` does it."""
    found = [
        str(path) for path in sources("framescope") if '"://" in' in text_of(path).replace("not in", "in")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("framescope/engine", ("PySide6.QtWidgets",)),
        ("framescope/session", ("PySide6.QtWidgets", "PySide6.QtSvg")),
    ],
)
def test_what_is_below_the_window_knows_no_widgets(folder: str, forbidden: tuple[str, ...]) -> None:
    users = {
        str(path) for path in sources(folder) if any(name.startswith(forbidden) for name in imported(path))
    }
    assert users == set()


def test_the_rules_recognise_what_they_forbid() -> None:
    for text, is_plural in (
        ("'1 mark' if n == 1 else f'{n} marks'", True),
        ("'frame' if n == 1 else 'frames'", True),
        ("f'{n} turns' if n != 1 else 'One turn'", True),
        ("'s' if n > 1 else ''", True),
        ("'is' if n == 1 else 'are'", False),
        ("'gives' if n == 1 else 'give'", False),
        ("'once' if n == 1 else f'{n} times'", False),
        ("'' if n == 1 else f', {n} more'", False),
    ):
        choice = ast.parse(text, mode="eval").body
        assert isinstance(choice, ast.IfExp)
        assert spells_a_plural(choice) is is_plural, text
    assert UNFINISHED.search("# TO" + "DO: later")
    assert MACHINE_PATH.search("open('/ho" + "me/someone/clip.mp4')")
    assert not MACHINE_PATH.search("framescope/work/frames")


def test_what_packaging_imports_is_there() -> None:
    for path in sorted((PROJECT / "packaging").iterdir()):
        if path.suffix in (".py", ".spec"):
            for name in imported(path):
                if name.startswith("framescope."):
                    place = PROJECT.joinpath(*name.split("."))
                    modules = (place.with_suffix(".py"), place.parent.with_suffix(".py"))
                    assert place.is_dir() or any(map(Path.is_file, modules)), f"{path.name}: {name}"
