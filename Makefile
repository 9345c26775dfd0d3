# evenground: the commands of a developer's day. `make` alone lists them.

PYTHON ?= python3
VENV   ?= .venv
BUILD  ?= build
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check

# An empty file says that the environment matches its lock file; nothing is installed again until the lock changes.
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help review test check lint types layers docs pictures bench fuzz hierarchies lock fix clean

help:  ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

review: $(RUN)  ## set everything up, then review the example district into build/review
	$(BIN)/evenground review --example --out $(BUILD)/review

test: $(DEV)  ## run the tests
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint types layers docs  ## lint, types, layers, words, documentation

lint: $(DEV)
	$(BIN)/ruff check .

types: $(DEV)
	$(BIN)/mypy

layers: $(DEV)
	$(BIN)/python -m pytest -q tests/house

docs: $(DEV)  ## write the generated pages and build the documentation into build/site
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/charts.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir $(BUILD)/site

pictures: $(DEV)  ## renew the pictures of pages that tests compare; look at them, and commit them
	PICTURES=renew $(BIN)/python -m pytest -q tests/quality/test_pictures.py

bench: $(DEV)  ## time the main road and compare it with its peers
	$(BIN)/python -m bench

fuzz: $(DEV)  ## try thousands of broken inputs (ARGS="CASES SECONDS")
	$(BIN)/python -m tests.fuzz $(ARGS)

hierarchies: $(DEV)  ## try thousands of made-up school systems against the gate (TIMES=50)
	TIMES=$(or $(TIMES),50) $(BIN)/python -m pytest -q tests/disclosure/test_hierarchies.py

fix: $(DEV)  ## let ruff put imports and layout right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# One resolution for Linux, macOS and Windows and every supported Python; no registry is named in the result.
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet

lock: $(DEV)  ## resolve the lock files again, to the newest versions that pyproject.toml allows
	$(LOCK) --upgrade --group build -o requirements.lock
	$(LOCK) --upgrade --group dev -c requirements.lock -o requirements-dev.lock

clean:  ## remove what these commands have written, the environment too
	rm -rf $(VENV) $(BUILD) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment ---

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "evenground needs Python 3.11 or later. Here '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo 'not found')."; \
	  echo "Install a newer one, or name it: make review PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "This Python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

# The build tools are in the lock files, so nothing is fetched that has no hash.
INSTALL_SELF := $(PIP) install --quiet --no-build-isolation --no-deps --editable .

$(RUN): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(INSTALL_SELF)
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(INSTALL_SELF)
	@touch $@
