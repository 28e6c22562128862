"""Compiling, offloading and continuous batching of Transformers: what is refused, and how steps become a sample."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from hayasa_worker.answers import EventRun
from hayasa_worker.engine import Context
from hayasa_worker.failures import FailureError
from hayasa_worker.frames import Limits, LoadRequest, OptionValue
from hayasa_worker.hugging_face.compiling import check_compiler
from hayasa_worker.hugging_face.continuous import StepLog, _events
from hayasa_worker.hugging_face.loading import Loading
from hayasa_worker.hugging_face.offloading import io_counters, offload_facts, offload_folder


def loading(precision: str = "fp32", device: str = "cpu", **options: OptionValue) -> Loading:
    return Loading.of(LoadRequest("load", 1, "/m", precision, dict(options), 2, device, "/c", Limits(1, 8)))


def test_no_compiler_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(FailureError, match=r"needs a C\+\+ compiler, and 'g\+\+' is not on the path") as raised:
        check_compiler({"PATH": str(tmp_path)})
    assert "apt install g++" in str(raised.value.failure.hint)
    (tmp_path / "my-cxx").touch(mode=0o755)
    check_compiler({"PATH": str(tmp_path), "CXX": "my-cxx"})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"offload": "cpu"}, "would move nothing"),
        ({"offload": "tape"}, "none of none, cpu, disk"),
        ({"offload": "disk", "compile": True}, "offload disk and compile"),
        ({"offload": "disk", "precision": "w8a8"}, "offload disk and w8a8"),
        ({"compile": True, "precision": "nf4"}, "compile and nf4"),
    ],
)
def test_what_does_not_go_together_is_refused(changes: dict[str, str | bool], message: str) -> None:
    with pytest.raises(FailureError, match=message) as raised:
        loading(**changes)  # type: ignore[arg-type]
    assert raised.value.failure.cause == "unsupported"


def test_offloading_to_host_memory_is_for_accelerators() -> None:
    assert loading(device="cuda:0", offload="cpu").offload == "cpu"


def test_an_offload_that_offloaded_nothing_is_refused() -> None:
    model = SimpleNamespace(parameters=lambda: [SimpleNamespace(is_meta=False, numel=lambda: 8)])
    with pytest.raises(FailureError, match="offloaded no parameter"):
        offload_facts(model, "disk", lambda: None)


def test_models_and_dtypes_do_not_share_a_folder_for_what_is_offloaded(tmp_path: Path) -> None:
    def folder(model: str, dtype: str = "float32") -> Path:
        path = tmp_path / model
        path.mkdir(exist_ok=True)
        weights = path / "model.safetensors"
        if not weights.exists():
            weights.write_bytes(model.encode())
        request = LoadRequest("load", 1, str(path), "fp32", {}, 2, "cpu", str(tmp_path / "cache"), Limits(1, 8))
        return offload_folder(request, {"hidden_size": 64}, dtype)

    assert folder("one") == folder("one")
    assert len({folder("one"), folder("other"), folder("one", "bfloat16")}) == 3
    assert folder("one").parent == tmp_path / "cache" / "transformers-offload"


def test_what_a_forward_pass_reads_is_counted(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.write_bytes(bytes(100_000))
    parameters = [SimpleNamespace(is_meta=meta, numel=lambda: 8) for meta in (True, False, True)]
    facts = offload_facts(SimpleNamespace(parameters=lambda: parameters), "disk", weights.read_bytes)
    assert (facts["offloadedParameters"], facts["residentParameters"]) == (16, 8)
    assert int(facts["forwardPassReadCallBytes"]) >= 100_000
    assert io_counters()["rchar"] > 0


def test_steps_of_continuous_batching_are_those_of_the_forward_passes() -> None:
    clock = iter([10, 20, 30])
    log = StepLog(Context(now_ns=lambda: next(clock), cancelled=lambda: False, progress=lambda *_: None), 2)

    def output(sequence: int, *tokens: int, finished: bool = False) -> SimpleNamespace:
        return SimpleNamespace(
            request_id=str(sequence), generated_tokens=list(tokens), is_finished=lambda: finished, error=None
        )

    log.step([output(0, 5)])
    log.step([output(0, 5, 6, finished=True), output(1, 7)])
    assert not log.ended.is_set()
    log.step([output(1, 7, 8, finished=True)])
    assert log.ended.is_set()
    assert (log.steps_ns, log.rows) == ([10, 20, 30], [[0, 1], [1, 2]])
    assert _events([0, 1, 3]) == [EventRun(0, 2, 1), EventRun(3, 1, 1)]
