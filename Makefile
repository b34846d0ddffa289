# Set up, run, test: `make` on a fresh machine with Python 3.11 or newer does everything.
#
#   make            virtual environment, then the primary study, then where its report is
#   make STUDY=bmt  the same for another study (several with commas)
#   make test       the same set-up with the test requirements, then every test
#   make lint       ruff, snakefmt and Snakemake's own linter
#   make lock       new lock files from pyproject.toml (needs uv)
#   make clean      removes what runs make; `make distclean` the environment as well

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
CORES ?= 4
WORKERS ?= 2
STUDY ?= $(shell sed -n 's/^studies: *\([^ \#]*\).*/\1/p' config/config.yaml)
COMMA := ,

# Jobs that a rule starts find the environment's programs first.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Byte code is kept even where the machine forbids it by default: imports are three times faster.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONHOME
unexport PYTHONPATH

# Hashes are checked by pip; the lock is complete, so nothing else is looked up.
PIP_INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --no-input \
	--no-compile --no-deps --require-hashes -r
COMPILE := $(PY) -m compileall -qq -j 0 $(VENV)/lib
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --quiet --upgrade \
	--universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-annotate

.PHONY: all run setup test lint lock clean distclean $(VENV)
.DELETE_ON_ERROR:

all: run

run: $(VENV)/.ready
	@$(PY) -m snakemake --cores $(CORES) $(if $(filter command line environment,$(origin STUDY)),--config studies=$(STUDY))
	@for study in $(subst $(COMMA), ,$(STUDY)); do \
		echo "The results begin at results/$$study/index.html"; done

setup $(VENV): $(VENV)/.ready

# A stamp is written last, so an interrupted installation is done again from nothing.
$(VENV)/.ready: requirements.lock
	@python=; for name in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
		if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then echo "venaza needs Python 3.11 or newer; none was found." >&2; \
		echo "Install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; fi; \
	echo "Setting up $(VENV) with $$($$python --version) (once, about a minute)"; \
	rm -rf $(VENV); \
	$$python -m venv $(VENV) || { echo "Python's venv module is missing;" \
		"on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PIP_INSTALL) requirements.lock
	@$(COMPILE) || true
	@touch $@

$(VENV)/.ready-test: requirements-test.lock $(VENV)/.ready
	@if [ -e $(VENV)/.installing ]; then rm -rf $(VENV); $(MAKE) --no-print-directory setup; fi
	@echo "Adding the test requirements to $(VENV)"
	@touch $(VENV)/.installing
	@$(PIP_INSTALL) requirements-test.lock
	@$(COMPILE) || true
	@rm $(VENV)/.installing
	@touch $@

test: $(VENV)/.ready-test
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile

lint: $(VENV)/.ready-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(PY) -m snakefmt --check Snakefile workflow/rules
	$(PY) -m snakemake --lint

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv (pip install uv)" >&2; exit 1; }
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra test --constraint requirements.lock --output-file requirements-test.lock

clean:
	rm -rf results .snakemake .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV)
