"""What the window is filled with, to be imported at once: most of the program is imported with it."""

from framescope.ui.actions.action_set import ActionSet
from framescope.ui.actions.bars import TOOLBAR
from framescope.ui.actions.key_map import key_map_from
from framescope.ui.actions.tool_strip import ToolStrip
from framescope.ui.compare.desk import CompareDesk
from framescope.ui.filmstrip import Filmstrip
from framescope.ui.picture.banner import ChangedFileBanner, EarlierMarksBanner, UnfinishedBanner
from framescope.ui.picture.stage import Stage
from framescope.ui.timeline import Timeline
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.tasks import BackgroundTask
from framescope.ui.widgets.turns import Turns
from framescope.ui.window.closing import WindowClosing
from framescope.ui.window.docks import Docks
from framescope.ui.window.playlist import Playlist
from framescope.ui.window.status_bar import StatusBar
from framescope.ui.window.transport_bar import TransportBar
from framescope.ui.window.window_dialogs import WindowDialogs
from framescope.ui.window.window_menus import WindowMenus
from framescope.ui.window.workspaces import Workspaces

__all__ = [
    "TOOLBAR",
    "ActionSet",
    "BackgroundTask",
    "ChangedFileBanner",
    "CompareDesk",
    "Docks",
    "EarlierMarksBanner",
    "Filmstrip",
    "IconSource",
    "Playlist",
    "Stage",
    "StatusBar",
    "Timeline",
    "ToolStrip",
    "TransportBar",
    "Turns",
    "UnfinishedBanner",
    "WindowClosing",
    "WindowDialogs",
    "WindowMenus",
    "Workspaces",
    "key_map_from",
]
