"""A worker that dies over one FourCC."""

from __future__ import annotations

import os

from framescope.core.audit.child_process import STARTED
from framescope.core.audit.messages import Channel


def run() -> None:
    """Serve one job; crash where it says X264."""
    channel = Channel()
    job = channel.receive() or {"cells": []}
    channel.send(STARTED)
    for cell in job["cells"]:
        if cell["fourcc"] == "X264":
            os.abort()
        channel.send("cell", cell=cell | {"works": True})
    channel.send("done")


if __name__ == "__main__":
    run()
