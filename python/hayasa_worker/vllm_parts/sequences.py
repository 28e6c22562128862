"""The requests of one generation: what vLLM is asked for."""

from typing import Any

from hayasa_worker.frames import GenerateRequest
from hayasa_worker.scheduled import ScheduledSequence


class VllmSequence(ScheduledSequence):
    """A request and what it has got."""

    def __init__(self, request_id: str, index: int, request: GenerateRequest) -> None:
        super().__init__(index, request)
        self.id = request_id

    def parameters(self) -> Any:
        """`SamplingParams`: greedy, of exactly this length unless a stop token ends it; token ids only."""
        from vllm import SamplingParams
        from vllm.sampling_params import RequestOutputKind

        return SamplingParams(
            max_tokens=self.limit,
            min_tokens=0 if self.stop_tokens else self.limit,
            temperature=0,
            ignore_eos=True,
            stop_token_ids=list(self.stop_tokens) or None,
            detokenize=False,
            output_kind=RequestOutputKind.DELTA,
        )
