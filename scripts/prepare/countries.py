"""Maintainer's script: the names of countries in English, Russian, the UN's other languages and their own.

    python scripts/prepare/countries.py

Reads countries.csv and writes it again: codes, names, notes and the aliases that stand there stay; the
names that Unicode CLDR gives (through Babel, a package that only this script needs) are added to the
aliases. A name that two countries would share is left out, since an alias must mean one country.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

ROOT = Path(__file__).resolve().parents[2] / "src"
sys.path.insert(0, str(ROOT))
from comity.places.words import plain  # noqa: E402

TABLE = ROOT / "comity" / "facts" / "tables" / "countries.csv"
EVERYWHERE = ("en", "ru", "fr", "es", "ar", "zh", "kk", "ur")  # the UN's and the first case's


def names_of(alpha2: str) -> list[str]:
    """Names of a territory in the languages above and in its own official ones."""
    own = get_official_languages(alpha2, de_facto=True)
    return [name for tongue in (*EVERYWHERE, *own) if (name := _name(tongue, alpha2))]


def _name(tongue: str, alpha2: str) -> str | None:
    try:
        return Locale.parse(tongue).territories.get(alpha2)
    except (ValueError, UnknownLocaleError):  # a language that CLDR has no names in
        return None


def main() -> None:
    with open(TABLE, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = {row["alpha3"]: [name for name in row["aliases"].split(";") if name] for row in rows}
    taken = Counter(plain(name) for row in rows for name in {row["name"], *kept[row["alpha3"]]})
    offered = {row["alpha3"]: {plain(name): name for name in names_of(row["alpha2"])} for row in rows}
    times = Counter(word for names in offered.values() for word in names)
    for row in rows:
        names = offered[row["alpha3"]].items()
        new = [name for word, name in names if word and times[word] == 1 and word not in taken]
        row["aliases"] = ";".join([*kept[row["alpha3"]], *sorted(new)])
    with open(TABLE, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(len(rows), "countries,", sum(len(row["aliases"].split(";")) for row in rows), "aliases")


if __name__ == "__main__":
    main()
