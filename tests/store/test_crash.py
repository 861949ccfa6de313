"""Nothing that was acknowledged is lost: processes and servers killed while they write, several writers, no room, no right."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from comity.errors import RegisterUnusable
from comity.store import open_register
from comity.store.verify import verify
from tests.store.conftest import PROMISE

ROOT = Path(__file__).resolve().parents[2]
MANY = 100_000


def writer(address: str, name: str = "writer", most: int = MANY, **more) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.store.writer", address, name, str(most)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def killed_after(process: subprocess.Popen, lines: int, kill) -> list[str]:
    """Read so many acknowledgements, kill at a random moment of the next write, and return all that were printed."""
    told = [process.stdout.readline().strip() for _ in range(lines)]
    deadline = time.perf_counter() + random.random() * 0.006  # a write takes some milliseconds: any moment of one
    while time.perf_counter() < deadline:
        pass
    kill()
    return [one for one in [*told, *process.stdout.read().split()] if one]


def holds(address: str, told: list[str]) -> None:
    """All that was acknowledged is there, whole, with its history."""
    with open_register(address) as register:
        report = verify(register)
        assert report.whole, report.faults
        confirmed = {row["id"] for row in register.rows("commitments", decision="confirmed")}
        noted = {row["about"] for row in register.rows("notes")}
        assert set(told) <= confirmed == noted  # and no half of a transaction


def test_thirty_writers_killed_on_sqlite_lose_nothing(tmp_path):
    random.seed(30)
    address = str(tmp_path / "register.sqlite")
    open_register(address, create=True).close()
    told: list[str] = []
    for number in range(30):
        process = writer(address, f"w{number}")
        told += killed_after(process, random.randint(1, 6), process.kill)
        assert process.wait() == -signal.SIGKILL
        if number % 5 == 4:
            holds(address, told)
    assert len(told) == len(set(told)) >= 30
    holds(address, told)


def test_ten_crashes_on_postgresql_lose_nothing(server):
    random.seed(10)
    address = server.url()
    open_register(address, create=True).close()
    told: list[str] = []
    for number in range(10):
        process = writer(address, f"w{number}")
        if number % 3 == 2:  # the server falls, and the client with it
            told += killed_after(process, random.randint(1, 6), server.crash)
            process.wait()
            server.up()
        else:
            told += killed_after(process, random.randint(1, 6), process.kill)
            process.wait()
    assert len(told) == len(set(told)) >= 10
    holds(address, told)


def test_four_processes_writing_at_once_each_keep_all_they_were_told(address):
    open_register(address, create=True).close()
    writers = [writer(address, f"w{number}", 15) for number in range(4)]
    told = [line for process in writers for line in process.communicate(timeout=120)[0].split()]
    assert all(process.returncode == 0 for process in writers)
    assert len(told) == len(set(told)) == 60
    holds(address, told)


def test_a_reader_never_sees_half_a_transaction(address):
    open_register(address, create=True).close()
    process = writer(address, "w", 60)
    with open_register(address) as register:
        while process.poll() is None:
            with register.reading() as read:
                made = read.rows("commitments")
                assert all(row["decision"] == "confirmed" for row in made)
                assert len(read.rows("notes")) == len(made)
                assert read.head().seq == 3 * len(made)
    assert process.wait() == 0


def limited(size: int):
    """No file of the child may grow beyond so many bytes: a full disk that needs no disk."""

    def set_limit() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return set_limit


def test_a_full_disk_is_one_clear_sentence_and_loses_nothing(tmp_path):
    address = str(tmp_path / "register.sqlite")
    open_register(address, create=True).close()
    process = writer(address, preexec_fn=limited(os.path.getsize(address) + 120_000))
    out, err = process.communicate(timeout=120)
    assert process.returncode and "RegisterUnusable" in err
    assert "full" in err or "cannot be" in err
    told = out.split()
    assert told
    holds(address, told)
    with open_register(address) as register, register.writing("desk") as write:  # once there is room it goes on
        write.add("bodies", name="After", side="KAZ")


@pytest.mark.skipif(
    os.getuid() != 0, reason="mounting a small disk needs root; the limit on file sizes is tried by all"
)
def test_a_small_disk_that_fills_up_loses_nothing(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        return  # no right to mount here: the test above is the same proof by other means
    try:
        address = str(disk / "register.sqlite")
        open_register(address, create=True).close()
        process = writer(address)
        out, err = process.communicate(timeout=120)
        assert process.returncode and "full" in err
        assert out.split()
        holds(address, out.split())
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def told_as_nobody(address: str) -> tuple[str, str]:
    """(what reading, what writing came to) in a child process without any rights; everything it needs is loaded already."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            told = []
            for doing in (lambda register: register.rows("bodies"), adds):
                try:
                    with open_register(address) as register:
                        told.append(f"{len(doing(register) or ())} read")
                except BaseException as fault:
                    told.append(f"{type(fault).__name__}: {fault}")
            os.write(write, "|".join(told).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    reading, _, writing = text.partition("|")
    return reading, writing


def adds(register) -> None:
    with register.writing("me") as write:
        write.add("bodies", name="x", side="KAZ")


def test_a_folder_that_may_not_be_written_is_one_clear_sentence(tmp_path):
    address = str(tmp_path / "register.sqlite")
    with open_register(address, create=True) as register:
        adds(register)
    os.chmod(address, 0o444)
    os.chmod(tmp_path, 0o555)
    above = [folder for folder in tmp_path.parents if folder.stat().st_uid == os.getuid() and str(folder) != "/"][:3]
    modes = [folder.stat().st_mode for folder in above]
    try:
        for folder in above:
            os.chmod(folder, 0o755)
        reading, writing = told_as_nobody(address)
    finally:
        for folder, mode in zip(above, modes, strict=True):
            os.chmod(folder, mode)
        os.chmod(tmp_path, 0o755)
    assert reading == "1 read"
    assert writing.startswith("RegisterUnusable") and "cannot be written" in writing


def sentence(path) -> str:
    with pytest.raises(RegisterUnusable) as fault, open_register(str(path)) as register:
        verify(register)
    text = str(fault.value)
    assert "\n" not in text and text.endswith((".", ")"))
    return text


def test_what_is_no_register_is_told(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "text").write_text("hello, this is no database at all " * 200)
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE mine (a)").connection.close()
    for name in ("empty", "other"):
        assert "init" in sentence(tmp_path / name)
    assert "restore" in sentence(tmp_path / "text")
    assert "init" in sentence(tmp_path / "none" / "register.sqlite")
    assert sentence(tmp_path)


@pytest.mark.parametrize("damage", ["header", "middle", "cut"])
def test_a_damaged_file_is_told_with_the_way_back(tmp_path, damage):
    path = tmp_path / "register.sqlite"
    with open_register(str(path), create=True) as register, register.writing("desk") as write:
        for number in range(200):
            write.add("commitments", **PROMISE | {"fingerprint": str(number)})
    content = bytearray(path.read_bytes())
    if damage == "header":
        content[:64] = b"\xff" * 64
    elif damage == "middle":
        content[8192 : len(content) - 4096] = b"\xaa" * (len(content) - 12288)
    else:
        content = content[: len(content) // 3]
    path.write_bytes(content)
    assert "restore" in sentence(path)


def test_no_password_is_told():
    from comity.store.register import hidden, unusable

    url = "postgresql://desk:secret@127.0.0.1:1/register"
    assert "secret" not in hidden(url) and "desk" in hidden(url)
    assert "secret" not in str(unusable(sqlite3.OperationalError("no connection"), url))
    with pytest.raises(RegisterUnusable) as fault:
        open_register(url)
    assert "secret" not in str(fault.value)


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("postgresql://desk:se@cret@127.0.0.1:1/r", "cret"),
        ("postgresql://desk:p:w@host/r", "p:w"),
        ("postgresql://desk:pw@host:port/r", "pw@"),
    ],
)
def test_a_password_of_any_signs_is_hidden_and_a_wrong_address_told(url, secret):
    from comity.errors import BadInput
    from comity.store.register import hidden

    assert secret not in hidden(url)
    with pytest.raises((RegisterUnusable, BadInput)) as fault:
        open_register(url)
    assert secret not in str(fault.value)


def test_a_byte_flipped_anywhere_is_found_or_told_and_never_a_traceback(tmp_path):
    """Three hundred bytes of a register's file, one at a time: verify finds it, the file is refused, or nothing changed."""
    path = tmp_path / "register.sqlite"
    with open_register(str(path), create=True) as register, register.writing("desk") as write:
        for number in range(30):
            write.add("commitments", **PROMISE | {"fingerprint": str(number), "action": f"promise {number} é"})
    whole = path.read_bytes()
    with open_register(str(path)) as register:
        rows = register.rows("commitments")
    chance = random.Random(3)
    for _ in range(300):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            with open_register(str(path)) as register:
                if verify(register).whole:
                    assert register.rows("commitments") == rows
        except RegisterUnusable as fault:
            assert "\n" not in str(fault)


def test_who_is_text():
    from comity.errors import BadInput
    from comity.store.register import Register, engine_of

    register = Register(engine_of("/nowhere"), "/nowhere")
    for who in ("a\ud800b", "a\0b"):
        with pytest.raises(BadInput, match="no"), register.writing(who):
            pass
