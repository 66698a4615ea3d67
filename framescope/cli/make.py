"""``framescope make``: makes videos from pictures; ``framescope writable`` lists supported formats."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.exporting.frame_options import (
    choose_from_options,
    chooses_frames,
    frame_options,
    sampling_from_options,
)
from framescope.cli.options import (
    PathType,
    SizeType,
    SourceType,
    TargetType,
    WholeType,
    json_option,
    overwrite_option,
    refuse_together,
    typed_flags,
    wrong_usage,
)
from framescope.cli.output import echo_json
from framescope.cli.progress_bar import long_work
from framescope.cli.sections import SectionedCommand, together, under
from framescope.core import files
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.source.opening import open_video
from framescope.core.stop_signals import INTERRUPTED
from framescope.core.synth.codecs import CODECS, CONTAINERS, codec_named, container_of, fourcc_named
from framescope.core.synth.encoder_options import check_size
from framescope.core.synth.make_settings import Fit, MakeSettings, Writer
from framescope.core.synth.making import check_settings, make_video
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures
from framescope.core.synth.pictures import RepeatedPicture, VideoFrames, constant_rate, picture_files
from framescope.core.synth.timestamps_file import read_timestamps
from framescope.core.synth.writable import writable_table
from framescope.core.text import counted, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.synth.pictures import PictureSource
    from framescope.core.synth.writable import WritableTable

_PATTERN_FRAMES, _PATTERN_SIZE = 250, (1280, 720)
_USUAL_RATE = Fraction(25)
_MOST_BITS = 2_000_000_000
_FILE = PathType()


class RateType(click.ParamType[Fraction]):
    """``25``, ``23.976`` or ``24000/1001`` frames per second."""

    name = "rate"

    def convert(
        self, value: str | Fraction, param: click.Parameter | None, ctx: click.Context | None
    ) -> Fraction:
        """Parse ``value``; fail with a message if it is not a rate."""
        if isinstance(value, Fraction):
            return value
        try:
            # Fraction knows exponents, and would make 1e999999999 a number of a billion digits.
            rate = Fraction(value if len(value) < 20 and "e" not in value.lower() else "")
        except (ValueError, ZeroDivisionError):
            self.fail(
                tr("{value!r} is not a frame rate; write 25, 29.97 or 30000/1001.", value=value), param, ctx
            )
        # 23.976, 29.97 and 59.94 are short for the broadcast rates, which are so many thousand in 1001.
        broadcast = Fraction(round(rate * 1001 / 1000) * 1000, 1001)
        return broadcast if rate.denominator > 1 and abs(rate - broadcast) < Fraction(1, 200) else rate


_SOURCES = {"pattern": "--pattern", "picture": "--picture", "pictures": "--pictures", "video": "--from"}
_make_options = together(
    click.option(
        "--pattern", type=click.Choice([one.value for one in Pattern]), help=tr("Draw this pattern.")
    ),
    click.option("--picture", type=_FILE, metavar="FILE", help=tr("One picture, repeated.")),
    click.option(
        "--pictures",
        type=_FILE,
        multiple=True,
        metavar="PATH",
        help=tr("Picture files or folders, in the order given; may be repeated."),
    ),
    click.option(
        "--from",
        "video",
        metavar="VIDEO",
        type=SourceType(),
        help=tr("Frames of this video; all of them unless chosen below."),
    ),
    click.option(
        "--count",
        type=WholeType(1),
        metavar="N",
        help=tr("Number of frames, for a pattern or a single picture.  [default: 250]"),
    ),
    click.option(
        "--codec",
        default="h264",
        metavar="NAME",
        help=tr("Codec name or FourCC.  [default: h264]"),
    ),
    click.option(
        "--fourcc",
        default="",
        metavar="CODE",
        help=tr("FourCC to write into the file."),
    ),
    click.option(
        "--writer",
        type=click.Choice([one.value for one in Writer]),
        default=Writer.PYAV.value,
        show_default=True,
        help=tr("Library that writes the file."),
    ),
    click.option(
        "--framerate",
        "rate",
        type=RateType(),
        metavar="R",
        help=tr("Frames per second: 25, 29.97, 30000/1001."),
    ),
    click.option("--timestamps", type=_FILE, metavar="FILE", help=tr("Timestamps in seconds, one per line.")),
    click.option("--size", type=SizeType(), metavar="WxH", help=tr("Size of the video.")),
    click.option(
        "--fit",
        type=click.Choice([one.value for one in Fit]),
        default=Fit.REFUSE.value,
        show_default=True,
        help=tr("What to do with pictures of a different size."),
    ),
    click.option(
        "--gop",
        type=WholeType(1),
        default=48,
        show_default=True,
        help=tr("GOP size: frames from keyframe to keyframe."),
    ),
    click.option(
        "--bframes",
        "b_frames",
        type=WholeType(0, 16),
        default=2,
        show_default=True,
        help=tr("Maximum number of consecutive B-frames."),
    ),
    click.option("--open-gop", is_flag=True, help=tr("Leading pictures may refer to the previous GOP.")),
    click.option("--all-intra", is_flag=True, help=tr("Make every frame a keyframe.")),
    click.option(
        "--quality", type=WholeType(0, 100), metavar="Q", help=tr("0 (worst) to 100 (best).  [default: 75]")
    ),
    click.option(
        "--bitrate",
        "bit_rate",
        type=WholeType(1000, _MOST_BITS),
        metavar="BITS",
        help=tr("Bits per second, instead of a quality."),
    ),
    click.option(
        "--pix-fmt",
        "pixel_format",
        default="",
        metavar="NAME",
        help=tr("Pixel format, by FFmpeg's name, such as yuv444p."),
    ),
    click.option(
        "--rotation",
        type=WholeType(0, 270),
        default=0,
        metavar="DEGREES",
        help=tr("Rotation flag for players: 0, 90, 180 or 270."),
    ),
)


@click.command(cls=SectionedCommand)
@click.argument("out", type=TargetType(), metavar="OUT")
@under(tr("Source and format"), _make_options)
@under(tr("Frames taken from --from"), frame_options)
@overwrite_option
@json_option
def make(out: Path, *, overwrite: bool, as_json: bool, **options: Any) -> int:  # noqa: ANN401 - whatever the options hold
    """Make a video from pictures, a pattern or another video.

    The extension of OUT selects the container. The finished file is read back: if a frame is missing, that is
    an error and no file is left. Frames of a video keep their timestamps unless --framerate is given. Ctrl+C
    finishes the file with the frames written so far, unless it would replace an existing file. Exit status 1
    if rows of a marks file were skipped.
    """
    way = _check_choices(options)
    sampling = sampling_from_options(options) if chooses_frames(options) else Sampling(SamplingKind.ALL)
    with wrong_usage():
        settings = _settings(options, out)
        size = options["size"] or (_PATTERN_SIZE if way == "pattern" else None)
        if size is not None and settings.writer is Writer.PYAV:
            check_size(settings, size)
    files.check_target(out, replaces=overwrite, sources=filter(None, [options["video"]]))
    with long_work(tr("Making")) as (progress, cancel), ExitStack() as stack:
        source, left_out = _source(way, sampling, options, stack, progress, cancel)
        settings = _with_times(settings, options["timestamps"], options["rate"], source)
        check_settings(settings, out)
        made = make_video(source, settings, out, replaces=overwrite, progress=progress, cancel=cancel)
    if as_json:
        echo_json(asdict(made) | {"path": str(made.path.absolute()), "left_out": left_out})
    else:
        kept = tr(" as {fourcc}", fourcc=made.fourcc) if made.fourcc else ""
        click.echo(
            f"{counted(made.frame_count, 'frame', 'frames')}, {made.size[0]}×{made.size[1]},"
            f" {made.codec}{kept}: {made.path}"
        )
        if made.cancelled:
            click.echo(
                tr(
                    "Cancelled after {frame_count} of {frames}; the file plays.",
                    frame_count=made.frame_count,
                    frames=counted(len(source), "frame", "frames"),
                ),
                err=True,
            )
    if made.cancelled:
        return INTERRUPTED
    return 1 if left_out else 0


@click.command()
@click.option("--refresh", "afresh", is_flag=True, help=tr("Test again, ignoring cached results."))
@json_option
def writable(*, afresh: bool, as_json: bool) -> None:
    """Show which FourCC this machine can write to which container.

    Each combination of FourCC, container and library (PyAV, OpenCV) is written and read back. In the table, A
    stands for PyAV and O for OpenCV; lower case means that the file holds a different FourCC, or none.
    """
    with long_work(tr("Trying")) as (progress, cancel):
        table = writable_table(afresh=afresh, progress=progress, cancel=cancel)
    if as_json:
        echo_json({"combinations": [asdict(cell) for cell in table.cells]})
        return
    wide = 9
    click.secho(f"{'FourCC':8}" + "".join(f"{name:>{wide}}" for name in CONTAINERS), bold=True)
    for codec in CODECS:
        click.secho(f"{codec.title}: {codec.compatibility}; {codec.size}; {codec.random_access}", dim=True)
        for fourcc in codec.fourccs:
            cells = (_mark(table, codec.codec_id, fourcc, container) for container in CONTAINERS)
            click.echo(f"{fourcc:8}" + "".join(f"{cell:>{wide}}" for cell in cells))
        for reason in _reasons(table, codec.codec_id):
            click.echo(f"  {reason}")


def _mark(table: WritableTable, codec: str, fourcc: str, container: str) -> str:
    letters = ""
    for writer, letter in ((Writer.PYAV, "A"), (Writer.OPENCV, "O")):
        cell = table.cell(writer, codec, fourcc, container)
        if cell is not None and cell.works:
            letters += letter if cell.keeps_fourcc else letter.lower()
    return letters or "–"


def _reasons(table: WritableTable, codec: str) -> list[str]:
    """Why a writer has nothing of a codec; what single containers lack is seen in the table."""
    lacking = [writer for writer in Writer if not table.works(writer, codec)]
    reasons = (cell.reason for cell in table.cells if cell.codec == codec and cell.writer in lacking)
    return list(dict.fromkeys(filter(None, reasons)))


def _check_choices(options: Mapping[str, Any]) -> str:
    """The name of the one option that says of what; options that contradict each other are refused."""
    given = [name for name in _SOURCES if options[name]]
    refuse_together([_SOURCES[name] for name in given])
    if not given:
        raise click.UsageError(
            tr("Give a source: {sources}.", sources=listed(list(_SOURCES.values()), tr("or")))
        )
    (way,) = given
    if way != "video" and chooses_frames(options):
        raise click.UsageError(
            tr("{sources} has no frames to choose from; use --from VIDEO.", sources=_SOURCES[way])
        )
    if way not in ("pattern", "picture"):
        refuse_together([_SOURCES[way], *typed_flags("count")])
    refuse_together(typed_flags("quality", "bit_rate"))
    fourcc = options["fourcc"]
    if fourcc and fourcc_named(fourcc) and not typed_flags("codec"):
        meant = codec_named(fourcc).codec_id
        if meant != options["codec"]:
            raise click.UsageError(f"--fourcc {fourcc} needs --codec {meant}: add it.")
    for other in ("gop", "b_frames", "open_gop"):
        refuse_together(typed_flags("all_intra", other))
    return way


def _source(  # noqa: PLR0913, PLR0917 - what was typed, and how to follow the work
    way: str,
    sampling: Sampling,
    options: Mapping[str, Any],
    stack: ExitStack,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> tuple[PictureSource, tuple[str, ...]]:
    """The pictures, and sentences on what was left out of the frame selection."""
    count = options["count"] or _PATTERN_FRAMES
    if way == "pattern":
        size = options["size"] or _PATTERN_SIZE
        pattern = Pattern(options["pattern"])
        return PatternPictures(pattern, count, size=size, rate=float(options["rate"] or _USUAL_RATE)), ()
    if way == "picture":
        return RepeatedPicture(options["picture"], count), ()
    if way == "pictures":
        return picture_files(options["pictures"]), ()
    video = stack.enter_context(open_video(options["video"], progress=progress, cancel=cancel))
    choice = choose_from_options(video, sampling, options, progress=progress, cancel=cancel)
    return VideoFrames(video, choice.chosen.frame_numbers.tolist()), choice.left_out


def _settings(options: Mapping[str, Any], out: Path) -> MakeSettings:
    """The settings as typed; the times come with the source.

    Raises:
        SettingsError: They cannot be used.
    """
    quality, bit_rate = options["quality"], options["bit_rate"]
    settings = MakeSettings(
        codec=options["codec"],
        fourcc=options["fourcc"],
        writer=Writer(options["writer"]),
        container=container_of(out),
        rate=options["rate"] or _USUAL_RATE,
        size=options["size"],
        fit=Fit(options["fit"]),
        gop=options["gop"],
        b_frames=options["b_frames"],
        open_gop=options["open_gop"],
        all_intra=options["all_intra"],
        quality=75 if quality is None and bit_rate is None else quality,
        bit_rate=bit_rate,
        pixel_format=options["pixel_format"],
        rotation=options["rotation"],
    )
    check_settings(settings, out)
    return settings


def _with_times(
    settings: MakeSettings, timestamps: Path | None, rate: Fraction | None, source: PictureSource
) -> MakeSettings:
    """The settings with the times of a file, or with the source's own where no rate was typed."""
    times: tuple[float, ...] = ()
    if timestamps is not None:
        times = read_timestamps(timestamps)
    elif rate is None and constant_rate(source.times_s) is None:
        times = source.times_s
    rate = rate or constant_rate(source.times_s) or _mean_rate(times)
    return replace(settings, rate=rate, timestamps_s=times)


def _mean_rate(times: tuple[float, ...]) -> Fraction:
    """The mean rate of the timestamps; the usual one where there are none."""
    if len(times) < 2:
        return _USUAL_RATE
    return Fraction((len(times) - 1) / (times[-1] - times[0])).limit_denominator(1001)
