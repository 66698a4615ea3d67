"""Finds the files that ship with FrameScope (icon, theme, fonts), installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
# The wheel and a frozen application carry the folder inside the package, a checkout beside it.
_CANDIDATES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def resource_path(*parts: str) -> Path:
    """The path of a shipped file, such as ``resource_path("theme", "framescope.qss")``.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    for folder in _CANDIDATES:
        path = folder.joinpath(*parts)
        if path.exists():
            return path
    name = "/".join(parts)
    raise FileNotFoundError(f"FrameScope's own file {name} is missing from the installation")
