"""Marks for other programs: what is saved is read by the libraries they use, and by FrameScope again."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import opentimelineio
import pytest
from pycocotools.coco import COCO

from framescope.core.errors import SettingsError
from framescope.core.marks.formats import MarksFormat, format_of, load_marks, save_marks
from framescope.core.marks.marked_frames import MarkedFrames
from tests.core.sampling.indexes import make_index
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

MARKED = MarkedFrames(
    (2, 5, 7, 9),
    {5: 'Says "no": leaves; ½', 7: "[x] =1+1", 9: "late"},
    None,
    None,
    {2: "cat", 9: "dog: brown"},
)
RANGE = MarkedFrames((2, 5, 7), {5: "a | b"}, 1, 8, {2: "cat"})
OUTSIDE = [one for one in MarksFormat if one not in {MarksFormat.CSV, MarksFormat.JSON}]
LISTS = (MarksFormat.EDL, MarksFormat.MARKERS)
RATES = {
    "23.976": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "59.94": Fraction(60000, 1001),
    "60": Fraction(60),
}


def index_at(rate: Fraction, frames: int) -> FrameIndex:
    """Frames at a constant rate, with pts in its own ticks."""
    ticks = np.arange(frames, dtype=np.int64) * rate.denominator
    return make_index(ticks, time_base=Fraction(1, rate.numerator))


@pytest.fixture
def info(tmp_path: Path) -> VideoInfo:
    path = tmp_path / "video.mp4"
    path.write_bytes(b"video")
    return make_info(source=str(path))


def started(info: VideoInfo, start: str | None) -> VideoInfo:
    return make_info(source=info.source, timecode_start=start)


@pytest.mark.parametrize("ending", OUTSIDE)
@pytest.mark.parametrize("name", RATES)
@pytest.mark.parametrize("marked", [MARKED, RANGE], ids=["whole", "range"])
def test_what_is_saved_is_loaded(
    marked: MarkedFrames, name: str, ending: str, tmp_path: Path, info: VideoInfo
) -> None:
    info = started(info, None if name == "24" else "09:59:59:20")
    index, path = index_at(RATES[name], 12), tmp_path / f"a{ending}"
    assert save_marks(path, marked, info, index).remarks == ()
    loaded = load_marks(path, info, index)
    expected = marked
    if ending == MarksFormat.MARKERS:
        # Bars separate the fields there.
        notes = {number: note.replace("|", "/") for number, note in marked.notes.items()}
        expected = MarkedFrames(marked.marks, notes, marked.in_point, marked.out_point, marked.labels)
    assert loaded.marked == expected
    assert loaded.refused == loaded.doubts == ()


def drop_frame_label(number: int) -> str:
    """29.97 counted by hand: the labels 00 and 01 of each minute but every tenth do not exist."""
    labels = (
        (minute, second, frame)
        for minute in range(60)
        for second in range(60)
        for frame in range(30)
        if not (second == 0 and frame < 2 and minute % 10)
    )
    minute, second, frame = next(label for place, label in enumerate(labels) if place == number)
    return f"00:{minute:02d}:{second:02d};{frame:02d}"


def test_an_edl_counts_drop_frame(tmp_path: Path, info: VideoInfo) -> None:
    index = index_at(RATES["29.97"], 20000)
    marked = MarkedFrames((1799, 1800, 17982), {}, 1798, 19000, {1800: "cat"})
    save_marks(tmp_path / "a.edl", marked, info, index)
    lines = (tmp_path / "a.edl").read_bytes().decode().split("\r\n")
    span = f"{drop_frame_label(1798)} {drop_frame_label(19001)}"
    assert lines[:4] == [
        "TITLE: video.mp4",
        "FCM: DROP FRAME",
        "",
        f"001  AX       V     C        {span} {span}",
    ]
    assert lines[4] == "* FROM CLIP NAME: video.mp4"
    assert lines[5] == f"* LOC: {drop_frame_label(1799)} WHITE"
    assert lines[6].startswith("* LOC: 00:01:00;02 ")
    assert lines[6].endswith(" [cat]")
    assert lines[7] == f"* LOC: {drop_frame_label(17982)} WHITE"
    assert drop_frame_label(17982) == "00:10:00;00"


@pytest.mark.parametrize("rate", ["23.976", "24", "25", "60"])
def test_opentimelineio_reads_the_clip_and_its_locators(rate: str, tmp_path: Path, info: VideoInfo) -> None:
    info, index = started(info, "01:00:00:00"), index_at(RATES[rate], 100)
    save_marks(tmp_path / "a.edl", MarkedFrames((3, 20, 90), {20: "HIT"}, 10, 59, {20: "cat"}), info, index)
    base = round(RATES[rate])
    timeline = opentimelineio.adapters.read_from_file(str(tmp_path / "a.edl"), rate=base)
    (clip,) = timeline.find_clips()
    assert clip.name == "video.mp4"
    first = 3600 * base + 10
    assert clip.source_range.start_time.to_frames() == first
    assert clip.source_range.duration.to_frames() == 50
    (marker,) = clip.markers
    assert marker.marked_range.start_time.to_frames() == 3600 * base + 20
    assert marker.name == "[cat] HIT"
    assert marker.color != "WHITE"


def test_marks_outside_the_range_are_counted(tmp_path: Path, info: VideoInfo) -> None:
    marked = MarkedFrames((0, 5, 11), {}, 4, 8)
    index = index_at(RATES["25"], 12)
    for ending in (".edl", ".markers.edl", ".otio"):
        saved = save_marks(tmp_path / f"a{ending}", marked, info, index)
        assert saved.summary == f"a{ending}: 1 mark saved. 2 marks outside the in–out range were left out"
        assert load_marks(tmp_path / f"a{ending}", info, index).marked == MarkedFrames((5,), {}, 4, 8)
    assert save_marks(tmp_path / "a.coco.json", marked, info, index).summary == "a.coco.json: 3 marks saved"


def test_resolve_gets_an_event_per_mark(tmp_path: Path, info: VideoInfo) -> None:
    marked = MarkedFrames((2, 5), {5: "Out | of focus"}, 1, 8, {2: "cat"})
    save_marks(tmp_path / "a.markers.edl", marked, info, index_at(RATES["25"], 12), colors={"cat": "#92e2fd"})
    lines = (tmp_path / "a.markers.edl").read_bytes().decode().split("\r\n")
    start = "00:00:00:"
    assert lines[3:] == [
        f"001  AX       V     C        {start}01 {start}09 {start}01 {start}09",
        " |C:ResolveColorCream |M:In-out range |D:8",
        "",
        f"002  AX       V     C        {start}02 {start}03 {start}02 {start}03",
        " |C:ResolveColorSky |M:cat |D:1",
        "",
        f"003  AX       V     C        {start}05 {start}06 {start}05 {start}06",
        "Out / of focus |C:ResolveColorBlue |M:Frame 5 |D:1",
        "",
        "",
    ]


def test_an_edl_of_another_program_is_read(tmp_path: Path, info: VideoInfo) -> None:
    (tmp_path / "a.edl").write_text(
        "TITLE: cut\n001  A001C002 V     C        00:00:00:05 00:00:01:00 01:00:00:00 01:00:00:20\n"
        "* FROM CLIP NAME: A001C002\n*LOC: 01:00:00:03 GREEN    FIX\n",
        encoding="utf-8",
    )
    loaded = load_marks(tmp_path / "a.edl", info, index_at(RATES["25"], 100))
    assert loaded.marked == MarkedFrames((8,), {8: "FIX"}, 5, 24)


@pytest.mark.parametrize("name", ["29.97", "23.976", "25"])
def test_otio_holds_clip_media_and_markers(name: str, tmp_path: Path, info: VideoInfo) -> None:
    rate = RATES[name]
    info, index = started(info, "01:00:00:00"), index_at(rate, 100)
    count = 3600 * round(rate)
    save_marks(tmp_path / "a.otio", MarkedFrames((20,), {20: "Hit"}, 10, 59, {20: "cat"}), info, index)
    timeline = opentimelineio.adapters.read_from_file(str(tmp_path / "a.otio"))
    (clip,) = timeline.find_clips()
    media = clip.media_reference
    assert media.target_url == (tmp_path / "video.mp4").as_uri()
    assert media.available_range.start_time == opentimelineio.opentime.RationalTime(count, float(rate))
    assert media.available_range.duration.value == 100
    assert (clip.source_range.start_time.value, clip.source_range.duration.value) == (count + 10, 50)
    (marker,) = clip.markers
    assert (marker.name, marker.comment) == ("cat", "Hit")
    assert marker.marked_range.start_time.value == count + 20
    own = marker.metadata["framescope"]
    assert (own["frame_number"], own["pts"]) == (20, 20 * rate.denominator)
    # A marker that another program adds counts in the clip's own time.
    clip.markers.append(
        opentimelineio.schema.Marker(
            name="new",
            marked_range=opentimelineio.opentime.TimeRange(
                opentimelineio.opentime.RationalTime(count + 33, float(rate)),
                opentimelineio.opentime.RationalTime(1, float(rate)),
            ),
        )
    )
    opentimelineio.adapters.write_to_file(timeline, str(tmp_path / "b.otio"))
    loaded = load_marks(tmp_path / "b.otio", info, index)
    assert loaded.marked == MarkedFrames((20, 33), {20: "Hit"}, 10, 59, {20: "cat", 33: "new"})


def test_pycocotools_reads_the_data_set(tmp_path: Path, info: VideoInfo) -> None:
    index = make_index([0, 40, 90, 95, 200, 260, 300, 333, 380, 420])
    path = tmp_path / "a.coco.json"
    save_marks(path, MARKED, info, index)
    coco = COCO(str(path))
    assert {one["name"] for one in coco.loadCats(coco.getCatIds())} == {"cat", "dog: brown"}
    (cat,) = coco.getCatIds(catNms=["cat"])
    (picture,) = coco.loadImgs(coco.getImgIds(catIds=[cat]))
    assert (picture["file_name"], picture["frame_number"]) == ("video_000002.jpg", 2)
    assert (picture["pts"], picture["time_s"], picture["video"]) == (90, 0.09, "video.mp4")
    (annotation,) = coco.loadAnns(coco.getAnnIds(imgIds=[picture["id"]]))
    assert annotation["bbox"] == [0, 0, picture["width"], picture["height"]]
    notes = {one["frame_number"]: one.get("note") for one in coco.dataset["images"]}
    assert notes == {2: None, 5: MARKED.notes[5], 7: MARKED.notes[7], 9: "late"}


@pytest.mark.parametrize("ending", [".edl", ".markers.edl", ".otio"])
def test_what_has_no_timecodes_is_refused(ending: str, tmp_path: Path, info: VideoInfo) -> None:
    path = tmp_path / f"a{ending}"
    varying = make_index([0, 40, 90, 95, 200, 260, 300, 333, 380, 420])
    with pytest.raises(SettingsError, match="varies"):
        save_marks(path, MARKED, info, varying)
    with pytest.raises(SettingsError, match="is not a timecode"):
        save_marks(path, MARKED, started(info, "10:00:00:55"), index_at(RATES["25"], 12))
    with pytest.raises(SettingsError, match="being indexed"):
        save_marks(path, MARKED, info, make_index(range(0, 400, 40), complete=False))
    assert not path.exists()


def test_a_rate_that_no_edl_can_count(tmp_path: Path, info: VideoInfo) -> None:
    index = index_at(Fraction(120), 12)
    with pytest.raises(SettingsError, match="100 frames per second"):
        save_marks(tmp_path / "a.edl", MARKED, info, index)
    save_marks(tmp_path / "a.otio", MARKED, info, index)
    assert load_marks(tmp_path / "a.otio", info, index).marked == MARKED


def test_a_list_that_counts_otherwise_is_refused(tmp_path: Path, info: VideoInfo) -> None:
    drop, whole = index_at(RATES["29.97"], 12), index_at(Fraction(30), 12)
    save_marks(tmp_path / "a.edl", MARKED, info, drop)
    with pytest.raises(SettingsError, match="drop-frame"):
        load_marks(tmp_path / "a.edl", info, whole)
    save_marks(tmp_path / "b.edl", MARKED, info, whole)
    with pytest.raises(SettingsError, match="drop-frame"):
        load_marks(tmp_path / "b.edl", info, drop)
    save_marks(tmp_path / "c.edl", MarkedFrames((11,)), info, whole)
    with pytest.raises(SettingsError, match="is not a timecode of this video"):
        load_marks(tmp_path / "c.edl", info, index_at(Fraction(10), 12))


DAMAGED = ("", "[]", "{", "null", "001", '{"images": 3}', '{"OTIO_SCHEMA": "Clip.x"}', "\0")


@pytest.mark.parametrize("ending", OUTSIDE)
@pytest.mark.parametrize("text", DAMAGED)
def test_what_is_not_such_a_file_is_refused(text: str, ending: str, tmp_path: Path, info: VideoInfo) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text(text, encoding="utf-8")
    index = index_at(RATES["25"], 12)
    with pytest.raises(SettingsError):
        load_marks(path, info, index)


def timeline_text(**times: tuple[float, float]) -> str:
    """A clip with a marker in OTIO's JSON; by name, times as value and rate."""

    def at(name: str, value: float) -> opentimelineio.opentime.RationalTime:
        return opentimelineio.opentime.RationalTime(*times.get(name, (value, 25)))

    def span(name: str, length: float) -> opentimelineio.opentime.TimeRange:
        return opentimelineio.opentime.TimeRange(at(name, 0), at(f"{name}_length", length))

    media = opentimelineio.schema.ExternalReference("a.mp4", span("media", 12))
    clip = opentimelineio.schema.Clip("a", media, span("clip", 12))
    clip.markers.append(opentimelineio.schema.Marker("cat", span("marker", 1)))
    timeline = opentimelineio.schema.Timeline("a")
    timeline.tracks.append(opentimelineio.schema.Track("V1", children=[clip]))
    return str(timeline.to_json_string())


@pytest.mark.parametrize("time", [(0, 0), (0, -1), (0, float("nan")), (float("nan"), 25), (float("inf"), 25)])
@pytest.mark.parametrize("name", ["media", "media_length", "clip", "clip_length"])
def test_a_timeline_with_an_impossible_time_is_refused(
    name: str, time: tuple[float, float], tmp_path: Path, info: VideoInfo
) -> None:
    path = tmp_path / "a.otio"
    path.write_text(timeline_text(marker=(3, 25)), encoding="utf-8")
    assert load_marks(path, info, index_at(RATES["25"], 12)).marked.marks == (3,)
    path.write_text(timeline_text(**{name: time}), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"is not a (finite number|rate)"):
        load_marks(path, info, index_at(RATES["25"], 12))


@pytest.mark.parametrize("depth", [200, 100_000])
@pytest.mark.parametrize("ends", [("[", "]"), ('{"a":', "}")])
def test_a_timeline_that_is_nested_too_deeply_is_refused(
    ends: tuple[str, str], depth: int, tmp_path: Path, info: VideoInfo
) -> None:
    path = tmp_path / "a.otio"
    nested = ends[0] * depth + "1" + ends[1] * depth
    for text in (nested, timeline_text().replace('"metadata": {}', f'"metadata": {{"x": {nested}}}', 1)):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError):
            load_marks(path, info, index_at(RATES["25"], 12))


@pytest.mark.parametrize("line", [" " * 500_000, "|C:|M:" * 50_000, "|C:|M:" + "|D:1" * 50_000 + "x"])
def test_a_long_line_of_a_list_does_not_keep_the_program_busy(
    line: str, tmp_path: Path, info: VideoInfo
) -> None:
    path, index = tmp_path / "a.markers.edl", index_at(RATES["25"], 12)
    save_marks(path, RANGE, info, index)
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    assert load_marks(path, info, index).marked.marks == RANGE.marks


def test_odd_values_of_a_data_set_are_left_out(tmp_path: Path, info: VideoInfo) -> None:
    document = {
        "info": {"in_point": "x", "video": 3},
        "images": [3, {"id": [], "frame_number": 2}, {"id": 1, "frame_number": 4}, {"frame_number": None}],
        "annotations": [{"image_id": 1, "category_id": {}}, "x"],
        "categories": 3,
    }
    path = tmp_path / "a.coco.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    loaded = load_marks(path, info, index_at(RATES["25"], 12))
    assert loaded.marked.marks == (2, 4)
    assert len(loaded.refused) == 2


@pytest.mark.parametrize("filler", [" ", "|", "|C:a", "|M:", "|C:a|M:", "[", "00:00:00:00 "])
@pytest.mark.parametrize("start", ["", "*", "* LOC: 00:00:00:05 RED ", "001  AX  V  C "])
def test_long_lines_of_a_list_are_read_in_one_go(
    start: str, filler: str, tmp_path: Path, info: VideoInfo
) -> None:
    # In time that grows with its square, such a line would take hours.
    event = "001  AX  V  C  00:00:00:00 00:00:00:12 00:00:00:00 00:00:00:12"
    text = f"{event}\n{start}{filler * (1_000_000 // len(filler))}\nHit |C:ResolveColorRed |M:cat |D:1\n"
    (tmp_path / "a.edl").write_text(text, encoding="utf-8")
    loaded = load_marks(tmp_path / "a.edl", info, index_at(RATES["25"], 12))
    assert loaded.marked.labels.get(0) == "cat" or "LOC" in start or "AX" in start
    assert set(loaded.marked.marks) <= {0, 5}


def otio_time(value: float, rate: float) -> dict[str, object]:
    return {"OTIO_SCHEMA": "RationalTime.1", "value": value, "rate": rate}


def otio_range(start: dict[str, object], length: int = 1) -> dict[str, object]:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": start, "duration": otio_time(length, 25)}


def otio_clip(
    markers: list[dict[str, object]], start: dict[str, object], metadata: object = None
) -> dict[str, object]:
    media = {"OTIO_SCHEMA": "MissingReference.1", "available_range": otio_range(start, 12)}
    return {
        "OTIO_SCHEMA": "Clip.1",
        "OTIO_REF_ID": "clip",
        "name": "a",
        "metadata": metadata or {},
        "source_range": otio_range(otio_time(0, 25), 12),
        "media_reference": media,
        "markers": [
            {"OTIO_SCHEMA": "Marker.2", "name": "m", "marked_range": otio_range(one)} for one in markers
        ],
    }


def otio_stack(*children: object, name: str = "stack") -> dict[str, object]:
    return {"OTIO_SCHEMA": "Stack.1", "OTIO_REF_ID": name, "name": name, "children": list(children)}


def otio_reference(name: str) -> dict[str, object]:
    return {"OTIO_SCHEMA": "SerializableObjectRef.1", "id": name}


def in_lists(value: object, levels: int) -> object:
    for _ in range(levels):
        value = [value]
    return value


NAN, INFINITY = float("nan"), float("inf")
ODD_TIMES = [
    (2, 0),
    (2, NAN),
    (2, INFINITY),
    (2, -25),
    (NAN, 25),
    (INFINITY, 25),
    (-INFINITY, 25),
    (1e300, 25),
]


@pytest.mark.parametrize(("value", "rate"), ODD_TIMES)
def test_odd_times_of_a_timeline(value: float, rate: float, tmp_path: Path, info: VideoInfo) -> None:
    index, path = index_at(RATES["25"], 12), tmp_path / "a.otio"
    good, odd = otio_time(3, 25), otio_time(value, rate)
    path.write_text(json.dumps(otio_stack(otio_clip([good, odd], otio_time(0, 25)))), encoding="utf-8")
    loaded = load_marks(path, info, index)
    assert loaded.marked.marks == (3,)
    assert len(loaded.refused) == 1
    path.write_text(json.dumps(otio_stack(otio_clip([good], odd))), encoding="utf-8")
    if value == 1e300:
        assert load_marks(path, info, index).marked.marks == ()
    else:
        with pytest.raises(SettingsError, match="is not a"):
            load_marks(path, info, index)


@pytest.mark.parametrize(
    "document",
    [
        otio_stack(otio_reference("stack")),
        otio_stack(otio_stack(otio_reference("stack"), name="inner")),
        otio_stack(otio_stack(otio_reference("b"), name="a"), otio_stack(otio_reference("a"), name="b")),
        otio_stack(otio_clip([], otio_time(0, 25), {"framescope": {"x": otio_reference("clip")}})),
        otio_stack(otio_clip([], otio_time(0, 25), {"framescope": in_lists(1, 300)})),
        in_lists(1, 300),
        otio_stack(*(otio_stack(otio_reference(f"s{n + 1}"), name=f"s{n}") for n in range(300))),
    ],
    ids=["itself", "inner", "each other", "metadata", "nested", "list", "chain"],
)
def test_a_timeline_without_an_end_is_refused(document: object, tmp_path: Path, info: VideoInfo) -> None:
    path = tmp_path / "a.otio"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(SettingsError):
        load_marks(path, info, index_at(RATES["25"], 12))


def test_a_timeline_nested_beyond_any_limit_is_refused(tmp_path: Path, info: VideoInfo) -> None:
    path = tmp_path / "a.otio"
    for opening in ("[", '{"OTIO_SCHEMA": "Stack.1", "children": ['):
        path.write_text(opening * 200_000, encoding="utf-8")
        with pytest.raises(SettingsError):
            load_marks(path, info, index_at(RATES["25"], 12))


def test_objects_that_a_timeline_shares_are_read(tmp_path: Path, info: VideoInfo) -> None:
    media = otio_clip([], otio_time(0, 25))["media_reference"]
    assert isinstance(media, dict)
    first = otio_clip([otio_time(3, 25)], otio_time(0, 25)) | {
        "media_reference": media | {"OTIO_REF_ID": "m"}
    }
    second = otio_clip([otio_time(4, 25)], otio_time(0, 25)) | {"media_reference": otio_reference("m")}
    path = tmp_path / "a.otio"
    document = otio_stack(first, second | {"OTIO_REF_ID": "second"})
    path.write_text(json.dumps(document), encoding="utf-8")
    assert load_marks(path, info, index_at(RATES["25"], 12)).marked.marks == (3, 4)


def test_endings() -> None:
    from pathlib import Path  # noqa: PLC0415 - only here

    assert [format_of(Path(f"a.b{one.value.upper()}")) for one in MarksFormat] == list(MarksFormat)
    for name in ("a", "a.txt", "coco"):
        with pytest.raises(SettingsError):
            format_of(Path(name))
