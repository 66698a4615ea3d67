"""The options of ``framescope export`` that make a data set: layouts, splits, classes, shards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.options import wrong_usage
from framescope.cli.output import one_line
from framescope.core.dataset.build import DataSetForm
from framescope.core.dataset.classes import Classes
from framescope.core.dataset.layout import ShardBound
from framescope.core.dataset.layouts import FOLDERS, NAMES, LayoutChoice
from framescope.core.dataset.splits import Splits
from framescope.core.errors import SettingsError
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.dataset.build import DataSetResult

_BOUND = re.compile(r"([1-9]\d{0,11})\s*(|KB|MB|GB)", re.ASCII | re.IGNORECASE)
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
_OPTIONS = (
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
            "Split by video: 80/10/10 for train, val and test, or train=80,test=20. A video's part depends "
            "on its name only, not on the others."
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
        help=tr("Size of a WebDataset shard: a number of pictures, or bytes, such as 500MB.  [default: 1GB]"),
    ),
)


def dataset_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class DataSetRequest:
    """The options as typed; None for those that were not.

    Attributes:
        layout: Names of layouts.
        split: The splits and their shares.
        seed: Decides which split each video goes to.
        classes: Where classes come from.
        shard: When a shard is full.
    """

    layout: str | None = None
    split: str | None = None
    seed: str | None = None
    classes: str | None = None
    shard: str | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether a data set is to be made."""
        return (self.layout or self.split or self.seed or self.classes or self.shard) is not None

    def form(self) -> DataSetForm:
        """What the data set is to be like.

        Raises:
            click.UsageError: An option cannot be used.
            SettingsError: The list of classes cannot be read.
        """
        if self.seed is not None and self.split is None:
            raise click.UsageError(tr("--split-seed needs --split."))
        with wrong_usage():
            choice = LayoutChoice.parse(FOLDERS if self.layout is None else self.layout)
            splits = Splits() if self.split is None else Splits.parse(self.split, self.seed or "")
            bound = ShardBound() if self.shard is None else _bound(self.shard)
        if self.shard is not None and not any(one.has_shards for one in choice.layouts):
            raise click.UsageError(tr("--shard needs --layout webdataset."))
        classes = Classes() if self.classes is None else Classes.parse(self.classes)
        return DataSetForm(choice, splits, classes, bound)


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


def _bound(text: str) -> ShardBound:
    match = _BOUND.fullmatch(text.strip())
    if match is None:
        raise SettingsError(
            tr("“{text}” is not a valid shard size.", text=text),
            hint=tr("Write a number of pictures, such as 1000, or a size, such as 500MB."),
        )
    number, unit = int(match[1]), match[2].upper()
    if unit:
        return ShardBound(size_bytes=number * _UNITS[unit])
    return ShardBound(pictures=number)
