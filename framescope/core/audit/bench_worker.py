"""The child process of a benchmark: runs one task at a time and reports how long it took."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from framescope.core.audit.engines.protocol import Ask
from framescope.core.audit.engines.read_on import pictures_of
from framescope.core.audit.messages import Attempt, Channel, digest_of, load_factory, target_from

if TYPE_CHECKING:
    from framescope.core.audit.engines.protocol import Delivered, Engine, EngineFactory, Target
    from framescope.core.audit.messages import Message


def run(channel: Channel | None = None) -> None:
    """Serve turns until the parent has no more."""
    channel = channel or Channel()
    job = channel.receive()
    if job is None:
        return
    channel.send("started")
    with Attempt() as attempt:
        worker = _Worker(load_factory(job["factory"]), target_from(job["target"]))
    if attempt.error:
        channel.send("failed", text=attempt.error)
        return
    channel.send("done")
    while (turn := channel.receive()) is not None:
        answer: Message = {}
        with Attempt() as attempt:
            answer = worker.serve(turn)
        if attempt.error:
            channel.send("failed", text=attempt.error)
        else:
            channel.send("turn", **answer)
            channel.send("done")
    worker.close()


class _Worker:
    """One engine, kept open between turns, and its reference pass."""

    def __init__(self, factory: EngineFactory, target: Target) -> None:
        self._factory = factory
        self._target = replace(target, convert=True, keeps_frames=True)
        self._engine: Engine = factory(self._target)
        self._digests: list[int] = []

    def serve(self, turn: Message) -> Message:
        """One turn: ``open``, ``sequential``, ``learn``, ``clips`` or ``ask``."""
        if turn["do"] == "open":
            return self._open()
        if turn["do"] == "sequential":
            return self._read(int(turn["count"]), float(turn["seconds"]))
        if turn["do"] == "learn":
            return self._learn(
                int(turn["count"]), float(turn["seconds"]), is_whole=bool(turn.get("is_whole"))
            )
        # A fresh reader: frames cached in an earlier turn would make the timing meaningless.
        self._open(keeps_frames=bool(turn["keeps_frames"]))
        if turn["do"] == "clips":
            return self._read_clips(
                [[Ask(*row) for row in clip] for clip in turn["clips"]], float(turn["seconds"])
            )
        return self._ask([Ask(*row) for row in turn["asks"]], float(turn["seconds"]))

    def _open(self, *, keeps_frames: bool = True) -> Message:
        self._engine.close()
        target = replace(self._target, keeps_frames=keeps_frames)
        began = time.perf_counter()
        self._engine = self._factory(target)
        return {"samples_ms": [_since_ms(began)], "claimed": self._engine.frame_count_claimed}

    def _read(self, count: int, seconds: float) -> Message:
        done, began = 0, time.perf_counter()
        for done, _ in enumerate(pictures_of(self._engine.sequential()), 1):
            if done >= count or time.perf_counter() - began > seconds:
                break
        # Time per frame, so that engines that were stopped earlier are comparable.
        return {"samples_ms": [_since_ms(began) / done] if done else [], "count": done}

    def _learn(self, count: int, seconds: float, *, is_whole: bool) -> Message:
        """Take the digests of the first frames; not timed, but limited.

        If these are all that the file has, see whether there are more.
        """
        began, is_short, has_more = time.perf_counter(), False, False
        for delivered in pictures_of(self._engine.sequential()):
            if len(self._digests) >= count:
                has_more = True
                break
            self._digests.append(digest_of(delivered))
            if len(self._digests) >= count and not is_whole:
                break
            if time.perf_counter() - began > seconds:
                is_short = True
                break
        return {"count": len(self._digests), "is_short": is_short, "has_more": has_more}

    def _ask(self, asks: list[Ask], seconds: float) -> Message:
        samples, wrong, failed, began = list[float](), 0, 0, time.perf_counter()
        for ask in asks:
            if samples and time.perf_counter() - began > seconds:
                break
            delivered: Delivered | None = None
            at = time.perf_counter()
            with Attempt():
                delivered = self._engine.seek_read(ask)
            samples.append(_since_ms(at))
            if delivered is None:
                failed += 1
            else:
                wrong += not self._is_right(ask, delivered)
        return {"samples_ms": samples, "wrong": wrong, "failed": failed}

    def _read_clips(self, clips: list[list[Ask]], seconds: float) -> Message:
        samples, wrong, failed, began = list[float](), 0, 0, time.perf_counter()
        for asks in clips:
            if samples and time.perf_counter() - began > seconds:
                break
            spent_ms, rights = self._read_clip(asks)
            samples.append(spent_ms)
            if not all(rights):
                wrong += 1
            elif len(rights) < len(asks):
                failed += 1
        return {"samples_ms": samples, "wrong": wrong, "failed": failed}

    def _read_clip(self, asks: list[Ask]) -> tuple[float, list[bool]]:
        """Milliseconds for one clip without those for checking it; and whether each frame was right."""
        spent_ms, rights = 0.0, list[bool]()
        at = time.perf_counter()
        with Attempt():
            # More than was requested would be wrong frames for whoever stacks them.
            for ask, delivered in zip(asks, self._engine.read_clip(asks), strict=False):
                spent_ms += _since_ms(at)
                rights.append(self._is_right(ask, delivered))
                at = time.perf_counter()
        return spent_ms + _since_ms(at), rights

    def _is_right(self, ask: Ask, delivered: Delivered) -> bool:
        """Whether it is the picture of this number; False if the engine's own sequence lacks it."""
        known = self._digests
        return ask.frame_number < len(known) and digest_of(delivered) == known[ask.frame_number]

    def close(self) -> None:
        """Release the file."""
        with Attempt():
            self._engine.close()


def _since_ms(began: float) -> float:
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    run()
