"""Every error message of the code: what it says and what to do, read from where it is raised."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Calls that make an error: the position of what is wrong, and of what to do (a limit says that
#: itself, the same for all).
MAKERS = {
    "StudyError": (0, "fix"), "stop": (0, 1), "example.error": (0, 1), "cells.error": (0, 1),
    "refuse": (3, None), "keep_within": (3, None),
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Message:
    """One error: the module and function that raise it, what is wrong, what to do."""

    module: str
    line: int
    function: str
    what: tuple[str, ...]
    fix: tuple[str, ...]


def messages() -> list[Message]:
    """Every place that raises an error for a user, in the order of modules and lines."""
    found = []
    for path in sorted((ROOT / "venaza").rglob("*.py")):
        if path.name == "errors.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = path.relative_to(ROOT).as_posix()
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                found += _of_function(function, name, tree)
    found = [m for m in found if m.function != "keep_within"]  # which passes on what it is told
    limit = next(m for m in found if m.function == "refuse")
    whole = {
        replace(m, what=tuple(f"{what} (‹found›; the limit is ‹limit›)." for what in m.what),
                fix=limit.fix) if m.fix == () else m
        for m in found if m != limit
    }  # fmt: skip
    return sorted(whole)


def _of_function(function: ast.FunctionDef, module: str, tree: ast.Module):
    inner = {n for f in ast.walk(function) if isinstance(f, ast.FunctionDef) and f is not function
             for n in ast.walk(f)}  # fmt: skip
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or node in inner:
            continue
        name = ast.unparse(node.func)
        if name not in MAKERS or function.name in ("stop", "error"):
            continue
        position, fix = MAKERS[name]
        keywords = {k.arg: k.value for k in node.keywords}
        cure = keywords.get(fix) if isinstance(fix, str) else fix and node.args[fix]
        scope = _Scope(function, tree)
        yield Message(
            module,
            node.lineno,
            function.name,
            scope.texts(node.args[position]),
            scope.texts(cure),
        )


class _Scope:
    """Finds the texts that an expression can be, inside one function of one module."""

    def __init__(self, function: ast.FunctionDef, tree: ast.Module) -> None:
        self.function, self.tree = function, tree

    def texts(self, node: ast.expr | None, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The texts of an expression, each part that is not fixed as a word in capitals."""
        if node is None:
            return ()
        if isinstance(node, ast.Constant):
            return (str(node.value),)
        if isinstance(node, ast.JoinedStr):
            return self._joined(node, seen)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self.texts(node.left, seen), self.texts(node.right, seen)
            return tuple(a + b for a in left for b in right)
        if isinstance(node, ast.IfExp):
            return (*self.texts(node.body, seen), *self.texts(node.orelse, seen))
        if isinstance(node, ast.Name) and node.id not in seen:
            values = self._assigned(node.id, seen)
            if values:
                return values
        return (f"‹{_word(node)}›",)

    def _joined(self, node: ast.JoinedStr, seen: tuple[str, ...]) -> tuple[str, ...]:
        made = ("",)
        for part in node.values:
            if isinstance(part, ast.Constant):
                options: tuple[str, ...] = (str(part.value),)
            else:
                options = (f"‹{_word(part.value)}›",)
                if isinstance(part.value, ast.Name) and part.value.id in ("what", "how_many"):
                    own = self._assigned(part.value.id, seen)
                    options = own if own else options
            made = tuple(a + b for a in made for b in options)
        return made

    def _assigned(self, name: str, seen: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for node in ast.walk(self.function):
            if isinstance(node, ast.For):
                found += self._of_table(name, node.target, node.iter)
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                if isinstance(node.value, ast.Subscript):
                    found += self._of_table(name, target, node.value)
                if isinstance(target, ast.Name) and target.id == name:
                    found += self.texts(node.value, (*seen, name))
                names = [ast.unparse(t) for t in getattr(target, "elts", ())]
                if name in names and isinstance(node.value, ast.Tuple):
                    found += self.texts(node.value.elts[names.index(name)], (*seen, name))
                if name in names and isinstance(node.value, ast.Call):
                    found += self._returned(ast.unparse(node.value.func), names.index(name))
        return tuple(dict.fromkeys(found))

    def _of_table(self, name: str, target: ast.expr, source: ast.expr) -> list[str]:
        """The texts of a name that is taken out of a table of the module, row by row."""
        called = ast.unparse(source).removesuffix(".items()").partition("[")[0]
        table = next(
            (
                node.value
                for node in self.tree.body
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == called
            ),
            None,
        )
        if not isinstance(table, ast.Dict):
            return []
        items = zip(table.keys, table.values, strict=True)
        whole = isinstance(source, ast.Call)  # its items, not one of its values
        rows = [ast.Tuple([*item]) for item in items] if whole else table.values
        return [
            text
            for row in rows
            for found in [_at(name, target, row)]
            if found is not None
            for text in self.texts(found)
        ]

    def _returned(self, function: str, position: int) -> list[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                scope = _Scope(node, self.tree)
                return [
                    text
                    for part in ast.walk(node)
                    if isinstance(part, ast.Return) and isinstance(part.value, ast.Tuple)
                    for text in scope.texts(part.value.elts[position])
                ]
        return []


def _at(name: str, target: ast.expr, row: ast.expr) -> ast.expr | None:
    """The part of a row of a table that a name in a target of the same shape gets."""
    if isinstance(target, ast.Name):
        return row if target.id == name else None
    if isinstance(target, ast.Tuple) and isinstance(row, ast.Tuple):
        parts = zip(target.elts, row.elts, strict=True)
        return next((found for t, r in parts if (found := _at(name, t, r)) is not None), None)
    return None


def _word(node: ast.expr) -> str:
    """A word for a part of a message that differs from case to case: the name of what is put in."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            return node.slice.value
        return _word(node.value)
    if isinstance(node, ast.Call):
        inner = [_word(argument) for argument in node.args]
        return inner[-1] if inner else _word(node.func)
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        return _word(node.generators[0].iter)
    if isinstance(node, ast.IfExp):
        return _word(node.body)
    if isinstance(node, (ast.BinOp,)):
        return _word(node.left)
    if isinstance(node, ast.UnaryOp):
        return _word(node.operand)
    if isinstance(node, ast.BoolOp):
        return _word(node.values[0])
    return "…"
