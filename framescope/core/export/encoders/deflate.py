"""Deflate, faster than zlib at the same size: ISA-L for low levels, zlib-ng for the others.

Both release the GIL.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, cast

from isal import igzip_lib, isal_zlib
from zlib_ng import zlib_ng

from framescope.core.errors import VerificationError
from framescope.core.export.encoders.formats import PngStrategy
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    Bytes = bytes | memoryview | NDArray[np.uint8]

# Its type stub declares the class as an instance.
_IsalError = cast("type[Exception]", igzip_lib.IsalError)
_STRATEGIES = {
    PngStrategy.DEFAULT: zlib.Z_DEFAULT_STRATEGY,
    PngStrategy.FILTERED: zlib.Z_FILTERED,
    PngStrategy.HUFFMAN: zlib.Z_HUFFMAN_ONLY,
    PngStrategy.RLE: zlib.Z_RLE,
    PngStrategy.FIXED: zlib.Z_FIXED,
}
_FLAT = 1 / 50
"""Data that ISA-L shrinks this much has long runs, which zlib-ng compresses far better, and as fast."""
_FLAT_LEVEL, _QUICK_LEVELS = 6, 2


def deflated(data: NDArray[np.uint8], level: int, strategy: PngStrategy = PngStrategy.AUTO) -> bytes:
    """A zlib stream.

    Args:
        data: Bytes in one block.
        level: 0 (stored) to 9 (smallest).
        strategy: Anything but AUTO is zlib's own.
    """
    # A view of bytes: both libraries take anything with a buffer of one dimension.
    plain = data.reshape(-1).data
    if strategy is not PngStrategy.AUTO or level == 0:
        packer = zlib_ng.compressobj(level, zlib.DEFLATED, 15, 9, _STRATEGIES.get(strategy, 0))
        return packer.compress(plain) + packer.flush()
    if level > _QUICK_LEVELS:
        return zlib_ng.compress(plain, level)
    quick = isal_zlib.compress(plain, level)
    if level == 1 or len(quick) > len(plain) * _FLAT:
        return quick
    return min(quick, zlib_ng.compress(plain, _FLAT_LEVEL), key=len)


def inflated(data: Bytes, size: int, piece_bytes: int) -> Iterator[bytes]:
    """The contents of a zlib stream, in pieces, so that they need not be in memory as a whole.

    Args:
        data: The stream.
        size: The expected number of bytes.
        piece_bytes: Length of a piece; the last one may be shorter.

    Raises:
        VerificationError: It is damaged, or its length differs.
    """
    inflater = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_ZLIB)
    is_whole = True
    try:
        for start in range(0, size, piece_bytes):
            expected = min(piece_bytes, size - start)
            piece = inflater.decompress(b"" if start else data, expected)
            is_whole = len(piece) == expected
            if not is_whole:
                break
            yield piece
        # The checksum follows the last byte.
        if is_whole and not inflater.eof:
            is_whole = not inflater.decompress(b"" if size else data, 1) and inflater.eof
    except (_IsalError, EOFError, ValueError) as error:
        raise VerificationError(tr("The encoded picture could not be decoded again.")) from error
    if not is_whole or inflater.unused_data:
        raise VerificationError(tr("The encoded picture does not have the size of the frame."))
