# make dashboard   set up, prepare and serve at http://localhost:8501
# make test        set up and run the tests
# make install     set up .venv alone

PYTHON ?= python3
BIN := .venv/bin
CACHE := $(or $(ALIGNMENT_CACHE),cache)

.PHONY: dashboard test install clean

dashboard: install $(CACHE)/built
	@exec $(BIN)/python -m dashboard --server.port 8501

# Asked for again only when code or data are newer. Without it a page prepares what it needs itself.
$(CACHE)/built: .venv/installed $(wildcard alignment/*.py alignment/*/*.py alignment/*/*/*)
	@$(BIN)/python -m alignment build
	@touch $@

test: install
	@$(BIN)/python -m pytest

install: .venv/installed

# Made last, so that an interrupted installation starts over.
.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; name one: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --requirement requirements.txt
	@touch $@

clean:
	rm -rf .venv
	find cache -mindepth 1 -not -name README.md -delete
