"""Scenes are pure, move from frame to frame, and differ from each other; labels stay inside the picture."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from framescope.core.synth.patterns import draw_label, draw_scene


@pytest.mark.parametrize("scene", [0, 1])
def test_a_scene_depends_on_the_frame_number_alone(scene: int) -> None:
    again = draw_scene(17, 160, 120, scene=scene)
    draw_scene(3, 160, 120, scene=scene)
    assert again.shape == (120, 160, 3)
    assert again.dtype == np.uint8
    np.testing.assert_array_equal(draw_scene(17, 160, 120, scene=scene), again)


@pytest.mark.parametrize("scene", [0, 1])
def test_neighbouring_frames_differ(scene: int) -> None:
    pictures = [draw_scene(n, 320, 240, scene=scene) for n in range(12)]
    assert all((a != b).any() for a, b in itertools.pairwise(pictures))


def test_the_two_scenes_are_far_apart() -> None:
    dusk, orrery = (draw_scene(0, 160, 120, scene=scene).astype(float) for scene in (0, 1))
    assert abs(dusk.mean() - orrery.mean()) > 60


@pytest.mark.parametrize("size", [(64, 48), (32, 32), (640, 360)])
def test_a_label_changes_the_picture_where_it_is_asked_to(size: tuple[int, int]) -> None:
    picture = np.full((size[1], size[0], 3), 100, np.uint8)
    draw_label(picture, "42", center=(0.5, 0.25), height=0.2)
    assert (picture[: size[1] // 2] > 180).any()
    assert (picture[size[1] * 3 // 4 :] == 100).all()
