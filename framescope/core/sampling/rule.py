"""Frames chosen by keywords, as scripts give them: one method, and what is left of its frames."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.refinement import Refinement
from framescope.core.sampling.sampling import Sampling, SamplingKind, WindowUnit
from framescope.core.sampling.scenes import SceneDetector, SceneRule
from framescope.core.text import listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class _Rule:
    """The keywords of `framescope.choose` that say which frames."""

    frames: str | Iterable[int] | None = None
    every: int | None = None
    every_seconds: float | None = None
    spread: int | None = None
    fps: float | None = None
    clip_length: int | None = None
    clip_stride: int = 0
    max_clips: int = 0
    keyframes: bool = False
    scenes: bool | str | SceneRule = False
    sharpest_per_frames: int | None = None
    sharpest_per_seconds: float | None = None
    no_duplicates: bool = False
    max_distance: int | None = None
    anywhere: bool = False
    representative: int | None = None
    exclude: str | Iterable[int] | None = None
    per_scene: int | None = None
    scene_rule: str | SceneRule | None = None
    at_most: int | None = None


RULE_WORDS = tuple(part.name for part in fields(_Rule))
"""The keywords of a rule."""


def sampling_from_rule(rule: Mapping[str, Any]) -> Sampling:
    """The sampling that the keywords of `framescope.choose` describe.

    Raises:
        SettingsError: A keyword is unknown or has no effect, or not exactly one method is given.
    """
    unknown = sorted(set(rule) - set(RULE_WORDS))
    if unknown:
        raise SettingsError(
            tr("Unknown keywords in a choice of frames: {names}.", names=listed(unknown)),
            hint=tr("The keywords are {known}.", known=", ".join(RULE_WORDS)),
        )
    one = _Rule(**rule)
    rules: dict[str, tuple[bool, Callable[[], Sampling]]] = {
        "frames": (
            one.frames is not None,
            lambda: Sampling(SamplingKind.LIST, listed=_listed(one.frames or "")),
        ),
        "every": (
            one.every is not None,
            lambda: Sampling(SamplingKind.EVERY_NTH, step=_whole("every", one.every)),
        ),
        "every_seconds": (
            one.every_seconds is not None,
            lambda: Sampling(SamplingKind.EVERY_SECONDS, interval_s=one.every_seconds or 0),
        ),
        "spread": (
            one.spread is not None,
            lambda: Sampling(SamplingKind.SPREAD, count=_whole("spread", one.spread)),
        ),
        "fps": (
            one.fps is not None,
            lambda: _at_rate(one.fps or 0, one.clip_length, one.clip_stride, one.max_clips),
        ),
        "keyframes": (one.keyframes, lambda: Sampling(SamplingKind.KEYFRAMES)),
        "scenes": (
            one.scenes is not False,
            lambda: Sampling(SamplingKind.SCENES, scenes=_scene_rule(one.scenes)),
        ),
        "sharpest_per_frames": (
            one.sharpest_per_frames is not None,
            lambda: _sharpest(_whole("sharpest_per_frames", one.sharpest_per_frames), WindowUnit.FRAMES),
        ),
        "sharpest_per_seconds": (
            one.sharpest_per_seconds is not None,
            lambda: _sharpest(one.sharpest_per_seconds or 0, WindowUnit.SECONDS),
        ),
        "no_duplicates": (one.no_duplicates, lambda: _distinct(one.max_distance, anywhere=one.anywhere)),
        "representative": (
            one.representative is not None,
            lambda: Sampling(
                SamplingKind.REPRESENTATIVE, representatives=_whole("representative", one.representative)
            ),
        ),
    }
    given = [name for name, (is_given, _) in rules.items() if is_given]
    skips_duplicates = len(given) > 1 and one.no_duplicates
    if skips_duplicates:
        given.remove("no_duplicates")
    if not given and one.per_scene is not None:
        rules["per_scene"] = (True, lambda: Sampling(SamplingKind.EVERY_NTH, step=1))
        given = ["per_scene"]
    if len(given) != 1:
        names = listed(given) or tr("no rule")
        raise SettingsError(
            tr("Frames are chosen by one rule, not by {names}.", names=names),
            hint=tr("The rules are {rules}.", rules=", ".join(rules)),
        )
    for name, is_given, companion, is_there in (
        ("clip_length", one.clip_length is not None, "fps", one.fps is not None),
        ("clip_stride", one.clip_stride != 0, "clip_length", one.clip_length is not None),
        ("max_clips", one.max_clips != 0, "clip_length", one.clip_length is not None),
        ("max_distance", one.max_distance is not None, "no_duplicates", one.no_duplicates),
        ("anywhere", one.anywhere, "no_duplicates", one.no_duplicates),
        ("scene_rule", one.scene_rule is not None, "per_scene", one.per_scene is not None),
    ):
        if is_given and not is_there:
            raise SettingsError(
                tr("{name} has no effect without {companion}.", name=name, companion=companion),
                hint=tr("Give {companion} as well.", companion=companion),
            )
    sampling = rules[given[0]][1]()
    if skips_duplicates:
        judging = _distinct(one.max_distance, anywhere=one.anywhere)
        sampling = replace(sampling, distance=judging.distance, anywhere=judging.anywhere)
    if one.scene_rule is not None or (one.per_scene is not None and sampling.kind is not SamplingKind.SCENES):
        sampling = replace(sampling, scenes=_scene_rule(one.scene_rule or True))
    refine = _refinement(one.exclude, one.per_scene, one.at_most, skips_duplicates=skips_duplicates)
    return replace(sampling, refine=refine)


def frame_numbers_in(frames: ArrayLike | Iterable[int]) -> NDArray[np.int64]:
    """The numbers as an array of one dimension, or of two for clips.

    Raises:
        SettingsError: They are not whole numbers: casting fractions or a mask would save other frames.
    """
    try:
        numbers = np.asarray(frames if isinstance(frames, np.ndarray) else list(frames))  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise SettingsError(tr("The frames must be a list of numbers.")) from error
    if numbers.size and (numbers.dtype.kind not in "iu" or numbers.ndim not in (1, 2)):
        raise SettingsError(
            tr("Frames are whole numbers: one list, or one list for each clip."),
            hint=tr("Use np.flatnonzero to convert a mask to numbers."),
        )
    return numbers.astype(np.int64)


def _listed(frames: str | Iterable[int]) -> str:
    return frames if isinstance(frames, str) else ",".join(map(str, frame_numbers_in(frames).tolist()))


def _whole(name: str, value: Any) -> int:  # noqa: ANN401 - whatever was given
    try:
        return operator.index(value)
    except TypeError as error:
        raise SettingsError(
            tr("{name} must be a whole number, not {value!r}.", name=name, value=value)
        ) from error


def _refinement(
    exclude: str | Iterable[int] | None,
    per_scene: int | None,
    at_most: int | None,
    *,
    skips_duplicates: bool,
) -> Refinement:
    for name, count in (("per_scene", per_scene), ("at_most", at_most)):
        if count is not None and _whole(name, count) < 1:
            raise SettingsError(tr("{name} must be 1 or more.", name=name))
    excluded = "" if exclude is None else _listed(exclude)
    return Refinement(excluded, skips_duplicates, per_scene or 0, at_most or 0)


def _distinct(max_distance: int | None, *, anywhere: bool) -> Sampling:
    distance = Sampling().distance if max_distance is None else _whole("max_distance", max_distance)
    return Sampling(SamplingKind.DISTINCT, distance=distance, anywhere=anywhere)


def _at_rate(fps: float, length: int | None, stride: int, count: int) -> Sampling:
    if length is None:
        return Sampling(SamplingKind.RATE, rate_fps=fps)
    return Sampling(
        SamplingKind.CLIPS, rate_fps=fps, clips=ClipRule(_whole("clip_length", length), stride, count)
    )


def _scene_rule(scenes: bool | str | SceneRule) -> SceneRule:  # noqa: FBT001 - as `choose` takes it
    if isinstance(scenes, SceneRule):
        return scenes
    try:
        return SceneRule() if isinstance(scenes, bool) else SceneRule(SceneDetector(scenes))
    except ValueError as error:
        names = ", ".join(one.value for one in SceneDetector)
        raise SettingsError(
            tr("Unknown scene detector: {scenes!r}.", scenes=scenes),
            hint=tr("The detectors are {names}.", names=names),
        ) from error


def _sharpest(window: float, unit: WindowUnit) -> Sampling:
    return Sampling(SamplingKind.SHARPEST, window=window, window_unit=unit)
