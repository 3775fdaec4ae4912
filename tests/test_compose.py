"""Containers without Docker: the files are valid, hardened, and each service's command works as a process."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from ruamel.yaml import YAML

from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
TOOLS = Path(sys.executable).parent
COMPOSE = ROOT / "docker-compose.yml"
Service = dict[str, Any]


def tool(name: str, *arguments: str, **environment: str) -> str:
    """Run one of the project's tools in the checkout and return what it printed."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("QA_", "COMPOSE_"))}
    done = subprocess.run(
        [TOOLS / name, *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def services(*profiles: str, **environment: str) -> dict[str, Service]:
    """Return the services as compose resolves them: those without a profile and those of `profiles`."""
    chosen = [f"--profile={profile}" for profile in profiles]
    text = tool(
        "podman-compose",
        "--dry-run",
        f"--file={COMPOSE}",
        f"--env-file={os.devnull}",
        *chosen,
        "config",
        **environment,
    )
    found: dict[str, Service] = YAML(typ="safe").load(text)["services"]
    return found


def in_order(chosen: dict[str, Service]) -> list[str]:
    """Return the names so that each comes after what it depends on."""
    order: list[str] = []
    while len(order) < len(chosen):
        free = [
            name
            for name, service in chosen.items()
            if name not in order
            and all(other in order for other in service.get("depends_on", {}) if other in chosen)
        ]
        assert free, "the services depend on each other in a circle"
        order += free
    return order


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def started(name: str, service: Service, folder: Path, ports: dict[str, int]) -> Iterator[None]:
    """Run what the service's container would run, until its own health check is content."""
    environment = {
        key: str(value).replace("http://chroma:8000", f"http://127.0.0.1:{ports['chroma']}")
        for key, value in service.get("environment", {}).items()
    }
    environment |= {"QA_DATA": str(folder / name), "QA_PORT": str(ports[name])}
    commands = {  # the image's own, which compose leaves as it is
        "app": json.loads(
            re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)[-1]
        ),
        "chroma": ["chroma", "run", "--port", str(ports[name]), "--path", str(folder / name)],
    }
    program, *arguments = commands[name]
    _, *check = [
        part.replace("7860", str(ports[name])).replace("8000", str(ports[name]))
        for part in service["healthcheck"]["test"]
    ]
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [TOOLS / program, *arguments],
            cwd=folder,
            env=os.environ | environment,
            stdout=output,
            stderr=output,
        )
        try:
            deadline = time.monotonic() + 90
            while subprocess.run(check, capture_output=True, check=False).returncode:
                assert process.poll() is None, log.read_text(errors="replace")
                assert time.monotonic() < deadline, log.read_text(errors="replace")
                time.sleep(0.3)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_the_compose_file_is_one() -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE))


def test_the_dockerfile_has_no_known_fault() -> None:
    tool("hadolint", str(ROOT / "Dockerfile"))


def test_without_a_profile_only_the_app_runs() -> None:
    assert list(services()) == ["app"]
    assert set(services("server")) == {"app", "chroma"}
    assert set(services("ollama")) == {"app", "ollama", "ollama-pull"}


@pytest.mark.parametrize("name", ["app", "chroma", "ollama", "ollama-pull"])
def test_no_service_has_more_rights_than_it_needs(name: str) -> None:
    service = services("server", "ollama")[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108 - the container's own
    assert service["logging"]["options"]["max-size"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert re.search(r":\d+\.\d+\.\d+$", service["image"]), "images are pinned"


def test_the_app_runs_as_nobody_in_particular() -> None:
    user = services()["app"]["user"]
    assert user == "10001:10001"
    assert f"USER {user}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_chroma_server_is_the_release_the_client_comes_from() -> None:
    assert (
        services("server")["chroma"]["image"] == f"chromadb/chroma:{importlib.metadata.version('chromadb')}"
    )


def test_every_setting_reaches_the_container() -> None:
    names = {f"QA_{name.upper()}" for name in Settings.model_fields if not name.endswith("_file")}
    assert set(services()["app"]["environment"]) == names


def test_own_documents_are_mounted_and_synced() -> None:
    app = services(QA_DOCUMENTS="./papers")["app"]
    assert app["environment"]["QA_DOCUMENTS"] == "/documents"
    assert "./papers:/documents:ro" in app["volumes"]
    assert services()["app"]["environment"]["QA_DOCUMENTS"] == ""


@pytest.mark.parametrize("profiles", [(), ("server",)], ids=["embedded", "server"])
def test_the_services_answer_a_question(profiles: tuple[str, ...], tmp_path: Path) -> None:
    chosen = services(*profiles, **({"QA_CHROMA": "http://chroma:8000"} if profiles else {}))
    ports = {"app": free_port(), "chroma": free_port()}
    with ExitStack() as running:
        for name in in_order(chosen):
            running.enter_context(started(name, chosen[name], tmp_path, ports))
        ask = [sys.executable, str(ROOT / ".ci" / "first_question.py"), f"http://127.0.0.1:{ports['app']}"]
        asked = subprocess.run(ask, capture_output=True, text=True, check=False)
        assert asked.returncode == 0, asked.stderr + (tmp_path / "app.log").read_text(errors="replace")
        if profiles:
            database = "/api/v2/tenants/default_tenant/databases/default_database"
            listed = httpx.get(f"http://127.0.0.1:{ports['chroma']}{database}/collections")
            assert listed.json(), "the app did not use the Chroma server"
