# The one task runner: people, hooks and CI call the same targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP     = $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run kafka test check format bench schema lock clean

run: $(VENV)/.runtime
	@$(BIN)/paperdesk

# A local broker for development, in this terminal: needs Java 17 and Maven.
kafka: $(VENV)/.runtime
	@$(BIN)/paperdesk kafka

# Most tests wait most of the time: four at once suit two cores. `make test ARGS="-n 0 -k alert"` runs some, one by one.
test: $(VENV)/.dev
	$(BIN)/pytest -n 4 --dist loadgroup $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.bench
	$(BIN)/python -m bench $(ARGS)

# What the migrations build, for people to read and a test to compare.
schema: $(VENV)/.dev
	$(BIN)/python -m app.schema

# Resolved once for every platform and Python we support; installs check the hashes.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	echo 'setuptools>=77' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header - -o deploy/build.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --prerelease allow --extra dev --extra bench -c requirements-dev.lock pyproject.toml -o requirements-bench.lock

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Paperdesk needs Python 3.11 or newer: run  make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Setting up Paperdesk in $(VENV) (once, about a minute) ..." >&2
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) </dev/null || { rm -rf $(VENV); exit 1; }

# Standard input belongs to the desk, so that commands can be piped into `make run`.
$(VENV)/.%: $(VENV)/bin/python pyproject.toml requirements.lock requirements-dev.lock requirements-bench.lock
	@$(PIP) --version </dev/null >/dev/null || $(PYTHON) -m venv --clear $(VENV) </dev/null
	@echo "Installing the $* dependencies ..." >&2
	@$(PIP) install --require-hashes -r $(if $(filter runtime,$*),requirements.lock,requirements-$*.lock) </dev/null
	@$(PIP) install --no-deps --editable . </dev/null
	@touch $@
