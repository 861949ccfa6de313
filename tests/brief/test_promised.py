"""The section on promises: what it says is what the answer holds, on page and on paper alike."""

from __future__ import annotations

import re

import pytest

from comity.brief import promised, register, render_html, render_pdf
from comity.brief.compose import whole
from comity.brief.notes import Notes
from comity.brief.promised import overdue_text, section, when
from comity.brief.register import Told, promises_of
from comity.brief.timeline import timeline
from comity.store import open_register

ON = "2026-11-25"


@pytest.fixture(scope="module")
def answer():
    return promises_of(("KAZ", "PAK"), ON, None).answer


@pytest.fixture(scope="module")
def told(answer):
    return section(Told(answer), Notes(), str)


def test_figures_of_the_section_are_those_of_the_answer(answer, told):
    total = answer["total"]
    assert told["found"].startswith(
        f"{total['done']} of {total['counted']} promises in force are done ({total['percent']} per cent)"
    )
    assert sum(row["counted"] for row in told["sides"]) == total["counted"]
    assert len(told["raise"]) == len(answer["to_raise"]) == 10
    assert [row["what"].lower() for row in told["overdue"]] == [one["action"].lower() for one in answer["overdue"]]


def test_every_line_has_its_sentence_and_footnote(told):
    for row in (*told["raise"], *told["overdue"]):
        assert row["sentence"] and row["notes"]
    assert all(step["notes"] for chain in told["chains"] for step in chain["steps"])


def test_the_picture_is_sound_and_the_same_each_time(answer):
    from xml.etree import ElementTree

    chains = answer["chains"][:8]
    drawn = timeline(chains, ON, "Chains")
    tree = ElementTree.fromstring(drawn["svg"])
    assert drawn == timeline(chains, ON, "Chains")
    rings = [one for one in tree.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(rings) == 1 + sum(len(chain["promises"]) for chain in chains)  # one in the legend
    for one in tree.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(one.get("x")) <= 420
    assert timeline([], ON, "Chains") is None


def test_page_and_paper_carry_the_section(plan, answer):
    made = plan("Almaty", "Karachi", on="2026-11-24").to_json()
    brief = whole(made, {}, [], "Almaty", "Karachi", None, Told(answer))
    page = render_html.page(brief)
    assert "What we promised each other" in page and "The ten to raise" in page
    used = {int(number) for number in re.findall(r'href="#n(\d+)"', page)}
    assert used == {note["number"] for note in brief["notes"]}
    pdf = render_pdf.document(brief)
    assert pdf.startswith(b"%PDF") and pdf == render_pdf.document(brief)
    from io import BytesIO

    from pypdf import PdfReader

    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    for row in brief["promised"]["overdue"]:
        assert row["what"].split()[0] in text


def test_a_pair_without_a_register_is_told_how_to_begin(plan):
    assert promises_of(("GHA", "PER"), ON, None) == Told(None, words=promised.NONE)
    made = plan("Almaty", "Karachi", on="2026-11-24").to_json()
    page = render_html.page(whole(made, {}, [], "Almaty", "Karachi", None, Told(None, words=promised.NONE)))
    assert "comity register init" in page and "What we promised" not in page


def test_ones_own_register_takes_the_place_of_the_shipped(tmp_path, monkeypatch):
    from comity.agreements import work

    url = str(tmp_path / "mine.sqlite")
    with open_register(url, create=True) as mine, mine.writing("me") as write:
        work.by_hand(write, pair="KAZ-PAK", actors=["KAZ"], action="open a school", address="a letter of 3 May")
    for told in (
        promises_of(("PAK", "KAZ"), ON, url),
        monkeypatch.setenv("COMITY_REGISTER", url) or promises_of(("PAK", "KAZ"), ON),
    ):
        assert told.own and told.answer["total"]["counted"] == 1
    notes = Notes()
    section(told, notes, str)
    assert [note["title"] for note in notes.listed()] == ["a letter of 3 May"]
    assert promises_of(("PAK", "KAZ"), ON, False) == Told(None)


def test_a_damaged_register_of_ones_own_is_said_and_the_brief_is_written(tmp_path, monkeypatch):
    (tmp_path / "bad.sqlite").write_bytes(b"no database" * 1000)
    monkeypatch.setenv("COMITY_REGISTER", str(tmp_path / "bad.sqlite"))
    told = promises_of(("PAK", "KAZ"), ON)
    assert told.answer and "restore" in told.words and "restore" in section(told, Notes(), str)["from"]
    assert register.promises("KAZ", "PAK", on=ON)["total"]["counted"] > 40


@pytest.mark.parametrize(("days", "says"), [(1, "1 day"), (59, "59 days"), (150, "5 months"), (1000, "2.7 years")])
def test_lateness_in_words(days, says):
    assert overdue_text(days) == says


@pytest.mark.parametrize(
    ("day", "says"),
    [("2023-02-20", "20 Feb 2023"), ("2023-02", "Feb 2023"), ("2023", "2023"), (None, "an unknown day")],
)
def test_days_in_words(day, says):
    assert when(day) == says
