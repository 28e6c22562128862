"""Sequences that a library's own scheduler admits and batches: what each has got, step by step."""

from hayasa_worker.answers import Call, SequenceSample
from hayasa_worker.engine import Context
from hayasa_worker.failures import FailureError
from hayasa_worker.frames import GenerateRequest
from hayasa_worker.samples import runs_of


class ScheduledSequence:
    """One prompt of a generation, queued at the start of the call."""

    def __init__(self, index: int, request: GenerateRequest) -> None:
        self.index, self.prompt = index, request.prompts[index]
        self.limit, self.stop_tokens = request.output_tokens[index], request.stop_tokens
        self.sent_ns = 0
        """When the scheduler got it."""
        self._end_ns = 0
        self._tokens: list[int] = []
        self._steps: list[int] = []

    @property
    def is_whole(self) -> bool:
        """Whether it has all of its tokens: as many as asked for, or up to a stop token."""
        return self._is_stopped or len(self._tokens) == self.limit

    def take(self, tokens: list[int], step: int, now_ns: int, context: Context) -> None:
        """What a step gave it. One step gives at most one token, or its stamp would not be the token's."""
        if len(tokens) > 1:
            raise FailureError("engine-error", f"{len(tokens)} tokens of one sequence in one step")
        for token in tokens:
            self._tokens.append(token)
            self._steps.append(step)
            self._end_ns = now_ns
            if context.emit is not None:
                context.emit(self.index, token)

    def sample(self, call: Call) -> SequenceSample:
        """Its part of the sample."""
        return SequenceSample(
            input_tokens=len(self.prompt),
            intended_ns=call.start_ns,
            queued_ns=call.start_ns,
            sent_ns=max(self.sent_ns, call.start_ns),
            events=runs_of(self._steps),
            end_ns=self._end_ns if self.is_whole else call.end_ns,
            finish="stop" if self._is_stopped else "length" if self.is_whole else "cancelled",
            tokens=self._tokens,
            computed_padding=0,
        )

    @property
    def _is_stopped(self) -> bool:
        return bool(self._tokens) and self._tokens[-1] in self.stop_tokens
