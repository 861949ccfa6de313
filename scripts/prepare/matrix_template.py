"""Make src/comity/agreements/templates/matrix.docx, the form in which ministries keep such a matrix: A4 across, one table."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

OUT = Path(__file__).resolve().parents[2] / "src" / "comity" / "agreements" / "templates" / "matrix.docx"
COLUMNS = (
    ("No.", "{{ row.number }}", 1.0), ("What was agreed", "{{ row.commitment }}", 6.0), ("Who", "{{ row.who }}", 3.2), ("Topic", "{{ row.topic }}", 2.1),
    ("Due", "{{ row.due }}", 2.4), ("State", "{{ row.state }}", 2.2), ("Last evidence", "{{ row.evidence }}", 4.6), ("Carry over", "{{ row.carry }}", 1.5),
    ("Remarks", "{{ row.remarks }}", 4.2),
)  # fmt: skip


def cell_text(cell, text: str, *, bold: bool = False, size: float = 8, colour: str | None = None) -> None:
    """The one paragraph of a cell."""
    run = cell.paragraphs[0].add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def shaded(cell, colour: str) -> None:
    """Fill a cell."""
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def field(paragraph, code: str) -> None:
    """A field such as PAGE."""
    for kind, text in (("begin", None), (None, code), ("end", None)):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def repeated(row) -> None:
    """Print a row on every page, and never break it."""
    properties = row._tr.get_or_add_trPr()
    for name in ("tblHeader", "cantSplit"):
        mark = OxmlElement(f"w:{name}")
        mark.set(qn("w:val"), "true")
        properties.append(mark)


def widths(table, centimetres) -> None:
    """Fixed widths of columns."""
    table.autofit = False
    for column, width in zip(table.columns, centimetres, strict=False):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, centimetres, strict=False):
            cell.width = Cm(width)


def page(document) -> None:
    """A4 across with narrow margins; page numbers at the foot."""
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.2)
    section.top_margin, section.bottom_margin = Cm(1.4), Cm(1.3)
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ title }}. State on {{ on }}. Register {{ head }}. Page ").font.size = Pt(7.5)
    field(foot, "PAGE")
    foot.add_run(" of ").font.size = Pt(7.5)
    field(foot, "NUMPAGES")
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(9)
    style.paragraph_format.space_after = Pt(0)


def commitments(document) -> None:
    """The table: a heading row for each session, a row for each commitment."""
    table = document.add_table(rows=6, cols=len(COLUMNS), style="Table Grid")
    for cell, (heading, _, _) in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell_text(cell, heading, bold=True, colour="FFFFFF")
        shaded(cell, "1F3A4D")
    repeated(table.rows[0])
    loops = {1: "{%tr for group in groups %}", 3: "{%tr for row in group.rows %}"}
    for number, text in loops.items():
        cell_text(table.rows[number].cells[0], text)
    session = table.rows[2].cells[0].merge(table.rows[2].cells[-1])
    cell_text(session, "{{ group.session }}", bold=True)
    shaded(session, "E8EEF2")
    for cell, (_, text, _) in zip(table.rows[4].cells, COLUMNS, strict=True):
        cell_text(cell, text)
    cell_text(table.rows[5].cells[0], "{%tr endfor %}")
    cell_text(table.add_row().cells[0], "{%tr endfor %}")
    widths(table, [width for _, _, width in COLUMNS])


def summary(document) -> None:
    """Per cent done, in a small table."""
    table = document.add_table(rows=4, cols=6, style="Table Grid")
    for cell, heading in zip(
        table.rows[0].cells, ("", "Counted", "Done", "Per cent done", "Overdue", "Never heard of"), strict=True
    ):
        cell_text(cell, heading, bold=True)
        shaded(cell, "E8EEF2")
    cell_text(table.rows[1].cells[0], "{%tr for share in shares %}")
    names = ("name", "counted", "done", "percent", "overdue", "never")
    for cell, name in zip(table.rows[2].cells, names, strict=True):
        cell_text(cell, "{{ share." + name + " }}")
    cell_text(table.rows[3].cells[0], "{%tr endfor %}")
    widths(table, (11.0, 2.2, 2.2, 2.8, 2.2, 3.0))


def signatures(document) -> None:
    """Lines for both chairs."""
    table = document.add_table(rows=2, cols=2)
    for cell, side in zip(table.rows[0].cells, ("{{ side_a }}", "{{ side_b }}"), strict=True):
        cell_text(cell, "For " + side, bold=True, size=9)
    for cell in table.rows[1].cells:
        cell_text(
            cell,
            "\n\n______________________________   ____________\nname, office                                              date",
            size=9,
        )


def main() -> None:
    document = Document()
    page(document)
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run("{{ title }}")
    run.bold, run.font.size = True, Pt(14)
    under = document.add_paragraph("{{ subtitle }}")
    under.alignment = WD_ALIGN_PARAGRAPH.CENTER
    under.paragraph_format.space_after = Pt(6)
    commitments(document)
    document.add_paragraph().add_run("{{ footnote }}").font.size = Pt(7.5)
    document.add_paragraph()
    summary(document)
    document.add_paragraph()
    signatures(document)
    document.core_properties.author, document.core_properties.title = "Comity", "Matrix of implementation"
    OUT.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(OUT))


if __name__ == "__main__":
    main()
