"""What peers are asked, as far as no library is needed."""

import json
import sys
from pathlib import Path

import pytest

from peers.in_turn import pairs_of, request_of
from peers.job import Job, read_job
from peers.vllm_latency import arguments_of, flags_of

CONFIG = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 256}


def job(folder: Path) -> Job:
    text = json.dumps(
        {
            "kind": "job",
            "modelPath": str(folder),
            "prompts": [[1, 2, 3], [4, 5, 6]],
            "output": 5,
            "threads": 2,
            "warmups": 1,
            "repeats": 2,
            "cacheFolder": "/c",
            "outputPath": str(folder / "out.json"),
        }
    )
    sys.argv[1:] = [text]
    return read_job()


@pytest.fixture(autouse=True)
def _arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["program"])


def test_a_job_says_its_shape(tmp_path: Path) -> None:
    read = job(tmp_path)
    assert (read.batch, read.input, read.output) == (2, 3, 5)
    assert read.load_request().limits.positions_per_slot == 8


def test_no_job_is_said_so() -> None:
    sys.argv.append('{"kind": "job"}')
    with pytest.raises(SystemExit, match="no job"):
        read_job()


def test_every_call_after_the_warm_ups_is_timed_as_a_whole(tmp_path: Path) -> None:
    calls: list[int] = []
    job(tmp_path).time_calls(lambda: calls.append(1))
    assert len(calls) == 3
    assert len(json.loads((tmp_path / "out.json").read_text())["calls_ns"]) == 2


def test_arguments_are_spelled_as_the_command_line_does() -> None:
    assert list(flags_of({"block_size": 128, "enforce_eager": True, "enable_prefix_caching": False})) == [
        *("--block-size", "128"),
        "--enforce-eager",
        "--no-enable-prefix-caching",
    ]


def test_vllm_bench_latency_gets_the_engine_of_the_worker_and_the_work(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    line = " ".join(arguments_of(job(tmp_path)))
    assert "--input-len 3 --output-len 5 --batch-size 2 --num-iters-warmup 1 --num-iters 2" in line
    assert "--max-model-len 8 --max-num-seqs 2" in line
    assert "--skip-tokenizer-init" in line


def test_turns_change_their_order_and_leave_out_warm_ups() -> None:
    order: list[str] = []

    def side(name: str, took_ns: int) -> int:
        order.append(name)
        return took_ns

    pairs = pairs_of(lambda: side("ours", 5), lambda: side("theirs", 4), warmups=1, repeats=2)
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert pairs == [{"ours_ns": 5, "theirs_ns": 4}] * 2


def test_turns_ask_for_the_work_of_the_job(tmp_path: Path) -> None:
    request = request_of(job(tmp_path))
    assert (request.prompts, request.output_tokens, request.slots) == ([[1, 2, 3], [4, 5, 6]], [5, 5], 2)
