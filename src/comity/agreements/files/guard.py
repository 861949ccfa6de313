"""The child process in which Word, PDF and HTML files are read: bounded memory, bounded time, and nothing to lose.

One child reads many files; where one makes it die or hang, it is killed, that file is refused, and a new child goes on.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time

from comity.agreements.files.formats import READERS, Unreadable

SECONDS = 20.0  # for one file; a protocol of a hundred pages takes two
MEMORY = 1536 * 2**20  # bytes of address space: the libraries take some 300 MB of it
HEAD = struct.Struct(">II")


class Child:
    """A running child. `ask` sends a file and waits for its text."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comity.agreements.files.guard"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip

    def ask(self, kind: str, content: bytes) -> dict | None:
        """The child's answer; None where it died, or took too long."""
        assert self.process.stdin and self.process.stdout
        end = time.monotonic() + SECONDS
        watch = threading.Timer(SECONDS, self.process.kill)  # a child that takes nothing in would stop the writing, too
        watch.daemon = True
        watch.start()
        try:
            self.process.stdin.write(HEAD.pack(len(kind), len(content)) + kind.encode() + content)
            self.process.stdin.flush()
            size = self._read(4, end)
            body = self._read(struct.unpack(">I", size)[0], end) if size else None
        except (BrokenPipeError, OSError):
            return None
        finally:
            watch.cancel()
        return json.loads(body) if body else None

    def _read(self, size: int, end: float) -> bytes | None:
        assert self.process.stdout
        parts: list[bytes] = []
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.process.stdout, selectors.EVENT_READ)
            while size:
                if not waiting.select(max(0.0, end - time.monotonic())):
                    return None
                part = os.read(self.process.stdout.fileno(), min(size, 1 << 20))
                if not part:
                    return None
                parts.append(part)
                size -= len(part)
        return b"".join(parts)

    def stop(self) -> None:
        """End the child, whatever it does."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:
                    pass


_child: Child | None = None


def guarded(kind: str, content: bytes, name: str) -> str:
    """The text of a file, read in the child. Raises Unreadable."""
    global _child
    if _child is None or _child.process.poll() is not None:
        stop()
        _child = Child()
    answer = _child.ask(kind, content)
    if answer is None:
        stop()
        raise Unreadable(
            f"could not be read within {SECONDS:.0f} seconds and {MEMORY // 2**20} MB. Save it again, or as txt."
        )
    if "fault" in answer:
        raise Unreadable(answer["fault"])
    return answer["text"]


def stop() -> None:
    """End the child, if there is one."""
    global _child
    if _child is not None:
        _child.stop()
        _child = None


atexit.register(stop)


def serve() -> None:
    """The child's life: read a file, answer with its text, until standard input ends."""
    import resource
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and ends it
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(2000)
    given, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not spoil an answer
    while True:
        head = given.read(HEAD.size)
        if len(head) < HEAD.size:
            return
        kind_size, size = HEAD.unpack(head)
        kind, content = given.read(kind_size).decode(), given.read(size)
        body = json.dumps(_answer(kind, content)).encode()
        told.write(struct.pack(">I", len(body)) + body)
        told.flush()


def _answer(kind: str, content: bytes) -> dict:
    try:
        text = READERS[kind](content)
        return {"text": text}
    except Unreadable as fault:
        return {"fault": str(fault)}
    except MemoryError:
        return {"fault": f"needs more than {MEMORY // 2**20} MB to be read. Save it as txt."}
    except Exception:  # a hostile file finds errors that no library foresaw; the file is refused, and that is all
        return {"fault": "is damaged and cannot be read. Save it again."}


if __name__ == "__main__":
    serve()
