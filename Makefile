PYTHON ?= python3
PORT ?= 4566
ARCH ?= arm64
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
CHECKOV := .venv-checkov/.installed
SITE := .venv-docs/.installed
export PYTHONPATH := functions:emulator/src

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-container lint docs local bench build deploy requirements

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(INSTALLED) ## install all tools and libraries into .venv

$(INSTALLED): requirements-dev.txt pyproject.toml emulator/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.13 $(MAKECMDGOALS)")'
	@echo "installing into $(VENV) (a minute, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . --editable emulator
	@touch $@

demo: $(INSTALLED) ## publish, promote and install packages on a local AWS; stops when it is done
	@$(BIN)/python -m local.demo

$(CHECKOV): tests/checkov.txt | $(INSTALLED) # separate: it needs other versions of moto's and SAM's libraries
	@echo "installing checkov into $(@D)"
	@test -x $(@D)/bin/python || $(BIN)/python -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/checkov.txt
	@touch $@

test: $(INSTALLED) $(CHECKOV) $(SITE) ## run every test
	$(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(INSTALLED) ## check style, types and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/ruff check --config emulator/moto-ruff.toml emulator/src
	$(BIN)/ruff format --check --config emulator/moto-ruff.toml emulator/src
	$(BIN)/mypy --config-file emulator/moto-mypy.ini
	$(BIN)/lint-imports --no-cache --no-logo

$(SITE): docs/requirements.txt # separate: the site needs nothing of the project
	@echo "installing mkdocs into $(@D)"
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r docs/requirements.txt
	@touch $@

docs: $(SITE) ## check the documentation, and build its site into build/site
	@$(<D)/bin/pymarkdown --config docs/.pymarkdown.json scan *.md docs/*.md docs/decisions/*.md
	@NO_MKDOCS_2_WARNING=1 $(<D)/bin/python -m mkdocs build --strict
	@echo "build/site/index.html"

local: $(INSTALLED) ## run a local AWS with the deployed template until you interrupt it
	@PORT=$(PORT) CONTAINERS=$(CONTAINERS) $(BIN)/python -m local

bench: $(INSTALLED) ## measure the figures that have a goal
	@$(BIN)/python -m deploy.build --arch host --build-dir .aws-sam/bench/build
	$(BIN)/python -m bench.startup .aws-sam/bench/build/PromoteFunction
	$(BIN)/python -m bench.events
	$(BIN)/python -m bench.rules
	$(BIN)/python -m bench.replay
	$(BIN)/python -m bench.explain
	$(BIN)/python -m bench.promptness

build: $(INSTALLED) ## build the artifact for ARCH=arm64 or x86_64
	@$(BIN)/python -m deploy.build --arch $(ARCH)

test-container: $(INSTALLED) ## run the function in real containers (needs Docker)
	@docker info >/dev/null 2>&1 || { echo "no Docker engine answers, and containers need one" >&2; exit 1; }
	@$(BIN)/python -m deploy.build --arch host
	$(BIN)/python -m pytest tests/container

deploy: $(INSTALLED) ## build and deploy to AWS, with parameters derived from the rules
	@$(BIN)/python -m deploy.credentials
	@$(MAKE) --no-print-directory build
	@parameters=$$($(BIN)/promoter parameters) && \
	overrides=$$(echo "$$parameters" | $(BIN)/python -m deploy.parameter_overrides) && \
	$(BIN)/sam deploy --guided --parameter-overrides $$overrides

requirements: ## compile the hash-pinned requirements from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --all-extras pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-annotate --no-header \
	  --constraint requirements-dev.txt functions/requirements.in -o functions/requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  tests/checkov.in -o tests/checkov.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  docs/requirements.in -o docs/requirements.txt
