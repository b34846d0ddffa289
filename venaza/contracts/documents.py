"""The documents of a report: what each is rendered as."""

#: In the source of a report: by the identifier of an exhibit, its files from results/STUDY.
EXHIBIT_FILES = "_exhibits.json"
#: By format, the documents that are rendered in it.
RENDERED = {
    "html": ("manuscript", "supplement", "record", "checklist"),
    "docx": ("manuscript", "supplement", "cover_letter", "checklist"),
    "pdf": ("manuscript", "supplement"),
}
