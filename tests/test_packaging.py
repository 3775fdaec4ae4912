"""What is shipped: a wheel with its data, whole pins, and no file that names the machine it was made on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Written in two halves, so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb.debian", "org"),
        ("crates", "io"),
        ("golang", "org"),
        ("anaconda", "org"),
    )
]
MACHINE_PATH = re.compile(
    r"(?<![\w.])/(?:home|Users|work|mnt|opt/(?:wheels|pypi))/\w|\b[A-Z]:\\Users|file:/{3}"
)


def git_files() -> list[Path]:
    """Return the files git tracks or would take in, outside a checkout none."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """Return a file's text, the empty one for binary files."""
    data = path.read_bytes()
    return "" if b"\0" in data[:8192] else data.decode("utf-8", errors="replace")


def pins() -> dict[str, tuple[Requirement, str]]:
    """Return each pinned requirement and its whole entry, by canonical name."""
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.txt").read_text(encoding="utf-8").strip())
    found: dict[str, tuple[Requirement, str]] = {}
    for entry in entries:
        requirement = Requirement(entry.split("\\", 1)[0].strip())
        found[canonicalize_name(requirement.name)] = (requirement, entry)
    return found


def test_no_file_names_a_registry_or_a_path_of_this_machine() -> None:
    for path in git_files():
        text = text_of(path)
        shown = path.relative_to(ROOT)
        for host in REGISTRIES:
            assert host not in text, f"{shown} names {host}"
        assert (found := MACHINE_PATH.search(text)) is None, f"{shown} holds {found and found.group()}"
        assert f"{ROOT}{os.sep}" not in text, f"{shown} holds the path of this checkout"


def test_the_lock_file_stays_out_of_git() -> None:
    assert ROOT / "uv.lock" not in git_files()


def test_the_pins_come_from_exactly_the_runtime_dependencies() -> None:
    wanted = {
        canonicalize_name(Requirement(line).name): Requirement(line) for line in PROJECT["dependencies"]
    }
    pinned = pins()
    direct = {
        name
        for name, (_, entry) in pinned.items()
        if re.search(r"# +(?:via )?qa \(pyproject\.toml\)$", entry, re.MULTILINE)
    }
    assert direct == set(wanted), "run `just requirements`"
    for name, requirement in wanted.items():
        (pin,) = pinned[name][0].specifier
        assert requirement.specifier.contains(pin.version), f"{name}: run `just requirements`"


def test_every_pin_is_exact_and_hashed() -> None:
    for name, (requirement, entry) in pins().items():
        assert [pin.operator for pin in requirement.specifier] == ["=="], name
        assert "--hash=sha256:" in entry, name
        assert "# via" in entry, f"{name} is nobody's dependency"


def test_every_dependency_has_a_lower_bound() -> None:
    for line in PROJECT["dependencies"]:
        operators = {bound.operator for bound in Requirement(line).specifier}
        assert operators & {">=", "=="}, line


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an unpacked wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, text=True)
    (archive,) = folder.glob("*.whl")
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(archive) as bundle:
        bundle.extractall(unpacked)
    return unpacked


def test_the_wheel_carries_code_prompts_seeds_and_weights(wheel: Path) -> None:
    shipped = {path.relative_to(ROOT).as_posix(): path for path in git_files()}
    expected = {name: name for name in shipped if name.startswith("qa/")}
    expected |= {name: f"qa/{name}" for name in shipped if name.startswith(("prompts/", "seeds/"))}
    for name, inside in expected.items():
        assert (wheel / inside).read_bytes() == shipped[name].read_bytes(), f"{name} is not in the wheel"
    assert any(name.startswith("qa/models/minilm/") for name in expected)


def test_the_seeds_are_found_in_the_installed_package_and_in_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    ask = [sys.executable, "-c", "from qa.resources import seeds_folder; print(seeds_folder())"]
    names = sorted(path.name for path in (ROOT / "seeds").iterdir())
    for home, expected in ((wheel, wheel / "qa" / "seeds"), (ROOT, ROOT / "seeds")):
        environment = os.environ | {"PYTHONPATH": str(home)}
        said = subprocess.run(
            ask, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        ).stdout
        assert Path(said.strip()).resolve() == expected.resolve()
        assert sorted(path.name for path in expected.iterdir()) == names


def test_the_encoder_keeps_no_telemetry(tmp_path: Path) -> None:
    # ONNX Runtime's own builds report to their maker unless told not to, and leave a device id behind.
    use = [sys.executable, "-c", "from qa.models.encoder import Encoder; Encoder().embed_query('quiet')"]
    places = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    environment = os.environ | dict.fromkeys(places, str(tmp_path))
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run(use, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
