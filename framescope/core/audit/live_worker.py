"""The child process of a live trial: decodes the stream once as a file, then once as it arrives."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from framescope.core.audit.engines.protocol import picture_of
from framescope.core.audit.engines.read_on import pictures_of
from framescope.core.audit.messages import Attempt, Channel, digest_of, load_factory, load_named, target_from

if TYPE_CHECKING:
    from framescope.core.audit.engines.live_readers import LiveReader
    from framescope.core.audit.engines.protocol import Target


def run(channel: Channel | None = None) -> None:
    """Serve one trial."""
    channel = channel or Channel()
    job = channel.receive()
    if job is None:
        return
    channel.send("started")
    with Attempt() as attempt:
        learn(channel, job["factory"], target_from(job["target"]), float(job["seconds"]))
    if attempt.error:
        channel.send("failed", text=attempt.error)
        return
    channel.send("done")
    turn = channel.receive()
    if turn is None:
        return
    with Attempt() as attempt:
        reader: LiveReader = load_named(turn["live"])
        for pixels in reader(turn["address"]):
            at_s = time.perf_counter()
            channel.send("picture", digest=digest_of(picture_of(pixels)), at_s=at_s)
    if attempt.error:
        channel.send("failed", text=attempt.error)
    else:
        channel.send("done")


def learn(channel: Channel, factory: str, target: Target, seconds: float) -> None:
    """Send the digests of a sequential decode of the same stream, stored as a file."""
    engine = load_factory(factory)(target)
    # Not before: some libraries take as long to import.
    began_s = time.perf_counter()
    try:
        for delivered in pictures_of(engine.sequential()):
            channel.send("learnt", digest=digest_of(delivered))
            if time.perf_counter() - began_s > seconds:
                channel.send("slow")
                return
    finally:
        engine.close()


if __name__ == "__main__":
    run()
