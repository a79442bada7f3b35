# `make` prints the targets. Everything is made in this folder: .venv, node_modules, .cache, site.
PYTHON ?= python3
UV_VERSION := 0.13.9
SYSTEM_PACKAGES := gcc pkg-config python3-dev libcairo2-dev libpango1.0-dev
PORT ?= 8000

BIN := .venv/bin
NEEDS := .venv/.ready node_modules/.ready
SITE_SOURCES := mkdocs.yml $(shell find docs lrsim -type f -not -name '.*' -not -path '*/__pycache__/*' 2>/dev/null)

export NO_MKDOCS_2_WARNING := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)
MAKEFLAGS += --no-print-directory
SHELL := bash
.SHELLFLAGS := -eo pipefail -c
.DELETE_ON_ERROR:
.PHONY: help site serve figures films test lint bench lock clean

help:
	@awk -F ' *## *' '/^[a-z]+:.*##/ { split($$1, name, ":"); printf "make %-8s  %s\n", name[1], $$2 }' Makefile

site: figures films  ## build the documentation site into site/
	@$(MAKE) site/index.html

serve: figures films  ## build, serve on 127.0.0.1, rebuild on every edit
	@mkdocs serve --livereload --dev-addr 127.0.0.1:$(PORT) --watch lrsim --watch figures

figures: $(NEEDS)  ## draw the plots that are out of date
	@python -m figures plots

films: $(NEEDS)  ## render the films that are out of date
	@python -m figures films

test: site  ## run all tests; `make test ARGS="-m 'not browser'"` picks some
	@python -m pytest $(ARGS)

lint: $(NEEDS)  ## check style and types
	@ruff check . && ruff format --check . && mypy

bench: $(NEEDS)  ## time lrsim against plain Python, NumPy, JAX and PyTorch
	@python -m benchmarks

lock: .venv/.ready  ## choose new versions of the Python packages: writes requirements.lock
	@uv pip compile pyproject.toml --upgrade --group site --group test --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock

clean:  ## remove what was built (keeps .venv and node_modules)
	rm -rf site .cache docs/assets/generated .pytest_cache .hypothesis .mypy_cache .ruff_cache

# Built aside and moved into place, so that a killed build leaves the old site or none, never half of one.
site/index.html: $(SITE_SOURCES)
	@echo "building site/ (runs the notebooks, about half a minute)"
	@rm -rf .cache/site
	@mkdocs build --strict --site-dir .cache/site 2>&1 | { grep -v -e '^INFO' -e '^\[IPKernelApp\]' || true; }
	@rm -rf site && mv .cache/site site && echo "site/index.html is ready"

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1); try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import os, sysconfig as s; raise SystemExit(not os.path.exists(s.get_path("include") + "/Python.h"))' \
	  && command -v cc >/dev/null && pkg-config --exists cairo pangocairo 2>/dev/null || $(MAKE) system
	@echo "setting up .venv (about a minute)"
	@$(PYTHON) -m venv .venv
	@python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@uv pip install --quiet --require-hashes --requirement requirements.lock
	@uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What Manim compiles against. Without root nothing is touched: one line to paste.
.PHONY: system
system:
	@if [ "$$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo=sudo; else \
	  echo "some system packages are missing; run: sudo apt-get install -y $(SYSTEM_PACKAGES)"; exit 1; fi; \
	command -v apt-get >/dev/null || { echo "install what Debian calls: $(SYSTEM_PACKAGES)"; exit 1; }; \
	echo "installing $(SYSTEM_PACKAGES)"; $$sudo apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $(SYSTEM_PACKAGES) >/dev/null

node_modules/.ready: package-lock.json | .venv/.ready
	@npm ci --silent
	@touch $@
