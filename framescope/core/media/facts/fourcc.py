"""Descriptions of FourCCs, codecs and containers. Tables and lookups only."""

from __future__ import annotations

from framescope.core.media.facts.format_names import PRODUCTS

_IN_HEADER = "parameter sets only in the header"
_IN_STREAM = "parameter sets may also be inside the stream"

_FOURCC_WORDS = {
    # H.264, H.265, H.266 in MP4 and MOV
    "avc1": f"H.264 in MP4 or MOV; {_IN_HEADER}",
    "avc2": f"H.264 with extensions in MP4; {_IN_HEADER}",
    "avc3": f"H.264 in MP4; {_IN_STREAM}",
    "avc4": f"H.264 with extensions in MP4; {_IN_STREAM}",
    "hvc1": f"H.265 (HEVC) in MP4 or MOV; {_IN_HEADER} (what Apple players ask for)",
    "hev1": f"H.265 (HEVC) in MP4; {_IN_STREAM} (Apple players refuse it)",
    "hvc2": "H.265 (HEVC) with extractors in MP4",
    "dvh1": f"H.265 with Dolby Vision; {_IN_HEADER}, like hvc1",
    "dvhe": f"H.265 with Dolby Vision; {_IN_STREAM}, like hev1",
    "dva1": f"H.264 with Dolby Vision; {_IN_HEADER}, like avc1",
    "dvav": f"H.264 with Dolby Vision; {_IN_STREAM}, like avc3",
    "dav1": "AV1 with Dolby Vision",
    "vvc1": f"H.266 (VVC) in MP4; {_IN_HEADER}",
    "vvi1": f"H.266 (VVC) in MP4; {_IN_STREAM}",
    "av01": "AV1 (AOMedia)",
    "vp08": "VP8 in MP4",
    "vp09": "VP9 in MP4",
    "vp80": "VP8 (WebM, IVF, AVI)",
    "vp90": "VP9 (WebM, IVF, AVI)",
    "h264": "H.264 in AVI; start codes instead of lengths",
    "x264": "H.264 made by x264, in AVI",
    "smv2": "H.264 from a Samsung camera, in AVI",
    "davc": "H.264 in AVI (security recorders)",
    "vssh": "H.264 by Vanguard, in AVI",
    "h265": "H.265 (HEVC) in AVI; not standardised",
    "x265": "H.265 (HEVC) made by x265, in AVI; not standardised",
    "hevc": "H.265 (HEVC); in MPEG-TS the registration mark",
    "h263": "H.263 (video calls, 3GP)",
    "s263": "H.263 in 3GP, from phones",
    "flv1": "Sorenson Spark, H.263 for Flash",
    "vp6f": "On2 VP6 for Flash",
    "vp62": "On2 VP6",
    "vp31": "On2 VP3, the forerunner of Theora",
    "vp60": "On2 VP6",
    "theo": "Theora (Ogg)",
    # MPEG-4 part 2 and its relatives
    "mp4v": "MPEG-4 part 2 in MP4, MOV or 3GP",
    "xvid": "MPEG-4 part 2 made by Xvid, in AVI; often with packed B-frames",
    "divx": "MPEG-4 part 2 made by DivX 4 or 5, in AVI",
    "dx50": "MPEG-4 part 2 made by DivX 5, in AVI",
    "fmp4": "MPEG-4 part 2 made by FFmpeg, in AVI",
    "m4s2": "MPEG-4 part 2, Microsoft's simple profile",
    "3iv2": "MPEG-4 part 2 made by 3ivx",
    "mp4s": "MPEG-4 part 2, Microsoft",
    "mpg4": "Microsoft MPEG-4 version 1 (not MPEG-4 part 2)",
    "mp41": "Microsoft MPEG-4 version 1 (not MPEG-4 part 2)",
    "mp42": "Microsoft MPEG-4 version 2 (not MPEG-4 part 2)",
    "mp43": "Microsoft MPEG-4 version 3 (not MPEG-4 part 2)",
    "div3": "DivX 3, a copy of Microsoft MPEG-4 version 3",
    "div4": "DivX 3, a copy of Microsoft MPEG-4 version 3",
    "col1": "DivX 3, a copy of Microsoft MPEG-4 version 3",
    # MPEG-1 and 2
    "mpeg": "MPEG-1 or MPEG-2 video",
    "mpg1": "MPEG-1 video",
    "mpg2": "MPEG-2 video",
    "mp1v": "MPEG-1 video in MOV",
    "mp2v": "MPEG-2 video in MOV",
    "m2v1": "MPEG-2 video in MOV",
    "em2v": "MPEG-2 intra, as Etymonix codes it",
    "ai55": "AVC-Intra 50, 1080i (Panasonic cameras)",
    "ai5q": "AVC-Intra 50, 720p (Panasonic cameras)",
    "ai15": "AVC-Intra 100, 1080i (Panasonic cameras)",
    "ai1q": "AVC-Intra 100, 720p (Panasonic cameras)",
    # Cameras and editing
    "mjpg": "Motion JPEG: every frame a JPEG picture",
    "jpeg": "Photo JPEG in MOV: every frame a JPEG picture",
    "mjpa": "Motion JPEG A in MOV: two fields a frame",
    "mjpb": "Motion JPEG B in MOV: two fields a frame, no markers",
    "avrn": "Avid Meridien JPEG",
    "mjp2": "JPEG 2000 in MOV: every frame on its own",
    "mj2c": "JPEG 2000 in AVI",
    "jpg2": "JPEG 2000",
    "png": "PNG: every frame a lossless picture",
    "mpng": "PNG: every frame a lossless picture",
    "tiff": "TIFF: every frame a picture",
    "gif": "GIF: at most 256 colours a frame",
    "webp": "WebP",
    **PRODUCTS,
    "avdn": "Avid DNxHD",
    "avdh": "Avid DNxHR",
    "dvc": "DV, NTSC, 25 Mbit/s",
    "dvcp": "DV, PAL, 25 Mbit/s",
    "dvpp": "DVCPRO, PAL",
    "dvsd": "DV, standard definition, in AVI",
    "dvhd": "DV, high definition",
    "dv5n": "DVCPRO50, NTSC",
    "dv5p": "DVCPRO50, PAL",
    "dvh2": "DVCPRO HD",
    "dvh3": "DVCPRO HD",
    "dvh5": "DVCPRO HD, 1080i50",
    "dvh6": "DVCPRO HD, 1080i60",
    "dvhp": "DVCPRO HD, 720p60",
    "dvhq": "DVCPRO HD, 720p50",
    # Lossless and raw
    "ffv1": "FFV1, lossless (archives)",
    "hfyu": "HuffYUV, lossless",
    "ffvh": "HuffYUV as FFmpeg extends it, lossless",
    "ulrg": "Ut Video, lossless RGB",
    "ulra": "Ut Video, lossless RGB with alpha",
    "uly0": "Ut Video, lossless YUV 4:2:0",
    "uly2": "Ut Video, lossless YUV 4:2:2",
    "m8rg": "MagicYUV, lossless RGB",
    "m8y0": "MagicYUV, lossless YUV 4:2:0",
    "lags": "Lagarith, lossless",
    "zlib": "LCL ZLIB, lossless",
    "tscc": "TechSmith screen capture (Camtasia), lossless",
    "cscd": "CamStudio screen capture, lossless",
    "zmbv": "DOSBox screen capture, lossless",
    "g2m2": "GoToMeeting screen capture",
    "g2m3": "GoToMeeting screen capture",
    "g2m4": "GoToMeeting screen capture",
    "g2m5": "GoToMeeting screen capture",
    "rle": "QuickTime Animation: lossless run lengths",
    "mrle": "Microsoft run lengths",
    "i420": "uncompressed YUV 4:2:0, planar",
    "iyuv": "uncompressed YUV 4:2:0, planar",
    "yv12": "uncompressed YUV 4:2:0, planar, V before U",
    "nv12": "uncompressed YUV 4:2:0, chroma interleaved",
    "yuy2": "uncompressed YUV 4:2:2, packed",
    "yuyv": "uncompressed YUV 4:2:2, packed",
    "uyvy": "uncompressed YUV 4:2:2, packed, chroma first",
    "2vuy": "uncompressed YUV 4:2:2, packed, chroma first (MOV)",
    "yuvs": "uncompressed YUV 4:2:2, packed (MOV)",
    "v210": "uncompressed YUV 4:2:2, 10 bit",
    "v410": "uncompressed YUV 4:4:4, 10 bit",
    "r210": "uncompressed RGB, 10 bit",
    "y800": "uncompressed grey, 8 bit",
    "grey": "uncompressed grey, 8 bit",
    "raw": "uncompressed RGB (MOV)",
    "dib": "uncompressed RGB (Windows bitmap)",
    # Older ones
    "cvid": "Cinepak (CD-ROMs of the 1990s)",
    "iv31": "Indeo 3",
    "iv32": "Indeo 3",
    "iv41": "Indeo 4",
    "iv50": "Indeo 5",
    "svq1": "Sorenson Video 1 (QuickTime trailers of the 1990s)",
    "svq3": "Sorenson Video 3 (QuickTime trailers around 2000)",
    "smc": "QuickTime Graphics, 256 colours",
    "rpza": "QuickTime Video (Road Pizza)",
    "8bps": "QuickTime Planar RGB",
    "msvc": "Microsoft Video 1",
    "cram": "Microsoft Video 1",
    "wmv1": "Windows Media Video 7",
    "wmv2": "Windows Media Video 8",
    "wmv3": "Windows Media Video 9 (VC-1 simple or main profile)",
    "wmva": "Windows Media Video 9, advanced profile (early VC-1)",
    "wvc1": "VC-1, advanced profile (Windows Media, Blu-ray)",
    "vc-1": "VC-1, advanced profile, in MP4 or MOV",
    "mss1": "Windows Media Screen 7",
    "mss2": "Windows Media Screen 9",
    "rv10": "RealVideo 1 (RealPlayer 5)",
    "rv13": "RealVideo 1 (RealPlayer 5)",
    "rv20": "RealVideo G2",
    "rv30": "RealVideo 8",
    "rv40": "RealVideo 9 and 10",
    "drac": "Dirac (BBC)",
    "snow": "Snow (FFmpeg's experimental codec)",
    "encv": "encrypted video (DRM): the real codec is hidden until it is decrypted",
    "drmi": "encrypted video (Apple FairPlay)",
}
_PREFIX_WORDS = (
    ("xd", "XDCAM: MPEG-2 from Sony cameras, in MOV"),
    ("hdv", "HDV: MPEG-2 from tape cameras, in MOV"),
    ("mx", "IMX (D-10): MPEG-2 intra for broadcast, in MOV"),
    ("ai", "AVC-Intra (Panasonic cameras)"),
    ("ul", "Ut Video, lossless"),
    ("m8", "MagicYUV, lossless"),
)
# ISO/IEC 13818-1, table 2-34, and registered extensions.
_STREAM_TYPES = {
    0x01: "MPEG-1 video",
    0x02: "MPEG-2 video",
    0x10: "MPEG-4 part 2",
    0x1B: "H.264",
    0x20: "H.264, second view (3D)",
    0x1F: "H.264, scalable layer",
    0x21: "JPEG 2000",
    0x24: "H.265 (HEVC)",
    0x25: "H.265 (HEVC), temporal layer",
    0x33: "H.266 (VVC)",
    0x42: "AVS (Chinese broadcast)",
    0xD1: "Dirac",
    0xD2: "AVS2",
    0xD4: "AVS3",
    0xEA: "VC-1",
}
_NO_TAG = {
    "matroska": "none: Matroska and WebM name the codec by a text (CodecID) instead",
    "ogg": "none: Ogg streams name their codec in their first packet",
    "flv": "none: Flash video uses its own codec numbers",
    "mpeg": "none: an MPEG program stream tells the codec by stream numbers",
    "mpegts": "none: MPEG-TS gives a stream type instead",
    "mxf": "none: MXF names codecs by universal labels instead",
    "dv": "none: raw DV needs no name",
}
_WITH_STREAM_TYPES = frozenset({"mpegts", "mpegtsraw", "hls"})
_NO_TAG_RAW = "none: this container has no FourCC"

_CODEC_WORDS = {
    "h264": "H.264 (AVC, MPEG-4 part 10)",
    "hevc": "H.265 (HEVC)",
    "vvc": "H.266 (VVC)",
    "av1": "AV1",
    "vp8": "VP8",
    "vp9": "VP9",
    "mpeg4": "MPEG-4 part 2 (Xvid, DivX)",
    "mpeg1video": "MPEG-1 video",
    "mpeg2video": "MPEG-2 video",
    "mjpeg": "Motion JPEG",
    "prores": "Apple ProRes",
    "dnxhd": "Avid DNxHD or DNxHR",
    "ffv1": "FFV1, lossless",
    "huffyuv": "HuffYUV, lossless",
    "ffvhuff": "HuffYUV (FFmpeg), lossless",
    "rawvideo": "uncompressed",
    "gif": "GIF",
    "apng": "animated PNG",
    "png": "PNG",
    "webp": "WebP",
    "jpeg2000": "JPEG 2000",
    "qtrle": "QuickTime Animation",
    "dvvideo": "DV",
    "cinepak": "Cinepak",
    "indeo4": "Indeo 4",
    "indeo5": "Indeo 5",
    "svq1": "Sorenson Video 1",
    "svq3": "Sorenson Video 3",
    "theora": "Theora",
    "vc1": "VC-1",
    "wmv1": "Windows Media Video 7",
    "wmv2": "Windows Media Video 8",
    "wmv3": "Windows Media Video 9",
    "msmpeg4v1": "Microsoft MPEG-4 version 1",
    "msmpeg4v2": "Microsoft MPEG-4 version 2",
    "msmpeg4v3": "Microsoft MPEG-4 version 3",
    "rv10": "RealVideo 1",
    "rv20": "RealVideo G2",
    "rv30": "RealVideo 8",
    "rv40": "RealVideo 9",
    "flv1": "Sorenson Spark (Flash)",
    "h263": "H.263",
    "g2m": "GoToMeeting screen capture",
}
_DATA_WORDS = {
    "tmcd": "timecode",
    "mebx": "timed metadata (Apple)",
    "text": "text, such as titles of chapters",
    "gpmd": "telemetry (GoPro)",
    "rtmd": "camera metadata (Sony)",
    "camm": "camera motion",
    "fdsc": "file description (GoPro)",
    "rtp": "hints for streaming by RTP",
}
_CONTAINER_WORDS = {
    "mov": "MP4 or QuickTime (ISO base media)",
    "matroska": "Matroska",
    "avi": "AVI (Audio Video Interleave)",
    "mpegts": "MPEG transport stream",
    "mpeg": "MPEG program stream",
    "flv": "Flash Video",
    "ogg": "Ogg",
    "asf": "ASF (Windows Media)",
    "mxf": "MXF (broadcast exchange)",
    "gif": "GIF",
    "apng": "animated PNG",
    "ivf": "IVF (VPx and AV1 test streams)",
    "obu": "raw AV1 stream",
    "h264": "raw H.264 stream",
    "hevc": "raw H.265 stream",
    "vvc": "raw H.266 stream",
    "m4v": "raw MPEG-4 stream",
    "mpegvideo": "raw MPEG-1 or MPEG-2 stream",
    "mjpeg": "raw Motion JPEG stream",
    "dv": "raw DV stream",
    "rm": "RealMedia",
    "wtv": "Windows recorded TV",
    "nut": "NUT",
    "hls": "HLS (web playlist)",
    "concat": "list of files (ffconcat)",
    "image2": "picture",
    "dash": "DASH (web playlist)",
    "rtsp": "RTSP (live stream)",
    "yuv4mpegpipe": "YUV4MPEG",
    "swf": "Flash animation",
}
_BRANDS = (
    ("qt", "QuickTime MOV"),
    ("avis", "animated AVIF"),
    ("avif", "AVIF picture"),
    ("heic", "HEIF picture"),
    ("heix", "HEIF picture"),
    ("hevc", "animated HEIF"),
    ("mif1", "HEIF picture"),
    ("msf1", "animated HEIF"),
    ("3gp", "3GP (mobile MP4)"),
    ("3g2", "3G2 (mobile MP4)"),
    ("m4v", "M4V (Apple's MP4)"),
    ("m4a", "M4A (Apple's MP4 for sound)"),
    ("mj", "Motion JPEG 2000"),
    ("xavc", "XAVC (Sony's MP4)"),
)


def printable_tag(raw: bytes) -> str:
    """A codec tag as text: printable characters as they are, others as ``[27]``; empty when all are zero."""
    if not any(raw):
        return ""
    return "".join(chr(value) if 32 <= value < 127 else f"[{value}]" for value in raw)


def describe_fourcc(tag: str, container: str = "") -> str:
    """What a FourCC (as formatted by ``printable_tag``) stands for, and which software writes it.

    Args:
        tag: The tag; empty if the file stores none.
        container: FFmpeg's name of the container, which explains why there is none.
    """
    if not tag.strip():
        return _NO_TAG.get(_short_name(container), _NO_TAG_RAW)
    number = stream_type(tag, container)
    if number is not None:
        words = _STREAM_TYPES.get(number, "not in the standard's table")
        return f"none: MPEG-TS gives a stream type instead, 0x{number:02x}: {words}"
    key = tag.strip().lower()
    found = _FOURCC_WORDS.get(key) or next(
        (words for head, words in _PREFIX_WORDS if key.startswith(head)), None
    )
    return found or "not in FrameScope's table"


def codec_words(name: str, fallback: str = "") -> str:
    """A codec's full name from FFmpeg's short one; ``fallback`` or the short name if it is unknown."""
    return _CODEC_WORDS.get(name) or fallback or name


def data_words(entry: str) -> str:
    """What a data track of an MP4 or MOV file holds, with its tag."""
    return f"{_DATA_WORDS[entry.strip()]} ({entry.strip()})" if entry.strip() in _DATA_WORDS else entry


def container_words(name: str, *, brand: str = "", suffix: str = "") -> str:
    """A container's full name from FFmpeg's name.

    Args:
        name: FFmpeg's name, such as ``mov,mp4,m4a,3gp,3g2,mj2``.
        brand: The major brand that an MP4 declares.
        suffix: The file's extension with its dot: Matroska and WebM look alike to FFmpeg.
    """
    short = _short_name(name)
    if short == "mov" and brand.strip():
        kind = next((words for head, words in _BRANDS if brand.lower().startswith(head)), "MP4")
        return f"{kind}, brand “{brand.strip()}”"
    if short == "matroska" and suffix.lower() == ".webm":
        return "WebM (Matroska for the web)"
    if short.endswith("_pipe"):
        return f"{short.removesuffix('_pipe').upper()} picture"
    return _CONTAINER_WORDS.get(short, short)


def stream_type(tag: str, container: str) -> int | None:
    """The MPEG-TS stream type that FFmpeg stores as a tag: 27 for ``[27][0][0][0]``; None for a real tag."""
    if _short_name(container) not in _WITH_STREAM_TYPES or not tag.startswith("[") or not tag.endswith("]"):
        return None
    numbers = tag[1:-1].split("][")
    if len(numbers) != 4 or not all(number.isdigit() for number in numbers) or set(numbers[1:]) != {"0"}:
        return None
    return int(numbers[0])


def _short_name(container: str) -> str:
    return container.partition(",")[0]
