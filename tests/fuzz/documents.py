"""Ways to mangle a study file: wrong values, keys gone, added, renamed, changed round."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random

import yaml

from tests.fuzz.bases import NAMES, base

#: What no key asks for, or few.
WRONG = [
    *(None, True, False, 0, 1, -1, 2.5, 10**12, 1e300, "", " ", "?", "nope", "AGE", "OS", "DEATH"),
    *("2021-02-30", "x" * 3000, "中文", "{n}", "../../etc/passwd", "*", [], [None], ["AGE", "AGE"]),
    *(["nope"], [[]], [{}], {}, {"nope": 1}, {"AGE": "AGE"}, {"from": "nope", "constant": 1}),
]

Path = tuple
Mutator = Callable[[dict, Random], str]
MUTATORS: list[Mutator] = []


def of_document(mutator: Mutator) -> Mutator:
    """Register a mutator of study files."""
    MUTATORS.append(mutator)
    return mutator


def places(document: object, at: Path = ()) -> Iterator[Path]:
    """The path of every key and item of a document."""
    pairs = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in pairs:
        yield (*at, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*at, key))


def get(document: object, at: Path) -> object:
    """What stands at a path."""
    for key in at:
        document = document[key]
    return document


def put(document: dict, at: Path, value: object) -> None:
    """Lay ``value`` at a path."""
    get(document, at[:-1])[at[-1]] = value


def shown(at: Path) -> str:
    """A path as text."""
    return " > ".join(map(str, at))


def grid() -> Iterator[tuple[str, Path, object]]:
    """Every key of every base with every wrong value."""
    for name in NAMES:
        for at in places(base(name).document):
            for value in WRONG:
                yield name, at, value


def _place(document: dict, rng: Random) -> Path:
    return rng.choice(list(places(document)))


@of_document
def a_wrong_value(document: dict, rng: Random) -> str:
    at, value = _place(document, rng), rng.choice(WRONG)
    put(document, at, copy.deepcopy(value))
    return f"{shown(at)}: {value!r:.60}"


@of_document
def a_word_misspelt(document: dict, rng: Random) -> str:
    texts = [at for at in places(document) if isinstance(get(document, at), str)]
    at = rng.choice(texts)
    text = get(document, at)
    n = rng.randrange(len(text) + 1)
    new = rng.choice(
        [text[:n] + text[n + 1 :], text[:n] + "x" + text[n:], text.lower(), text.upper()]
    )
    put(document, at, new)
    return f"{shown(at)}: {text!r:.30} as {new!r:.30}"


@of_document
def a_key_gone(document: dict, rng: Random) -> str:
    at = _place(document, rng)
    del get(document, at[:-1])[at[-1]]
    return f"{shown(at)} gone"


@of_document
def a_key_renamed(document: dict, rng: Random) -> str:
    keys = [at for at in places(document) if isinstance(at[-1], str)]
    at = rng.choice(keys)
    text = at[-1]
    n = rng.randrange(len(text) + 1)
    new = rng.choice(
        [
            text[:n] + text[n + 1 :],
            text[:n] + "x" + text[n:],
            text.lower(),
            text.upper(),
            rng.choice(keys)[-1],
        ]
    )
    above = get(document, at[:-1])
    renamed = {(new if key == text else key): value for key, value in above.items()}
    above.clear()
    above.update(renamed)
    return f"{shown(at)} is called {new!r:.30}"


@of_document
def two_subtrees_changed_round(document: dict, rng: Random) -> str:
    one, other = _place(document, rng), _place(document, rng)
    if one[: len(other)] == other or other[: len(one)] == one:
        return a_wrong_value(document, rng)
    first, second = get(document, one), get(document, other)
    put(document, one, second)
    put(document, other, first)
    return f"{shown(one)} and {shown(other)} changed round"


@of_document
def a_subtree_of_another_study(document: dict, rng: Random) -> str:
    name = rng.choice(NAMES)
    other = base(name).document
    at, source = _place(document, rng), _place(other, rng)
    same = [place for place in places(other) if place[-1] == at[-1]]
    source = rng.choice(same) if same and rng.random() < 0.7 else source
    put(document, at, get(other, source))
    return f"{shown(at)} as {name}'s {shown(source)}"


@of_document
def a_subtree_added(document: dict, rng: Random) -> str:
    name = rng.choice(NAMES)
    other = base(name).document
    maps = [at for at in [(), *places(document)] if isinstance(get(document, at), dict)]
    at, source = rng.choice(maps), _place(other, rng)
    if not isinstance(source[-1], str):
        return a_wrong_value(document, rng)
    get(document, at)[source[-1]] = get(other, source)
    return f"{shown((*at, source[-1]))} added, from {name}"


@of_document
def an_item_twice(document: dict, rng: Random) -> str:
    lists = [at for at in places(document) if isinstance(get(document, at), list)]
    filled = [at for at in lists if get(document, at)]
    if not filled:
        return a_wrong_value(document, rng)
    at = rng.choice(filled)
    get(document, at).append(copy.deepcopy(rng.choice(get(document, at))))
    return f"{shown(at)}: an item twice"


def as_yaml(document: object) -> str:
    """A study file as text, a key on each line."""
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=200)


def mangled_text(text: str, rng: Random) -> tuple[str, str]:
    """The text of a study file with a line doubled, cut, shifted, or with a stray character."""
    lines = text.splitlines()
    at = rng.randrange(len(lines))
    how = rng.choice(["double", "indent", "stray", "cut", "tab", "gone"])
    if how == "double":
        lines.insert(at, lines[at])
    elif how == "indent":
        lines[at] = " " * rng.randint(1, 5) + lines[at]
    elif how == "stray":
        n = rng.randrange(len(lines[at]) + 1)
        lines[at] = lines[at][:n] + rng.choice("[]{}:'\"#&*!|>%@`,-?\x00\x07") + lines[at][n:]
    elif how == "cut":
        lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
        del lines[at + 1 :]
    elif how == "tab":
        lines[at] = "\t" + lines[at]
    else:
        del lines[at]
    return "\n".join(lines) + "\n", f"line {at + 1}: {how}"
