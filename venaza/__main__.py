"""The entry: `python -m venaza`, with a plain message where it is not the environment's Python."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run one command of ``venaza.cli``; returns the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one may be asked all the same
        print("venaza needs Python 3.11 or newer. Run: . .venv/bin/activate", file=sys.stderr)
        return 1
    try:
        from venaza.cli import main as run
    except ModuleNotFoundError as error:
        from venaza.contracts.fault import missing_package, without_package

        missing = missing_package(error)
        if not missing:
            raise
        print(f"venaza: {without_package(missing)}", file=sys.stderr)
        return 1
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
