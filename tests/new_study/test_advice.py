"""No advice spoils the export: what it lacks is asked for, what it says is declared."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.messages.collect import messages

ROOT = Path(__file__).parents[2]
#: To open, save, rename or correct what the hospital sent: Excel rewrites dates, and what was sent
#: is gone. Files of the project's own (study file, corrections) are meant to be edited.
SPOILS = re.compile(
    r"\bsav(?:e|ed|ing)\b|\brename\b|put a row|correct the (?:export|cells|sheet|file|line and)"
    r"|(?:take|takes) (?:it|the (?:file|wrong row|patient|row)) out of (?:it|the folder|all)"
    r"|a header such as|give the (?:sheet|column) (?:a|with)|change the (?:header|cell|export)"
    r"|open it in|delete the|remove the (?:row|column|sheet)",
    re.IGNORECASE,
)
#: Messages on files that are the user's own.
OWN = {
    "venaza/study/documents.py": "a configuration file",
    "venaza/preflight/variables.py": "a level of the study file",
    "venaza/preflight/kept.py": "a record that the user kept",
    "venaza/contracts/record.py": "a result that somebody has edited",
    "venaza/contracts/word_files.py": "a Word file of the report that somebody has edited",
}


def spoken() -> list[tuple[str, str]]:
    """Every advice of an error, and every text of new-study, with its module."""
    said = [(m.module, text) for m in messages() for text in m.fix if m.module not in OWN]
    for path in sorted((ROOT / "venaza/commands/new_study").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and text not in documented:
                said.append((path.relative_to(ROOT).as_posix(), text))
    return said


def test_no_message_tells_a_user_to_change_what_was_sent():
    said = spoken()
    assert len(said) > 300
    assert [(module, text) for module, text in said if SPOILS.search(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        *("Open it in a spreadsheet program.", "Name its encoding, or save it as UTF-8."),
        *("Rename the sheets.", "Put a row of headers above them.", "Correct the cells."),
        "Give the column with the number a header such as 'patient id'.",
        *("Take the wrong row out of it.", "Give the sheet a column with the first day."),
    ],
)
def test_the_words_that_are_looked_for_are_those_that_were_there(text):
    assert SPOILS.search(text)


@pytest.mark.parametrize("module", OWN)
def test_a_module_is_only_let_off_for_what_it_says(module):
    assert any(SPOILS.search(text) for m in messages() if m.module == module for text in m.fix)
