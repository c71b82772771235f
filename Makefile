# Everything a newcomer needs. `make` alone explains itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test lint bench soak screenshots check-hosted lock reset clean

PYTHON ?= python3
VENV := .venv/bin/python
INSTALL := $(PYTHON) backend/launch/install.py
export PORT ONLY
# Some shells and tools set HOST to the machine's name; only `make run HOST=…` means HTTPS.
ifeq ($(origin HOST),command line)
export HOST
else
unexport HOST
endif

help: ## What there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: ## Start everything; HOST=192.168.1.20 serves HTTPS for a phone, PORT=… another port
	@$(INSTALL)
	@exec $(VENV) -m backend.launch

test: ## Everything that passes or fails
	@$(INSTALL) --dev
	@$(VENV) -m backend.launch.check

lint: ## Style and types
	@$(INSTALL) --dev
	@$(VENV) -m backend.launch.check lint

bench: ## Benchmarks, one JSON line a figure; ONLY=applications for one
	@$(INSTALL) --dev >&2
	@$(VENV) -m bench

soak: ## The long versions of load, crash and race tests; ONLY=…
	@$(INSTALL) --dev >&2
	@$(VENV) -m bench --soak

screenshots: ## A picture of every page × role × language × mode into screenshots/
	@$(INSTALL) --dev
	@$(VENV) -m e2e.screenshots

check-hosted: ## The same checks against the Supabase that the environment names
	@$(INSTALL) --dev
	@$(VENV) -m backend.launch.check hosted

lock: ## Renew the lock files from requirements*.in
	@$(INSTALL) --dev
	@$(VENV) -m backend.launch.lock

reset: ## Delete the embedded data, secrets and certificates
	@$(INSTALL)
	@$(VENV) -m backend.launch.reset

clean: ## Delete everything that was built or installed, but no data
	rm -rf .venv .web .cache node_modules backend/local_supabase/node_modules bench/lighthouse/node_modules .pytest_cache .ruff_cache
