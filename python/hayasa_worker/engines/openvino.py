"""OpenVINO on a stateful model that is built from the checkpoint: no torch, no optimum.

Static batches run in a greedy loop of our own over the model's state, continuous batching in GenAI's pipeline.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hayasa_worker.answers import Call, Effective, EngineTimers, Precision, Sample
from hayasa_worker.engine import Context, Model
from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.gpt_neox import GptNeoX
from hayasa_worker.openvino_continuous import ContinuousBatching, check, entry_of, saved_graph
from hayasa_worker.openvino_graph import WeightFormat, build_model
from hayasa_worker.packages import package_versions
from hayasa_worker.samples import Watch, static_sample

_WEIGHTS = {"fp32": "float32", "bf16": "float32", "w8": "int8", "w4": "int4"}
_PROPERTIES = (
    "INFERENCE_PRECISION_HINT",
    "KV_CACHE_PRECISION",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE",
    "INFERENCE_NUM_THREADS",
    "NUM_STREAMS",
    "PERFORMANCE_HINT",
)
_FORMATS = {"f32": "float32", "float": "float32", "bf16": "bfloat16", "f16": "float16", "u8": "int8"}


class OpenVino:
    """One compiled model with one request, whose state is the KV cache; a pipeline beside it once one is needed."""

    def __init__(self) -> None:
        self._compiled: Any = None
        self._request: Any = None
        self._kept_alive: list[Any] = []
        self._next_ids: Any = None
        self._next_positions: Any = None
        self._last_positions: Any = None
        self._pipeline: ContinuousBatching | None = None
        self._make_pipeline: Callable[[], ContinuousBatching] | None = None

    def versions(self) -> Mapping[str, str]:
        """Libraries whose version may change a number."""
        return package_versions("openvino", "numpy")

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Builds the graph from the checkpoint in memory and compiles it; nothing is written."""
        self.unload()
        if request.precision not in _WEIGHTS:
            raise unsupported(f"OpenVINO has no {request.precision}; use one of {', '.join(_WEIGHTS)}")
        if request.device != "cpu":
            raise unsupported(f"device {request.device}: only the CPU plugin is wired up")
        model = GptNeoX.open(request.model_path)
        weights = _weights(request)
        with context.stage("import"):
            import openvino as ov
        with context.stage("build-graph"):
            graph, self._kept_alive = build_model(model, weights)
        properties = _properties(request)
        with context.stage("compile"):
            self._compiled = ov.Core().compile_model(graph, "CPU", properties)
            self._request = self._compiled.create_infer_request()
        self._make_pipeline = lambda: ContinuousBatching(
            saved_graph(model, weights, request.cache_folder), properties, request.limits, model
        )
        entry = entry_of(model, weights)
        return Model(
            self._effective(weights),
            model.vocabulary,
            model.positions,
            cache_entry=entry if (Path(request.cache_folder) / entry).is_dir() else None,
        )

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """The stamp of a step is taken when its tokens are known."""
        if request.batching == "continuous":
            return self._generate_continuous(request, context)
        import numpy as np

        self._request.reset_state()
        width = max(len(prompt) for prompt in request.prompts)
        gaps = [width - len(prompt) for prompt in request.prompts]
        depth = request.depth_tokens
        # One mask over everything that the call will ever see: steps take a longer part of it each time.
        mask = np.ones((len(gaps), depth + width + max(request.output_tokens)), np.int64)
        for row, gap in enumerate(gaps):
            mask[row, depth : depth + gap] = 0
        if depth > 0:
            filling = [[prompt[i % len(prompt)] for i in range(depth)] for prompt in request.prompts]
            self._infer(np.array(filling, np.int64), mask[:, :depth])
        watch = None if context.emit is None else Watch(request, context.emit)
        ids = np.array([[0] * gap + prompt for gap, prompt in zip(gaps, request.prompts, strict=True)], np.int64)
        left = [*request.output_tokens]
        end = depth + width
        chosen = np.zeros(len(gaps), np.int64)
        steps: list[list[int]] = []
        steps_ns: list[int] = []
        inferences_ms: list[float] = []
        start_ns = context.now_ns()
        while max(left) > 0 and not context.cancelled():
            logits = self._infer(ids, mask[:, :end]) if not steps else self._infer_next(chosen, mask[:, :end])
            chosen = logits[:, -1].argmax(-1)
            new = chosen.tolist()
            steps_ns.append(context.now_ns())
            steps.append(new)
            if request.engine_timers:
                inferences_ms.append(self._request.latency)
            end += 1
            left = [0 if token in request.stop_tokens else count - 1 for token, count in zip(new, left, strict=True)]
            if watch is not None:
                watch.step(new)
        tokens = [[new[row] for new in steps] for row in range(len(gaps))]
        sample = static_sample(request, Call(start_ns, context.now_ns()), steps_ns, tokens)
        return replace(sample, engine_timers=_timers(inferences_ms)) if inferences_ms else sample

    def _generate_continuous(self, request: GenerateRequest, context: Context) -> Sample:
        """The first one makes the pipeline, before anything is timed."""
        check(request)
        if self._pipeline is None:
            if self._make_pipeline is None:
                raise FailureError("engine-error", "no model is loaded")
            self._pipeline = self._make_pipeline()
        return self._pipeline.generate(request, context)

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """One pass over prompt and continuation."""
        import numpy as np

        self._request.reset_state()
        fed = np.array([[*prompt, *continuation[:-1]]], np.int64)
        return self._infer(fed, np.ones_like(fed), kept=len(continuation))[0].copy()

    def unload(self) -> None:
        """Memory goes with the process."""
        self._request = self._compiled = self._pipeline = self._make_pipeline = None

    def _infer(self, ids: Any, mask: Any, kept: int = 1) -> Any:
        """Logits [B, kept, vocabulary] of the last positions; positions count what is no padding."""
        import numpy as np
        import openvino as ov

        positions = np.maximum(mask.cumsum(1) - 1, 0)[:, -ids.shape[1] :]
        for name, values in {
            "input_ids": ids,
            "position_ids": positions,
            "beam_idx": np.arange(len(ids), dtype=np.int32),
            "kept": np.array([kept], np.int64),
        }.items():
            self._request.set_tensor(name, ov.Tensor(np.ascontiguousarray(values)))
        # What the next steps write their tokens and positions into, so that each sets its mask alone.
        self._next_ids = self._next_positions = None
        self._last_positions = positions[:, -1:]
        return self._run(mask)

    def _infer_next(self, tokens: Any, mask: Any) -> Any:
        """Logits [B, 1, vocabulary] of one more token [B] of each sequence."""
        import numpy as np
        import openvino as ov

        if self._next_ids is None:
            self._next_ids, self._next_positions = tokens[:, None].copy(), self._last_positions.copy()
            self._request.set_tensor("input_ids", ov.Tensor(self._next_ids, shared_memory=True))
            self._request.set_tensor("position_ids", ov.Tensor(self._next_positions, shared_memory=True))
        np.copyto(self._next_ids[:, 0], tokens)
        self._next_positions += 1
        return self._run(mask)

    def _run(self, mask: Any) -> Any:
        import numpy as np

        # Outputs are read where they lie: the library would copy them once more.
        self._request.infer({"attention_mask": np.ascontiguousarray(mask)}, share_inputs=True, share_outputs=True)
        return self._request.get_output_tensor(0).data

    def _effective(self, weights: WeightFormat) -> Effective:
        found = {name: str(self._compiled.get_property(name)) for name in _PROPERTIES}
        inference = _format(found["INFERENCE_PRECISION_HINT"])
        kv_cache = _format(found["KV_CACHE_PRECISION"])
        values, group = weights.values, weights.group_size
        is_quantised = values != "float32"
        if is_quantised and int(found["DYNAMIC_QUANTIZATION_GROUP_SIZE"]) > 0:
            formats = Precision(values, "int8", kv_cache, "int32", group)
        else:
            formats = Precision(values if is_quantised else inference, inference, kv_cache, "float32", group)
        return Effective(formats, int(found["INFERENCE_NUM_THREADS"]), dict(found))


def _weights(request: LoadRequest) -> WeightFormat:
    values = _WEIGHTS[request.precision]
    return WeightFormat(values, int(request.options.get("groupSize", 32)) if values == "int4" else None)


def _properties(request: LoadRequest) -> dict[str, Any]:
    """Of the compiled model and of the pipeline alike."""
    hint = "bf16" if request.precision == "bf16" else "f32"
    return {
        "INFERENCE_PRECISION_HINT": hint,
        "KV_CACHE_PRECISION": hint,
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(int(request.options.get("dynamicQuantizationGroup", 0))),
        "INFERENCE_NUM_THREADS": request.threads,
        "NUM_STREAMS": "1",
        "PERFORMANCE_HINT": "LATENCY",
    }


def _timers(inferences_ms: list[float]) -> EngineTimers:
    prefill_ms, *steps_ms = inferences_ms
    return EngineTimers(
        prefill_ns=round(prefill_ms * 1e6),
        decode_ns=round(sum(steps_ms) * 1e6),
        method="InferRequest.latency of each step, summed: the inference without the choice of the token",
    )


def _format(text: str) -> str:
    """`<Type: 'bfloat16'>` or `bf16` -> `bfloat16`."""
    word = text.split("'")[1] if "'" in text else text
    return _FORMATS.get(word, word)


def create_engine() -> OpenVino:
    """The engine."""
    return OpenVino()
