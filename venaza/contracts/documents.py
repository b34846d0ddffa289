"""The documents of a report: what each is rendered as."""

#: By format, the documents that are rendered in it.
RENDERED = {
    "html": ("manuscript", "supplement", "record"),
    "docx": ("manuscript", "supplement", "cover_letter"),
    "pdf": ("manuscript", "supplement"),
}
