"""What is different in a frozen program: a PyInstaller bundle with its own Python and libraries."""

from __future__ import annotations

import os
import sys

_BUNDLE_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
"""What PyInstaller sets so that the program finds its own libraries. Only read while it starts."""


def is_frozen() -> bool:
    """Whether this is the frozen program."""
    return bool(getattr(sys, "frozen", False))


def forget_bundle_paths() -> None:
    """Keep programs that this one starts, such as a file manager, from loading the bundle's libraries.

    To be called once Qt has started. PyInstaller keeps the user's library path in ``…_ORIG``, not Qt's paths.
    """
    if not is_frozen():
        return
    for name in _BUNDLE_VARIABLES:
        os.environ.pop(name, None)
        before = os.environ.pop(f"{name}_ORIG", None)
        if before is not None:
            os.environ[name] = before
