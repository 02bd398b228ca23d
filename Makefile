# make demo: a dancer on your speakers and on OSC.   make test: everything the tests check (test-unity: the C# alone).
# Both make .venv when it is missing and install the versions of constraints.txt; they install again only when that
# file or pyproject.toml has changed. Another Python: make demo PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt

.PHONY: demo test test-unity lint clean

demo: $(VENV)/.installed
	$(BIN)/transflower demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

test-unity: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/unity_client

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

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
