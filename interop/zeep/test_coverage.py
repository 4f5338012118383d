"""Last of all: every operation of every service was exercised, succeeded, and answered by the contract."""

import contracts
from contracts import OPERATIONS, SERVICES


def test_every_operation_of_every_version_was_exercised_and_valid(seen):
    missing = [key for key in contracts.every_operation() if not seen.valid[key]]
    assert not missing, f"no valid response seen from {missing}"
    failing = [key for key in contracts.every_operation() if not seen.succeeded[key]]
    assert not failing, f"never succeeded: {failing}"
    for version, count in OPERATIONS.items():
        assert len([key for key in seen.valid if SERVICES[key[0]].version == version]) == count
