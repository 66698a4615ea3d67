"""Saves the exact frame on screen as a picture: asks for a name, then writes it in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from framescope.core.errors import ExportError
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.name_pattern import source_stem
from framescope.core.export.plan import Action, PlanItem
from framescope.core.export.result import Fate
from framescope.core.export.save import SavePlace, save_frame
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.files import check_target, write_file
from framescope.core.media.picture.geometry import rotated_size
from framescope.core.translation import tr
from framescope.ui.picture.block_overlay import block_picture
from framescope.ui.picture.block_painter import paint_layers
from framescope.ui.widgets.rgb_image import encoded, image_from_rgb
from framescope.ui.widgets.save_target import Target, ask_target
from framescope.ui.widgets.theme import DARK

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.picture.block_painter import BlockPicture

_FILTERS = {
    "PNG, lossless (*.png)": ImageFormat.PNG,
    "JPEG, smaller (*.jpg *.jpeg)": ImageFormat.JPEG,
    "TIFF, lossless (*.tif *.tiff)": ImageFormat.TIFF,
    "WebP, even smaller (*.webp)": ImageFormat.WEBP,
    "NumPy array (*.npy)": ImageFormat.NPY,
}
_FORMATS = {
    ".png": ImageFormat.PNG,
    ".jpg": ImageFormat.JPEG,
    ".jpeg": ImageFormat.JPEG,
    ".tif": ImageFormat.TIFF,
    ".tiff": ImageFormat.TIFF,
    ".webp": ImageFormat.WEBP,
    ".npy": ImageFormat.NPY,
}


class SavedPicture:
    """The job bar's text about a saved picture."""

    def __init__(self, path: Path, frame_number: int) -> None:
        self.path = path
        self.summary = tr(
            "Frame {frame_number} was saved as {path}", frame_number=frame_number, path=path.name
        )


def ask_and_save(controller: Controller, settings: Settings, parent: QWidget) -> Job | None:
    """Ask for a file name and save the frame on screen. Only an exact frame is saved."""
    shown = controller.shown
    if shown is None or shown.frame is None or controller.source is None:
        return None
    name = f"{source_stem(controller.source)}_{shown.frame_number:06d}.png"
    start = str(Path(settings.last_folder) / name) if settings.last_folder else name
    target = ask_target(
        parent,
        tr("Save frame {frame_number}", frame_number=shown.frame_number),
        start,
        tuple(_FILTERS),
        lambda path, chosen: with_format(path, _FILTERS.get(chosen, ImageFormat.PNG))[0],
    )
    return None if target is None else save_picture(controller, shown.frame, target)


def ask_and_save_overlays(controller: Controller, settings: Settings, parent: QWidget) -> Job | None:
    """Ask for a file name and save the frame on screen with the layers drawn over it."""
    shown = controller.shown
    frame = None if shown is None else shown.frame
    if frame is None or controller.source is None:
        return None
    rotate = controller.view.is_rotated
    picture = frame.picture
    size = rotated_size(picture.width, picture.height, picture.rotation if rotate else 0)
    area = QRectF(QPointF(0, 0), QSizeF(*size))
    layers = block_picture(controller, area)
    if layers is None or not layers.layers:
        text = tr("Nothing is drawn over the picture; see View > Overlays.")
        controller.notice_posted.emit(text, "warning")
        return None
    name = f"{source_stem(controller.source)}_{frame.frame_number:06d}_blocks.png"
    start = str(Path(settings.last_folder) / name) if settings.last_folder else name
    title = tr("Save frame {frame_number} with overlays", frame_number=frame.frame_number)
    target = ask_target(
        parent,
        title,
        start,
        [tr("PNG, lossless (*.png)")],
        lambda path, _: path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png"),
    )
    return None if target is None else save_overlays(controller, frame, layers, target)


def save_overlays(controller: Controller, frame: Frame, layers: BlockPicture, target: Target) -> Job:
    """Write one frame with its layers to a PNG file, as a job; the frame itself is not changed."""
    info, rotate, tokens = controller.info, controller.view.is_rotated, DARK

    def work(progress: ProgressCallback, cancel: CancelToken) -> SavedPicture:
        del progress, cancel
        image = image_from_rgb(frame.to_rgb(rotate=rotate))
        painter = QPainter(image)
        paint_layers(painter, layers, layers.target, tokens)
        painter.end()
        sources = () if info is None else [info.source]
        write_file(target.path, encoded(image, target.path), replaces=target.replaces, sources=sources)
        return SavedPicture(target.path, frame.frame_number)

    return controller.run_job(tr("Saving frame {frame_number}", frame_number=frame.frame_number), work)


def with_format(path: Path, fallback: ImageFormat) -> tuple[Path, ImageFormat]:
    """The path and the format of its suffix; without a known suffix, the fallback's is added."""
    image_format = _FORMATS.get(path.suffix.lower())
    if image_format is not None:
        return path, image_format
    return path.with_name(path.name + fallback.extension), fallback


def save_picture(controller: Controller, frame: Frame, target: Target) -> Job:
    """Write one frame to a file, as a job; the suffix sets the format."""
    path, image_format = with_format(target.path, ImageFormat.PNG)
    settings = ExportSettings(
        folder=path.parent,
        image_format=image_format,
        on_existing=OnExisting.OVERWRITE if target.replaces else OnExisting.ASK,
        rotate=controller.view.is_rotated,
    )

    info = controller.info
    action = Action.OVERWRITE if target.replaces else Action.WRITE
    place = SavePlace(settings, None if info is None else SourceFacts.of(info))

    def work(progress: ProgressCallback, cancel: CancelToken) -> SavedPicture:
        del progress, cancel
        check_target(path, replaces=target.replaces, sources=() if info is None else [info.source])
        saved = save_frame(frame, PlanItem(frame.frame_number, path, action), place)
        if saved.fault is not None:
            raise saved.fault
        if saved.fate is not Fate.WRITTEN:
            raise ExportError(
                tr("{path} was not saved. {reason}", path=path.name, reason=saved.outcome.reason)
            )
        return SavedPicture(path, frame.frame_number)

    return controller.run_job(tr("Saving frame {frame_number}", frame_number=frame.frame_number), work)
