"""The sandbox of the tests: the one of this repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from oakford_aisp.testing import Sandbox

pytest_plugins = ["oakford_aisp.testing"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def aisp_sandbox_command() -> list[str]:
    return ["node", str(ROOT / "sandbox" / "bin" / "aisp-sandbox.js")]


@pytest.fixture
def sandbox(aisp_sandbox: Sandbox) -> Sandbox:
    return aisp_sandbox
