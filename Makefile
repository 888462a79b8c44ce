# make run    the site, on http://127.0.0.1:8000 (PORT= changes it)
# make test   linters, type check and every test
# make check  the same without the slow tests and those that ask for pages: about two minutes
# make extras what single sign-on and passkeys need, into .venv
# make bench  what it costs, as ratios to something measured in the same run
.DEFAULT_GOAL := help
.PHONY: help run extras test check lint bench lock clean messages

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
JOBS ?= 2
export PORT
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Where this is set, each of the many processes that tests start would translate every file of Python again.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip install --quiet

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

.venv/made:
	@command -v $(PYTHON) >/dev/null || { echo "make: python3 is missing: install Python 3.11 or later" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or later is needed" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "make: the venv module is missing: install python3-venv" >&2; exit 1; }
	@command -v git >/dev/null || { echo "make: git is missing: install git" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/made requirements.lock pyproject.toml
	@echo "Installing the packages named in requirements.lock …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-for-tests: .venv/ready requirements-test.lock
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@

run: .venv/ready
	@$(BIN)/consult prepare
	@exec $(BIN)/consult serve --port $(PORT)

extras: .venv/ready
	@$(PIP) --require-hashes -r requirements-extras.lock
	@echo "The packages of requirements-extras.lock are installed. Restart the site."

lint: .venv/ready-for-tests
	$(BIN)/ruff format --check consult tests wsgi.py
	$(BIN)/ruff check consult tests wsgi.py
	$(BIN)/mypy
	$(BIN)/djlint consult/templates --lint --quiet

check: lint
	$(BIN)/pytest -n $(JOBS) -q -m "not slow and not browser and not pages"

# First everything on SQLite, then what touches a database once more on PostgreSQL. What asks for pages, half of that,
# is asked again only where nothing may be left out, as in `.ci/run`.
AGAIN := not browser and not once$(if $(filter 1,$(CONSULT_TEST_ALL)),, and not pages)
test: lint
	$(BIN)/pytest -n $(JOBS) -q
	$(BIN)/pytest -n $(JOBS) -q --database postgresql -m "$(AGAIN)"

bench: .venv/ready-for-tests
	$(BIN)/python -m tests.benchmarks

# The locks are made with uv (https://docs.astral.sh/uv), which is needed for nothing else. Extras stay in the names:
# an older pip takes `coverage[toml]` for a package of its own, which no `coverage==7` pins.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras
lock:
	printf 'hatchling==1.27.0\neditables\n' > build.in
	$(COMPILE) pyproject.toml build.in -o requirements.lock
	$(COMPILE) pyproject.toml build.in --extra sso --extra passkeys -c requirements.lock -o requirements-extras.lock
	$(COMPILE) pyproject.toml build.in --extra test -c requirements-extras.lock -o requirements-test.lock
	rm build.in

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The message catalogue: every word of pages and mails, for translators.
messages: .venv/ready-for-tests
	$(BIN)/pybabel -q extract -F pyproject.toml -k _l -k lazy_gettext -k N_ --no-location --omit-header -o consult/translations/messages.pot .
