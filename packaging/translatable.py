"""Extracts the texts that translators work on; `pybabel` calls it (see CONTRIBUTING.md)."""

from __future__ import annotations

import ast
from typing import IO, TYPE_CHECKING, Any

from babel.messages.extract import extract_python

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


def extract(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[tuple[int, Any, Any, Any]]:
    """The texts of a module: what is looked up, and the docstrings that commands show as their help.

    Yields:
        As Babel wants it: line number, function, texts, and comments.
    """
    yield from extract_python(file, keywords, comment_tags, options)  # type: ignore[arg-type]
    file.seek(0)
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.FunctionDef):
            decorators = ";".join(map(ast.unparse, node.decorator_list))
            if "command(" in decorators and (text := ast.get_docstring(node)):
                yield node.lineno, None, text, []
