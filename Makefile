# `make` alone lists the targets. Everything is installed into .venv, from wheels only, with checked hashes.
.DEFAULT_GOAL := help
.PHONY: help run test pictures fuzz check format words bench chaos lock clean

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHONS := $(PYTHON) python3 python3.13 python3.12 python3.11

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: $(VENV)/.runtime ## Print the address of a digest of this checkout; REPO=owner/name [URL=...] [SINCE=DATE] for another
	@$(BIN)/pushdigest run --show "$(or $(REPO),.)" $(if $(URL),--url "$(URL)") $(if $(SINCE),--since "$(SINCE)")

test: $(VENV)/.dev ## Run the tests
	@$(BIN)/pytest -n auto --dist loadfile

pictures: $(VENV)/.dev ## Make the pictures of the README again
	@PICTURES=1 $(BIN)/pytest tests/browser/test_pictures.py

fuzz: $(VENV)/.dev ## Send ten thousand requests that nobody sends; FUZZ_REQUESTS=N for another number
	@FUZZ_REQUESTS=$(or $(FUZZ_REQUESTS),10000) $(BIN)/pytest tests/webhook/test_any_request.py

check: $(VENV)/.dev ## Lint, types, layers, spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/codespell

format: $(VENV)/.dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

words: $(VENV)/.dev ## Compile the catalogues of words and check them
	@$(BIN)/pybabel -q compile --domain pushdigest --directory analysis/catalogues
	@$(BIN)/pytest tests/analysis/test_catalogues.py

bench: $(VENV)/.dev ## Measure speed and size
	@$(BIN)/python -m bench

chaos: $(VENV)/.dev ## Kill everything at random while 300 commits come in; SEED=NUMBER draws the same again
	@PYTHONPATH=tests $(BIN)/python -m chaos $(if $(SEED),--seed $(SEED))

lock: $(VENV)/.dev ## Resolve the dependencies again, with hashes and without URLs
	@$(BIN)/uv pip compile $(LOCK) pyproject.toml --group build -o requirements.txt
	@$(BIN)/uv pip compile $(LOCK) pyproject.toml --group build --group dev -c requirements.txt -o requirements-dev.txt

LOCK := --quiet --upgrade --universal --python-version 3.11 --only-binary :all: --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

clean: ## Remove the environment and the embedded server's data
	@rm -rf $(VENV) var

# A Python that is new enough and can make an environment, or one line that says what to install.
define FIND_PYTHON
for python in $(PYTHONS); do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		found=$$python; $$python -c 'import ensurepip, venv' 2>/dev/null && break; python=; \
	else python=; fi; \
done; \
if [ -z "$$python" ]; then \
	if [ -n "$$found" ]; then echo "make: $$found cannot make an environment; install it with: sudo apt install python3-venv" >&2; \
	else echo "make: Python 3.11 or newer is needed; install it with: sudo apt install python3 python3-venv" >&2; fi; \
	exit 1; \
fi
endef

$(VENV)/bin/python:
	@$(FIND_PYTHON); $$python -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python requirements.txt pyproject.toml
	@echo "Installing into $(VENV) (once) ..." >&2
	@$(BIN)/pip install -q --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@$(BIN)/pip install -q --disable-pip-version-check --only-binary :all: --require-hashes -r requirements-dev.txt
	@touch $@
