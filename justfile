# `just` runs every check; `just --list` names the rest. The same commands as in .ci/run.

# Everything that has to hold, fastest first
check: lint types layers containers test

# The project and its tools in .venv
install:
    uv sync

# The whole suite; the browser tests need Chromium
test *arguments:
    uv run pytest {{arguments}}

# Style, format, text files
lint:
    uv run ruff check
    uv run ruff format --check

# Types, tests included
types:
    uv run mypy

# Imports run one way
layers:
    uv run lint-imports

# Dockerfile and compose file, no Docker needed
containers:
    uv run hadolint Dockerfile
    uv run check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
    uv run podman-compose --dry-run config --quiet

# Mend what can be mended by itself
fix:
    uv run ruff check --fix
    uv run ruff format

# Chat, API and source pages on http://127.0.0.1:7860
serve *arguments:
    uv run qa serve {{arguments}}

# Read files and folders into the library
ingest +paths:
    uv run qa ingest {{paths}}

# How fast it answers on this machine
bench *arguments:
    uv run qa bench {{arguments}}

# The portable pin: newest versions that fit, with hashes and without any registry's address
requirements:
    uv lock --upgrade
    uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-emit-index-url --output-file requirements.txt

# The README's picture
screenshot:
    uv run python scripts/screenshot.py

# What decides about a change
ci:
    .ci/run
