# make setup | demo | test | bench | lock
PYTHON ?= python3
# Compiled once, imported fast: pulumi_aws and botocore are large.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
STAMP := .venv/.installed
AWSCLI := .venv/awscli/.installed

.PHONY: setup demo test lint engine bench lock clean
setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ses-bounce needs Python 3.11 or newer: make PYTHON=python3.13 ...")'
	test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(BIN)/pip install --quiet --disable-pip-version-check uv; }
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

# The AWS CLI has an environment of its own; the tests hold `ses-bounce send` against it.
$(AWSCLI): tests/awscli/requirements.txt $(STAMP)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/awscli
	$(BIN)/uv pip sync --quiet --python .venv/awscli/bin/python --require-hashes $<
	touch $@

demo: setup
	$(BIN)/ses-bounce offline run --deliveries examples/mail/deliveries.jsonl --out .out/demo
	@echo && echo "The bounce of 01-plain.eml, as SES would send it:" && cat .out/demo/bounces/01-plain.eml

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# In CI the tests with the real engine are required, elsewhere they run if there is one.
test: lint $(AWSCLI) $(if $(CI),engine)
	$(BIN)/pytest

# The real Pulumi engine: from PATH, or built from its Go modules into .engine/.
engine: setup
	$(BIN)/python -m offline.engine.installation

bench: setup
	$(BIN)/python -m benchmarks

lock: setup
	$(BIN)/uv pip compile --quiet --no-header --universal --generate-hashes --group dev --output-file requirements.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --universal --generate-hashes --output-file tests/awscli/requirements.txt tests/awscli/requirements.in

clean:
	rm -rf .venv .engine .out
