"""What vLLM is asked for and what comes of it, as far as no vLLM is needed."""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from hayasa_worker.answers import Call, EventRun
from hayasa_worker.engine import Context
from hayasa_worker.failures import FailureError
from hayasa_worker.frames import GenerateRequest, Limits, LoadRequest
from hayasa_worker.samples import runs_of
from hayasa_worker.vllm_parts.creation import Creation, check_device, set_environment
from hayasa_worker.vllm_parts.facts import bound_cores
from hayasa_worker.vllm_parts.sequences import VllmSequence
from hayasa_worker.vllm_parts.timers import Timers
from hayasa_worker.vllm_parts.w8a8 import convert, is_quantised

CONFIG = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 256}


def load_request(precision: str = "fp32", slots: int = 3, device: str = "cpu") -> LoadRequest:
    return LoadRequest("load", 1, "/m", precision, {"enforceEager": False}, 2, device, "/c", Limits(slots, 200))


def generate_request(stop_tokens: list[int]) -> GenerateRequest:
    return GenerateRequest(
        kind="generate",
        id=1,
        prompts=[[1, 2]],
        depth_tokens=0,
        output_tokens=[3],
        batching="static",
        slots=1,
        stop_tokens=stop_tokens,
        deadline_ms=1,
    )


def context() -> Context:
    return Context(now_ns=lambda: 0, cancelled=lambda: False, progress=lambda *_: None)


@pytest.mark.parametrize(
    ("steps", "runs"),
    [
        ([], []),
        ([4], [EventRun(4, 1, 1)]),
        ([0, 1, 2, 5, 6], [EventRun(0, 3, 1), EventRun(5, 2, 1)]),
    ],
)
def test_steps_become_runs_of_consecutive_steps(steps: list[int], runs: list[EventRun]) -> None:
    assert runs_of(steps) == runs


def test_the_kv_cache_holds_every_slot_in_whole_blocks_and_the_empty_one() -> None:
    # 200 positions are 2 blocks of 128; a token is 2 (keys and values) x 2 layers x 64 values of 4 bytes.
    creation = Creation.of(load_request(), CONFIG)
    assert creation.kv_cache_bytes == (3 * 2 + 1) * 128 * (2 * 2 * 64) * 4
    assert Creation.of(load_request("bf16"), CONFIG).kv_cache_bytes == creation.kv_cache_bytes // 2
    assert (creation.arguments["max_model_len"], creation.arguments["max_num_seqs"]) == (200, 3)
    assert creation.arguments["enforce_eager"] is False
    assert creation.arguments["enable_prefix_caching"] is False


def test_a_kv_cache_that_no_memory_holds_is_refused_before_anything_is_imported() -> None:
    with pytest.raises(FailureError) as raised:
        Creation.of(load_request(slots=2**30), CONFIG)
    assert raised.value.failure.cause == "out-of-memory"


def test_a_precision_that_it_is_not_wired_up_for_is_refused() -> None:
    with pytest.raises(FailureError, match="fp32, fp16, bf16, w8a8, not for w4"):
        Creation.of(load_request("w4"), CONFIG)


def test_the_build_that_is_installed_decides_the_device() -> None:
    check_device("cpu", "cpu")
    check_device("cuda:1", "cuda")
    with pytest.raises(FailureError, match="the build of vLLM for cpu") as raised:
        check_device("cuda", "cpu")
    assert raised.value.failure.cause == "unsupported"


def test_no_engine_core_runs_in_a_process_that_could_outlive_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    set_environment(load_request())
    assert os.environ["VLLM_ENABLE_V1_MULTIPROCESSING"] == "0"
    assert os.environ["OMP_NUM_THREADS"] == "2"


def test_a_sequence_ends_at_its_length_or_with_a_stop_token() -> None:
    forced = VllmSequence("1", 0, generate_request([]))
    for step in range(3):
        forced.take([7], step, 10 * (step + 1), context())
    sample = forced.sample(Call(5, 40))
    assert (sample.tokens, sample.finish, sample.end_ns) == ([7, 7, 7], "length", 30)
    stopped = VllmSequence("2", 0, generate_request([9]))
    stopped.take([9], 0, 10, context())
    assert stopped.sample(Call(5, 40)).finish == "stop"
    assert VllmSequence("3", 0, generate_request([])).sample(Call(5, 40)).finish == "cancelled"


def test_two_tokens_in_a_step_have_no_stamp_of_their_own() -> None:
    with pytest.raises(FailureError, match="2 tokens of one sequence in one step"):
        VllmSequence("1", 0, generate_request([])).take([7, 8], 0, 10, context())


def test_only_linear_layers_of_blocks_are_quantised() -> None:
    assert is_quantised("gpt_neox.layers.0.mlp.dense_h_to_4h.weight", 2)
    assert not is_quantised("gpt_neox.layers.0.input_layernorm.weight", 1)
    assert not is_quantised("gpt_neox.embed_in.weight", 2)
    assert not is_quantised("embed_out.weight", 2)


class FakeSafetensors:
    """A file of one tensor, `norm`, that stays as it is."""

    def __init__(self, source: Path, framework: str) -> None:
        assert framework == "pt"
        self.source = source

    def __enter__(self) -> "FakeSafetensors":
        self.source.read_bytes()
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def keys(self) -> list[str]:
        """Names of its tensors."""
        return ["norm"]

    def get_tensor(self, _name: str) -> SimpleNamespace:
        """A vector."""
        return SimpleNamespace(ndim=1)


@pytest.fixture
def safetensors(monkeypatch: pytest.MonkeyPatch) -> None:
    def save(tensors: dict[str, object], target: Path, metadata: dict[str, str]) -> None:
        assert (list(tensors), metadata) == (["norm"], {"format": "pt"})
        target.write_bytes(b"saved")

    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace())
    library = SimpleNamespace(SafetensorError=ValueError, safe_open=FakeSafetensors)
    monkeypatch.setitem(sys.modules, "safetensors", library)
    monkeypatch.setitem(sys.modules, "safetensors.torch", SimpleNamespace(save_file=save))


@pytest.mark.usefixtures("safetensors")
def test_only_the_shards_that_the_index_names_are_quantised(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    for name in ("model-1.safetensors", "model-2.safetensors", "consolidated.safetensors"):
        (model / name).write_bytes(b"weights")
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    (model / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    written = convert(str(model), {}, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "config.json", "model-1.safetensors", "model-2.safetensors",
    ]  # fmt: skip
    assert written == sum(path.stat().st_size for path in (tmp_path / "out").iterdir())
    (model / "model-2.safetensors").unlink()
    with pytest.raises(FailureError) as raised:
        convert(str(model), {}, tmp_path / "again")
    assert raised.value.failure.cause == "bad-checkpoint"
    assert not (tmp_path / "again").exists()


def test_bound_cores_are_those_that_the_kernel_allows() -> None:
    cores = ",".join(map(str, sorted(os.sched_getaffinity(0))))
    assert bound_cores().startswith(f"{cores} x ")


def test_its_own_timers_are_kept_only_while_they_are_asked_for() -> None:
    engine = SimpleNamespace(log_stats=False, output_processor=SimpleNamespace(log_stats=False))
    timers = Timers(engine)
    assert (engine.log_stats, engine.output_processor.log_stats) == (True, True)
    for request, first, last, latency in (("1", 10.0, 12.5, 0.25), ("2", 10.0, 12.25, 0.5)):
        metrics = SimpleNamespace(first_token_ts=first, last_token_ts=last, first_token_latency=latency)
        timers.take(SimpleNamespace(request_id=request, metrics=metrics))
    found = timers.read()
    assert found is not None
    assert (found.prefill_ns, found.decode_ns) == (500_000_000, 2_500_000_000)
    assert (engine.log_stats, engine.output_processor.log_stats) == (False, False)


def test_a_request_of_one_token_has_no_decode_to_time() -> None:
    timers = Timers(SimpleNamespace(log_stats=False, output_processor=SimpleNamespace(log_stats=False)))
    metrics = SimpleNamespace(first_token_ts=1.0, last_token_ts=1.0, first_token_latency=0.1)
    timers.take(SimpleNamespace(request_id="1", metrics=metrics))
    assert timers.read() is None
