"""The example for FastAPI, run and used as a person would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from oakford_aisp.testing import approve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oakford_aisp.testing import Sandbox

EXAMPLE = Path(__file__).parents[1] / "examples" / "fastapi"


@pytest.fixture
def origin(sandbox: Sandbox, tmp_path: Path) -> Iterator[str]:
    environment = {
        **os.environ,
        "API": sandbox.base_url,
        "SESSIONS": str(tmp_path / "sessions"),
        # The port is not known before the start. The test opens the callback at the right one.
        "CALLBACK": "http://localhost:3000/callback",
    }
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=EXAMPLE, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        found = re.search(r"running on (http://[\d.:]+)", line)
        if found:
            yield found[1]
            break
    else:
        pytest.fail(said)
    process.terminate()
    process.stderr.read()
    process.stderr.close()
    assert process.wait() in (0, -15)


def test_example_fastapi_a_customer_connects_and_gets_accounts(
    origin: str, sandbox: Sandbox
) -> None:
    with httpx.Client(base_url=origin, trust_env=False) as browser:
        first = browser.get("/")
        assert (first.status_code, first.headers["location"]) == (303, "/connect")
        to_bank = browser.get("/connect").headers["location"]
        back = httpx.URL(approve(to_bank, user="james"))
        done = browser.get(f"/callback?{back.query.decode()}")
        assert done.status_code == 303, done.text
        accounts = browser.get("/").json()
        assert [one["id"] for one in accounts] == [
            "acc_james_current",
            "acc_james_card",
            "acc_james_mortgage",
        ]
        rows = browser.get("/accounts/acc_james_current/transactions").json()
        assert len(rows) == 20
        assert re.fullmatch(r"-?\d+\.\d+", rows[0]["amount"])
        unknown = browser.get("/accounts/acc_anna_current/transactions")
        assert (unknown.status_code, unknown.json()["code"]) == (502, "account_not_found")
        sandbox.expire_consents()
        assert browser.get("/").headers["location"] == "/connect"
