"""The requests of one generation: what vLLM is asked for, and what each has got."""

from typing import Any

from hayasa_worker.answers import Call, SequenceSample
from hayasa_worker.engine import Context
from hayasa_worker.failures import FailureError
from hayasa_worker.frames import GenerateRequest
from hayasa_worker.samples import runs_of


class VllmSequence:
    """A request and what it has got."""

    def __init__(self, request_id: str, index: int, request: GenerateRequest) -> None:
        self.id, self.index, self.prompt = request_id, index, request.prompts[index]
        self._limit, self._stop_tokens = request.output_tokens[index], request.stop_tokens
        self.sent_ns = 0
        self._end_ns = 0
        self._tokens: list[int] = []
        self._steps: list[int] = []

    def parameters(self) -> Any:
        """`SamplingParams`: greedy, of exactly this length unless a stop token ends it; token ids only."""
        from vllm import SamplingParams
        from vllm.sampling_params import RequestOutputKind

        return SamplingParams(
            max_tokens=self._limit,
            min_tokens=0 if self._stop_tokens else self._limit,
            temperature=0,
            ignore_eos=True,
            stop_token_ids=list(self._stop_tokens) or None,
            detokenize=False,
            output_kind=RequestOutputKind.DELTA,
        )

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
        is_stopped = bool(self._tokens) and self._tokens[-1] in self._stop_tokens
        is_whole = is_stopped or len(self._tokens) == self._limit
        return SequenceSample(
            input_tokens=len(self.prompt),
            intended_ns=call.start_ns,
            queued_ns=call.start_ns,
            sent_ns=max(self.sent_ns, call.start_ns),
            events=runs_of(self._steps),
            end_ns=self._end_ns if is_whole else call.end_ns,
            finish="stop" if is_stopped else "length" if is_whole else "cancelled",
            tokens=self._tokens,
            computed_padding=0,
        )
