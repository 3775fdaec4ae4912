"""The house keeps its shape: short, described, tested modules and no silenced checker without a reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for path in (ROOT / "qa").rglob("*.py") if path.name != "__init__.py")
PACKAGES = sorted((ROOT / "qa").rglob("__init__.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SOURCES = [*MODULES, *PACKAGES, *TESTS, *sorted((ROOT / "scripts").glob("*.py"))]
LONGEST = 250

# Modules that may be longer, each with how long and why.
LONGER = {"qa.types": (330, "the whole vocabulary, to be read in one place")}

# Modules that no test file names, each with what does test it.
TESTED_ELSEWHERE: dict[str, str] = {
    "qa.answering.assessment": "tests/test_answerer.py, through the answerer",
    "qa.answering.composition": "tests/test_composition.py, through the answerer",
    "qa.answering.disagreement.assertions": "tests/test_conflicts.py, through the answerer",
    "qa.answering.disagreement.contrasts": "tests/test_conflicts.py, through the answerer",
    "qa.answering.disagreement.denials": "tests/test_conflicts.py, through the answerer",
    "qa.answering.disagreement.statements": "tests/test_conflicts.py, through the answerer",
    "qa.answering.judging": "tests/test_generative.py and tests/test_checking.py",
    "qa.models.compatible": "tests/test_language_failures.py, over HTTP",
    "qa.models.diagnosis": "tests/test_language_failures.py, over HTTP",
    "qa.models.failures": "tests/test_language_failures.py, over HTTP",
    "qa.models.integration": "tests/test_integration.py, through open_language_model",
    "qa.web.api": "tests/test_api_documents.py and tests/test_api_ask.py, over HTTP",
    "qa.web.checking": "tests/test_api_verify.py, over HTTP",
    "qa.web.health": "tests/test_app.py, over HTTP",
    "qa.web.pages": "tests/test_app.py, over HTTP",
    "qa.web.problems": "tests/test_app.py and tests/test_api_ask.py, over HTTP",
    "qa.web.requests": "tests/test_api_ask.py, over HTTP",
    "qa.web.unknown": "tests/test_app.py, over HTTP",
    "qa.web.uploads": "tests/test_api_uploads.py, over HTTP",
}


def module_name(path: Path) -> str:
    """Return the dotted name a module is imported by."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def shown(path: Path) -> str:
    """Return the path as a test id."""
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def tests_text() -> str:
    """Return all test files but this one, whose table names modules too, as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in TESTS if path.name != "test_layout.py")


@pytest.mark.parametrize("path", [*MODULES, *PACKAGES], ids=shown)
def test_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{shown(path)} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_module_holds_one_noun(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    longest, _ = LONGER.get(module_name(path), (LONGEST, ""))
    assert lines <= longest, f"{shown(path)} has {lines} lines: a second noun wants a second file"


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_module_is_named_by_a_test(path: Path, tests_text: str) -> None:
    name = module_name(path)
    package, _, last = name.rpartition(".")
    imported = rf"{re.escape(name)}\b|from {re.escape(package)} import [^\n]*\b{last}\b"
    named = re.search(imported, tests_text) is not None
    assert named or name in TESTED_ELSEWHERE, f"no test imports or mentions {name}"
    assert not (named and name in TESTED_ELSEWHERE), f"{name} has a test now: strike it from the table"


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_checkers_are_silenced_by_code_only(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    bare = re.findall(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)", text)
    assert not bare, f"{shown(path)} silences a checker without saying which rule"
