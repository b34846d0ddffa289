"""Whether a short text is a person's name: in Chinese, as pinyin, in Western or Korean writing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from venaza.contracts.script import simplified

#: How much a text by itself says: nothing, could be a name, is like one, can hardly be else.
NO, LIKELY, LIKE, SURE = range(4)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")
#: Names of the minorities and foreign ones, as they are transliterated: 迪丽热巴·迪力木拉提.
_DOTTED = re.compile(r"[\u4e00-\u9fff]{2,8}[·•・‧][\u4e00-\u9fff]{2,8}")
_MASKED = re.compile(r"[\u4e00-\u9fff](?:[*xX某○〇]{1,2}|[*xX○〇][\u4e00-\u9fff])")
_HAN_ALONE = re.compile(r"(?<![\u4e00-\u9fff·])[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff·])")
_HANGUL = re.compile(r"[\uac00-\ud7a3]{2,4}")
#: Two to four words in Latin letters, the first or the second perhaps followed by a comma.
_WORD = r"[^\W\d_]+(?:[-'’][^\W\d_]+)*"
_LATIN = re.compile(rf"{_WORD}\.?(?:,?\s*{_WORD}\.?){{1,3}}")
_ONE_WORD = re.compile(_WORD)
_INITIALS = re.compile(
    rf"(?P<last>{_WORD}),?\s+(?:[A-Z]\.?[\s-]?){{1,3}}|(?:[A-Z]\.[\s-]?){{1,3}}\s*(?P<second>{_WORD})"
)
_LETTERS = re.compile(r"[A-Za-z]{2}")
_FIRST_INITIAL = re.compile(r"(?:[A-Z]\.[\s-]?){1,3}\s*[A-Z][^\W\d_]+(?:[-\s][^\W\d_]+)?")
_TITLE = re.compile(r"^(?:dr|prof|mr|mrs|ms|miss|herr|frau|mme)\b\.?\s*", re.IGNORECASE)
_BESIDE = re.compile(r"\s*[(（\[].*?[)）\]]\s*|\s*\d+$")
_SYLLABLE = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un"
    r"|ve|ue|a|o|e|i|u|v|ü))"
)
_GIVEN = re.compile(rf"{_SYLLABLE}(?:['’-]?{_SYLLABLE})?")
_PARTICLES = {"van", "der", "den", "de", "la", "le", "di", "da", "dos", "del", "von", "zu", "bin"}
#: So many different values are needed before shape alone proves a column of names.
_ENOUGH = 5
#: So many judged texts are remembered.
_KEPT = 1 << 17
_MANY = 10
_MOST, _SOME, _FEW = 0.9, 0.3, 0.1


class Names:
    """The lists of config/names.yaml, asked about texts and columns."""

    def __init__(self, document: dict) -> None:
        han, latin = document["chinese"], document["latin"]
        self._common = frozenset(_signs(han["common_surnames"]))
        self._surnames = self._common | frozenset(_signs(han["other_surnames"]))
        self._plain = self._common - frozenset(_signs(han["doubtful_surnames"]))
        self._double = frozenset(han["double_surnames"])
        self._given = frozenset(_signs(han["given"]))
        self._pinyin = frozenset(latin["chinese_surnames"])
        self._first = frozenset(map(_bare, latin["first_names"]))
        self._last = frozenset(map(_bare, latin["surnames"]))
        self._korean = frozenset(_signs(document["korean"]["surnames"]))
        self._cells = frozenset(map(simplified, document["not_names"]["cells"]))
        self._words = frozenset(map(_bare, document["not_names"]["words"]))
        self._places = frozenset(map(_bare, document["not_names"]["first_words"]))
        self._judged: dict[str, int] = {}

    def judge(self, text: str) -> int:
        """What a whole cell says: ``NO``, ``LIKELY``, ``LIKE`` or ``SURE``.

        ``LIKELY`` has the shape of a name, ``LIKE`` a surname with what given names are made of,
        and ``SURE`` is no other word that hospitals write.
        """
        if len(self._judged) > _KEPT:
            self._judged.clear()
        if text not in self._judged:
            self._judged[text] = self._judge(text)
        return self._judged[text]

    def _judge(self, text: str) -> int:
        if text.isascii() and not _LETTERS.search(text):
            return NO
        text = unicodedata.normalize("NFKC", text).strip()
        text = _TITLE.sub("", _BESIDE.sub("", text)).strip()
        if not 2 <= len(text) <= 60 or simplified(text) in self._cells:
            return NO
        if not text.isascii():
            found = self._asian(simplified(re.sub(r"\s+", "", text)))
            if found:
                return found
        return self._western(text)

    def _asian(self, text: str) -> int:
        if _DOTTED.fullmatch(text):
            return SURE
        if _MASKED.fullmatch(text):
            return LIKE if text[0] in self._surnames else NO
        if _HANGUL.fullmatch(text):
            return (LIKE if len(text) == 3 else LIKELY) if text[0] in self._korean else NO
        if not _HAN.fullmatch(text):
            return NO
        if text[:2] in self._double and len(text) > 2:
            return SURE if set(text[2:]) <= self._given else LIKE
        if text[0] not in self._surnames:
            return NO
        if len(text) == 4 or not set(text[1:]) <= self._given:
            return LIKELY
        if len(text) == 3:
            return SURE if text[0] in self._plain else LIKE
        return LIKE if text[0] in self._common else LIKELY

    def _western(self, text: str) -> int:
        match = _INITIALS.fullmatch(text)
        if match:
            last = _bare(match["last"] or match["second"])
            if last in self._words or not (match["last"] or match["second"])[0].isupper():
                return NO
            if last in self._last or last in self._pinyin:
                return LIKE
            if match["second"] or "," in text:
                return LIKELY
            if not re.search(r"[A-Z]{2}$", text):  # DAVIES SUE has no initials
                return NO
        if not _LATIN.fullmatch(text):
            return NO
        said = [word.strip(".") for word in re.split(r"[,\s]+", text) if word.strip(".")]
        words = [_bare(word) for word in said]
        if len(words) < 2 or self._words & set(words) or words[0] in self._places:
            return NO
        if self._is_pinyin(words):
            capital = all(word[0].isupper() for word in said)
            return SURE if capital and len("".join(words)) >= 7 else LIKE
        large = [w for w, b in zip(said, words, strict=True) if b not in _PARTICLES]
        if len(large) < 2 or not all(word[0].isupper() for word in large):
            return NO
        first = self._first & set(words)
        if not first:
            return LIKELY
        return SURE if (self._last & (set(words) - first)) or len(first) > 1 else LIKE

    def _is_pinyin(self, words: list[str]) -> bool:
        """A Chinese surname and one or two syllables, in either order."""
        for surname, given in ((words[0], words[1:]), (words[-1], words[:-1])):
            whole = "".join(given)
            if surname in self._pinyin and len(words) <= 3 and _GIVEN.fullmatch(whole):
                return True
        return False

    def scrubbed(self, text: str, instead: str = "[removed]") -> str:
        """``text`` without a name that is all of it, and without Chinese ones that stand apart."""
        if self.judge(text) == SURE:
            return instead
        return _HAN_ALONE.sub(lambda m: instead if self.judge(m[0]) == SURE else m[0], text)

    def is_column(self, values: Iterable[str]) -> bool:
        """Whether the cells of a column are names: most have the shape, and enough are like one.

        Fewer are enough where no value comes back, as words do, and of values as ``J. Smith`` the
        shape is. Of fewer than five different values all but one must be like names where none
        comes back, else each must be a name for certain.
        """
        filled = [text for text in (value.strip() for value in values) if text]
        distinct = set(filled)
        judged = [self.judge(text) for text in distinct]
        shaped, like = sum(j >= LIKELY for j in judged), sum(j >= LIKE for j in judged)
        alone = len(filled) == len(distinct)
        if len(distinct) < _ENOUGH:
            return len(distinct) > 1 and self._few_are(judged, alone)
        if shaped >= _MOST * len(distinct):
            needed = _FEW if alone and len(distinct) >= _MANY else _SOME
            initials = sum(bool(_FIRST_INITIAL.fullmatch(text)) for text in distinct)
            if like >= needed * len(distinct) or initials >= _MOST * len(distinct):
                return True
        return self._single_names(distinct)

    @staticmethod
    def _few_are(judged: list[int], alone: bool) -> bool:
        """Whether fewer than five different values are names, each once in its column or not."""
        if not alone:
            return min(judged) == SURE
        like = sum(j >= LIKE for j in judged)
        return min(judged) >= LIKELY and like >= len(judged) - (len(judged) > 2)

    def _single_names(self, distinct: set[str]) -> bool:
        """First names or surnames alone, each in a column of its own."""
        if not all(_ONE_WORD.fullmatch(text) and text[0].isupper() for text in distinct):
            return False
        known = self._first | self._last | self._pinyin
        return sum(_bare(text) in known for text in distinct) >= _MOST * len(distinct)


def _signs(text: str) -> str:
    return "".join(text.split())


def _bare(word: str) -> str:
    """A word in small letters without accents: José and jose, Müller and muller are one."""
    parts = unicodedata.normalize("NFKD", word.casefold().replace("ß", "ss").replace("ø", "o"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).replace("’", "'")
