# Two commands: `make run` and `make test`. Everything else is for those who build the house.
SHELL := /bin/bash
PORT ?= 8000
VENV := .venv
PYTHON = $(VENV)/bin/python

.PHONY: run test setup check bench bench-methods format messages clean

run: setup  ## environment, database, demo city, server
	@MADANG_DEMO=$${MADANG_DEMO:-1} PORT=$(PORT) $(VENV)/bin/madang run --port $(PORT)

setup: $(VENV)/.runtime  ## only the environment, with .venv/bin/madang

test: $(VENV)/.dev  ## the whole suite on SQLite, or on DATABASE_URL
	@$(PYTHON) -m pytest -n 2 --dist loadfile $(ARGS)

check: $(VENV)/.dev  ## linters, types, layers, system checks
	@$(VENV)/bin/ruff check --no-cache src tests benchmarks
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --verbose 2>/dev/null || $(VENV)/bin/lint-imports
	@MADANG_HOME=$$(mktemp -d) $(PYTHON) manage.py check
	@MADANG_HOME=$$(mktemp -d) $(PYTHON) manage.py makemigrations --check --dry-run

bench: $(VENV)/.dev  ## side by side with nginx and a bare Django view; prints ratios
	@$(PYTHON) benchmarks/run.py $(ARGS)

bench-methods: $(VENV)/.dev  ## the methods side by side with their peers; prints medians and ratios
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PYTHON) benchmarks/methods.py $(ARGS)

$(VENV)/.runtime: requirements.lock pyproject.toml
	@bash scripts/environment runtime

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	@bash scripts/environment dev

lock:  ## after changing pyproject.toml
	uv lock
	uv export --frozen --no-emit-project --extra web --extra postgres --extra methods --no-default-groups --group build -o requirements.lock -q
	uv export --frozen --no-emit-project --all-extras --group dev --group peers -o requirements-dev.lock -q

format:
	$(VENV)/bin/ruff check --fix src tests benchmarks

messages:  ## gather Korean strings for the English translation (needs gettext); then fill in what is empty or fuzzy
	@mkdir -p src/madang/locale/en/LC_MESSAGES
	@cd src/madang && MADANG_HOME=$$(mktemp -d) ../../$(PYTHON) ../../manage.py makemessages -l en --no-location --no-wrap --no-obsolete
	@sed -i '/^"POT-Creation-Date/d' src/madang/locale/en/LC_MESSAGES/django.po

clean:
	rm -rf $(VENV) var
