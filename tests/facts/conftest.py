"""Small fact tables in a folder of their own, for tests that need faulty ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from comity import facts
from comity.facts import reader

SCHEMAS = {
    "sources": "id,code,,yes,yes,name\nurl,text,,no,no,address\n",
    "posts": "id,code,,yes,yes,name\nmodes,list,road|rail,no,no,what crosses\n",
    "waits": (
        "post,code,posts.id,yes,yes,row of posts\n"
        "mode,code,road|rail,yes,yes,mode\n"
        "value,number,h,yes,no,hours\n"
        "low,number,h,no,no,hours\n"
        "high,number,h,no,no,hours\n"
        "year,integer,,no,no,year\n"
        "seen,date,,no,no,day\n"
        "open,flag,,no,no,whether it is open\n"
        "area,wkt,,no,no,outline\n"
        "source,code,sources.id,yes,no,row of sources\n"
        "standing,code,,yes,no,how firm\n"
    ),
}
TABLES = {
    "sources": "id,url\ncomity,\npage,https://example.org/page\n",
    "posts": "id,modes\ntorkham,road\nchaman,road;rail\n",
    "waits": (
        "post,mode,value,low,high,year,seen,open,area,source,standing\n"
        'torkham,road,10,5,20,2023,2023-05-01,yes,"POLYGON((1 2,3 4,5 6,1 2))",page,measured\n'
        "chaman,rail,8,4,16,,,unknown,,comity,assumption\n"
    ),
}


@pytest.fixture(autouse=True)
def _read_afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("COMITY_FACTS", raising=False)
    facts.forget()
    yield
    facts.forget()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of three small sound tables that the reader takes for the shipped ones."""
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, columns in SCHEMAS.items():
        (folder / f"{name}.schema.csv").write_text(f"column,type,unit,required,key,meaning\n{columns}")
        (folder / f"{name}.csv").write_text(TABLES[name])
    monkeypatch.setattr(reader, "shipped_folder", lambda: folder)
    return folder
