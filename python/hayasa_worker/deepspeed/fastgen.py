"""FastGen (DeepSpeed inference v2): a greedy loop over its ragged batches. Written without a GPU, never run on one."""

from collections.abc import Callable
from typing import Any

from hayasa_worker.answers import Call, Sample
from hayasa_worker.engine import Context
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.samples import static_sample

KNOWN = ("opt", "llama", "mistral", "qwen2")
"""Of the architectures that Hayasa describes (deepspeed/inference/v2/engine_factory.py of 0.19.8)."""
_BLOCK_TOKENS = 128


def check_model(model_type: str) -> None:
    """Raises FailureError `unsupported` for what FastGen has no policy for."""
    if model_type not in KNOWN:
        raise unsupported(f"FastGen does not know {model_type}; it knows {', '.join(KNOWN)}", "use the preset opt-125m")


def check_dtype(engine: Any, asked: str) -> None:
    """Raises FailureError `unsupported` where the engine computes in another dtype than `asked` (`float16`, ...).

    It takes the dtype of the checkpoint's config.json and has no setting for another one (`activation_dtype` in
    deepspeed/inference/v2/model_implementations of 0.19.8, a member of DtypeEnum whose value is torch's dtype).
    """
    effective = str(engine.model().activation_dtype.value).removeprefix("torch.")
    if effective != asked:
        raise unsupported(
            f"FastGen computes in the checkpoint's own dtype: {asked} was asked for, {effective} would run",
            "use a checkpoint in that dtype, or the precision of this one",
        )


def build(request: LoadRequest) -> Any:
    """Its engine, with a cache for the launch's largest cell."""
    from deepspeed.inference.v2.config_v2 import RaggedInferenceEngineConfig
    from deepspeed.inference.v2.engine_factory import build_hf_engine

    slots, positions = request.limits.slots, request.limits.positions_per_slot
    blocks = slots * -(-positions // _BLOCK_TOKENS)
    return build_hf_engine(
        request.model_path,
        RaggedInferenceEngineConfig(
            state_manager={
                "max_tracked_sequences": slots,
                "max_ragged_sequence_count": slots,
                "max_ragged_batch_size": slots * positions,
                "max_context": positions,
                "memory_config": {"mode": "allocate", "size": blocks},
            }
        ),
    )


def generate(
    engine: Any,
    request: GenerateRequest,
    context: Context,
    tensor: Callable[[list[int]], Any],
    synchronise: Callable[[], None],
) -> Sample:
    """A static batch: every sequence is put in every step until all have their tokens.

    `put` takes the new tokens of each sequence and gives logits [sequences, vocabulary] of its last one.
    """
    if request.batching != "static" or request.depth_tokens > 0:
        raise unsupported("FastGen is wired up with static batches and without a depth")
    uids = list(range(len(request.prompts)))
    fed = [tensor(prompt) for prompt in request.prompts]
    left = list(request.output_tokens)
    steps: list[list[int]] = []
    steps_ns: list[int] = []
    synchronise()
    start_ns = context.now_ns()
    try:
        while max(left) > 0 and not context.cancelled():
            new = engine.put(uids, fed).argmax(-1)
            synchronise()
            tokens = [int(token) for token in new.tolist()]
            steps_ns.append(context.now_ns())
            steps.append(tokens)
            stops = request.stop_tokens
            left = [0 if token in stops else count - 1 for token, count in zip(tokens, left, strict=True)]
            fed = [tensor([token]) for token in tokens]
        end_ns = context.now_ns()
    finally:
        for uid in uids:
            engine.flush(uid)
    rows = [[step[row] for step in steps] for row in uids]
    return static_sample(request, Call(start_ns, end_ns), steps_ns, rows)
