"""Make docs/chat.png: the chat with an answer and an open citation, of a server with the seeds.

Needs a Chromium (`apt-get install chromium`, or QA_CHROMIUM). Run: `python scripts/screenshot.py [FILE]`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SIZE = {"width": 1280, "height": 800}


def main(file: Path) -> None:
    """Ask the example with the longest answer, open its first citation, and keep what is seen."""
    sys.path.insert(0, str(ROOT))
    from tests.e2e.chat_page import ChatPage  # noqa: PLC0415 - needs the project's root on the path
    from tests.e2e.server import Server  # noqa: PLC0415

    chromium = shutil.which(os.environ.get("QA_CHROMIUM", "chromium"))
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "data") as server,
        sync_playwright() as player,
    ):
        server.wait_for_chat()
        browser = player.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
        chat = ChatPage(page, server)
        chat.open()
        examples = chat.suggestions.all_inner_texts()
        reply = chat.ask(max(examples, key=lambda question: len(server.ask(question)["text"])))
        reply.locator("a.cite").first.click()
        chat.marked()
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        page.screenshot(path=file)
        browser.close()
    print(f"wrote {file}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "chat.png")
