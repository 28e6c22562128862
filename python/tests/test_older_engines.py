"""BetterTransformer and optimum's export, as far as they go without their libraries."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from hayasa_worker.answers import Effective
from hayasa_worker.checkpoints import identity_of
from hayasa_worker.engine import Context
from hayasa_worker.engines.bettertransformer import create_engine as create_bettertransformer
from hayasa_worker.engines.optimum_onnxruntime import create_engine as create_optimum
from hayasa_worker.failures import FailureError
from hayasa_worker.frames import GenerateRequest, Limits, LoadRequest
from hayasa_worker.hugging_face.encoder import EncoderControl, bert_config, real_tokens
from hayasa_worker.hugging_face.transformation import replaced_modules, transform

CONTEXT = Context(now_ns=lambda: 0, cancelled=lambda: False, progress=lambda *_: None)


class Plain:
    """A module of the model's own."""


class Replaced:
    """A module of BetterTransformer."""

    __module__ = "optimum.bettertransformer.models.decoder_models"


class StandInModel:
    """A model that knows its modules."""

    def __init__(self, *modules: object) -> None:
        self._modules = modules

    def modules(self) -> Iterator[object]:
        """As torch names them."""
        return iter(self._modules)

    def eval(self) -> "StandInModel":
        """As torch does."""
        return self


def library(result: Any) -> ModuleType:
    """A stand-in for optimum.bettertransformer whose `transform` gives `result`, or raises it."""

    def answer(model: Any) -> Any:
        del model
        if isinstance(result, Exception):
            raise result
        return result

    module = ModuleType("optimum.bettertransformer")
    module.BetterTransformer = SimpleNamespace(transform=answer)  # type: ignore[attr-defined]
    return module


def load_request(engine_options: dict[str, Any], precision: str = "fp32", device: str = "cpu") -> LoadRequest:
    return LoadRequest("load", 1, "/nowhere", precision, engine_options, 2, device, "/c", Limits(1, 8))


def test_a_transformation_is_counted_by_the_classes_of_its_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    model = StandInModel(Plain(), Replaced(), Replaced())
    monkeypatch.setitem(sys.modules, "optimum.bettertransformer", library(model))
    assert transform(StandInModel(Plain())) is model
    assert replaced_modules(model) == 2


@pytest.mark.parametrize(
    ("result", "words"),
    [(StandInModel(Plain()), "replaced no module"), (NotImplementedError("no such model"), "refuses the model")],
)
def test_a_transformation_that_did_nothing_is_refused(monkeypatch: pytest.MonkeyPatch, result: Any, words: str) -> None:
    monkeypatch.setitem(sys.modules, "optimum.bettertransformer", library(result))
    with pytest.raises(FailureError, match=words) as raised:
        transform(StandInModel(Plain()))
    assert raised.value.failure.cause == "unsupported"
    assert raised.value.failure.hint == "ask for form: eager"


@pytest.mark.parametrize(
    "wrong", [load_request({"form": "compiled"}), load_request({"form": "eager"}, precision="w8a8")]
)
def test_what_bettertransformer_does_not_have_is_unsupported_before_anything_is_imported(wrong: LoadRequest) -> None:
    with pytest.raises(FailureError) as raised:
        create_bettertransformer().load(wrong, CONTEXT)
    assert raised.value.failure.cause == "unsupported"


@pytest.mark.parametrize("wrong", [load_request({}, precision="bf16"), load_request({}, device="tpu")])
def test_what_optimum_does_not_have_is_unsupported_before_anything_is_imported(wrong: LoadRequest) -> None:
    with pytest.raises(FailureError) as raised:
        create_optimum().load(wrong, CONTEXT)
    assert raised.value.failure.cause == "unsupported"


def test_the_encoder_has_the_dimensions_of_the_decoder() -> None:
    config = {
        "hidden_size": 64, "vocab_size": 512, "num_hidden_layers": 2, "num_attention_heads": 4,
        "max_position_embeddings": 256,
    }  # fmt: skip
    found = bert_config(config, dict)
    assert (found["hidden_size"], found["intermediate_size"], found["num_attention_heads"]) == (64, 256, 4)
    assert (found["vocab_size"], found["max_position_embeddings"], found["num_hidden_layers"]) == (512, 256, 2)


@pytest.mark.parametrize(("share", "real"), [(0, 64), (0.5, 32), (0.75, 16), (0.999, 1)])
def test_padding_leaves_at_least_one_token(share: float, real: int) -> None:
    assert real_tokens(64, share) == real


@pytest.mark.parametrize(
    "change", [{"output_tokens": [2]}, {"depth_tokens": 4}, {"stop_tokens": [7]}, {"prompts": [[1], [1, 2]]}]
)
def test_the_encoder_refuses_what_is_not_one_forward_pass(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    asked: dict[str, Any] = {
        "kind": "generate", "id": 1, "prompts": [[1, 2]], "depth_tokens": 0, "output_tokens": [1],
        "batching": "static", "slots": 1, "stop_tokens": [], "deadline_ms": 1000,
    }  # fmt: skip
    effective = Effective(None, 1, {})  # type: ignore[arg-type] # nothing reads it here
    with pytest.raises(FailureError, match="control: encoder"):
        EncoderControl(None, "cpu", 0, effective).run(GenerateRequest(**(asked | change)), CONTEXT)


def test_a_checkpoint_without_weights_has_no_identity(tmp_path: Path) -> None:
    with pytest.raises(FailureError) as raised:
        identity_of(tmp_path, {})
    assert raised.value.failure.cause == "bad-checkpoint"
    (tmp_path / "model.safetensors").write_bytes(b"1")
    first = identity_of(tmp_path, {})
    (tmp_path / "model.safetensors").write_bytes(b"12")
    assert identity_of(tmp_path, {}) != first
