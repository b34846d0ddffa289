"""What makes an Excel workbook the same bytes whenever it is written."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from xml.etree.ElementTree import canonicalize

#: The earliest time stamp that a zip archive can hold.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def repacked(data: bytes, day: dt.date) -> bytes:
    """The same archive with sorted entries, canonical XML and fixed dates and time stamps."""
    stamp = f"{day.isoformat()}T00:00:00Z"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        # Readers expect the content types first.
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            content = _DECLARATION + canonicalize(source.read(name).decode("utf-8"))
            if name == "docProps/core.xml":
                content = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            target.writestr(entry, content.encode("utf-8"), zipfile.ZIP_STORED)
    return out.getvalue()
