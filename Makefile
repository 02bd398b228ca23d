# make demo: a dancer on your speakers and on OSC.   make test: everything the tests check (test-unity: the C# alone).
# Both make .venv when it is missing and install the versions of constraints.txt; they install again only when that
# file or pyproject.toml has changed. Another Python: make demo PYTHON=python3.12
# make stage-page: builds the page of the stage from bridge/stage/web into bridge/stage/page (needs Node 20).
# make blender-zip: the Blender extension as dist/*.zip.   make test-blender: its tests in Blender 4.2, 4.5 and 5.0, by
# PyPI's bpy in virtual environments of their own (3 GB, and Python 3.11, which these wheels need).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt

BLENDER_PYTHON ?= python3.11
BLENDER_VERSIONS := 4.2 4.5 5.0
BPY_4.2 := 4.2.23
BPY_4.5 := 4.5.15
BPY_5.0 := 5.0.1

WEB := bridge/stage/web
WEB_INSTALLED := $(WEB)/node_modules/.installed

.PHONY: demo test test-unity test-blender test-stage blender-zip stage-page lint lint-page clean

demo: $(VENV)/.installed
	$(BIN)/transflower demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

test-unity: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/unity_client

test-blender: $(VENV)/.installed-dev $(BLENDER_VERSIONS:%=.venv-blender/%/.installed)
	BLENDER_MUST="$(BLENDER_VERSIONS)" $(BIN)/python -m pytest tests/blender_addon

test-stage: $(VENV)/.installed-dev $(WEB_INSTALLED)
	$(BIN)/python -m pytest tests/stage

stage-page: $(WEB_INSTALLED)
	cd $(WEB) && npm run --silent build

lint-page: $(WEB_INSTALLED)
	cd $(WEB) && npm run --silent lint

$(WEB_INSTALLED): $(WEB)/package-lock.json
	cd $(WEB) && npm ci --no-audit --no-fund
	@touch $@

blender-zip:
	@$(PYTHON) -m blender_addon.make_zip

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) .venv-blender $(WEB)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# pip is what a venv lacks when Debian's python3-venv is missing, so it says whether the venv is whole.
$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON) here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version). Name another: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing into $(VENV) (a few minutes the first time)"
	$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing into $(VENV) (a few minutes the first time)"
	$(PIP_INSTALL) -e ".[train,dev]"
	@touch $(VENV)/.installed $@

# Pytest is the one that our own tests have.
.venv-blender/%/.installed: Makefile
	@echo "Installing Blender $* as a Python module into .venv-blender/$* (0.9 GB)"
	@$(BLENDER_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Blender's wheels need Python 3.11. Name one: make test-blender BLENDER_PYTHON=/path/to/python3.11"; exit 1; }
	@$(BLENDER_PYTHON) -m venv .venv-blender/$*
	.venv-blender/$*/bin/python -m pip install --disable-pip-version-check --quiet bpy==$(BPY_$*) $$(grep '^pytest==' constraints.txt)
	@touch $@
