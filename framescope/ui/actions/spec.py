"""The record that describes an action, for menus, toolbar, shortcuts, palette and help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, Protocol

from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.session.controller import Controller


class Menu(StrEnum):
    """The menus, in the order of the menu bar."""

    FILE = tr("&File")
    EDIT = tr("&Edit")
    GO = tr("&Go")
    PLAY = tr("&Play")
    MARK = tr("&Mark")
    VIEW = tr("&View")
    HELP = tr("&Help")

    @property
    def plain(self) -> str:
        """The name without the mnemonic's ampersand."""
        return self.value.replace("&", "")


class Needs(Enum):
    """What an action requires; without it, the action is disabled."""

    NOTHING = auto()
    VIDEO = auto()
    EXACT_FRAME = auto()
    MARKS = auto()
    RANGE = auto()
    SELECTION = auto()
    UNDO = auto()
    REDO = auto()
    STREAMS = auto()
    SOUND = auto()
    CHAPTERS = auto()
    SUBTITLES = auto()
    COMPARED = auto()


class DialogCommands(Protocol):
    """The dialogs that actions open; implemented by `WindowDialogs` (see `WindowCommands`)."""

    def choose_stream(self) -> None:
        """Ask for the video stream to show, if the file has several."""

    def copy_log(self) -> None:
        """Copy version information and the end of the log, for a bug report."""

    def edit_labels(self) -> None:
        """Edit names and colours of the labels."""

    def edit_note(self) -> None:
        """Edit the note of the current frame."""

    def edit_preferences(self) -> None:
        """Show the preferences."""

    def edit_shortcuts(self) -> None:
        """Edit the shortcuts."""

    def export_clip(self) -> None:
        """Show the clip dialog."""

    def export_frames(self) -> None:
        """Show the export dialog."""

    def export_queue(self, sources: Sequence[str] = ()) -> None:
        """Show the queue dialog, with these videos added to its list."""

    def load_marks(self) -> None:
        """Add the marks, notes and range from a file."""

    def make_contact_sheet(self) -> None:
        """Show the contact sheet dialog."""

    def make_video(self) -> None:
        """Show the dialog that makes a video from pictures."""

    def save_frame(self) -> None:
        """Save the current frame as a picture."""

    def save_overlays(self) -> None:
        """Save the current frame with what is drawn over it."""

    def save_marks(self) -> None:
        """Save marks, notes and range to a file."""

    def save_lanes(self) -> None:
        """Save the values of the timeline's lanes as a table."""

    def save_table(self, kind: str) -> None:
        """Save the frames, GOPs or times as a table; ``kind`` is a value of `TableKind`."""

    def show_about(self) -> None:
        """Show versions and licences."""

    def show_command_palette(self) -> None:
        """Show the command palette."""

    def show_help(self) -> None:
        """Show all shortcuts over the window."""

    def show_marks(self) -> None:
        """Show the list of marks."""


class PictureCommands(Protocol):
    """What actions do with the picture; implemented by `FrameView` (see `WindowCommands`)."""

    def zoom_fit(self) -> None:
        """Fit the picture into the view."""

    def zoom_actual(self) -> None:
        """Show one picture pixel as one screen pixel."""

    def zoom_to(self, device_scale: float) -> None:
        """Show one picture pixel as so many screen pixels."""

    def zoom_in(self) -> None:
        """Zoom in on the picture."""

    def zoom_out(self) -> None:
        """Zoom out of the picture."""


class DockCommands(Protocol):
    """What actions do with panels and strips; implemented by `Docks` (see `WindowCommands`)."""

    def is_shown(self, name: str) -> bool:
        """Whether a panel or strip has a place in the window, if only as a tab."""

    def toggle(self, name: str) -> None:
        """Bring a panel or strip to the front, or hide it if it is there."""


class CompareCommands(Protocol):
    """What actions do with a second video, besides the session; implemented by `CompareDesk`."""

    def choose_file(self) -> None:
        """Ask for a video, and open it beside the open one."""

    def choose_folder(self) -> None:
        """Ask for a folder: an image sequence, a fragment store, or exported frames."""

    def choose_stream(self) -> None:
        """Ask for another video stream of the open file."""

    def hold_b(self) -> None:
        """Show B alone until the key is released."""


class PlaylistCommands(Protocol):
    """What actions do with the videos of a list or folder; implemented by `Playlist`."""

    def seek_unlabelled(self) -> None:
        """Open the next video in which no frame has a label."""


class WorkspaceCommands(Protocol):
    """What actions do with the layout; implemented by `Workspaces` (see `WindowCommands`)."""

    def use(self, name: str) -> None:
        """Arrange the window: ``standard``, ``browse``, ``inspect``, ``compare`` or ``label``."""

    def save(self) -> None:
        """Ask for a name, and save the layout under it."""


class WindowCommands(Protocol):
    """The window's methods used by actions, besides those of the controller.

    Implemented by `MainWindow`, which builds its menus from the actions, so that they cannot import it.
    """

    @property
    def controller(self) -> Controller:
        """The session."""

    @property
    def dialogs(self) -> DialogCommands:
        """The dialogs of the window."""

    @property
    def picture(self) -> PictureCommands:
        """The view of the picture that has the keyboard."""

    @property
    def docks(self) -> DockCommands:
        """The panels and strips."""

    @property
    def compare(self) -> CompareCommands:
        """The second video in the window."""

    @property
    def playlist(self) -> PlaylistCommands:
        """The videos that were opened together, or lie in one folder."""

    @property
    def workspaces(self) -> WorkspaceCommands:
        """The layouts of the window."""

    @property
    def is_full_screen(self) -> bool:
        """Whether the window fills the screen."""

    @property
    def is_picture_only(self) -> bool:
        """Whether the picture alone fills the screen."""

    @property
    def has_second_window(self) -> bool:
        """Whether a second window shows the picture."""

    @property
    def is_layout_unlocked(self) -> bool:
        """Whether panels show their title bars and can be moved."""

    def open_file(self) -> None:
        """Ask for a video file and open it."""

    def paste(self) -> None:
        """Open the paths or URLs on the clipboard."""

    def open_url(self) -> None:
        """Ask for a URL and open it."""

    def open_demo(self) -> None:
        """Write the demo clip if it does not exist, and open it."""

    def step_video(self, step: int) -> None:
        """Open the next (1) or previous (-1) video of the playlist, or of the folder."""

    def focus_goto(self) -> None:
        """Focus the field for frame, time or pts."""

    def zoom_timeline_in(self) -> None:
        """Zoom in on the timeline, around the playhead."""

    def zoom_timeline_out(self) -> None:
        """Zoom out on the timeline, around the playhead."""

    def zoom_timeline_all(self) -> None:
        """Show the whole video on the timeline."""

    def toggle_rotation(self) -> None:
        """Apply the file's rotation, or show the picture as stored."""

    def toggle_full_screen(self) -> None:
        """Toggle full screen."""

    def toggle_picture_only(self) -> None:
        """Fill the screen with the picture, or return to the window."""

    def toggle_second_window(self) -> None:
        """Show the picture in a second window too, on another screen if there is one, or close that."""

    def toggle_layout_lock(self) -> None:
        """Show the panels' title bars, so that they can be moved, or hide them."""

    def quit(self) -> None:
        """Close the window."""


Command = Callable[[WindowCommands], object]


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action.

    Attributes:
        action_id: Its id in settings and presets, such as ``go.next_frame``.
        text: Its name in menus and help.
        menu: The menu it is in.
        command: The function it calls.
        keys: FrameScope's default shortcuts, as QKeySequence's portable text.
        icon: A name known to `glyph_icon`, such as ``ph.info``, or empty.
        needs: What it requires to be enabled.
        starts_group: Whether the menu has a separator above it.
        is_checked: For a toggle, whether it is on.
        repeats: Whether holding the key repeats it.
        in_menu: Whether menus list it; shortcuts, palette and help always do.
        keywords: Synonyms, for searching in the palette.
        submenu: The submenu it is in; empty for the menu itself.
        stays_open: Whether its submenu stays open for the next one, as several of it are usually switched.
        why_not: Why it is of no use for the open video, in a sentence; empty if it is.
    """

    action_id: str
    text: str
    menu: Menu
    command: Command
    keys: tuple[str, ...] = ()
    icon: str = ""
    needs: Needs = Needs.VIDEO
    starts_group: bool = False
    is_checked: Callable[[WindowCommands], bool] | None = None
    repeats: bool = False
    in_menu: bool = True
    keywords: str = ""
    submenu: str = ""
    stays_open: bool = False
    why_not: Callable[[WindowCommands], str] | None = None


def ask(method: Callable[[Controller], object]) -> Command:
    """The command that calls a method of the controller: ``ask(Controller.show_next)``."""

    def command(window: WindowCommands) -> object:
        # By name, so that a subclass's override is called.
        return getattr(window.controller, method.__name__)()

    return command
