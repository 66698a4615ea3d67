"""Draws a film as cameras take them: pans of changing speed, moving things, cuts, still scenes, fades, grain.

Nothing in its pictures says which frame they are: the truth is what the test put where.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

WIDTH, HEIGHT = 320, 180
_WORLD = 900


@lru_cache(maxsize=16)
def _world(scene: int) -> Picture:
    """A texture of many scales, as surfaces have."""
    random = np.random.default_rng(1000 + scene)
    world = np.zeros((_WORLD, _WORLD, 3), np.float32)
    for size, strength in ((4, 50), (9, 40), (23, 30), (71, 22), (180, 14)):
        octave = random.normal(0, strength, (size, size, 3)).astype(np.float32)
        octave = 0.3 * octave + 0.7 * octave.mean(axis=2, keepdims=True)
        world += cv2.resize(octave, (_WORLD, _WORLD), interpolation=cv2.INTER_CUBIC)
    world += random.uniform(80, 150)
    for _ in range(12):
        x, y, r = random.integers(0, _WORLD, 3)
        cv2.circle(world, (int(x), int(y)), int(10 + r / 20), random.uniform(0, 255, 3).tolist(), -1)
    return np.clip(world, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Shot:
    """One scene.

    Attributes:
        frames: How many frames it has.
        speed: Pixels of the camera's movement from frame to frame, at most.
        things: Things that move by themselves.
    """

    frames: int
    speed: float = 3.0
    things: int = 2


FILM = (
    Shot(70, 3.0),
    Shot(45, 0.0, 0),
    Shot(80, 0.6, 1),
    Shot(60, 6.0, 3),
    Shot(90, 0.0, 1),
    Shot(55, 2.0),
)
"""400 frames: fast, still, slow, hectic, a still camera with something moving in front of it, ordinary."""


def film(shots: Sequence[Shot] = FILM, *, grain: float = 1.5) -> list[Picture]:
    """The frames, (180, 320, 3) uint8 in R, G, B order."""
    frames: list[Picture] = []
    for scene, shot in enumerate(shots):
        random = np.random.default_rng(scene)
        noise = np.random.default_rng(50 + scene)
        phase, way = random.uniform(0, 6.28, 4), random.uniform(-1, 1, 2)
        x, y = random.uniform(150, _WORLD - WIDTH - 150, 2)
        for number in range(shot.frames):
            pace = shot.speed * (0.65 + 0.35 * np.sin(number / 17 + phase[0]))
            x, y = x + way[0] * pace, y + way[1] * pace * 0.5
            zoom = 1 + 0.04 * np.sin(number / 29) * (shot.speed > 0)
            matrix = np.array([[1 / zoom, 0, -x / zoom % -400], [0, 1 / zoom, -y / zoom % -400]], np.float32)
            picture = cv2.warpAffine(
                _world(scene), matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
            )
            for thing in range(shot.things):
                at = (
                    int(16 * (160 + 130 * np.sin(number / (11 + 5 * thing) + phase[thing]))),
                    int(16 * (90 + 60 * np.cos(number / (14 + 4 * thing) + phase[thing]))),
                )
                color = ((210, 60, 40), (40, 90, 200), (240, 220, 90))[thing]
                cv2.circle(picture, at, 16 * (14 + 4 * thing), color, -1, cv2.LINE_AA, 4)
            if grain and (shot.speed or shot.things):
                rough = noise.normal(0, grain, picture.shape[:2])[..., None]
                picture = np.clip(picture + rough, 0, 255).astype(np.uint8)
            frames.append(np.asarray(picture, np.uint8))
    return frames


def write(  # noqa: PLR0913 - each is named at the call
    path: Path,
    frames: Iterable[Picture],
    *,
    rate: Fraction = Fraction(24),
    crf: int = 20,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
) -> Path:
    """Encode frames, of whatever size the first one has."""
    with av.open(str(path), "w") as container:
        settings = {"crf": str(crf), "preset": "veryfast"} if codec == "libx264" else {}
        stream = container.add_stream(codec, rate=rate, options=settings)
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt = pixel_format
        stream.codec_context.time_base = 1 / rate
        for number, picture in enumerate(frames):
            if not number:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts = number
            frame.time_base = 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
