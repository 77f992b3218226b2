# A thin face over CMake presets (CMakePresets.json) and scripts/. `make help` lists what there is.
SHELL := /bin/sh
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
PRESET ?= dev
FUZZ_SECONDS ?= 30
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test interop interop-trixie lint tidy format bench fuzz install deps clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: ## build the handfast program and show a real handshake, explained
	@scripts/setup build
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS) --target handfast_tool
	@build/release/bin/handfast demo

test: ## build everything and run the tests (PRESET=clang, asan, asan-clang or tsan: another build)
	@scripts/setup build test $(if $(filter-out dev asan,$(PRESET)),fuzz)
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET) -j $(JOBS)
	ctest --preset $(PRESET) -j $(JOBS)

interop: ## run the tests against other people's programs (OpenSSL, GnuTLS, NSS, Go, Java, ...)
	@scripts/setup build test interop
	cmake --preset dev
	cmake --build --preset dev -j $(JOBS)
	ctest --preset interop

interop-trixie: ## the same against OpenSSL 3.5, built on its ML-KEM, in a Debian 13 tree (root; takes minutes)
	@scripts/setup interop
	@JOBS=$(JOBS) scripts/interop-trixie build/trixie

lint: ## check layers, flows, sizes, words, format and shell scripts
	@scripts/setup build test lint
	@scripts/lint

tidy: ## run clang-tidy (a quarter of an hour for the whole tree; unchanged files are remembered)
	@scripts/setup build test lint
	@scripts/lint-tidy

format: ## reformat all C++ files
	@scripts/setup lint
	@scripts/format

bench: ## build the benchmarks and run them
	@scripts/setup build
	@cmake --preset bench
	@cmake --build --preset bench -j $(JOBS)
	@scripts/run-bench build/bench

fuzz: ## build the fuzz targets and run each for FUZZ_SECONDS (30)
	@scripts/setup build fuzz
	@cmake --preset fuzz
	@cmake --build --preset fuzz -j $(JOBS)
	@scripts/run-fuzz build/fuzz $(FUZZ_SECONDS)

install: ## install library, headers and program under PREFIX (/usr/local), below DESTDIR if given
	@scripts/setup build
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS)
	@cmake --install build/release --prefix "$(PREFIX)"

deps: ## install the Debian packages that `make test` needs
	@scripts/setup build test

clean: ## remove what was built
	rm -rf build
