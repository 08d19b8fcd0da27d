PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= 2

.PHONY: help build test check prove bench format golden clean

help:
	@echo "make build   set up, and make generated/ from schemas/"
	@echo "make test    set up, and run every test"
	@echo "make check   formatting, lint, types, schemas, and that generated/ is current"
	@echo "make prove   every proof in full: more targets, more random schemas"
	@echo "make bench   time vmgen beside its peers, in one run"
	@echo "make format  format the Python of the project"
	@echo "make golden  rewrite the expected outputs of the tests"
	@echo "make clean   remove what the above made, but for generated/"

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

build: $(READY)
	$(BIN)/vmgen build
	$(BIN)/vmgen doc schemas/wasmtime42.vm.yaml -o docs/wasmtime42.html

test: $(READY)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

check: $(READY)
	$(BIN)/black --check --quiet vmgen tests scripts examples bench
	$(BIN)/ruff check --quiet vmgen tests scripts examples bench
	$(BIN)/mypy
	$(BIN)/vmgen check
	$(BIN)/vmgen build --check
	$(BIN)/vmgen doc schemas/wasmtime42.vm.yaml -o docs/wasmtime42.html --check

prove: $(READY)
	VMGEN_PROVE=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup
	$(BIN)/python -m tests.oracle.proof_table

bench: $(READY)
	$(BIN)/python -m bench

format: $(READY)
	$(BIN)/black --quiet vmgen tests scripts examples bench
	$(BIN)/ruff check --quiet --fix vmgen tests scripts examples bench

golden: $(READY)
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup tests

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
