#!/usr/bin/env bash
# OpenCC 1.4.2 (PyPI package opencc): no single configuration of it makes comparable simplified
# Chinese of what hospitals in Taiwan and Hong Kong write.
#
# Seen, with opencc==1.4.2:
#   t2s   睪丸浸潤   -> 睪丸浸润     the testis of a Taiwanese report stays what it was
#   tw2s  睪丸浸潤   -> 睾丸浸润     the configuration for Taiwan reads it,
#   tw2s  疗效显著   -> 疗效显着     but changes a text that was simplified before
#   t2s   衞生署     -> 衞生署       Hong Kong's form stays; hk2s gives 卫生署
#   t2s   沈默       -> 沉默         a patient called Shen Mo is called otherwise, as the two
#   t2s   沈         -> 沈           characters are also a word; alone the surname stays
#
# Why it matters: words for organs (睪丸, testis), symptoms (痺, numbness) and responses (显著) and
# patients' surnames are looked up in simplified characters. One call of t2s, as most pages
# recommend, leaves some unknown; tw2s damages exports that were simplified; and what a phrase
# becomes is not what its parts become, so that a surname or a part of a header is not found.
# venaza converts character by character, by one table out of t2s, hk2s and tw2s
# (venaza/contracts/script.py, tests/contracts/test_script.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check opencc==1.4.2
"$folder/venv/bin/python" - <<'PY'
from opencc import OpenCC

expected = [
    ("t2s", "睪丸浸潤", "睪丸浸润"),
    ("tw2s", "睪丸浸潤", "睾丸浸润"),
    ("tw2s", "疗效显著", "疗效显着"),
    ("t2s", "衞生署", "衞生署"),
    ("hk2s", "衞生署", "卫生署"),
    ("t2s", "沈默", "沉默"),
    ("t2s", "沈", "沈"),
]
changed = 0
for way, text, was in expected:
    now = OpenCC(way).convert(text)
    print(f"{way:5} {text} -> {now}" + ("" if now == was else f"   (was {was})"))
    changed += now != was
raise SystemExit(1 if changed else 0)
PY
