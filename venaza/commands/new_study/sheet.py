"""A sheet of an unknown export, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from venaza.commands.new_study.profile import Profile


@dataclass
class Sheet:
    """A sheet with a header row: ``file`` is the pattern under which its file is found.

    ``identifying`` columns are dropped, ``proven`` ones by their values; of the others those in
    ``named`` have single cells that are names. A sheet that stands for several joined ones has
    these as ``parts``, and in ``home`` the one that each header is of. ``book`` is the codebook of
    the export: by the folded name of a variable the words of its codes.
    """

    file: str
    name: str
    header_row: int | list[int]
    columns: dict[str, Profile]
    rows: int
    identifying: dict[str, str]
    proven: set[str]
    twice: list[str]
    named: set[str] = field(default_factory=set)
    pattern: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    parts: list[Sheet] = field(default_factory=list)
    home: dict[str, Sheet] = field(default_factory=dict)
    book: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The sheet as messages name it."""
        names = " + ".join(part.name or part.file for part in self.parts) or self.name
        named = f"{self.file} > {names}" if self.name else names or self.file
        return f"{named} ({self.instrument})" if self.instrument else named

    def parts_with(self, headers: set[str]) -> list[Sheet]:
        """The sheets that these headers are of, in their order; itself where it is one sheet."""
        homes = [self.home.get(header) for header in headers]
        return [part for part in self.parts if any(part is home for home in homes)] or [self]

    @property
    def instrument(self) -> str:
        """REDCap's repeating instrument whose rows these are, or nothing."""
        return next(iter(self.where.values()), "")

    def known(self) -> list[str]:
        """The headers that may be looked at and mapped."""
        return [h for h in self.columns if h not in self.identifying]

    def names(self, header: str) -> list[str]:
        """A header and, in a REDCap export, the label of its field."""
        label = self.labels.get(header, header)
        return [header] if label == header else [header, label]
