"""ONNX Runtime as optimum's users run it: exported from torch once, ORTModelForCausalLM, Transformers' generate."""

from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

from hayasa_worker.answers import Effective, Precision, Sample
from hayasa_worker.checkpoints import identity_of, read_config
from hayasa_worker.engine import Context, Model
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.hugging_face import generation
from hayasa_worker.older_config import with_older_config
from hayasa_worker.optimum_export import GRAPH, export, weight_formats
from hayasa_worker.packages import package_versions

# In float16 ONNX Runtime refuses the exported graph of GPT-NeoX (LayerNormalization bound to float and float16): the
# engine's declaration leaves it out, and whoever asks the worker for it gets the conversion measured and that refusal.
_DTYPES = {"fp32": "fp32", "fp16": "fp16"}
_FORMAT_VERSION = 1
_PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
_TENSOR_TYPES = {"tensor(float)": "float32", "tensor(float16)": "float16"}


class OptimumOnnxruntime:
    """One session."""

    def __init__(self) -> None:
        self._model: Any = None
        self._device = "cpu"

    def versions(self) -> Mapping[str, str]:
        """Libraries whose version may change a number."""
        return package_versions("optimum", "optimum-onnx", "onnxruntime", "torch", "transformers", "onnx", "numpy")

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Exports where the cache has nothing, and opens a session."""
        self._model = None
        dtype = _DTYPES.get(request.precision)
        if dtype is None:
            raise unsupported(f"optimum exports no {request.precision} here; use one of {', '.join(_DTYPES)}")
        provider = _PROVIDERS.get(request.device.split(":")[0])
        if provider is None:
            raise unsupported(f"device {request.device} is neither cpu nor cuda")
        request = with_older_config(request)
        config = read_config(request.model_path)
        name = f"{identity_of(Path(request.model_path), config)}-{dtype}-v{_FORMAT_VERSION}"
        folder = Path(request.cache_folder) / "optimum-onnxruntime" / name
        generation.go_offline()
        with context.stage("import"):
            import onnxruntime
            import torch
            from optimum.onnxruntime import ORTModelForCausalLM
        if provider not in onnxruntime.get_available_providers():
            raise unsupported(
                f"device {request.device}: this ONNX Runtime has no {provider}",
                "install its environment with --accelerator cuda on a machine that has one",
            )
        torch.set_num_threads(request.threads)
        if not folder.is_dir():
            with context.stage("convert"), _refusals():
                export(request.model_path, dtype, folder, context)
        with context.stage("create-session"):
            session_options = onnxruntime.SessionOptions()
            session_options.intra_op_num_threads = request.threads
            session_options.inter_op_num_threads = 1
            # From inside its parent: an @ anywhere in a path is taken for a revision of the hub.
            with chdir(folder.parent), _refusals():
                model = ORTModelForCausalLM.from_pretrained(
                    folder.name, provider=provider, session_options=session_options, local_files_only=True
                )
        generation.plain_generation(model)
        with context.stage("census"):
            effective = _effective(model, folder, provider, request.threads)
        self._model, self._device = model, request.device
        entry = f"optimum-onnxruntime/{folder.name}"
        vocabulary, positions = int(config["vocab_size"]), int(config["max_position_embeddings"])
        return Model(effective, vocabulary, positions, context.cache_bytes_written, entry)

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """Static batches only."""
        if request.batching != "static":
            raise unsupported("optimum has static batches only")
        return generation.generate(self._model, request, context, self._device)

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """One pass of the session."""
        return generation.logits(self._model, prompt, continuation, self._device)

    def unload(self) -> None:
        """Memory goes with the process."""
        self._model = None


@contextmanager
def _refusals() -> Iterator[None]:
    """A graph that ONNX Runtime calls invalid is one that it does not support, not a defect of this machine."""
    from onnxruntime.capi import onnxruntime_pybind11_state as errors

    try:
        yield
    except (errors.Fail, errors.InvalidGraph, errors.NotImplemented) as error:
        raise unsupported(f"ONNX Runtime refuses the graph that optimum exported: {error}") from error


def _effective(model: Any, folder: Path, provider: str, threads: int) -> Effective:
    weights = weight_formats(folder / GRAPH)
    caches = {one.type for one in model.session.get_inputs() if "past_key_values" in one.name}
    kv_cache = _TENSOR_TYPES.get(next(iter(caches), ""), "unknown")
    dtype = max(weights, key=weights.__getitem__)
    providers = model.session.get_providers()
    if providers[0] != provider:
        raise unsupported(f"{provider} was asked for, ONNX Runtime took {providers[0]}")
    settings: dict[str, bool | int | float | str] = {
        "providers": " ".join(providers),
        "ioBinding": bool(model.use_io_binding),
        "weightDtypes": "; ".join(f"{count} x {name}" for name, count in sorted(weights.items())),
        "graphInputs": len(model.session.get_inputs()),
    }
    if provider != _PROVIDERS["cpu"]:
        settings["neverRunOnGpu"] = "this path was written without a GPU and has never run on one"
    return Effective(Precision(dtype, dtype, kv_cache, "float32"), threads, settings)


def create_engine() -> OptimumOnnxruntime:
    """The engine."""
    return OptimumOnnxruntime()
