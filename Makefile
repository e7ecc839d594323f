# Everything is made inside the checkout: .venv (Python and packages), build (what is produced).

PYTHON ?= python3
SHARED_DATA ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=
SOAK_SCALE ?= 1
SOAK_SEED ?= 1

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
STUBS := build/stubs
VM31 := build/vm31
VM31_PACKAGE := @micropython/micropython-webassembly-pyscript@1.27.0
HAS_VENV := $(PYTHON) -c 'import ensurepip, venv'

.PHONY: help demo test check format bench soak clean

help:
	@echo 'make demo    one press to an answered call: timeline here, report in build/demo.html'
	@echo 'make test    every test; SHARED_DATA=PATH adds those that read recorded logs'
	@echo 'make check   lint, types (CPython and MicroPython), layers, generated code'
	@echo 'make format  what lint can mend by itself'
	@echo 'make bench   speed, heap and size of the firmware and the simulator;'
	@echo '             BENCH_ARGS="--only device --presses 1000" for one section, in full'
	@echo 'make soak    long proofs; SOAK_SCALE=0.1 a tenth of them, SOAK_SEED=2 another course'
	@echo 'make clean   remove .venv and build'

demo: $(VENV)/sim.stamp
	@mkdir -p build
	@$(BIN)/tocsin sim run --seed 1 --report build/demo.html

test: $(VENV)/test.stamp $(VM31)
	$(BIN)/pytest --quiet --target vm tests/contract
	$(BIN)/pytest -n auto --dist loadgroup $(if $(SHARED_DATA),--shared-data=$(SHARED_DATA)) $(PYTEST_ARGS)

check: $(VENV)/test.stamp $(STUBS)/stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --config-file mypy-micropython.ini
	$(BIN)/pytest --quiet tests/test_layers.py
	$(BIN)/tocsin protocol generate --check

format: $(VENV)/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/bench.stamp
	$(BIN)/python -m tests.bench $(BENCH_ARGS)

soak: $(VENV)/test.stamp
	$(BIN)/python -m tests.soak --scale $(SOAK_SCALE) --seed $(SOAK_SEED)

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/sim.stamp: pyproject.toml setup.py constraints.txt | $(VENV)/made.stamp
	@echo 'installing tocsin[sim] into $(VENV)'
	@$(PIP) --editable '.[sim]'
	@touch $@

$(VENV)/test.stamp: pyproject.toml setup.py constraints.txt | $(VENV)/made.stamp
	@echo 'installing tocsin[test] into $(VENV)'
	@$(PIP) --editable '.[test]'
	@touch $(VENV)/sim.stamp $@

$(VENV)/bench.stamp: pyproject.toml setup.py constraints.txt | $(VENV)/made.stamp
	@echo 'installing tocsin[bench] into $(VENV)'
	@$(PIP) --editable '.[bench]'
	@touch $(VENV)/sim.stamp $(VENV)/test.stamp $@

$(STUBS)/stamp: constraints.txt | $(VENV)/made.stamp
	@rm -rf $(STUBS)
	@$(PIP) --no-deps --target $(STUBS) micropython-esp32-stubs micropython-stdlib-stubs
	@touch $@

# MicroPython with 31-bit small integers, under node; tests that need it skip without it.
$(VM31): Makefile
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
	  echo 'installing $(VM31_PACKAGE) into $@' && rm -rf $@ && mkdir -p $@ && \
	  npm install --silent --no-save --no-audit --no-fund --prefix $@ '$(VM31_PACKAGE)' && \
	  touch $@; \
	else echo 'no node or npm: the tests on a VM with 31-bit integers are skipped'; fi

# Debian keeps venv's installer in a package of its own: fetch it as root, else name it.
$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'tocsin needs Python 3.11 or newer as $(PYTHON); name another: make PYTHON=...' >&2; \
	  exit 1; }
	@$(HAS_VENV) 2>/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	  echo 'installing python3-venv' && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3-venv >/dev/null && \
	  $(HAS_VENV); } || { \
	  echo '$(PYTHON) cannot make a virtual environment; run: sudo apt-get install -y python3-venv' >&2; \
	  exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@
