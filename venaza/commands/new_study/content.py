"""Whether the cells of a column suit a clean column, and which column cells alone speak for."""

from __future__ import annotations

import re
from pathlib import Path

from venaza.commands.new_study.profile import Profile
from venaza.contracts.clean import TABLES
from venaza.contracts.coded_values import code_of, codes, may_mean
from venaza.contracts.columns import Column
from venaza.contracts.text import folded
from venaza.pipeline.clean.cell import read_cell
from venaza.pipeline.clean.nearest import nearest_codes
from venaza.pipeline.clean.ranges import read_limits
from venaza.pipeline.clean.times import unit_in_header
from venaza.pipeline.intake.privacy.detect import kind_of_cell
from venaza.pipeline.intake.privacy.names import LIKE, LIKELY, NO
from venaza.preflight.persons import load_names
from venaza.study.documents import read_yaml

_KARYOTYPE = re.compile(r"\d{2}(?:[~-]\d{2})?,\s*[XY]{1,2}")
_RESULT = re.compile(r"[<>≤≥＜＞↑↓*\s]*\d")
#: What the numbers of a clean column may be: lowest, highest. Wide, so that other units pass.
_RANGES = {
    "AGE": (0, 120),
    "ECOG": (0, 5),
    "AETOXGR": (0, 5),
    "CYCLE": (0, 60),
    "CMLINE": (0, 20),
    "PRIORLN": (0, 20),
    "VENDAYS": (0, 120),
    "HMADAYS": (0, 120),
    "VENDOSE": (0, 2000),
    "BMBLAST": (0, 100),
    "MBLAST": (0, 100),
    "PBLAST": (0, 100),
    "VAF": (0, 100),
    "HGB": (1, 300),
    "TFUNITS": (0, 100),
}
#: Texts up to this length, and at least so many different ones, could be names.
_SHORT, _FEW = 30, 3
#: Columns on which every result hangs: unknown words of theirs are asked, never left out.
_BY_HEADER = ("SURVSTAT", "RSINV")
#: Columns that words alone give away, table by table, the most telling first.
TELLING = {
    "mutations": ("GENE", "GERES"),
    "labs": ("LBTESTCD",),
    "adverse_events": ("AETERM",),
    "responses": ("RSINV",),
    "transfusions": ("TFTYPE",),
    "patients": ("SEX", "KARYO", "SURVSTAT", "DISSTAT", "RISK"),
}


class Content:
    """The vocabularies of the project in ``root``, asked about the cells of a column."""

    def __init__(self, root: Path) -> None:
        self.vocabulary = read_yaml(root / "config/vocabulary.yaml", "config/vocabulary.yaml")
        self.units = read_yaml(root / "config/units.yaml", "config/units.yaml")
        ctcae = read_yaml(root / "config/ctcae.yaml", "config/ctcae.yaml")
        defaults = read_yaml(root / "config/defaults.yaml", "config/defaults.yaml")
        asked = self.vocabulary.pop("asked", {})
        self.study = {"vocabulary": self.vocabulary, "asked": asked, "ctcae": ctcae}
        self.study["labs"] = defaults["labs"]
        self.names = load_names(root)
        vocabularies = [v for v in self.vocabulary.values() if isinstance(v, dict)]
        vocabularies.append({term: spec["words"] for term, spec in ctcae["terms"].items()})
        spelled = [w for v in vocabularies for code, ws in v.items() for w in (code, *ws)]
        self._words = {folded(word) for word in [*spelled, *self.vocabulary["missing"]]}

    def codes(self, name: str) -> dict[str, list[str]] | None:
        """The codes of a clean column with their words; None where it is free text."""
        return codes("AEDECOD" if name == "AETERM" else name, {}, self.study)

    def reads(self, name: str, word: str) -> bool:
        """Whether cleaning understands a word of a coded column, by itself or split into its parts.

        A word that it asks the clinic about is understood too: no code of the study file helps.
        """
        column = Column("AEDECOD" if name == "AETERM" else name, "string", name)
        return read_cell(word, column, {}, self.study, None).unknown is None

    def means(self, name: str, word: str) -> object:
        """What cleaning makes of a word of a coded column; None where it makes nothing of it."""
        return read_cell(word, Column(name, "string", name), {}, self.study, None).value

    def known_share(self, name: str, profile: Profile) -> float:
        """The share of the distinct words of a column that its vocabulary knows."""
        known = self.codes(name)
        if not known or not profile.words:
            return 0.0
        return sum(code_of(w, known) is not None for w in profile.words) / len(profile.words)

    def read_share(self, name: str, profile: Profile) -> float:
        """The share of the distinct words of a column of a status that cleaning understands."""
        if name not in _BY_HEADER or not profile.words:
            return 0.0
        return sum(self.reads(name, word) for word in profile.words) / len(profile.words)

    def knows(self, word: str) -> bool:
        """Whether any vocabulary has a word, whatever column it is of."""
        return folded(word) in self._words

    def may_be_names(self, profile: Profile) -> bool:
        """Whether the cells of a column could be persons' names, so that none may be listed.

        They could where one is a name for certain or half have the shape of one, and where short
        texts that no vocabulary knows are all different, as the words of a code are not.
        """
        words = list(profile.words)
        judged = [self.names.judge(word) for word in words]
        if any(kind_of_cell(word, self.names) for word in words):
            return True
        if sum(j >= LIKELY for j in judged) >= 0.5 * len(words) and max(judged, default=NO) >= LIKE:
            return True
        short = all(len(word) <= _SHORT and not re.search(r"\d", word) for word in words)
        alone = profile.filled == profile.distinct >= _FEW
        return alone and short and not any(map(self.knows, words))

    def may_hold_names(self, profile: Profile) -> bool:
        """Whether any cell of a column could be a name."""
        return self.may_be_names(profile) or any(map(self.may_be_name, profile.words))

    def may_be_name(self, word: str) -> bool:
        """Whether a word that no vocabulary knows could be a name."""
        return self.names.judge(word) >= LIKE

    def unknown_words(self, name: str, profile: Profile) -> dict[str, str]:
        """The words that cleaning does not understand in a column, each with the nearest code."""
        known = self.codes(name)
        if not known:
            return {}
        unknown = {}
        for word in sorted(w for w in profile.words if not self.reads(name, w)):
            close = [] if may_mean(word, name, {}, self.study) else nearest_codes(word, known)
            unknown[word] = close[0][1] if close else ""
        return unknown

    def says(self, name: str, profile: Profile, table: str, days: bool = False) -> str:
        """``yes``, ``no`` or ``open``: whether the cells suit the column ``name`` of ``table``."""
        if profile.kind == "empty":
            return "open"
        if name == "LBNRNG":  # becomes two columns: the limits of normal
            limits = [read_limits(text) for text in profile.texts if text]
            return "yes" if sum(found is not None for found in limits) * 2 >= len(limits) else "no"
        if name == "LBSTRESN" and profile.kind in ("word", "text"):
            return "open" if _mostly_numbers(profile) else "no"  # 35↓, <0.10, negative, clotted
        column = next(c for c in TABLES[table] if c.name == name)
        if column.dtype == "date":
            return _suits_date(profile, days)
        if column.dtype in ("integer", "number"):
            return self._suits_number(column, profile)
        if profile.kind == "date":
            return "no"
        if name == "KARYO":
            texts = [text for text in profile.texts if text]
            hits = sum(bool(_KARYOTYPE.match(text)) for text in texts)
            return "yes" if texts and hits >= 0.5 * len(texts) else "open"
        if self.codes(name) is None:
            return "open" if profile.kind in ("word", "text") else "no"
        share = max(self.known_share(name, profile), self.read_share(name, profile))
        if share >= 0.5:
            return "yes"
        if name in _BY_HEADER and profile.kind in ("word", "text"):
            return "open"  # a header that says so decides: its words are listed and asked
        if profile.kind == "integer" and profile.distinct <= 6:
            return "open"  # coded by numbers: what they mean must be said
        return "open" if profile.kind == "word" else "no"

    def _suits_number(self, column: Column, profile: Profile) -> str:
        if column.name == "MRDVAL" and profile.kind in ("word", "text"):
            return "open"
        if profile.kind not in ("integer", "number"):
            return "no"
        if column.dtype == "integer" and profile.kind != "integer":
            return "no"
        low, high = _RANGES.get(column.name, (0, float("inf")))
        return "yes" if low <= profile.low and profile.high <= high else "open"

    def speaks_for(self, table: str, profile: Profile) -> str | None:
        """The column of ``table`` that the words of a column alone speak for."""
        if profile.kind not in ("word", "text"):
            return None
        for name in TELLING.get(table, ()):
            if name == "KARYO":
                if self.says(name, profile, table) == "yes":
                    return name
            elif self.known_share(name, profile) >= 0.6:
                return name
        return None


def _mostly_numbers(profile: Profile) -> bool:
    """Whether most cells of a laboratory's results begin with a number, or a limit."""
    texts = [text for text in profile.texts if text]
    return sum(bool(_RESULT.match(text)) for text in texts) * 2 >= len(texts)


def _suits_date(profile: Profile, days: bool) -> str:
    if days:
        if profile.kind == "integer":
            return "yes"
        return "open" if profile.kind == "number" and unit_in_header(profile.header)[0] else "no"
    if profile.kind == "date":
        return "yes"
    return "open" if profile.serial or profile.kind == "day_month" else "no"
