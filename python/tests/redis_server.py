"""Redis servers of the tests, on free ports and without a disk."""

from __future__ import annotations

import shutil
import socket
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def redis_server() -> Iterator[int]:
    """Runs `redis-server` from the PATH; gives its port."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("These tests need redis-server on the PATH: `apt install redis-server`.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        for line in process.stdout:
            if "Ready to accept connections" in line:
                break
        yield port
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
