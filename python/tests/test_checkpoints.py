"""What is read of a checkpoint before anything heavy is imported, and what is refused."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from hayasa_worker.failures import FailureError
from hayasa_worker.float32_weights import read_float32
from hayasa_worker.gpt_neox import GptNeoX

CONFIG = {
    "model_type": "gpt_neox", "hidden_act": "gelu", "hidden_size": 64, "num_attention_heads": 2,
    "num_hidden_layers": 2, "vocab_size": 512, "max_position_embeddings": 256, "rotary_pct": 0.25,
}  # fmt: skip


def write(folder: Path, config: object) -> str:
    (folder / "config.json").write_text(config if isinstance(config, str) else json.dumps(config))
    return str(folder)


def test_a_config_becomes_numbers(tmp_path: Path) -> None:
    model = GptNeoX.open(write(tmp_path, CONFIG))
    assert (model.head_size, model.rotary_dimensions, model.activation, model.is_parallel) == (32, 8, "erf", True)
    assert model.weight_files == [tmp_path / "model.safetensors"]


def test_rotary_positions_are_read_as_transformers_5_writes_them(tmp_path: Path) -> None:
    config = {key: value for key, value in CONFIG.items() if key != "rotary_pct"}
    parameters = {"rope_type": "default", "partial_rotary_factor": 0.5, "rope_theta": 500.0}
    model = GptNeoX.open(write(tmp_path, {**config, "rope_parameters": parameters}))
    assert (model.rotary_dimensions, model.rotary_base) == (16, 500.0)


@pytest.mark.parametrize(
    "change",
    [{"rope_parameters": {"rope_type": "yarn"}}, {"rope_scaling": {"type": "linear"}}, {"attention_bias": False}],
)
def test_what_no_engine_here_builds_is_unsupported(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(FailureError) as raised:
        GptNeoX.open(write(tmp_path, {**CONFIG, **change}))
    assert raised.value.failure.cause == "unsupported"


def test_shards_are_found_by_their_index(tmp_path: Path) -> None:
    model = GptNeoX.open(write(tmp_path, CONFIG))
    index = {"weight_map": {"a": "2.safetensors", "b": "1.safetensors", "c": "2.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    assert [path.name for path in model.weight_files] == ["1.safetensors", "2.safetensors"]


def test_another_size_of_a_weight_file_is_another_identity(tmp_path: Path) -> None:
    model = GptNeoX.open(write(tmp_path, CONFIG))
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"1")
    first = model.identity()
    assert model.identity() == first
    weights.write_bytes(b"12")
    assert model.identity() != first


@pytest.mark.parametrize("config", ["{", "[]", {**CONFIG, "model_type": "llama"}, {**CONFIG, "hidden_act": "relu"}])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, config: object) -> None:
    with pytest.raises(FailureError) as raised:
        GptNeoX.open(write(tmp_path, config))
    assert raised.value.failure.cause == "bad-checkpoint"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FailureError, match="no such folder"):
        GptNeoX.open(str(tmp_path / "none"))


def safetensors(path: Path, header: Mapping[str, object], data: bytes, padding: int = 0) -> Path:
    text = json.dumps(header).encode() + b" " * padding
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def test_float32_weights_are_views_of_the_file_that_change_none(tmp_path: Path) -> None:
    values = np.arange(6, dtype=np.float32)
    data = values.tobytes() + values.astype(np.float16).tobytes()
    header = {
        "whole": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
        "half": {"dtype": "F16", "shape": [6], "data_offsets": [24, 36]},
    }
    for padding in range(4):
        path = safetensors(tmp_path / f"{padding}.safetensors", header, data, padding)
        is_aligned = (path.stat().st_size - len(data)) % 4 == 0
        read = read_float32(path)
        assert {name: tensor.tolist() for name, tensor in read.items()} == {
            "whole": values.reshape(2, 3).tolist(),
            "half": values.tolist(),
        }
        assert read["whole"].flags.owndata is not is_aligned
        assert read["whole"].flags.aligned
        before = path.read_bytes()
        read["whole"][0, 0] = 9
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    "header",
    [
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}},
        {"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}},
        {"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}},
    ],
)
def test_weights_that_do_not_lie_in_the_file_are_refused(tmp_path: Path, header: dict[str, object]) -> None:
    path = safetensors(tmp_path / "model.safetensors", header, b"12345678")
    with pytest.raises(FailureError) as raised:
        read_float32(path)
    assert raised.value.failure.cause == "bad-checkpoint"


def test_a_weight_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FailureError) as raised:
        read_float32(tmp_path / "model.safetensors")
    assert raised.value.failure.cause == "bad-checkpoint"
