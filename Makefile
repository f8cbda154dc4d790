# make run: one whole night through Airflow on the fictional sample.  make test: every check and every test.
.POSIX:
.PHONY: help run test tests lint format docs clean

PYTHON = python3
BIN = .venv/bin

# The sample's last night and its whole story. The logical date is the morning after it, as the timetable would give.
NIGHT = {"night": "2026-05-31", "from": "2026-01-05", "to": "2026-05-31"}
MORNING = 2026-06-01T01:00:00+00:00

help:
	@sed -n 1p Makefile

# A fatal error stops at once; what may pass is tried again after 1 s, for somebody is watching.
run: .venv/run
	@echo "Preparing Airflow (SQLite, embedded, no server) ..."
	@bin/airflow db migrate >/dev/null
	@echo "Running the night of 2026-05-31 through the DAG nightly, after collecting since 2026-01-05 ..."
	@AIRFLOW__LOGGING__LOGGING_LEVEL=ERROR AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY=1 \
		bin/airflow dags test nightly $(MORNING) --conf '$(NIGHT)'
	@$(BIN)/rayonner welcome

# The code is read beside the tests, some of which wait for servers.
test: .venv/test
	@$(MAKE) --no-print-directory -j 2 lint tests

tests: .venv/test
	@bin/tests

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=dags $(BIN)/mypy dags/[!_]*.py
	$(BIN)/lint-imports

format: .venv/test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What the code can say of itself better than we can.
docs: .venv/run
	$(BIN)/python bin/docs > docs/settings.md
	$(BIN)/python -m pipeline.warehouse.docs docs
	$(BIN)/python -m pipeline.store.dictionary > docs/store.md
	$(BIN)/python -c 'from pathlib import Path; from pipeline.brands import guide; guide.write(Path("docs/brands.md"))'

clean:
	rm -rf .venv var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rayonner needs Python 3.11 or newer: make run PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (600 MB; a few minutes the first time) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/test: .venv/run requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.lock
	@touch $@
