"""The brief: everything above for one meeting, on paper, each figure with its source."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from comity.errors import BadInput

__all__ = ["write"]


def write(
    a: str,
    b: str,
    *,
    output: str | Path = "briefs",
    network=None,
    scenarios: int | None = None,
    progress=None,
    register: str | Path | bool | None = None,
    flights: bool = True,
    **conditions,
) -> tuple[Path, Path]:
    """Write `A-B.html` and `A-B.pdf` into a folder and return their paths.

    scenarios : simulated years behind the section "If a border shuts"; 0 leaves it out, None takes `played.SCENARIOS`
    register : file or URL of a register for "What we promised each other"; None takes one's own, else the one that ships
    for the pair; False leaves the section out
    flights : False leaves out "Direct flights"
    progress(stage, done, total) is told how far the first build of the planned lines' network has come
    a, b : countries or places · conditions : those of `comity.routing.plan` (on, cargo, tonnes, modes, close ...).
    Raises BadInput when the folder cannot be written or `scenarios` is no such number, RegisterUnusable for a
    register that cannot be read, and whatever `plan` raises.
    """
    from comity.brief import render_html, render_pdf
    from comity.brief.compose import compose
    from comity.brief.flown import flights_of
    from comity.brief.played import SCENARIOS, checked, played
    from comity.brief.register import promises_of
    from comity.routing import plan
    from comity.routing.export import save

    many = checked(SCENARIOS if scenarios is None else scenarios)
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise BadInput(f"--output {folder}: cannot be written ({fault.strerror}). Choose a folder of yours.") from fault
    brief = compose(
        a,
        b,
        lambda start, stop, **told: plan(start, stop, network=network, **told).to_json(),
        played=partial(played, scenarios=many, network=network, progress=progress) if many else None,
        promises=None if register is False else partial(promises_of, register=register),
        flights=flights_of if flights else None,
        **conditions,
    )
    stem = folder / f"{file_name(a)}-{file_name(b)}"
    paths = stem.with_name(stem.name + ".html"), stem.with_name(stem.name + ".pdf")
    for path, content in zip(paths, (render_html.page(brief).encode("utf-8"), render_pdf.document(brief)), strict=True):
        try:
            save(path, content)
        except OSError as fault:
            raise BadInput(
                f"{path} cannot be written ({fault.strerror}). Free some space or choose another folder with --output."
            ) from fault
    return paths


def file_name(text: str) -> str:
    """A place's name as part of a file's name."""
    return "".join(c if c.isalnum() else "_" for c in str(text)).strip("_") or "place"
