# GNU make 3.81 and a POSIX shell are enough. `make` alone explains the targets.

VENV = .venv
BIN = $(VENV)/bin
LOCK_VENV = .cache/lock
RUN = $(BIN)/python -m tools.run_tests
# The first Python that is new enough; another one by `make install PYTHON=/path/to/python3`.
PYTHON = $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
COMPILE = $(LOCK_VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command 'make lock' $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help install demo browser test test-sqlite test-postgres test-kill lint types contracts bench migrations \
	format lock clean screenshots

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

install: $(VENV)/.installed ## Install everything into .venv, exactly as locked

$(VENV)/.installed: requirements-dev.lock pyproject.toml hatch_build.py frontend/package-lock.json
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing." \
		"On Debian and Ubuntu: apt install python3 python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python -a -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Installing what requirements-dev.lock names; this takes a minute or two."
	@$(BIN)/pip install --disable-pip-version-check --quiet --only-binary :all: \
		--require-hashes -r requirements-dev.lock
	@$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: install ## Replay northwest Syria 2019 to 2020, and serve it with a door to each role
	$(BIN)/openhns demo $(ARGS)

browser: install ## Install Chromium for the tests where there is none (Debian, as root)
	@$(BIN)/python -m tools.install_browser

test: browser ## Run every check and all tests on SQLite and PostgreSQL
	$(RUN)

test-sqlite: browser ## Run the tests on SQLite
	$(RUN) sqlite browser

test-postgres: install ## Run the tests that use a database on PostgreSQL
	$(RUN) postgres

test-kill: install ## Kill each command at each of its steps, on both databases; takes a quarter of an hour
	$(RUN) kill-sqlite kill-postgres

lint: install ## Check the code's style and format
	$(RUN) lint format

types: install ## Check the types
	$(RUN) types

contracts: install ## Check that imports go downward only
	$(RUN) contracts

bench: install ## Measure, and print a table and JSON
	$(BIN)/python -m benchmarks $(ARGS)

screenshots: browser ## Take the pictures of the README anew, from the demonstration
	$(BIN)/python -m tools.screenshots

migrations: install ## Write the migrations of tables that have changed
	DJANGO_SETTINGS_MODULE=openhns.project.settings $(BIN)/python -m django makemigrations
	$(BIN)/ruff check --quiet --fix src/openhns/*/migrations
	$(BIN)/ruff format --quiet src/openhns/*/migrations

format: install ## Rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## Write the lock files anew; `make lock UPGRADE=--upgrade` takes newer versions
	@test -x $(LOCK_VENV)/bin/uv || { $(PYTHON) -m venv $(LOCK_VENV) && \
		$(LOCK_VENV)/bin/pip install --disable-pip-version-check --quiet uv; }
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove what was installed, built and cached here
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
