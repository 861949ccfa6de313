"""Sentences made for the tests are read as a person reads them; and laws that hold on any text."""

from __future__ import annotations

import ast
import inspect
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity import facts
from comity.agreements.commitment import STRENGTHS, TOPICS
from comity.agreements.reading import read
from comity.agreements.reading.frames import compiled, frames
from comity.errors import BadInput
from tests.agreements.reading.made import MADE

ON = {"date": "2024-05-15", "parties": ("GHA", "PER")}
PROMISES = [row for row in MADE if row[1]]


@pytest.mark.parametrize("row", PROMISES, ids=lambda row: row[0][:50])
def test_a_promise_is_found_with_its_fields(row):
    sentence, strength, topic, due, actors = row
    one = read(sentence, **ON).commitments[0]
    assert one.strength == strength
    assert topic is None or one.topic == topic
    assert due is None or (one.due.end.isoformat() if one.due else "") == due
    assert actors is None or set(one.actors) == set(actors)


@pytest.mark.parametrize("sentence", [row[0] for row in MADE if row[1] is None])
def test_what_only_seems_one_is_none(sentence):
    assert read(sentence, **ON).commitments == ()


@pytest.mark.parametrize("sentence", [row[0] for row in PROMISES])
def test_offsets_and_words_are_those_of_the_text(sentence):
    text = f"ACCRA, 15 May 2024 - The ministers met. {sentence} They dined."
    for one in read(text, **ON).commitments:
        assert text[one.start : one.end] == one.sentence
        assert one.strength in STRENGTHS and one.topic in TOPICS and 0 < one.confidence <= 1
        assert one.cues["strength"].split(" … ")[-1] in text


@pytest.mark.parametrize(
    ("promise", "denied"),
    [("Peru agreed to lower duties.", "Peru did not agree to lower duties."), ("The parties agreed to set up a fund.", "The parties have not agreed to set up a fund."),
     ("They reached an agreement on fisheries.", "They reached no agreement on fisheries.")],
)  # fmt: skip
def test_a_promise_denied_is_none(promise, denied):
    assert read(promise, **ON).commitments and not read(denied, **ON).commitments


@pytest.mark.parametrize(
    ("sentence", "action"),
    [
        ("Peru agreed not to raise tariffs.", "not to raise tariffs"),
        ("Peru will not raise tariffs.", "not raise tariffs"),
    ],
)
def test_a_promise_not_to_act_keeps_its_not(sentence, action):
    (one,) = read(sentence, **ON).commitments
    assert one.action == action


def test_several_promises_of_one_sentence_stand_apart():
    found = read("Ghana and Peru agreed to set up a fund and to open a bank in Accra.", **ON).commitments
    assert [one.action for one in found] == ["set up a fund", "open a bank in Accra"]
    assert {one.sentence for one in found} == {"Ghana and Peru agreed to set up a fund and to open a bank in Accra."}


def test_points_of_a_list_take_over_what_introduces_them():
    text = "The two sides agreed to:\n\n- open a trade office in Lima;\n- train customs officers by the end of 2025;\n- exchange students.\n\nThey dined together."
    found = read(text, **ON).commitments
    assert [(one.strength, one.action) for one in found] == [
        ("agreed", "open a trade office in Lima"), ("agreed", "train customs officers by the end of 2025"), ("agreed", "exchange students"),
    ]  # fmt: skip
    assert found[1].due.end == date(2025, 12, 31)


def test_a_heading_opens_a_list_until_its_marks_change():
    text = "What Ghana takes on\n\n- Renewal of the licence for Peruvian ships by 1 July 2024.\n- A desk in Lima.\n\n2. Trade reached nine million.\n"
    found = read(text, **ON).commitments
    assert [(one.strength, one.actors) for one in found] == [("agreed", ("GHA",))] * 2
    assert found[0].due.end == date(2024, 7, 1)


def test_minutes_are_agreed_and_a_wire_report_is_not():
    promise = "\n\n1. Peru will open a consulate in Kumasi.\n"
    assert read("AGREED MINUTES of the Second Session" + promise, **ON).commitments[0].strength == "agreed"
    assert read("Ministers meet in Accra" + promise, **ON).commitments[0].strength == "will"


def test_he_is_who_spoke_before():
    text = "Peru's Minister of Trade, Inti Quispe, met reporters. He said that he would visit Accra in July."
    (one,) = read(text, **ON).commitments
    assert (one.actors, one.beneficiaries, one.due.end) == (("PER",), ("GHA",), date(2024, 7, 31))


def test_a_condition_is_told():
    (one,) = read("Subject to ratification, Peru will lower the duty on cocoa.", **ON).commitments
    assert one.condition == "Subject to ratification"


def test_the_date_of_a_law_is_not_the_due_of_a_promise():
    (one,) = read("Peru will apply the tariff under Law 14 of 2 April 2025 to Ghanaian goods.", **ON).commitments
    assert one.due is None


def test_date_and_parties_are_found_in_the_text():
    told = read("ACCRA, 4 July 2023 - Ghana and Peru agreed to meet. Peru will host next month. Chile was not there.")
    assert (told.date, told.parties) == (date(2023, 7, 4), ("GHA", "PER"))


def test_a_sentence_far_away_changes_nothing():
    text = "Ghana and Peru agreed to set up a fund. " + "The weather was fine. " * 3
    one = read(text, **ON).commitments
    assert read(text + "Trade rose by a third.", **ON).commitments == one


@given(st.text(max_size=400))
def test_any_text_is_read_and_its_offsets_hold(text):
    for one in read(text, **ON).commitments:
        assert text[one.start : one.end] == one.sentence


@pytest.mark.parametrize(
    "text",
    [
        "will " * 50_000,
        "agreed to " * 20_000,
        "a" * 300_000,
        "(" * 50_000 + " will open",
        "\n" * 100_000,
        "1." * 50_000,
    ],
)
def test_endless_sentences_end(text):
    read(text, **ON)


@pytest.mark.parametrize(
    "told", [{"date": "2024-13-01"}, {"date": "yesterday"}, {"language": "xx"}, {"parties": ("Atlantis", "PER")}]
)
def test_what_cannot_be_is_told(told):
    with pytest.raises(BadInput):
        read("Peru will pay.", **{**ON, **told})


RUSSIAN = {
    "reading_words.csv": """language,class,kind,words
ru,agree,word,договорились;обязался;обязалась
ru,adv,word,также
ru,not,word,не
ru,month-5,word,мая
ru,by,word,до
ru,deadline,word,до
ru,unit-year,word,года
ru,negative,word,никто
""",
    "reading_names.csv": "language,alpha3,kind,words\nru,GHA,people,гана;ганой\nru,PER,people,перу;перуанский\n",
    "reading_topics.csv": "language,topic,weight,words\nru,air,3,рейс*;авиа*\nru,transport,3,дорог*;порт*\n",
    "reading_frames.csv": """language,name,role,pattern,strength,needs,confidence
ru,ne,bar,<not> <agree>,,,0.8
ru,obyazalsya,act,<agree> <adv>* > <open>,agreed,,0.8
""",
}


def test_a_language_is_rows(mine):
    """A user's rows of another language are read by the same code, with its negation, times and topics."""
    from comity.agreements.reading import actors, names, topic, words
    from comity.agreements.reading import frames as engine

    caches = (
        words.lexicon,
        words._forms,
        words._tags,
        words._words,
        engine.frames,
        engine._by_first,
        names.names,
        names.capitals,
        actors._firsts,
        topic._phrases,
        topic._weights,
    )
    for name, text in RUSSIAN.items():
        mine(name, text)
    try:
        for cached in caches:
            cached.cache_clear()
        text = "Перу обязался открыть рейсы до 1 мая 2025 года. Гана не обязалась строить порт."
        (one,) = read(text, language="ru", **ON).commitments
        assert (one.strength, one.topic, one.actors) == ("agreed", "air", ("PER",))
        assert (one.action, one.due.end) == ("открыть рейсы до 1 мая 2025 года", date(2025, 5, 1))
    finally:
        for cached in caches:
            cached.cache_clear()


def test_no_word_of_a_language_is_in_the_code():
    """What a word is compared with is a class of the tables, or a sign."""
    folder = Path(inspect.getfile(read)).parent
    found = []
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and re.search(r"\blow\b|_low\(", ast.unparse(node)):
                sides = [node.left, *node.comparators]
                parts = [part for side in sides for part in (side, *getattr(side, "elts", ()))]
                told = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
                found += [f"{path.name}:{node.lineno} {word}" for word in told if re.search(r"[a-z]{2}", word)]
    assert not found


def test_every_frame_can_be_read_and_its_classes_exist():
    known = {row["class"].rpartition("-")[0] or row["class"] for row in facts.rows("reading_words")} | {
        row["class"] for row in facts.rows("reading_words")
    }
    known |= {"any", "open", "num", "verb", "name", "country"}
    for frame in frames("en"):
        for element in frame.elements:
            for tag in element.tags:
                name = tag.split(":")[0]
                assert not name.startswith("<") or name[1:-1] in known, (frame.name, tag)
    with pytest.raises(ValueError):
        compiled("..3 to")
