"""What axe-core (Deque) finds wrong in a page for those who read by keyboard, ear or contrast."""

from __future__ import annotations

GRAVE = ("serious", "critical")
#: The screens that every page is held against.
SCREENS = [
    {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    for width in (1280, 390)
    for scheme in ("light", "dark")
]


def findings(page, grave: tuple[str, ...] = GRAVE) -> list[str]:
    """Each rule that the page breaks gravely: impact, rule, how often, the first two places."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['impact']} {one['id']} x{len(one['nodes'])}: "
        + "; ".join(node["html"][:160] for node in one["nodes"][:2])
        for one in found
        if one["impact"] in grave
    ]
