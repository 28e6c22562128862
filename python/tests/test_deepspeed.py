"""DeepSpeed without DeepSpeed: ranks with a stand-in engine, refusals of what would do nothing, FastGen's loop."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hayasa_worker.answers import Loaded, SampleAnswer
from hayasa_worker.deepspeed import fastgen, ranks
from hayasa_worker.deepspeed.proof import injected, parameter_count, sharded
from hayasa_worker.deepspeed.ranks import Ranks
from hayasa_worker.engine import Context
from hayasa_worker.engines.deepspeed import check
from hayasa_worker.failures import FailureError
from hayasa_worker.frames import GenerateRequest, Limits, LoadRequest, OptionValue

TESTS = Path(__file__).parent
# A rank whose engine is the stand-in; its watchdogs are the worker's own.
BOOTSTRAP = f"""
import sys
sys.path.insert(0, {str(TESTS / "engines")!r})
import hayasa_worker.engines.deepspeed_rank as rank, stand_in
rank.create_engine = stand_in.create_engine
"""


def load_request(precision: str = "fp32", device: str = "cpu", **options: OptionValue) -> LoadRequest:
    return LoadRequest("load", 1, "/m", precision, dict(options), 2, device, "/c", Limits(1, 8))


def generate_request(**changes: Any) -> GenerateRequest:
    values: dict[str, Any] = {
        "kind": "generate", "id": 2, "prompts": [[5]], "depth_tokens": 0, "output_tokens": [3],
        "batching": "static", "slots": 1, "stop_tokens": [], "deadline_ms": 60_000, **changes,
    }  # fmt: skip
    return GenerateRequest(**values)


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ranks]:
    monkeypatch.setenv("PYTHONPATH", str(TESTS.parent))
    monkeypatch.setattr(ranks, "_BOOTSTRAP", BOOTSTRAP + ranks._BOOTSTRAP)
    started = Ranks(2)
    started.greet()
    yield started
    started.end()


def pids(pair: Ranks) -> list[int]:
    return [rank._process.pid for rank in pair._ranks]


def assert_gone(processes: list[int]) -> None:
    for pid in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_every_rank_gets_a_request_and_rank_0_answers(pair: Ranks) -> None:
    processes = pids(pair)
    assert isinstance(pair.ask(load_request()), Loaded)
    answer = pair.ask(generate_request())
    assert isinstance(answer, SampleAnswer)
    assert answer.sample.sequences[0].tokens == [6, 7, 8]
    assert pair.origin_ns > 0
    pair.end()
    assert_gone(processes)


def test_a_rank_that_dies_ends_the_others(pair: Ranks) -> None:
    processes = pids(pair)
    os.kill(processes[1], signal.SIGKILL)
    with pytest.raises(FailureError, match="a rank ended with -9 while the others went on"):
        pair.ask(load_request())
    assert_gone(processes)


def test_what_a_rank_refuses_is_the_failure(pair: Ranks) -> None:
    processes = pids(pair)
    with pytest.raises(FailureError) as raised:
        pair.ask(load_request(fault="out-of-memory"))
    assert raised.value.failure.cause == "out-of-memory"
    assert_gone(processes)


def test_the_failure_of_a_later_rank_is_heard_while_the_first_one_waits_for_it(pair: Ranks) -> None:
    processes = pids(pair)
    with pytest.raises(FailureError) as raised:
        pair.ask(load_request(fault="rank-1"))
    assert raised.value.failure.cause == "out-of-memory"
    assert_gone(processes)


def test_a_cancelled_generation_ends_its_ranks(pair: Ranks) -> None:
    processes = pids(pair)
    pair.ask(load_request(fault="deaf"))
    assert pair.ask(generate_request(), lambda: True) is None
    assert not pair.are_alive
    assert_gone(processes)


@pytest.mark.parametrize(
    ("request_", "model_type", "message"),
    [
        (load_request(ranks=1), "gpt_neox", "shards nothing"),
        (load_request(mode="kernel-injection"), "gpt_neox", "exists on CUDA only"),
        (load_request(mode="fastgen"), "opt", "exists on CUDA only"),
        (load_request(mode="fastgen", device="cuda:0"), "gpt_neox", "FastGen does not know gpt_neox"),
        (load_request("w8a8"), "gpt_neox", "has no w8a8"),
        (load_request(mode="zero"), "gpt_neox", "none of auto-tp"),
    ],
)
def test_what_would_do_nothing_is_refused_before_it_starts(
    request_: LoadRequest, model_type: str, message: str
) -> None:
    with pytest.raises(FailureError, match=message) as raised:
        check(request_, model_type)
    assert raised.value.failure.cause == "unsupported"


def test_what_would_do_something_has_its_ranks() -> None:
    assert check(load_request(), "gpt_neox") == 2
    assert check(load_request(mode="fastgen", device="cuda:0"), "opt") == 1


def model_of(parameters: int, *classes: tuple[str, str]) -> SimpleNamespace:
    modules = [type(name, (), {"__module__": module})() for module, name in classes]
    return SimpleNamespace(
        modules=lambda: modules,
        named_parameters=lambda **_: [("weight", SimpleNamespace(numel=lambda: parameters))],
    )


def test_a_model_that_was_not_replaced_is_refused() -> None:
    plain = [("torch.nn", "Linear")]
    with pytest.raises(FailureError, match="replaced 0 modules, and this rank holds 8 of 8 parameters"):
        sharded(model_of(8, *plain), 8, 2)
    with pytest.raises(FailureError, match="replaced no module"):
        injected(model_of(8, *plain))
    own = ("deepspeed.module_inject.layers", "LinearAllreduce")
    with pytest.raises(FailureError, match="nothing was sharded"):
        sharded(model_of(8, own), 8, 2)
    assert sharded(model_of(5, own), 8, 2)["replacedModules"] == "1 x deepspeed.LinearAllreduce"
    assert injected(model_of(8, own)) == {"replacedModules": "1 x deepspeed.LinearAllreduce"}


class TiedModel:
    """A layer of 8 numbers and a head that is tied to an embedding of 100, as torch counts them."""

    def __init__(self, *, is_sharded: bool) -> None:
        self._is_sharded = is_sharded

    def modules(self) -> list[object]:
        """What AutoTP put in its place."""
        return [type("LinearLayer", (), {"__module__": "deepspeed.module_inject.layers"})()] if self._is_sharded else []

    def named_parameters(self, remove_duplicate: bool = True) -> list[tuple[str, SimpleNamespace]]:
        """Sharded, the head is half of the embedding and a parameter of its own."""
        sizes = {"embedding": 100, "layer": 4, "head": 50} if self._is_sharded else {"embedding": 100, "layer": 8}
        if not self._is_sharded and not remove_duplicate:
            sizes["head"] = 100
        return [(name, SimpleNamespace(numel=lambda size=size: size)) for name, size in sizes.items()]


def test_a_small_model_whose_head_is_tied_is_not_taken_for_one_that_grew() -> None:
    before = parameter_count(TiedModel(is_sharded=False))
    facts = sharded(TiedModel(is_sharded=True), before, 2)
    assert (facts["parametersOfRank0"], facts["parametersWhole"]) == (154, 208)


def fastgen_in(dtype: str) -> SimpleNamespace:
    return SimpleNamespace(model=lambda: SimpleNamespace(activation_dtype=SimpleNamespace(value=f"torch.{dtype}")))


def test_fastgen_in_the_dtype_of_its_checkpoint_is_no_run_in_the_one_that_was_asked_for() -> None:
    fastgen.check_dtype(fastgen_in("bfloat16"), "bfloat16")
    with pytest.raises(FailureError, match="float32 was asked for, float16 would run") as raised:
        fastgen.check_dtype(fastgen_in("float16"), "float32")
    assert raised.value.failure.cause == "unsupported"


class FakeLogits:
    """What `put` gives: each sequence's next token is its last one plus one."""

    def __init__(self, tokens: list[int]) -> None:
        self._tokens = tokens

    def argmax(self, axis: int) -> "FakeLogits":
        """Over the vocabulary."""
        assert axis == -1
        return self

    def tolist(self) -> list[int]:
        """One token per sequence."""
        return self._tokens


class FakeFastGen:
    """Records what was put and flushed."""

    def __init__(self) -> None:
        self.puts: list[list[list[int]]] = []
        self.flushed: list[int] = []

    def put(self, uids: list[int], tokens: list[list[int]]) -> FakeLogits:
        """One forward pass."""
        assert uids == [0, 1]
        self.puts.append(tokens)
        return FakeLogits([row[-1] + 1 for row in tokens])

    def flush(self, uid: int) -> None:
        """Frees a sequence's cache."""
        self.flushed.append(uid)


def context(cancelled: Callable[[], bool] = lambda: False) -> Context:
    clock = iter(range(10, 1000, 10))
    return Context(now_ns=lambda: next(clock), cancelled=cancelled, progress=lambda *_: None)


def fastgen_sample(engine: FakeFastGen, request: GenerateRequest) -> Any:
    return fastgen.generate(engine, request, context(), list, lambda: None)


def test_fastgen_puts_prompts_then_one_token_each_and_flushes() -> None:
    engine = FakeFastGen()
    request = generate_request(prompts=[[5, 6], [20]], output_tokens=[3, 2], stop_tokens=[22])
    sample = fastgen_sample(engine, request)
    assert engine.puts == [[[5, 6], [20]], [[7], [21]], [[8], [22]]]
    assert engine.flushed == [0, 1]
    assert (sample.call.start_ns, sample.steps_ns, sample.call.end_ns) == (10, [20, 30, 40], 50)
    assert [sequence.tokens for sequence in sample.sequences] == [[7, 8, 9], [21, 22]]
    assert [sequence.finish for sequence in sample.sequences] == ["length", "stop"]


def test_fastgen_has_no_depth() -> None:
    with pytest.raises(FailureError, match="without a depth"):
        fastgen_sample(FakeFastGen(), generate_request(depth_tokens=4))
