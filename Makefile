# The same words for people and for CI. Each works as the first command ever typed: it needs python3 (3.11.5 or newer), git and make.
.DEFAULT_GOAL := help
.PHONY: help setup site serve check test test-all lint lock browser clean
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

# The same commit gives the same bytes: times that are written into the site are those of the commit.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 315532800)
# The theme prints a banner about the generator's next version at every build.
export NO_MKDOCS_2_WARNING := 1

help:  ## what the words do
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1 \2/p' Makefile | awk '{ word = $$1 " " $$2; $$1 = $$2 = ""; printf "  %-14s %s\n", word, $$0 }'

site: $(READY)  ## build the site, strictly, into site/
	@$(BIN)/mkdocs build --strict

serve: $(READY)  ## live preview at http://127.0.0.1:8000; edits of pages and data show at once, findings stop nothing
	@$(BIN)/mkdocs serve --no-strict --livereload

check: $(READY)  ## say what is wrong with pages and data, in seconds
	@$(BIN)/guide check --strict

lint: $(READY)  ## check the code of the tool
	@$(BIN)/ruff check hooks tests && $(BIN)/ruff format --check hooks tests && $(BIN)/mypy

test: $(READY) browser lint  ## all tests, in a real browser too
	@$(BIN)/pytest --numprocesses auto -m "not slow"

test-all: $(READY) browser lint  ## the slow tests too
	@$(BIN)/pytest --numprocesses auto

browser: $(READY)
	@$(BIN)/python tests/browser.py

lock: $(BIN)/python  ## renew requirements.lock from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes --no-emit-index-url --no-emit-find-links --upgrade \
		--custom-compile-command "make lock" pyproject.toml --group dev --output-file requirements.lock

clean:  ## remove what was built and installed
	rm -rf .venv site dist .site.new .site.old

setup: $(READY)

# Hashes are checked, nothing is resolved anew. The project itself is linked in, for the `guide` command.
$(READY): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Setting up .venv (once, about half a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5) and "This needs Python 3.11.5 or newer; name one with: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
