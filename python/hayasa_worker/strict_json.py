"""JSON values <-> dataclasses, strictly: unknown keys, missing keys and wrong types are errors with their path.

Python names are snake_case and JSON names camelCase (`model_path` <-> `modelPath`); a unit keeps its underscore
(`deadline_ms`).
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from typing import Any

_UNITS = frozenset({"ns", "ms"})
_JSON_KINDS: Mapping[type, str] = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "true or false",
}


class InvalidJsonError(ValueError):
    """A JSON value that is not what the protocol says; the message starts with its path."""


@dataclasses.dataclass(frozen=True)
class Range:
    """Annotation of a number: the smallest and the largest allowed value."""

    minimum: float
    maximum: float = float("inf")


@dataclasses.dataclass(frozen=True)
class NotEmpty:
    """Annotation of a list that has an element."""


@functools.cache
def json_name(name: str) -> str:
    """`positions_per_slot` -> `positionsPerSlot`, `deadline_ms` -> `deadline_ms`."""
    first, *rest = name.split("_")
    return first + "".join(f"_{part}" if part in _UNITS else part.capitalize() for part in rest)


def to_json(value: Any) -> Any:
    """The JSON value of a dataclass; fields that are None are left out."""
    if dataclasses.is_dataclass(value):
        return {
            json_name(field.name): to_json(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if getattr(value, field.name) is not None
        }
    if isinstance(value, list | tuple):
        return [to_json(element) for element in value]
    if isinstance(value, Mapping):
        return {key: to_json(element) for key, element in value.items()}
    return value


def from_json(kind: Any, value: Any, path: str = "") -> Any:
    """`value` as `kind` (a dataclass, or a type of its fields).

    Raises:
        InvalidJsonError: where the value is anything else.
    """
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return _annotated(kind, value, path)
    if origin is typing.Literal:
        if value in typing.get_args(kind) and not isinstance(value, bool):
            return value
        raise InvalidJsonError(f"{path}: {value!r} is not one of {list(typing.get_args(kind))}")
    if origin in (types.UnionType, typing.Union):
        return _union(typing.get_args(kind), value, path)
    if origin is list:
        if not isinstance(value, list):
            raise InvalidJsonError(f"{path}: not a list")
        (element_kind,) = typing.get_args(kind)
        return [from_json(element_kind, element, f"{path}[{i}]") for i, element in enumerate(value)]
    if origin is dict:
        if not isinstance(value, dict):
            raise InvalidJsonError(f"{path}: not an object")
        return {key: from_json(typing.get_args(kind)[1], element, f"{path}.{key}") for key, element in value.items()}
    if dataclasses.is_dataclass(kind):
        return _record(kind, value, path)
    return _scalar(kind, value, path)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _record(kind: Any, value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        raise InvalidJsonError(f"{path}: not an object")
    left = dict(value)
    read: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        name = json_name(field.name)
        if name in left:
            read[field.name] = from_json(_hints(kind)[field.name], left.pop(name), f"{path}.{name}".lstrip("."))
        elif field.default is dataclasses.MISSING:
            raise InvalidJsonError(f"{path}.{name}: missing".lstrip("."))
    if left:
        raise InvalidJsonError(f"{path}: unknown key {next(iter(left))!r}")
    return kind(**read)


def _annotated(kind: Any, value: Any, path: str) -> Any:
    inner, *notes = typing.get_args(kind)
    read = from_json(inner, value, path)
    for note in notes:
        if isinstance(note, Range) and not note.minimum <= read <= note.maximum:
            raise InvalidJsonError(f"{path}: {read} is not in [{note.minimum}, {note.maximum}]")
        if isinstance(note, NotEmpty) and not read:
            raise InvalidJsonError(f"{path}: empty")
    return read


def _union(kinds: tuple[Any, ...], value: Any, path: str) -> Any:
    for kind in kinds:
        if kind is type(None):
            continue
        try:
            return from_json(kind, value, path)
        except InvalidJsonError as error:
            problem = error
    raise problem


def _scalar(kind: Any, value: Any, path: str) -> Any:
    # JSON has one kind of number; true and false are not numbers, though Python thinks so.
    fits = isinstance(value, int | float if kind is float else kind) and (kind is bool or not isinstance(value, bool))
    if not fits:
        raise InvalidJsonError(f"{path}: {value!r} is not {_JSON_KINDS[kind]}")
    return value
