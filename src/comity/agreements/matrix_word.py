"""The matrix as a Word file, in the form ministries use: filled into `templates/matrix.docx` (made by scripts/prepare)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from comity.agreements.matrix import Matrix, Row, plain
from comity.agreements.matrix_excel import FOOTNOTE, _clean

TEMPLATE = Path(__file__).with_name("templates") / "matrix.docx"
STAMP = (1980, 1, 1, 0, 0, 0)  # of every part of the file, so that the same matrix gives the same bytes


def word(matrix: Matrix, title: str, subtitle: str, sides: tuple[str, str]) -> bytes:
    """The bytes of a .docx file. `sides` : names of the two parties, over the lines for signatures."""
    from docxtpl import DocxTemplate

    template = DocxTemplate(str(TEMPLATE))
    told = {
        "title": title, "subtitle": subtitle, "on": matrix.on, "head": matrix.head, "footnote": FOOTNOTE, "side_a": sides[0], "side_b": sides[1],
        "groups": [{"session": _clean(name), "rows": [_row(row) for row in rows]} for name, rows in matrix.groups],
        "shares": [_share(one) for one in (matrix.total, *matrix.by_session, *matrix.by_side)],
    }  # fmt: skip
    template.render(told, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return _same_bytes(out.getvalue())


def _row(row: Row) -> dict[str, Any]:
    due = (row.due or "not told") + (f" (at first {row.due_before})" if row.due_before else "")
    late = f"{row.state}, {row.days_overdue} days" if row.days_overdue else row.state
    told = {"number": str(row.number), "commitment": row.commitment, "who": row.who, "topic": row.topic, "due": due, "state": late,
            "evidence": row.evidence or "none found", "carry": "yes" if row.carry_over else "no", "remarks": row.remarks}  # fmt: skip
    return {name: _clean(text) for name, text in told.items()}


def _share(share) -> dict[str, str]:
    told = plain(share)
    return {name: _clean("-" if value is None else str(value)) for name, value in told.items()}


def _same_bytes(content: bytes) -> bytes:
    """The package with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            made = zipfile.ZipInfo(entry.filename, STAMP)
            made.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(made, old.read(entry.filename))
    return out.getvalue()
