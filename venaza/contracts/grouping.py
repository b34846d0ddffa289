"""Things sorted into groups, in the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Item, Name = TypeVar("Item"), TypeVar("Name")


def grouped(items: Iterable[Item], by: Callable[[Item], Name]) -> dict[Name, list[Item]]:
    """The items by what ``by`` says of each."""
    found: dict[Name, list[Item]] = {}
    for item in items:
        found.setdefault(by(item), []).append(item)
    return found
