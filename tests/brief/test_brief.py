"""The brief: every figure has its note, page and paper say the same, nothing comes from elsewhere."""

from __future__ import annotations

import io
import re
import shutil
import xml.etree.ElementTree as ET
from datetime import date
from functools import partial
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from comity.brief import map as drawn
from comity.brief import render_html, render_pdf, sections, words, write
from comity.brief.compose import compose
from comity.brief.played import played

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def brief(network):
    from comity import routing

    return compose(
        "KAZ",
        "PAK",
        lambda a, b, **told: routing.plan(a, b, network=network, **told).to_json(),
        played=partial(played, scenarios=200, network=network),
        on=DAY,
    )


@pytest.fixture(scope="module")
def page(brief) -> str:
    return render_html.page(brief)


class Reader(HTMLParser):
    """Tags, links and headings of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_page_stands_alone(page):
    read = Reader(page)
    assert not read.of("script")
    assert not read.of("link")
    assert not read.of("img")
    assert "@import" not in page
    assert "url(http" not in page


def test_headings_tables_and_map_are_readable_by_all(page):
    read = Reader(page)
    assert len(read.of("h1")) == 1
    assert all(attrs.get("scope") == "col" for attrs in read.of("th"))
    assert read.of("html")[0]["lang"] == "en"
    assert read.of("svg")[0]["role"] == "img"
    assert read.of("svg")[0]["aria-label"]


def test_every_footnote_mark_has_its_note(page):
    read = Reader(page)
    marks = {attrs["href"][1:] for attrs in read.of("a") if attrs.get("href", "").startswith("#n")}
    notes = {attrs["id"] for attrs in read.of("li") if "id" in attrs}
    assert marks == notes
    assert len(notes) > 20


def test_every_step_of_every_way_is_footnoted(brief):
    for way in brief["legs"]:
        assert way["steps"]
        assert all(step["notes"] and step["standing"] for step in way["steps"])


def test_footnotes_are_numbered_by_first_use(brief):
    assert [note["number"] for note in brief["notes"]] == list(range(1, len(brief["notes"]) + 1))
    assert all(note["title"] for note in brief["notes"])


def test_shut_ways_say_since_when_and_last_confirmed(brief):
    shut = [way for way in brief["alternatives"] if not way["open"]]
    assert shut
    assert any("since 12 Oct 2025, last confirmed" in item["state"] for way in shut for item in way["shut"])


def test_independence_covers_every_transit_country(brief):
    countries = {row["country"] for row in brief["independence"]}
    passed = {name for way in brief["alternatives"] if way["open"] for name in way["countries"]}
    assert countries == passed - {"Kazakhstan", "Pakistan"}


def test_independent_ways_share_no_transit_country():
    def way(*countries: str, ports: tuple[str, ...] = ()) -> dict:
        return {"countries": list(countries), "dwells": [{"kind": "port", "id": port} for port in ports]}

    by_china, by_iran, by_both = way("KAZ", "CHN", "PAK"), way("KAZ", "IRN", "PAK"), way("KAZ", "CHN", "IRN", "PAK")
    assert sections.independent([]) == 0
    assert sections.independent([by_both]) == 1
    assert sections.independent([by_china, by_iran, by_both]) == 2  # the third falls with either
    one, other = way("NGA", "BRA", ports=("NGLOS", "BRSSZ")), way("NGA", "BRA", ports=("NGLOS", "BRPNG"))
    assert sections.independent([one, other]) == 1  # direct ships from one quay
    assert sections.independent([one, way("NGA", "BEN", "BRA")]) == 2


def test_the_answer_says_how_old_the_last_word_is():
    def told(*confirmed: str) -> str:
        closed = [{"id": str(row), "confirmed": day} for row, day in enumerate(confirmed)]
        ways = [{"closures": [item["id"] for item in closed]}]
        return sections.last_word({"conditions": {"on": "2026-11-24", "closed": closed}, "alternatives": ways})

    assert told() == ""
    assert told("2026-11-20") == ""
    assert "7 months ago" in told("2025-10-01", "2026-04-02")


def test_ten_figures(brief):
    assert 5 <= len(brief["figures"]) <= sections.MOST_FIGURES
    assert all(row["notes"] for row in brief["figures"])


def test_the_map_is_sound_svg_with_credits_and_dashed_lines(brief):
    root = ET.fromstring(brief["map"])
    text = " ".join(root.itertext())
    assert "OpenStreetMap" in text
    assert "Disputed lines are dashed" in text
    assert "Almaty" in text
    assert "Karachi" in text
    assert 'stroke-dasharray="3 2.5"' in brief["map"]


def test_labels_of_the_map_never_overlap(plan, monkeypatch):
    kept = []
    monkeypatch.setattr(drawn, "Sheet", lambda: kept.append(ORIGINAL()) or kept[-1])
    drawn.draw(plan("Almaty", "Karachi", on=DAY).to_json())
    boxes = kept[0].boxes
    labels = [box for box in boxes if box[2] - box[0] > 14]
    clashes = [(a, b) for i, a in enumerate(labels) for b in labels[i + 1 :] if drawn.overlap(a, b)]
    assert not clashes


ORIGINAL = drawn.Sheet


def test_a_map_over_the_antimeridian_is_whole(plan):
    svg = drawn.draw(plan("Tokyo", "Los Angeles", on=DAY).to_json())
    assert "nan" not in svg
    xs = [
        float(x)
        for path in re.findall(r'<path d="([^"]+)" fill="none" stroke="#0072B2"', svg)
        for x in re.findall(r"[ML](-?[\d.]+),", path)
    ]
    assert max(xs) - min(xs) > 300
    assert all(-50 < x < drawn.WIDTH + 50 for x in xs)


def test_pdf_is_the_same_bytes_twice_and_holds_every_title(brief):
    from pypdf import PdfReader

    first, again = render_pdf.document(brief), render_pdf.document(brief)
    assert first == again
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(first)).pages)
    squeezed = re.sub(r"\W+", "", text)
    for way in brief["alternatives"]:
        assert re.sub(r"\W+", "", way["title"]) in squeezed
    squeezed = re.sub(r"KazakhstanPakistanComity\w+?facts[0-9a-f]{16}\d\d", "", squeezed)  # a foot may part a sentence
    for said in (brief["shut"]["asked"], *brief["shut"]["found"], brief["shut"]["ask"], brief["shut"]["small"]):
        assert re.sub(r"\W+", "", said) in squeezed
    for row in brief["shut"]["countries"]:
        assert re.sub(r"\W+", "", row["country"] + row["share"]) in squeezed


def test_page_and_paper_come_from_one_value(brief, page):
    for way in brief["alternatives"]:
        assert words.usd_range({"p10": 1, "p90": 2}) == "1–2"
        assert way["days"] in page
    shut = brief["shut"]
    for said in (shut["asked"], *shut["found"], shut["hung"], shut["split"]["said"], shut["ask"], shut["small"]):
        assert escape(said) in page
    for name, chart in (*shut["charts"].items(), ("frontier", shut["split"]["chart"])):
        assert chart["svg"] in page
        assert render_pdf.drawings(brief)[name] == chart["svg"]


def test_every_drawing_tells_itself_and_no_id_is_used_twice(brief, page):
    read = Reader(page)
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    drawings = read.of("svg")
    assert len(drawings) == 6  # the map, two of days, two of dependence, one of safety
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in drawings)
    assert {attrs["aria-describedby"] for attrs in drawings[1:]} <= set(ids)


def test_the_section_on_shut_borders_takes_the_place_of_the_table_of_countries(brief, page):
    assert "If a border shuts" in page
    assert "If a transit country falls away" not in page
    alone = render_html.page(brief | {"shut": None, "left_out": ["Left out because."]})
    assert "If a transit country falls away" in alone
    assert "Left out because." in alone
    assert {row["country"] for row in brief["independence"]} <= {row["country"] for row in brief["shut"]["countries"]}


def test_write_makes_both_files_and_names_them_after_the_pair(network, tmp_path):
    paths = write("Almaty", "Karachi", output=tmp_path / "new", network=network, on=DAY, scenarios=0)
    assert [path.name for path in paths] == ["Almaty-Karachi.html", "Almaty-Karachi.pdf"]
    assert paths[1].read_bytes().startswith(b"%PDF")


def test_a_folder_that_cannot_be_made_has_one_clear_message(network, tmp_path):
    from comity.errors import BadInput

    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(BadInput, match="Choose a folder"):
        write("Almaty", "Karachi", output=blocker / "briefs", network=network, on=DAY)


def test_years_that_are_no_number_are_told_before_anything_is_asked(tmp_path):
    from comity.errors import BadInput

    with pytest.raises(BadInput, match="scenarios -3"):
        write("Nowhere", "Karachi", output=tmp_path / "new", scenarios=-3)
    assert not (tmp_path / "new").exists()


def test_in_a_real_browser_nothing_scrolls_sideways_on_a_phone(page, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    path = Path(tmp_path / "brief.html")
    path.write_text(page, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 360, "height": 780})
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(path.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        assert tab.evaluate("document.querySelectorAll('h1').length") == 1
        assert tab.evaluate("document.querySelector('svg').getBoundingClientRect().width") > 300
        printed = tab.pdf(format="A4")
        browser.close()
    assert printed.startswith(b"%PDF")
    assert all(url.startswith("file:") for url in asked)


@pytest.mark.parametrize(("hours", "says"), [(30, "1.2"), (240, "10"), (23.9, "1.0")])
def test_days_in_words(hours, says):
    assert words.days(hours) == says


def test_money_keeps_three_digits():
    assert words.three_digits(12756) == "12,800"
    assert words.three_digits(987) == "987"
    assert words.three_digits(1234567) == "1,230,000"
