"""What Transformers is asked for, with a stand-in for torch: the path of a GPU as far as a CPU can take it."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from hayasa_worker.failures import FailureError
from hayasa_worker.frames import Limits, LoadRequest
from hayasa_worker.hugging_face.loading import Loading, _cuda_settings, load_model


def request(precision: str = "fp32", device: str = "cpu", attention: str = "sdpa") -> LoadRequest:
    return LoadRequest("load", 1, "/m", precision, {"attention": attention}, 2, device, "/c", Limits(1, 8))


def stand_in(*, has_gpu: bool) -> SimpleNamespace:
    return SimpleNamespace(
        __version__="2.13.0",
        cuda=SimpleNamespace(is_available=lambda: has_gpu, get_device_name=lambda device: f"GPU of {device}"),
        backends=SimpleNamespace(cuda=SimpleNamespace(matmul=SimpleNamespace(allow_tf32=False))),
    )


def test_quantised_precisions_name_the_dtype_of_the_rest() -> None:
    assert Loading.of(request("w8a8")).dtype == "float32"
    assert Loading.of(request("nf4")).dtype == "bfloat16"


@pytest.mark.parametrize("wrong", [request("w4"), request(attention="flash")])
def test_what_it_does_not_have_is_unsupported(wrong: LoadRequest) -> None:
    with pytest.raises(FailureError) as raised:
        Loading.of(wrong)
    assert raised.value.failure.cause == "unsupported"


def test_a_gpu_that_is_not_there_is_unsupported() -> None:
    loading = Loading.of(request(device="cuda:0"))
    loading.check(stand_in(has_gpu=True))
    with pytest.raises(FailureError, match="finds no such accelerator"):
        loading.check(stand_in(has_gpu=False))


def test_a_gpu_is_recorded_as_never_run_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", stand_in(has_gpu=True))
    settings = _cuda_settings("cuda:0")
    assert (settings["gpu"], settings["tf32"]) == ("GPU of cuda:0", False)
    assert "never run" in str(settings["neverRunOnGpu"])
    assert _cuda_settings("cpu") == {}


def test_code_and_pickles_of_a_checkpoint_are_never_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    class Model:
        def eval(self) -> "Model":
            return self

        def to(self, device: str) -> "Model":
            asked["device"] = device
            return self

    def from_pretrained(path: str, **options: Any) -> Model:
        asked.update(options, path=path)
        return Model()

    torch, transformers, utils = (ModuleType(name) for name in ("torch", "transformers", "transformers.utils"))
    torch.__dict__["float32"] = "float32"
    transformers.__dict__.update(
        __version__="5.18.0",
        AutoModelForCausalLM=SimpleNamespace(from_pretrained=from_pretrained),
        BitsAndBytesConfig=None,
    )
    utils.__dict__["logging"] = SimpleNamespace(set_verbosity_error=lambda: None)
    for module in (torch, transformers, utils):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    load_model("/m", Loading.of(request()), "/nowhere")
    assert (asked["path"], asked["device"], asked["local_files_only"]) == ("/m", "cpu", True)
    assert (asked["trust_remote_code"], asked["use_safetensors"]) == (False, True)
