"""The control thread: handshake, requests to the main thread, cancel, deadlines, shutdown, and the orphan watchdog.

It sleeps in `select` while the engine computes in the main thread. An engine that holds the interpreter's lock keeps
it waiting; the controller's own deadline ends such a worker.
"""

import os
import queue
import select
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from hayasa_worker.answering import StopReason
from hayasa_worker.answers import Failed, Failure
from hayasa_worker.channel import Channel
from hayasa_worker.codec import LineSplitter, Problem, decode
from hayasa_worker.frames import CONTROLLER_FRAMES, PROTOCOL_VERSION, Cancel, Hello, LoadRequest, Request

CANCEL_GRACE_S = 2.0
"""An engine that was told to stop and has not after this long is killed with its process."""
_WATCHDOG_INTERVAL_S = 1.0
_CHUNK_BYTES = 1 << 16
HANDSHAKE_ID = 0
_BUILD_HINT = "build again (npm run build), so that controller and worker come from one version"
_NOISE_HINT = "something other than the controller wrote to the channel, or the controller is broken"


@dataclass
class Running:
    """The request that the main thread works on."""

    id: int
    deadline_ms: int | None
    ends_at_s: float | None
    reason: StopReason | None = None


class Control:
    """State shared by the two threads; every change is made under the lock."""

    def __init__(self, channel: Channel, engine: str, on_hello: Callable[[], None]) -> None:
        self.requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        """What the main thread is to do, in order; None ends it."""
        self._channel = channel
        self._engine = engine
        self._on_hello = on_hello
        self._parent = os.getppid()
        self._lock = threading.Lock()
        self._running: Running | None = None

    def start(self) -> None:
        """Starts the thread."""
        threading.Thread(target=self._run, name="control", daemon=True).start()

    def stop_reason(self) -> StopReason | None:
        """Why the running request must end, if it must. Cheap: asked once per step."""
        running = self._running
        return None if running is None else running.reason

    def finished(self) -> None:
        """The main thread has an answer: nothing is running, and the grace is over."""
        with self._lock:
            self._running = None

    def _run(self) -> None:
        splitter = LineSplitter()
        while True:
            readable, _, _ = select.select([self._channel.descriptor], [], [], self._wait_s())
            if os.getppid() != self._parent:
                kill_self()
            if readable:
                try:
                    chunk = os.read(self._channel.descriptor, _CHUNK_BYTES)
                except OSError:
                    chunk = b""
                if chunk == b"":
                    kill_self()  # the controller is gone
                for part in splitter.push(chunk):
                    frame = part if isinstance(part, Problem) else decode(CONTROLLER_FRAMES, part)
                    if isinstance(frame, Problem):
                        self._refuse(frame.message, _NOISE_HINT)
                    else:
                        self._receive(frame)
            self._look_at_the_clock()

    def _wait_s(self) -> float:
        with self._lock:
            ends_at_s = None if self._running is None else self._running.ends_at_s
        if ends_at_s is None:
            return _WATCHDOG_INTERVAL_S
        return min(_WATCHDOG_INTERVAL_S, max(0, ends_at_s - time.monotonic()))

    def _receive(self, frame: object) -> None:
        if isinstance(frame, Hello):
            if frame.protocol != PROTOCOL_VERSION:
                self._refuse(f"protocol {frame.protocol} instead of {PROTOCOL_VERSION}", _BUILD_HINT)
            if frame.engine != self._engine:
                self._refuse(f'engine "{frame.engine}" instead of "{self._engine}"', _BUILD_HINT)
            self._on_hello()
        elif isinstance(frame, Cancel):
            self._tell_to_stop(frame.id, "cancelled")
        elif isinstance(frame, Request):
            deadline_ms = None if isinstance(frame, LoadRequest) else frame.deadline_ms
            ends_at_s = None if deadline_ms is None else time.monotonic() + deadline_ms / 1000
            with self._lock:
                self._running = Running(frame.id, deadline_ms, ends_at_s)
            self.requests.put(frame)
        else:
            self.requests.put(None)

    def _look_at_the_clock(self) -> None:
        with self._lock:
            running = self._running
            if running is None or running.ends_at_s is None or time.monotonic() < running.ends_at_s:
                return
            if running.reason is not None:
                self._give_up(running, running.reason)
        self._tell_to_stop(running.id, "timeout")

    def _tell_to_stop(self, request_id: int, reason: StopReason) -> None:
        with self._lock:
            running = self._running
            if running is None or running.id != request_id or running.reason is not None:
                return
            running.reason = reason
            running.ends_at_s = time.monotonic() + CANCEL_GRACE_S

    def _give_up(self, running: Running, reason: StopReason) -> None:
        message = f"the engine did not stop within {CANCEL_GRACE_S:.0f} s ({reason}); its process was ended"
        self._channel.send(Failed("failed", running.id, Failure(reason, message)))
        kill_self()

    def _refuse(self, message: str, hint: str) -> None:
        self._channel.send(Failed("failed", HANDSHAKE_ID, Failure("protocol", message, hint)))
        os._exit(1)


def kill_self() -> None:
    """Ends this process and its process group at once, whatever its threads are doing."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
