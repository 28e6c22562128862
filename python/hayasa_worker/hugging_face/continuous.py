"""Continuous batching by Transformers' own manager: requests are queued, its scheduler admits and batches them.

The manager computes in a thread of its own. It hands on the tokens of each forward pass together: that is a step, and
its stamp is taken there, in that thread, when the tokens are known to Python.
"""

import threading
import time
from typing import Any

from hayasa_worker.answers import Call, EventRun, Sample, SequenceSample
from hayasa_worker.engine import Context
from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import GenerateRequest
from hayasa_worker.hugging_face.versions import Library

_PAGE_TOKENS = 32
_SPARE_PAGES = 8
_MAXIMUM_BATCH_TOKENS = 4096
_NEVER = -1
_POLL_S = 0.05


class StepLog:
    """What arrives, step by step. One thread writes, the other reads once all is over."""

    def __init__(self, context: Context, count: int) -> None:
        self.steps_ns: list[int] = []
        self.rows: list[list[int]] = [[] for _ in range(count)]
        """By sequence: the steps that gave it a token."""
        self.outputs: list[Any] = [None] * count
        """By sequence: the last that the manager said of it."""
        self.ended = threading.Event()
        self._left = count
        self._context = context

    def step(self, outputs: list[Any]) -> None:
        """The outputs of one forward pass, in the manager's thread."""
        at = len(self.steps_ns)
        self.steps_ns.append(self._context.now_ns())
        for output in outputs:
            sequence = int(output.request_id)
            if len(output.generated_tokens) > len(self.rows[sequence]):
                self.rows[sequence].append(at)
                if self._context.emit is not None:
                    self._context.emit(sequence, output.generated_tokens[-1])
            self.outputs[sequence] = output
            self._left -= output.is_finished()
        if self._left == 0:
            self.ended.set()

    def fail(self, output: Any) -> None:
        """A request that the manager gave up."""
        self.outputs[int(output.request_id)] = output
        self.ended.set()


def generate(model: Any, request: GenerateRequest, context: Context) -> Sample:
    """Every request is queued at the start of the call; at most `slots` of them run at once.

    Raises:
        FailureError: `unsupported` for a depth, `engine-error` where the manager gave a request up.

    """
    import transformers

    Library.of(transformers.__version__).check_continuous()
    if request.depth_tokens > 0:
        raise unsupported("Transformers' continuous batching starts with empty caches: it has no depth")
    log = StepLog(context, len(request.prompts))
    manager = _manager(model, request, log)
    try:
        manager.warmup()  # makes the paged cache, outside of the timed region
        manager.start()
        origin_s = (time.perf_counter_ns() - context.now_ns()) / 1e9
        start_ns = context.now_ns()
        for index, (prompt, count) in enumerate(zip(request.prompts, request.output_tokens, strict=True)):
            manager.add_request(
                prompt, request_id=str(index), max_new_tokens=count, streaming=True,
                eos_token_id=request.stop_tokens or _NEVER,
            )  # fmt: skip
        while not (log.ended.wait(_POLL_S) or context.cancelled()) and manager.is_running():
            pass
        end_ns = context.now_ns()
    finally:
        manager.stop(hard_stop=True)
        manager.destroy()
    given_up = next((output for output in log.outputs if output is not None and output.error is not None), None)
    if not context.cancelled() and (given_up is not None or not log.ended.is_set()):
        reason = "its thread ended" if given_up is None else f"request {given_up.request_id}: {given_up.error}"
        raise FailureError("engine-error", f"Transformers' continuous batching gave up: {reason}")
    return _sample(request, Call(start_ns, max([end_ns, *log.steps_ns])), log, origin_s)


def _manager(model: Any, request: GenerateRequest, log: StepLog) -> Any:
    from transformers import GenerationConfig
    from transformers.generation.configuration_utils import ContinuousBatchingConfig
    from transformers.generation.continuous_batching.continuous_api import OutputRouter

    class Stamps(OutputRouter):  # type: ignore[misc] # Transformers is not where types are checked
        def deliver_batch(self, outputs: list[Any]) -> None:
            log.step(outputs)

        def deliver(self, output: Any) -> None:
            log.fail(output)

    slots = min(request.slots, len(request.prompts))
    lengths = [len(prompt) + count for prompt, count in zip(request.prompts, request.output_tokens, strict=True)]
    manager = model.init_continuous_batching(
        generation_config=GenerationConfig(do_sample=False, eos_token_id=_NEVER, pad_token_id=0),
        continuous_batching_config=ContinuousBatchingConfig(
            page_size=_PAGE_TOKENS,
            # Given, because sizing them by free memory takes a minute.
            num_blocks=slots * -(-max(lengths) // _PAGE_TOKENS) + _SPARE_PAGES,
            max_batch_tokens=min(_MAXIMUM_BATCH_TOKENS, max(slots * max(map(len, request.prompts)), slots)),
            max_requests_per_batch=slots,
            allow_block_sharing=False,  # no prefix of a prompt is taken from another
            use_cuda_graph=False,
            use_async_batching=False,
        ),
    )
    manager.output_router = Stamps()
    return manager


def _sample(request: GenerateRequest, call: Call, log: StepLog, origin_s: float) -> Sample:
    sequences = []
    for index, (prompt, count) in enumerate(zip(request.prompts, request.output_tokens, strict=True)):
        output, rows = log.outputs[index], log.rows[index]
        tokens = [] if output is None else output.generated_tokens
        is_stop = bool(tokens) and tokens[-1] in request.stop_tokens
        is_whole = is_stop or len(tokens) == count
        sent_s = None if output is None else output.lifespan[0]
        sent_ns = call.end_ns if sent_s is None or sent_s < 0 else int((sent_s - origin_s) * 1e9)
        sequences.append(
            SequenceSample(
                input_tokens=len(prompt),
                intended_ns=call.start_ns,
                queued_ns=call.start_ns,
                sent_ns=max(call.start_ns, sent_ns),
                events=_events(rows),
                end_ns=log.steps_ns[rows[-1]] if rows else call.end_ns,
                finish="stop" if is_stop else "length" if is_whole else "cancelled",
                tokens=list(tokens),
                computed_padding=0,
            )
        )
    return Sample(call, list(log.steps_ns), sequences)


def _events(rows: list[int]) -> list[EventRun]:
    """Steps -> runs of steps that follow one another."""
    runs: list[EventRun] = []
    for row in rows:
        if runs and runs[-1].first_step + runs[-1].steps == row:
            runs[-1] = EventRun(runs[-1].first_step, runs[-1].steps + 1, 1)
        else:
            runs.append(EventRun(row, 1, 1))
    return runs
