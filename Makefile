# Targets of Reachboard; `make` alone lists them. Needs python3 (3.11 or newer), make and git.

VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
ROOMS = $(patsubst %/__init__.py,%,$(filter-out tests/%,$(wildcard */__init__.py)))
LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links pyproject.toml
INSTALL = $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes

ifdef PORT
export REACHBOARD_PORT := $(PORT)
endif

.DEFAULT_GOAL := help
.PHONY: help run test attack bench faults lint format docs lock vendor screenshots browser postgresql redis sshd oidc prove clean
.DELETE_ON_ERROR:

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Install, load the sample if there is no lake, and serve (PORT=8050, REACHBOARD_SAMPLE=1)
	@$(BIN)/python -m app prepare
	@exec $(BIN)/python -m app serve

test: $(VENV)/test.stamp browser postgresql redis sshd oidc lint ## Install what tests need, lint, and run every test (WORKERS=2)
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile

attack: $(VENV)/test.stamp ## Attack the release rule at full size, on the lake (REACHBOARD_VAR) and on small tables
	@$(BIN)/python -m tests.attacks

bench: $(VENV)/test.stamp ## Measure speed on a lake of EVENTS=10000000 events, as JSON (ROWS=1,2,3,6,7, BENCH=folder)
	@$(BIN)/python -m bench

faults: $(VENV)/test.stamp ## Kill processes, fill disks, spoil files, and count what survives (TRIALS=20, FAULTS=disk,files)
	@$(BIN)/python -m faults

prove: $(VENV)/test.stamp redis postgresql ## Run the image's steps without an engine, with PostgreSQL and Redis (as root)
	@$(BIN)/python -m deploy.prove

lint: $(VENV)/test.stamp ## Check style, types, which room imports which, and scan for weaknesses
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(ROOMS)
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tests.scan

format: $(VENV)/test.stamp ## Mend what a formatter can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(VENV)/run.stamp ## Write the generated docs and .env.example anew
	@$(BIN)/python -m app.docs

lock: $(VENV)/run.stamp ## Lock versions and hashes after a change in pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check uv==0.13.8
	@$(LOCK) -o requirements.txt
	@$(LOCK) --extra test -c requirements.txt -o requirements-test.txt

vendor: $(VENV)/run.stamp ## Fetch the browser assets of assets/vendor.toml anew (needs npm)
	@$(BIN)/python assets/refresh.py

screenshots: $(VENV)/test.stamp browser ## Picture every page of the sample into docs/screenshots
	@$(BIN)/python -m app prepare
	@$(BIN)/python docs/screenshots.py

clean: ## Remove the environment and caches; var/ (lake, secret) stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Reachboard needs Python 3.11 or newer; here is: $$(python3 --version 2>&1)" >&2; exit 1; \
	fi; \
	$$found -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "$$found cannot make an environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	}

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing the pinned dependencies (once, about half a minute) ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-test.txt requirements.txt | $(BIN)/python
	@echo "Installing what tests and lint need (once) ..."
	@$(INSTALL) -r requirements-test.txt
	@touch $@ $(VENV)/run.stamp

browser:
	@sh tests/install_browser.sh

postgresql:
	@sh tests/install_postgresql.sh

redis:
	@sh tests/install_redis.sh

sshd:
	@sh tests/install_sshd.sh

oidc:
	@sh tests/install_oidc.sh
