"""CTranslate2, FasterTransformer's relative on CPUs, on a model that is converted from the checkpoint once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hayasa_worker.answers import Call, Effective, Precision, Sample
from hayasa_worker.ctranslate2_convert import convert
from hayasa_worker.engine import Context, Model
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.gpt_neox import GptNeoX
from hayasa_worker.packages import package_versions
from hayasa_worker.samples import Watch, static_sample

_COMPUTE_TYPES = {"fp32": "float32", "w8a8": "int8_float32"}
_FORMATS = {
    "float32": Precision("float32", "float32", "float32", "float32"),
    "int8_float32": Precision("int8", "int8", "float32", "int32"),
}
_FORMAT_VERSION = 1


class CTranslate2:
    """One generator."""

    def __init__(self) -> None:
        self._generator: Any = None

    @property
    def generator(self) -> Any:
        """The library's own object."""
        return self._generator

    def versions(self) -> Mapping[str, str]:
        """Libraries whose version may change a number."""
        return package_versions("ctranslate2", "numpy")

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Converts where the cache has nothing, and loads."""
        compute_type = _COMPUTE_TYPES.get(request.precision)
        if compute_type is None:
            raise unsupported(f"CTranslate2 has no {request.precision}; use one of {', '.join(_COMPUTE_TYPES)}")
        if request.device != "cpu":
            raise unsupported(f"device {request.device}: only the CPU is wired up")
        model = GptNeoX.open(request.model_path)
        folder = Path(request.cache_folder) / "ctranslate2" / f"{model.identity()}-v{_FORMAT_VERSION}"
        with context.stage("import"):
            import ctranslate2
        if not folder.is_dir():
            with context.stage("convert"):
                context.cache_bytes_written = convert(model, folder)
        with context.stage("load-model"):
            self._generator = ctranslate2.Generator(
                str(folder), device="cpu", compute_type=compute_type, intra_threads=request.threads, inter_threads=1
            )
        found = str(self._generator.compute_type)
        if found not in _FORMATS:
            raise unsupported(f"compute type {compute_type} was asked for, CTranslate2 took {found}")
        settings = {"computeType": found, "supported": " ".join(sorted(ctranslate2.get_supported_compute_types("cpu")))}
        effective = Effective(_FORMATS[found], request.threads, dict(settings))
        entry = f"ctranslate2/{folder.name}"
        return Model(effective, model.vocabulary, model.positions, context.cache_bytes_written, entry)

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """A static batch in the library's own loop, which calls back for each token of each sequence."""
        if request.batching != "static" or request.depth_tokens > 0:
            raise unsupported("CTranslate2 has neither continuous batching nor a depth")
        if len({len(prompt) for prompt in request.prompts}) > 1:
            raise unsupported("CTranslate2 feeds the rest of longer prompts token by token: equal lengths only")
        prompts = [[str(token) for token in prompt] for prompt in request.prompts]
        longest = max(request.output_tokens)
        watch = None if context.emit is None else Watch(request, context.emit)
        steps_ns: list[int] = []

        def on_token(result: Any) -> bool:
            # The first sequence of a step has the step's stamp; the others follow within the same step.
            if result.step == len(steps_ns):
                steps_ns.append(context.now_ns())
            if watch is not None:
                watch.one(result.batch_id, result.token_id)
            return context.cancelled()

        start_ns = context.now_ns()
        results = self._generator.generate_batch(
            prompts,
            max_length=longest,
            min_length=1 if request.stop_tokens else longest,
            beam_size=1,
            sampling_topk=1,
            include_prompt_in_result=False,
            end_token=list(request.stop_tokens),
            return_end_token=True,
            callback=on_token,
        )
        call = Call(start_ns, context.now_ns())
        tokens = [[] if context.cancelled() else result.sequences_ids[0] for result in results]
        return static_sample(request, call, [] if context.cancelled() else steps_ns, tokens, skips_ended=True)

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """One pass over prompt and continuation."""
        import numpy as np

        rows = self._generator.forward_batch([[*prompt, *continuation[:-1]]])
        return np.array(rows)[0, len(prompt) - 1 :]

    def unload(self) -> None:
        """Memory goes with the process."""
        self._generator = None


def create_engine() -> CTranslate2:
    """The engine."""
    return CTranslate2()
