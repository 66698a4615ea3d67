"""The memory that a control group leaves, as version 1 and 2 of them tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

from framescope.core.machine_memory import group_limits, memory_bytes

if TYPE_CHECKING:
    from pathlib import Path

UNLIMITED_V1 = 9223372036854771712


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("groups", "files", "limits"),
    [
        ("0::/", {"memory.max": "1000\n"}, [1000]),
        ("0::/", {"memory.max": "max\n"}, []),
        ("0::/a/b", {"a/b/memory.max": "3000", "a/memory.max": "2000"}, [3000, 2000]),
        ("0::/of/the/host", {"memory.max": "700"}, [700]),
        ("0::/../../elsewhere", {"memory.max": "700"}, [700]),
        ("4:cpu,memory:/x\n1:name=systemd:/x", {"memory/x/memory.limit_in_bytes": "500"}, [500]),
        ("4:memory:/x", {"memory/memory.limit_in_bytes": str(UNLIMITED_V1)}, [UNLIMITED_V1]),
        ("nonsense", {"memory.max": "-3"}, []),
    ],
)
def test_limits_of_groups(groups: str, files: dict[str, str], limits: list[int], tmp_path: Path) -> None:
    write(tmp_path / "cgroup", groups)
    for name, text in files.items():
        write(tmp_path / "root" / name, text)
    assert list(group_limits(tmp_path / "cgroup", tmp_path / "root")) == limits


def test_where_there_are_no_groups(tmp_path: Path) -> None:
    assert list(group_limits(tmp_path / "none", tmp_path)) == []


def test_no_more_than_the_machine_has() -> None:
    assert 0 < memory_bytes() <= psutil.virtual_memory().total
