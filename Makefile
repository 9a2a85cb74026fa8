# The one task runner: people, hooks and CI call the same targets.
# PYTHON=/path/to/python3.13 chooses the Python of the environment; otherwise the first suitable one is used.
PYTHON ?=
VENV   := .venv
BIN    := $(VENV)/bin
UV      = $(or $(PYTHON),python3) deploy/uv.py $(VENV)/uv
COMMA  := ,
UV_PIP  = $(UV) pip install --python $(BIN)/python --no-deps --require-hashes
PEERS  := nautilus_trader freqtrade backtesting pyportfolioopt skfolio
LOCKS  := requirements.lock requirements-dev.lock requirements-bench.lock requirements-recipes.lock

# Python writes its bytecode even where the environment forbids it: without it, every start compiles every module.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run help kafka test test-long test-unit check format bench recipes schema lock clean

run: $(VENV)/.runtime ## Open the desk in this terminal; commands can be piped in
	@$(BIN)/paperdesk

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# A local broker for development, in this terminal: needs Java 17 and Maven. It names the file with its login.
kafka: $(VENV)/.runtime ## Run a local Kafka broker for development, behind a login that it names (needs Java 17 and Maven)
	@$(BIN)/paperdesk kafka

# Most tests wait most of the time: four at once suit two cores. `make test ARGS="-n 0 -k alert"` runs some, one by one.
test: $(VENV)/.dev ## Run the tests, except for the long ones, in about twelve minutes; ARGS are pytest's
	$(BIN)/pytest -n 4 --dist loadgroup -m "not long" $(ARGS)

# Whole deployments, brokers that fail, processes that are killed, every command and button, hostile input: as long again.
test-long: $(VENV)/.dev ## Run the long tests; CI runs them with the others
	$(BIN)/pytest -n 4 --dist loadgroup -m long $(ARGS)

# Without engines, and with fewer examples of each property: a part of them with ARGS="-k PART" for every save.
test-unit: $(VENV)/.dev ## Run the tests that need no engine, in about three minutes
	$(BIN)/pytest -n 2 --hypothesis-profile quick -m "not long" tests/unit tests/property $(ARGS)

check: $(VENV)/.dev ## Check format, lint, types, import rules and structure
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.structure

format: $(VENV)/.dev ## Format, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.bench $(PEERS:%=$(VENV)/.peer-%) ## Measure; ARGS names benches, --small only tries their code
	$(BIN)/python -m bench $(ARGS)

# Recipes of forecasts beside the desk's own, for `paperdesk evaluate --recipes`: jax, optax and statsmodels.
recipes: $(VENV)/.recipes ## Install the libraries of the extra forecast recipes

# What the migrations build, for people to read and a test to compare.
schema: $(VENV)/.dev ## Write down the schema that the migrations build
	$(BIN)/python -m app.cli.dump_schema

# Resolved once for every platform and Python that we support, extras included. Upgrades: make lock ARGS=--upgrade
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header \
	--custom-compile-command "make lock" $(ARGS)
PEER_LOCK = $(subst --python-version 3.11,--python-version 3.12,$(LOCK))
lock: $(VENV)/bin/python ## Resolve the locks anew; ARGS=--upgrade for later releases
	$(LOCK) --no-build pyproject.toml -o requirements.lock
	$(LOCK) --extra dev --no-build -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(LOCK) --extra dev --extra bench --prerelease allow -c requirements-dev.lock pyproject.toml -o requirements-bench.lock
	$(LOCK) --extra deep --extra arima --no-build -c requirements.lock pyproject.toml -o requirements-recipes.lock
	printf 'setuptools>=77\ncython>=3\nwheel\n' | $(LOCK) - -o deploy/build.lock
	echo 'nautilus_trader>=1.231' | $(PEER_LOCK) --no-build - -o deploy/peer-nautilus_trader.lock
	echo 'freqtrade>=2026.9' | $(PEER_LOCK) - -o deploy/peer-freqtrade.lock
	echo 'backtesting>=0.6' | $(LOCK) --no-build - -o deploy/peer-backtesting.lock
	echo 'pyportfolioopt>=1.5.6' | $(PEER_LOCK) --no-build - -o deploy/peer-pyportfolioopt.lock
	echo 'skfolio>=0.10' | $(PEER_LOCK) --no-build - -o deploy/peer-skfolio.lock
	echo 'uv>=0.13' | $(LOCK) - -o deploy/uv.lock

clean: ## Remove the environment and what was built
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python: | deploy/uv.py
	@echo "Setting up Paperdesk in $(VENV) (once) ..." >&2
	@$(UV) venv --quiet --allow-existing --python-preference system \
		--python "$(or $(PYTHON),>=3.11$(COMMA)<3.15)" $(VENV) </dev/null

# Everything comes as wheels, except for one peer of the benches: it is built with the tools of build.lock and a C compiler.
PINNED_BUILDS = --build-constraints deploy/build.lock --require-build-hashes
BUILDS = $(if $(filter bench,$*),$(PINNED_BUILDS),--no-build)

# Standard input belongs to the desk, so that commands can be piped into `make run`.
$(VENV)/.%: $(VENV)/bin/python pyproject.toml $(LOCKS) deploy/build.lock
	@$(BIN)/python -c '' 2>/dev/null || { rm -rf $(VENV) && $(MAKE) --no-print-directory $(VENV)/bin/python; }
	@echo "Installing the $* dependencies ..." >&2
	@$(UV_PIP) $(BUILDS) -r $(if $(filter runtime,$*),requirements.lock,requirements-$*.lock) </dev/null
	@$(UV) pip install --quiet --no-sources --python $(BIN)/python --no-deps $(PINNED_BUILDS) --editable . </dev/null
	@touch $@

PEER_PYTHON = $(if $(filter backtesting,$*),>=3.11,>=3.12)$(COMMA)<3.15
# Peers of the benches `matching`, `backtest` and `allocation` that need another Python or other versions than ours: an environment of their own each.
$(VENV)/.peer-%: $(VENV)/bin/python deploy/peer-%.lock deploy/build.lock
	@echo "Installing $*, a peer of the benches ..." >&2
	@{ $(UV) venv --quiet --clear --python-preference system --python "$(PEER_PYTHON)" $(VENV)/peers/$* </dev/null \
		&& $(UV) pip install --quiet --no-sources --python $(VENV)/peers/$*/bin/python --no-deps --require-hashes \
			$(PINNED_BUILDS) -r deploy/peer-$*.lock </dev/null && touch $@; } \
		|| { rm -rf $(VENV)/peers/$*; echo "$* cannot be installed here: the benches leave it out." >&2; }
