"""What queries say, in the language of the clinic: their English taken apart and put together."""

from __future__ import annotations

import re

from venaza.contracts.query_wording import taken_apart

#: A space that stands beside a Latin word, and is none between two Chinese ones.
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


class Language:
    """The words of one language; ``told`` is config/messages/LANGUAGE.yaml, {} for English.

    The tables of a run hold the English text alone. It was made by the check's template, so that
    the template finds again what filled it in; each of that is looked up among the phrases, and
    stays as it is where it is none (a header, a value). What no template fits stays English.
    """

    def __init__(self, told: dict, rules: dict) -> None:
        self.told, self.rules = told, rules
        self._phrases: dict[str, str] = {}

    def message(self, rule: str, text: str, header: str = "") -> str:
        """The message of a query; ``header`` is that of its cell, known to stand in it."""
        sibling = self._of(rule, "message")
        if not self.told or sibling == text:
            return text
        english = self.rules.get(rule, {}).get("message", "")
        found = taken_apart(english, text, header)
        if found is None:
            return text
        made = sibling.format(**{name: self.phrase(part) for name, part in found.items()})
        return _BETWEEN.sub("", made)

    def phrase(self, text: str) -> str:
        """What fills a message in: the first phrase that fits, with what fills it in itself."""
        if text not in self._phrases:
            self._phrases[text] = self._phrase(text)
        return self._phrases[text]

    def _phrase(self, text: str) -> str:
        for english, sibling in self.told.get("phrases", {}).items():
            found = taken_apart(english, text)
            if found is not None:
                return sibling.format(**{name: self.phrase(part) for name, part in found.items()})
        return text

    def title(self, rule: str) -> str:
        """What a check is called."""
        return self._of(rule, "title") or rule.replace("_", " ").capitalize()

    def why(self, rule: str) -> str:
        """Why it matters."""
        return self._of(rule, "why")

    def touched(self, rule: str, everything: str) -> str:
        """The results that a wrong value would change, as a check names them."""
        names = self.rules.get(rule, {}).get("touches") or []
        known = {"all": everything, **self.told.get("touches", {})}
        return ", ".join(known.get(name, name) for name in names)

    def action(self, text: str) -> str:
        """What was done meanwhile."""
        return self.told.get("actions", {}).get(text, text)

    def severity(self, name: str) -> str:
        """What a severity is called."""
        return self.told.get("severities", {}).get(name, name)

    def _of(self, rule: str, key: str) -> str:
        both = (self.told.get("rules", {}), self.rules)
        return next((each[rule][key] for each in both if key in each.get(rule, {})), "")
