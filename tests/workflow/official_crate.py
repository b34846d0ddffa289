"""The official validator of RO-Crates (roc-validator), without the web.

It asks the web for the contexts of JSON-LD. Here they come from the package ``rocrate``, which
carries that of RO-Crate 1.3: to 1.1 and 1.2 it differs in the addresses of two types, given below,
and in terms that no crate of ours uses.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import requests

#: RO-Crate 1.3 added "terms/" to these; the profiles ask for them as they were.
_MOVED = {
    name: f"https://bioschemas.org/{name}" for name in ("ComputationalWorkflow", "FormalParameter")
}
#: Of the terms of Workflow Run Crate the only one that is used here.
_RUN = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
#: The second stands on RO-Crate 1.1, Workflow RO-Crate, Process and Workflow Run Crate, and the
#: validator holds a crate against those as well.
PROFILES = ("ro-crate-1.2", "provenance-run-crate-0.5")


def context(url: str) -> dict:
    """The JSON-LD context that stands at an address; KeyError for one that we do not name."""
    known = json.loads(files("rocrate").joinpath("data/ro-crate.jsonld").read_text("utf-8"))
    of_crates = {"@context": known["@context"] | _MOVED}
    return {
        "https://w3id.org/ro/crate/1.1/context": of_crates,
        "https://w3id.org/ro/crate/1.2/context": of_crates,
        "https://w3id.org/ro/terms/workflow-run/context": {"@context": _RUN},
    }[url]


def _answer(url: str, *_: object, **__: object) -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer.url = 200, url
    answer.headers["Content-Type"] = "application/ld+json"
    answer._content = json.dumps(context(url)).encode()
    return answer


def required_of(folder: Path, profile: str) -> list[str]:
    """What the validator finds against the MUSTs of a profile, of those it stands on too.

    In a process of its own: it makes so many small objects that beside what a worker of the tests
    holds already their collection takes minutes.
    """
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", __name__, folder, profile],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(told.stdout.splitlines()[-1])


def _required_of(folder: str, profile: str) -> list[str]:
    from rocrate_validator.models import Severity
    from rocrate_validator.services import ValidationSettings, validate
    from rocrate_validator.utils.http import HttpRequester

    HttpRequester.get = HttpRequester.head = staticmethod(_answer)
    settings = ValidationSettings(
        rocrate_uri=folder,
        profile_identifier=profile,
        requirement_severity=Severity.REQUIRED,
    )
    issues = validate(settings).get_issues(Severity.REQUIRED)
    return sorted(f"{issue.check.identifier}: {issue.message}" for issue in issues)


if __name__ == "__main__":
    print(json.dumps(_required_of(*sys.argv[1:])))
