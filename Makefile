# Two commands matter: `make run` and `make test`. Each sets up everything it needs by itself.

PYTHON ?= python3
PY := .venv/bin/python
# The locks name everything, so pip resolves nothing: with --no-deps a release made after the lock cannot break a fresh machine.
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-deps

.PHONY: run test check bench simulate fuzz lock clean help

help:
	@echo "make run       set up and open the dashboard"
	@echo "make test      set up and run all checks and tests"
	@echo "make check     only style, types, imports"
	@echo "make bench     the figures of docs/performance.md"
	@echo "make simulate  the table of docs/method.md"
	@echo "make fuzz      hostile feeds for about ten minutes (FUZZ_EXAMPLES=20000)"
	@echo "make lock      pin newer versions of the libraries (needs uv)"

run: .venv/run.stamp
	@$(PY) -m monitor serve --open $(ARGS)

test: export PYTHONDONTWRITEBYTECODE :=  # what a hundred processes load is compiled once
test: .venv/dev.stamp check
	@$(PY) -m pytest -n 3 --dist loadgroup --cov --cov-report=term $(ARGS)
	@$(PY) -m coverage report --include='monitor/assess/*,monitor/stories/*,monitor/indicators/*' --fail-under=100

check: .venv/dev.stamp
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()"

bench: .venv/bench.stamp
	@$(PY) -m monitor bench $(ARGS)

simulate: .venv/run.stamp
	@$(PY) -m monitor.bench.simulate $(ARGS)

FUZZ_EXAMPLES ?= 20000
fuzz: .venv/dev.stamp
	@MONITOR_FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) $(PY) -m pytest -q tests/feeds/test_fuzz.py tests/feeds/test_thin.py tests/feeds/test_strict.py

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another one: make run PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up in .venv (once; about a minute with a warm package cache) ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "python3 -m venv failed. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation -e .
	@$(PY) -m pip --disable-pip-version-check check >/dev/null || { $(PY) -m pip check; exit 1; }
	@touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml | .venv/bin/python
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-build-isolation -e .
	@$(PY) -m pip --disable-pip-version-check check >/dev/null || { $(PY) -m pip check; exit 1; }
	@touch $@ .venv/run.stamp

.venv/bench.stamp: requirements-bench.lock pyproject.toml | .venv/bin/python
	@$(PIP) --require-hashes -r requirements-bench.lock
	@$(PIP) --no-build-isolation -e .
	@$(PY) -m pip --disable-pip-version-check check >/dev/null || { $(PY) -m pip check; exit 1; }
	@touch $@ .venv/run.stamp

# Names, versions and hashes only: no addresses, so that every machine uses its own package source.
UV := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --upgrade pyproject.toml --extra build
lock:
	$(UV) -o requirements.lock
	$(UV) --extra dev -c requirements.lock -o requirements-dev.lock
	$(UV) --extra dev --extra bench -c requirements-dev.lock -o requirements-bench.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov .coverage*
