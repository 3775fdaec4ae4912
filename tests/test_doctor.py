from __future__ import annotations

from typing import TYPE_CHECKING

from qa.corpus.lock import DataLock
from qa.doctor import examine
from tests.serving import settings

if TYPE_CHECKING:
    from pathlib import Path

    from qa.doctor import Finding


def _named(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def test_a_fresh_folder_is_well_and_nothing_leaves_the_machine(tmp_path: Path) -> None:
    found = _named(examine(settings(tmp_path / "data")))
    assert [name for name, finding in found.items() if not finding.ok] == []
    assert found["library"].detail == "0 documents, 0 passages"
    assert found["calls to the embedder"].detail == "built in, in this process"
    assert found["calls to the language model"].detail.startswith("none")
    assert found["vectors"].detail == "equals the library: yes"


def test_a_damaged_index_is_mended_and_told_of(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    examine(configured)
    held = next((tmp_path / "data").glob("words/*/held.json"))
    held.write_text("{", encoding="ascii")
    words = _named(examine(configured))["words"]
    assert words.ok
    assert "has been rebuilt" in words.detail
    assert _named(examine(configured))["words"].detail == "equals the library: yes"


def test_a_damaged_library_is_bad_and_left_alone(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    examine(configured)
    library = tmp_path / "data" / "library.sqlite"
    library.write_bytes(b"nonsense" * 1000)
    found = _named(examine(configured))["library"]
    assert not found.ok
    assert found.mend
    assert library.read_bytes() == b"nonsense" * 1000


def test_what_is_configured_wrongly_says_what_to_set(tmp_path: Path) -> None:
    configured = settings(
        tmp_path / "data",
        documents=tmp_path / "nowhere",
        host="0.0.0.0",  # noqa: S104
        llm="https://models.example/v1",
        chroma="http://127.0.0.1:1",
    )
    found = _named(examine(configured))
    assert "QA_DOCUMENTS" in (found["documents"].mend or "")
    assert "QA_HOST" in (found["address"].mend or "")
    assert found["calls to the language model"].detail == "https://models.example/v1"
    assert "Chroma server" in found["library"].detail
    assert not found["library"].ok


def test_a_folder_in_use_is_no_fault(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    lock = DataLock(tmp_path / "data", "http://127.0.0.1:1234")
    library = _named(examine(configured))["library"]
    lock.release()
    assert library.ok
    assert "http://127.0.0.1:1234" in library.detail


def test_a_password_in_an_address_is_not_shown(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data", llm="http://anna:s3cret@127.0.0.1:9/v1", llm_model="small")
    found = _named(examine(configured))
    assert found["calls to the language model"].detail == "http://127.0.0.1:9/v1"
    assert "s3cret" not in repr(found)
