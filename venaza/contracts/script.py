"""Chinese as it is compared: traditional characters count as the simplified ones."""

from __future__ import annotations

from functools import cache

#: CJK Unified Ideographs and their Extension A: what names, headers and words are written in.
_CHARACTERS = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]


def simplified(text: str) -> str:
    """``text`` with each traditional character as its simplified one, for comparing only.

    It goes character by character, so that the length stays, and so that a part of a text folds
    as the whole does; OpenCC by itself converts phrases (乾 stays in 乾隆 and becomes 干 in 乾燥).
    What is printed or written stays as it was sent.
    """
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    """Each character that is written otherwise in simplified Chinese, with that form.

    What OpenCC's standard leaves alone, and is no simplified form itself, is read as Hong Kong
    and Taiwan write it (衞 卫, 睪 睾, 痺 痹).
    """
    standard = _converted("t2s", _CHARACTERS)
    known = {new for old, new in standard.items() if old != new}
    table = dict(standard)
    for regional in ("hk2s", "tw2s"):
        for old, new in _converted(regional, _CHARACTERS).items():
            if table[old] == old and old not in known:
                table[old] = new
    # A form that is itself converted further (薴 to 苧 to 苎) goes the whole way.
    table = {old: table.get(new, new) for old, new in table.items()}
    return {ord(old): new for old, new in table.items() if old != new}


def _converted(way: str, characters: list[str]) -> dict[str, str]:
    """Each character alone as a configuration of OpenCC converts it."""
    from opencc import OpenCC

    lines = OpenCC(way).convert("\n".join(characters)).split("\n")
    return dict(zip(characters, lines, strict=True))
