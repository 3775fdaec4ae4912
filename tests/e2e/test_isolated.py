"""A second start: fast, and with no other machine to be reached."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import chromium
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

LOOPBACK_ONLY = [
    "unshare",
    "--map-root-user",
    "--net",
    "--",
    "sh",
    "-c",
    'ip link set lo up && exec "$@"',
    "sh",
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the seeds, of a server that has been stopped."""
    data = tmp_path_factory.mktemp("filled")
    with Server(data) as running:
        running.wait_for_chat()
    return data


def test_the_page_stands_ten_seconds_after_a_warm_start(filled: Path) -> None:
    assert ask_somewhere([], filled) < 10


def test_everything_works_on_a_machine_without_a_network(filled: Path) -> None:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("needs `unshare` (util-linux) and `ip` (iproute2)")
    if subprocess.run([*LOOPBACK_ONLY, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a network namespace")
    ask_somewhere(LOOPBACK_ONLY, filled, "--alone")


def ask_somewhere(before: list[str], data: Path, *options: str) -> float:
    """Run a server and a browser in a process of their own; return the seconds until the page stood."""
    command = [*before, sys.executable, "-m", "tests.e2e.isolated", str(data), chromium(), *options]
    result = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=150, cwd=Path(__file__).parents[2]
    )
    assert result.returncode == 0, result.stderr
    return float(result.stdout)
