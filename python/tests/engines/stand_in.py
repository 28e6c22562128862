"""An engine without a library, which misbehaves on demand (option `fault`): the worker around it is under test."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping
from typing import Any

from hayasa_worker.answers import Call, Effective, Precision, Sample
from hayasa_worker.engine import Context, Model
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.samples import Watch, static_sample

VOCABULARY = 64
POSITIONS = 128


class StandIn:
    """Each next token is the last one plus one."""

    def __init__(self) -> None:
        self._fault = ""

    def versions(self) -> Mapping[str, str]:
        """A version."""
        return {"stand-in": "1.0"}

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Prints where engines print."""
        self._fault = str(request.options.get("fault", ""))
        with context.stage("open"):
            print("loading: 50 %")
            os.write(1, b"from C\n")
            subprocess.run(["echo", "from a child"], check=True)
        if self._fault == "out-of-memory":
            raise MemoryError
        if self._fault == "after-conversion":
            with context.stage("convert"):
                context.cache_bytes_written = 4096
            with context.stage("create-session"):
                raise MemoryError
        if self._fault == "rank-1" and os.environ["RANK"] == "1":
            raise MemoryError
        if self._fault == "rank-1":
            # As in a collective operation that the other rank never joins.
            time.sleep(1000)
        if self._fault == "address-space":
            # As a memory limit does: the allocation fails, in the middle of a load.
            resource.setrlimit(resource.RLIMIT_AS, (1 << 30, resource.RLIM_INFINITY))
            bytearray(1 << 31)
        if self._fault == "killed":
            # As the kernel's out-of-memory killer and a container's limit do.
            os.kill(os.getpid(), signal.SIGKILL)
        if self._fault == "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        if self._fault == "library":
            raise ImportError("libcudart.so.12: cannot open shared object file")
        if self._fault == "exit":
            raise SystemExit(3)
        if self._fault == "child":
            subprocess.Popen(["sleep", "1000"])
        formats = Precision("float32", "float32", "float32", "float32")
        return Model(Effective(formats, request.threads, {}), VOCABULARY, POSITIONS)

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """A step is a microsecond; `hang` listens to cancel, `deaf` does not."""
        while self._fault == "deaf" or (self._fault == "hang" and not context.cancelled()):
            time.sleep(0.001)
        start_ns, steps_ns = context.now_ns(), []
        for _ in range(max(request.output_tokens)):
            if context.cancelled():
                break
            steps_ns.append(context.now_ns())
        tokens = [[(prompt[-1] + 1 + i) % VOCABULARY for i in range(len(steps_ns))] for prompt in request.prompts]
        if context.emit is not None:
            watch = Watch(request, context.emit)
            for step in zip(*tokens, strict=True):
                watch.step(step)
        return static_sample(request, Call(start_ns, context.now_ns()), steps_ns, tokens)

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """One-hot rows."""
        previous = [prompt[-1], *continuation[:-1]]
        return [[float(token == (last + 1) % VOCABULARY) for token in range(VOCABULARY)] for last in previous]

    def unload(self) -> None:
        """Nothing is held; some libraries crash here all the same."""
        if self._fault == "segfault-at-exit":
            os.kill(os.getpid(), signal.SIGSEGV)


def create_engine() -> StandIn:
    """The engine."""
    return StandIn()
