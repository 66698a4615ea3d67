"""Recipes in files."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomli_w

from framescope.core.errors import DestinationError, SettingsError, TargetExistsError
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.recipe.recipe import Recipe, load_recipe, parse_recipe, recipe_text, save_recipe
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint, choose
from framescope.core.sampling.scenes import SceneRule
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.media.index import FrameIndex

EVERY_SECOND = Sampling(SamplingKind.EVERY_SECONDS, interval_s=1.5)
PNG = ExportSettings(Path(), image_format=ImageFormat.PNG, compression=4)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(EVERY_SECOND),
        Recipe(EVERY_SECOND, PNG, "{number:02d}", "Name “ü”", "What\nfor"),
        Recipe(Sampling(SamplingKind.CLIPS, rate_fps=12.5, clips=ClipRule(8, 4, 3))),
        Recipe(Sampling(SamplingKind.SCENES, scenes=SceneRule(content=31.5))),
        Recipe(Sampling(SamplingKind.LIST, listed="3,10:20"), replace(PNG, name_pattern="{pts}", quality=70)),
    ],
)
def test_a_recipe_comes_back_as_it_was(recipe: Recipe, tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    save_recipe(recipe, path, replaces=False)
    loaded = load_recipe(path)
    assert loaded.recipe == recipe
    assert loaded.remarks == ()
    assert "framescope export --recipe r.toml" in path.read_text(encoding="utf-8")


def test_only_what_is_no_default_is_written() -> None:
    table = tomllib.loads(recipe_text(Recipe(EVERY_SECOND)))
    assert table == {
        "framescope_recipe": 1,
        "frames": {"kind": "every-seconds", "interval_s": 1.5},
        "pictures": {"image_format": "jpeg", "name_pattern": "{stem}_{frame:06d}"},
    }


def test_a_recipe_says_nothing_of_one_export(tmp_path: Path) -> None:
    pictures = replace(PNG, folder=tmp_path, on_existing=OnExisting.OVERWRITE)
    text = recipe_text(Recipe(replace(EVERY_SECOND, only_in_out=True), pictures))
    assert str(tmp_path) not in text
    assert "overwrite" not in text
    assert "only_in_out" not in text


@pytest.mark.parametrize("kind", [SamplingKind.THIS, SamplingKind.MARKED, SamplingKind.IN_OUT])
def test_marks_and_points_belong_to_one_video(kind: SamplingKind) -> None:
    with pytest.raises(SettingsError, match="applies to a single video"):
        Recipe(Sampling(kind))


def test_keys_that_are_not_known_are_told(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text(
        "framescope_recipe = 1\nauthor = 'me'\n[frames]\nkind = 'all'\nspeed = 3\n[frames.clips]\nwarp = 1\n"
        "[pictures]\nfolder = '/x'\nsharpen = true\n[output]\nzip = true\n",
        encoding="utf-8",
    )
    loaded = load_recipe(path)
    assert loaded.recipe.sampling.kind is SamplingKind.ALL
    assert [remark.split()[0] for remark in loaded.remarks] == [
        "author",
        "frames.speed",
        "frames.clips.warp",
        "pictures.folder",
        "pictures.sharpen",
        "output.zip",
    ]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("[frames]\nkind = 'sometimes'", "frames.kind = 'sometimes'"),
        ("[frames]\nkind = 'all'\nstep = 'three'", "frames.step"),
        ("[frames]\nkind = 'all'\n[frames.clips]\nlength = 'x'", "frames.clips.length"),
        ("[frames]\nkind = 'all'\n[pictures]\nquality = 300", "pictures.quality = 300"),
        ("[frames]\nkind = 'all'\n[pictures]\nimage_format = 'bmp'", "pictures.image_format"),
        ("[frames]\nkind = 'all'\n[pictures]\nrotate = 1", "pictures.rotate"),
        ("[frames]\nkind = 'all'\n[output]\nfolders = 3", "folders = 3"),
        ("[frames]\nkind = 'all'\n[output]\nfolders = '{x}'", "no field {x}"),
        ("frames = 3", "frames is not a table"),
        ("name = 3\n[frames]\nkind = 'all'", "name = 3"),
        ("[frames]\nkind = 'marked'", "applies to a single video"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_not_replaced(body: str, word: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_recipe(f"framescope_recipe = 1\n{body}\n", "r.toml")
    assert word in caught.value.message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "does not contain framescope_recipe"),
        ("framescope_recipe = '1'", "does not contain framescope_recipe"),
        ("framescope_recipe = 1\nx = ", "not TOML"),
        ("framescope_recipe = 99", "of version 99"),
    ],
)
def test_what_is_no_recipe_is_refused(text: str, word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        parse_recipe(text)


def test_files_that_cannot_be_read_or_written_are_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_recipe(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not text"):
        load_recipe(tmp_path / "binary.toml")
    (tmp_path / "huge.toml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(SettingsError, match="has more than"):
        load_recipe(tmp_path / "huge.toml")
    (tmp_path / "r.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(TargetExistsError, match="already exists"):
        save_recipe(Recipe(EVERY_SECOND), tmp_path / "r.toml", replaces=False)
    assert (tmp_path / "r.toml").read_text(encoding="utf-8") == "mine"
    with pytest.raises(DestinationError):
        save_recipe(Recipe(EVERY_SECOND), tmp_path / "r.toml" / "r.toml", replaces=True)


def test_any_value_in_any_place_is_taken_or_refused_as_a_recipe(clip: Callable[[str], Path]) -> None:
    """What is taken can then be executed on a video, or is refused in words; nothing hangs."""
    with open_video(clip("h264.mp4")) as video:
        index = video.index
    usual = Recipe(Sampling(SamplingKind.EVERY_NTH)).as_table()
    kinds = [kind.value for kind in SamplingKind if not kind.needs_content]
    hostile = [
        0,
        -1,
        1 << 62,
        10**30,
        1e-300,
        1e300,
        math.inf,
        math.nan,
        True,
        "x",
        "",
        "0:99999999999",
        [],
        {},
    ]
    places: list[tuple[str, ...]] = [("frames", key) for key in Sampling().as_table()]
    places += [("frames", name, key) for name in ("clips", "scenes") for key in Sampling().as_table()[name]]
    places += [("pictures", key) for key in ExportSettings(Path()).as_table()] + [("output", "folders")]
    for kind in kinds:
        for place in places:
            for value in hostile:
                table: dict[str, Any] = {**usual, "frames": {"kind": kind}}
                inner = table
                for key in place[:-1]:
                    inner[key] = dict(inner.get(key, {}))
                    inner = inner[key]
                inner[place[-1]] = value
                assert len(refusal_of(tomli_w.dumps(table), index)) < 300


def refusal_of(text: str, index: FrameIndex) -> str:
    """Why a recipe cannot be read or executed; empty if it can."""
    try:
        choose(parse_recipe(text).recipe.sampling, index, Viewpoint())
    except SettingsError as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    "folders", ["{stem:>3999999999}", "{number:0999999d}", "{stem!r}", "{number:{parent}}", "{stem.upper}"]
)
def test_a_folder_that_would_be_endless_or_reach_into_the_program_is_refused(folders: str) -> None:
    with pytest.raises(SettingsError):
        parse_recipe(f'framescope_recipe = 1\nframes.kind = "all"\noutput.folders = "{folders}"\n')


def test_a_key_that_is_nested_without_end_is_refused_at_once() -> None:
    with pytest.raises(SettingsError, match="nested too deeply"):
        parse_recipe("framescope_recipe = 1\n" + "a." * 50_000 + "a = 1\n")
