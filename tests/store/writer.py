"""A process that writes into a register and prints each id once it is told that it is kept. Run by the crash tests."""

from __future__ import annotations

import sys

from comity.store import open_register
from tests.store.conftest import PROMISE


def main(address: str, name: str, most: int) -> None:
    with open_register(address) as register:
        for number in range(most):
            with register.writing(name) as write:
                made = write.add(
                    "commitments",
                    **PROMISE | {"fingerprint": f"{name} {number}", "action": f"{name} {number} " + "x" * 300},
                )
                write.change(made, decision="confirmed")
                write.add("notes", about=made, date="2026-01-01", text="written in the same transaction")
            print(made, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
