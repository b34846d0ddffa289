"""Which figures a study makes follows from its configuration alone."""

from __future__ import annotations

import subprocess
import sys

from venaza.pipeline.figures import planned


def test_every_figure_of_a_full_study(two_groups):
    assert planned(two_groups.study) == [
        "flow",
        "km_OS",
        "km_EFS",
        "km_PFOS",
        "cif_CIR",
        "response",
        "swimmer",
        "ae",
    ]


def test_a_study_of_patients_alone_has_flow_and_curves(two_groups):
    study = two_groups.study | {"tables": {"patients": {}}}
    assert planned(study) == ["flow", "km_OS", "km_EFS", "km_PFOS", "cif_CIR"]


def test_later_therapies_alone_give_a_swimmer_plot(two_groups):
    study = two_groups.study | {"tables": {"patients": {}, "therapies": {}}}
    assert planned(study)[-1] == "swimmer"


def test_response_rates_and_swimmer_can_be_switched_off(two_groups):
    off = two_groups.study["analysis"] | {"response_rates": False, "swimmer": False}
    names = planned(two_groups.study | {"analysis": off})
    assert "response" not in names
    assert "swimmer" not in names
    assert "ae" in names


def test_planning_imports_neither_matplotlib_nor_pandas():
    code = "import sys, venaza.pipeline.figures; print({'matplotlib', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
