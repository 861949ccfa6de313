"""What the commands of the register share: its options, opening it, days and pairs."""

from __future__ import annotations

import getpass
import os
from datetime import date

import click

from comity.errors import BadInput

REGISTER = click.option(
    "--register", "url", metavar="FILE|URL", help="The register; default COMITY_REGISTER or the user's own."
)
WHO = click.option("--who", metavar="NAME", help="Who signs the change; default COMITY_WHO or the account's name.")
WHY = click.option("--why", metavar="TEXT", help="The reason, kept with the change.")
ON = click.option("--on", metavar="DATE", help="Day that counts as today, 2026-11-25.")
JSON = click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")


def opened(url: str | None, *, create: bool = False):
    """The register, open."""
    from comity.store import open_register

    return open_register(url, create=create)


def signed(who: str | None) -> str:
    """Who signs: --who, COMITY_WHO, or the name of the account."""
    if who or os.environ.get("COMITY_WHO"):
        return who or os.environ["COMITY_WHO"]
    try:
        return getpass.getuser()
    except (OSError, KeyError) as fault:
        raise BadInput("Every change of the register is signed. Tell who with --who or COMITY_WHO.") from fault


def day(text: str | None) -> str:
    """An ISO day; today for None."""
    if text is None or text == "today":
        return date.today().isoformat()
    return checked_day(text)


def checked_day(text: str) -> str:
    """An ISO day. Raises BadInput."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise BadInput(f"{text!r} is no day. Write it like 2026-11-25.")


def pair(text: str) -> str:
    """KAZ-PAK of any spelling of two countries: KAZ-PAK, kaz,pak, Kazakhstan-Pakistan."""
    from comity import places
    from comity.agreements.work import pair_of

    parts = [part for part in text.replace(",", "-").split("-") if part.strip()]
    return pair_of([places.country(part).alpha3 for part in parts])


def ids(text: str) -> list[str]:
    """c3,c7 as a list."""
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]


def parts(text: str | None) -> list[str]:
    """A list parted by semicolons, or commas where there are none."""
    if not text:
        return []
    return [part.strip() for part in text.split(";" if ";" in text else ",") if part.strip()]
