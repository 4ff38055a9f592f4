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


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Where the sandbox keeps its certificate authority: one for all tests."""
    return tmp_path_factory.mktemp("authority")


@pytest.fixture
def proxied_stage(authority, monkeypatch):
    """A fresh stage for clients whose host is fixed.

    What they ask of it goes through the sandbox's forward proxy, and the sandbox's own authority is
    trusted. The clients know nothing of it: both are said in the environment, as users would.
    """
    sandbox = Sandbox(
        "--proxy-listen", "127.0.0.1:0", "--ca-dir", str(authority),
        announced={"proxy": r"proxy on (http://\S+)"},
    )
    receiver = Receiver()
    stage = Stage(sandbox, receiver)
    trusted = authority / "trusted.pem"
    trusted.write_text(stage.control("GET", "certificates/ca"))
    monkeypatch.setenv("HTTPS_PROXY", sandbox.proxy)
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(variable, str(trusted))
    for variable in ("NO_PROXY", "no_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    yield stage
    receiver.stop()
    sandbox.stop()
