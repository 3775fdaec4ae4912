from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.schema import MetadataMode, NodeRelationship, TextNode

from qa.client import Client
from qa.errors import InvalidInput, Locked, NotReady
from qa.llama_index import Library, QAEmbedding, QAQueryEngine, QARetriever, open_library
from qa.models.encoder import Encoder
from qa.types import Filters
from qa.wire import answer_from_json
from tests import serving
from tests.fakes import WordEmbedder
from tests.serving import TEXT, Running, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llama_index.core.schema import NodeWithScore

    from qa.types import Document, SearchResult

ROOT = Path(__file__).parents[1]
QUESTION = "When was the lighthouse on Gull Rock built?"
BLOCKS = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(serving.settings(tmp_path_factory.mktemp("llama") / "data")) as server:
        server.add(title="Light", author="A. Berg", published="1901", url="https://example.org/light")
        server.add("harbour.txt", "The harbour of Vestvik is twelve metres deep. It trades in timber.\n")
        server.add("rats.txt", "RATS was established in 1894 by people who are fond of rats.\n")
        yield server


@pytest.fixture
def library(server: Running) -> Iterator[Client]:
    with Client(server.url) as client:
        yield client


def text_node(found: NodeWithScore) -> TextNode:
    assert isinstance(found.node, TextNode)
    return found.node


def test_a_retriever_gives_the_passages_of_a_search_in_order(library: Client) -> None:
    found = QARetriever(library, limit=2).retrieve("colza oil lamp")
    passages = library.search("colza oil lamp", limit=2).passages
    assert [(item.node_id, item.score, item.text) for item in found] == [
        (passage.id, passage.score, passage.text) for passage in passages
    ]


def test_a_node_says_where_its_words_stand(library: Client) -> None:
    [found] = QARetriever(library, limit=1).retrieve("colza oil lamp")
    node = text_node(found)
    assert node.ref_doc_id is not None
    text = library.text(node.ref_doc_id)
    assert text[node.start_char_idx : node.end_char_idx] == node.text
    stated = {name: node.metadata[name] for name in ("source", "title", "author", "published", "url")}
    assert stated == {
        "source": "lighthouse.txt",
        "title": "Light",
        "author": "A. Berg",
        "published": "1901",
        "url": "https://example.org/light",
    }


def test_a_language_model_is_shown_who_says_it_and_no_numbers(library: Client) -> None:
    [found] = QARetriever(library, limit=1).retrieve("harbour of Vestvik timber")
    shown = found.node.get_content(MetadataMode.LLM)
    assert "source: harbour.txt" in shown
    for name in ("start:", "url:", "author:", "None"):
        assert name not in shown


def test_equal_words_in_two_places_are_two_nodes(tmp_path: Path) -> None:
    same = "# Part\n\nThe bell rings twice at noon on every day of the year.\n\n" * 4
    with running(serving.settings(tmp_path / "data")) as server, Client(server.url) as client:
        server.add("bells.md", same * 12)
        found = QARetriever(client, limit=20).retrieve("bell rings")
        passages = client.search("bell rings", limit=20).passages
    assert len({passage.text for passage in passages}) < len(passages)
    assert [item.node_id for item in found] == [passage.id for passage in passages]
    assert len({item.node.hash for item in found}) == len(passages)


def test_filters_hold_for_retriever_and_engine(library: Client) -> None:
    filters = Filters(sources=("harbour*",))
    found = QARetriever(library, filters=filters).retrieve("colza oil lamp")
    assert {item.metadata["source"] for item in found} == {"harbour.txt"}
    answer = QAQueryEngine(library, filters).query(QUESTION).metadata
    assert answer is not None
    assert {passage["source"] for passage in answer["answer"]["passages"]} == {"harbour.txt"}


def test_an_engine_gives_the_answer_with_a_node_for_each_citation(library: Client, server: Running) -> None:
    response = QAQueryEngine(library).query(QUESTION)
    assert response.metadata is not None
    answer = answer_from_json(response.metadata["answer"])
    assert answer.answered
    assert library.answer(answer.id) == answer
    assert str(response) == answer.text
    assert [item.metadata["number"] for item in response.source_nodes] == [
        citation.number for citation in answer.citations
    ]
    for found, citation in zip(response.source_nodes, answer.citations, strict=True):
        node = text_node(found)
        assert node.text == citation.quote
        assert TEXT[node.start_char_idx : node.end_char_idx] == citation.quote
        assert node.metadata["url"] == citation.url
        assert node.relationships[NodeRelationship.SOURCE].node_id == citation.document_id  # type: ignore[union-attr]
        assert found.score is not None
        assert server.http.get(citation.url).status_code == 200


def test_where_the_documents_do_not_answer_there_are_no_nodes(library: Client) -> None:
    response = QAQueryEngine(library).query("Who invented the telephone in Boston?")
    assert response.metadata is not None
    assert not response.metadata["answer"]["answered"]
    assert response.source_nodes == []


def test_awaited_they_give_the_same(library: Client) -> None:
    async def both() -> tuple[list[NodeWithScore], str]:
        found = await QARetriever(library).aretrieve("colza oil lamp")
        return found, str(await QAQueryEngine(library).aquery(QUESTION))

    found, answer = asyncio.run(both())
    assert found == QARetriever(library).retrieve("colza oil lamp")
    assert answer == str(QAQueryEngine(library).query(QUESTION))


class Forgetful(Client):
    """Deletes what it has found before anybody can ask about it."""

    def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> SearchResult:
        found = super().search(query, limit, filters)
        self.delete(found.passages[0].document_id)
        return found


def test_what_is_deleted_meanwhile_is_no_result(tmp_path: Path) -> None:
    with running(serving.settings(tmp_path / "data")) as server, Forgetful(server.url) as library:
        kept: list[dict[str, object]] = [
            server.add(f"{name}.txt", f"Lamp {name}.\n\n{TEXT}") for name in "ab"
        ]
        found = QARetriever(library).retrieve("lamp a")
    assert {item.node.ref_doc_id for item in found} == {kept[1]["id"]}


def test_a_limit_out_of_range_is_refused_at_once(library: Client) -> None:
    for limit in (0, 101):
        with pytest.raises(InvalidInput, match="1 to 100"):
            QARetriever(library, limit=limit)


def test_a_server_that_is_not_there_is_named() -> None:
    with Client("http://127.0.0.1:1") as library, pytest.raises(NotReady, match="qa serve"):
        QARetriever(library).retrieve("lamp")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder and no settings of whoever runs this."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    return tmp_path


def test_a_data_folder_is_opened_and_given_back(bare: Path) -> None:
    for _ in range(2):
        with open_library(bare / "data") as library:
            assert QARetriever(library).retrieve("lamp") == []
            refusal = QAQueryEngine(library).query(QUESTION)
    assert refusal.metadata is not None
    assert refusal.metadata["answer"]["passages"] == []


def test_the_folder_and_its_server_give_the_same(bare: Path) -> None:
    configured = serving.settings(bare / "data")

    def answered(library: Library) -> tuple[list[str], list[str], str]:
        found = QARetriever(library).retrieve("colza oil lamp")
        return [item.node_id for item in found], [item.text for item in found], title(library, found)

    def title(library: Library, found: list[NodeWithScore]) -> str:
        document: Document = library.document(str(found[0].node.ref_doc_id))
        return document.title

    with running(configured) as server:
        server.add(title="Light")
        with open_library(bare / "data") as library:
            assert isinstance(library, Client)
            through_server = answered(library)
    with open_library(bare / "data") as library:
        assert not isinstance(library, Client)
        alone = answered(library)
        with pytest.raises(Locked), open_library(bare / "data"):
            pass
    assert alone == through_server


def test_the_embedding_is_that_of_our_embedder() -> None:
    embedding = QAEmbedding(WordEmbedder())
    texts = ["the lamp burned oil", "a diary of the keeper"]
    embedded = WordEmbedder().embed_passages(texts, [[], []])
    wanted = [item.passage.tolist() for item in embedded]
    assert embedding.get_text_embedding_batch(texts) == wanted
    assert [embedding.get_text_embedding(text) for text in texts] == wanted
    assert embedding.get_query_embedding("lamp") == WordEmbedder().embed_query("lamp").tolist()
    assert asyncio.run(embedding.aget_query_embedding("lamp")) == embedding.get_query_embedding("lamp")
    assert asyncio.run(embedding.aget_text_embedding_batch(texts)) == wanted
    assert embedding.model_name == WordEmbedder().fingerprint


def test_the_built_in_embedder_serves_a_pipeline_of_llama_index() -> None:
    nodes = IngestionPipeline(transformations=[QAEmbedding()]).run(nodes=[TextNode(text="The lamp burned.")])
    assert nodes[0].embedding == Encoder().embed_passages(["The lamp burned."], [[]])[0].passage.tolist()


def test_the_readme_shows_how_and_it_works(server: Running, tmp_path: Path) -> None:
    blocks = BLOCKS.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    shown = [block for block in blocks if "qa.llama_index" in block]
    assert len(shown) == 1, "the README shows the LlamaIndex classes in one block of Python"
    data = server.app.state.opening.service.corpus.data
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    ran = subprocess.run(
        [sys.executable, "-c", shown[0]],
        env=environment | {"QA_DATA": str(data), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert f"{server.url}/source/" in ran.stdout, ran.stdout
