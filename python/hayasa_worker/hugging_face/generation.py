"""`generate` as users of Hugging Face's libraries call it, greedy, with a stamp each time that logits are handed on.

A logits processor is called once per step whatever the batch; its first call is the end of the prefill.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hayasa_worker.answers import Call, Sample
from hayasa_worker.engine import Context
from hayasa_worker.frames import GenerateRequest
from hayasa_worker.hugging_face.compiling import Compiled, compiled_graphs
from hayasa_worker.hugging_face.profiling import StepProfiler
from hayasa_worker.hugging_face.versions import Library
from hayasa_worker.samples import Watch, static_sample

PADDING_TOKEN = 0


class CancelledError(Exception):
    """Leaves `generate` between two steps."""


def go_offline() -> None:
    """Nothing is asked of the network, and nothing is reported to it. Before the first import."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"


def plain_generation(model: Any) -> None:
    """Takes out what the checkpoint says of generation: lengths and ends are the study's."""
    from transformers import GenerationConfig

    model.generation_config = GenerationConfig(pad_token_id=PADDING_TOKEN)


def generate(
    model: Any, request: GenerateRequest, context: Context, device: str, compiled: Compiled | None = None
) -> Sample:
    """A static batch. Shorter prompts are padded at their left, and masked.

    Sequences that have ended are computed on until the last one has: that is how the library does it.

    Raises:
        FailureError: `unsupported` for a depth that this version of the library would not continue.

    """
    import torch
    import transformers
    from transformers import LogitsProcessorList, StoppingCriteriaList

    library = Library.of(transformers.__version__)
    if request.depth_tokens > 0:
        library.check_depth()

    if compiled is not None:
        compiled.prepare(len(request.prompts), has_depth=request.depth_tokens > 0)
    ids, mask, cache = _prefilled(model, request, device, compiled)
    synchronise: Callable[[], None] = torch.cuda.synchronize if device.startswith("cuda") else _nothing
    steps_ns: list[int] = []
    profiler = StepProfiler(request, context, device) if request.profile else None

    def stamp(input_ids: Any, scores: Any) -> Any:
        del input_ids
        synchronise()
        steps_ns.append(context.now_ns())
        if context.cancelled():
            raise CancelledError
        if profiler is not None:
            profiler.stepped(steps_ns)
        return scores

    options: dict[str, Any] = {
        "attention_mask": mask,
        "max_new_tokens": max(request.output_tokens),
        "do_sample": False,
        "eos_token_id": request.stop_tokens or None,
        "logits_processor": LogitsProcessorList([stamp]),
        **({} if compiled is None else compiled.options()),
    }
    if cache is not None:
        options["past_key_values"] = cache
        options.pop("cache_implementation", None)
    watch = None if context.emit is None else Watch(request, context.emit)
    shown: list[int] = []
    if watch is not None:

        def show(input_ids: Any, scores: Any) -> Any:
            del scores
            shown.append(input_ids.shape[1])
            watch.step(input_ids[:, -1].tolist())
            return torch.zeros(len(input_ids), dtype=torch.bool, device=device) if library.stops_by_sequence else False

        options["stopping_criteria"] = StoppingCriteriaList([show])
    graphs = 0 if compiled is None else compiled_graphs()
    synchronise()
    start_ns = context.now_ns()
    try:
        with torch.inference_mode():
            written = model.generate(ids, **options)[:, ids.shape[1] :]
        synchronise()
        tokens = written.tolist()
        if watch is not None and len(shown) < written.shape[1]:
            # Where criteria answer for the batch, the one for the length is asked first, and the last step by it alone.
            watch.step(written[:, -1].tolist())
    except CancelledError:
        steps_ns.clear()
        tokens = [[] for _ in request.prompts]
    end_ns = context.now_ns()
    if compiled is not None:
        compiled.check_untouched(graphs)
    profile = None if profiler is None else profiler.read(steps_ns)
    return replace(static_sample(request, Call(start_ns, end_ns), steps_ns, tokens), profile=profile)


def logits(model: Any, prompt: list[int], continuation: list[int], device: str) -> Any:
    """See `Engine.logits`. The last token's own successor is not asked for."""
    import torch

    ids = torch.tensor([[*prompt, *continuation[:-1]]], device=device)
    with torch.inference_mode():
        rows = model(input_ids=ids, attention_mask=torch.ones_like(ids), use_cache=False).logits[0, len(prompt) - 1 :]
    return rows.float().cpu().numpy()


def cycled(tokens: Sequence[int], count: int) -> list[int]:
    """The first `count` tokens of an endless repetition."""
    return [tokens[i % len(tokens)] for i in range(count)]


def _prefilled(model: Any, request: GenerateRequest, device: str, compiled: Compiled | None) -> tuple[Any, Any, Any]:
    """Ids and mask of the whole sequences, and a cache that holds the depth already; None without a depth."""
    import torch

    ids, mask = _padded(request.prompts, device)
    if request.depth_tokens == 0:
        return ids, mask, None
    depth = torch.tensor([cycled(prompt, request.depth_tokens) for prompt in request.prompts], device=device)
    if compiled is not None:
        cache = compiled.filled_cache(depth)
    else:
        with torch.inference_mode():
            cache = model(input_ids=depth, attention_mask=torch.ones_like(depth), use_cache=True).past_key_values
    return torch.cat([depth, ids], dim=1), torch.cat([torch.ones_like(depth), mask], dim=1), cache


def _padded(prompts: Sequence[Sequence[int]], device: str) -> tuple[Any, Any]:
    import torch

    width = max(len(prompt) for prompt in prompts)
    missing = [width - len(prompt) for prompt in prompts]
    ids = [[PADDING_TOKEN] * gap + list(prompt) for gap, prompt in zip(missing, prompts, strict=True)]
    mask = [[0] * gap + [1] * (width - gap) for gap in missing]
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)


def _nothing() -> None:
    """A CPU computes before it returns."""
