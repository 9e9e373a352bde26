# The commands of the project; `make` alone lists them.

BUILD := swift build -c release --product assay
TEST := ASSAY_PYTHON=$(CURDIR)/.build-python/bin/python swift test -c release -Xswiftc -enable-testing --scratch-path .build-tests
SOURCES := Package.swift Sources Tests fuzz reports attacks

.DEFAULT_GOAL := help
.PHONY: help setup build program demo test fuzz lint format clean

help: ## List the commands.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: ## Install the Debian packages that are missing.
	@scripts/setup

build: setup ## Build the program in release mode.
	$(BUILD)

program: setup ## Build a program that needs no Swift where it runs: out/assay.
	$(BUILD) --static-swift-stdlib --scratch-path .build-program
	@mkdir -p out && cp "$$($(BUILD) --static-swift-stdlib --scratch-path .build-program --show-bin-path)/assay" out/assay

demo: ## Train and audit the demo models and write their reports.
	@scripts/setup weasyprint
	$(BUILD)
	@scripts/demo "$$($(BUILD) --show-bin-path)/assay"

test: setup ## Run every test.
	@scripts/setup-tests
	$(TEST)

fuzz: setup ## Feed the readers with hostile files for ten minutes each.
	@scripts/fuzz

lint: ## Check the formatting, strictly.
	swift format lint --strict --recursive $(SOURCES)

format: ## Format everything in place.
	swift format --in-place --recursive $(SOURCES)

clean: ## Remove what was built.
	rm -rf .build .build-tests .build-fuzz .build-program out
