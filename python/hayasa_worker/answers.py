"""What a worker says, as `src/protocol/frames.ts` and `src/protocol/sample.ts` define it."""

from dataclasses import dataclass
from typing import Annotated, Literal

from hayasa_worker.frames import Natural, OptionValue, Positive, TokenIds
from hayasa_worker.strict_json import NotEmpty, Range

FailureCause = Literal[
    "out-of-memory",
    "timeout",
    "unsupported",
    "crash",
    "protocol",
    "cancelled",
    "bad-checkpoint",
    "disk",
    "engine-error",
]


@dataclass(frozen=True)
class Stage:
    """A named part of the load."""

    name: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True)
class PartialLoad:
    """What a load had done before it failed: its stages, the last one as far as it came, and bytes written."""

    stages: list[Stage]
    cache_bytes_written: Natural


@dataclass(frozen=True)
class Failure:
    """Why a launch or a repeat gave no number."""

    cause: FailureCause
    message: str
    hint: str | None = None
    stderr_tail: str | None = None
    partial_load: PartialLoad | None = None
    """Only of a load that had begun."""


@dataclass(frozen=True)
class Ready:
    """Answers `hello`. `origin_ns` is CLOCK_MONOTONIC as decimal text; all stamps count from it."""

    kind: Literal["ready"]
    protocol: int
    engine: str
    pid: Positive
    origin_ns: str
    versions: dict[str, str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Progress:
    """How far a long request is."""

    kind: Literal["progress"]
    id: Natural
    stage: str
    fraction: Annotated[float, Range(0, 1)]


@dataclass(frozen=True)
class Precision:
    """Formats as they really were; `compute` is what products are accumulated in."""

    weights: str
    activations: str
    kv_cache: str
    compute: str
    group_size: int | None = None


@dataclass(frozen=True)
class Effective:
    """Settings as the engine really applied them."""

    precision: Precision
    threads: Positive
    settings: dict[str, OptionValue]


@dataclass(frozen=True)
class Loaded:
    """Answers `load`."""

    kind: Literal["loaded"]
    id: Natural
    effective: Effective
    stages: list[Stage]
    cache_bytes_written: Natural
    cache_entries: list[str] | None = None


@dataclass(frozen=True)
class EventRun:
    """Step `first_step + i` gave a sequence `tokens_per_step` tokens, for i in [0, steps)."""

    first_step: Natural
    steps: Positive
    tokens_per_step: Positive


@dataclass(frozen=True)
class SequenceSample:
    """One sequence of a sample; `tokens` ends with the first end-of-text."""

    input_tokens: Natural
    intended_ns: Natural
    queued_ns: Natural
    sent_ns: Natural
    events: list[EventRun]
    end_ns: Natural
    finish: Literal["length", "stop", "cancelled"]
    tokens: TokenIds
    computed_padding: Natural


@dataclass(frozen=True)
class Call:
    """The engine's own `generate` call."""

    start_ns: Natural
    end_ns: Natural


@dataclass(frozen=True)
class OperatorTime:
    """One kernel or operator over all watched steps together."""

    name: str
    calls: Positive
    time_ns: Natural


@dataclass(frozen=True)
class Profile:
    """Where the time of decode steps went, by the engine's own profiler; never of a measured generation."""

    steps: Positive
    elapsed_ns: Natural
    operators: list[OperatorTime]
    method: str


@dataclass(frozen=True, kw_only=True)
class EngineTimers:
    """What the engine's own timers say of the same call, for the comparison of both; never of a measured generation."""

    prefill_ns: Natural | None = None
    """From the start of the call to the first token of all sequences; None where the engine does not time it."""
    decode_ns: Natural
    """From the first token of all sequences to the last."""
    method: str


@dataclass(frozen=True)
class Sample:
    """The raw record of one generation: ascending stamps at which tokens reached the host, never a summary."""

    call: Call
    steps_ns: list[Natural]
    sequences: Annotated[list[SequenceSample], NotEmpty()]
    profile: Profile | None = None
    engine_timers: EngineTimers | None = None
    """Only where they were asked for, and the engine has any."""


@dataclass(frozen=True)
class Tokens:
    """Only where `stream` was asked for: the next tokens, each as [sequence, token id], in order."""

    kind: Literal["tokens"]
    id: Natural
    tokens: list[list[Natural]]


@dataclass(frozen=True)
class SampleAnswer:
    """Answers `generate`."""

    kind: Literal["sample"]
    id: Natural
    sample: Sample


@dataclass(frozen=True)
class Score:
    """What teacher forcing gives over all positions of a request."""

    equal_positions: Natural
    """Positions whose largest logit is the continuation's token."""
    positions: Positive
    mean_kl_divergence: float | None = None
    """Mean KL(reference || this) in nats; only with a reference file."""
    equal_choices: Natural | None = None
    """Positions whose largest logit is that of the reference; only with a reference file."""
    log_likelihoods: list[float] | None = None
    """ln p(continuation | prompt), summed over its tokens, of each continuation."""


@dataclass(frozen=True)
class Scored:
    """Answers `score`."""

    kind: Literal["scored"]
    id: Natural
    score: Score


@dataclass(frozen=True)
class Failed:
    """Answers any request; id 0 belongs to the handshake."""

    kind: Literal["failed"]
    id: Natural
    failure: Failure


@dataclass(frozen=True)
class Bye:
    """Answers `shutdown`."""

    kind: Literal["bye"]
    environment: dict[str, str]


Answer = Loaded | SampleAnswer | Scored | Failed
WorkerFrame = Ready | Progress | Tokens | Answer | Bye
WORKER_FRAMES: dict[str, type[WorkerFrame]] = {
    "ready": Ready,
    "progress": Progress,
    "loaded": Loaded,
    "tokens": Tokens,
    "sample": SampleAnswer,
    "scored": Scored,
    "failed": Failed,
    "bye": Bye,
}
