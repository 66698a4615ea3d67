"""A report on a data set as one HTML page: what is in it, what failed, what looks alike, a contact sheet."""

from __future__ import annotations

import base64
import shlex
from collections import Counter
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote

from framescope.core.dataset.manifest import read_dataset
from framescope.core.dataset.measures import measure_dataset, spread
from framescope.core.files import write_file
from framescope.core.html_page import html_page, html_text
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.text import counted, grouped, rate_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from framescope.core.dataset.manifest import DataSetFile
    from framescope.core.dataset.measures import DataSetMeasures, PictureMeasure
    from framescope.core.dataset.records import DataVideo
    from framescope.core.export.manifest.lines import ManifestHeader
    from framescope.core.model.progress import ProgressCallback

_MOST_ROWS = 500
_MOST_SHOWN = 48
_MOST_BLURRED = 12
_NONE = "–"


REPORT_NAME = "report.html"
"""What the page is called in the folder of a data set."""


def write_report(
    folder: Path, *, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
) -> Path:
    """Write the page on a data set into its folder; an earlier one is replaced.

    Args:
        folder: Where the data set is.
        progress: Receives how far its pictures are measured.
        cancel: Cancels the work.

    Raises:
        ManifestError: There is none, or its manifests cannot be read.
        SettingsError: Its pictures are only in shards.
        DestinationError: The page cannot be written.
        Cancelled: The work was cancelled.
    """
    found = read_dataset(folder)
    found.require_pictures()
    measures = measure_dataset(found.data, progress=progress, cancel=cancel)
    write_file(folder / REPORT_NAME, report_page(found, measures).encode("utf-8"), replaces=True)
    return folder / REPORT_NAME


def report_page(found: DataSetFile, measures: DataSetMeasures) -> str:
    """The page.

    Thumbnails are in it; what they lead to are the pictures beside it, so it belongs in the data set's
    folder.

    Args:
        found: The data set's manifest.
        measures: Its pictures' measures.

    Raises:
        ManifestError: The manifest of a video cannot be read.
    """
    data = found.data
    headers = {video.id: data.header(video) for video in data.videos}
    counts = Counter(one.video.id for one in data.pictures())
    title = data.folder.absolute().name
    pictures, videos = (
        counted(measures.total, "picture", "pictures"),
        counted(len(data.videos), "video", "videos"),
    )
    body = [
        f"<h1>{html_text(title)}</h1>",
        f'<p class="lead">{html_text(tr("{pictures} of {videos}", pictures=pictures, videos=videos))}</p>',
    ]
    if not found.is_ended:
        body.append(f'<p class="odd">{html_text(tr("The data set is not complete."))}</p>')
    body += [
        _card(tr("Splits and classes"), _parts(found, counts)),
        _card(tr("Formats of the videos"), _formats(data.videos, headers, counts)),
        _card(tr("Failures"), _failures(found)),
        _card(tr("Contact sheet"), _sheet(measures)),
        _card(tr("The least sharp pictures"), _blurred(measures)),
        _card(tr("The same picture in two splits"), _leaks(measures)),
        _card(tr("Videos"), _videos(data.videos, headers, counts, measures)),
    ]
    return html_page(tr("Data set {title}", title=title), list(filter(None, body)))


def _card(title: str, content: str) -> str:
    return f'<h2>{html_text(title)}</h2><div class="card">{content}</div>' if content else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, of_words: bool = False) -> str:
    """A table of plain texts; the first column is of words, or all of them are."""
    kind = ' class="words"' if of_words else ""
    cells = "".join(f"<th{kind}>{html_text(cell)}</th>" for cell in head)
    lines = "".join(
        f"<tr>{''.join(f'<td{kind}>{html_text(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def _parts(found: DataSetFile, counts: Counter[int]) -> str:
    data = found.data
    splits = data.splits or ("",)
    by: Counter[tuple[str, str]] = Counter()
    videos: Counter[str] = Counter()
    for picture in data.pictures():
        by[picture.category, picture.video.split] += 1
    for video in data.videos:
        videos[video.split] += counts[video.id] > 0
    classes = sorted({kind for kind, _ in by})
    if classes == [""] and splits == ("",):
        return ""
    head = [tr("Class")]
    for split in splits:
        words = counted(videos[split], "video", "videos")
        head.append(f"{split}, {words}" if split else tr("Pictures"))
    rows = [[kind or _NONE, *(grouped(by[kind, split]) for split in splits)] for kind in classes]
    return _table(head, rows)


def _formats(videos: Sequence[DataVideo], headers: dict[int, ManifestHeader], counts: Counter[int]) -> str:
    mix: Counter[tuple[str, str, str]] = Counter()
    pictures: Counter[tuple[str, str, str]] = Counter()
    for video in videos:
        kind = _size(headers[video.id]), _rate(headers[video.id]), str(headers[video.id].source.get("codec"))
        mix[kind] += 1
        pictures[kind] += counts[video.id]
    rows = [
        [*kind, grouped(count), grouped(pictures[kind])]
        for kind, count in sorted(mix.items(), key=_most_first)
    ]
    return _table([tr("Resolution"), tr("Rate"), tr("Codec"), tr("Videos"), tr("Pictures")], rows)


def _most_first(item: tuple[tuple[str, str, str], int]) -> tuple[int, tuple[str, str, str]]:
    return -item[1], item[0]


def _size(header: ManifestHeader) -> str:
    return f"{header.source.get('width')} × {header.source.get('height')}"


def _rate(header: ManifestHeader) -> str:
    try:
        rate = Fraction(str(header.source.get("average_rate")))
    except (ValueError, ZeroDivisionError):
        return _NONE
    return rate_words(rate)


def _failures(found: DataSetFile) -> str:
    if not found.failures:
        return f'<p class="good">{html_text(tr("Every frame of every video was saved."))}</p>'
    return _table([tr("Video"), tr("Why")], [[one.name, one.reason] for one in found.failures], of_words=True)


def _sheet(measures: DataSetMeasures) -> str:
    known = [one for one in measures.measures if one is not None]
    if not known:
        return f"<p>{html_text(tr('None of the files is a picture.'))}</p>"
    return _thumbnails(spread(known, _MOST_SHOWN))


def _blurred(measures: DataSetMeasures) -> str:
    """Compared with the median of their own video: sharpness says nothing across videos."""
    shares = []
    for own in measures.by_video().values():
        middle = median(one.sharpness for one in own)
        shares += [(one.sharpness / middle, one) for one in own if middle > 0]
    worst = sorted(shares, key=lambda pair: (pair[0], pair[1].picture.id))[:_MOST_BLURRED]
    worst = [pair for pair in worst if pair[0] < 0.5]
    if not worst:
        words = tr("None is less than half as sharp as its video usually is.")
        return f'<p class="good">{html_text(words)}</p>'
    notes = {one.picture.id: tr("{share:.0%} of the median", share=share) for share, one in worst}
    return _thumbnails([one for _, one in worst], notes)


def _leaks(measures: DataSetMeasures) -> str:
    if not any(one is not None and one.picture.video.split for one in measures.measures):
        return ""
    leaks = measures.leaks()
    if not leaks:
        return f'<p class="good">{html_text(tr("None was found."))}</p>'
    pictures = counted(len(leaks), "picture", "pictures")
    told = tr("Found in another split as well: {pictures}.", pictures=pictures)
    pairs = [one for pair in leaks[: _MOST_BLURRED // 2] for one in pair]
    notes = {one.picture.id: one.picture.video.split for one in pairs}
    return f'<p class="bad">{html_text(told)}</p>{_thumbnails(pairs, notes)}'


def _videos(
    videos: Sequence[DataVideo],
    headers: dict[int, ManifestHeader],
    counts: Counter[int],
    measures: DataSetMeasures,
) -> str:
    by_video, repeats = measures.by_video(), measures.repeats()
    rows = []
    for video in videos[:_MOST_ROWS]:
        own = by_video.get(video.id, [])
        damaged = sum(bool(one.picture.line.is_damaged) for one in own)
        rows.append(
            [
                video.name,
                video.split or _NONE,
                video.class_name or _NONE,
                grouped(counts[video.id]),
                f"{median(one.sharpness for one in own):.0f}" if own else _NONE,
                grouped(repeats.get(video.id, 0)),
                grouped(damaged),
                f"{_size(headers[video.id])}, {_rate(headers[video.id])}",
            ]
        )
    head = [tr("Video"), tr("Split"), tr("Class"), tr("Pictures"), tr("Sharpness"), tr("Like the previous")]
    table = _table([*head, tr("Damaged"), tr("Format")], rows)
    notes = [tr("Sharpness is the median of the variance of the Laplacian; compare only within a video.")]
    if len(videos) > _MOST_ROWS:
        notes.append(tr("The first {count} are shown; the manifest lists all.", count=grouped(_MOST_ROWS)))
    measured = len(measures.measures)
    if measured < measures.total:
        words = counted(measured, "picture", "pictures")
        notes.append(tr("{words} were measured, evenly spread over all.", words=words))
    return table + "".join(f'<p class="muted">{html_text(note)}</p>' for note in notes)


def _thumbnails(shown: Sequence[PictureMeasure], notes: dict[int, str] | None = None) -> str:
    figures = "".join(_figure(one, (notes or {}).get(one.picture.id, "")) for one in shown)
    grid = "display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(160px,1fr))"
    return f'<div style="{grid}">{figures}</div>'


def _figure(one: PictureMeasure, note: str) -> str:
    picture = one.picture
    number, name = picture.line.frame_number, picture.video.name
    image = base64.b64encode(one.thumbnail).decode("ascii")
    label = tr("{name}, frame {number}", name=name, number=number)
    # In the folder that the videos are in.
    command = shlex.join(["framescope", name, "--frame", str(number)])
    words = " · ".join(filter(None, [picture.category, note]))
    return (
        f'<figure style="margin:0;min-width:0"><a href="{quote(picture.file, errors="replace")}">'
        f'<img src="data:image/jpeg;base64,{image}" alt="{html_text(label)}" loading="lazy" '
        f'style="width:100%;height:120px;object-fit:contain;background:var(--page);border-radius:6px"></a>'
        f'<figcaption style="font-size:13px;overflow-wrap:anywhere">{html_text(label)}'
        f'<div class="muted">{html_text(words)}</div><details class="muted">'
        f"<summary>{html_text(tr('Open in FrameScope'))}</summary>"
        f'<code style="user-select:all">{html_text(command)}</code></details></figcaption></figure>'
    )
