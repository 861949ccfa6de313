"""Every kind of file is read back, and nothing hostile crashes, hangs or fills memory."""

from __future__ import annotations

import io
import os
import random
import tracemalloc
import zipfile

import pytest

from comity.agreements.commitment import Text
from comity.agreements.files import MOST_BYTES, Refused, formats, guard, text_of, texts
from comity.errors import BadInput

WORDS = "Ghana will open an office in Lima.\n\nBoth sides agreed to meet in May."


def as_docx(*paragraphs: str) -> bytes:
    from docx import Document

    made = Document()
    for text in paragraphs:
        made.add_paragraph(text)
    made.add_table(rows=1, cols=2).rows[0].cells[0].text = "in a table"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def as_pdf(markup: str) -> bytes:
    import typst

    return typst.compile(markup.encode())


def as_html(body: str) -> bytes:
    return f"<!doctype html><html><head><title>T</title><script>x('no')</script><style>.a{{}}</style></head><body>{body}</body></html>".encode()


def test_plain_text_is_kept_letter_by_letter():
    read = text_of(WORDS.encode(), "a.txt")
    assert (read.text, read.media_type, read.original) == (WORDS, "text/plain", WORDS.encode())


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_lines_end_one_way(ending):
    assert text_of(f"one{ending}two".encode(), "a.txt").text == "one\ntwo"


@pytest.mark.parametrize(
    ("content", "says"),
    [("\ufeffДоговорились".encode(), "Договорились"), ("Договорились о рейсах в мае".encode("cp1251"), "Договорились о рейсах в мае"),
     ("Accord signé à Genève".encode("cp1252"), "Accord signé à Genève"), ("Договор".encode("utf-16"), "Договор"),
     ("naïve".encode() + b"\xff" + b" text with one broken byte", "naïve\ufffd text with one broken byte")],
)  # fmt: skip
def test_letters_of_several_encodings(content, says):
    assert text_of(content, "a.txt").text == says


def test_word_files_give_paragraphs_and_cells_in_order():
    text = text_of(as_docx("First & <b>.", "Second."), "a.docx").text
    assert text.index("First & <b>.") < text.index("Second.") < text.index("in a table")


def test_pdf_gives_its_text_layer():
    text = text_of(
        as_pdf("The two sides agreed to sign a treaty.\n\n#pagebreak()\nKenya will host the next round."), "a.pdf"
    ).text
    assert "agreed to sign a treaty" in text and "Kenya will host" in text


def test_pages_give_what_is_seen():
    page = as_html(
        "<nav>Home</nav><h1>Visit</h1><p>Peru &amp; Ghana <b>agreed</b> to meet.</p><p hidden>no</p><ul><li>One</li><li>Two</li></ul>"
    )
    text = text_of(page, "a.html").text
    assert "Peru & Ghana agreed to meet." in text and "Visit" in text
    assert not any(word in text for word in ("Home", "x('no')", "no\n", ".a{"))
    assert text.index("One") < text.index("Two") and "OneTwo" not in text.replace("\n", "\n")


def refused(content: bytes, name: str) -> str:
    with pytest.raises(BadInput) as fault:
        text_of(content, name)
    told = str(fault.value)
    assert "\n" not in told and told.startswith(name)
    return told


def test_a_scan_is_told_what_to_do():
    assert "OCR" in refused(as_pdf("#rect(width: 10cm, height: 10cm)"), "scan.pdf")


def test_a_locked_pdf_is_told():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(as_pdf("Secret words stand here in a row."))))
    writer.encrypt("key", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert "password" in refused(out.getvalue(), "locked.pdf")


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return out.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = zipped({"word/document.xml": b"\0" * (formats.EXPANDED + 1)})
    assert len(bomb) < 2**18
    tracemalloc.start()
    assert "not unpacked" in refused(bomb, "bomb.docx")
    assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    tracemalloc.stop()
    assert "not unpacked" in refused(
        zipped({f"word/{number}": b"" for number in range(formats.ENTRIES + 1)}), "many.docx"
    )


def test_entities_that_multiply_are_not_expanded():
    lol = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 50 + b'">'
    lol += b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 40) for n in range(9)) + b"]>"
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = b'<w:document xmlns:w="' + space + b'"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
    good = as_docx("x")
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        entries = {name: package.read(name) for name in package.namelist()}
    entries["word/document.xml"] = b'<?xml version="1.0"?>' + lol + body
    try:
        assert len(text_of(zipped(entries), "lol.docx").text) < 10_000
    except BadInput as fault:
        assert "lol.docx" in str(fault)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"\x89PNG\r\n\x1a\n", "a.txt"), (b"\x1f\x8b\x08", "a.txt"), (b"{\\rtf1}", "a.rtf"), (b"\xd0\xcf\x11\xe0", "a.doc"), (b"", "a.txt"), (b" \n ", "a.txt"),
     (b"text", "a.pdf"), (b"text", "a.docx"), (b"PK\x03\x04xl/workbook", "a.xlsx"), (b"\0" * 5000, "a.txt"), (b"%PDF-1.7\nbroken", "b.pdf")],
)  # fmt: skip
def test_what_cannot_be_read_is_one_sentence(content, name):
    refused(content, name)


def test_a_text_of_two_hundred_megabytes_fills_nothing(tmp_path):
    path = tmp_path / "long.txt"
    with open(path, "wb") as file:
        file.truncate(200 * 2**20)
    tracemalloc.start()
    with pytest.raises(BadInput, match="50 MB"):
        list(texts(path))
    assert tracemalloc.get_traced_memory()[1] < MOST_BYTES + 20 * 2**20
    tracemalloc.stop()


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b" / "c.pdf").write_bytes(b"%PDF-broken")
    (tmp_path / "z.txt").write_text("Two.")
    (tmp_path / ".hidden.txt").write_text("no")
    os.symlink(tmp_path, tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe.txt")
    found = list(texts(tmp_path))
    assert [one.file for one in found if isinstance(one, Text)] == ["a.txt", "z.txt"]
    assert sorted(one.file for one in found if isinstance(one, Refused)) == ["b/c.pdf", "pipe.txt"]


def test_standard_input_is_read():
    assert next(texts("-", io.BytesIO(b"Hello."))).text == "Hello."


def test_what_is_not_there_is_told(tmp_path):
    for path in (tmp_path / "none.txt", "a\0b"):
        with pytest.raises(BadInput):
            list(texts(path))
    with pytest.raises(BadInput, match="no files"):
        list(texts(tmp_path))


def test_a_reader_that_hangs_or_eats_memory_is_ended_and_the_next_file_read(monkeypatch):
    monkeypatch.setattr(guard, "SECONDS", 0.3)
    guard.stop()

    class Stuck(guard.Child):
        def __init__(self):
            super().__init__()
            self.process.send_signal(19)  # stopped: it will never answer

    monkeypatch.setattr(guard, "Child", Stuck)
    assert "could not be read" in refused(as_html("<p>x</p>"), "stuck.html")
    monkeypatch.undo()
    assert "fine" in text_of(as_html("<p>fine</p>"), "next.html").text


def seeds() -> list[tuple[bytes, str]]:
    return [
        (WORDS.encode(), "a.txt"), (("Договорились \u202e\u0000 о рейсах. " * 3).encode(), "b.txt"),
        (as_html(f"<p>{WORDS}</p><table><tr><td>x</td></tr></table>"), "c.html"),
        (as_docx(*WORDS.split("\n\n")), "d.docx"), (as_pdf(WORDS), "e.pdf"),
    ]  # fmt: skip


def spoilt(chance: random.Random, content: bytes) -> bytes:
    """A document with bytes flipped, cut out, doubled or mixed with noise."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data) or 1)
        kind = chance.randrange(5)
        if kind == 0 and data:
            data[place % len(data)] = chance.randrange(256)
        elif kind == 1:
            del data[place : place + chance.randint(1, 200)]
        elif kind == 2:
            data[place:place] = data[place : place + chance.randint(1, 200)]
        elif kind == 3:
            data[place:place] = chance.randbytes(chance.randint(1, 60))
        else:
            data = data[:place]
    return bytes(data)


def test_ten_thousand_spoilt_documents_are_read_or_refused():
    """Each through the reader of files, and what is read through the reader of promises."""
    from comity.agreements.reading import read

    chance = random.Random(2026)
    made = seeds()
    heavy = [one for one in made if one[1].endswith(("docx", "pdf"))]
    counts = {"read": 0, "refused": 0}
    for number in range(10_000):
        content, name = chance.choice(heavy if number % 5 == 0 else made[:3])
        try:
            text = text_of(spoilt(chance, content) if number % 50 else chance.randbytes(chance.randint(0, 3000)), name)
        except BadInput as fault:
            assert "\n" not in str(fault)
            counts["refused"] += 1
            continue
        counts["read"] += 1
        for one in read(text.text, date="2024-05-01", parties=("GHA", "PER")).commitments:
            assert text.text[one.start : one.end] == one.sentence
    assert counts["read"] > 4000 and counts["refused"] > 500
