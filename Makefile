# One word each: run, test, check, bench, chaos. Everything lives in .venv and var/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := var/tools

.PHONY: run test test-real test-browser test-unit check bench chaos lock sbom tools deps-run deps-test

run: deps-run
	@exec $(BIN)/python manage.py serve

# Tests with a real Asterisk mostly wait: more of them than cores. What computes comes after them, or they would be late.
test: deps-test
	@$(BIN)/python -m tests.kit.asterisk
	@$(MAKE) --no-print-directory --keep-going test-real test-browser test-unit

PYTEST := $(BIN)/python -m pytest --dist loadgroup --no-loadscope-reorder

test-real: deps-test
	@$(PYTEST) -n 4 tests/real tests/wire

test-browser: deps-test
	@$(PYTEST) -n 2 tests/browser

test-unit: deps-test
	@$(PYTEST) -n 2 tests/unit

check: deps-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy parkinglot lots dashboard
	$(BIN)/lint-imports
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run
	@$(MAKE) -s tools 2>/dev/null || true
	$(BIN)/python -m tests.supply.audit

bench: deps-test
	@$(BIN)/python -m tests.bench

chaos: deps-test
	@$(BIN)/python -m tests.chaos

# Pins all packages with their hashes, after an edit of one of the three short lists; UPGRADE=1: the newest versions.
lock: tools
	@tests/supply/lock
	@$(PIP) -r tests/requirements.txt || $(NO_PACKAGES)
	@$(BIN)/python -m tests.supply.licences

sbom: $(VENV)/test.stamp
	@$(BIN)/python -m tests.supply.sbom

tools: $(TOOLS)/stamp

deps-run: $(VENV)/run.stamp

deps-test: $(VENV)/test.stamp
	@tests/packages

# pip is the last thing a venv gets: with it the venv is whole. A bare Debian needs a package to make one.
$(BIN)/pip:
	@echo "Making the Python environment"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); tests/packages venv && $(PYTHON) -m venv $(VENV); }

CHECKED := install -qqq --require-hashes --disable-pip-version-check --progress-bar off
PIP := $(BIN)/pip $(CHECKED) --log $(VENV)/pip.log
NO_PACKAGES = { echo "The Python packages could not be installed ($(VENV)/pip.log says why). Is there a network? Then run make again." >&2; exit 1; }

$(VENV)/run.stamp: requirements.txt | $(BIN)/pip
	@echo "Installing the portal's Python packages (about half a minute the first time)"
	@$(PIP) -r requirements.txt || $(NO_PACKAGES)
	@touch $@

$(VENV)/test.stamp: requirements.txt tests/requirements.txt | $(BIN)/pip
	@echo "Installing the Python packages of the tests (about a minute the first time)"
	@$(PIP) -r tests/requirements.txt || $(NO_PACKAGES)
	@touch $@ $(VENV)/run.stamp

# What locks and audits has an environment of its own: it shares no package with the portal.
$(TOOLS)/stamp: tests/supply/tools.txt | $(BIN)/pip
	@$(BIN)/python -m venv $(TOOLS)
	@$(TOOLS)/bin/pip $(CHECKED) -r $<
	@touch $@
