"""From a file, a folder or standard input to texts, safely: nothing of a document is ever run, fetched or followed."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from comity.agreements.commitment import Text
from comity.agreements.files import formats
from comity.agreements.files.guard import guarded
from comity.errors import BadInput

__all__ = ["Refused", "text_of", "texts"]

MOST_BYTES = 50 * 2**20  # of one file: a thousand times the longest protocol; more would only fill memory
MOST_LETTERS = 20_000_000  # of one text


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that was not read, and why in a sentence. The others of its folder are read all the same."""

    file: str
    why: str


def texts(path: str | Path, stdin: BinaryIO | None = None) -> Iterator[Text | Refused]:
    """Texts of a file, of all files of a folder and its folders (sorted; hidden ones left out), or of "-", standard input.

    Raises BadInput when a file asked for by name cannot be read; in a folder such files come as Refused.
    """
    if str(path) == "-":
        yield text_of((stdin or sys.stdin.buffer).read(MOST_BYTES + 1), "-")
        return
    root = Path(path)
    if root.is_dir():
        yield from _of_folder(root)
        return
    yield text_of(_bytes(root), str(path))


def text_of(content: bytes, name: str) -> Text:
    """The text of a file's bytes. Raises BadInput with one sentence for what cannot be read.

    Lines end with \\n; control signs other than tab and line ends become blanks. Word, PDF and HTML are read in a child
    process whose memory and time are bounded.
    """
    if len(content) > MOST_BYTES:
        raise BadInput(
            f"{name} is longer than {MOST_BYTES // 2**20} MB; texts of commitments are not. Give a part of it."
        )
    kind = formats.kind_of(content, name)
    if kind not in formats.READERS:
        raise BadInput(f"{name} {kind}")
    try:
        text = formats.plain(content) if kind == formats.TEXT else guarded(kind, content, name)
    except formats.Unreadable as fault:
        raise BadInput(f"{name} {fault}") from fault
    text = formats.cleaned(text)
    if len(text) > MOST_LETTERS:
        raise BadInput(f"{name} holds {len(text):,} letters, more than {MOST_LETTERS:,}. Give a part of it.")
    if not text.strip():
        raise BadInput(f"{name} holds no text.")
    return Text(file=name, text=text, media_type=kind, original=content)


def _of_folder(root: Path) -> Iterator[Text | Refused]:
    found = 0
    for folder, folders, names in os.walk(root):  # links to folders are not followed, so there are no loops
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or name.lower() in ("index.csv", "thumbs.db", "desktop.ini"):
                continue
            found += 1
            path = Path(folder) / name
            try:
                yield text_of(_bytes(path), str(path.relative_to(root)))
            except BadInput as fault:
                yield Refused(file=str(path.relative_to(root)), why=str(fault))
    if not found:
        raise BadInput(f"{root} holds no files. Put texts into it: {formats.CAN_READ}.")


def _bytes(path: Path) -> bytes:
    """Bytes of a plain file, one more than are read at most. A pipe or device would never end."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadInput(f"{path} is no plain file. Give a text: {formats.CAN_READ}.")
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError as fault:
        raise BadInput(f"There is no file {path}.") from fault
    except OSError as fault:
        raise BadInput(f"{path} cannot be read ({fault.strerror}).") from fault
    except ValueError as fault:  # a NUL in the name
        raise BadInput(f"{str(path)!a} is no name of a file.") from fault
