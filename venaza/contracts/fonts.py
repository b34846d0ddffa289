"""The Chinese fonts that come with the requirements: Noto Sans SC and Noto Serif SC."""

from __future__ import annotations

from pathlib import Path

import pylopdf_fonts_zh_cn


def cjk_font(serif: bool = False) -> Path:
    """The file of the Chinese font: OpenType with CFF outlines, Regular, SIL Open Font License."""
    return pylopdf_fonts_zh_cn.serif_path() if serif else pylopdf_fonts_zh_cn.sans_path()
