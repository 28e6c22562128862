"""What a Python engine implements: blocking calls in the main thread. The rest of the worker is the same for all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from hayasa_worker.answers import Effective, Sample, Stage
from hayasa_worker.frames import GenerateRequest, LoadRequest


@dataclass
class Context:
    """What an engine may ask of the worker while it computes."""

    now_ns: Callable[[], int]
    """Nanoseconds after the worker's origin, CLOCK_MONOTONIC."""
    cancelled: Callable[[], bool]
    """True once the controller cancelled or the deadline passed: return what there is, with finish `cancelled`."""
    progress: Callable[[str, float], None]
    """Reported to the controller; never called inside a timed region."""
    emit: Callable[[int, int], None] | None = None
    """Called with a sequence and its new token where somebody watches; None in a measured generation."""
    stages: list[Stage] = field(default_factory=list)
    cache_bytes_written: int = 0
    """What an engine wrote to the cache folder so far: a result even where the load fails afterwards."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times a named part of the load, up to its failure where it fails."""
        self.progress(name, 0)
        start_ns = self.now_ns()
        try:
            yield
        finally:
            self.stages.append(Stage(name, start_ns, self.now_ns()))


@dataclass(frozen=True)
class Model:
    """What an engine says of a model that it loaded."""

    effective: Effective
    vocabulary_size: int
    maximum_positions: int
    cache_bytes_written: int = 0
    """Bytes written to the cache folder during this load; 0 on a hit."""
    cache_entry: str | None = None
    """The converted copy that it was loaded from, relative to the cache folder; None where there is none."""


class Engine(Protocol):
    """One engine. Everything may raise `FailureError`; anything else that it raises becomes one.

    Requests were checked before: lengths agree, tokens are in the vocabulary, positions within the model's.
    """

    def versions(self) -> Mapping[str, str]:
        """Versions of the libraries that compute, read without importing them."""
        ...

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Imports its libraries and makes the model ready. The parts go into `context.stage(...)`."""
        ...

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """Greedy generation; sets up its buffers before `call.start_ns` is taken."""
        ...

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """float32 array [len(continuation), vocabulary]: the logits at each token of the continuation.

        Only where the declaration says `logits`.
        """
        ...

    def unload(self) -> None:
        """Ends processes and threads of its own; memory goes with the process."""
        ...


class NoLogits:
    """For engines whose library does not give logits away."""

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """Refuses."""
        del prompt, continuation
        raise AssertionError("the declaration says that there are no logits")
