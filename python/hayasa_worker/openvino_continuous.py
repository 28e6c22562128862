"""OpenVINO GenAI's ContinuousBatchingPipeline: its scheduler and paged attention over the graph that Hayasa builds.

The pipeline is called step by step, and each step is stamped when its tokens are known to Python. Prompts are
prefilled whole, all that were admitted together in one step; sequences that have ended are no longer computed.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hayasa_worker.answers import Call, Sample
from hayasa_worker.engine import Context
from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import GenerateRequest, Limits
from hayasa_worker.gpt_neox import GptNeoX
from hayasa_worker.openvino_graph import WeightFormat, build_model
from hayasa_worker.scheduled import ScheduledSequence

_FORMAT_VERSION = 1
_BLOCK_TOKENS = 32
"""Tokens of a block of the CPU plugin's paged cache."""
_SPARE_BLOCKS = 8
_VALUE_BYTES = {"f32": 4, "bf16": 2}


class ContinuousBatching:
    """One pipeline whose cache holds `limits.slots` sequences of `limits.positions_per_slot` tokens."""

    def __init__(self, folder: Path, properties: Mapping[str, Any], limits: Limits, model: GptNeoX) -> None:
        import openvino_genai as genai

        blocks_per_slot = -(-limits.positions_per_slot // _BLOCK_TOKENS) + 1
        scheduling = genai.SchedulerConfig()
        scheduling.num_kv_blocks = limits.slots * blocks_per_slot + _SPARE_BLOCKS
        scheduling.max_num_seqs = limits.slots
        scheduling.max_num_batched_tokens = limits.slots * limits.positions_per_slot
        scheduling.dynamic_split_fuse = False
        scheduling.enable_prefix_caching = False
        self._pipeline = genai.ContinuousBatchingPipeline(
            str(folder), scheduling, "CPU", {**properties, "sampler_num_threads": properties["INFERENCE_NUM_THREADS"]}
        )
        self._genai = genai
        value_bytes = _VALUE_BYTES[properties["KV_CACHE_PRECISION"]]
        self._cache_bytes = scheduling.num_kv_blocks * _BLOCK_TOKENS * model.layers * 2 * model.hidden * value_bytes
        self._requests = 0

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """The next request is added when one of `slots` is free."""
        import numpy as np
        import openvino as ov

        sequences = [ScheduledSequence(index, request) for index in range(len(request.prompts))]
        asked = [(ov.Tensor(np.array([each.prompt], np.int64)), self._config(each)) for each in sequences]
        waiting = list(reversed(sequences))
        running: list[tuple[ScheduledSequence, Any]] = []
        steps_ns: list[int] = []
        start_ns = context.now_ns()
        while (waiting or running) and not context.cancelled():
            while waiting and len(running) < request.slots:
                sequence = waiting.pop()
                sequence.sent_ns = context.now_ns()
                self._requests += 1
                running.append((sequence, self._pipeline.add_request(self._requests, *asked[sequence.index])))
            self._pipeline.step()
            now_ns = context.now_ns()
            for sequence, handle in running:
                sequence.take(self._tokens(handle), len(steps_ns), now_ns, context)
            steps_ns.append(now_ns)
            running = [each for each in running if not each[0].is_whole]
        call = Call(start_ns, context.now_ns())
        self._check_cache()
        for _, handle in running:
            handle.cancel()
        while self._pipeline.has_non_finished_requests():
            self._pipeline.step()
        return Sample(call, steps_ns, [sequence.sample(call) for sequence in sequences])

    def _check_cache(self) -> None:
        """The pipeline hides its compiled model; the bytes of its cache, made in the first step, tell the format."""
        found = self._pipeline.get_metrics().cache_size_in_bytes
        if found not in (0, self._cache_bytes):
            expected = f"{self._cache_bytes} bytes in the format that was asked for"
            raise FailureError("engine-error", f"the pipeline's cache has {found} bytes, not {expected}")

    def _tokens(self, handle: Any) -> list[int]:
        """Of the last step: none while it waits for a place."""
        if handle.get_status() == self._genai.GenerationStatus.IGNORED:
            raise FailureError("out-of-memory", "the pipeline's cache had no room for a sequence, and it was given up")
        if not handle.can_read():
            return []
        return [token for output in handle.read().values() for token in output.generated_ids]

    def _config(self, sequence: ScheduledSequence) -> Any:
        """Greedy, of exactly this length unless a stop token ends it."""
        config = self._genai.GenerationConfig()
        config.do_sample = False
        config.max_new_tokens = sequence.limit
        config.min_new_tokens = 0 if sequence.stop_tokens else sequence.limit
        # Without one of its own the pipeline takes the tokenizer's, and there is none; ignored for a forced length.
        stop_tokens = sequence.stop_tokens or [0]
        config.ignore_eos = not sequence.stop_tokens
        config.eos_token_id = stop_tokens[0]
        config.stop_token_ids = set(stop_tokens)
        return config


def entry_of(model: GptNeoX, weights: WeightFormat) -> str:
    """Where the graph of this model lies in the cache folder, once it is there."""
    return f"openvino/{model.identity()}-{weights}-v{_FORMAT_VERSION}"


def saved_graph(model: GptNeoX, weights: WeightFormat, cache_folder: str) -> Path:
    """The folder with the graph as files, which the library's pipelines want; written at the first call.

    Logits are those of each sequence's last position.
    """
    import numpy as np
    import openvino as ov

    folder = Path(cache_folder) / entry_of(model, weights)
    if folder.is_dir():
        return folder
    graph, kept_alive = build_model(model, weights)
    kept = next(each for each in graph.get_parameters() if each.get_friendly_name() == "kept")
    one = ov.opset13.constant(np.array([1], np.int64))
    kept.output(0).replace(one.output(0))
    graph.remove_parameter(kept)
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    ov.save_model(graph, partial / "openvino_model.xml", compress_to_fp16=False)
    partial.rename(folder)
    del kept_alive
    return folder


def check(request: GenerateRequest) -> None:
    """Raises FailureError `unsupported` for what the pipeline cannot do."""
    if request.depth_tokens > 0:
        raise unsupported("the pipeline's cache cannot be filled from outside: continuous batching has no depth")
