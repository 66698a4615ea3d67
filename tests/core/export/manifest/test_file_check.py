"""Files read back, several at a time."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from framescope.core.export.manifest.file_check import file_digest, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def test_the_digest_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"data" * 100_000)
    assert file_digest(tmp_path / "a") == hashlib.sha256(b"data" * 100_000).hexdigest()
    assert file_digest(tmp_path) is None
    assert file_digest(tmp_path / "missing") is None


def test_answers_come_in_the_order_of_the_work() -> None:
    second_done = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            assert second_done.wait(60)
        if number == 1:
            second_done.set()
        return number

    with ThreadPoolExecutor(2) as pool:
        assert list(in_order(pool, (partial(work, n) for n in range(300)))) == list(range(300))


def test_work_is_not_handed_out_far_ahead() -> None:
    handed: list[int] = []

    def pieces() -> Iterator[Callable[[], int]]:
        for number in range(1000):
            handed.append(number)
            yield partial(int, number)

    with ThreadPoolExecutor(2) as pool:
        answers = in_order(pool, pieces())
        next(answers)
        assert len(handed) < 100
        answers.close()  # type: ignore[attr-defined]
