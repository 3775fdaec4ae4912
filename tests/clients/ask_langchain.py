"""Asks a server through LangChain's `ChatOpenAI` and prints what came as JSON.

Runs in an environment of its own. Arguments: the base URL, and the question.
"""

from __future__ import annotations

import json
import sys

from langchain_openai import ChatOpenAI  # type: ignore[import-not-found] # it lives in that environment


def main(base_url: str, question: str) -> None:
    """Ask plainly, step by step, a follow-up, and for a model that is not there."""
    model = ChatOpenAI(
        base_url=base_url, api_key="none", model="extractive", max_retries=0, stream_usage=True
    )
    plain = model.invoke(question)
    chunks = list(model.stream([("system", "Be brief."), ("human", question)]))
    model.invoke([("human", question), plain, ("human", "And where?")])
    try:
        model.invoke(question, model="no-such-model")
        error = ""
    except Exception as failure:  # noqa: BLE001 - whichever it is, it is what is reported
        error = f"{type(failure).__name__}: {failure}"
    result = {
        "plain": plain.content,
        "usage": plain.usage_metadata,
        "model": plain.response_metadata["model_name"],
        "streamed": "".join(chunk.content for chunk in chunks),
        "pieces": sum(bool(chunk.content) for chunk in chunks),
        "error": error,
    }
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
