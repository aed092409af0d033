# Words: demo, test; then lint, types, bench, score, docs, test-long. Each sets up what it needs by itself.
# The environment is made with uv when it is there, else with venv and pip; nothing outside .venv is touched.
.DEFAULT_GOAL := help
.PHONY: help demo test test-long lint types bench score docs clean
SHELL := /bin/bash

VENV := .venv
PYTHON := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null)
# Tests wait for servers and processes half of their time: four workers keep two cores busy.
WORKERS ?= 4

help:
	@echo "make demo    a sample of government sites, crawled, found, mailed to files, and the desk to look at it"
	@echo "make test    the test suite (needs no network; browser and PostgreSQL tests say when they skip)"
	@echo "make lint | types | bench [FIGURE=read] | score | docs | test-long"

$(PYTHON):
ifdef UV
	@uv venv --quiet --python '>=3.11' $(VENV)
else
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tealeaves needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@python3 -m venv $(VENV) || { echo "python3 -m venv failed; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
endif

$(VENV)/.program: pyproject.toml | $(PYTHON)
	@echo "Installing tealeaves into $(VENV) ..."
ifdef UV
	@uv pip install --quiet --python $(PYTHON) -e '.[attachments]'
else
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -e '.[attachments]'
endif
	@touch $@

$(VENV)/.development: pyproject.toml | $(PYTHON)
	@echo "Installing tealeaves and its test tools into $(VENV) ..."
ifdef UV
	@uv pip install --quiet --python $(PYTHON) -e '.[all]' --group dev
else
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -e '.[all]' --group dev
endif
	@touch $@ $(VENV)/.program

demo: $(VENV)/.program
	@$(VENV)/bin/tealeaves demo $(DEMO)

test: $(VENV)/.development
	@$(PYTHON) -m pytest -n $(WORKERS) -m 'not long' $(TESTS)

test-long: $(VENV)/.development
	@$(PYTHON) -m pytest -n $(WORKERS) -m long --timeout=3600 $(TESTS)

lint: $(VENV)/.development
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/lint-imports

types: $(VENV)/.development
	@$(VENV)/bin/mypy

bench: $(VENV)/.development
	@$(PYTHON) -m benchmarks $(FIGURE)

score: $(VENV)/.development
	@$(PYTHON) -m benchmarks.score

docs: $(VENV)/.development
	@$(PYTHON) -m pytest tests/test_docs.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
