"""What a program is asked to measure: the only argument, as JSON."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hayasa_worker.codec import Problem, decode
from hayasa_worker.frames import Limits, LoadRequest, Positive, Prompts


@dataclass(frozen=True)
class Job:
    """A static batch in float32 of equal prompts, greedy where the program leaves the choice, of exact length."""

    kind: Literal["job"]
    model_path: str
    prompts: Prompts
    output: Positive
    threads: Positive
    warmups: Positive
    repeats: Positive
    cache_folder: str
    output_path: str
    """Where the program writes its result."""

    @property
    def batch(self) -> int:
        """Sequences."""
        return len(self.prompts)

    @property
    def input(self) -> int:
        """Prompt tokens of each sequence."""
        return len(self.prompts[0])

    def load_request(self) -> LoadRequest:
        """The load that Hayasa's worker gets for the same work, for settings that both are to share."""
        limits = Limits(self.batch, self.input + self.output)
        return LoadRequest("load", 0, self.model_path, "fp32", {}, self.threads, "cpu", self.cache_folder, limits)

    def write(self, result: dict[str, Any]) -> None:
        """Writes the result."""
        Path(self.output_path).write_text(json.dumps(result), encoding="utf-8")

    def time_calls(self, call: Callable[[], Any]) -> None:
        """Warms up, times each call as a whole, and writes that: what a user's own loop would measure."""
        for _ in range(self.warmups):
            call()
        calls_ns: list[int] = []
        for _ in range(self.repeats):
            start_ns = time.perf_counter_ns()
            call()
            calls_ns.append(time.perf_counter_ns() - start_ns)
        self.write({"calls_ns": calls_ns})


def read_job() -> Job:
    """The job of this process."""
    found = decode({"job": Job}, sys.argv[1].encode())
    if isinstance(found, Problem):
        raise SystemExit(f"no job: {found}")
    return found
