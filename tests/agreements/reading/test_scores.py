"""Made texts with answers are read as well as they were when the figures in docs were taken: a change may not lose it unseen."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from comity.agreements.reading import read
from comity.agreements.score import cue_list, score

TEXTS = Path(__file__).parent / "texts"
BOUNDS = {"precision": 0.97, "recall": 0.95, "firm_recall": 0.97, "strength": 0.92, "topic": 0.79, "due": 0.92}


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (TEXTS / name).read_text(encoding="utf-8").splitlines()]


def test_made_texts_are_read_as_well_as_told():
    answers, others = rows("commitments.jsonl"), rows("not_commitments.jsonl")
    with (TEXTS / "index.csv").open(encoding="utf-8", newline="") as file:
        index = list(csv.DictReader(file))
    found = {
        row["id"]: read(
            (TEXTS / "texts" / f"{row['id']}.txt").read_text(encoding="utf-8"),
            date=row["date"],
            parties=(row["country_a"], row["country_b"]),
        )
        for row in index
    }
    told = score(answers, others, found)
    reached = {name: getattr(told, name) for name in BOUNDS}
    assert all(reached[name] >= least for name, least in BOUNDS.items()), (reached, told.missed, told.wrong)
    assert told.due_invented <= 0.07
    precision, recall = cue_list(answers, others)
    assert told.precision > precision and told.recall > recall + 0.2
