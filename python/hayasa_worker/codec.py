"""Frames <-> lines of JSON. Decoding checks everything: whatever arrives is a frame or a problem, never a throw."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from hayasa_worker.frames import MAXIMUM_FRAME_BYTES
from hayasa_worker.strict_json import InvalidJsonError, from_json, to_json

_EXCERPT_CHARACTERS = 120
Frame = TypeVar("Frame")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line."""

    message: str


def encode(frame: Any) -> bytes:
    """One line, newline included. JSON escapes newlines, so that a frame never spans two.

    Raises:
        ValueError: for a number that JSON does not have (NaN, infinities).
    """
    text = json.dumps(to_json(frame), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"{text}\n".encode()


def decode(kinds: Mapping[str, type[Frame]], line: bytes) -> Frame | Problem:
    """A line without its newline as one of `kinds`, by the value of its key `kind`."""
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        return Problem("a frame is not valid UTF-8")
    except (ValueError, RecursionError):
        return Problem(f"a frame is not JSON: {_excerpt(line)}")
    name = value.get("kind") if isinstance(value, dict) else None
    kind = kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        return Problem(f"a frame breaks the protocol at kind: {_excerpt(line)}")
    try:
        frame: Frame = from_json(kind, value)
    except InvalidJsonError as error:
        return Problem(f"a frame breaks the protocol at {error}: {_excerpt(line)}")
    return frame


class LineSplitter:
    """Bytes as they arrive -> whole lines. A line beyond the limit ends the stream: memory stays bounded."""

    def __init__(self, limit_bytes: int = MAXIMUM_FRAME_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._pending = bytearray()
        self._ended = False

    def push(self, chunk: bytes) -> Iterator[bytes | Problem]:
        """The lines that `chunk` completes, in order; a problem is the last thing that ever comes."""
        if self._ended:
            return
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            self._pending += part
            if self._is_too_long():
                yield self._end()
                return
            yield bytes(self._pending)
            self._pending.clear()
        self._pending += rest
        if self._is_too_long():
            yield self._end()

    def _is_too_long(self) -> bool:
        return len(self._pending) > self._limit_bytes

    def _end(self) -> Problem:
        self._ended = True
        self._pending.clear()
        return Problem(f"a frame is longer than {self._limit_bytes} bytes")


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _excerpt(line: bytes) -> str:
    text = line.decode("utf-8", errors="replace")
    return json.dumps(text if len(text) <= _EXCERPT_CHARACTERS else f"{text[:_EXCERPT_CHARACTERS]}...")
