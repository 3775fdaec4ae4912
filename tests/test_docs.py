"""What the documents say is there is there, and what is there is documented."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from qa.settings import Settings
from qa.web.app import create_app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


def row(name: str) -> str:
    """Return the README's settings row that holds `name`."""
    rows = [
        line for line in README.splitlines() if line.startswith("|") and f"`{name}`" in line.split("|")[1]
    ]
    assert len(rows) == 1, f"{name} has {len(rows)} rows in the README's table of settings"
    return rows[0]


def first_line(path: Path) -> str:
    """Return what a module says of itself in one line."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_setting_is_documented_with_its_default(name: str) -> None:
    found = row(f"QA_{name.upper()}")
    default = Settings.model_fields[name].default
    if isinstance(default, int) and not isinstance(default, bool):
        assert str(default) in found.replace(",", ""), f"QA_{name.upper()}: its default is {default}"
    elif isinstance(default, str) and default:
        assert f"`{default}`" in found


def test_every_command_is_documented() -> None:
    environment = os.environ | {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "120"}
    command = [str(Path(sys.executable).parent / "qa"), "--help"]
    said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    commands = re.findall(r"^  ([a-z][a-z-]*)  ", said.partition("Commands")[2], re.MULTILINE)
    assert "serve" in commands
    missing = [name for name in commands if f"`qa {name}" not in README]
    assert not missing, f"the README does not name: {missing}"


def test_every_route_is_documented(tmp_path: Path) -> None:
    paths = create_app(Settings(data=tmp_path), with_chat=False).openapi()["paths"]
    served = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    documented = re.findall(r"`((?:GET|POST|DELETE) /[^`]*)`", README)
    placeholder = re.compile(r"\{\w+\}")
    missing = {placeholder.sub("{}", route) for route in served}
    missing -= {placeholder.sub("{}", route) for route in documented}
    assert not missing, f"the README does not name: {sorted(missing)}"


def test_every_module_is_in_the_file_map() -> None:
    modules = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "qa").rglob("*.py")}
    mapped = set(re.findall(r"^\| `(qa/[\w/]+\.py)` \|", README, re.MULTILINE))
    missing = [
        f"| `{name}` | {first_line(path)} |"
        for name, path in sorted(modules.items())
        if path.name != "__init__.py" and name not in mapped
    ]
    assert not missing, "the README's file map lacks:\n" + "\n".join(missing)
    assert mapped <= set(modules), (
        f"the README's file map names what is gone: {sorted(mapped - set(modules))}"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [link for link in targets if "://" not in link and not (page.parent / link).exists()]
    assert not missing, f"{page.name} links to {missing}"


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[([^\]]+)\] - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert versions[0] == project["version"]
