"""Engines that misbehave on purpose, for the process that watches them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.audit.engines.catalog import EngineSpec
from framescope.core.audit.engines.protocol import Ask, Delivered, Nothing, Target, picture_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FRAMES = 12
"""Frames where there is no file."""
FRAMES_OF_A_CLIP = 48
MEMORY_LIMIT_BYTES = 400 << 20
"""Far above what an honest engine's process takes."""

NO_HURRY: dict[str, Any] = {"sequence_s": None, "seek_s": None}
"""Settings without limits of time, for tests whose result must not depend on the machine's speed."""


def picture(number: int) -> Delivered:
    pixels = np.arange(72, dtype=np.uint8).reshape(4, 6, 3) + np.uint8(number)
    return picture_of(pixels, pts=number, time_s=number / 10)


def blank() -> Delivered:
    return picture_of(np.zeros((4, 6, 3), np.uint8))


class Honest:
    """Gives frame n when asked for n."""

    def __init__(self, target: Target) -> None:
        self.frames = FRAMES_OF_A_CLIP if Path(target.source).is_file() else FRAMES
        self.frame_count_claimed: int | None = self.frames

    def sequential(self) -> Iterator[Delivered | Nothing]:
        return (picture(number) for number in range(self.frames))

    def seek_read(self, ask: Ask) -> Delivered | None:
        return picture(ask.frame_number) if ask.frame_number < self.frames else None

    def read_clip(self, asks: Sequence[Ask]) -> Iterator[Delivered]:
        given = (self.seek_read(ask) for ask in asks)
        return (one for one in given if one is not None)

    def go_to_end(self) -> None:
        pass

    def close(self) -> None:
        pass


class Unending(Honest):
    """Repeats its frames forever."""

    def sequential(self) -> Iterator[Delivered | Nothing]:
        return (picture(number % self.frames) for number in count())


class Halting(Honest):
    """Gives nothing twice in the middle, and continues; nothing again at the end."""

    def sequential(self) -> Iterator[Delivered | Nothing]:
        for number in range(self.frames):
            if number == 5:
                yield from [Nothing("read() returns False")] * 2
            yield picture(number)
        yield Nothing("read() returns False")


class Padding(Honest):
    """Shows frame 5 twice, and none after the last but one, as ffmpeg does to keep a constant rate."""

    def sequential(self) -> Iterator[Delivered | Nothing]:
        return (picture(number - (number > 5)) for number in range(self.frames))


class Late(Honest):
    """Always two frames late, and nothing at the end."""

    def seek_read(self, ask: Ask) -> Delivered | None:
        return picture(ask.frame_number + 2) if ask.frame_number < self.frames - 2 else None


class Refusing(Honest):
    def __init__(self, target: Target) -> None:
        super().__init__(target)
        raise OSError("this is no video to me")


class Complaining(Honest):
    """Prints to stdout, raises what nobody expects, and continues."""

    def seek_read(self, ask: Ask) -> Delivered | None:
        sys.stdout.write("a library prints this\n")
        if ask.frame_number == 3:
            raise KeyError("three")
        return super().seek_read(ask)


class Crashing(Honest):
    def seek_read(self, ask: Ask) -> Delivered | None:
        if ask.frame_number:
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().seek_read(ask)


class Exiting(Honest):
    def seek_read(self, ask: Ask) -> Delivered | None:
        os._exit(7 if ask.frame_number == 0 else 8)


class Hanging(Honest):
    def seek_read(self, ask: Ask) -> Delivered | None:
        if ask.frame_number:
            time.sleep(3600)
        return super().seek_read(ask)


class Greedy(Honest):
    """Takes more than `MEMORY_LIMIT_BYTES` in its first step, every page of it touched, and keeps it."""

    def sequential(self) -> Iterator[Delivered | Nothing]:
        self.held = np.full(MEMORY_LIMIT_BYTES, 7, np.uint8)
        return super().sequential()


class Swelling(Honest):
    """As greedy, but gives everything back at once."""

    def sequential(self) -> Iterator[Delivered | Nothing]:
        np.full(MEMORY_LIMIT_BYTES, 7, np.uint8)
        return super().sequential()


class Delegating(Honest):
    """Lets a program do the work, as DeFFcode does, which takes more than the limit."""

    def sequential(self) -> Iterator[Delivered | Nothing]:
        work = f"import time; kept = bytearray(b'x') * {MEMORY_LIMIT_BYTES}; time.sleep(60)"
        subprocess.run([sys.executable, "-c", work], check=True)
        return super().sequential()


class Moody(Honest):
    """Another picture at every second request."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._turn = 0

    def seek_read(self, ask: Ask) -> Delivered | None:
        self._turn += 1
        return picture(ask.frame_number + self._turn % 2)


class Blind(Honest):
    """One picture for every frame."""

    def sequential(self) -> Iterator[Delivered | Nothing]:
        return (blank() for _ in range(self.frames))

    def seek_read(self, ask: Ask) -> Delivered | None:
        return blank() if ask.frame_number < self.frames else None


class Forgetful(Honest):
    """Other pictures in every run."""

    _runs = 0

    def sequential(self) -> Iterator[Delivered | Nothing]:
        Forgetful._runs += 1
        return (picture(number + 50 * Forgetful._runs) for number in range(self.frames))


class Endless(Honest):
    """Gives a picture past the end too."""

    def seek_read(self, ask: Ask) -> Delivered | None:
        return picture(min(ask.frame_number, self.frames - 1))


def spec_of(engine: type[Honest]) -> EngineSpec:
    """The engine as a catalogue entry; its version is pytest's."""
    return EngineSpec(
        name=engine.__name__.lower(),
        title=engine.__name__,
        short=engine.__name__,
        library="pytest",
        factory=f"tests.core.audit.fake_engines:{engine.__name__}",
        distributions=("pytest",),
        install="pip install pytest",
        call="seek_read(n)",
    )
