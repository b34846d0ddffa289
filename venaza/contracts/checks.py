"""What a check says of a query: the study's severity, or silence where it is switched off."""

from __future__ import annotations


def judged(queries: list[dict], checks: dict) -> list[dict]:
    """``queries`` (rows of ``QUERIES``) with the severity of their check in this study.

    ``checks`` is the study's section of that name; queries of a check that is off are left out.
    """
    kept = []
    for query in queries:
        severity = checks["rules"].get(query["RULE"], {}).get("severity", query["SEVERITY"])
        if severity != "off":
            kept.append({**query, "SEVERITY": severity})
    return kept
