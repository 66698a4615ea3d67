"""The verdicts of trials, kept for the next time: which device can be trusted with which kind of video.

A verdict is valid for one driver and one FFmpeg; a new version of either is tried anew.
"""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from framescope.core.errors import FrameScopeError
from framescope.core.files import prepare_folder, write_whole
from framescope.core.folders import cache_folder
from framescope.core.hardware.devices import device_title, driver_version, software_version
from framescope.core.outside import parse_json, plain_text, read_small_file, truth_value, whole_number
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo

_LOG = logging.getLogger(__name__)
_FORMAT = 1
_NAME = "hardware.json"
_MOST_BYTES = 1 << 20
_MOST_VERDICTS = 500
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a verdict is about.

    Attributes:
        device: The device's name.
        codec: FFmpeg's name of the codec.
        profile: The codec's profile, or an empty text.
        pixel_format: What software decodes to; it tells the bit depth and the chroma.
        is_interlaced: Whether the video is: devices decode fields by other means.
        driver: The driver's version, and which hardware the device's name means.
        software: FFmpeg's version, and PyAV's.
    """

    device: str
    codec: str
    profile: str
    pixel_format: str
    is_interlaced: bool
    driver: str
    software: str

    @classmethod
    def of(cls, device: str, info: VideoInfo) -> Subject:
        """The subject for a device and a video, with the versions of today."""
        return cls(
            device=device,
            codec=info.codec,
            profile=info.profile or "",
            pixel_format=info.pixel_format,
            is_interlaced=info.interlacing.startswith("interlaced"),
            driver=driver_version(device),
            software=software_version(),
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a device is trusted.

    Attributes:
        subject: What it is about.
        is_trusted: Whether the device gave every picture exactly.
        frames: Frames that were the same.
        reason: Why it is not trusted; empty if it is.
    """

    subject: Subject
    is_trusted: bool
    frames: int
    reason: str = ""

    @property
    def words(self) -> str:
        """For people, as a sentence."""
        name = device_title(self.subject.device)
        if self.is_trusted:
            frames = counted(self.frames, "frame", "frames")
            return tr("{name}: trusted, {frames} are the same bit for bit.", name=name, frames=frames)
        return tr("{name}: not trusted, {reason}.", name=name, reason=self.reason)


class Verdicts:
    """Verdicts in a file, or in memory only. Threads: any."""

    def __init__(self, path: Path | None = None, *, is_kept: bool = True) -> None:
        """Use a file.

        Args:
            path: The file; None for the one in the user's cache folder.
            is_kept: Whether there is a file at all.
        """
        folder = cache_folder() if is_kept and path is None else None
        self._path = path or (folder / _NAME if folder is not None else None)
        self._here: dict[Subject, Verdict] = {}

    def find(self, subject: Subject) -> Verdict | None:
        """The verdict, or None if there is none."""
        return self._all().get(subject)

    def put(self, verdict: Verdict) -> None:
        """Keep a verdict; an earlier one on the same subject is replaced. A full disk is not an error."""
        with _lock:
            known = self._all()
            known.pop(verdict.subject, None)
            known[verdict.subject] = verdict
            known = dict(list(known.items())[-_MOST_VERDICTS:])
            if self._path is None:
                self._here = known
                return
            entries = [asdict(one) for one in known.values()]
            data = json.dumps({"format": _FORMAT, "verdicts": entries}, indent=1).encode()
            try:
                prepare_folder(self._path.parent)
                write_whole(self._path, data, replaces=True)
                self._here = {}
            except FrameScopeError as error:
                self._here = {**self._here, verdict.subject: verdict}
                _LOG.info("The verdict on %s could not be kept: %s", verdict.subject.device, error)

    def _all(self) -> dict[Subject, Verdict]:
        """Those of the file, which another window may have added to, and those that could not be written.

        The latter are newer: a device found wrong is not trusted because the disk was full.
        """
        if self._path is None:
            return dict(self._here)
        try:
            table = parse_json(read_small_file(self._path, _MOST_BYTES))
            if table["format"] != _FORMAT:
                return dict(self._here)
            stored = [_verdict(entry) for entry in table["verdicts"]]
        except (FrameScopeError, OSError, ValueError, KeyError, TypeError):
            # It is only a record: what is missing is tried again.
            return dict(self._here)
        return {one.subject: one for one in stored} | self._here


def _verdict(entry: dict[str, object]) -> Verdict:
    subject = entry["subject"]
    if not isinstance(subject, dict):
        raise ValueError(subject)  # noqa: TRY004 - a value that cannot be used
    texts = ("device", "codec", "profile", "pixel_format", "driver", "software")
    return Verdict(
        Subject(
            is_interlaced=truth_value(subject["is_interlaced"]),
            **{name: plain_text(subject[name]) for name in texts},
        ),
        is_trusted=truth_value(entry["is_trusted"]),
        frames=whole_number(entry["frames"]),
        reason=plain_text(entry["reason"]),
    )
