"""Where the register is kept: one face for SQLite and PostgreSQL, a history that is only ever added to."""

from __future__ import annotations

__all__ = ["open_register"]


def open_register(url: str | None = None, *, create: bool = False):
    """The register at a file or database URL; None takes `settings.register_url()`.

    create : make it where there is none. Returns `comity.store.register.Register`, a context manager.
    Raises RegisterUnusable when there is none, it is damaged, or of another schema; MissingExtra for PostgreSQL
    without its driver.
    """
    from comity.store.register import Register  # SQLAlchemy takes 0.2 s to import, and --help needs none of it

    return Register.open(url, create=create)
