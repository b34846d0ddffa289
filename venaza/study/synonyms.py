"""What a raw header means: folded, freed of its unit, and looked up in config/synonyms.yaml."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from venaza.contracts.script import simplified
from venaza.contracts.text import folded, tidy
from venaza.contracts.unit_conversion import unit_key
from venaza.study.documents import read_yaml, validate

#: The documents of synonyms, the first with all entries.
FILES = ("config/synonyms.yaml", "config/synonyms_european.yaml")
#: The languages of these.
LANGUAGES = ("en", "zh", "de", "fr", "es", "it")
_SMALL = {
    "of", "the", "at", "in", "on", "for", "and", "is", "der", "des", "dem", "den", "vom", "zum",
    "zur", "im", "de", "du", "la", "le", "les", "el", "al", "del", "di", "della", "dell",
    "alla",
}  # fmt: skip
_DATE = {"date", "dt", "dat", "dte", "dates", "day", "datum", "am", "fecha", "data"}
_DATE_END = re.compile(r"(日期|时间|年月日|(?<=[a-z]{3})datum)$")
#: Which of several events of a kind a header means: the first relapse, CR2, 第2次复发日期.
_ORDINALS = {
    "first", "second", "third", "fourth", "st", "nd", "rd", "th", "i", "ii", "iii", "erste",
    "erster", "erstes", "ersten", "zweite", "zweiter", "zweites", "dritte", "premiere",
    "premier", "deuxieme", "troisieme", "ere", "er", "eme", "primera", "primer", "primero",
    "segunda", "segundo", "tercera", "a", "prima", "primo", "seconda", "secondo", "terza",
}  # fmt: skip
_ORDINAL = re.compile(r"首次|第?[一二三四五六1-6]次")
#: Words of a header that say it is a time: days to relapse, months until CR.
_TIMES = {
    "time", "times", "days", "months", "weeks", "years", "to", "until", "from", "start",
    "interval", "monate", "tage", "bis", "mois", "jours", "meses", "dias", "mesi", "giorni",
}  # fmt: skip
_OR = re.compile(r"\s*(?:/|\b(?:or|and|oder|und|ou|et|o|y|e)\b|或者?|及|和)\s*", re.IGNORECASE)
_TOKEN = re.compile(r"[a-zμ]+|\d+|[\u3400-\u9fff]+|[\uac00-\ud7a3]+|%")
_ELIDED = re.compile(r"\b(?:[dln]|dell|all|un)['’](?=\w)")
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")
_BRACKETED = re.compile(r"[(\[【{〔]([^()\[\]【】{}〔〕]*)[)\]】}〕]")
_PERCENT = {"%", "pct", "percent"}
#: Units of headers that no conversion needs, so that they do not hide the name.
_PLAIN_UNITS = {
    "岁", "年", "月", "天", "日", "个", "years", "year", "yrs", "days", "day", "d", "months", "mg",
    "分",
}  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """What one header may mean: clean columns, its unit, and how it was found."""

    columns: frozenset[str]
    unit: str = ""
    how: str = ""
    yes: str = ""


@dataclass
class Matched:
    """The headers of a sheet as columns of a table; what fits twice, what fits nothing."""

    columns: dict[str, tuple[str, Meaning]] = field(default_factory=dict)
    doubtful: list[tuple[list[str], list[str]]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def tokens(text: str) -> list[str]:
    """The words of a header: letters, digits and Chinese runs, with a date word put last."""
    found = _TOKEN.findall(simplified(_plain(_CAMEL.sub(" ", tidy(text)).casefold())))
    kept, dated = [], False
    for token in found:
        if token in _SMALL:
            continue
        if token in _DATE:
            dated = True
            continue
        shorter = _DATE_END.sub("", token)
        dated |= shorter != token
        if shorter:
            kept.append(shorter)
    return [*kept, "date"] if dated else kept


def _plain(text: str) -> str:
    """Latin letters without accents (décès), and no elided article (d'inclusion)."""
    text = _ELIDED.sub("", text)
    if text.isascii():
        return text
    text = text.replace("ß", "ss").replace("œ", "oe").replace("æ", "ae").replace("ø", "o")
    return "".join(
        base if (base := unicodedata.normalize("NFD", c)[0]).isascii() else c for c in text
    )


def names_date(text: str) -> bool:
    """Whether a header says that it is a date: one of its words is that."""
    return tokens(text)[-1:] == ["date"]


def fold(text: str) -> str:
    """The form under which headers and synonyms are compared."""
    return "".join(tokens(text))


def words(names: dict) -> list[str]:
    """The words of an entry in all its languages."""
    return [word for language in LANGUAGES for word in names.get(language, ())]


class Synonyms:
    """The shipped synonyms, ready for looking up.

    ``document`` is config/synonyms.yaml, ``units`` config/units.yaml.
    """

    def __init__(self, document: dict, units: dict) -> None:
        self.document, self.units = document, units
        self._tables: dict[str, dict[str, set[str]]] = {}
        self._yes: dict[str, tuple[str, str]] = {}
        for table, columns in document["columns"].items():
            index = self._tables.setdefault(table, {})
            for column, names in columns.items():
                for word in (column, *words(names)):
                    index.setdefault(fold(word), set()).add(column)
                for code, asked in names.get("yes_means", {}).items():
                    for word in words(asked):
                        index.setdefault(fold(word), set()).add(column)
                        self._yes[fold(word)] = (column, code)
        self._events: dict[str, set[str]] = {}
        for event, names in document["events"].items():
            for word in words(names):
                self._events.setdefault(fold(word), set()).add(event)
        self._keys = [fold(word) for word in words(document["patient"])]
        self._sheets = {
            table: {fold(w) for w in (table, *words(n))} for table, n in document["tables"].items()
        }
        affixes = [tokens(word) for word in words(document["affixes"])]
        self._affixes = sorted(affixes, key=len, reverse=True)
        spelled = {unit_key(u): u for spec in units.values() for u in spec["factors"]}
        self._units = spelled
        written = {(form, u) for u in spelled.values() for form in (u, u.replace("µ", "u"))}
        self._unit_tokens = sorted(
            ((tokens(form), unit) for form, unit in written if len(tokens(form)) > 1),
            key=lambda pair: (-len(pair[0]), pair[0]),
        )

    def means(self, header: str, table: str) -> Meaning | None:
        """The columns of ``table`` that a header may be; None where it fits none.

        A header of death or last contact is the last contact: a status says what it was.
        """
        index = self._tables.get(table, {})
        found = self.look_up(header, index, self._yes)
        if found is None and table == "patients" and len(parts := _OR.split(tidy(header))) == 2:
            either = [self.look_up(f"{part} date", index) for part in parts]
            columns = {name for meaning in either if meaning for name in meaning.columns}
            if all(either) and columns == {"DTHDT", "LSTALVDT"}:
                return Meaning(frozenset({"LSTALVDT"}), "", "header, death or last contact")
        return found

    def look_up(self, header: str, index: dict, yes: dict | None = None) -> Meaning | None:
        """The entries of ``index`` (folded name: set) that a header may be."""
        for how, forms, unit in self._forms(header):
            found = set().union(*(index.get("".join(form), set()) for form in forms))
            if not found:
                continue
            asked = {(yes or {}).get("".join(form)) for form in forms} - {None}
            code = next((c for column, c in sorted(asked) if found == {column}), "")
            return Meaning(frozenset(found), unit, how, code)
        return None

    def _forms(self, header: str):
        """Readings of a header, the plainest first: how, its token lists, its unit."""
        whole = tokens(header)
        yield "header", [whole], self._unit_in_brackets(header)
        text = tidy(header)
        inside = [part.strip() for part in _BRACKETED.findall(text)]
        unit = self._unit_in_brackets(header)
        base = tokens(_BRACKETED.sub(" ", text))
        forms = [base, *(tokens(part) for part in inside if not self.is_unit(part))]
        if not unit:
            base, unit = self._unit_at_end(base)
            forms[0] = base
        how = "header, unit apart" if unit else "header, brackets apart"
        forms = [form for form in forms if form]
        yield how, forms, unit
        yield "header, affix apart", [self._bare(form) for form in forms], unit

    def is_unit(self, text: str) -> bool:
        """Whether a text in brackets is a unit rather than a name."""
        if unit_key(text) in self._units or folded(text) in _PLAIN_UNITS:
            return True
        return bool(re.search(r"[/%^]", text)) and not re.search(r"[\u3400-\u9fff]{2}", text)

    def apart(self, header: str) -> tuple[str, str]:
        """A header without what stands in brackets, and its unit."""
        return _BRACKETED.sub(" ", tidy(header)).strip(), self._unit_in_brackets(header)

    def _unit_in_brackets(self, header: str) -> str:
        found = [part.strip() for part in _BRACKETED.findall(tidy(header))]
        return next((part for part in found if self.is_unit(part)), "")

    def _unit_at_end(self, base: list[str]) -> tuple[list[str], str]:
        for spelled, unit in self._unit_tokens:
            size = len(spelled)
            if len(base) > size and base[-size:] == spelled:
                return base[:-size], unit
        if len(base) > 1 and base[-1] in _PERCENT:
            return base[:-1], "%"
        if len(base) > 1 and base[-1] in _PLAIN_UNITS:
            return base[:-1], ""
        return base, ""

    def _bare(self, form: list[str]) -> list[str]:
        """A token list without the words that may stand before or behind a name."""
        dated = form[-1:] == ["date"]
        core = form[:-1] if dated else form
        for affix in self._affixes:
            if len(core) > len(affix) and core[: len(affix)] == affix:
                core = core[len(affix) :]
            elif len(core) > len(affix) and core[-len(affix) :] == affix:
                core = core[: -len(affix)]
        # Chinese is written without spaces: an affix may be part of a run of characters.
        for affix in self._affixes:
            word = affix[0]
            if len(affix) == 1 and core and re.match(r"[\u3400-\u9fff]", word):
                if core[0].startswith(word) and (core[0] != word):
                    core = [core[0][len(word) :], *core[1:]]
                elif core[-1].endswith(word) and core[-1] != word:
                    core = [*core[:-1], core[-1][: -len(word)]]
        return [*core, "date"] if dated else core

    def is_key(self, header: str) -> bool:
        """Whether a header names the patient's number."""
        index = {key: {"key"} for key in self._keys}
        return self.look_up(header, index) is not None

    def event(self, header: str, dated: bool = False) -> str | None:
        """The later event that a date, or a time, in the patients' sheet tells of.

        Which one of several it was is no matter: the second relapse is a relapse. A header that
        does not say so is a date where its cells are (``dated``).
        """
        for form in _forms_of_event(header, dated):
            found = self.look_up(form, self._events)
            if found and len(found.columns) == 1:
                return next(iter(found.columns))
        return None

    def tables_named(self, name: str) -> list[str]:
        """The tables that a sheet, file or instrument of this name may be."""
        stem = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", name.rsplit("/", 1)[-1])
        plain = [t for t in tokens(stem) if not t.isdigit()]
        forms = {fold(stem), "".join(plain), "".join(plain).removesuffix("表")}
        return [table for table, known in self._sheets.items() if forms & known]

    def match(self, headers: list[str], table: str, skip: frozenset = frozenset()) -> Matched:
        """Which header is which column of ``table``; a column in ``skip`` is taken already."""
        matched, claims = Matched(), {}
        for header in dict.fromkeys(h for h in headers if h.strip()):
            meaning = self.means(header, table)
            columns = sorted(meaning.columns - skip) if meaning else []
            if not columns:
                matched.unused.append(header)
            elif len(columns) > 1 or headers.count(header) > 1:
                matched.doubtful.append(([header], columns))
            else:
                claims.setdefault(columns[0], []).append((header, meaning))
        for column, claimed in claims.items():
            exact = [c for c in claimed if tidy(c[0]).casefold() == column.casefold()]
            if len(exact) == 1 or len(claimed) == 1:
                kept = (exact or claimed)[0]
                matched.columns[column] = kept
                matched.unused += [header for header, _ in claimed if header != kept[0]]
            else:
                matched.doubtful.append(([header for header, _ in claimed], [column]))
        return matched


def _forms_of_event(header: str, dated: bool) -> list[str]:
    """Readings of a header that may name an event: as it stands, without ordinals, as a time."""
    bare = [t for t in tokens(_ORDINAL.sub("", tidy(header))) if not t.isdigit()]
    bare = [t for t in bare if t not in _ORDINALS]
    forms = [header, " ".join(bare)]
    timed = [t for t in bare if t not in _TIMES]
    if timed and timed != bare:
        forms.append(" ".join([*(t for t in timed if t != "date"), "date"]))
    if dated and bare and bare[-1] != "date":
        forms.append(" ".join([*bare, "date"]))
    return [form for form in forms if form.strip()]


@cache
def _loaded(root: Path, _stamp: tuple) -> Synonyms:
    document = read_yaml(root / FILES[0], FILES[0])
    for shown in FILES[1:]:
        document = _together(document, read_yaml(root / shown, shown))
    schema = read_yaml(root / "workflow/schemas/synonyms.schema.yaml", "schema")
    validate(document, schema, " and ".join(FILES))
    return Synonyms(document, read_yaml(root / "config/units.yaml", "config/units.yaml"))


def _together(one: dict, other: dict) -> dict:
    """One document of two: what both have is joined, to its lists of words."""
    joined = {**other, **one}
    for key in one.keys() & other.keys():
        both = isinstance(one[key], dict)
        joined[key] = _together(one[key], other[key]) if both else [*one[key], *other[key]]
    return joined


def load_synonyms(root: Path) -> Synonyms:
    """The shipped synonyms of the project in ``root``, checked against their schema."""
    files = [root / name for name in (*FILES, "config/units.yaml")]
    return _loaded(root, tuple(f.stat().st_mtime_ns if f.is_file() else 0 for f in files))


def lab_headers(root: Path) -> dict[str, list[str]]:
    """What exports call a laboratory's columns that are looked for though no study file names them.

    The specimen (``LBSPEC``) and the limits of normal (``LBNRNG``).
    """
    columns = load_synonyms(root).document["columns"]["labs"]
    return {name: [name, *words(columns[name])] for name in ("LBSPEC", "LBNRNG")}
