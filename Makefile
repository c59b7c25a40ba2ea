# Two commands matter: `make demo` (a working site on synthetic data) and `make test` (everything).
# Both make their own virtual environment and may be run again at any time.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help install demo test quick parity lint format bench clean

help: ## what can be asked for
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml constraints.txt scripts/install.sh
	@PYTHON='$(PYTHON)' bash scripts/install.sh '$(VENV)'

install: $(STAMP) ## the virtual environment with everything in it

demo: $(STAMP) ## simulate a college, run the daily job, serve the site on this machine
	@bash scripts/demo.sh '$(VENV)'

test: $(STAMP) ## install what the tests need, then run every check and every test
	@bash scripts/test-prerequisites.sh
	@$(MAKE) --no-print-directory lint
	@bash scripts/test.sh '$(VENV)'

quick: $(STAMP) ## unit tests only, a few seconds
	@'$(BIN)/python' -m pytest tests/unit -q

parity: ## a slice of the models on DuckDB and on Spark, row by row; needs Java, fetches its own packages
	@PYTHON='$(PYTHON)' bash scripts/test-parity.sh

lint: $(STAMP) ## style, import directions, contracts, models
	@'$(BIN)/ruff' check .
	@'$(BIN)/ruff' format --check .
	@'$(BIN)/lint-imports'
	@'$(BIN)/campus' contract lint
	@bash scripts/lint-models.sh '$(VENV)'

format: $(STAMP) ## rewrite the code in the house style
	@'$(BIN)/ruff' check --fix .
	@'$(BIN)/ruff' format .

bench: $(STAMP) ## the benchmarks; they print ratios against a bare baseline
	@'$(BIN)/python' bench/ingest.py
	@'$(BIN)/python' bench/build.py
	@'$(BIN)/python' bench/audit.py
	@'$(BIN)/python' bench/sql.py
	@'$(BIN)/python' bench/grants.py
	@'$(BIN)/python' bench/uses.py
	@'$(BIN)/python' bench/person.py
	@'$(BIN)/python' bench/dashboard.py

clean: ## remove what can be made again (never a data home)
	rm -rf '$(VENV)' .venv-parity build .pytest_cache .ruff_cache .hypothesis tests/e2e/oidc/node_modules
