"""Requests in Stripe's form encoding, checked against the parameter types of Stripe's own SDK.

`a[b][0]=c` becomes {"a": {"b": ["c"]}}. What the SDK's TypedDict does not name is refused, as
Stripe refuses it; numbers and truths are read; words from a closed list are held against it.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import typing_extensions
from stripe import RequestOptions, StripeObject

from onboarding.sandbox.stripe_errors import refused, unknown_parameter

Params = dict[str, Any]

_DEEPEST = 6
_NAME = re.compile(r"[a-z_A-Z0-9]+")


def read_params(pairs: Iterable[tuple[str, str]], shape: type) -> Params:
    """The parameters, typed. Raises StripeRefusal naming the first one that does not fit."""
    tree: Params = {}
    for name, value in pairs:
        _put(tree, _path(name), value, name)
    return _checked_dict(tree, shape, "")


def _path(name: str) -> list[str]:
    parts = [part.rstrip("]") for part in name.split("[")]
    if len(parts) > _DEEPEST:
        raise unknown_parameter(name)
    return parts


def _put(tree: Params, path: list[str], value: str, name: str) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            raise refused(f"Invalid request: {name} is given twice.", param=name)
    # `expand[]=a&expand[]=b` numbers itself.
    tree[path[-1] or str(len(tree))] = value


def _checked_dict(tree: Mapping[str, Any], shape: type, path: str) -> Params:
    hints, required = _fields(shape)
    checked = {}
    for name, value in tree.items():
        here = f"{path}[{name}]" if path else name
        if name not in hints:
            raise unknown_parameter(here)
        checked[name] = _checked(value, hints[name], here)
    for name in sorted(required - checked.keys()):
        here = f"{path}[{name}]" if path else name
        raise refused(f"Missing required param: {here}.", code="parameter_missing", param=here)
    return checked


def _checked(value: Any, hint: Any, path: str) -> Any:
    """`value` as the type that `hint` asks for. An empty text unsets, whatever the type."""
    options = _options(hint)
    if value == "":
        return ""
    if isinstance(value, dict):
        return _checked_tree(value, options, path)
    return _checked_text(value, options, path)


def _checked_tree(value: Params, options: list[Any], path: str) -> Any:
    for option in options:
        if typing_extensions.is_typeddict(option):
            return _checked_dict(value, option, path)
        if get_origin(option) is list:
            (item,) = get_args(option)
            return [_checked(one, item, f"{path}[{at}]") for at, one in value.items()]
        if get_origin(option) is dict:
            return {name: _checked(one, str, f"{path}[{name}]") for name, one in value.items()}
    raise refused(f"Invalid string: {path}", code="parameter_invalid_string", param=path)


def _checked_text(value: str, options: list[Any], path: str) -> Any:
    if bool in options:
        return _truth(value, path)
    if int in options:
        return _whole(value, path)
    closed = [option for option in options if get_origin(option) is Literal]
    words = [word for option in closed for word in get_args(option)]
    if [word for word in words if word != ""] and value not in words:
        listed = ", ".join(word for word in words if word)
        raise refused(f"Invalid {path}: must be one of {listed}", param=path)
    if not words and str not in options:
        raise refused(f"Invalid object: {path}", code="parameter_invalid_empty", param=path)
    return value


def _truth(value: str, path: str) -> bool:
    if value not in ("true", "false"):
        raise refused(f"Invalid boolean: {value}", param=path)
    return value == "true"


def _whole(value: str, path: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", value):
        raise refused(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
    return int(value)


@lru_cache(maxsize=128)
def _fields(shape: type) -> tuple[dict[str, Any], frozenset[str]]:
    """The SDK's own fields: what each may be, and which must be there."""
    names = {"StripeContext": str, "Mapping": Mapping}
    hints = typing_extensions.get_type_hints(shape, vars(sys.modules[shape.__module__]), names)
    options = set(RequestOptions.__annotations__)
    required = frozenset(getattr(shape, "__required_keys__", frozenset()))
    return {name: hint for name, hint in hints.items() if name not in options}, required


def _options(hint: Any) -> list[Any]:
    """The members of a union; the SDK's typed-object twins of plain dicts are left out."""
    if get_origin(hint) in (Union, UnionType):
        return [one for member in get_args(hint) for one in _options(member)]
    origin = get_origin(hint) or hint
    if isinstance(origin, type) and issubclass(origin, StripeObject):
        return []
    return [hint]
