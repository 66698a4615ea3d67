"""The child process of a trial: opens one engine, reads the whole file, then requests frames."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from framescope.core.audit.engines.protocol import Ask, Nothing
from framescope.core.audit.engines.read_on import pictures_of
from framescope.core.audit.messages import (
    Answer,
    Attempt,
    Channel,
    answer_of,
    digest_of,
    is_flat,
    load_factory,
    look_of,
    target_from,
)
from framescope.core.audit.requests import Order, thin_out
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.audit.engines.protocol import Delivered, Engine
    from framescope.core.audit.messages import Message

_FLUSH_S = 0.2
_FIRST_SHARE = 0.6
"""The share of the time for requests that the first order may take in a quick trial."""


def run(channel: Channel | None = None) -> None:
    """Serve one job and end."""
    channel = channel or Channel()
    job = channel.receive()
    if job is None:
        return
    _serve(channel, job)
    # The caller still reads the memory usage of this process, then ends it.
    channel.receive()


def _serve(channel: Channel, job: Message) -> None:
    channel.send("started")
    target = target_from(job["target"])
    began = time.perf_counter()
    with Attempt() as attempt:
        engine = load_factory(job["factory"])(target)
    if attempt.error:
        channel.send("failed", text=attempt.error)
        return
    opened_s = time.perf_counter() - began
    channel.send("opened", claimed=engine.frame_count_claimed, open_s=opened_s)
    total, is_complete = _Reading(channel, engine, job).run()
    if total:
        _Asking(channel, engine, job).run(total, is_complete=is_complete)
    channel.send("done")
    with Attempt():
        engine.close()


class _Reading:
    """The sequential pass, and the start of a second one."""

    def __init__(self, channel: Channel, engine: Engine, job: Message) -> None:
        self._channel = channel
        self._engine = engine
        self._budget_s: float | None = job.get("sequence_s")
        self._rerun: int = job.get("rerun", 0)
        self._most: float = job.get("most_frames") or math.inf

    def run(self) -> tuple[int, bool]:
        """Read the file; returns the number of frames, and whether these were all."""
        channel, rows = self._channel, list[list[Any]]()
        began = last = flushed = time.perf_counter()
        spent = 0.0
        missed, look = list[list[Any]](), None
        total, flat, ended, endless = 0, True, True, ""
        with Attempt() as attempt:
            pictures = self._engine.sequential()
            for step in pictures:
                # Hashing is the trial's own work, so it does not count as the engine's.
                spent += time.perf_counter() - last
                if isinstance(step, Nothing):
                    missed.append([total, step.words])
                else:
                    if not total:
                        look = look_of(step.planes[0]) if len(step.planes) == 1 else None
                    flat = flat and is_flat(step)
                    rows.append([digest_of(step), step.pts, step.time_s])
                    total += 1
                now = time.perf_counter()
                if now - flushed > _FLUSH_S:
                    channel.send("sequence", rows=rows)
                    rows, flushed = [], now
                if self._budget_s is not None and now - began > self._budget_s and total > 1:
                    ended = False
                    break
                if total + len(missed) > self._most:
                    # Such as copies of a frame for each tick until the next one; they would fill the memory.
                    ended, endless = False, tr("stopped after {count} frames", count=total)
                    break
                last = time.perf_counter()
            _stop(pictures)
        channel.send("sequence", rows=rows)
        is_complete = ended and not attempt.error
        channel.send(
            "sequence_end",
            complete=is_complete,
            elapsed_s=spent,
            error=attempt.error or endless,
            flat=flat and total > 0,
            look=None if look is None else look.tolist(),
            # After the last picture, no result is what a program expects.
            missed=[one for one in missed if one[0] < total],
        )
        self._read_again(min(self._rerun, total))
        return total, ended

    def _read_again(self, count: int) -> None:
        digests: list[int] = []
        with Attempt():
            pictures = pictures_of(self._engine.sequential())
            if count:
                for delivered in pictures:
                    digests.append(digest_of(delivered))
                    if len(digests) >= count:
                        break
            _stop(pictures)
        self._channel.send("rerun", digests=digests)


def _stop(pictures: Iterator[Delivered | Nothing]) -> None:
    close = getattr(pictures, "close", None)
    if close is not None:
        close()


class _Asking:
    """The requests, order by order, each made twice."""

    def __init__(self, channel: Channel, engine: Engine, job: Message) -> None:
        self._channel = channel
        self._engine = engine
        self._rounds: list[Message] = job["rounds"]
        self._budget_s: float | None = job.get("seek_s")

    def run(self, total: int, *, is_complete: bool) -> None:
        """Request every frame that the sequential pass reached, and one past the end."""
        asked, spent = 0, 0.0
        for number, one in enumerate(self._rounds):
            asks = [Ask(*row) for row in one["asks"] if row[0] < total]
            limit_s = None
            if self._budget_s is not None:
                left_s = self._budget_s - spent
                limit_s = (
                    self._budget_s * _FIRST_SHARE if number == 0 else left_s / (len(self._rounds) - number)
                )
                if number:
                    asks = _fitting(asks, limit_s, spent / max(asked, 1))
            began = time.perf_counter()
            asked += self._ask_all(Order(one["order"]), asks, limit_s)
            spent += time.perf_counter() - began
        if is_complete:
            first, ms = self._ask(Ask(total))
            self._channel.send("past_end", n=total, ms=ms, answer=first.as_row())

    def _ask_all(self, order: Order, asks: list[Ask], limit_s: float | None) -> int:
        began = time.perf_counter()
        for done, ask in enumerate(asks):
            if limit_s is not None and done and time.perf_counter() - began > limit_s:
                return done
            if order is Order.END_THEN_BACK:
                with Attempt():
                    self._engine.go_to_end()
            first, ms = self._ask(ask)
            second, _ = self._ask(ask)
            self._channel.send(
                "answer",
                order=order.value,
                n=ask.frame_number,
                ms=ms,
                first=first.as_row(),
                second=second.as_row(),
            )
        return len(asks)

    def _ask(self, ask: Ask) -> tuple[Answer, float]:
        delivered: Delivered | None = None
        began = time.perf_counter()
        with Attempt() as attempt:
            delivered = self._engine.seek_read(ask)
        elapsed_ms = (time.perf_counter() - began) * 1000
        return answer_of(delivered, attempt.error), elapsed_ms


def _fitting(asks: list[Ask], limit_s: float, each_s: float) -> list[Ask]:
    """As many of the requests as time allows, evenly spread."""
    kept = thin_out(range(len(asks)), max(1, int(limit_s / max(each_s, 1e-6)))) if asks else []
    return [asks[place] for place in kept]


if __name__ == "__main__":
    run()
