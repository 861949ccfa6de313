"""Bytes to text for each kind of file. Pure; the readers of Word, PDF and HTML are only called in the child (`guard`)."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from pathlib import PurePath

TEXT, HTML, PDF = "text/plain", "text/html", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CAN_READ = "txt, md, html, docx or pdf with a text layer"
EXPANDED = 100 * 2**20  # bytes of a docx when unpacked; a thousand pages of text take 20 MB
ENTRIES = 5_000  # files in a docx
LETTERS_A_PAGE = 15  # on average; a scan has none, or a page number
REFUSED = (  # (first bytes, what it is)
    (b"\xd0\xcf\x11\xe0", "is an old Office file (doc, xls)"),
    (b"{\\rtf", "is a rich text file (rtf)"),
    (b"\x1f\x8b", "is packed (gzip)"),
    (b"Rar!", "is packed (rar)"),
    (b"7z\xbc\xaf", "is packed (7z)"),
    (b"\x89PNG", "is a picture"),
    (b"\xff\xd8\xff", "is a picture"),
    (b"GIF8", "is a picture"),
    (b"II*\x00", "is a picture"),
    (b"MM\x00*", "is a picture"),
    (b"\x7fELF", "is a program"),
    (b"SQLite format 3", "is a database"),
)
CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF], " ")
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
UNSEEN = "script, style, nav, noscript, template, svg, head > *:not(title), [hidden], [aria-hidden=true]"
BLOCKS = (
    "p",
    "div",
    "li",
    "br",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
    "td",
    "th",
    "title",
    "dd",
    "dt",
    "pre",
    "ul",
    "ol",
    "table",
)


class Unreadable(Exception):
    """Why a file cannot be read: the rest of a sentence that begins with its name."""


def kind_of(content: bytes, name: str) -> str:
    """Media type that it is read as, by its first bytes and then its name; or words that say why it is not read."""
    for magic, words in REFUSED:
        if content.startswith(magic):
            return f"{words}, which is not read. Save it as {CAN_READ}."
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return (
            DOCX
            if b"word/" in content
            else f"is packed or of another Office kind, which is not read. Save it as {CAN_READ}."
        )
    ending = PurePath(name).suffix.lower()
    if ending in (".html", ".htm", ".xhtml") or re.match(
        rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|\?xml[^>]*>\s*<!doctype html)", content[:300], re.I
    ):
        return HTML
    if ending in (".pdf", ".docx"):
        return f"is named {ending} and is none. Save it again, as {CAN_READ}."
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")) and content[:4096].count(0) > 8:
        return f"is no text. What can be read is {CAN_READ}."
    return TEXT


def plain(content: bytes, declared: str | None = None) -> str:
    """Text of bytes: UTF-8, UTF-16 with its mark, the charset declared, else Windows' Cyrillic or Western letters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if declared:
        try:
            return content.decode(declared, errors="replace")
        except (LookupError, UnicodeError):
            pass
    if _mostly_utf8(content):
        return content.decode("utf-8-sig", errors="replace")
    return content.decode("cp1251" if _cyrillic(content) else "cp1252", errors="replace")


def _mostly_utf8(content: bytes) -> bool:
    """Whether a few broken bytes spoil what is UTF-8 otherwise."""
    high = sum(byte > 127 for byte in content[:100_000])
    bad = content[:100_000].decode("utf-8", errors="replace").count("\ufffd")
    return bad < 0.5 * high


def _cyrillic(content: bytes) -> bool:
    """Whether the high bytes come in words, as Cyrillic letters do, and not one by one, as accents do."""
    runs = re.findall(rb"[\xc0-\xff\xa8\xb8]{3,}", content[:100_000])
    high = len(re.findall(rb"[\x80-\xff]", content[:100_000]))
    return sum(map(len, runs)) > 0.6 * high


def cleaned(text: str) -> str:
    """Lines ended by \\n, control signs as blanks, halves of pairs as the sign for a broken letter."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROL)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def html(content: bytes) -> str:
    """Visible text of a page; blocks end lines."""
    from selectolax.lexbor import LexborHTMLParser

    told = CHARSET.search(content[:4096])
    tree = LexborHTMLParser(plain(content, told[1].decode("ascii") if told else None))
    for node in tree.css(UNSEEN):
        node.decompose()
    root = tree.body or tree.root
    if root is None:
        return ""
    for tag in BLOCKS:
        for node in root.css(tag):
            node.insert_after("\n\n" if tag not in ("br", "td", "th") else "\n")
            node.insert_before("\n")
    text = root.text(deep=True, separator="")
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.replace("\r", "").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def docx(content: bytes) -> str:
    """Paragraphs, points of lists and cells of tables, in their order; headers and footers are left out."""
    _unpacks(content)
    from docx import Document
    from docx.table import Table

    try:
        document = Document(io.BytesIO(content))
    except Unreadable:
        raise
    except Exception as fault:  # whatever a broken package makes the library raise
        raise Unreadable("is a damaged Word file. Open and save it again.") from fault
    lines = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            lines += [_cell(cell) for row in part.rows for cell in dict.fromkeys(row.cells)]
        else:
            bullet = (
                "- "
                if part.style is not None and (part.style.name or "").startswith("List") and part.text.strip()
                else ""
            )
            lines.append(bullet + part.text)
    return "\n\n".join(line for line in lines if line.strip()) + "\n"


def _cell(cell) -> str:
    return "\n".join(paragraph.text for paragraph in cell.paragraphs)


def _unpacks(content: bytes) -> None:
    """Refuse a package that would fill memory before anything of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > EXPANDED:
                raise Unreadable(
                    f"unpacks to more than {EXPANDED // 2**20} MB or {ENTRIES:,} parts, so it is not unpacked."
                )
            if "word/document.xml" not in package.namelist():
                raise Unreadable("is no Word document.")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as fault:
        raise Unreadable("is a damaged Word file. Open and save it again.") from fault


def pdf(content: bytes) -> str:
    """The text layer, page after page; words parted at line ends are joined, repeated head and foot lines dropped."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("is locked with a password. Save it without one.")
        pages = [page.extract_text() or "" for page in reader.pages]
    except Unreadable:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
        OverflowError,
        ArithmeticError,
        AssertionError,
        NotImplementedError,
        LookupError,
        EOFError,
        RuntimeError,
    ) as fault:
        raise Unreadable("is a damaged PDF. Print it to a new one.") from fault
    letters = sum(sign.isalpha() for page in pages for sign in page)
    if letters < LETTERS_A_PAGE * max(len(pages), 1):
        raise Unreadable("is a scan without a text layer. Run it through text recognition (OCR) first.")
    return "\n\n".join(_without_repeats(pages)) + "\n"


def _without_repeats(pages: list[str]) -> list[str]:
    """Pages without the first and last lines that most of them share, numbers apart."""

    def bare(line: str) -> str:
        return re.sub(r"\d+", "#", line.strip())

    split = [[line.rstrip() for line in page.split("\n")] for page in pages]
    ends = Counter(bare(line) for lines in split for line in {*lines[:2], *lines[-2:]} if line.strip())
    repeated = {line for line, many in ends.items() if len(pages) >= 3 and many > 0.6 * len(pages)}
    kept = ["\n".join(line for line in lines if bare(line) not in repeated) for lines in split]
    return [re.sub(r"(\w)[-\u00ad]\n([a-z])", r"\1\2", page) for page in kept]


READERS = {TEXT: plain, HTML: html, DOCX: docx, PDF: pdf}
