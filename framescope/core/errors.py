"""All exceptions that FrameScope raises deliberately, each with a message and a hint."""

from __future__ import annotations

from framescope.core.translation import tr


class FrameScopeError(Exception):
    """An error of the environment (file, disk, codec); the base class of all errors raised here.

    Attributes:
        message: One sentence that says what is wrong.
        hint: One sentence that says what can be done, or an empty string.
        settings: What the hint advises to set, such as ``overwrite``: the command line adds its
            options of these names, whatever they are called in Python.
    """

    def __init__(self, message: str, *, hint: str = "", settings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.settings = settings

    def __reduce__(self) -> tuple[object, ...]:
        """As it is: an error crosses processes whatever arguments its class takes."""
        return _error_again, (type(self), self.args), self.__dict__.copy()

    @property
    def in_full(self) -> str:
        """The message and, where there is one, the hint."""
        return f"{self.message} {self.hint}".strip()


def _error_again(kind: type[FrameScopeError], args: tuple[object, ...]) -> FrameScopeError:
    return kind.__new__(kind, *args)


class OpenError(FrameScopeError):
    """The file cannot be opened as a video."""


class MissingFileError(OpenError):
    """There is no such file, or it is not a file that can be read."""


class MissingMarksError(MissingFileError):
    """The video is there, but not the file with its marks."""


class UnsupportedMediaError(OpenError):
    """FFmpeg does not know this format or codec, or the header is damaged beyond use."""


class NoVideoStreamError(OpenError):
    """The file has no video stream (cover art does not count)."""


class IndexingError(FrameScopeError):
    """The packets of the file could not be listed."""


class DecodeError(FrameScopeError):
    """A frame could not be decoded."""


class FrameUnavailableError(DecodeError):
    """The requested frame cannot be shown.

    Attributes:
        frame_number: The 0-based number that was requested.
        pts: Its presentation timestamp in the stream's time base, where known.
    """

    def __init__(self, frame_number: int, pts: int | None, reason: str, *, hint: str = "") -> None:
        super().__init__(
            tr("Frame {frame_number} is not available: {reason}", frame_number=frame_number, reason=reason),
            hint=hint,
        )
        self.frame_number = frame_number
        self.pts = pts
        self.reason = reason


class CorruptFrameError(FrameUnavailableError):
    """The packets of the requested frame are damaged."""


class DeviceError(DecodeError):
    """A device for decoding cannot be used, or not any longer; software can take over."""


class ExportError(FrameScopeError):
    """Frames could not be saved."""


class DestinationError(ExportError):
    """The folder or name to write to cannot be used."""


class TargetExistsError(DestinationError):
    """The file exists already, and replacing it was not allowed."""


class DestinationLostError(DestinationError):
    """The folder is no longer writable: the disk is full, or the drive or folder is gone."""


class EncodeError(ExportError):
    """A picture could not be encoded in the chosen format."""


class VerificationError(ExportError):
    """A written file failed verification."""


class ClipError(ExportError):
    """A clip could not be made."""


class SynthesisError(FrameScopeError):
    """A video could not be made."""


class EncoderRefusedError(SynthesisError):
    """The encoder or the container does not support the request; the disk is not the cause."""


class FragmentError(FrameScopeError):
    """A fragment is missing, altered, or cannot be made."""


class SettingsError(FrameScopeError):
    """A setting has an invalid value."""


class ClusterError(FrameScopeError):
    """Machines that share the work cannot be reached, differ, or were lost."""


class UnknownPanelError(SettingsError):
    """The window has no panel of this name."""


class Cancelled(Exception):  # noqa: N818 - not a failure, so it is not called an error
    """Work was cancelled. Not an error."""
