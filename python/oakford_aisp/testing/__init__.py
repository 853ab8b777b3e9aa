"""What the tests of an application use: a sandbox of the API, and customers who consent or deny
without a browser.

In `conftest.py`: `pytest_plugins = ["oakford_aisp.testing"]`. A test then takes the fixture
`aisp_sandbox`, and connects a customer:

    with Client(**aisp_sandbox.options()) as client:
        begun = client.begin_authorization()
        session = client.complete_authorization(approve(begun.url, user="anna"), begun.pending)

The sandbox is the npm package `@oakford/aisp-sandbox`, which needs Node.js 20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ._customer import approve, deny
from ._sandbox import Sandbox, start_sandbox
from ._suites import RateLimitStoreSuite, TokenStoreSuite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "RateLimitStoreSuite",
    "Sandbox",
    "TokenStoreSuite",
    "aisp_sandbox",
    "aisp_sandbox_command",
    "aisp_sandbox_process",
    "approve",
    "deny",
    "start_sandbox",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that names a sandbox that runs already."""
    parser.addoption(
        "--aisp-sandbox", metavar="ORIGIN", help="the origin of a sandbox that runs already"
    )


@pytest.fixture(scope="session")
def aisp_sandbox_command() -> Sequence[str] | None:
    """How a sandbox is started; None is the default of `start_sandbox`. A `conftest.py` may
    override it.
    """
    return None


@pytest.fixture(scope="session")
def aisp_sandbox_process(
    pytestconfig: pytest.Config, aisp_sandbox_command: Sequence[str] | None
) -> Iterator[Sandbox]:
    """The sandbox of the whole run."""
    origin = pytestconfig.getoption("--aisp-sandbox", None)
    if origin:
        yield Sandbox(origin)
        return
    with start_sandbox(command=aisp_sandbox_command) as sandbox:
        yield sandbox


@pytest.fixture
def aisp_sandbox(aisp_sandbox_process: Sandbox) -> Sandbox:
    """A sandbox as it was started: without the faults, consents and clock of the test before."""
    aisp_sandbox_process.reset()
    return aisp_sandbox_process
