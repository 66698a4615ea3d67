"""The engines that can be tested: names, adapter classes, and where to get their libraries."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.frozen import is_frozen
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.audit.bench_records import EngineBench
    from framescope.core.audit.records import EngineTrial

_HERE = "framescope.core.audit.engines"


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """One engine.

    Attributes:
        name: As on the command line.
        title: The name in tables.
        short: The short name.
        library: The library's own name.
        factory: ``module:Class`` of the adapter, imported only in a child process.
        distributions: Packages that provide the library, any of them.
        install: The command to install it.
        call: The call under test.
        counts_time_from_zero: Whether its times count from the first frame instead of being as stored.
        is_plain: Whether it is not meant to be exact.
        gives_bgr: Whether its packed pixels come in the order B, G, R.
        seeks_by_times: Whether it knows the true times, so that a variable rate cannot mislead it.
        program: A program that the library runs and does not contain; empty if there is none.
        runs_on: ``CPU`` or ``GPU``: what decodes.
        live: ``module:function`` that reads a stream with the library; empty if another engine has it.
    """

    name: str
    title: str
    short: str
    library: str
    factory: str
    distributions: tuple[str, ...]
    install: str
    call: str
    counts_time_from_zero: bool = False
    is_plain: bool = False
    gives_bgr: bool = False
    seeks_by_times: bool = False
    program: str = ""
    runs_on: str = "CPU"
    live: str = ""

    @property
    def version(self) -> str | None:
        """The library's installed version; None if it or its program is missing. Nothing is imported."""
        return None if self._lacks_program else self._library_version

    @property
    def _lacks_program(self) -> bool:
        return bool(self.program) and shutil.which(self.program) is None

    @property
    def _library_version(self) -> str | None:
        for distribution in self.distributions:
            try:
                return version(distribution)
            except PackageNotFoundError:
                continue
        return None

    @property
    def how_to_get(self) -> str:
        """How to install what is missing; nothing can be installed into a frozen program."""
        if is_frozen():
            return tr("not included in this build")
        if self._lacks_program and self._library_version is not None:
            return tr("needs the program {program} on the PATH", program=self.program)
        if self._lacks_program:
            return tr("{install}, and the program {program}", install=self.install, program=self.program)
        return self.install

    @property
    def missing_text(self) -> str:
        """The message if it is not installed."""
        if is_frozen() or self._library_version is not None:
            return self.how_to_get
        return tr("not installed: {how_to_get}", how_to_get=self.how_to_get)


_LIVE = f"{_HERE}.live_readers"
_OPENCV = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
_DECORD = ("decord2", "decord")
_TORCHCODEC = "pip install torch torchcodec"

ENGINES: tuple[EngineSpec, ...] = (
    EngineSpec(
        "framescope",
        "FrameScope",
        "FrameScope",
        "FrameScope",
        f"{_HERE}.framescope_reader:FrameScopeReader",
        ("framescope", "av"),
        "pip install framescope",
        "video.frame(n)",
        live=f"{_LIVE}:read_framescope",
    ),
    EngineSpec(
        "opencv",
        tr("OpenCV by frame"),
        tr("OpenCV, n"),
        "OpenCV",
        f"{_HERE}.opencv_frames:OpenCVFrames",
        _OPENCV,
        "pip install opencv-python",
        "set(CAP_PROP_POS_FRAMES, n)",
        counts_time_from_zero=True,
        gives_bgr=True,
        live=f"{_LIVE}:read_opencv",
    ),
    EngineSpec(
        "opencv-msec",
        tr("OpenCV by time"),
        tr("OpenCV, ms"),
        "OpenCV",
        f"{_HERE}.opencv_msec:OpenCVMsec",
        _OPENCV,
        "pip install opencv-python",
        "set(CAP_PROP_POS_MSEC, t)",
        counts_time_from_zero=True,
        gives_bgr=True,
    ),
    EngineSpec(
        "pyav",
        tr("PyAV, plain seek"),
        tr("PyAV plain"),
        "PyAV",
        f"{_HERE}.pyav_plain:PyAVPlain",
        ("av",),
        "pip install av",
        "seek(pts), first frame",
        is_plain=True,
        seeks_by_times=True,
        live=f"{_LIVE}:read_pyav",
    ),
    EngineSpec(
        "pyav-exact",
        tr("PyAV, seek and decode"),
        tr("PyAV exact"),
        "PyAV",
        f"{_HERE}.pyav_exact:PyAVExact",
        ("av",),
        "pip install av",
        "seek(pts), decode to pts",
        seeks_by_times=True,
    ),
    EngineSpec(
        "decord",
        "decord",
        "decord",
        "decord",
        f"{_HERE}.decord_reader:DecordReader",
        _DECORD,
        "pip install decord2",
        "reader[n]",
        counts_time_from_zero=True,
        seeks_by_times=True,
        live=f"{_LIVE}:read_decord",
    ),
    EngineSpec(
        "torchcodec",
        tr("torchcodec, approximate"),
        "torchcodec ≈",
        "torchcodec",
        f"{_HERE}.torchcodec_decoder:TorchCodecApproximate",
        ("torchcodec",),
        _TORCHCODEC,
        'get_frame_at(n), seek_mode="approximate"',
        live=f"{_LIVE}:read_torchcodec",
    ),
    EngineSpec(
        "torchcodec-exact",
        tr("torchcodec, exact"),
        "torchcodec =",
        "torchcodec",
        f"{_HERE}.torchcodec_exact:TorchCodecExact",
        ("torchcodec",),
        _TORCHCODEC,
        'get_frame_at(n), seek_mode="exact"',
        seeks_by_times=True,
    ),
    EngineSpec(
        "deffcode",
        "DeFFcode",
        "DeFFcode",
        "DeFFcode",
        f"{_HERE}.deffcode_decoder:DeFFcodeDecoder",
        ("deffcode",),
        "pip install deffcode",
        "FFdecoder(path, -ss t)",
        program="ffmpeg",
        live=f"{_LIVE}:read_deffcode",
    ),
)

HARDWARE = EngineSpec(
    "framescope-gpu",
    tr("FrameScope (hardware)"),
    tr("FrameScope GPU"),
    tr("FrameScope (hardware)"),
    f"{_HERE}.framescope_reader:FrameScopeHardwareReader",
    ("framescope", "av"),
    "pip install framescope",
    'open_video(path, hardware="auto")',
    runs_on="GPU",
)
"""FrameScope's reader, decoding by a device. The wheels of the other libraries here decode on the CPU."""

BENCH_ENGINES = (ENGINES[0], HARDWARE, *ENGINES[1:])
"""Those of a benchmark. In an audit a device has no place: it is trusted for being no different."""

ENGINES_BY_NAME = {spec.name: spec for spec in BENCH_ENGINES}


def short_title(one: EngineTrial | EngineBench) -> str:
    """An engine's short name; its title if a record names an unknown engine."""
    spec = ENGINES_BY_NAME.get(one.engine)
    return one.title if spec is None else spec.short


def find_engines(
    names: list[str] | tuple[str, ...], among: tuple[EngineSpec, ...] = ENGINES
) -> tuple[EngineSpec, ...]:
    """The engines with these names, in the catalogue's order; all of them if there are no names.

    Raises:
        SettingsError: One of the names is unknown.
    """
    known = [spec.name for spec in among]
    for name in names:
        if name not in known:
            raise SettingsError(
                tr("Unknown engine: {name!r}.", name=name),
                hint=tr("Engines: {engines_by_name}.", engines_by_name=", ".join(known)),
            )
    return tuple(spec for spec in among if not names or spec.name in names)
