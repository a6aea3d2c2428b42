# make dashboard    set up and serve at http://localhost:8501; what pages need is prepared meanwhile
# make test         set up and run the tests
# make test-quick   the tests that need neither a browser nor long: under a minute on two free cores
# make test-nightly  10,000 made-up inputs for everything that reads any
# make test-bounds  the tests with the oldest and with the newest versions that pyproject.toml allows; asks the network
# make soak       kills, full disks, damaged entries, hostile inputs, twenty visitors: under an hour
# make coverage     the tests, and which lines of the library they run
# make check        linter, formatter, types, import contracts, JavaScript
# make docs         write what docs/ takes from the code, and build it into dist/docs
# make audit        look the pinned packages up for known vulnerabilities; asks the network
# make constraints  pin anew all that the requirements bring; asks the network
# make install      set up .venv alone
# make clean        remove .venv, node_modules and the cache

PYTHON ?= python3
BIN := .venv/bin
CACHE := $(or $(ALIGNMENT_CACHE),cache)
TEST_CACHE := .pytest_cache/alignment
export PATH := $(abspath $(BIN)):$(PATH)
TWO_PROCESSES := --numprocesses 2 --no-loadscope-reorder
UV := 0.13.9
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt

.PHONY: dashboard test test-quick test-nightly test-bounds soak coverage check lint format types imports javascript docs audit constraints install clean

dashboard: install
	@exec $(BIN)/python -m dashboard --server.port 8501

# Before serving, as in an image or for a trial; before the tests, whose processes would each compute the same. Asked for again
# only when code or data are newer.
%/built: .venv/installed $(shell find alignment -name '*.py' -o -name '*.csv' -o -name '*.json' -o -name '*.bin')
	@ALIGNMENT_CACHE=$* $(BIN)/python -m alignment build
	@touch $@

test: .venv/installed-dev $(TEST_CACHE)/built
	@$(BIN)/python -m pytest $(TWO_PROCESSES)

test-quick: .venv/installed-dev
	@$(BIN)/python -m pytest -m "not browser and not slow" $(TWO_PROCESSES)

test-nightly: .venv/installed-dev
	@$(BIN)/python -m pytest -m nightly

test-bounds: .venv/installed-dev
	@$(PIP_INSTALL) --quiet uv==$(UV)
	@for bound in lowest-direct highest; do \
	  $(BIN)/uv venv --quiet --clear .venv/$$bound && \
	  $(BIN)/uv pip install --quiet --python .venv/$$bound --resolution $$bound --requirement pyproject.toml --all-extras && \
	  .venv/$$bound/bin/python -m pytest -m "not browser" $(TWO_PROCESSES) || exit 1; \
	done

soak: .venv/installed-dev $(CACHE)/built
	@$(BIN)/python -m benchmarks soak $(SOAK)

coverage: .venv/installed-dev $(TEST_CACHE)/built
	@$(BIN)/python -m pytest --cov $(TWO_PROCESSES)

check: lint format types imports javascript

lint: .venv/installed-dev
	@$(BIN)/ruff check

format: .venv/installed-dev
	@$(BIN)/ruff format --check

types: .venv/installed-dev
	@$(BIN)/mypy

imports: .venv/installed-dev
	@$(BIN)/lint-imports

javascript: node_modules/.package-lock.json
	@$(BIN)/npm run --silent lint
	@$(BIN)/npm test --silent

docs: .venv/installed-dev
	@$(BIN)/python docs/generate.py
	@$(BIN)/python -m mkdocs build --strict --quiet

audit: .venv/installed-dev
	@$(PIP_INSTALL) --quiet pip-audit==2.10.1
	@$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

# CUDA's parts stay free, as they differ from one build of torch to the next.
constraints: .venv/installed-dev
	@$(PIP_INSTALL) --quiet uv==$(UV)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --no-python-downloads --no-header --no-annotate \
	  --all-extras requirements-dev.txt pyproject.toml --output-file .venv/constraints.txt --upgrade
	@(grep '^#' constraints.txt; grep -vE '^(cuda|nvidia|triton)' .venv/constraints.txt) > .venv/constraints.new
	@mv .venv/constraints.new constraints.txt

install: .venv/installed

# Each is made last, so that an interrupted installation starts over. An environment without pip is one too: Debian leaves
# it where python3-venv was missing.
.venv/installed: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; here = sys.version_info[:2]; sys.exit(None if (3, 10) <= here <= (3, 14) else "Python 3.10 to 3.14 is needed, and %s is %d.%d; name another: make PYTHON=python3.14" % ((sys.executable,) + here))'
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv .venv
	$(PIP_INSTALL) --requirement requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(PIP_INSTALL) --requirement requirements-dev.txt
	@touch $@

node_modules/.package-lock.json: package-lock.json .venv/installed-dev
	$(BIN)/npm ci --no-audit --no-fund
	@touch $@

clean:
	rm -rf .venv node_modules
	find cache -mindepth 1 -not -name README.md -delete
