# Every command that people need; `make help` lists them.
# All that they set up stays in the checkout: .venv (ours) and .servers (servers for the tests).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
SWIFT := .servers/swift/bin/swift-proxy-server
REQUIREMENTS := pyproject.toml constraints.txt
SLOW := servers or fault or browser or render
# A process for each processor; who is done takes half of what another still has before it. One
# that needs a server starts its own.
BESIDE := --numprocesses logical --maxprocesses 4 --dist worksteal
UNIT := -m "not ($(SLOW) or long)" $(BESIDE)
# Tests beside the types, which keep one processor busy: neither has to wait for the other.
ABREAST := $(MAKE) --no-print-directory --jobs 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check node-tools fix bench coverage attacks chaos static types servers addin pane page apitypes docs \
	release hooks constraints clean check-web unit unit-long

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run addin ## Set up what is missing and serve Crispdeck at http://127.0.0.1:8000
	$(BIN)/crispdeck serve

test: $(VENV)/.dev servers static node-tools addin ## Set up what is missing, real servers too, and run every test
	@$(ABREAST) unit-long types pane page
	$(BIN)/pytest -m "(servers or render) and not (browser or fault)" $(BESIDE)
	$(BIN)/pytest -m "browser or fault"  # one at a time: they wait, and kill, by the clock

check: $(VENV)/.dev static node-tools ## The fast part: format, lint, types, contracts, unit tests
	@$(ABREAST) unit types pane page

# Before the tests, some of which call these tools: what runs beside them would come too late.
node-tools:
	@if command -v npm >/dev/null; then \
	$(MAKE) --no-print-directory node_modules/.installed addin/node_modules/.installed; fi

unit:
	$(BIN)/pytest $(UNIT)

unit-long:
	$(BIN)/pytest -m "not ($(SLOW))" $(BESIDE)

# For a change to the web or to what it stands on: nothing here needs PyTorch, nor downloads it.
check-web: $(VENV)/.web page ## The fast part for web and library alone, without PyTorch
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy -p crispdeck -p web
	$(BIN)/lint-imports
	$(BIN)/pytest $(UNIT) tests/crispdeck tests/web

fix: $(VENV)/.web ## Format the code and mend what ruff, prettier and eslint can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	@if [ -d node_modules ]; then npm run --silent fix; fi

coverage: $(VENV)/.dev ## Run the unit tests and show what they reach; below the floor is an error
	$(BIN)/pytest $(UNIT) --cov --cov-report=term:skip-covered --cov-report=xml:build/coverage.xml

bench: $(VENV)/.dev ## Measure quality and speed, and the quick path, on this machine
	$(BIN)/crispdeck bench
	$(BIN)/crispdeck bench quickpath

attacks: $(VENV)/.dev ## Attack a web server with all that the tests know, and show what it cost
	$(BIN)/python -m tests.attacks

chaos: $(VENV)/.dev servers ## Kill processes and servers at random for ten minutes on each stack
	$(BIN)/python -m tests.chaos

static: $(VENV)/.dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports

types:
	$(BIN)/mypy

servers: $(SWIFT)
	@tests/servers/install

# The task pane is built where there is Node; later runs build only what changed.
addin: ## Build the PowerPoint task pane (needs Node 20.19 or newer)
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory addin/dist/.built; \
	else echo "No Node here: all but the PowerPoint task pane at /addin/ is served."; fi

addin/node_modules/.installed: addin/package.json addin/package-lock.json
	npm --prefix addin ci --no-audit --no-fund --loglevel=error
	@touch $@

PANE := $(shell find addin/src addin/manifest addin/public addin/*.config.* -type f 2>/dev/null)

addin/dist/.built: addin/node_modules/.installed $(PANE)
	npm --prefix addin run --silent build
	@touch $@

# Types, lint and unit tests of the pane, again only when something changed.
pane:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory addin/node_modules/.checked; \
	else echo "No Node here: the PowerPoint task pane is not checked."; fi

addin/node_modules/.checked: addin/node_modules/.installed $(PANE) $(shell find addin/tests -type f 2>/dev/null)
	npm --prefix addin run --silent check
	@touch $@

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Types, lint and unit tests of the pages' scripts, again only when something changed.
page:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/.checked; \
	else echo "No Node here: the scripts of the pages are not checked."; fi

PAGE := $(shell find web/static web/types web/templates/page tests/web/static -type f 2>/dev/null)

node_modules/.checked: node_modules/.installed $(PAGE) tsconfig.json eslint.config.js .prettierrc.json
	npm run --silent check
	@touch $@

apitypes: $(VENV)/.dev addin/node_modules/.installed node_modules/.installed ## Write the types of pane and pages anew from the API
	$(BIN)/python -m infra.write_facts
	$(BIN)/python -m infra.write_openapi addin/openapi.json
	node addin/scripts/api-types.mjs addin/openapi.json
	node infra/page-types.mjs addin/openapi.json
	@rm addin/openapi.json

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Crispdeck needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -qq -c constraints.txt --upgrade pip

$(VENV)/.run: $(REQUIREMENTS) | $(BIN)/python
	@echo "Installing Crispdeck into $(VENV); PyTorch makes the first time take minutes."
	$(PIP) install -qq -c constraints.txt -e '.[web,worker]'
	@touch $@

$(VENV)/.dev: $(REQUIREMENTS) | $(BIN)/python
	@echo "Installing Crispdeck and its tools into $(VENV); PyTorch makes the first time take minutes."
	$(PIP) install -qq -c constraints.txt -e '.[web,oidc,worker,train,bench,lineage,dev]'
	@touch $(VENV)/.run $(VENV)/.web $@

$(VENV)/.web: $(REQUIREMENTS) | $(BIN)/python
	$(PIP) install -qq -c constraints.txt -e '.[web,oidc,dev]'
	@touch $@

hooks: $(VENV)/.dev ## Run the checks before each commit from now on
	$(BIN)/pre-commit install --install-hooks

release: $(VENV)/.dev ## Build the wheel and the source archive into dist/
	rm -rf dist
	$(BIN)/python -m build

# Swift pins other versions of what we use, so it lives in an environment of its own.
$(SWIFT): Makefile
	$(PYTHON) -m venv .servers/swift
	.servers/swift/bin/pip --disable-pip-version-check install -qq swift==2.38.3
	@touch $@

docs: $(VENV)/.dev ## Write the pages that are made from the code
	$(BIN)/python -m infra.write_settings

constraints: ## Pin every package anew to the newest that pyproject.toml allows
	infra/pin-packages $(PYTHON) constraints.txt

clean: ## Delete what these commands set up; data in ~/.crispdeck stays
	rm -rf $(VENV) .servers node_modules addin/node_modules addin/dist build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
