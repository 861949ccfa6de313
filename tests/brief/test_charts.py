"""Charts: round ticks, lengths that read back as the values, no text over another, nothing outside the frame."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.brief import charts
from comity.brief.map import overlap

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [
    {"month": name, "year": "2026", "low": 8.0 + n, "mid": 12.0 + n, "high": 20.0 + 2 * n}
    for n, name in enumerate(("Oct", "Nov", "Dec"))
]
LONG = "Khunjerab and Karakoram Highway (Gojal, Nagar and Hunza) and one more name that does not fit"


def bar_of(name="China", loss=3650.0, gain=300.0, beside="16 days more", stops=False) -> dict:
    texts = {"loss_text": f"{loss:,.0f}", "gain_text": f"{gain:,.0f}", "beside": beside}
    return {"name": name, "loss": loss, "gain": gain, "stops": stops} | texts


def point(x: float, y: float, name="", line=False, chosen=False) -> dict:
    return {"x": x, "y": y, "name": name, "line": line, "chosen": chosen}


FRONTIER = [
    point(16_600, 22_120, line=True),
    point(17_800, 22_110, line=True),
    point(16_600, 22_120, "chosen", chosen=True),
    point(16_600, 22_120, "all on the cheapest"),
    point(22_000, 24_500, "equal shares"),
    point(17_800, 22_110, "most cautious"),
]
ALL = {
    "months": lambda: charts.months(MONTHS, 11.0, "Days & <months>", "About"),
    "one month": lambda: charts.months(MONTHS[:1], None, "Days", "About"),
    "histogram": lambda: charts.histogram([4, 10, 20, 40], [0.2, 0.5, 0.3], 33.0, "Days", "About"),
    "one bar": lambda: charts.histogram([4, 5], [1.0], 4.5, "Days", "About"),
    "tornado": lambda: charts.tornado("a", [bar_of(), bar_of(LONG, 40.0, 0.0)], (3650, 300), "Bars", "About"),
    "stops": lambda: charts.tornado("b", [bar_of(stops=True, beside="no way for 40 of 100")], (3650, 300), "Bars", "A"),
    "frontier": lambda: charts.frontier(FRONTIER, "Safety", "About", "average, USD", "worst, USD"),
    "one point": lambda: charts.frontier([point(5, 5, "chosen")], "Safety", "About", "x", "y"),
}


@pytest.fixture(params=ALL, ids=str)
def svg(request) -> str:
    return ALL[request.param]()


def texts(svg: str) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Every text with the box it takes, by the charts' own measure of letters."""
    found = []
    for item in ET.fromstring(svg).iter(f"{SVG}text"):
        size, x, y = (float(item.get(name)) for name in ("font-size", "x", "y"))
        wide = charts.text_width(item.text or "", size)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[item.get("text-anchor")]
        found.append((item.text or "", (left, y - 0.7 * size, left + wide, y)))
    return found


# --- every chart ------------------------------------------------------------------------------------------------


def test_every_chart_is_sound_and_tells_itself_to_a_screen_reader(svg):
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.find(f"{SVG}title").text
    about = root.find(f"{SVG}desc")
    assert about.text
    assert root.get("aria-describedby") == about.get("id")
    assert not re.search(r"\b(nan|inf|None)\b", svg)


def test_no_text_covers_another_or_leaves_the_frame(svg):
    _, _, width, height = map(float, ET.fromstring(svg).get("viewBox").split())
    boxes = texts(svg)
    for text, box in boxes:
        assert box[0] >= -1, text
        assert box[2] <= width + 1, text
        assert 0 <= box[1] < box[3] <= height, text
    clashes = [(a, b) for n, (a, one) in enumerate(boxes) for b, two in boxes[n + 1 :] if overlap(one, two)]
    assert not clashes


def test_words_in_a_chart_are_never_markup():
    shown = [item.text for item in ET.fromstring(ALL["months"]()).iter(f"{SVG}text")]
    assert "Days & <months>" in shown


def test_letters_are_as_large_on_a_phone_as_the_small_print_of_the_page():
    assert 362 / charts.WIDTH * charts.SMALL > 9  # a page 390 wide, less its margins


# --- scales and ticks ---------------------------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(3, 9))
def test_ticks_are_round_even_few_and_cover_the_values(low, wide, most):
    high = low + wide
    marks = charts.ticks(low, high, most)
    steps = {round(b - a, 9) for a, b in zip(marks, marks[1:], strict=False)}
    assert 2 <= len(marks) <= most
    assert len(steps) == 1
    assert marks[0] <= low + 1e-6 * wide
    assert marks[-1] >= high - 1e-6 * wide
    step = steps.pop()
    assert any(math.isclose(step / 10 ** math.floor(math.log10(step) + 1e-9), round_) for round_ in (1, 2, 5))


@pytest.mark.parametrize(
    ("low", "high", "told"), [(0, 26, [0, 5, 10, 15, 20, 25, 30]), (0, 0.9, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (3, 3, None)]
)
def test_ticks_of_known_ranges(low, high, told):
    marks = charts.ticks(low, high, 7)
    assert marks[0] <= low < high or low == high
    assert told is None or marks == told


@pytest.mark.parametrize(("value", "told"), [(12000, "12,000"), (7.5, "7.5"), (-3, "−3"), (0, "0"), (-0.0, "0")])
def test_numbers_of_ticks(value, told):
    assert charts.number(value) == told


@given(st.text(alphabet="abc xyz", max_size=80), st.floats(20, 300))
def test_wrapped_lines_keep_every_word_and_fit_where_they_can(text, width):
    lines = charts.wrapped(text, 12, width)
    assert " ".join(lines).split() == text.split()
    assert all(charts.text_width(line, 12) <= width or " " not in line for line in lines)


# --- read back ----------------------------------------------------------------------------------------------------


def upright(svg: str, most_x: float) -> charts.Scale:
    """The scale that a reader makes out from the first and last numbers left of the axis."""
    marks = [
        (float(text.replace(",", "")), box[3] - 4)
        for text, box in texts(svg)
        if re.fullmatch(r"[\d,.]+", text) and box[2] < most_x
    ]
    (low, start), (high, stop) = min(marks), max(marks)
    return charts.Scale(low=start, high=stop, start=low, stop=high)


def points(svg: str, **wanted: str) -> list[list[tuple[float, float]]]:
    """Corners of each path with such attributes."""
    return [
        [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", shape.get("d"))]
        for shape in ET.fromstring(svg).iter(f"{SVG}path")
        if all(shape.get(name.replace("_", "-")) == value for name, value in wanted.items())
    ]


def test_the_middle_line_and_the_band_read_back_as_the_days():
    svg = ALL["months"]()
    value = upright(svg, 33)
    line = points(svg, stroke=charts.ACCENT)[-1]
    assert [value(y) for _, y in line] == pytest.approx([12, 13, 14], abs=0.05)
    (band,) = points(svg, fill=charts.BAND)
    assert [value(y) for _, y in band] == pytest.approx([20, 20, 22, 24, 24, 10, 10, 9, 8, 8], abs=0.05)
    usual = [line for line in points(svg, stroke_dasharray="4 3") if line[1][0] - line[0][0] > 100]
    assert value(usual[0][0][1]) == pytest.approx(11, abs=0.05)


def test_a_month_without_a_way_breaks_the_band():
    gone = MONTHS[1] | {"low": None, "mid": None, "high": None}
    assert len(points(charts.months([MONTHS[0], gone, MONTHS[2]], None, "Days", "About"), fill=charts.BAND)) == 2


def rects(svg: str, *fills: str) -> list[tuple[float, float, float, float]]:
    return [
        tuple(float(shape.get(name)) for name in ("x", "y", "width", "height"))
        for shape in ET.fromstring(svg).iter(f"{SVG}rect")
        if shape.get("fill") in fills
    ]


def test_the_bars_of_the_histogram_read_back_as_shipments_of_a_hundred():
    svg = ALL["histogram"]()
    value = upright(svg, 33)
    assert [value(y) for _, y, _, _ in rects(svg, charts.BAR, charts.BAND)] == pytest.approx([20, 50, 30], abs=0.2)
    wide = [width + 1.2 for _, _, width, _ in rects(svg, charts.BAR, charts.BAND)]
    assert [width / wide[0] for width in wide] == pytest.approx([1, 10 / 6, 20 / 6], rel=0.01)


def test_bars_of_dependence_are_as_long_as_what_is_lost_and_gained_on_one_scale():
    svg = charts.tornado("a", [bar_of(loss=3000, gain=300), bar_of("Iran", 600, 60)], (3000, 300), "Bars", "About")
    lost = [width for _, y, width, _ in rects(svg, charts.LOSS) if y > 40]
    won = [width for _, y, width, _ in rects(svg, charts.GAIN) if y > 40]
    assert lost[1] / lost[0] == pytest.approx(0.2, abs=0.005)
    assert won[0] / lost[0] == pytest.approx(0.1, abs=0.005)
    assert won[1] / won[0] == pytest.approx(0.2, abs=0.02)
    beside = charts.tornado("b", [bar_of("X", 1500, 0)], (3000, 300), "Bars", "About")
    assert [width for _, y, width, _ in rects(beside, charts.LOSS) if y > 40][0] / lost[0] == pytest.approx(
        0.5, abs=0.005
    )


def test_what_leaves_no_way_has_a_colour_of_its_own_and_a_legend():
    svg = ALL["stops"]()
    assert len(rects(svg, charts.STOPS)) == 2
    assert "no way left" in [text for text, _ in texts(svg)]
    assert "no way left" not in [text for text, _ in texts(ALL["tornado"]())]


def test_points_that_lie_on_each_other_share_one_label():
    shown = [text for text, _ in texts(ALL["frontier"]())]
    assert "chosen = all on the cheapest" in shown
    assert "equal shares" in shown


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4))
def test_labels_of_a_few_points_do_not_cover_each_other(places):
    named = [point(1000 + 900 * x, 2000 + 900 * y, f"name {n}") for n, (x, y) in enumerate(places)]
    boxes = [box for text, box in texts(charts.frontier(named, "S", "A", "x", "y")) if text.startswith("name")]
    assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if overlap(a, b)]
