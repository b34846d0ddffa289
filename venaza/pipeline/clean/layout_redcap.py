"""REDCap's ways in an export: headers as labels, codes and their labels, events, record numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from venaza.contracts.codes import code_key
from venaza.contracts.headers import header_key
from venaza.contracts.text import folded, tidy

#: REDCap's own columns and what a labelled export calls them.
OWN = {
    "redcap_event_name": "Event Name",
    "redcap_repeat_instrument": "Repeat Instrument",
    "redcap_repeat_instance": "Repeat Instance",
    "redcap_data_access_group": "Data Access Group",
    "redcap_survey_identifier": "Survey Identifier",
}
_BOX = {"Checked": "1", "Unchecked": "0"}
_NAMED = ("redcap_event_name", "redcap_repeat_instrument")


@dataclass
class Redcap:
    """The study's section ``redcap`` as the rows of an export are read by it; empty without one.

    ``fields`` is the data dictionary (field: form, type, label, choices, identifier) as
    ``venaza.preflight.redcap`` reads it, ``headers`` each header of a labelled export that stands
    for one field.
    """

    declared: bool = False
    dictionary: str = ""
    fields: dict[str, dict] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    strip_dag: bool = False
    _keys: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, study: dict) -> Redcap:
        """From the settings of the stage."""
        told = study.get("redcap")
        if not told:
            return cls()
        headers = {header_key(header): name for header, name in told["headers"].items()}
        strip = told["dag_prefix"] == "strip"
        return cls(True, told["dictionary"], told["fields"], headers, strip)

    def is_dictionary(self, file: str) -> bool:
        """Whether a file of the export is the data dictionary."""
        return self.declared and file == self.dictionary

    def keys(self, header: str) -> tuple[str, ...]:
        """The normalised names of a column: as it stands, and as REDCap calls the field."""
        if header not in self._keys:
            key = header_key(header)
            names = dict.fromkeys([key, header_key(self.headers.get(key, header))])
            self._keys[header] = tuple(names)
        return self._keys[header]

    def record(self, patient: str) -> str:
        """The record's number, without the number of its data access group where declared."""
        return re.sub(r"^\d+-(?=.)", "", patient) if self.strip_dag else patient

    def label_of(self, header: str, code: str) -> str:
        """What the dictionary calls a code of a field; empty where it has none."""
        spec = self.fields.get(self.headers.get(header_key(header), header))
        if not spec:
            return ""
        known = {code_key(c): label for c, label in spec["choices"].items()}
        return known.get(code_key(code), "")

    def codes_of(self, header: str, text: str) -> set[str]:
        """The codes whose label a cell of a labelled export shows."""
        key = header_key(header)
        if self._is_box(header):
            code = self.box_code(header, text)
            return {code} if code else set()
        spec = self.fields.get(self.headers.get(key, header))
        if spec is None or code_key(text) in map(code_key, spec["choices"]):
            return set()
        return {c for c, label in spec["choices"].items() if folded(label) == folded(text)}

    def box_code(self, header: str, text: str) -> str:
        """The code behind what a labelled export says of a box: 1 or 0; empty for another text."""
        return _BOX.get(tidy(text), "") if self._is_box(header) else ""

    def _is_box(self, header: str) -> bool:
        name = self.headers.get(header_key(header), header)
        return re.fullmatch(r".+___.+", header_key(name)) is not None

    def is_called(self, header: str, said: set[str], word: str) -> bool:
        """Whether an event or an instrument is ``word``: ``baseline`` is ``baseline_arm_1`` too.

        A labelled export gives ``Baseline`` or ``Baseline (Arm 1: Drug)``, and the instrument's
        title for its name.
        """
        name = self.headers.get(header_key(header), header)
        if not self.declared or name not in _NAMED or word == "":
            return False
        wanted = _plain(word)
        return any(re.fullmatch(rf"{re.escape(wanted)}(_arm_\d+(_.*)?)?", _plain(s)) for s in said)

    def own_column(self, header: str) -> str:
        """Why a column that no table maps is not missed; empty where it is the project's own."""
        if not self.declared:
            return ""
        name = self.headers.get(header_key(header), header)
        form, _, last = name.rpartition("_")
        known = not self.fields or form in {spec["form"] for spec in self.fields.values()}
        if name == "Complete?" or (known and last == "complete"):
            return "REDCap's form status"
        if name in OWN or (known and last == "timestamp"):
            return "REDCap's own column"
        return ""


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "_", tidy(text).casefold()).strip("_")
