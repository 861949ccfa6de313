"""The one place where an error becomes a sentence and an exit code."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from comity import errors
from comity.cli import main as shell

FAULTS = [
    (errors.ComityError("odd."), 1, "odd."),
    (errors.BadInput("bad."), 2, "bad."),
    (errors.PlaceUnknown("who?"), 3, "who?"),
    (errors.PlaceAmbiguous("which?"), 3, "which?"),
    (errors.TableFaults("t.csv", ["line 2: x", "line 3: y"]), 4, "t.csv has 2 faults:\n  line 2: x\n  line 3: y"),
    (errors.NoRoute("none."), 5, "none."),
    (errors.FactMissing("no row."), 6, "no row."),
    (errors.NetworkUnusable("broken."), 7, "broken."),
    (errors.MissingExtra("pip install x."), 8, "pip install x."),
    (errors.RegisterUnusable("no register."), 9, "no register."),
    (ModuleNotFoundError("No module named 'shapely'", name="shapely"), 8, "shapely is missing"),
    (OSError(errno.ENOSPC, "No space left on device", "/data/.ways.csv-x1"), 7, "in the folder /data. Free some space"),
    (OSError(errno.EROFS, "Read-only file system", "/data/ways.csv"), 7, "at /data/ways.csv. Choose a folder"),
    (PermissionError(errno.EACCES, "Permission denied", "/data/ways.csv"), 7, "at /data/ways.csv. Choose a folder"),
    (OSError(errno.EIO, "Input/output error"), 7, "on standard output"),
    (MemoryError(), 1, "not enough memory"),
    (KeyboardInterrupt(), 130, "stopped."),
    (RuntimeError("whoops"), 70, "RuntimeError: whoops). Run again with --debug"),
]


def run(monkeypatch, fault: BaseException, *words: str) -> int:
    def places(*_, **__):
        raise fault

    monkeypatch.setattr("comity.places.search", places)
    with pytest.raises(SystemExit) as left:
        shell.main(["places", "Taftan", *words])
    return left.value.code


@pytest.mark.parametrize(("fault", "code", "says"), FAULTS, ids=lambda value: type(value).__name__)
def test_every_fault_is_one_message_with_its_code(monkeypatch, capsys, fault, code, says):
    assert run(monkeypatch, fault) == code
    said = capsys.readouterr()
    assert said.err.lstrip("\n").startswith("comity: ")  # click ends the line that ^C stands on
    assert says in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


@pytest.mark.parametrize(("fault", "code", "says"), FAULTS[:3], ids=lambda value: type(value).__name__)
def test_debug_adds_the_traceback_and_keeps_the_code(monkeypatch, capsys, fault, code, says):
    assert run(monkeypatch, fault, "--debug") == code
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert f"comity: {says}" in said


def test_every_error_of_ours_is_tried_here():
    ours = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ComityError)}
    assert ours == {type(fault) for fault, _, _ in FAULTS if isinstance(fault, errors.ComityError)}


def started(*words: str, **more) -> subprocess.Popen:
    command = [sys.executable, "-m", "comity.cli.main", *words]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c, **more
    )


def hears_ctrl_c() -> None:
    """Tests that run behind a shell's back are deaf to Ctrl-C, and so would be what they start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("words", [("facts", "crossings"), ("places", "Taftan"), ("--help",)])
def test_a_reader_that_leaves_early_is_no_fault(words):
    running = started(*words, stdout=subprocess.PIPE)
    running.stdout.close()
    assert running.stderr.read() == ""
    assert running.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("words", [("facts", "crossings"), ("places", "Taftan", "--json"), ("--help",)])
def test_a_full_standard_output_is_told_once(words):
    with open("/dev/full", "w") as full:
        running = started(*words, stdout=full)
        said = running.stderr.read()
    assert running.wait() == 7
    assert said.count("\n") == 1
    assert "No space left" in said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_build_leaves_nothing_behind(tmp_path, how):
    running = started("network", "build", stdout=subprocess.DEVNULL, env=os.environ | {"COMITY_CACHE": str(tmp_path)})
    for line in running.stderr:
        if "railways" in line:  # the second stage: under way, and far from done
            break
    running.send_signal(how)
    said = running.stderr.read()
    assert running.wait() == (130 if how == signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("places-")] == []


def test_a_cache_that_is_no_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    running = started("doctor", stdout=subprocess.PIPE, env=os.environ | {"COMITY_CACHE": str(tmp_path / "file")})
    said, wrong = running.communicate()
    assert running.returncode == 1
    assert "is a file; set COMITY_CACHE" in said
    assert wrong == ""
