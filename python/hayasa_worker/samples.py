"""Samples from what engines hand over: one stamp per step, and each sequence's tokens."""

from collections.abc import Callable, Collection, Sequence

from hayasa_worker.answers import Call, EventRun, Sample, SequenceSample
from hayasa_worker.frames import GenerateRequest


def static_sample(
    request: GenerateRequest,
    call: Call,
    steps_ns: Sequence[int],
    tokens: Sequence[Sequence[int]],
    *,
    skips_ended: bool = False,
) -> Sample:
    """The sample of a static batch in which every sequence got a token in every step until the batch ended.

    Args:
        request: what was asked for.
        call: the engine's own call.
        steps_ns: one stamp per step.
        tokens: of each sequence in the order of the steps, also those after its end (they are cut off).
        skips_ended: a sequence is computed as long as it has tokens; else in every step of the batch. What was
            computed after its end counts as padding.

    """
    sequences = [
        _sequence(prompt, limit, request.stop_tokens, call, steps_ns, written, skips_ended)
        for prompt, limit, written in zip(request.prompts, request.output_tokens, tokens, strict=True)
    ]
    return Sample(call, list(steps_ns), sequences)


def runs_of(steps: Sequence[int]) -> list[EventRun]:
    """The ascending steps in which a sequence got one token each, as runs of consecutive steps."""
    runs: list[EventRun] = []
    for step in steps:
        last = runs[-1] if runs else None
        if last is not None and last.first_step + last.steps == step:
            runs[-1] = EventRun(last.first_step, last.steps + 1, 1)
        else:
            runs.append(EventRun(step, 1, 1))
    return runs


class Watch:
    """Shows the tokens of a static batch as they come, each sequence up to its end."""

    def __init__(self, request: GenerateRequest, emit: Callable[[int, int], None]) -> None:
        self._stop_tokens = request.stop_tokens
        self._left = list(request.output_tokens)
        self._emit = emit

    def step(self, tokens: Sequence[int]) -> None:
        """One token of every sequence, ended ones too."""
        for sequence, token in enumerate(tokens):
            self.one(sequence, token)

    def one(self, sequence: int, token: int) -> None:
        """The next token of one sequence, shown unless that has ended."""
        if self._left[sequence] > 0:
            self._emit(sequence, token)
            self._left[sequence] = 0 if token in self._stop_tokens else self._left[sequence] - 1


def _sequence(
    prompt: Sequence[int],
    limit: int,
    stop_tokens: Collection[int],
    call: Call,
    steps_ns: Sequence[int],
    written: Sequence[int],
    skips_ended: bool,
) -> SequenceSample:
    stop = next((i for i, token in enumerate(written[:limit]) if token in stop_tokens), None)
    length = min(limit, len(steps_ns)) if stop is None else stop + 1
    cut = stop is None and length < limit
    return SequenceSample(
        input_tokens=len(prompt),
        intended_ns=call.start_ns,
        queued_ns=call.start_ns,
        sent_ns=call.start_ns,
        events=[EventRun(0, length, 1)] if length > 0 else [],
        end_ns=steps_ns[length - 1] if length > 0 else call.end_ns,
        finish="cancelled" if cut else "length" if stop is None else "stop",
        tokens=list(written[:length]),
        computed_padding=(len(written) if skips_ended else len(steps_ns)) - length,
    )
