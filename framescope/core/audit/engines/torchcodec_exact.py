"""torchcodec after a scan of the file: ``VideoDecoder(seek_mode="exact")``."""

from __future__ import annotations

from framescope.core.audit.engines.torchcodec_decoder import TorchCodecApproximate


class TorchCodecExact(TorchCodecApproximate):
    """``VideoDecoder(seek_mode="exact")``."""

    _seek_mode = "exact"
