"""`comity places`: what a name can mean."""

from __future__ import annotations

import click

from comity.cli import show


@click.command()
@click.argument("text")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200), help="Most places to list.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
def places(text: str, limit: int, wants_json: bool) -> None:
    """Find places by name, alias, UN/LOCODE, IATA code or lat,lon; the nearest spellings where none fits."""
    from dataclasses import asdict

    from comity import places as gazetteer

    found = gazetteer.search(text, limit=limit)
    if wants_json:
        show.as_json(
            {
                "schema": "comity.places/1",
                "query": text,
                "places": [asdict(p) | {"score": round(s, 3)} for p, s in found],
            }
        )
        return
    if not found:
        from comity.errors import PlaceUnknown

        raise PlaceUnknown(f"No place is called anything like {text!r}.")
    rows = [
        [
            p.name,
            p.country,
            p.kind.replace("_", " "),
            f"{p.lat:.3f}, {p.lon:.3f}",
            f"{p.population:,}" if p.population else "",
            p.id,
        ]
        for p, _ in found
    ]
    show.listing(["name", "country", "kind", "lat, lon", "people", "id"], rows)
