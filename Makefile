# One word each: run, test, check, bench. Everything lives in .venv and var/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check bench deps-run deps-test

run: deps-run
	@exec $(BIN)/python manage.py serve

test: deps-test
	@$(BIN)/python -m tests.kit.asterisk
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/unit tests/wire tests/real
	@$(BIN)/python -m pytest tests/browser

check: deps-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy parkinglot lots dashboard
	$(BIN)/lint-imports
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: deps-test
	@$(BIN)/python -m tests.bench

deps-run: $(VENV)/run.stamp

deps-test: $(VENV)/test.stamp
	@tests/packages

# pip is the last thing a venv gets: with it the venv is whole. A bare Debian needs a package to make one.
$(BIN)/pip:
	@echo "Making the Python environment"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); tests/packages venv && $(PYTHON) -m venv $(VENV); }

PIP := $(BIN)/pip install -qqq --disable-pip-version-check --progress-bar off --log $(VENV)/pip.log
NO_PACKAGES = { echo "The Python packages could not be installed ($(VENV)/pip.log says why). Is there a network? Then run make again." >&2; exit 1; }

$(VENV)/run.stamp: requirements.txt | $(BIN)/pip
	@echo "Installing the portal's Python packages (about half a minute the first time)"
	@$(PIP) -r requirements.txt || $(NO_PACKAGES)
	@touch $@

$(VENV)/test.stamp: requirements.txt tests/requirements.txt | $(BIN)/pip
	@echo "Installing the Python packages of the tests (about a minute the first time)"
	@$(PIP) -r tests/requirements.txt || $(NO_PACKAGES)
	@touch $@ $(VENV)/run.stamp
