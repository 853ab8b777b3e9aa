"""The types, as mypy and pyright see them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "typed"
ROOT = Path(__file__).parents[1]


def mypy(path: Path) -> set[int]:
    """Returns the lines in which mypy finds errors."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-pretty", str(path)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode in (0, 1), made.stderr
    lines = [line for line in made.stdout.splitlines() if ": error:" in line]
    assert all(path.name in line for line in lines), made.stdout
    return {int(re.split(r":(\d+)", line, maxsplit=1)[1]) for line in lines}


def pyright(path: Path) -> set[int]:
    """Returns the lines in which pyright finds errors."""
    command = [sys.executable, "-m", "pyright", "--outputjson"]
    command += ["--pythonpath", sys.executable, str(path)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode in (0, 1), made.stderr
    found: list[dict[str, Any]] = json.loads(made.stdout)["generalDiagnostics"]
    errors = [it for it in found if it["severity"] == "error"]
    assert all(Path(it["file"]).name == path.name for it in errors), made.stdout
    return {it["range"]["start"]["line"] + 1 for it in errors}


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_types_what_is_right_is_accepted(checker: Any) -> None:
    assert checker(FOLDER / "accepted.py") == set()


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_types_what_is_wrong_is_refused(checker: Any) -> None:
    path = FOLDER / "refused.py"
    lines = path.read_text("utf-8").splitlines()
    expected = {number for number, line in enumerate(lines, 1) if line.endswith("# refused")}
    assert checker(path) == expected
