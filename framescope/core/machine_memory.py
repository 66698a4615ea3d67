"""How much memory this program may use: the machine's, or its container's where that has less."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUPS_OF_SELF = Path("/proc/self/cgroup")
_GROUP_ROOT = Path("/sys/fs/cgroup")


@cache
def memory_bytes() -> int:
    """Bytes: the least of what the machine has and what the control groups of this process allow."""
    return min([_machine_bytes(), *group_limits(_GROUPS_OF_SELF, _GROUP_ROOT)])


def _machine_bytes() -> int:
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    # Asked at every start, so what takes long to import is only imported where nothing else knows.
    import psutil  # noqa: PLC0415

    return int(psutil.virtual_memory().total)


def group_limits(groups: Path, root: Path) -> Iterator[int]:
    """The memory limits of Linux control groups, version 1 and 2, in bytes; none on other systems.

    Args:
        groups: What lists the groups of a process, as ``/proc/self/cgroup`` does.
        root: Where the groups are mounted.
    """
    for base, group, name in _memory_groups(groups, root):
        # The limit of every group around it holds too. Inside a container the path may be the host's, which
        # is not there: the container's own group is the root then.
        for folder in (group, *group.parents):
            limit = _number_in(base / folder.relative_to("/") / name)
            if limit is not None:
                yield limit


def _memory_groups(groups: Path, root: Path) -> Iterator[tuple[Path, PurePosixPath, str]]:
    """For each group with a say: where its kind is mounted, its path there, the file with the limit."""
    try:
        lines = groups.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        group = PurePosixPath("/", path.lstrip("/"))
        if ".." in group.parts:
            group = PurePosixPath("/")
        if not controllers:
            yield root, group, "memory.max"
        elif "memory" in controllers.split(","):
            yield root / "memory", group, "memory.limit_in_bytes"


def _number_in(path: Path) -> int | None:
    """The number in a file; None if there is none, as for ``max``."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return int(text) if text.isdigit() and int(text) > 0 else None
