# One command for each need. `make` alone lists them.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run migrate test soak check ruff mypy djlint screens quality bench clean

IN_VENV := .venv/bin/python
FLASK := .venv/bin/flask --app app

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## Install what the product needs, into .venv
	@scripts/setup

setup-tests: setup ## Install what the tests need as well: Chromium, PostgreSQL, poppler, fonts, two npm packages
	@scripts/setup-tests

run: setup ## Set up and serve the product with its demo: SQLite, local mailbox, card sandbox
	@echo "Starting the product …"
	@exec $(IN_VENV) app.py

migrate: setup ## Bring the database of DATABASE_URL up to date
	@echo "Migrating …"
	@$(FLASK) migrate

test: setup-tests check ## Set up and run every check and every test, in a real browser too
	@echo "Running all tests on two cores …"
	@$(IN_VENV) -m pytest -n 2 --dist worksteal $(ARGS)

soak: setup-tests ## The tests that take longer than a submission may: every screen of the office both ways
	@echo "Running what takes longer …"
	@$(IN_VENV) -m pytest -m soak -n 2 --dist worksteal $(ARGS)

check: setup-tests ruff mypy djlint ## Read the code without running it: ruff, mypy, djlint

ruff:
	@echo "Reading Python with ruff …"
	@.venv/bin/ruff check .

mypy:
	@echo "Checking types with mypy …"
	@.venv/bin/mypy

djlint:
	@echo "Reading templates with djlint …"
	@.venv/bin/djlint templates --lint --quiet

screens: setup-tests ## Take a picture of every screen and compare it with the accepted one; ARGS=--accept keeps the new
	@echo "Taking pictures of every screen (some minutes) …"
	@$(IN_VENV) -m scripts.screens $(ARGS)

quality: setup-tests ## Measure every screen by Lighthouse, axe, the HTML checker and weight; fail where one falls short
	@scripts/setup-quality
	@echo "Measuring (some ten minutes; keep the machine quiet) …"
	@$(IN_VENV) -m quality $(ARGS)

bench: setup-tests ## Measure, print goals beside figures, write bench/results.json
	@echo "Measuring (a few minutes; keep the machine quiet) …"
	@$(IN_VENV) -m bench $(ARGS)

clean: ## Remove what setting up made (the demo's data in data/ stays)
	@echo "Removing .venv, .cache and what tools left behind …"
	@rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis static/build
