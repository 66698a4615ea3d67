"""FrameScope: the frame you ask for is the frame you see, and the frame you see is the frame you save.

``open_video`` opens a file or an address, indexes it, and gives its frames by number.
``choose`` picks frames by a rule, and ``export`` saves them as pictures, each one checked.
``export_many`` does so for many videos, and ``export_dataset`` makes a data set of them.
``resume`` continues an interrupted export, ``verify`` checks one.
``sent_to`` is a folder to export to that is sent to an object store.
``FrameDataset`` gives the clips of many videos to the loader of a training program.
``audit`` finds out whether other libraries return the requested frame of a file.
``compare`` finds which frames of one video are which of another, and measures how similar they are.
``spacetime`` shows what lies under a line on the picture, frame by frame.
``fragments`` splits a video into tiles × runs of frames that are decoded on their own, and joins them again.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framescope.core.audit.file_audit import AuditSettings, audit
    from framescope.core.audit.records import FileAudit
    from framescope.core.batch import export_dataset, export_many, resume, verify
    from framescope.core.compare.comparison import Comparison, compare
    from framescope.core.dataset.build import DataSetResult
    from framescope.core.errors import (
        Cancelled,
        ClipError,
        ClusterError,
        CorruptFrameError,
        DecodeError,
        DestinationError,
        DestinationLostError,
        EncodeError,
        EncoderRefusedError,
        ExportError,
        FragmentError,
        FrameScopeError,
        FrameUnavailableError,
        IndexingError,
        MissingFileError,
        NoVideoStreamError,
        OpenError,
        SettingsError,
        SynthesisError,
        TargetExistsError,
        UnsupportedMediaError,
        VerificationError,
    )
    from framescope.core.export.manifest.verify import VerifyReport
    from framescope.core.export.result import ExportResult, FrameOutcome
    from framescope.core.export.sending import sent_to
    from framescope.core.export.settings import OnExisting
    from framescope.core.fragments import api as fragments
    from framescope.core.loader.frame_dataset import FrameClip, FrameDataset
    from framescope.core.media.index import FrameIndex, IndexBasis
    from framescope.core.media.index_builder import Counting
    from framescope.core.media.video import Video, VideoSlice
    from framescope.core.model.frame import Frame, PictureType
    from framescope.core.model.progress import CancelToken, Progress
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.recipe.run import VideoOutcome
    from framescope.core.sampling.scenes import SceneRule
    from framescope.core.scripting import choose, export
    from framescope.core.source.opening import open_video
    from framescope.core.spacetime.image import SpaceTimeImage
    from framescope.core.spacetime.save import save_spacetime
    from framescope.core.spacetime.scan import spacetime

__all__ = [
    "AuditSettings",
    "CancelToken",
    "Cancelled",
    "ClipError",
    "ClusterError",
    "Comparison",
    "CorruptFrameError",
    "Counting",
    "DataSetResult",
    "DecodeError",
    "DestinationError",
    "DestinationLostError",
    "EncodeError",
    "EncoderRefusedError",
    "ExportError",
    "ExportResult",
    "FileAudit",
    "FragmentError",
    "Frame",
    "FrameClip",
    "FrameDataset",
    "FrameIndex",
    "FrameOutcome",
    "FrameScopeError",
    "FrameUnavailableError",
    "IndexBasis",
    "IndexingError",
    "MissingFileError",
    "NoVideoStreamError",
    "OnExisting",
    "OpenError",
    "PictureType",
    "Progress",
    "SceneRule",
    "SettingsError",
    "SpaceTimeImage",
    "SynthesisError",
    "TargetExistsError",
    "UnsupportedMediaError",
    "VerificationError",
    "VerifyReport",
    "Video",
    "VideoInfo",
    "VideoOutcome",
    "VideoSlice",
    "audit",
    "choose",
    "compare",
    "export",
    "export_dataset",
    "export_many",
    "fragments",
    "open_video",
    "resume",
    "save_spacetime",
    "sent_to",
    "spacetime",
    "verify",
]


_HOMES = {
    "AuditSettings": "framescope.core.audit.file_audit",
    "CancelToken": "framescope.core.model.progress",
    "Cancelled": "framescope.core.errors",
    "ClipError": "framescope.core.errors",
    "ClusterError": "framescope.core.errors",
    "Comparison": "framescope.core.compare.comparison",
    "CorruptFrameError": "framescope.core.errors",
    "Counting": "framescope.core.media.index_builder",
    "DataSetResult": "framescope.core.dataset.build",
    "DecodeError": "framescope.core.errors",
    "DestinationError": "framescope.core.errors",
    "DestinationLostError": "framescope.core.errors",
    "EncodeError": "framescope.core.errors",
    "EncoderRefusedError": "framescope.core.errors",
    "ExportError": "framescope.core.errors",
    "ExportResult": "framescope.core.export.result",
    "FileAudit": "framescope.core.audit.records",
    "FragmentError": "framescope.core.errors",
    "Frame": "framescope.core.model.frame",
    "FrameClip": "framescope.core.loader.frame_dataset",
    "FrameDataset": "framescope.core.loader.frame_dataset",
    "FrameIndex": "framescope.core.media.index",
    "FrameOutcome": "framescope.core.export.result",
    "FrameScopeError": "framescope.core.errors",
    "FrameUnavailableError": "framescope.core.errors",
    "IndexBasis": "framescope.core.media.index",
    "IndexingError": "framescope.core.errors",
    "MissingFileError": "framescope.core.errors",
    "NoVideoStreamError": "framescope.core.errors",
    "OnExisting": "framescope.core.export.settings",
    "OpenError": "framescope.core.errors",
    "PictureType": "framescope.core.model.frame",
    "Progress": "framescope.core.model.progress",
    "SceneRule": "framescope.core.sampling.scenes",
    "SettingsError": "framescope.core.errors",
    "SpaceTimeImage": "framescope.core.spacetime.image",
    "SynthesisError": "framescope.core.errors",
    "TargetExistsError": "framescope.core.errors",
    "UnsupportedMediaError": "framescope.core.errors",
    "VerificationError": "framescope.core.errors",
    "VerifyReport": "framescope.core.export.manifest.verify",
    "Video": "framescope.core.media.video",
    "VideoInfo": "framescope.core.model.stream_facts",
    "VideoOutcome": "framescope.core.recipe.run",
    "VideoSlice": "framescope.core.media.video",
    "audit": "framescope.core.audit.file_audit",
    "choose": "framescope.core.scripting",
    "compare": "framescope.core.compare.comparison",
    "export": "framescope.core.scripting",
    "export_dataset": "framescope.core.batch",
    "export_many": "framescope.core.batch",
    "open_video": "framescope.core.source.opening",
    "resume": "framescope.core.batch",
    "save_spacetime": "framescope.core.spacetime.save",
    "sent_to": "framescope.core.export.sending",
    "spacetime": "framescope.core.spacetime.scan",
    "verify": "framescope.core.batch",
}
"""Where each name is defined."""


def __getattr__(name: str) -> object:
    """Import a name's module at its first use: the program's own start must stay free to be interrupted."""
    if name == "fragments":
        value: object = import_module("framescope.core.fragments.api")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All names, imported yet or not."""
    return sorted({*globals(), *__all__})
