"""The way out of the web page: each printed number leads to its row on the audit page."""

from __future__ import annotations

import re
from html import unescape

from venaza.markup import address

#: The audit page, from where the manuscript lies.
AUDIT = "../audit/index.html"
_NUMBER = re.compile(
    r'<span\s+class="ard"\s+data-ard="([^"]*)">((?:(?!<span).)*?)</span>', re.DOTALL
)


def link_numbers(html: str) -> str:
    """``html`` with each span of a number as a link to ``AUDIT#ard-ARD_ID``.

    The audit page knows a number by the id ``ard-ARD_ID``, white space in it written ``~``.
    """

    def linked(match: re.Match) -> str:
        target = AUDIT + address("ard", unescape(match[1]))
        return f'<a class="ard" data-ard="{match[1]}" href="{target}">{match[2]}</a>'

    return _NUMBER.sub(linked, html)
