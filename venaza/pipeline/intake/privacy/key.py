"""The secret key of pseudonyms: where it is kept, how it is made, what it turns a number into."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from venaza.contracts.errors import StudyError

VARIABLE = "VENAZA_KEY_FILE"
_BYTES = 32


def key_path(study: str) -> Path:
    """Where the study's key is: ``VENAZA_KEY_FILE``, else the user's configuration folder."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "venaza" / f"{study}.key"


def read_key(study: str, root: Path) -> bytes:
    """The key of a study; ``root`` is the project, in which it may not lie.

    Raises ``StudyError`` where there is none, it is too short, or it lies in the project: whoever
    has the results and the key can look a pseudonym up.
    """
    path = key_path(study)
    if path.resolve().is_relative_to(root.resolve()):
        raise StudyError(
            "The key for pseudonyms lies inside the project, from where it would be published.",
            fix=f"Move it out of the folder and name it in the variable {VARIABLE}.",
            file=path.name,
        )
    if not path.is_file():
        raise StudyError(
            f"The study '{study}' hashes a column or shifts dates, and has no key for it here.",
            fix=f"Make one with: python -m venaza make-key {study}. A key that exists elsewhere is "
            f"named in the variable {VARIABLE}; with another key the pseudonyms differ.",
        )
    key = path.read_text(encoding="ascii", errors="replace").strip().encode()
    if len(key) < _BYTES:
        raise StudyError(
            "The key for pseudonyms is too short to be one.",
            fix=f"Make one with: python -m venaza make-key {study}.",
            file=path.name,
        )
    return key


def make_key(study: str) -> Path:
    """Write a new random key for a study, readable by its owner alone; never over an old one."""
    path = key_path(study)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise StudyError(
            f"The study '{study}' has a key already; with another its pseudonyms would change.",
            fix="Keep it, or move the file away if that is what you want.",
            file=path.name,
        ) from None
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(_BYTES) + "\n")
    return path


def fingerprint(key: bytes) -> str:
    """What tells two keys apart and gives nothing of them away; a changed key runs intake again."""
    return hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()[:12]


def pseudonym(key: bytes, text: str) -> str:
    """The pseudonym of an identifier: 60 bits of HMAC-SHA-256, as twelve letters and digits."""
    digest = hmac.new(key, b"id:" + text.encode(), hashlib.sha256).digest()
    return "P" + base64.b32encode(digest)[:12].decode()


def days_shifted(key: bytes, patient: str, most: int) -> int:
    """By how many days a patient's dates move: -``most`` to ``most``, never 0, one per patient."""
    digest = hmac.new(key, b"days:" + patient.encode(), hashlib.sha256).digest()
    day = int.from_bytes(digest[:8], "big") % (2 * most)
    return day - most if day < most else day - most + 1
