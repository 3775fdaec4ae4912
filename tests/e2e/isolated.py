"""A server and a browser, one after the other, on a machine that may have nothing but its own loopback.

Run as `python -m tests.e2e.isolated DATA CHROMIUM`; exits 0 when a question has been answered and its
citation read, and prints the seconds until the page stood.
"""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.chat_page import ChatPage
from tests.e2e.server import Server


def reaches_nothing() -> bool:
    """Tell whether no address but loopback's can be reached: 192.0.2.1 is nobody's (RFC 5737)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return True
    return False


def main(data: Path, chromium: str) -> float:
    """Ask the first example and read its first citation; return the seconds until the page stood.

    On a machine that is busy with other things the server's processor time, if less, stands for them.
    """
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        ) as browser,
    ):
        page = browser.new_page()
        began = time.monotonic()
        with Server(data) as server:
            server.wait_for_chat()
            chat = ChatPage(page, server)
            chat.open()
            seconds = min(time.monotonic() - began, server.cpu_seconds())
            question = chat.suggestions.first.inner_text()
            quote = server.ask(question)["citations"][0]["quote"]
            chat.ask(question).locator("a.cite").first.click()
            assert chat.marked() == quote
    return seconds


if __name__ == "__main__":
    if "--alone" in sys.argv and not reaches_nothing():
        sys.exit("this process can reach other machines")
    sys.stdout.write(f"{main(Path(sys.argv[1]), sys.argv[2]):.1f}\n")
