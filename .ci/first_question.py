"""Wait for a fresh server, give it a document, ask a question, load the chat page: standard library only."""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
from typing import Any

PATIENCE = 120  # seconds within which a first start, that reads the seed texts, has to be ready
TEXT = "The lighthouse at Cape Arden was first lit on 3 March 1871. It has 214 steps.\n"
QUESTION = "When was the lighthouse at Cape Arden first lit?"


def call(url: str, body: dict[str, Any] | None = None) -> str:
    """Return the reply to a GET, or to a POST of JSON; raises urllib.error.URLError."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {})
    with urllib.request.urlopen(request, timeout=60) as reply:
        text: str = reply.read().decode("utf-8")
    return text


def wait_until_ready(base: str) -> float:
    """Return the seconds until `/readyz` answered 200.

    Raises:
        SystemExit: it did not, in time.
    """
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        try:
            call(f"{base}/readyz")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return time.monotonic() - began
    sys.exit(f"{base} was not ready within {PATIENCE} s")


def main(base: str) -> None:
    """Ask, and end with a message where the reply is not what it has to be."""
    began = time.monotonic()
    seconds = wait_until_ready(base)
    seeds = json.loads(call(f"{base}/v1/documents"))["documents"]
    document = json.loads(call(f"{base}/v1/documents", {"source": "lighthouse.txt", "text": TEXT}))
    answer = json.loads(call(f"{base}/v1/ask", {"question": QUESTION}))
    citation = next(iter(answer["citations"]), None)
    if citation is None or citation["document_id"] != document["id"] or "1871" not in answer["text"]:
        sys.exit(f"not the answer: {answer['text']!r}")
    text = call(f"{base}/v1/documents/{document['id']}/text")
    if text[citation["start"] : citation["end"]] != citation["quote"]:
        sys.exit("the quote is not what stands in the document")
    if '<mark id="cited">' not in call(citation["url"]):
        sys.exit("the source page does not mark the cited words")
    while "gradio" not in call(f"{base}/"):  # until then the page says that it is being opened
        if time.monotonic() - began > PATIENCE:
            sys.exit("the chat page did not load")
        time.sleep(0.2)
    print(f"ready after {seconds:.1f} s with {len(seeds)} documents; answered: {answer['text']}")


if __name__ == "__main__":
    main(sys.argv[1])
