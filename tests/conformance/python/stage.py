"""A sandbox and a receiver of callbacks for each test; both are ended with it.

The clock of the sandbox stands still: a test moves it, and when the move is answered, every callback
that fell due has been received.
"""

import json
import os
import re
import subprocess
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCEPTED = {"ResultCode": 0, "ResultDesc": "Accepted"}
# Nothing here goes through the proxy that the client libraries are given.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Sandbox:
    """The `amana` that AMANA_BIN names, on a free port, in memory, with seed 1."""

    def __init__(self, *options, announced=None):
        fixed = ["--listen", "127.0.0.1:0", "--store", "memory", "--seed", "1", "--clock", "frozen"]
        self._process = subprocess.Popen(
            [os.environ["AMANA_BIN"], "serve", *fixed, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        patterns = {"address": r"listening on (http://\S+)", **(announced or {})}
        self._said = {}
        while len(self._said) < len(patterns):
            line = self._process.stdout.readline()
            if not line:
                self.stop()
                raise RuntimeError("the sandbox ended before it listened")
            for name, pattern in patterns.items():
                if found := re.search(pattern, line):
                    self._said.setdefault(name, found.group(1))
        # The rest is read and dropped, so that the sandbox never waits for a reader.
        threading.Thread(target=self._process.stdout.read, daemon=True).start()

    def __getattr__(self, name):
        """What was announced under this name."""
        try:
            return self.__dict__["_said"][name]
        except KeyError:
            raise AttributeError(name) from None

    def stop(self):
        self._process.terminate()
        self._process.wait()


class Receiver:
    """A server that writes down what it is told, as a merchant's would be told it."""

    def __init__(self):
        self.requests = []
        self.answers = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("content-length", 0))
                text = self.rfile.read(length).decode()
                receiver.requests.append((self.path, dict(self.headers), text))
                status, body = receiver.answers.get(self.path, (200, ACCEPTED))
                answer = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # It looks this often whether it is to stop.
        serve = lambda: self._server.serve_forever(poll_interval=0.01)
        threading.Thread(target=serve, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class Stage:
    """A sandbox, and what it told the addresses it was given."""

    def __init__(self, sandbox, receiver):
        self.sandbox = sandbox
        self.receiver = receiver
        self.url = receiver.url

    def address(self, mount=""):
        """The address of the sandbox, or of a provider mounted in it."""
        return self.sandbox.address + mount

    def control(self, method, path, body=None):
        """Calls the control API."""
        request = urllib.request.Request(
            f"{self.sandbox.address}/_amana/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with DIRECT.open(request) as response:
            text = response.read().decode()
        return json.loads(text) if text[:1] in ("{", "[") else text

    def settings(self, patch):
        self.control("PATCH", "settings", patch)

    def advance(self, by):
        """Moves the clock; what falls due has happened when this returns."""
        self.control("POST", "clock/advance", {"by": by})

    def settle(self):
        """Runs until everything that was begun has ended."""
        self.advance("5m")

    def phone(self, msisdn, **change):
        if not change:
            return self.control("GET", f"phones/{msisdn}")
        return self.control("PUT", f"phones/{msisdn}", change)

    def balance(self, msisdn):
        """What a wallet holds, as the sandbox writes it."""
        return self.phone(msisdn)["balance"]

    def events(self, kind):
        """The events of this type, the oldest first."""
        return self.control("GET", f"events?type={kind}&limit=1000")["events"]

    def received(self, path):
        """The bodies of the callbacks that came to this path, the oldest first."""
        return [json.loads(text) for at, _, text in self.receiver.requests if at == path]

    def only(self, path):
        """The body of the only callback that came to this path."""
        bodies = self.received(path)
        assert len(bodies) == 1, f"callbacks to {path}: {bodies}"
        return bodies[0]
