"""Starts real worker processes around the stand-in engine and speaks frames with them."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# Short, so that tests of what happens after them are short.
BOOTSTRAP = f"""
import os, sys
os.dup2(int(sys.argv[1]), 3, inheritable=False)  # as the controller gives it
os.close(int(sys.argv[1]))
import hayasa_worker.control as control, hayasa_worker.engines as engines
control.CANCEL_GRACE_S = control._WATCHDOG_INTERVAL_S = 0.02
engines.__path__.append({str(ROOT / "tests" / "engines")!r})
from hayasa_worker.__main__ import main
main("stand-in")
"""


class Worker:
    """The controller's side, one line at a time."""

    def __init__(self) -> None:
        self.socket, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, "-c", BOOTSTRAP, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        theirs.close()
        self._lines = self.socket.makefile("rb")

    def send(self, **frame: Any) -> None:
        """Writes a frame."""
        self.socket.sendall(json.dumps(frame).encode() + b"\n")

    def receive(self) -> dict[str, Any]:
        """The next frame that is not about progress."""
        frame: dict[str, Any] = json.loads(self._lines.readline())
        return self.receive() if frame["kind"] == "progress" else frame

    def ask(self, **frame: Any) -> dict[str, Any]:
        """Sends and receives."""
        self.send(**frame)
        return self.receive()

    def greet(self) -> dict[str, Any]:
        """The handshake."""
        return self.ask(kind="hello", protocol=1, engine="stand-in")

    def load(self, fault: str = "") -> dict[str, Any]:
        """Loads the stand-in, which will do `fault`."""
        return self.ask(
            kind="load", id=1, modelPath="/nowhere", precision="fp32", options={"fault": fault}, threads=1,
            device="cpu", cacheFolder="/nowhere", limits={"slots": 1, "positionsPerSlot": 8},
        )  # fmt: skip

    def generate(self, **changes: Any) -> dict[str, Any]:
        """Asks for three tokens."""
        self.send_generate(**changes)
        return self.receive()

    def send_generate(self, **changes: Any) -> None:
        """As `generate`, without waiting."""
        request = {
            "kind": "generate", "id": 2, "prompts": [[5]], "depthTokens": 0, "outputTokens": [3],
            "batching": "static", "slots": 1, "stopTokens": [], "deadline_ms": 60_000, **changes,
        }  # fmt: skip
        self.send(**request)

    def leave(self) -> None:
        """Goes away, as a killed controller does."""
        self._lines.close()
        self.socket.close()

    def close(self) -> None:
        """Ends it, whatever it does."""
        self.leave()
        self.process.communicate()
