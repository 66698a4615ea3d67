"""``framescope.fragments``: split a video into tiles × runs of frames, read a store, and join it again.

>>> import framescope
>>> from framescope import fragments
>>> settings = fragments.SplitSettings(fragments.Grid(rows=2, columns=3), fragments.RunRule(length=24))
>>> with framescope.open_video(clip) as video:
...     result = fragments.split(video, folder / "store", settings)
>>> with framescope.open_video(folder / "store") as store:
...     len(store), store[30].to_rgb().shape
(48, (120, 160, 3))

A store opens like a video, and so does a region of it: ``"store#xywh=0,0,64,64"``.
"""

from framescope.core.fragments.account import Account, take_account
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid, Region
from framescope.core.fragments.join import JoinRequest, JoinResult, join
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitResult, SplitSettings, split
from framescope.core.fragments.store import FragmentFault, FragmentStore
from framescope.core.fragments.sweep import Sweep, SweepPoint, sweep
from framescope.core.fragments.write_video import OutputSettings

__all__ = [
    "Account",
    "FragmentCodec",
    "FragmentFault",
    "FragmentStore",
    "Grid",
    "JoinRequest",
    "JoinResult",
    "OutputSettings",
    "Region",
    "RunRule",
    "SplitResult",
    "SplitSettings",
    "Sweep",
    "SweepPoint",
    "join",
    "split",
    "sweep",
    "take_account",
]
