"""The files that are damaged: small ones that the tests make, and small real ones where they are at hand."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framescope import open_video
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split
from framescope.core.recipe.recipe import Recipe, recipe_text
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.sampling import Sampling, SamplingKind
from tests.clips.real_media import real_media_folder

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_BYTES = 1_000_000
_NAMES = (
    "h264.mp4", "h264.mkv", "h264.ts", "h264.flv", "h264.avi", "h264.h264", "h264_fragmented.mp4", "hevc.mp4",
    "mpeg4.avi", "mpeg2.ts", "vp8.webm", "vp9.webm", "theora.ogv", "gif.gif", "mjpeg.avi", "ffv1.avi",
)  # fmt: skip
_MANIFEST, _RECORD = "manifest.json", "framescope-manifest.jsonl"


@dataclass(frozen=True)
class Seed:
    """A file to damage.

    Attributes:
        name: What reports call it.
        path: The sound file.
        folder: The folder that it is a part of, copied whole around the damaged file; None for a single file.
    """

    name: str
    path: Path
    folder: Path | None = None

    def place(self, data: bytes, target: Path) -> Path:
        """Put damaged bytes where the file belongs; answers what is to be opened."""
        if self.folder is None:
            path = target.with_suffix(self.path.suffix)
            path.write_bytes(data)
            return path
        shutil.copytree(self.folder, target)
        (target / self.path.relative_to(self.folder)).write_bytes(data)
        return target


def made_seeds(folder: Path, clip: Callable[[str], Path]) -> list[Seed]:
    """Clips by name, fragment stores as folder and zip, a record of an export, recipes."""
    seeds = [Seed(name, clip(name)) for name in _NAMES if _is_known(name, clip)]
    source = clip("h264.mp4")
    store, exported = folder / "store", folder / "exported"
    with open_video(source, use_index_cache=False) as video:
        if not store.exists():
            settings = SplitSettings(Grid(1, 2), RunRule(length=12), FragmentCodec.H264, workers=1)
            split(video, store, settings)
            plan = plan_export(
                video.info, video.index, range(0, 48, 8), ExportSettings(exported, ImageFormat.PNG)
            )
            export_frames(video, plan, manifest=True)
    packed = folder / "store.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(store.rglob("*.*")):
            archive.write(path, path.relative_to(store).as_posix())
    recipes = {
        "every.toml": Sampling(SamplingKind.EVERY_NTH, step=7),
        "clips.toml": Sampling(SamplingKind.CLIPS, rate_fps=12.5, clips=ClipRule(8, 4, 3)),
        "list.toml": Sampling(SamplingKind.LIST, listed="3,10:20,40::5"),
    }
    for name, sampling in recipes.items():
        pictures = ExportSettings(Path(), name_pattern="{stem}_{frame:04d}", quality=70)
        (folder / name).write_text(recipe_text(Recipe(sampling, pictures, "{number:02d}")), "utf-8")
    streams = sorted((store / "fragments").iterdir())
    return [
        *seeds,
        Seed("store manifest", store / _MANIFEST, store),
        Seed("store fragment", streams[0], store),
        Seed("store.zip", packed),
        Seed("export record", exported / _RECORD, exported),
        *(Seed(name, folder / name) for name in recipes),
    ]


def real_seeds() -> list[Seed]:
    """Small files of the folder of real media, in a fixed order; none where it is not there."""
    folder = real_media_folder()
    files = [] if folder is None else sorted(folder.iterdir())
    return [
        Seed(path.name, path)
        for path in files
        if path.is_file() and path.suffix not in {".csv", ".md", ".txt"} and path.stat().st_size < _MOST_BYTES
    ]


def _is_known(name: str, clip: Callable[[str], Path]) -> bool:
    try:
        return clip(name).is_file()
    except KeyError:
        return False
