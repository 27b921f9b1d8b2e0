# Two commands on a fresh machine that has Python 3.11, 3.12 or 3.13 (any patch release) and make:
#   make demo    validate and render the examples and show what came out
#   make test    run every test
# Both build .venv first, from the pins in constraints/; `make help` lists the rest.

VENV := .venv
BIN := $(VENV)/bin
TESTS := tests
WORKERS ?= auto
TIMES ?= 100

# The first of these that is supported and can make virtual environments; or name one: make PYTHON=python3.12 test
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
	then echo $$python; break; fi; done)
VERSION := $(shell $(or $(PYTHON),false) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)

MADE := $(VENV)/.made-$(VERSION)
CORE := $(VENV)/.installed-core
TEST := $(VENV)/.installed-test
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev

PINS := $(foreach name,core test run,--constraint constraints/$(name).txt)
# uv installs hundreds of packages in seconds; where it cannot be had, pip does the same more slowly.
export UV_SYSTEM_CERTS := 1
export DISABLE_DEEPCHECKS_ANONYMOUS_TELEMETRY := 1
export DISABLE_LATEST_VERSION_CHECK := 1
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help demo quickstart test test-core hostile check lint golden schemas bench tools clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(CORE) ## validate and render the examples, show what came out, and run the quickstart
	@for example in examples/*/; do \
		name=$$(basename "$$example"); \
		printf '\n== %s\n$$ mlopsctl validate %s\n' "$$name" "$$example"; \
		$(BIN)/mlopsctl validate "$$example" || exit 1; \
		printf '$$ mlopsctl render %s\n' "$$example"; \
		$(BIN)/mlopsctl render "$$example" || exit 1; \
	done
	@printf '\n== what came out\n'
	@find generated -type f ! -name '.*' | sort | awk -F / \
		'{ unit = $$2 "/" $$3 "/" $$4 "/" $$5; if (!(unit in count)) order[++n] = unit; count[unit]++ } \
		END { for (i = 1; i <= n; i++) printf "generated/%-50s %3d file%s\n", order[i], count[order[i]], count[order[i]] == 1 ? "" : "s" }'
	@$(MAKE) --no-print-directory quickstart

quickstart: $(RUN) ## run the quickstart from data to a registered, checked model, and say where to look
	@printf '\n== quickstart: from data to a registered model\n$$ python make_data.py\n'
	@cd examples/quickstart && $(CURDIR)/$(BIN)/python make_data.py
	@printf '$$ mlopsctl run examples/quickstart\n'
	@$(BIN)/mlopsctl run examples/quickstart

test: $(DEV) ## run every test; tools that are missing are skipped with a word on how to get them
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

test-core: $(TEST) ## run the tests that need no large library and no outside tool
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "not (oracle or gotools or pythons)" $(TESTS)

hostile: $(DEV) ## run the hostile tests for long (TIMES=100 of the short run) and print what they counted
	@rm -f .hostile-counts
	MLOPSCTL_HOSTILE=$(TIMES) MLOPSCTL_HOSTILE_COUNTS=$(CURDIR)/.hostile-counts \
		$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile tests/hostile tests/reliability tests/property
	@sort .hostile-counts; rm -f .hostile-counts

lint: $(DEV) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test ## what continuous integration runs

golden: $(DEV) ## render the examples again and rewrite the golden texts of the tests
	@for example in examples/*/; do $(BIN)/mlopsctl render "$$example" || exit 1; done
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --golden $(TESTS)

schemas: $(CORE) ## write the published JSON Schemas from the models
	@mkdir -p schemas
	@for name in mlsystem workspace lock; do \
		$(BIN)/mlopsctl schema $$name > schemas/.$$name.json && mv schemas/.$$name.json schemas/$$name.v1alpha1.json || exit 1; \
	done
	@for room in diagnostics.render.schema manifest_diff.views.schema plan.views.schema portability.views.schema; do \
		$(BIN)/python -c "from mlopsctl.$$room import FILE, schema_text; open(f'schemas/{FILE}', 'w').write(schema_text())" || exit 1; \
	done

bench: $(DEV) ## measure against the named peers
	$(BIN)/python -m benchmarks

tools: ## build promtool and the other tools that are not Python into .tools/bin
	bash .ci/tools

clean: ## remove the virtual environment, the tools and the caches
	rm -rf $(VENV) .venv-serve* .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

$(MADE):
	@test -n "$(PYTHON)" || { echo "mlopsctl needs Python 3.11, 3.12 or 3.13, with its venv module, on the PATH." \
		"Name one: make PYTHON=/path/to/python3.12 demo" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(not (3, 11) <= v < (3, 14) and \
		"mlopsctl needs Python 3.11, 3.12 or 3.13; $(PYTHON) is %d.%d. Name another: make PYTHON=python3.12 demo" % v[:2])'
	$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints/core.txt uv \
		|| echo "uv cannot be had here: pip installs everything, more slowly"
	@touch $@

# $(call install,what): into the virtual environment, at the pinned versions. The build backend is one of the
# pins, so nothing is built with whatever is newest today.
define install
	@if $(BIN)/python -m uv --version >/dev/null 2>&1; \
	then set -- $(BIN)/python -m uv pip install --quiet --python $(BIN)/python; \
	else set -- $(BIN)/python -m pip install --quiet --disable-pip-version-check; fi; \
	"$$@" $(PINS) setuptools && "$$@" $(PINS) --no-build-isolation $(1) && touch $@
endef

$(CORE): $(MADE) constraints/core.txt pyproject.toml
	@echo "installing mlopsctl into $(VENV)"
	$(call install,--editable .)

$(TEST): $(MADE) constraints/core.txt constraints/test.txt pyproject.toml
	@echo "installing mlopsctl and the test tools into $(VENV)"
	$(call install,--editable '.[test]')

$(RUN): $(MADE) constraints/core.txt constraints/run.txt pyproject.toml
	@echo "installing mlopsctl and the libraries of its steps into $(VENV)"
	$(call install,--editable '.[run]')
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true

# Half the start-up time of the large libraries is compiling them, and many tests start a fresh process.
$(DEV): $(MADE) constraints/core.txt constraints/test.txt constraints/run.txt pyproject.toml
	@echo "installing mlopsctl, the test tools and the real libraries of the targets into $(VENV)"
	$(call install,--editable '.[dev]')
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true
	@touch $(CORE) $(TEST) $(RUN) $@
