"""What the tests of all client libraries are given."""

import pytest
from stage import Receiver, Sandbox, Stage


@pytest.fixture
def stage():
    """A fresh stage, reached by its address."""
    sandbox, receiver = Sandbox(), Receiver()
    yield Stage(sandbox, receiver)
    receiver.stop()
    sandbox.stop()
