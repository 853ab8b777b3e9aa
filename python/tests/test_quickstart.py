"""The code of `docs/quickstart-python.md` runs as it stands there, in the order of the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oakford_aisp.testing import approve

if TYPE_CHECKING:
    import pytest

    from oakford_aisp.testing import Sandbox

PAGE = Path(__file__).parents[2] / "docs" / "quickstart-python.md"


def test_quickstart_its_code_runs(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    # The person opens the URL and pastes the one that the browser ends at.
    names["input"] = lambda _: approve(names["begun"].url, user="anna")
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 5
    for block in blocks:
        code = block.replace("http://127.0.0.1:8787", sandbox.origin)
        exec(compile(code, str(PAGE), "exec"), names)
    names["client"].close()
    printed = capsys.readouterr().out
    assert printed.count("acc_anna_current") == 2
    assert "200 rows" in printed
    assert "account_not_found 404" in printed
    assert (tmp_path / ".sessions").stat().st_mode & 0o777 == 0o700
    assert [one.name for one in tmp_path.iterdir()] == [".sessions"]


def test_quickstart_its_test_passes(sandbox: Sandbox) -> None:
    (code,) = re.findall(
        r"```py\n(from oakford_aisp import Client\n.*?)```", PAGE.read_text(), re.DOTALL
    )
    names: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), names)
    names["test_accounts"](sandbox)
