"""The state of the view: requested frame, picture on screen, and visible part of the timeline."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from framescope.core.marks.video_memory import VideoState
from framescope.core.media.picture.fields import FieldView
from framescope.engine.render import RenderSpec
from framescope.session.navigation import clamp_range, range_following
from framescope.session.state import outdated, shown_frame

if TYPE_CHECKING:
    from framescope.core.marks.video_memory import PictureZoom
    from framescope.core.media.index import FrameIndex
    from framescope.engine.answers import Answer
    from framescope.session.open_video import OpenVideo
    from framescope.session.playback import Playback
    from framescope.session.state import ShownFrame

_PATIENCE_MS = 50
"""How long the previous frame stays, under its own number, while the requested one is decoded."""


class View(QObject):
    """The view of the open video. Threads: GUI."""

    frame_shown = Signal()
    """``shown`` changed."""
    position_changed = Signal(int)
    """``position`` changed: the playhead is at another frame."""
    visible_range_changed = Signal(float, float)
    """The timeline's visible frames ``[first, last)``."""
    picture_zoom_changed = Signal()
    """``picture_zoom`` changed."""
    picture_part_changed = Signal()
    """``picture_part`` changed."""
    rotation_changed = Signal(bool)
    """``is_rotated`` changed."""
    fields_changed = Signal()
    """``fields`` changed."""
    spec_changed = Signal()
    """``spec`` changed."""

    def __init__(self, video: OpenVideo, playback: Playback, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._video = video
        self._playback = playback
        self._spec = RenderSpec()
        self._sizes: dict[str, tuple[int | None, int | None]] = {}
        self._shown: ShownFrame | None = None
        self._position = self._requested = 0
        self._visible_range = (0.0, 1.0)
        self._picture_zoom: PictureZoom | None = None
        self._picture_part = (0.0, 0.0, 1.0, 1.0)
        self._known_total = 1
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._outdate)

    @property
    def position(self) -> int:
        """The frame that the playhead is at.

        It is the one that the user went to, whose picture may follow later; while playing, it changes with
        the picture.
        """
        return self._position

    @property
    def shown(self) -> ShownFrame | None:
        """The picture on screen; may lag behind ``position``."""
        return self._shown

    @property
    def spec(self) -> RenderSpec:
        """How pictures are requested."""
        return self._spec

    @property
    def displayed_number(self) -> int:
        """The number to display with the picture: its own, or the requested one while it is provisional."""
        return self._position if self._shown is None else self._shown.frame_number

    @property
    def visible_range(self) -> tuple[float, float]:
        """The timeline's visible frames ``[first, last)``."""
        return self._visible_range

    @property
    def shows_all(self) -> bool:
        """Whether the timeline shows the whole video."""
        return self._visible_range == (0.0, float(self._video.frame_total))

    @property
    def picture_zoom(self) -> PictureZoom | None:
        """The picture's zoom; None while it is fitted."""
        return self._picture_zoom

    @property
    def picture_part(self) -> tuple[float, float, float, float]:
        """The part of the displayed picture in view: left, top, right and bottom as fractions of its size."""
        return self._picture_part

    def set_picture_part(self, left: float, top: float, right: float, bottom: float) -> None:
        """Note which part of the displayed picture is in view."""
        part = left, top, right, bottom
        if part != self._picture_part:
            self._picture_part = part
            self.picture_part_changed.emit()

    @property
    def is_rotated(self) -> bool:
        """Whether the file's rotation is applied for display."""
        return self._spec.rotate

    def reset(self, state: VideoState | None = None) -> None:
        """Prepare for another video, or for none; no signal is emitted before `start`."""
        state = state or VideoState()
        self._patience.stop()
        self._shown = None
        self._position = self._requested = state.position
        self._picture_zoom = state.zoom
        self._visible_range, self._known_total = (0.0, 1.0), self._video.frame_total

    def start(self, timeline: tuple[float, float] | None) -> None:
        """Request the first picture of a video, and show these frames of its timeline; None shows all."""
        shown = timeline or (0.0, float(self._video.frame_total))
        self.set_visible_range(*range_following(shown, self._position, self._video.frame_total))
        self.position_changed.emit(self._position)
        self._ask()

    def move_to(self, frame_number: int) -> bool:
        """Request a frame, clamped to the video; returns whether the position changed."""
        number = min(max(frame_number, 0), self._video.frame_total - 1)
        if number == self._position == self._requested:
            return False
        self._requested = number
        self._take_position(number)
        self._ask()
        self._watch_picture()
        return True

    @Slot(int)
    def play_to(self, frame_number: int) -> None:
        """Request the next frame to play; the position follows when its picture is there."""
        self._requested = min(max(frame_number, 0), self._video.frame_total - 1)
        self._ask()

    def _take_position(self, number: int) -> None:
        if number != self._position:
            self._position = number
            self.position_changed.emit(number)
            self.set_visible_range(*range_following(self._visible_range, number, self._video.frame_total))

    def set_visible_range(self, first: float, last: float) -> None:
        """Show these frames on the timeline; clamped to the video."""
        wanted = clamp_range(first, last, self._video.frame_total)
        if wanted != self._visible_range:
            self._visible_range = wanted
            self.visible_range_changed.emit(*wanted)

    def set_size(self, width_px: int | None, height_px: int | None, viewer: str = "") -> None:
        """Set the available size of a fitted picture in device pixels; None, None asks for full size.

        Several viewers show the same picture, rendered for the largest of them.
        """
        self._sizes[viewer] = (width_px, height_px)
        self._fit_sizes()

    def forget_viewer(self, viewer: str) -> None:
        """A viewer is gone."""
        self._sizes.pop(viewer, None)
        self._fit_sizes()

    def _fit_sizes(self) -> None:
        sizes = [(width, height) for width, height in self._sizes.values() if width and height]
        if not sizes or len(sizes) < len(self._sizes):
            spec = replace(self._spec, max_width=None, max_height=None)
        else:
            widths, heights = zip(*sizes, strict=True)
            spec = replace(self._spec, max_width=max(widths), max_height=max(heights))
        if self._become(spec):
            self._ask()

    def set_full_size(self, size: tuple[int, int] | None) -> None:
        """Scale pictures to this size at 1:1, instead of their own: that of a larger video beside them."""
        if self._become(replace(self._spec, full_size=size)):
            self._ask()

    def _become(self, spec: RenderSpec) -> bool:
        is_other = spec != self._spec
        if is_other:
            self._spec = spec
            self.spec_changed.emit()
        return is_other

    def set_picture_zoom(self, zoom: PictureZoom | None) -> None:
        """Store the picture's zoom; None while it is fitted."""
        if zoom != self._picture_zoom:
            self._picture_zoom = zoom
            self.picture_zoom_changed.emit()

    @property
    def fields(self) -> FieldView:
        """Which fields of interlaced pictures are shown."""
        return self._spec.fields

    def show_fields(self, fields: FieldView) -> None:
        """Show whole frames, one field of each, or deinterlaced ones."""
        if fields is not self.fields:
            self._become(replace(self._spec, fields=fields))
            self._outdate()
            self.fields_changed.emit()
            self._ask()

    def toggle_fields(self, fields: FieldView) -> None:
        """Show one field of each frame, or deinterlaced frames; again shows whole frames."""
        self.show_fields(FieldView.FRAMES if self.fields is fields else fields)

    def set_rotation_applied(self, applied: bool) -> None:  # noqa: FBT001 - a slot for a checkable action
        """Apply the file's rotation, or show the picture as decoded."""
        if applied != self.is_rotated:
            self._become(spec := replace(self._spec, rotate=applied))
            self._outdate()
            self.rotation_changed.emit(applied)
            # A slot may have requested another size already.
            if self._spec is spec:
                self._ask()

    def show_answer(self, answer: Answer) -> None:
        """Show the engine's answer."""
        shown = shown_frame(answer, self._video.index)
        if shown.provisional and shown.image is not None and shown.frame_number != self._requested:
            # The user has moved on meanwhile: what stood in for that frame stands in for this one.
            shown = outdated(shown, self._position, self._video.index)
        self._shown = shown
        if shown.frame_number == self._requested:
            self._take_position(self._requested)
        self.frame_shown.emit()
        self._watch_picture()

    def fit_to(self, index: FrameIndex, before: FrameIndex | None) -> None:
        """Adapt to a new index: clamp the position and update the shown frame."""
        shows_all = self._visible_range == (0.0, float(self._known_total))
        self._known_total = self._video.frame_total
        self.set_visible_range(*((0.0, self._known_total) if shows_all else self._visible_range))
        if self._requested >= self._known_total:
            self.move_to(self._known_total - 1)
        elif before is not None and not index.extends(before):
            # The same number may be a different picture now.
            self._outdate()
            self._ask()
        elif before is not None and self._requested in index.damaged_numbers - before.damaged_numbers:
            # It is shown without its mark.
            self._ask()

    def _ask(self) -> None:
        # While playing, a stand-in would only flicker: the next frame is on its way.
        self._video.show(self._requested, self._spec, allows_stand_in=self._playback.speed == 0)

    def _watch_picture(self) -> None:
        """Make sure that an older picture is not mistaken for the requested frame."""
        shown = self._shown
        if shown is None or shown.image is None or shown.frame_number == self._position:
            self._patience.stop()
        elif shown.provisional:
            self._outdate()
        elif self._playback.speed == 0 and not self._patience.isActive():
            # Its own number is displayed for this long: marking it as outdated at each step would only
            # flicker.
            self._patience.start()

    @Slot()
    def _outdate(self) -> None:
        """Mark the picture as that of another frame; its values can no longer be read out."""
        self._patience.stop()
        if self._shown is not None and self._shown.image is not None:
            self._shown = outdated(self._shown, self._position, self._video.index)
            self.frame_shown.emit()
