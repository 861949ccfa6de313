"""The rules of the house: imports run downhill, everything public is explained, nothing names one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "comity"
STOREYS = [
    "errors",
    "units",
    "settings",
    "facts",
    "places",
    "network",
    "routing",
    "scenarios",
    "agreements",
    "air",
    "store",
    "brief",
    "cli",
]
MODULES = sorted(SOURCE.rglob("*.py"))


def storey(path: Path) -> int:
    first = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    return STOREYS.index(first) if first in STOREYS else -1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_downhill(path):
    here = storey(path)
    if here < 0:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = (
            [node.module]
            if isinstance(node, ast.ImportFrom) and node.module
            else [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        for name in names:
            parts = name.split(".")
            if parts[0] == "comity" and len(parts) > 1 and parts[1] in STOREYS:
                uphill = STOREYS.index(parts[1]) > here
                allowed = (path.name, parts[1]) == ("export.py", "brief")  # HTML export prints the brief's own page
                assert not uphill or allowed, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_modules_are_explained(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    return [ROOT / name for name in listed.stdout.splitlines()] if listed.returncode == 0 else []


def test_no_path_of_one_machine():
    pattern = re.compile(r"(?<![\w.])/(home|Users|root|tmp|work)/\w")
    for path in tracked():
        if (
            path.suffix in (".py", ".md", ".toml", ".csv", ".txt", ".typ", ".css", "")
            and path.name != "test_house.py"
            and path.is_file()
        ):
            found = [
                line
                for line in path.read_text(encoding="utf-8", errors="ignore").splitlines()
                if pattern.search(line) and "http" not in line
            ]
            assert not found, (path, found[:3])


def test_readme_tells_the_two_commands_first():
    first = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    assert any("scripts/brief KAZ PAK" in line for line in first)
    assert any("scripts/test" in line for line in first)


def test_ci_runs_the_very_test_script():
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec scripts/test </dev/null")


def test_exit_codes_in_the_docs_are_those_of_the_errors():
    from comity import errors

    told = dict(
        re.findall(r"^\| (\d+) \| `?(\w+)", (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8"), re.M)
    )
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ComityError)]
    for kind in kinds:
        assert str(kind.exit_code) in told, kind


def test_data_of_others_is_credited():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for word in (
        "OpenStreetMap",
        "ODbL",
        "GeoNames",
        "CC BY 4.0",
        "Natural Earth",
        "searoute",
        "Apache",
        "airportsdata",
    ):
        assert word in notice


def test_shipped_data_is_small():
    assert sum(path.stat().st_size for path in SOURCE.rglob("*.parquet")) < 20 * 2**20


@pytest.mark.parametrize("folder", ["agreements", "air", "store"])
def test_the_register_stands_apart_from_the_network(folder):
    apart = {"network", "routing", "scenarios"}
    for path in (SOURCE / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not apart & set(node.module.split(".")[1:2]), f"{path.name} imports {node.module}"
