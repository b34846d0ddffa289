"""Every way, registered by the modules that hold them."""

from tests.metamorphic import (  # noqa: F401
    ways_course,
    ways_dates,
    ways_events,
    ways_files,
    ways_genes,
    ways_layout,
    ways_numbers,
    ways_partial,
    ways_programs,
    ways_words,
)
from tests.metamorphic.way import WAYS

__all__ = ["WAYS"]
