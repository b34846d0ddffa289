#!/usr/bin/env bash
# A straight quotation mark in the metadata `keywords` ends the attribute of pandoc's own HTML template:
# <meta name="keywords" content="..."> is written without escaping it, while <title> has &quot;.
#
# Seen, with pypandoc-binary==1.17 (pandoc 3.9), for the keyword  the \"new\" regimen :
#   <meta name="keywords" content="the "new" regimen" />
#   <title>the &quot;new&quot; regimen</title>
#
# Why it matters: a quotation mark that is kept straight (\" in Markdown, or smart quotes off) breaks the
# tag, and what follows in the keyword is read as attributes of it: a text of the user's becomes markup.
# venaza leaves quotation marks of keywords to become typographic ones (venaza/pipeline/report/source.py,
# tests/workflow/test_written_text.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypandoc-binary==1.17
"$folder/venv/bin/python" - <<'PY'
import subprocess
import sys

import pypandoc

text = '---\ntitle: the \\"new\\" regimen\nkeywords: [the \\"new\\" regimen]\n---\n'
done = subprocess.run(
    [pypandoc.get_pandoc_path(), "--from", "markdown", "--standalone", "--to", "html5"],
    input=text, capture_output=True, text=True, check=True,
)
expected = ('content="the "new" regimen"', "<title>the &quot;new&quot; regimen</title>")
for line in expected:
    print(("as seen: " if line in done.stdout else "changed: ") + line)
sys.exit(any(line not in done.stdout for line in expected))
PY
