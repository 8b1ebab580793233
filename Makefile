# Needs Python >= 3.11, git and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test test-real engines-up engines-down engines-status lint types bench peers clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

demo: $(STAMP) ## Check a pull request of the example project, in a throw-away Git repository
	@$(BIN)/python examples/demo.py

test: $(STAMP) ## Run the tests
	@$(BIN)/python -m pytest

test-real: $(STAMP) ## Run the tests on real Kafka, Connect and Flink (needs Java 17 and Maven)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev,real]"
	@$(BIN)/python -m pytest tests/real tests/gateway/seen

engines-up: $(STAMP) ## Start Kafka, Connect, Flink and a schema registry on loopback
	@$(BIN)/python -m tests.real.engines up

engines-down: $(STAMP) ## Stop them
	@$(BIN)/python -m tests.real.engines down

engines-status: $(STAMP) ## Say what runs, and where
	@$(BIN)/python -m tests.real.engines status

lint: $(STAMP) ## Check style, types and which part may import which
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(STAMP) ## Measure the compiler, as ratios
	@$(BIN)/python benchmarks/run.py

peers: $(STAMP) ## Measure dbt and SQLMesh on projects of the same shape (installs them, takes minutes)
	@$(BIN)/python benchmarks/compare.py

clean: ## Remove what was made
	rm -rf $(VENV) build dist target .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
