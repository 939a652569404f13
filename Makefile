# Everything a person needs: `make demo`. Everything a contributor needs: `make check test`.
# The first call makes a virtual environment in .venv; a second call finds it there and is quick.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV ?= .venv
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
BIN := $(VENV)/bin
WORKERS ?= 2
# Files in their order, not those of most tests first: the long ones stand in front, many short ones fill up the end.
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
PIP := $(BIN)/python -m pip --disable-pip-version-check
DEMO ?= runs/demo

.PHONY: help demo setup setup-dev check test test-long test-gpu test-neural docs picture bench bench-peers clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(RUN_STAMP)  ## run the China scenario and write a report (a few minutes, most of it the first set-up)
	@$(BIN)/exitvoice run china-2024 --scale 0.01 --seed 1 --output $(DEMO) --force
	@echo
	@echo "The report is here; open it in a browser:"
	@echo "$(abspath $(DEMO))/report.html"

setup: $(RUN_STAMP)  ## the virtual environment, ready to run

setup-dev: $(DEV_STAMP)  ## the same with everything that tests, checks and docs need

check: $(DEV_STAMP)  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: $(DEV_STAMP)  ## all tests that take seconds (under 10 minutes on 2 cores)
	$(BIN)/python -m pytest -m "not long and not gpu" $(PARALLEL)

test-long: $(DEV_STAMP)  ## the tests that take minutes
	$(BIN)/python -m pytest -m "long and not gpu" $(PARALLEL)

test-gpu: $(DEV_STAMP)  ## the tests that need an NVIDIA device (skipped where there is none)
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev,cuda]'
	$(BIN)/python -m pytest -m gpu

test-neural: .venv-neural/.installed  ## the tests of neural posteriors, in an environment of their own (torch is large)
	.venv-neural/bin/python -m pytest tests/unit/test_calibration_neural.py

docs: $(DEV_STAMP)  ## the documentation in docs/_build/html, warnings are errors
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/_scripts/odd_tables.py
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html
	@echo "$(abspath docs/_build/html)/index.html"

picture: demo  ## the picture on the README's first screen, taken anew from the demo (needs chromium)
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,1400 \
	  --virtual-time-budget=15000 --screenshot=docs/images/report.png "file://$(abspath $(DEMO))/report.html"

bench: $(DEV_STAMP)  ## speed of the engine beside plain NumPy
	$(BIN)/python -m benchmarks

bench-peers: .venv-peers/.installed  ## speed of other frameworks on the same work (about ten minutes)
	.venv-peers/bin/python -m benchmarks.peers

.venv-peers/.installed: benchmarks/peers/requirements.txt benchmarks/peers/requirements-mesa-frames.txt | $(BIN)/python
	@$(BIN)/python -m benchmarks.peers.install
	@touch $@

.venv-neural/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@$(BIN)/python -m venv --clear .venv-neural
	@grep -v '^cuda-\|^nvidia-' constraints.txt > .venv-neural/constraints.txt
	@.venv-neural/bin/python -m pip --disable-pip-version-check install --quiet \
	  --constraint .venv-neural/constraints.txt --editable '.[calibration,neural]' pytest
	@touch $@

clean:  ## remove the environment, caches and the demo run
	rm -rf $(VENV) .venv-neural docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis $(DEMO)
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# --- set-up ---------------------------------------------------------------------------------------------------------

# The first Python on PATH that is new enough and can make a virtual environment; PYTHON=... overrides.
$(BIN)/python:
	@candidates="$${PYTHON:-python3 python3.13 python3.12 python3.11}"; \
	chosen=; old=; bare=; \
	for python in $$candidates; do \
	  command -v "$$python" >/dev/null 2>&1 || continue; \
	  if ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then old="$$old $$python"; continue; fi; \
	  if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then bare="$$bare $$python"; continue; fi; \
	  chosen="$$python"; break; \
	done; \
	if [ -z "$$chosen" ]; then \
	  if [ -n "$$bare" ]; then \
	    echo "exitvoice:$$bare cannot make a virtual environment, because the venv module is not complete." >&2; \
	    echo "On Debian or Ubuntu:  apt-get install python3-venv   and then make again." >&2; \
	  else \
	    echo "exitvoice needs Python 3.11 or newer on PATH (looked for: $$candidates; too old:$${old:- none found})." >&2; \
	    echo "On Debian or Ubuntu:  apt-get install python3 python3-venv   or say make PYTHON=/path/to/python3.11" >&2; \
	  fi; \
	  exit 1; \
	fi; \
	echo "exitvoice: making $(VENV) with $$("$$chosen" --version)"; \
	rm -rf $(VENV); "$$chosen" -m venv $(VENV)

$(RUN_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "exitvoice: installing (the first time takes a minute or two)"
	@$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "exitvoice: installing with the tools for tests and docs (the first time takes a few minutes)"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(RUN_STAMP) $@
