"""A worker process as its controller sees it, faults included."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from worker import Worker


def is_group_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def worker() -> Iterator[Worker]:
    started = Worker()
    yield started
    started.close()


@pytest.fixture
def loaded(worker: Worker) -> Worker:
    worker.greet()
    assert worker.load()["kind"] == "loaded"
    return worker


def test_the_handshake_says_who_and_since_when(worker: Worker) -> None:
    ready = worker.greet()
    assert (ready["kind"], ready["engine"], ready["protocol"]) == ("ready", "stand-in", 1)
    assert ready["pid"] == worker.process.pid
    assert ready["versions"] == {"stand-in": "1.0"}
    assert int(ready["origin_ns"]) > 0
    assert "python" in ready["environment"]


@pytest.mark.parametrize("change", [{"protocol": 2}, {"engine": "other"}])
def test_a_handshake_of_another_version_or_engine_is_refused(worker: Worker, change: dict[str, object]) -> None:
    failed = worker.ask(**{"kind": "hello", "protocol": 1, "engine": "stand-in", **change})
    assert failed["failure"]["cause"] == "protocol"
    assert worker.process.wait() == 1


def test_what_an_engine_prints_never_reaches_the_protocol(loaded: Worker) -> None:
    assert loaded.ask(kind="shutdown")["kind"] == "bye"
    stdout, stderr = loaded.process.communicate()
    assert loaded.process.returncode == 0
    assert stdout == b""
    assert sorted(stderr.splitlines()) == [b"from C", b"from a child", b"loading: 50 %"]


def test_stamps_ascend_within_the_call(loaded: Worker) -> None:
    sample = loaded.generate(prompts=[[5], [60, 61]], outputTokens=[3, 2])["sample"]
    stamps = [sample["call"]["start_ns"], *sample["steps_ns"], sample["call"]["end_ns"]]
    assert stamps == sorted(stamps)
    first, second = sample["sequences"]
    assert (first["tokens"], first["finish"], first["computedPadding"]) == ([6, 7, 8], "length", 0)
    assert (second["tokens"], second["inputTokens"], second["computedPadding"]) == ([62, 63], 2, 1)


def test_a_natural_stop_ends_a_sequence_with_its_token(loaded: Worker) -> None:
    (sequence,) = loaded.generate(stopTokens=[7], outputTokens=[5])["sample"]["sequences"]
    assert (sequence["tokens"], sequence["finish"], sequence["computedPadding"]) == ([6, 7], "stop", 3)
    assert sequence["events"] == [{"firstStep": 0, "steps": 2, "tokensPerStep": 1}]


def test_a_watched_generation_shows_each_sequence_up_to_its_end(loaded: Worker) -> None:
    shown: list[list[int]] = []
    loaded.send_generate(prompts=[[5], [20]], outputTokens=[4, 2], stopTokens=[7], stream=True)
    while (frame := loaded.receive())["kind"] == "tokens":
        shown += frame["tokens"]
    assert shown == [[0, 6], [1, 21], [0, 7], [1, 22]]
    assert [sequence["tokens"] for sequence in frame["sample"]["sequences"]] == [[6, 7], [21, 22]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prompts": [[64]]}, "token 64 is outside the vocabulary of 64"),
        ({"outputTokens": [128]}, "129 tokens of context, but the model has 128 positions"),
        ({"outputTokens": [1, 1]}, "1 prompts but 2 output lengths"),
    ],
)
def test_what_a_model_cannot_serve_is_refused(loaded: Worker, change: dict[str, object], message: str) -> None:
    assert loaded.generate(**change)["failure"] == {"cause": "unsupported", "message": message}
    assert loaded.generate()["kind"] == "sample"


@pytest.mark.parametrize(("fault", "cause"), [("out-of-memory", "out-of-memory"), ("exit", "engine-error")])
def test_whatever_a_load_raises_is_a_value(worker: Worker, fault: str, cause: str) -> None:
    worker.greet()
    assert worker.load(fault)["failure"]["cause"] == cause
    assert worker.generate()["failure"]["message"] == "no model is loaded"
    assert worker.load()["kind"] == "loaded"


def test_a_failed_load_says_how_far_it_came(worker: Worker) -> None:
    worker.greet()
    partial = worker.load("after-conversion")["failure"]["partialLoad"]
    assert [stage["name"] for stage in partial["stages"]] == ["open", "convert", "create-session"]
    assert all(stage["start_ns"] <= stage["end_ns"] for stage in partial["stages"])
    assert partial["cacheBytesWritten"] == 4096


def test_a_deadline_ends_a_generation_and_the_worker_goes_on(worker: Worker) -> None:
    worker.greet()
    worker.load("hang")
    assert worker.generate(deadline_ms=5)["failure"] == {"cause": "timeout", "message": "not finished after 5 ms"}
    assert worker.load()["kind"] == "loaded"
    assert worker.generate()["kind"] == "sample"


def test_cancel_ends_a_generation(worker: Worker) -> None:
    worker.greet()
    worker.load("hang")
    worker.send_generate()
    assert worker.ask(kind="cancel", id=2)["failure"]["cause"] == "cancelled"


def test_an_engine_that_does_not_listen_is_ended(worker: Worker) -> None:
    worker.greet()
    worker.load("deaf")
    failure = worker.generate(deadline_ms=5)["failure"]
    assert failure["cause"] == "timeout"
    assert "did not stop" in failure["message"]
    assert worker.process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("line", [b"nonsense\n", b'{"kind":"load","id":1}\n', b"\xff\n"])
def test_a_broken_line_ends_the_worker_with_the_reason(worker: Worker, line: bytes) -> None:
    worker.socket.sendall(line)
    failed = worker.receive()
    assert (failed["id"], failed["failure"]["cause"]) == (0, "protocol")
    assert worker.process.wait() == 1


@pytest.mark.parametrize("fault", ["", "deaf"])
def test_a_worker_whose_controller_is_gone_ends_with_its_children(worker: Worker, fault: str) -> None:
    worker.greet()
    worker.load("child")
    if fault:
        worker.load(fault)
        worker.send_generate()
    worker.leave()
    assert worker.process.wait() == -signal.SIGKILL
    while is_group_alive(worker.process.pid):
        pass  # until the kernel has ended the last of the group


def test_a_score_compares_with_the_written_logits(loaded: Worker, tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    request = {"kind": "score", "id": 3, "prompts": [[5], [9]], "continuations": [[6, 7], [3]], "deadline_ms": 60_000}
    path = str(tmp_path / "logits.bin")
    written = loaded.ask(**request, logitsFile={"path": path, "mode": "write"})
    likelihoods = written["score"].pop("logLikelihoods")
    assert len(likelihoods) == 2
    assert all(likelihood < 0 for likelihood in likelihoods)
    assert written["score"] == {"equalPositions": 2, "positions": 3}
    compared = loaded.ask(**request, logitsFile={"path": path, "mode": "compare"})
    assert compared["score"] == {
        "equalPositions": 2,
        "positions": 3,
        "meanKlDivergence": 0.0,
        "equalChoices": 3,
        "logLikelihoods": likelihoods,
    }
    (tmp_path / "logits.bin").write_bytes(b"short")
    failure = loaded.ask(**request, logitsFile={"path": path, "mode": "compare"})["failure"]
    assert failure["cause"] == "unsupported"
