# make        sets up .venv/, renders the article into _manuscript/ and checks it
# make test   sets up what the tests need and runs linter, type checker and tests
# make bench  times a cold render against a plain Python process (RUNS=7), and the analysis by size
# make coverage  simulates coverage and type I error of the intervals and tests into docs/ (ten minutes)
# make recompute  prints every reported number beside that of an R script's own route
# make mutate  renders two hundred mutated data packages and judges each (about ten minutes)
# make proof  plays a whole round of submission and compares eight pairs of versions of the study (three minutes)
# make reproduce  builds article and package twice, as on two machines, and compares every byte
# make rebuild  unpacks the archive of data and code in an empty folder, runs make there and compares
# make picture  draws the README's picture of the first page (needs poppler)
# make lock   writes the lock files anew from pyproject.toml (UPGRADE=1: newest versions)
# make clean  removes everything that the commands above made
# Another Python than python3: make PYTHON=python3.12

PYTHON ?= python3
RUNS ?= 7
JOURNAL ?= strict
UV = uv==0.13.9
BIN = .venv/bin
PIP = $(BIN)/python -m pip -qq --disable-pip-version-check
LOCK = .cache/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
  --no-config --no-emit-index-url --custom-compile-command 'make lock' \
  $(if $(UPGRADE),--upgrade) pyproject.toml

# Containers often set this; with it Python would compile the libraries anew for every command.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: render test proof bench coverage recompute mutate reproduce rebuild picture lock clean

render: .venv/ready
	@$(BIN)/press render
	@$(BIN)/press check

test: .venv/ready-test
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@$(BIN)/mypy
	@$(BIN)/pytest

bench: .venv/ready
	@$(BIN)/python bench/render.py --runs $(RUNS)
	@$(BIN)/python bench/sizes.py

coverage: .venv/ready
	@$(BIN)/python -m bench.coverage

recompute: .venv/ready
	@$(BIN)/python -m tests.recompute

mutate: .venv/ready-test
	@$(BIN)/python -m tests.mutate

proof: .venv/ready-test
	@$(BIN)/pytest -m proof

reproduce: .venv/ready
	@$(BIN)/python -m tests.reproduce --journal $(JOURNAL)

rebuild: .venv/ready
	@$(BIN)/python -m tests.rebuild

picture: render
	@pdftoppm -r 70 -f 1 -l 1 -png -singlefile _manuscript/manuscript.pdf docs/first-page

# The stamps are written last, so that an interrupted setup starts again. Nothing is compiled in
# advance (--no-compile): Python does that on first use, for the part that is used.
.venv/ready: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
	  echo "make: Python 3.11 or newer is needed, and there is no $(PYTHON);" \
	    "install it, or name another: make PYTHON=..." >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) --version);" \
	    "name a newer one: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: $(PYTHON) cannot make environments, its module venv is not installed;" \
	    "on Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 2; }
	@echo "Setting up .venv (the first time a minute or two) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(PIP) install --no-compile --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-test: requirements-test.lock .venv/ready
	@echo "Adding to .venv what the tests need ..."
	@$(PIP) install --no-compile --require-hashes -r requirements-test.lock
	@touch $@

lock:
	@$(PYTHON) -m venv .cache/lock
	@.cache/lock/bin/python -m pip -qq --disable-pip-version-check install '$(UV)'
	@$(LOCK) -o requirements.lock
	@$(LOCK) --extra test -c requirements.lock -o requirements-test.lock

clean:
	@rm -rf .venv .cache _comparison _manuscript .hypothesis ./*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
