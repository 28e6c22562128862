"""The processes of a DeepSpeed launch: each is a worker of the same protocol (`deepspeed-rank`), spoken to in lockstep.

They stay in the worker's process group, which the controller ends whole, and each ends by itself when its parent does.
"""

import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hayasa_worker.answers import WORKER_FRAMES, Failed, Failure, Progress, Ready, WorkerFrame
from hayasa_worker.codec import Problem, decode, encode
from hayasa_worker.failures import FailureError
from hayasa_worker.frames import PROTOCOL_VERSION, Hello, Request

ENGINE = "deepspeed-rank"
_POLL_S = 0.1
_BOOTSTRAP = f"""
import os, sys
descriptor = int(sys.argv[1])
if descriptor != 3:
    os.dup2(descriptor, 3, inheritable=False)
    os.close(descriptor)
from hayasa_worker.__main__ import main
main("{ENGINE}")
"""


class Rank:
    """One process and the socket to it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._socket, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BOOTSTRAP, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, **environment},
        )
        theirs.close()
        self._socket.settimeout(_POLL_S)
        self._pending = b""

    def send(self, frame: Any) -> None:
        """Raises FailureError `crash` where the rank is gone."""
        try:
            self._socket.sendall(encode(frame))
        except OSError as error:
            raise self._gone() from error

    def fileno(self) -> int:
        """Of the socket, to wait for several ranks at once."""
        return self._socket.fileno()

    def received(self) -> WorkerFrame | None:
        """The next frame that is not about progress, of what has come; None where it is not whole yet.

        Raises FailureError where the rank is gone. Called when there is something to read.
        """
        try:
            chunk = self._socket.recv(1 << 16)
        except TimeoutError:
            return None
        except OSError:
            chunk = b""
        if chunk == b"":
            raise self._gone()
        self._pending += chunk
        while True:
            line, found, rest = self._pending.partition(b"\n")
            if not found:
                return None
            self._pending = rest
            frame = decode(WORKER_FRAMES, line)
            if isinstance(frame, Problem):
                raise FailureError("protocol", f"a rank: {frame.message}")
            if not isinstance(frame, Progress):
                return frame

    def end(self) -> None:
        """Kills it: between two collective operations it would wait for the other for ever."""
        self._process.kill()
        self._process.wait()
        self._socket.close()

    def _gone(self) -> FailureError:
        return FailureError("crash", f"a rank ended with {self._process.wait()} while the others went on")


class Ranks:
    """All ranks of one loaded model. Requests go to all of them, the answer of rank 0 is taken."""

    def __init__(self, count: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hayasa-ranks-")
        common = {"WORLD_SIZE": str(count), "HAYASA_RANK_STORE": str(Path(self._folder.name) / "store")}
        self._ranks = [Rank({**common, "RANK": str(rank), "LOCAL_RANK": str(rank)}) for rank in range(count)]
        self.origin_ns = 0
        """CLOCK_MONOTONIC from which rank 0 counts its stamps."""

    def greet(self) -> None:
        """The handshake. Raises FailureError where a rank did not start."""
        for rank in self._ranks:
            rank.send(Hello("hello", PROTOCOL_VERSION, ENGINE))
        for frame in self._receive(lambda: False):
            if not isinstance(frame, Ready):
                raise FailureError("crash", f"a rank greeted with {frame}")
        # The first to be received is rank 0.

    def ask(self, request: Request, cancelled: Callable[[], bool] = lambda: False) -> WorkerFrame | None:
        """The answer of rank 0 to a request that every rank got; None once cancelled: then the ranks are ended.

        Raises:
            FailureError: that of the rank which failed, whichever it is.

        """
        try:
            for rank in self._ranks:
                rank.send(request)
        except FailureError:
            self.end()
            raise
        frames = self._receive(cancelled)
        if len(frames) < len(self._ranks):
            self.end()
            return None
        failures: list[Failure] = [frame.failure for frame in frames if isinstance(frame, Failed)]
        if failures:
            self.end()
            raise FailureError(failures[0].cause, failures[0].message, failures[0].hint)
        return frames[0]

    def end(self) -> None:
        """Ends every process. Harmless where they are gone."""
        for rank in self._ranks:
            rank.end()
        self._ranks = []
        self._folder.cleanup()

    @property
    def are_alive(self) -> bool:
        """False once they were ended."""
        return len(self._ranks) > 0

    def _receive(self, cancelled: Callable[[], bool]) -> list[WorkerFrame]:
        """One frame of each rank, rank 0 first; fewer once cancelled.

        The first failure is all that counts: the others may wait for that rank in a collective operation, and would
        never answer.
        """
        frames: dict[Rank, WorkerFrame] = {}
        try:
            while len(frames) < len(self._ranks):
                waiting = [rank for rank in self._ranks if rank not in frames]
                ready, _, _ = select.select(waiting, [], [], _POLL_S)
                if not ready and cancelled():
                    break
                for rank in ready:
                    frame = rank.received()
                    if isinstance(frame, Failed):
                        return [frame] * len(self._ranks)
                    if frame is not None:
                        frames[rank] = frame
        except FailureError:
            self.end()
            raise
        answered = [frames[rank] for rank in self._ranks if rank in frames]
        if answered and isinstance(answered[0], Ready):
            self.origin_ns = int(answered[0].origin_ns)
        return answered
