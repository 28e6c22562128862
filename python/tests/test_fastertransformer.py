"""FasterTransformer without a GPU: its parser over its documented output, and the whole path with stand-in programs.

The fixture was written by hand after the `print` calls of gptneox_example.py.
"""

import configparser
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from hayasa_worker.engine import Context
from hayasa_worker.engines.fastertransformer import FasterTransformer
from hayasa_worker.failures import FailureError, failure_of
from hayasa_worker.fastertransformer.output import honest, parse_output
from hayasa_worker.frames import GenerateRequest, Limits, LoadRequest

FIXTURE = (Path(__file__).parent / "fixtures" / "fastertransformer.txt").read_text()
PROMPTS = [[5, 6, 7], [10, 11, 12]]
CONFIG = {
    "model_type": "gpt_neox", "hidden_act": "gelu_new", "hidden_size": 64, "num_attention_heads": 2,
    "num_hidden_layers": 1, "intermediate_size": 256, "vocab_size": 32, "max_position_embeddings": 256,
    "rotary_pct": 0.25, "use_parallel_residual": False, "bos_token_id": 1, "eos_token_id": 2,
}  # fmt: skip
# A stand-in for both programs: it notes how it was called and prints the documented format.
STAND_IN = """#!/usr/bin/env python3
import json, os, pathlib, shutil, sys, time
script, arguments = sys.argv[1], sys.argv[2:]
folder = pathlib.Path(os.environ["STAND_IN"])
if script.endswith("convert.py"):
    target = pathlib.Path(arguments[arguments.index("-o") + 1]) / "1-gpu"
    target.mkdir()
    (target / "model.wte.bin").write_bytes(b"1234")
    sys.exit(0)
options = dict(argument.lstrip("-").partition("=")[::2] for argument in arguments)
seen = {"options": options, "pid": os.getpid(), "gpu": os.environ["CUDA_VISIBLE_DEVICES"]}
for name in ("config.ini", "tokenizer.json"):
    shutil.copy(pathlib.Path(options["ckpt_path"]) / name, folder)
seen["prompts"] = pathlib.Path(options["sample_input_file"]).read_text()
seen["weights"] = (pathlib.Path(options["ckpt_path"]) / "model.wte.bin").read_text()
(folder / "seen.part").write_text(json.dumps(seen))
(folder / "seen.part").rename(folder / "seen.json")
mode = os.environ.get("STAND_IN_MODE", "")
if mode == "fail":
    sys.exit("CUDA out of memory")
if mode == "hang":
    time.sleep(1000)
print((folder / "output.txt").read_text())
"""


def generate_request(**changes: object) -> GenerateRequest:
    values = {
        "kind": "generate", "id": 2, "prompts": PROMPTS, "depth_tokens": 0, "output_tokens": [4, 4],
        "batching": "static", "slots": 2, "stop_tokens": [2], "deadline_ms": 1000, **changes,
    }  # fmt: skip
    return GenerateRequest(**values)  # type: ignore[arg-type]


def context(cancelled: Callable[[], bool] = lambda: False) -> Context:
    return Context(now_ns=lambda: 1_000_000_000, cancelled=cancelled, progress=lambda *_: None)


def load_request(tmp_path: Path, device: str = "cuda:1", precision: str = "fp16") -> LoadRequest:
    limits = Limits(2, 7)
    return LoadRequest("load", 1, str(tmp_path / "model"), precision, {}, 2, device, str(tmp_path / "cache"), limits)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "python"
    program.write_text(STAND_IN)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    library = tmp_path / "ft" / "build" / "lib" / "libth_transformer.so"
    library.parent.mkdir(parents=True)
    library.touch()
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text(json.dumps(CONFIG))
    (tmp_path / "model" / "model.safetensors").touch()
    (tmp_path / "output.txt").write_text(FIXTURE)
    monkeypatch.setenv("HAYASA_FASTERTRANSFORMER", str(tmp_path / "ft"))
    monkeypatch.setenv("HAYASA_FASTERTRANSFORMER_PYTHON", str(program))
    monkeypatch.setenv("STAND_IN", str(tmp_path))
    return tmp_path


def test_the_documented_output_becomes_numbers() -> None:
    output = parse_output(FIXTURE, PROMPTS, 4)
    assert (output.batches, output.seconds, output.padded_tokens, output.batch_ns) == (10, 0.25, 80, 25_000_000)
    assert [honest(tokens, [2]) for tokens in output.sequences] == [[8, 9, 2], [13, 14, 15, 16]]
    assert honest([8, 9, 2, 2], []) == [8, 9, 2, 2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("FT-GPT generates", "FT-GPT made"), "line with the times is missing"),
        (("[Context]\n5 6 7", "[Context]\n0"), "sequence 0 was given 1 tokens that are not the 3 asked for"),
        (("8 9 2 2", "8 9 2"), "sequence 0 has 3 positions after its prompt instead of 4"),
        (("generate 80 tokens", "generate 8 tokens"), "counts 8 tokens in 0.25 s instead of 80"),
        (("batch 1,", "batch 3,"), "output of sequence 1 is missing"),
        (("[INFO] batch size: 2", "[WARNING] Checkpoint file not found. Model loading is skipped."), "not loaded"),
    ],
)
def test_an_output_that_says_something_else_is_refused(change: tuple[str, str], message: str) -> None:
    with pytest.raises(FailureError, match=message):
        parse_output(FIXTURE.replace(*change), PROMPTS, 4)


def test_it_converts_once_and_runs_what_was_asked_for(installed: Path) -> None:
    engine = FasterTransformer()
    model = engine.load(load_request(installed), context())
    assert (model.cache_bytes_written, model.effective.precision.weights) == (4, "float16")
    assert "never run" in str(model.effective.settings["neverRunOnGpu"])
    assert engine.load(load_request(installed), context()).cache_bytes_written == 0
    sample = engine.generate(generate_request(), context())
    # 0.25 s for ten batches; both counts are kept: 4 positions each, of which the first has one too many.
    assert (sample.call.end_ns - sample.call.start_ns, sample.steps_ns) == (25_000_000, [1_000_000_000])
    first, second = sample.sequences
    assert (first.tokens, first.finish, first.computed_padding) == ([8, 9, 2], "stop", 1)
    assert (second.tokens, second.finish, second.computed_padding) == ([13, 14, 15, 16], "length", 0)
    seen = json.loads((installed / "seen.json").read_text())
    assert (seen["prompts"], seen["weights"], seen["gpu"]) == ("5 6 7\n10 11 12\n", "1234", "1")
    options = seen["options"]
    assert (options["max_seq_len"], options["output_len"], options["max_batch_size"]) == ("7", "4", "2")
    config = configparser.ConfigParser()
    config.read(installed / "config.ini")
    assert dict(config["gptneox"]) == {
        "model_name": "gptneox", "head_num": "2", "size_per_head": "32", "inter_size": "256", "num_layer": "1",
        "rotary_embedding": "8", "vocab_size": "32", "start_id": "1", "end_id": "2", "use_gptj_residual": "0",
        "weight_data_type": "fp16",
    }  # fmt: skip
    vocabulary = json.loads((installed / "tokenizer.json").read_text())["model"]["vocab"]
    assert vocabulary == {str(token): token for token in range(32)}


def test_a_forced_length_has_an_end_that_no_token_is(installed: Path) -> None:
    engine = FasterTransformer()
    engine.load(load_request(installed), context())
    sample = engine.generate(generate_request(stop_tokens=[]), context())
    assert [sequence.finish for sequence in sample.sequences] == ["length", "length"]
    assert "end_id = 32" in (installed / "config.ini").read_text()


def test_a_program_that_fails_is_a_value_with_its_last_words(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FasterTransformer()
    engine.load(load_request(installed), context())
    monkeypatch.setenv("STAND_IN_MODE", "fail")
    with pytest.raises(RuntimeError) as raised:
        engine.generate(generate_request(), context())
    assert failure_of(raised.value).cause == "out-of-memory"


def test_a_cancelled_program_is_ended(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FasterTransformer()
    engine.load(load_request(installed), context())
    monkeypatch.setenv("STAND_IN_MODE", "hang")
    sample = engine.generate(generate_request(), context(cancelled=(installed / "seen.json").exists))
    assert [sequence.finish for sequence in sample.sequences] == ["cancelled", "cancelled"]
    with pytest.raises(ProcessLookupError):
        os.kill(json.loads((installed / "seen.json").read_text())["pid"], 0)


@pytest.mark.parametrize(
    "changes",
    [{"batching": "continuous"}, {"depth_tokens": 4}, {"prompts": [[1], [1, 2]]}, {"stop_tokens": [2, 3]}],
)
def test_what_its_sample_cannot_do_is_unsupported(installed: Path, changes: dict[str, object]) -> None:
    engine = FasterTransformer()
    engine.load(load_request(installed), context())
    with pytest.raises(FailureError) as raised:
        engine.generate(generate_request(**changes), context())
    assert raised.value.failure.cause == "unsupported"


def test_no_gpu_no_precision_and_no_build_are_refused(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FasterTransformer()
    with pytest.raises(FailureError, match="NVIDIA GPUs only"):
        engine.load(load_request(installed, device="cpu"), context())
    with pytest.raises(FailureError, match="has no bf16"):
        engine.load(load_request(installed, precision="bf16"), context())
    monkeypatch.setenv("HAYASA_FASTERTRANSFORMER", "")
    with pytest.raises(FailureError, match="is not there"):
        engine.load(load_request(installed), context())
