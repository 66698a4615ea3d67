"""The panel of space-time images: draw a line on the picture, and see what lies under it in every frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from framescope.core.errors import SettingsError
from framescope.core.media.container import file_name
from framescope.core.source.opening import known_video
from framescope.core.spacetime.save import save_spacetime, share_words
from framescope.core.spacetime.scan import SlitSettings, joined, scan
from framescope.core.spacetime.slit import SlitKind
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import MARGIN, PanelScroll, empty_page, text_label
from framescope.ui.panels.slice.controls import SliceControls
from framescope.ui.panels.slice.view import SliceView
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.progress_bar import ProgressBar
from framescope.ui.widgets.save_target import ask_target, with_suffix_of
from framescope.ui.widgets.tasks import SourceTask
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from framescope.core.errors import FrameScopeError
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.core.spacetime.image import Columns, SpaceTimeImage
    from framescope.core.spacetime.save import SavedImage
    from framescope.session.controller import Controller
    from framescope.ui.panels.slice.view import Place
    from framescope.ui.widgets.theme import ThemeSource

_CACHE_BYTES = 64 << 20
_READING_PIXELS = 11
_START_MS = 250
"""A line that is still being drawn is not read along."""
_HINT = tr(
    "Choose a tool and draw on the picture. What lies under the line becomes an image with a column for each"
    " frame: cuts, flicker, dropped and doubled frames are seen at a glance. Escape removes the line."
)
_FILTERS = (
    tr("PNG picture (*.png)"),
    tr("TIFF picture (*.tif *.tiff)"),
    tr("NumPy array (*.npy)"),
)


class SlicePanel(QWidget):
    """Tools, the image, and what is under the pointer. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._icons = IconSource(theme, self)
        self._image: SpaceTimeImage | None = None
        self._settings: SlitSettings | None = None
        self._frames: range | None = None
        self._numbered_by: FrameIndex | None = None
        self._expected = 0
        self.setObjectName("slicePanel")
        self.setAccessibleName(tr("Space-time image"))
        self._task = SourceTask(controller, self)
        self._soon = QTimer(self, singleShot=True, interval=_START_MS)
        self._build(theme)
        self._soon.timeout.connect(self._start)
        self._task.published.connect(self._on_made)
        self._task.finished.connect(self._on_finished)
        self._task.failed.connect(self._on_failed)
        self._task.progressed.connect(self._on_progressed)
        self._task.changed.connect(self._on_task_changed)
        controller.line.changed.connect(self._on_line_changed)
        controller.position_changed.connect(self.view.set_position)
        controller.range_changed.connect(self._on_range_changed)
        controller.index_updated.connect(self._on_index_updated)
        for signal in (controller.source_opened, controller.source_closed):
            signal.connect(self._on_source_changed)
        self._on_source_changed()

    # --- building

    def _build(self, theme: ThemeSource) -> None:
        content = QWidget(self)
        self.controls = SliceControls(self._controller.line, self._icons, content)
        self.controls.settings_changed.connect(self._on_settings_changed)
        self.controls.spacing_changed.connect(self._on_spacing_changed)
        self.controls.save_wanted.connect(self._on_save_wanted)
        self._words = text_label(content, "muted")
        self._words.setObjectName("sliceWords")
        self._bar = ProgressBar(tr("Reading along the line"), content)
        self._bar.setObjectName("sliceProgress")
        self.view = SliceView(self._controller, theme, content)
        self.view.frame_clicked.connect(self._controller.show_frame)
        self.view.place_pointed.connect(self._on_place_pointed)
        self._reading = ElidedLabel(content)
        self._reading.setFont(sized(self._reading.font(), _READING_PIXELS))
        self._reading.setObjectName("sliceReading")
        self._reading.set_role("muted")
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, SPACE, MARGIN, SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self.controls)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        column.addWidget(self.view, 1)
        column.addWidget(self._reading)
        # Holds the rest at the top while there is no image.
        column.addStretch(0)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            empty_page(self, tr("What lies under a line on the picture, frame by frame, is shown here."))
        )
        area = PanelScroll(content, (column,), self)
        area.setObjectName("sliceScroll")
        area.setAccessibleName(tr("Space-time image of the drawn line"))
        self._stack.addWidget(area)

    @property
    def image(self) -> SpaceTimeImage | None:
        """The image, as far as it is made."""
        return self._image

    @property
    def is_complete(self) -> bool:
        """Whether nothing more is being read, or about to be."""
        return not self._task.is_running and not self._soon.isActive()

    @property
    def words(self) -> str:
        """The sentence above the image."""
        return self._words.text()

    @property
    def reading(self) -> str:
        """What is under the pointer."""
        return self._reading.whole_text

    # --- what is asked for

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up with what was drawn meanwhile."""
        super().showEvent(event)
        self._on_line_changed()
        self.view.set_position(self._controller.position)

    @Slot()
    def _on_line_changed(self) -> None:
        self.controls.show_line()
        self._on_settings_changed()

    @Slot()
    def _on_settings_changed(self) -> None:
        if self._wanted() == (self._settings, self._frames) or not self.isVisible():
            return
        if self._controller.line.slit is None:
            self._clear()
        else:
            self._soon.start()

    @Slot()
    def _on_range_changed(self) -> None:
        self.controls.set_has_range(has_range=self._controller.marked_range is not None)
        if self.controls.takes_range:
            self._on_settings_changed()

    def _wanted(self) -> tuple[SlitSettings | None, range | None]:
        """What the image should be of; frames None for all of them."""
        slit, marked = self._controller.line.slit, self._controller.marked_range
        if slit is None:
            return None, None
        is_part = self.controls.takes_range and marked is not None
        frames = range(marked.start, marked.stop) if is_part and marked is not None else None
        return SlitSettings(slit, self.controls.interpolation), frames

    @Slot()
    def _on_source_changed(self) -> None:
        self._stack.setCurrentIndex(0 if self._controller.info is None else 1)
        self._clear()
        self._on_range_changed()

    def _clear(self) -> None:
        self._soon.stop()
        self._task.forget()
        self._settings = self._frames = self._numbered_by = None
        self._show_image(None)
        self._say("")

    # --- making it

    @Slot()
    def _start(self) -> None:
        settings, frames = self._wanted()
        index = self._controller.index
        if settings is None or index is None or not len(index):
            return
        self._settings, self._frames = settings, frames
        self._say("")
        known = range(len(index))
        self._run(known if frames is None else range(frames.start, min(frames.stop, len(index))), None)

    def _run(self, frames: range, before: SpaceTimeImage | None) -> None:
        """Read these frames, which follow those of an image that is there."""
        info, index, settings = self._controller.info, self._controller.index, self._settings
        if info is None or index is None or settings is None or not frames:
            return

        def work(
            progress: ProgressCallback, cancel: CancelToken, publish: Callable[[SpaceTimeImage], None]
        ) -> SpaceTimeImage:
            def whole(part: SpaceTimeImage) -> SpaceTimeImage:
                return part if before is None else joined(before, part)

            with known_video(info, index, cache_bytes=_CACHE_BYTES) as video:
                made = scan(
                    video,
                    settings,
                    frames,
                    on_part=lambda part: publish(whole(part)),
                    progress=progress,
                    cancel=cancel,
                )
            return whole(made)

        self._numbered_by = index
        self._expected = len(frames) + (0 if before is None else len(before))
        self._task.start_publishing(tr("Reading along the line"), work)

    @Slot()
    def _on_index_updated(self) -> None:
        """Continue with the frames that have become known, or begin again if they are numbered anew."""
        image, index = self._image, self._controller.index
        if self._numbered_by is not None and index is not None and not index.extends(self._numbered_by):
            self._clear()
            self._on_settings_changed()
            return
        is_whole = image is not None and self._settings is not None and self._frames is None
        if index is None or not is_whole or self._task.is_running or image is None:
            return
        done = image.first_frame + len(image)
        if len(index) > done:
            self._run(range(done, len(index)), image)

    @Slot(object)
    def _on_made(self, image: SpaceTimeImage) -> None:
        self._show_image(image)

    @Slot(object)
    def _on_finished(self, image: SpaceTimeImage) -> None:
        self._show_image(image)
        self._on_index_updated()

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._show_image(None)
        self._say(error.in_full, is_error=True)

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self._bar.show_share(progress.done, progress.total)

    @Slot()
    def _on_task_changed(self) -> None:
        self._bar.setVisible(self._task.is_running)
        self.controls.set_can_save(can_save=self._image is not None and not self._task.is_running)

    # --- showing it

    def _show_image(self, image: SpaceTimeImage | None) -> None:
        self._image = image
        columns = None if image is None else self._columns_of(image)
        self.view.setVisible(columns is not None)
        self.view.show_image(image if columns is not None else None, columns, self._expected)
        self._on_task_changed()
        if image is not None and columns is not None:
            self._say(_words(image, columns))

    def _columns_of(self, image: SpaceTimeImage) -> Columns | None:
        try:
            return image.columns(self.controls.spacing)
        except SettingsError as error:
            self._say(error.in_full, is_error=True)
            return None

    def _say(self, words: str, *, is_error: bool = False) -> None:
        self._words.setText(words or _HINT)
        set_role(self._words, "error" if is_error else "muted")

    @Slot()
    def _on_spacing_changed(self) -> None:
        self.view.zoom_all()
        self._show_image(self._image)

    @Slot(object)
    def _on_place_pointed(self, place: Place | None) -> None:
        image = self._image
        if place is None or image is None:
            self._reading.set_whole_text("")
            return
        row = place.frame_number - image.first_frame
        frame = grouped(place.frame_number)
        time = self._controller.times.of(place.frame_number, float(image.times_s[row]))
        if place.frame_number in image.missing:
            self._reading.set_whole_text(tr("Frame {frame}, {time}: not available", frame=frame, time=time))
            return
        x, y = (round(float(value), 1) for value in image.positions[place.sample])
        red, green, blue = image.by_frame[row, place.sample].tolist()
        self._reading.set_whole_text(
            tr(
                "Frame {frame}, {time} · x {x:g} y {y:g} · RGB {red} {green} {blue}",
                frame=frame,
                time=time,
                x=x,
                y=y,
                red=red,
                green=green,
                blue=blue,
            )
        )

    # --- saving it

    @Slot()
    def _on_save_wanted(self) -> None:
        image, info = self._image, self._controller.info
        if image is None or info is None:
            return
        folder = self._controller.settings.last_folder
        name = f"{Path(file_name(info.source)).stem}_{image.slit.kind.value}.png"
        target = ask_target(
            self,
            tr("Save the space-time image"),
            str(Path(folder) / name) if folder else name,
            _FILTERS,
            with_suffix_of,
        )
        if target is None:
            return
        spacing = self.controls.spacing

        def work(progress: ProgressCallback, cancel: CancelToken) -> SavedImage:
            del progress, cancel
            # Its axes belong to it, and are replaced with it.
            return save_spacetime(image, target.path, info=info, spacing=spacing, replaces=target.replaces)

        self._controller.run_job(tr("Saving {path}", path=target.path.name), work)


def _words(image: SpaceTimeImage, columns: Columns) -> str:
    """What the image is of, and what it lacks."""
    line = image.slit.words
    line, frames = line[:1].upper() + line[1:], counted(len(image), "frame", "frames")
    samples = counted(len(image.positions), "pixel", "pixels")
    parts = [
        tr("{line}: mean colour of {frames}", line=line, frames=frames)
        if image.slit.kind is SlitKind.REGION
        else tr("{line}: {samples} × {frames}", line=line, samples=samples, frames=frames)
    ]
    if image.missing:
        parts.append(
            tr(
                "{frames} cannot be decoded: striped in magenta.",
                frames=counted(len(image.missing), "frame", "frames"),
            )
        )
    if columns.hidden:
        parts.append(
            tr(
                "{frames} shown too briefly to be seen.",
                frames=counted(columns.hidden, "frame is", "frames are"),
            )
        )
    if image.share is not None:
        parts.append(share_words(image.share))
    return "\n".join(parts)
