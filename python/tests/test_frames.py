"""The same golden frames as the TypeScript side, and whatever else may arrive."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayasa_worker.answers import WORKER_FRAMES
from hayasa_worker.codec import LineSplitter, Problem, decode, encode
from hayasa_worker.frames import CONTROLLER_FRAMES
from hayasa_worker.strict_json import json_name

GOLDEN = Path(__file__).parents[2] / "test" / "golden" / "frames.ndjson"
LINES = GOLDEN.read_bytes().splitlines()
KINDS = {**CONTROLLER_FRAMES, **WORKER_FRAMES}


@pytest.mark.parametrize("line", LINES, ids=lambda line: json.loads(line)["kind"])
def test_a_golden_frame_decodes_and_encodes_to_the_same_line(line: bytes) -> None:
    frame = decode(KINDS, line)
    assert not isinstance(frame, Problem)
    assert encode(frame) == line + b"\n"


def test_golden_frames_hold_every_kind() -> None:
    assert sorted(json.loads(line)["kind"] for line in LINES) == sorted(KINDS)


@given(st.binary(max_size=200))
def test_bytes_decode_to_a_problem_and_never_throw(line: bytes) -> None:
    assert isinstance(decode(CONTROLLER_FRAMES, line), Problem)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(CONTROLLER_FRAMES)), st.text(max_size=8), JSON_VALUES)
def test_a_frame_with_a_key_too_many_is_a_problem(kind: str, key: str, value: object) -> None:
    frame = next(json.loads(line) for line in LINES if json.loads(line)["kind"] == kind)
    if key in frame:
        return
    assert isinstance(decode(CONTROLLER_FRAMES, json.dumps({**frame, key: value}).encode()), Problem)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"prompts": []}, "prompts: empty"),
        ({"prompts": [[1], []]}, "prompts[1]: empty"),
        ({"prompts": [[-1]]}, "prompts[0][0]: -1 is not in [0, inf]"),
        ({"prompts": [[1.5]]}, "prompts[0][0]: 1.5 is not a whole number"),
        ({"slots": True}, "slots: True is not a whole number"),
        ({"slots": 0}, "slots: 0 is not in [1, inf]"),
        ({"batching": "dynamic"}, "batching: 'dynamic' is not one of ['static', 'continuous']"),
        ({"deadline_ms": None}, "deadline_ms: None is not a whole number"),
    ],
)
def test_a_problem_names_its_path(change: dict[str, object], path: str) -> None:
    frame = next(json.loads(line) for line in LINES if json.loads(line)["kind"] == "generate")
    problem = decode(CONTROLLER_FRAMES, json.dumps({**frame, **change}).encode())
    assert isinstance(problem, Problem)
    assert path in problem.message


def test_a_missing_key_is_a_problem() -> None:
    problem = decode(CONTROLLER_FRAMES, b'{"kind":"cancel"}')
    assert isinstance(problem, Problem)
    assert "id: missing" in problem.message


def test_names_keep_units_apart() -> None:
    assert json_name("positions_per_slot") == "positionsPerSlot"
    assert json_name("deadline_ms") == "deadline_ms"


@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b""))), st.lists(st.integers(0, 400)))
def test_lines_are_the_same_however_the_bytes_are_cut(lines: list[bytes], places: list[int]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    cuts = [0, *sorted(min(place, len(data)) for place in places), len(data)]
    splitter = LineSplitter()
    chunks = [data[start:end] for start, end in itertools.pairwise(cuts)]
    assert [part for chunk in chunks for part in splitter.push(chunk)] == lines


def test_a_line_beyond_the_limit_ends_the_stream() -> None:
    splitter = LineSplitter(limit_bytes=8)
    assert list(splitter.push(b"12345678\n1234")) == [b"12345678"]
    assert list(splitter.push(b"56789")) == [Problem("a frame is longer than 8 bytes")]
    assert list(splitter.push(b"\n1\n")) == []


def test_numbers_that_json_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode({"fraction": float("nan")})
    problem = decode(CONTROLLER_FRAMES, b'{"kind":"cancel","id":NaN}')
    assert isinstance(problem, Problem)
