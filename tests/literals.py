"""Finds the literals in FrameScope's source that people read, and tells those that can be translated."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRANSLATORS = {"tr": 1, "tr_later": 1, "tr_plural": 2, "counted": 3}
"""Functions whose first arguments, as many as said, are texts that are looked up."""

SENTENCE = re.compile(
    r"[A-Za-z'’]+[,.:;)]?[ \n]+[\w(“–—×·]"  # two words
    r"|[,.:;–—…·] [A-Za-z]{3,}"
    r"|[A-Za-z]{2,}…"
    r"|^[A-Z][a-z]{2,}[.!?]$"  # a sentence of one word
)
TAGS = re.compile(r"</?[a-z][^<>]*>|<!--.*?-->")
"""Markup: what is between the tags is read, and some attributes are."""
ATTRIBUTES = re.compile(r'\b(?:aria-label|alt|title)="([^"]*)"')
LABEL = re.compile(r"&?[A-Z][a-zA-Z]*[a-z][A-Za-z’-]*[…:]?")
FOR_PROGRAMS = re.compile(
    r"^\s*[.#/\\<]"  # a path, a selector, markup
    r"|^[a-z-]+: |[;{}]\s*[a-z-]+:|\bpx;|rgba?\(|^Q[A-Z]\w+ ?[{:.]"  # stylesheets
    r"|https?://|^--|::|\\[dws]|%\(|<\w+ \w+="  # addresses, flags, C++, patterns, SVG
    r"|^[A-Za-z_.]+\[|^\w+\(\w+[,)]|^\w+=\S+$"  # types, calls, options
    r"|^pip install |^([a-z0-9]{2,4} ){6}"  # commands, lists of extensions
)
UNITS = re.compile(
    r"\b(px|ms|kB|MB|GB|MiB|dB|fps|kbit/s|Mbit/s|k?Hz|bits?|min|pts|dts|SSIM|PSNR|rgba?|hsv|B|s|h)\b"
)
SHOWN = {
    *("Fact", "setSuffix", "setPrefix", "help", "unit", "suffix"),
    *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText"),
    *("setWindowTitle", "setTitle", "drawText", "addItem"),
    *("echo_rows", "long_work"),
}
"""What shows a text whatever it looks like: functions, and keywords of functions."""
FOR_THE_LOG = {"refuse", "_log_index"}
"""Functions of FrameScope's own that take a reason which only the log says."""
LOGGED = {"debug", "info", "warning", "error", "exception", "critical", "log", "warn"}
ASKS_TEXT = {
    *(
        "compile",
        "match",
        "fullmatch",
        "search",
        "sub",
        "split",
        "rsplit",
        "partition",
        "rpartition",
        "replace",
    ),
    *(
        "startswith",
        "endswith",
        "removeprefix",
        "removesuffix",
        "strip",
        "find",
        "count",
        "get",
        "pop",
        "cast",
        "TypeVar",
    ),
}
"""Methods that compare with a literal or cut it, and what names types."""
NAMES_THINGS = {
    "setObjectName",
    "setProperty",
    "setStyleSheet",
    "set_role",
    "bind",
    "field",
    "resource_path",
    "Path",
    "ThreadPoolExecutor",
    "FieldStyle",
}
PROGRAMMERS_ERRORS = {
    *("ValueError", "TypeError", "KeyError", "IndexError", "RuntimeError", "AttributeError", "LookupError"),
    *("NotImplementedError", "OSError", "FileNotFoundError", "FileExistsError", "ModuleNotFoundError"),
    # Says why a table is not read directly, for the log.
    *("NotPlainError", "ChildEnded"),
}
PRODUCTS = {
    "OpenCV",
    "PyAV",
    "FrameScope",
    "FFmpeg",
    "Qt",
    "NumPy",
    "Pillow",
    "Matroska",
    "WebM",
    "LosslessCut",
    "Avidemux",
    "Inter",
}
KEYS = {
    "Left",
    "Right",
    "Up",
    "Down",
    "Space",
    "PgUp",
    "PgDown",
    "Insert",
    "Home",
    "End",
    "Delete",
    "Backspace",
}


def untranslated(path: Path, room: str) -> Iterator[tuple[int, str]]:
    """The literals of a module that people read and that no translation reaches: line and text.

    Args:
        path: The module.
        room: The folder of the package that it lies in, such as ``ui``.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _below(tree, (), room)


def _below(node: ast.AST, parents: tuple[ast.AST, ...], room: str) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # A docstring.
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        text = _text(node)
        is_shown = text not in PRODUCTS and _has_words(text) and _is_shown(parents)
        if (is_shown or _is_read(text, node, room)) and not _is_for_programs(node, parents, room):
            yield node.lineno, text
            return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.FormattedValue) and child is node.format_spec):
            yield from _below(child, (*parents, node), room)


def _text(node: ast.JoinedStr | ast.Constant) -> str:
    parts = [node] if isinstance(node, ast.Constant) else node.values
    text = "".join(str(part.value) if isinstance(part, ast.Constant) else "\x01" for part in parts)
    return TAGS.sub(lambda tag: " \x01 ".join(["", *ATTRIBUTES.findall(tag[0]), ""]), text).strip()


def _has_words(text: str) -> bool:
    return re.search("[a-z]{2}", UNITS.sub("", text)) is not None


def _is_shown(parents: tuple[ast.AST, ...]) -> bool:
    """Whether its surroundings show a literal to people, whatever it looks like."""
    within = [parent for parent in parents if not isinstance(parent, ast.IfExp)]
    if not within:
        return False
    if isinstance(within[-1], ast.Tuple) and isinstance(within[-2], ast.List):
        # A row of a table, by its head.
        return _shows(within[-3])
    if isinstance(within[-1], ast.Return):
        inner = [parent for parent in within if isinstance(parent, ast.FunctionDef)]
        return bool(inner) and inner[-1].name.endswith("_words")
    return _shows(within[-1])


def _shows(parent: ast.AST) -> bool:
    if isinstance(parent, ast.keyword):
        return parent.arg in SHOWN
    return isinstance(parent, ast.Call) and called(parent) in SHOWN


def _is_read(text: str, node: ast.JoinedStr | ast.Constant, room: str) -> bool:
    """Whether somebody reads this: words with spaces, or in the window a capitalised one."""
    if FOR_PROGRAMS.search(text):
        return False
    if isinstance(node, ast.JoinedStr):
        return re.search(r"[A-Za-z]{2,}[,.:;)]? |[ (][A-Za-z]{2,}", UNITS.sub("", text)) is not None
    if SENTENCE.search(text):
        return True
    is_label = room in ("ui", "session") and LABEL.fullmatch(text) is not None
    return is_label and not text.isupper() and text not in PRODUCTS | KEYS


def _is_for_programs(node: ast.AST, parents: tuple[ast.AST, ...], room: str) -> bool:
    """Whether its surroundings make a literal a name, a key, a pattern, a log line or already translated."""
    return any(
        _makes_it_a_name(parent, child, room)
        for parent, child in zip(parents, (*parents[1:], node), strict=True)
    )


def _makes_it_a_name(parent: ast.AST, child: ast.AST, room: str) -> bool:
    is_name = False
    match parent:
        case ast.JoinedStr() | ast.Compare() | ast.Assert() | ast.MatchValue():
            is_name = True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            is_name = True
        case ast.Call(args=args):
            is_name = _takes_for_programs(parent, args.index(child) if child in args else -1)
        case ast.Raise(exc=ast.Call() as call):
            is_name = called(call) in PROGRAMMERS_ERRORS
        case ast.ClassDef(bases=bases):
            # What core's enumerations hold is stored in files.
            is_name = (
                room == "core"
                and isinstance(child, ast.Assign)
                and any("Enum" in ast.unparse(base) for base in bases)
            )
        case ast.Dict(keys=keys):
            is_name = child in keys and isinstance(child, ast.Constant)
        case ast.Subscript(slice=part) | ast.AnnAssign(annotation=part) | ast.arg(annotation=part):
            is_name = part is child
        case ast.FunctionDef(returns=part):
            is_name = part is child
    return is_name


def _takes_for_programs(call: ast.Call, place: int) -> bool:
    name = called(call)
    if name in TRANSLATORS:
        return place < TRANSLATORS[name] and place >= 0
    if name in LOGGED:
        return isinstance(call.func, ast.Attribute) and "log" in ast.unparse(call.func.value).lower()
    return name == "Thread" or (place >= 0 and name in ASKS_TEXT | NAMES_THINGS | FOR_THE_LOG)


def called(call: ast.Call) -> str:
    """The bare name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def translated(path: Path) -> Iterator[ast.Call]:
    """The calls of a module that look a text up."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and called(node) in TRANSLATORS:
            yield node
