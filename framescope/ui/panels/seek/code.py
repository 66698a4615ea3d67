"""The "Copy as code" menu: code that reads the current frame exactly, for each library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from framescope.core.audit.snippets import (
    TITLES,
    SnippetError,
    SnippetKind,
    SnippetRequest,
    refusal,
    snippet,
    trusted_engines,
    unsound_engines,
)
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.audit.records import FileAudit
    from framescope.session.controller import Controller


def frame_request(controller: Controller, audit: FileAudit | None) -> SnippetRequest | None:
    """The frame on screen as a request for code; None if there is none."""
    info, index = controller.info, controller.index
    number = controller.position
    if info is None or index is None or not 0 <= number < len(index):
        return None
    streams = sorted(stream.stream_index for stream in info.video_streams)
    place = streams.index(info.stream_index) if info.stream_index in streams else 0
    return SnippetRequest(
        path=info.source,
        frame_number=number,
        index=index,
        stream_index=info.stream_index,
        video_stream=place,
        trusted=trusted_engines(audit, number),
        unsound=unsound_engines(audit),
        color=info.color,
    )


class CodeMenu(QMenu):
    """One entry per library; a snippet seeks only where an audit found seeking exact."""

    def __init__(
        self, controller: Controller, audit: Callable[[], FileAudit | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Copy as code"), parent)
        self._controller = controller
        self._audit = audit
        self.setObjectName("seekCodeMenu")
        self.setToolTipsVisible(True)
        self._heading = self.addAction("")
        self._heading.setEnabled(False)
        self.addSeparator()
        for kind in SnippetKind:
            action = self.addAction(TITLES[kind])
            action.setObjectName(f"seekCode.{kind.value}")
            action.setData(kind.value)
        self.aboutToShow.connect(self._on_about_to_show)
        self.triggered.connect(self._on_triggered)

    def request(self) -> SnippetRequest | None:
        """The frame on screen; None if there is none."""
        return frame_request(self._controller, self._audit())

    def _on_about_to_show(self) -> None:
        request = self.request()
        number = (
            tr("no frame yet")
            if request is None
            else tr("frame {frame_number}", frame_number=request.frame_number)
        )
        self._heading.setText(tr("Code that reads {number}", number=number))
        for action in self.actions()[2:]:
            kind = SnippetKind(action.data())
            reason = None if request is None else refusal(kind, request)
            action.setEnabled(request is not None and reason is None)
            action.setText(tr("{title} (not for this file)", title=TITLES[kind]) if reason else TITLES[kind])
            action.setToolTip(reason.in_full if reason else "")

    def _on_triggered(self, action: QAction) -> None:
        request = self.request()
        if request is None or action.data() is None:
            return
        kind = SnippetKind(action.data())
        try:
            text = snippet(kind, request)
        except SnippetError as error:
            self._controller.notice_posted.emit(error.message, "warning")
            return
        QGuiApplication.clipboard().setText(text)
        words = tr(
            "Code that reads frame {frame_number} with {title} was copied.",
            frame_number=request.frame_number,
            title=TITLES[kind],
        )
        self._controller.notice_posted.emit(words, "info")
