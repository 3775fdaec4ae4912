"""The wire: values of `qa.types` to and from JSON-ready data, with the contract's field names."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, cast

from qa.types import Answer

T = TypeVar("T")


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON is what it is
    """Turn a value, or a sequence or mapping of values, into dicts, lists and scalars."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


def answer_from_json(data: dict[str, Any]) -> Answer:
    """Read an `Answer` back; unknown fields are ignored, so that an older client reads a newer server."""
    return _read(Answer, data)


def from_json(kind: type[T], data: Any) -> T:  # noqa: ANN401
    """Read any value of `qa.types` back; unknown fields are ignored here too."""
    return cast("T", _value(kind, data))


@cache
def _hints(kind: type) -> dict[str, Any]:
    # `Vectors` exists for type checkers only; no value that travels holds one.
    return typing.get_type_hints(kind, localns={"Vectors": object})


def _read(kind: type[T], data: dict[str, Any]) -> T:
    hints = _hints(cast("type", kind))
    return kind(**{name: _value(hints[name], item) for name, item in data.items() if name in hints})


def _value(hint: Any, data: Any) -> Any:  # noqa: ANN401
    if data is None:
        return None
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return _value(next(item for item in arguments if item is not type(None)), data)
    if origin is tuple:
        inner = arguments if arguments[-1] is not Ellipsis else arguments[:1] * len(data)
        return tuple(_value(kind, item) for kind, item in zip(inner, data, strict=True))
    return _read(hint, data) if is_dataclass(hint) and isinstance(hint, type) else data
