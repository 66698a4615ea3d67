"""The devices that can decode video: their names, opening a file with one, and which driver they have."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Protocol

import av

from framescope.core.errors import DeviceError, SettingsError
from framescope.core.hardware.downloaded import as_software
from framescope.core.media.container import local_path
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.library_versions import library_versions
from framescope.core.pyav import codec_pixel_format, device_formats, device_kinds, new_device, open_input
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext

    from framescope.core.media.decoding.decoder import VideoPacket

OFF, AUTOMATIC = "off", "auto"

TITLES = {
    "cuda": tr("NVIDIA (NVDEC)"),
    "videotoolbox": "VideoToolbox",
    "vaapi": "VA-API",
    "d3d11va": tr("Direct3D 11"),
    "d3d12va": tr("Direct3D 12"),
    "vulkan": "Vulkan",
    "dxva2": tr("DXVA 2"),
    "vdpau": "VDPAU",
}
"""The kinds of device that FFmpeg's own decoders can use, the preferred ones first. Others, such as Quick
Sync, have decoders of their own, which number and delay pictures differently."""

_DRIVER_FILES = (
    "/sys/module/nvidia/version",
    "/sys/module/amdgpu/version",
    "/sys/module/i915/version",
    "/sys/module/xe/version",
)
_VAAPI_FOLDERS = (
    "/usr/lib/x86_64-linux-gnu/dri",
    "/usr/lib/aarch64-linux-gnu/dri",
    "/usr/lib64/dri",
    "/usr/lib/dri",
)
_RENDER_NODES = "/dev/dri"
_RENDER_FACTS = "/sys/class/drm"
_NVIDIA_FOLDER = "/proc/driver/nvidia/gpus"

_ERRORS = (av.error.FFmpegError, RuntimeError, ValueError, OSError)
"""What PyAV raises when a device or its driver fails."""


class Device(Protocol):
    """Something that decodes in place of FFmpeg's software. Threads: one, from opening to closing."""

    name: str
    """As in settings: ``cuda``, ``vaapi:/dev/dri/renderD129``."""

    def open(self, source: str) -> InputContainer:
        """Open a file so that its video is decoded on the device.

        Raises:
            DeviceError: The device cannot be opened, or not for this codec.
        """

    def decode(self, context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
        """The pictures that come out when a packet is fed, or with None those held back, in memory.

        Raises:
            DeviceError: FFmpeg decoded in software.
            av.error.FFmpegError: The device or the packet has an error.
        """


class FFmpegDevice:
    """A device that FFmpeg knows."""

    def __init__(self, name: str) -> None:
        """Prepare only.

        Args:
            name: As in settings.

        Raises:
            SettingsError: FFmpeg knows no such kind of device.
        """
        self.name = checked_name(name)

    def open(self, source: str) -> InputContainer:
        """Open a file so that its video is decoded on the device; see `Device`."""
        kind, address = split_name(self.name)
        path = local_path(source)
        if path is None:
            raise DeviceError(tr("only files on this computer are decoded by a device"))
        try:
            return open_input(str(path.absolute()), hwaccel=new_device(kind, address))
        except _ERRORS as error:
            raise DeviceError(
                tr("the device cannot be opened ({reason})", reason=_said(error, kind))
            ) from error

    def decode(self, context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
        """The pictures that come out; see `Device`."""
        if not context.is_hwaccel:
            raise self._in_software()
        frames = context.decode(packet)
        # FFmpeg changes the format of the context when it decides to decode in software.
        if codec_pixel_format(context) != device_formats(context.name).get(split_name(self.name)[0]):
            raise self._in_software()
        return frames

    def _in_software(self) -> DeviceError:
        return DeviceError(tr("FFmpeg decoded it in software instead of on the device"))


def _said(error: Exception, kind: str = "") -> str:
    if kind == "cuda" and isinstance(error, PermissionError):
        # FFmpeg has -1 for a library that cannot be loaded, which is also that error's number.
        return tr("there is no NVIDIA driver")
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


class Watch:
    """Tells since when a device has been at work on one thing. Threads: any."""

    def __init__(self) -> None:
        self._since: float | None = None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While the device has something to do."""
        self._since = monotonic()
        try:
            yield
        finally:
            self._since = None

    @property
    def busy_s(self) -> float:
        """Seconds that it has been busy with one thing."""
        since = self._since
        return 0.0 if since is None else monotonic() - since


def device_decoder(
    source: str, stream_index: int, *, device: Device, pixel_format: str, watch: Watch | None = None
) -> StreamDecoder:
    """A decoder whose pictures a device decodes; they come in the format of the software decoder.

    Feeding and draining raise `DeviceError` for every error: whether the device or the file has the fault,
    only software can tell. Pictures marked as damaged come as the device gave them.

    Args:
        source: A path.
        stream_index: Index over all streams of the file.
        device: What decodes.
        pixel_format: The pixel format that software decodes to.
        watch: Follows what the device is doing.

    Raises:
        DeviceError: The device cannot be opened.
        OpenError: The file cannot be opened.
    """
    follow = watch or Watch()

    def opened(path: str) -> InputContainer:
        with follow.at_work():
            return device.open(path)

    def decode(context: VideoCodecContext, packet: VideoPacket | None) -> list[av.VideoFrame]:
        with follow.at_work():
            try:
                frames = device.decode(context, packet)
            except av.error.EOFError:
                raise
            except _ERRORS as error:
                raise DeviceError(
                    tr("the device reported an error ({reason})", reason=_said(error))
                ) from error
            # Pictures that refer to missing ones are damaged, as those before an open keyframe after a seek:
            # whoever wants them finds them marked.
            return [frame if frame.is_corrupt else as_software(frame, pixel_format) for frame in frames]

    # FFmpeg's frame threads only add delay where a device decodes.
    return StreamDecoder(source, stream_index, single_thread=True, opened=opened, decode=decode)


# --- names


def split_name(name: str) -> tuple[str, str]:
    """The kind of a device, and which of them: empty for the first."""
    kind, _, address = name.partition(":")
    return kind, address


def checked_name(name: str) -> str:
    """The name of a device, if FFmpeg knows its kind.

    Raises:
        SettingsError: It does not.
    """
    kinds = decoding_kinds()
    if split_name(name)[0] not in kinds:
        raise SettingsError(
            tr("{name!r} is not a kind of device that this FFmpeg can decode with.", name=name),
            hint=tr("Possible: {names}.", names=", ".join((OFF, AUTOMATIC, *kinds))),
        )
    return name


def decoding_kinds() -> tuple[str, ...]:
    """The kinds of device that this FFmpeg can decode with, the preferred ones first; none need be there."""
    built = device_kinds()
    return tuple(kind for kind in TITLES if kind in built)


def device_title(name: str) -> str:
    """A device's name for people."""
    kind, address = split_name(name)
    return f"{TITLES.get(kind, kind)} {address}".strip()


def candidates(decoder: str, wanted: str) -> tuple[str, ...]:
    """The devices to try for FFmpeg's decoder of this name, in order. Touches no device.

    Args:
        decoder: Its name, such as ``h264``.
        wanted: `AUTOMATIC`, or a device's name.
    """
    able = device_formats(decoder)
    if wanted == AUTOMATIC:
        return tuple(kind for kind in decoding_kinds() if kind in able)
    return (wanted,) if split_name(wanted)[0] in able else ()


# --- versions


def software_version() -> str:
    """PyAV's and FFmpeg's versions, by which a verdict is kept."""
    versions = library_versions()
    return " ".join(f"{name}-{versions[name]}" for name in ("pyav", "libavcodec"))


def driver_version(name: str) -> str:
    """What changes when the driver of a device does, or the device itself; by this a verdict is kept."""
    kind, address = split_name(name)
    if sys.platform != "linux":
        # There drivers belong to the system, or are listed by it.
        return " ".join(filter(None, (platform.system(), platform.version(), _windows_drivers())))
    found = [f"linux-{platform.release()}"]
    for file in map(Path, _DRIVER_FILES):
        try:
            found.append(f"{file.parent.name}-{file.read_text('ascii').strip()}")
        except (OSError, UnicodeDecodeError):
            continue
    if kind in {"vaapi", "vulkan", "vdpau"}:
        found.append(_libraries())
    found.append(_hardware_of(kind, address))
    return " ".join(filter(None, found))


def _hardware_of(kind: str, address: str) -> str:
    """Which hardware a device's name means now: the name stays when a card is exchanged, or another is added.

    Where the first of a kind is meant, it is any of them.
    """
    if kind == "cuda":
        return _gpus_of_nvidia()
    nodes = [Path(address)] if address else sorted(Path(_RENDER_NODES).glob("renderD*"))
    return " ".join(filter(None, (_identity_of(node) for node in nodes)))


def _gpus_of_nvidia() -> str:
    """Models and buses of all cards, and what numbers them: CUDA may begin with the fastest."""
    found = [os.environ[name] for name in ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER") if name in os.environ]
    for file in sorted(Path(_NVIDIA_FOLDER).glob("*/information")):
        try:
            lines = file.read_text("ascii", "replace").splitlines()
        except OSError:
            continue
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("Model")), "")
        found.append(f"{file.parent.name}-{model}")
    return " ".join(found)


def _identity_of(node: Path) -> str:
    """Vendor and device of the card behind a render node; empty if the system does not say."""
    folder = Path(_RENDER_FACTS) / node.name / "device"
    try:
        return ":".join((folder / name).read_text("ascii").strip() for name in ("vendor", "device"))
    except (OSError, UnicodeDecodeError):
        return ""


def _libraries() -> str:
    """A digest of the driver libraries' names, sizes and dates."""
    state = hashlib.sha256()
    for folder in _VAAPI_FOLDERS:
        try:
            files = sorted(Path(folder).glob("*.so*"))
            for file in files:
                facts = file.stat()
                state.update(f"{file.name} {facts.st_size} {facts.st_mtime_ns}".encode())
        except OSError:
            continue
    return f"libraries-{state.hexdigest()[:12]}"


def _windows_drivers() -> str:
    """The versions of the display drivers that Windows lists; empty elsewhere."""
    found: list[str] = []
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - only there

        place = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"
        for number in range(8):
            try:
                with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, rf"{place}\{number:04}") as key:
                    found.append(str(winreg.QueryValueEx(key, "DriverVersion")[0]))
            except OSError:
                continue
    return " ".join(found)


# --- in the process that looks for devices


def addresses(kind: str) -> Iterator[str]:
    """Which devices of a kind to look for, the first of all as an empty name.

    Those of NVIDIA have numbers without an end: stop at the first that is not there.
    """
    yield ""
    if kind == "vaapi" and Path(_RENDER_NODES).is_dir():
        yield from (str(node) for node in sorted(Path(_RENDER_NODES).glob("renderD*")))
    if kind == "cuda":
        yield from map(str, range(1, 64))


def why_absent(name: str, decoder: str) -> str:
    """Why a device cannot be opened for a decoder, or nothing. May hang or crash: for a child process."""
    kind, address = split_name(name)
    try:
        new_device(kind, address).create(av.Codec(decoder, "r"))
    except _ERRORS as error:
        return _said(error, kind)
    return ""
