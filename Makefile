include locks/rust.env

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOWEST := build/lowest
NEWEST := build/newest
JOBS ?= 2

# What shows whether the packages that vmgen and its tests use are versions that will do.
VERSIONS := tests/cli tests/schema tests/rules tests/report tests/golden

# The tests run rustup's toolchain of the lock where it is installed, else rustc as it is.
ifneq ($(shell RUSTUP_AUTO_INSTALL=0 rustc +$(RUST) --version 2>/dev/null),)
export RUSTUP_TOOLCHAIN ?= $(RUST)
endif

.PHONY: help build test check review lowest newest prove drop-in bench dist lock format golden clean

help:
	@echo "make build   set up, and make generated/ from schemas/"
	@echo "make test    set up, and run every test"
	@echo "make check   formatting, lint, types, schemas, and that generated/ is current"
	@echo "make review  how many lines of bindings a change of a schema rewrites"
	@echo "make lowest  test with the lowest versions of packages that pyproject.toml admits"
	@echo "make newest  test with the newest ones that the registry has"
	@echo "make prove   every proof in full: more targets, more random schemas, newest packages"
	@echo "make drop-in  Wasmtime's own crates with vmgen's output in place of their VM types"
	@echo "make bench   time vmgen beside its peers, in one run"
	@echo "make dist    the wheel and the sdist, tried in empty environments"
	@echo "make lock    renew the versions that everything here installs"
	@echo "make format  format the Python of the project"
	@echo "make golden  rewrite the expected outputs of the tests"
	@echo "make clean   remove what the above made, but for generated/"

# $(call environment,FOLDER,OPTIONS): what builds vmgen comes first and is used as it is,
# because pip takes it from no lock when it makes an environment of its own for it.
define environment
$(PYTHON) -m venv $(1)
$(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2) hatchling editables
$(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2) \
	--no-build-isolation --editable '.[binaries,test]'
@touch $(1)/.ready
endef

$(READY): pyproject.toml locks/python.txt
	$(call environment,$(VENV),--constraint locks/python.txt)

$(LOWEST)/.ready: pyproject.toml locks/python-lowest.txt
	$(call environment,$(LOWEST),--constraint locks/python-lowest.txt)

build: $(READY)
	$(BIN)/vmgen build
	$(BIN)/vmgen doc schemas/wasmtime.vm.yaml --version 42.0.2 -o docs/wasmtime42.html

test: $(READY)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

check: $(READY)
	$(BIN)/black --check --quiet vmgen tests scripts examples bench
	$(BIN)/ruff check --quiet vmgen tests scripts examples bench
	$(BIN)/mypy
	$(BIN)/vmgen check
	$(BIN)/vmgen build --check
	$(BIN)/vmgen doc schemas/wasmtime.vm.yaml --version 42.0.2 -o docs/wasmtime42.html --check

review: $(READY)
	$(BIN)/python -m scripts.review_diff

lowest: $(LOWEST)/.ready
	$(LOWEST)/bin/python -m pytest --quiet -n $(JOBS) --dist loadgroup $(VERSIONS)

# Installed anew each time, since what is newest changes without a file that does.
newest:
	$(call environment,$(NEWEST),--upgrade --upgrade-strategy eager)
	$(NEWEST)/bin/python -m scripts.lock compare
	$(NEWEST)/bin/python -m pytest --quiet -n $(JOBS) --dist loadgroup $(VERSIONS)

prove: $(READY)
	VMGEN_PROVE=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup
	$(BIN)/python -m tests.oracle.proof_table
	$(MAKE) drop-in
	$(MAKE) newest

drop-in: $(READY)
	$(BIN)/python -m tests.drop_in

bench: $(READY)
	$(BIN)/python -m bench

dist: $(READY)
	$(BIN)/python -m scripts.distributions dist

lock: $(READY)
	$(BIN)/python -m scripts.lock

format: $(READY)
	$(BIN)/black --quiet vmgen tests scripts examples bench
	$(BIN)/ruff check --quiet --fix vmgen tests scripts examples bench

golden: $(READY)
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup tests

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
