"""Measures decoding beside other libraries, the memory that rows keep, and the time to import.

Run with a Python that has the package, msgspec and pydantic: `python benches/python/decode.py`.
The figures are ratios of one interleaved run. `--check` exits with 1 if a target is missed.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns
from typing import Any

import msgspec
import pydantic

import models
from oakford_aisp._core import decode_page

HERE = Path(__file__).parent
ROUNDS = 61
# The most that a figure may be: of the time or the memory of the way that is named.
TARGETS = {"msgspec": 1.1, "pydantic validate_json": 0.30, "json.loads": 0.60}
MEMORY_TARGET = 0.7
IMPORT_TARGET_MS = 10.0

OURS = "oakford_aisp"
MSGSPEC = msgspec.json.Decoder(models.Page)
WAYS: dict[str, Callable[[bytes], Any]] = {
    OURS: decode_page,
    "msgspec": MSGSPEC.decode,
    "pydantic validate_json": models.PydanticPage.model_validate_json,
    "json.loads": json.loads,
}


def body(language: str) -> bytes:
    """Returns the body of 1,000 rows, made by the data of the JavaScript benches."""
    command = ["node", str(HERE / "bodies.mjs"), "1000", language]
    return subprocess.run(command, check=True, capture_output=True).stdout


def times(data: bytes) -> dict[str, float]:
    """Returns each way's median in milliseconds, the ways taking turns."""
    taken: dict[str, list[int]] = {name: [] for name in WAYS}
    for decode in WAYS.values():
        decode(data)
    for _ in range(ROUNDS):
        for name, decode in WAYS.items():
            gc.collect()
            begin = perf_counter_ns()
            rows = decode(data)
            taken[name].append(perf_counter_ns() - begin)
            del rows
    return {name: statistics.median(all_) / 1e6 for name, all_ in taken.items()}


def memory(data: bytes) -> dict[str, float]:
    """Returns the megabytes that each way's rows keep."""
    kept = {}
    for name, decode in WAYS.items():
        decode(data)
        gc.collect()
        tracemalloc.start()
        rows = decode(data)
        gc.collect()
        kept[name] = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        del rows
    return kept


def import_ms() -> float:
    """Returns the milliseconds that importing the package adds to a fresh interpreter."""
    code = "from time import perf_counter_ns as n; t = n(); import {}; print(n() - t)"

    def fresh(module: str) -> int:
        command = [sys.executable, "-c", code.format(module)]
        return int(subprocess.run(command, check=True, capture_output=True).stdout)

    fresh(OURS)
    # The least: what other processes take is no part of it.
    return min(fresh(OURS) for _ in range(21)) / 1e6


def main() -> int:
    """Prints the figures; returns 1 if a target is missed and that is asked for."""
    missed: list[str] = []

    def ratio(what: str, value: float, target: float | None) -> str:
        if target is not None and value > target:
            missed.append(f"{what}: {value:.2f}, target {target}")
        return f"{value:.2f}" + (f" (target {target})" if target is not None else "")

    print(f"Python {sys.version.split()[0]}, msgspec {msgspec.__version__}, ", end="")
    print(f"pydantic {pydantic.VERSION}; medians of {ROUNDS} rounds\n")
    for language in ("ascii", "european", "greek", "shuffled"):
        data = body(language)
        # The targets are for the body that the issue of speed is about; the others are shown.
        targets = TARGETS if language == "ascii" else {}
        print(f"1,000 rows, {language}, {len(data) / 1e3:.0f} KB")
        measured = times(data)
        for name, value in measured.items():
            share = ratio(f"time / {name}", measured[OURS] / value, targets.get(name))
            print(f"  {name:<24} {value:7.2f} ms   ours / this: {share}")
    data = body("ascii")
    kept = memory(data)
    print("\nMemory kept by 1,000 rows")
    for name, value in kept.items():
        target = MEMORY_TARGET if name == "json.loads" else None
        share = ratio(f"memory / {name}", kept[OURS] / value, target)
        print(f"  {name:<24} {value:7.2f} MB   ours / this: {share}")
    took = import_ms()
    print(f"\nimport {OURS}: {ratio('import in ms', took, IMPORT_TARGET_MS)} ms")
    for line in missed:
        print(f"MISSED {line}")
    return int("--check" in sys.argv and bool(missed))


if __name__ == "__main__":
    sys.exit(main())
