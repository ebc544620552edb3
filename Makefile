# Two commands set everything up on a machine with Python 3.11 or later, pip and make:
#   make serve    the endpoint on http://127.0.0.1:8000/
#   make test     every test, linter and type check
#
# Each installs exactly the versions in deploy/requirements/*.lock, compared by their SHA-256.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
# A process for each core; the tests of a file stay together, for they share servers.
PYTEST = $(BIN)/pytest --numprocesses auto --dist loadfile
# A stamp each: serving needs less than testing, and releasing other tools.
BUILDING = $(VENV)/.building
SERVING = $(VENV)/.serving
TESTING = $(VENV)/.testing
RELEASING = $(VENV)/.releasing
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
# The same sources give the same bytes: archives carry the time of the last commit.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1700000000)

.PHONY: help install serve test test-quick lint bench validators stores engines check docs answers messages editor format lock audit release clean

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BUILDING): deploy/requirements/build.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "forumkg needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes --requirement deploy/requirements/build.lock
	touch $@

$(SERVING): deploy/requirements/serve.lock pyproject.toml $(BUILDING)
	$(INSTALL) --require-hashes --requirement deploy/requirements/serve.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(TESTING): deploy/requirements/test.lock $(SERVING)
	$(INSTALL) --require-hashes --requirement deploy/requirements/test.lock
	touch $@

$(RELEASING): deploy/requirements/release.lock $(SERVING)
	$(INSTALL) --require-hashes --requirement deploy/requirements/release.lock
	touch $@

install: $(SERVING)  ## Install the command forumkg, without starting it
	@echo 'Installed $(BIN)/forumkg; to serve the graph: $(BIN)/forumkg serve'

serve: $(SERVING)  ## Serve the graph on http://127.0.0.1:8000/
	$(BIN)/forumkg serve

test: $(TESTING) lint  ## Run everything
	$(PYTEST)

test-quick: $(TESTING)  ## Run all but the slow tests
	$(PYTEST) -m 'not slow'

lint: $(TESTING)  ## Ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(TESTING)  ## Measure the server beside its peers, and write docs/benchmarks.md
	$(BIN)/python -m bench

validators: $(TESTING)  ## Run other SHACL engines, and write docs/validate-elsewhere.md; needs Java and Maven
	PYTHONPATH=tests/support $(BIN)/python -m bench.validators

stores: $(TESTING)  ## Ask other stores the questions, and write docs/stores.md; needs Java, Maven, npm, Virtuoso
	PYTHONPATH=tests/support $(BIN)/python -m bench.stores

engines: $(TESTING)  ## Check other engines behind the front, and write the table of docs/engines.md
	$(BIN)/python -m bench.engines

check: $(SERVING)  ## Validate the shipped graph
	$(BIN)/forumkg check

lock: $(RELEASING)  ## Pin the newest dependencies that pyproject.toml allows, with their SHA-256
	$(COMPILE) --upgrade --output-file deploy/requirements/serve.lock pyproject.toml
	$(COMPILE) --upgrade --constraint deploy/requirements/serve.lock --output-file deploy/requirements/test.lock --extra test pyproject.toml
	$(COMPILE) --upgrade --constraint deploy/requirements/serve.lock --output-file deploy/requirements/release.lock --extra release pyproject.toml
	$(COMPILE) --upgrade --output-file deploy/requirements/build.lock deploy/requirements/build.in

audit: $(RELEASING)  ## Look the pinned dependencies up among known vulnerabilities; needs the network
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement deploy/requirements/serve.lock
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement deploy/requirements/build.lock

release: $(RELEASING)  ## Write wheel, source archive, lock, bills of materials (SBOM) and checksums to dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-file dist/forumkg.cdx.json deploy/requirements/serve.lock
	# npm wants a version, and one in package.json would change with each release what the script is built from.
	folder=$$(mktemp -d)/forumkg-editor && mkdir $$folder && cp server/editor/package*.json $$folder && \
	    version=$$($(BIN)/python -c 'import forumkg; print(forumkg.__version__)') && cd $$folder && \
	    npm pkg set version=$$version && npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > sbom.json && \
	    mv sbom.json $(CURDIR)/dist/forumkg-editor.cdx.json && rm -r $$folder
	cp deploy/requirements/serve.lock dist/forumkg.lock
	cd dist && sha256sum * > SHA256SUMS

docs: $(TESTING)  ## Write the generated pages of docs/ and the columns of the class diagram
	$(BIN)/python tests/support/references.py
	$(BIN)/python tests/support/diagram_columns.py

answers: $(TESTING)  ## Record the answers of the shipped graph and its counts, and print what changed
	$(BIN)/python tests/support/shipped_answers.py

messages: $(TESTING)  ## Collect the messages of the pages, and compile their translations
	$(BIN)/python tests/support/messages.py

editor:  ## Build the script of the query page, with Node.js
	cd server/editor && npm ci --ignore-scripts --no-audit --no-fund && node build.js

format: $(TESTING)  ## Rewrite graph/ canonically and format the code
	$(BIN)/forumkg format graph
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:  ## Remove what the other commands made
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/clients/comunica/node_modules server/editor/node_modules
