# Needs Python 3.11 or newer and make; everything else is installed into .venv (and .venv-bench).
PYTHON ?= python3
BIN := .venv/bin
RUN := $(CURDIR)/$(BIN)

.PHONY: demo test examples coverage lint types bench wheel clean

demo: .venv/.ready  ## Find what is wrong in real recordings of two real clients.
	@cd examples/recorded && $(RUN)/python -m pytest -p no:cacheprovider --apierrors-provider=sinch; \
	  status=$$?; test $$status -eq 1 && echo "demo: pytest exited with 1, as a gate should" || exit 1

test: .venv/.ready  ## Run all tests.
	$(BIN)/python -m pytest -n auto

examples: .venv/.ready  ## Fuzz seven real clients, each with packages of its own; lists their bugs by kind.
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/examples/test_fuzz_examples.py
	@for each in examples/fuzz_*/; do \
	  echo; echo "$$each"; cd "$(CURDIR)/$$each" && \
	  "$(CURDIR)/.venv-examples/$$(basename $$each)/bin/python" -m pytest -p no:cacheprovider \
	    | sed -n '/= apierrors =/,$$p' || exit 1; \
	done

browser: .venv/.ready  ## Install what drives Chromium, for the tests of the HTML report.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,browser]"

coverage: .venv/.ready  ## Run all tests with branch coverage.
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -n auto
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report --skip-covered

lint: .venv/.ready  ## Check style and formatting.
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: .venv/.ready  ## Check types, the package's and a user's.
	$(BIN)/python -m mypy
	$(BIN)/python -m mypy --strict tests/typing/api.py

bench: .venv-bench/.ready  ## Measure against peers, side by side; prints ratios.
	.venv-bench/bin/python tests/benchmarks/run.py

wheel: .venv/.ready  ## Build sdist and wheel into dist/.
	rm -rf dist
	$(BIN)/python -m build --outdir dist .

clean:
	rm -rf .venv .venv-bench .venv-examples dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

.venv-bench/.ready: pyproject.toml tests/benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -e . -r tests/benchmarks/requirements.txt
	@touch $@
