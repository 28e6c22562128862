"""How a model is loaded in a precision, and what it became."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hayasa_worker.answers import Effective, Precision
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import LoadRequest
from hayasa_worker.hugging_face.census import (
    SDPA,
    census_text,
    dtype_name,
    module_classes,
    operators_of,
    weight_dtypes,
)
from hayasa_worker.hugging_face.offloading import check_target, device_map, offload_facts
from hayasa_worker.hugging_face.versions import Library

_DTYPES = {"fp32": "float32", "fp16": "float16", "bf16": "bfloat16", "w8a8": "float32", "nf4": "bfloat16"}
_QUANTISED_CLASSES = {"w8a8": "bitsandbytes.Linear8bitLt", "nf4": "bitsandbytes.Linear4bit"}
_NF4_GROUP = 64
# The head's name differs between versions; it stays in the load dtype.
_NOT_QUANTISED = ["lm_head", "embed_out"]


@dataclass(frozen=True)
class Loading:
    """What was asked for."""

    precision: str
    attention: str
    device: str
    threads: int
    compiles: bool = False
    offload: str = "none"
    """Where the blocks' weights lie: none, cpu or disk."""

    @staticmethod
    def of(request: LoadRequest) -> "Loading":
        """Raises FailureError `unsupported` for what Transformers does not have."""
        if request.precision not in _DTYPES:
            raise unsupported(f"Transformers has no {request.precision}; use one of {', '.join(_DTYPES)}")
        attention = request.options.get("attention", "sdpa")
        if attention not in ("eager", "sdpa"):
            raise unsupported(f"attention {attention!r} is neither eager nor sdpa")
        compiles = request.options.get("compile", False) is True
        offload = str(request.options.get("offload", "none"))
        check_target(offload, request.device)
        if offload != "none" and (compiles or request.precision in _QUANTISED_CLASSES):
            what = "compile" if compiles else request.precision
            raise unsupported(f"offload {offload} and {what} do not go together: fetched layers are moved as they are")
        if compiles and request.precision in _QUANTISED_CLASSES:
            raise unsupported(f"compile and {request.precision} do not go together: bitsandbytes' kernels stay eager")
        return Loading(request.precision, str(attention), request.device, request.threads, compiles, offload)

    @property
    def dtype(self) -> str:
        """Of weights that are not quantised, activations and keys and values."""
        return _DTYPES[self.precision]

    def check(self, torch: Any) -> None:
        """Raises FailureError `unsupported` where torch has not the device."""
        if self.device != "cpu" and not (self.device.startswith("cuda") and torch.cuda.is_available()):
            raise unsupported(
                f"device {self.device}: torch {torch.__version__} finds no such accelerator",
                "install its environment with --accelerator cuda on a machine that has one",
            )


def load_model(path: str, loading: Loading, offload_folder: str) -> Any:
    """The model, in evaluation mode, on its device; what is offloaded to disk in another dtype is written there."""
    import torch
    import transformers
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig
    from transformers.utils import logging

    logging.set_verbosity_error()
    library = Library.of(transformers.__version__)
    library.check(loading.attention, compiles=loading.compiles, offload=loading.offload)
    options: dict[str, Any] = {
        library.dtype_option: getattr(torch, loading.dtype),
        "local_files_only": True,
        # Code of a checkpoint is never run, and pickled weights beside the safetensors are never opened.
        "trust_remote_code": False,
        "use_safetensors": True,
    }
    if library.chooses_attention:
        options["attn_implementation"] = loading.attention
    if loading.precision in _QUANTISED_CLASSES:
        import bitsandbytes  # noqa: F401 - else Transformers says later, and less, that it is missing

        options["device_map"] = {"": loading.device}
        options["quantization_config"] = (
            BitsAndBytesConfig(load_in_8bit=True, llm_int8_skip_modules=_NOT_QUANTISED)
            if loading.precision == "w8a8"
            else BitsAndBytesConfig(
                load_in_4bit=True,
                bnb_4bit_quant_type="nf4",
                bnb_4bit_use_double_quant=True,
                bnb_4bit_compute_dtype=torch.bfloat16,
                llm_int8_skip_modules=_NOT_QUANTISED,
            )
        )
    if loading.offload != "none":
        options["device_map"] = device_map(path, loading.offload, loading.device)
        options["offload_folder"] = offload_folder
    model = AutoModelForCausalLM.from_pretrained(path, **options).eval()
    return model if "device_map" in options else model.to(loading.device)


def effective_of(model: Any, loading: Loading) -> Effective:
    """What the model became, from a census of its weights and of one untimed forward pass.

    Raises:
        FailureError: `unsupported` where what was asked for did nothing.

    """
    import torch

    probe = torch.tensor([[1, 2, 3]], device=loading.device)
    outputs: list[Any] = []

    def plain_pass() -> None:
        with torch.no_grad():
            model(input_ids=probe)

    plain_pass()  # NF4 packs its weights at the first pass
    operators = operators_of(lambda: outputs.append(model(input_ids=probe, use_cache=True)))
    attention = "sdpa" if any(SDPA in name for name in operators) else "eager"
    if attention != loading.attention:
        raise unsupported(
            f"attention {loading.attention} was asked for, {attention} ran: {census_text(operators)}",
            f"ask for attention {attention}",
        )
    dtypes = weight_dtypes(model)
    quantised = module_classes(model, lambda name: name == _QUANTISED_CLASSES.get(loading.precision))
    if loading.precision in _QUANTISED_CLASSES and not quantised:
        raise unsupported(f"{loading.precision}: no module of the model was quantised")
    (output,) = outputs
    head = model.get_output_embeddings()
    return Effective(
        precision=_precision(loading, dtypes, dtype_name(_keys(output.past_key_values).dtype)),
        threads=torch.get_num_threads(),
        settings={
            "attention": attention,
            "operators": census_text(operators),
            "weightDtypes": census_text(dtypes),
            "quantisedModules": sum(quantised.values()),
            "head": f"{type(head).__name__} {dtype_name(head.weight.dtype)}",
            "logitsDtype": dtype_name(output.logits.dtype),
            "float32MatmulPrecision": torch.get_float32_matmul_precision(),
            **({} if loading.offload == "none" else offload_facts(model, loading.offload, plain_pass)),
            **_cuda_settings(loading.device),
        },
    )


def _precision(loading: Loading, dtypes: Counter[str], kv_cache: str) -> Precision:
    if loading.precision == "w8a8":
        return Precision("int8", "int8", kv_cache, "int32")
    if loading.precision == "nf4":
        return Precision("nf4", "bfloat16", kv_cache, "bfloat16", _NF4_GROUP)
    weights = dtypes.most_common(1)[0][0]
    # oneDNN and cuBLAS accumulate products of 16-bit numbers in 32 bit.
    return Precision(weights, weights, kv_cache, "float32")


def _keys(cache: Any) -> Any:
    """Keys of the first layer: the cache's interface differs between versions."""
    return cache.layers[0].keys if hasattr(cache, "layers") else cache[0][0]


def _cuda_settings(device: str) -> dict[str, bool | int | float | str]:
    import torch

    if not device.startswith("cuda"):
        return {}
    return {
        "gpu": torch.cuda.get_device_name(device),
        "tf32": bool(torch.backends.cuda.matmul.allow_tf32),
        "neverRunOnGpu": "this path was written without a GPU and has never run on one",
    }
