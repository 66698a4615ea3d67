"""A child process that touches devices, since a driver may crash it: lists them, or tries one on a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.audit.messages import Attempt, Channel
from framescope.core.hardware.devices import FFmpegDevice, addresses, decoding_kinds, why_absent
from framescope.core.hardware.trial import compare
from framescope.core.pyav import device_formats

if TYPE_CHECKING:
    from framescope.core.audit.messages import Message

# FFmpeg's decoder for AV1 is dav1d, which uses no device.
_DECODERS = ("h264", "hevc", "vp9", "vp8", "mpeg2video", "mpeg4", "vc1", "mjpeg")


def run(channel: Channel | None = None) -> None:
    """Serve one job and end."""
    channel = channel or Channel()
    job = channel.receive()
    if job is None:
        return
    channel.send("started")
    with Attempt() as attempt:
        if job["do"] == "list":
            _list(channel)
        else:
            _try(channel, job)
    if attempt.error:
        channel.send("failed", text=attempt.error)
    else:
        channel.send("done")
    # The caller still reads the memory usage of this process, then ends it.
    channel.receive()


def _list(channel: Channel) -> None:
    for kind in decoding_kinds():
        codecs = [decoder for decoder in _DECODERS if kind in device_formats(decoder)]
        for address in addresses(kind) if codecs else ():
            name = f"{kind}:{address}" if address else kind
            # Before it is touched, so that a crash has a name.
            channel.send("touching", device=name)
            problem = why_absent(name, codecs[0])
            if problem and address:
                break
            channel.send("device", device=name, codecs=codecs, problem=problem)
            if problem:
                break


def _try(channel: Channel, job: Message) -> None:
    result = compare(
        job["source"],
        job["stream_index"],
        pixel_format=job["pixel_format"],
        device=FFmpegDevice(job["device"]),
        on_frames=lambda count: channel.send("compared", frames=count),
    )
    channel.send(
        "result", frames=result.frames, difference=result.difference, is_conclusive=result.is_conclusive
    )


if __name__ == "__main__":
    run()
