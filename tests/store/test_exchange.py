"""Out and in again without loss; nothing that a spreadsheet would run; damage told by its line."""

from __future__ import annotations

import csv
import json

import pytest

from comity.errors import BadInput
from comity.store import exchange, open_register
from comity.store.verify import verify
from tests.store.conftest import as_bytes


def again(tmp_path, source, name):
    with open_register(str(tmp_path / name), create=True) as other:
        exchange.taken_in(other, source)
        report = verify(other)
        assert report.whole, report.faults
        return other.url


def test_lines_come_back_as_the_same_bytes(filled, tmp_path):
    exchange.export_lines(filled, tmp_path / "a.jsonl")
    url = again(tmp_path, tmp_path / "a.jsonl", "b.sqlite")
    with open_register(url) as other:
        assert as_bytes(other) == (tmp_path / "a.jsonl").read_bytes()
        assert other.head() == filled.head()


def test_a_folder_of_csv_comes_back_as_the_same_bytes(filled, tmp_path):
    exchange.export_folder(filled, tmp_path / "a")
    url = again(tmp_path, tmp_path / "a", "b.sqlite")
    with open_register(url) as other:
        exchange.export_folder(other, tmp_path / "b")
    for path in sorted((tmp_path / "a").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes(), path.name


def test_no_cell_of_a_csv_begins_a_formula(filled, tmp_path):
    exchange.export_folder(filled, tmp_path / "a")
    for path in (tmp_path / "a").glob("*.csv"):
        for row in csv.reader(path.open(encoding="utf-8", newline="")):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), (path.name, cell)
                assert not cell.startswith("-") or cell[1:].replace(".", "").isdigit()


@pytest.mark.parametrize("cell", ["=1", "+1", "-a", "@x", "'a", "''", "", "a", "\tb", "\rc", "\nd"])
def test_a_marked_cell_comes_back(cell):
    assert exchange.unmarked(exchange.harmless(cell)) == cell


def lines_of(filled, tmp_path):
    exchange.export_lines(filled, tmp_path / "a.jsonl")
    return (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("damage", ["cut", "swap", "edit", "drop", "noise", "file", "head"])
def test_a_damaged_export_is_refused_whole(filled, tmp_path, damage):
    lines = lines_of(filled, tmp_path)
    if damage == "cut":
        lines = lines[:-2]
    elif damage == "swap":
        lines[-1], lines[-2] = lines[-2], lines[-1]
    elif damage == "edit":
        row = json.loads(lines[-1])
        row["who"] = "somebody else"
        lines[-1] = json.dumps(row)
    elif damage == "drop":
        del lines[-3]
    elif damage == "noise":
        lines[3] = lines[3][:-5]
    elif damage == "file":
        lines[1] = lines[1].replace('"content":"', '"content":"AAAA')
    else:
        del lines[0]
    (tmp_path / "bad.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with open_register(str(tmp_path / "b.sqlite"), create=True) as other:
        with pytest.raises(BadInput, match="Nothing was taken in"):
            exchange.taken_in(other, tmp_path / "bad.jsonl")
        assert other.head().seq == 0 and other.rows("commitments") == []


def test_a_table_edited_in_the_folder_is_refused(filled, tmp_path):
    exchange.export_folder(filled, tmp_path / "a")
    path = tmp_path / "a" / "commitments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("under way", "done"), encoding="utf-8", newline="")
    with (
        open_register(str(tmp_path / "b.sqlite"), create=True) as other,
        pytest.raises(BadInput, match="commitments.csv"),
    ):
        exchange.taken_in(other, tmp_path / "a")


def test_a_register_that_is_not_empty_takes_nothing_in(filled, tmp_path):
    exchange.export_lines(filled, tmp_path / "a.jsonl")
    with pytest.raises(BadInput, match="empty one only"):
        exchange.taken_in(filled, tmp_path / "a.jsonl")


def test_a_folder_that_holds_other_things_is_not_mixed(filled, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine.txt").write_text("x")
    with pytest.raises(BadInput, match="not empty"):
        exchange.export_folder(filled, tmp_path / "a")


def test_an_export_spoilt_anywhere_is_one_sentence(filled, tmp_path):
    """Bytes flipped, rows cut short, cells added, a packed file spoilt: a sentence each time, and nothing is taken in."""
    import random

    chance = random.Random(7)
    exchange.export_lines(filled, tmp_path / "a.jsonl.gz")
    exchange.export_folder(filled, tmp_path / "a")
    packed = (tmp_path / "a.jsonl.gz").read_bytes()
    with open_register(str(tmp_path / "b.sqlite"), create=True) as other:
        for number in range(60):
            data = bytearray(packed)
            data[chance.randrange(10, len(data))] ^= 1 << chance.randrange(8)
            (tmp_path / "bad.jsonl.gz").write_bytes(data)
            with pytest.raises(BadInput) as fault:
                exchange.taken_in(other, tmp_path / "bad.jsonl.gz")
            assert "\n" not in str(fault.value), number
        for name in ("register.csv", "history.csv", "commitments.csv"):
            path = tmp_path / "a" / name
            whole = path.read_bytes()
            for spoilt in (
                whole[:-9],
                whole.replace(b",", b"", 1),
                whole + b"1,2\r\n",
                whole.replace(b"1", b"x", 3),
                b"",
                b'"' + whole,
            ):
                path.write_bytes(spoilt)
                with pytest.raises(BadInput):
                    exchange.taken_in(other, tmp_path / "a")
            path.write_bytes(whole)
        deep = (tmp_path / "a.jsonl").write_text('{"a":' * 100_000)
        with pytest.raises(BadInput):
            exchange.taken_in(other, tmp_path / "a.jsonl")
        assert deep and other.head().seq == 0
        twice = exchange.lines
        with filled.reading() as read:
            told = list(twice(read))
        (tmp_path / "a.jsonl").write_text("\n".join([told[0], *told]) + "\n")
        with pytest.raises(BadInput, match="second head"):
            exchange.taken_in(other, tmp_path / "a.jsonl")
        exchange.taken_in(other, tmp_path / "a.jsonl.gz")


def test_an_empty_reason_comes_back(register, tmp_path):
    with register.writing("desk", "") as write:
        write.add("bodies", name="Ministry", side="KAZ")
    exchange.export_folder(register, tmp_path / "a")
    again(tmp_path, tmp_path / "a", "b.sqlite")
