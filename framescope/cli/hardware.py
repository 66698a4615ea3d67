"""``framescope hardware``: lists the devices that decode video, and tries them on a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.cli.options import json_option, stream_option, typed_flags, wrong_usage
from framescope.cli.output import echo_json
from framescope.cli.progress_bar import long_work
from framescope.core.hardware.devices import (
    AUTOMATIC,
    checked_name,
    device_title,
    driver_version,
    software_version,
)
from framescope.core.hardware.examining import find_devices
from framescope.core.hardware.use import HardwareUse
from framescope.core.source.opening import probe
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.hardware.examining import FoundDevice
    from framescope.core.hardware.verdicts import Verdict


@click.command()
@click.argument("video", required=False)
@click.option(
    "--device",
    metavar="NAME",
    default=AUTOMATIC,
    help=tr(
        "Try this device only: cuda, cuda:1, vaapi:/dev/dri/renderD129.  [default: all that FFmpeg can decode"
        " VIDEO with]"
    ),
)
@click.option("--again", is_flag=True, help=tr("Try it even if there is a verdict already."))
@stream_option
@json_option
def hardware(video: str | None, *, device: str, again: bool, stream_index: int | None, as_json: bool) -> int:
    """List the devices that can decode video, or try them on VIDEO.

    A device decodes the start of VIDEO, in a process of its own, and each picture is compared with that of
    software. It is used, in the window and with --hwaccel, only if all are the same, bit for bit. The verdict
    is kept for this codec, profile, pixel format, driver and FFmpeg. Exit status 1 if VIDEO can be decoded by
    none.
    """
    if video is None:
        flags = typed_flags("device", "again", "stream_index")
        if flags:
            raise click.UsageError(tr("{flag} needs a VIDEO.", flag=flags[0]))
        _list(as_json=as_json)
        return 0
    if device != AUTOMATIC:
        # Before the file is opened: a name that cannot be one is a mistake in the command.
        with wrong_usage():
            checked_name(device)
    use = HardwareUse(probe(video, stream_index=stream_index), device)
    with long_work(tr("Testing")) as (progress, cancel):
        found = use.verdicts(progress, cancel, again=again)
    if as_json:
        echo_json(
            {"source": video, "decoder": use.info.decoder, "verdicts": [_document(one) for one in found]}
        )
    else:
        for one in found:
            click.echo(one.words)
        if not found:
            click.echo(
                tr("No device can decode with {name}, FFmpeg's decoder for it.", name=use.info.decoder)
            )
    return int(not any(one.is_trusted for one in found))


def _document(verdict: Verdict) -> dict[str, object]:
    subject = verdict.subject
    return {
        "device": subject.device,
        "is_trusted": verdict.is_trusted,
        "reason": verdict.reason,
        "frames_compared": verdict.frames,
        "codec": subject.codec,
        "profile": subject.profile,
        "pixel_format": subject.pixel_format,
        "is_interlaced": subject.is_interlaced,
        "driver": subject.driver,
        "software": subject.software,
    }


def _list(*, as_json: bool) -> None:
    with long_work(tr("Looking for devices")) as (_progress, cancel):
        found = find_devices(cancel)
    is_any = any(not one.problem for one in found)
    if as_json:
        entries = [
            {
                "device": one.name,
                "title": device_title(one.name),
                "is_available": not one.problem,
                "reason": one.problem,
                "codecs": list(one.codecs),
                "driver": driver_version(one.name),
            }
            for one in found
        ]
        echo_json({"software": software_version(), "devices": entries})
        return
    for one in found:
        click.echo(f"{one.name:<28}{_found_words(one)}")
    if not is_any:
        click.echo(tr("There is no device to decode with: videos are decoded in software."))


def _found_words(one: FoundDevice) -> str:
    title = device_title(one.name)
    if one.problem:
        return tr("{title}: not found ({problem})", title=title, problem=one.problem)
    return tr("{title}: {codecs}", title=title, codecs=", ".join(one.codecs))
