"""What a declared check says of a query: severity, message and action, in the study's words."""

from __future__ import annotations


def worded(rules: dict, rule: str, said: dict | None = None, action: str | None = None) -> dict:
    """SEVERITY, RULE, MESSAGE and ACTION of a query, as ``config/checks.yaml`` declares them.

    ``said`` fills in the names of the message; ``action`` stands in for the declared one where
    what was done depends on the row.
    """
    declared = rules[rule]
    return {
        "SEVERITY": declared["severity"],
        "RULE": rule,
        "MESSAGE": declared["message"].format(**(said or {})),
        "ACTION": action or declared["action"],
    }


def not_off(queries: list[dict]) -> list[dict]:
    """``queries`` (rows of ``QUERIES``) without those of checks that the study switched off."""
    return [query for query in queries if query["SEVERITY"] != "off"]
