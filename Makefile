# The front door: every command sets up what it needs and says so. ARGS go through to the command.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench lock

help:
	@$(PYTHON) .ci/bootstrap.py help
run:
	@$(PYTHON) .ci/bootstrap.py run $(ARGS)
test:
	@$(PYTHON) .ci/bootstrap.py test $(ARGS)
check:
	@$(PYTHON) .ci/bootstrap.py check
fix:
	@$(PYTHON) .ci/bootstrap.py fix
bench:
	@$(PYTHON) .ci/bootstrap.py bench $(if $(ONLY),--only $(ONLY)) $(ARGS)
lock:
	@$(PYTHON) .ci/bootstrap.py lock
