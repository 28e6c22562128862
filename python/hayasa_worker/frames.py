"""The worker protocol, version 1, as `src/protocol/frames.ts` defines it; golden frames test both.

Newline-delimited JSON, one frame per line. Every request carries an `id` that its answer repeats. Stamps are whole
nanoseconds after the worker's origin.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from hayasa_worker.strict_json import NotEmpty, Range

PROTOCOL_VERSION = 1
MAXIMUM_FRAME_BYTES = 64 * 1024 * 1024

Natural = Annotated[int, Range(0)]
Positive = Annotated[int, Range(1)]
TokenIds = list[Natural]
Prompts = Annotated[list[Annotated[TokenIds, NotEmpty()]], NotEmpty()]
OptionValue = bool | int | float | str
Options = dict[str, OptionValue]


@dataclass(frozen=True)
class Hello:
    """Opens the conversation."""

    kind: Literal["hello"]
    protocol: int
    engine: str


@dataclass(frozen=True)
class Limits:
    """The largest cell of a launch, for engines that reserve at load."""

    slots: Positive
    positions_per_slot: Positive


@dataclass(frozen=True)
class LoadRequest:
    """Settings of one launch. Paths are absolute."""

    kind: Literal["load"]
    id: Natural
    model_path: str
    precision: str
    options: Options
    threads: Positive
    device: str
    cache_folder: str
    limits: Limits


@dataclass(frozen=True, kw_only=True)
class GenerateRequest:
    """One generation: a prompt and a maximum of new tokens per sequence."""

    kind: Literal["generate"]
    id: Natural
    prompts: Prompts
    depth_tokens: Natural
    output_tokens: Annotated[list[Positive], NotEmpty()]
    batching: Literal["static", "continuous"]
    slots: Positive
    stop_tokens: TokenIds
    stream: bool | None = None
    """Tokens are also sent as they come: for a reader who watches, never in a measured generation."""
    profile: bool | None = None
    """The engine's own profiler watches the decode steps: only where the declaration says `profiler`."""
    engine_timers: bool | None = None
    """The engine's own timers are read too, where it has any (static batching): never in a measured generation."""
    deadline_ms: Positive


@dataclass(frozen=True)
class LogitsFile:
    """float32 logits [sequence, position, vocabulary]."""

    path: str
    mode: Literal["write", "compare"]


@dataclass(frozen=True, kw_only=True)
class ScoreRequest:
    """Teacher-forced agreement: each continuation is fed as if the model had written it."""

    kind: Literal["score"]
    id: Natural
    prompts: Prompts
    continuations: Prompts
    logits_file: LogitsFile | None = None
    deadline_ms: Positive


@dataclass(frozen=True)
class Cancel:
    """Ends the request `id` between two steps."""

    kind: Literal["cancel"]
    id: Natural


@dataclass(frozen=True)
class Shutdown:
    """Ends the worker in order."""

    kind: Literal["shutdown"]


Request = LoadRequest | GenerateRequest | ScoreRequest
ControllerFrame = Hello | Request | Cancel | Shutdown
CONTROLLER_FRAMES: dict[str, type[ControllerFrame]] = {
    "hello": Hello,
    "load": LoadRequest,
    "generate": GenerateRequest,
    "score": ScoreRequest,
    "cancel": Cancel,
    "shutdown": Shutdown,
}
