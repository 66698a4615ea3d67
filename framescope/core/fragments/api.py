"""``framescope.fragments``: split a video into tiles × runs of frames, read a store, and join it again.

A store opens like a video: ``framescope.open_video("store")``, and ``"store#64x64+0+0"`` is one region of it.
"""

from framescope.core.fragments.account import Account, take_account
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid, Region
from framescope.core.fragments.join import JoinRequest, JoinResult, join
from framescope.core.fragments.split import SplitResult, SplitSettings, split
from framescope.core.fragments.store import FragmentFault, FragmentStore
from framescope.core.fragments.sweep import Sweep, SweepPoint, sweep

__all__ = [
    "Account",
    "FragmentCodec",
    "FragmentFault",
    "FragmentStore",
    "Grid",
    "JoinRequest",
    "JoinResult",
    "Region",
    "SplitResult",
    "SplitSettings",
    "Sweep",
    "SweepPoint",
    "join",
    "split",
    "sweep",
    "take_account",
]
