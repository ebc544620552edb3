# Two commands set everything up on a machine with Python 3.11 or later, pip and make:
#   make serve    the endpoint on http://127.0.0.1:8000/
#   make test     every test, linter and type check

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
INSTALLED = $(VENV)/.installed

.PHONY: help serve test test-quick lint bench check editor format clean

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(INSTALLED): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "forumkg needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

serve: $(INSTALLED)  ## Serve the graph on http://127.0.0.1:8000/
	$(BIN)/forumkg serve

test: $(INSTALLED) lint  ## Run everything
	$(BIN)/pytest

test-quick: $(INSTALLED)  ## Run all but the slow tests
	$(BIN)/pytest -m 'not slow'

lint: $(INSTALLED)  ## Ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(INSTALLED)  ## Measure the server beside its peers, and write docs/benchmarks.md
	$(BIN)/python -m bench

check: $(INSTALLED)  ## Validate the shipped graph
	$(BIN)/forumkg check

editor:  ## Build the script of the query page, with Node.js
	cd server/editor && npm ci --ignore-scripts --no-audit --no-fund && node build.js

format: $(INSTALLED)  ## Rewrite graph/ canonically and format the code
	$(BIN)/forumkg format graph
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:  ## Remove what the other commands made
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/clients/comunica/node_modules server/editor/node_modules
