"""The options of ``framescope export`` that make a data set: layouts, splits, classes, shards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from framescope.cli.options import wrong_usage
from framescope.cli.output import one_line
from framescope.cli.sections import together
from framescope.core.dataset.classes import Classes
from framescope.core.dataset.layout import ShardBound
from framescope.core.dataset.layouts import FOLDERS, NAMES, LayoutChoice
from framescope.core.dataset.packed import check_packable
from framescope.core.dataset.splits import Splits
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.dataset.build import DataSetForm, DataSetResult

dataset_options = together(
    click.option(
        "--layout",
        metavar=tr("NAMES"),
        help=tr(
            "Layouts of the data set, separated by commas: {names}. Pictures are in a folder for each "
            "video (folders) or in the tree of the videos (mirrored).",
            names=", ".join(NAMES),
        ),
    ),
    click.option(
        "--split",
        metavar=tr("SHARES"),
        help=tr(
            "Split by video: 80/10/10 for train, val and test, or train=80,test=20. No video is left over: "
            "80/10 are 8 and 1 of 9. A video's part depends on its name only, not on the others."
        ),
    ),
    click.option(
        "--split-seed", metavar=tr("TEXT"), help=tr("Any text; a different text gives a different split.")
    ),
    click.option(
        "--classes",
        metavar="folder|FILE.csv",
        help=tr("The class of each video: the name of its folder, or a CSV file with videos and classes."),
    ),
    click.option(
        "--shard",
        metavar=tr("BOUND"),
        help=tr("Size of a shard: a number of pictures, or bytes, such as 500MB.  [default: 1GB]"),
    ),
    click.option(
        "--packed",
        is_flag=True,
        help=tr(
            "Keep pictures only in the shards of webdataset and parquet: they are removed once the shards are"
            " read back. With --resume they are exported again."
        ),
    ),
)
"""The options of data sets."""


@dataclass(frozen=True, slots=True)
class DataSetRequest:
    """The options as typed; None for those that were not.

    Attributes:
        layout: Names of layouts.
        split: The splits and their shares.
        seed: Decides which split each video goes to.
        classes: Where classes come from.
        shard: When a shard is full.
        is_packed: Whether pictures are kept in shards only.
    """

    layout: str | None = None
    split: str | None = None
    seed: str | None = None
    classes: str | None = None
    shard: str | None = None
    is_packed: bool = False

    @property
    def is_wanted(self) -> bool:
        """Whether a data set is to be made."""
        typed = (self.layout, self.split, self.seed, self.classes, self.shard)
        return self.is_packed or any(one is not None for one in typed)

    def form(self) -> DataSetForm:
        """What the data set is to be like.

        Raises:
            click.UsageError: An option cannot be used.
            SettingsError: The list of classes cannot be read.
        """
        from framescope.core.dataset.build import DataSetForm  # noqa: PLC0415 - most exports make none

        if self.seed is not None and self.split is None:
            raise click.UsageError(tr("--split-seed needs --split."))
        with wrong_usage():
            choice = LayoutChoice.parse(FOLDERS if self.layout is None else self.layout)
            splits = Splits() if self.split is None else Splits.parse(self.split, self.seed or "")
            bound = ShardBound() if self.shard is None else ShardBound.parse(self.shard)
            if self.is_packed:
                check_packable(choice)
        has_shards = self.is_packed or any(one.always_has_shards for one in choice.layouts)
        if self.shard is not None and not has_shards:
            raise click.UsageError(tr("--shard needs --layout webdataset, or --packed."))
        classes = Classes() if self.classes is None else Classes.parse(self.classes)
        return DataSetForm(choice, splits, classes, bound, self.is_packed)


def echo_dataset(result: DataSetResult) -> None:
    """Print what became of the data set: a line, and remarks on stderr."""
    click.echo(one_line(result.summary))
    for remark in result.remarks:
        click.echo(one_line(remark), err=True)


def dataset_table(result: DataSetResult) -> dict[str, object]:
    """What became of the data set, as JSON values."""
    data = result.data
    return {
        "is_complete": data is not None,
        "pictures": result.picture_count,
        "videos": [] if data is None else [one.as_table() for one in data.videos],
        "failed": [{"video": one.name, "reason": one.reason} for one in result.failures],
        "remarks": list(result.remarks),
    }
