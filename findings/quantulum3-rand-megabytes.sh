#!/usr/bin/env bash
# quantulum3 reads 20 sqm as seconds times quintals times metres, and 50 RMB as rand times megabytes.
#
# GUESS      A reader of quantities in English text knows sqm and RMB, or leaves the number without a unit.
# VERSION    quantulum3 0.10.0 (without its optional classifier).
# BEHAVIOUR  A word that is no unit is cut into one-letter units that are: sqm is s, q, m; RMB is R (South African rand)
#            and MB; HKD is henry, kelvin and day; the mu of a rent is metre times atomic mass unit. Each has a value, a unit and
#            no sign of doubt. "square metres", "sq m", CNY and "yuan" are read right.
# OUTPUT     The lines under "want".
# WHY HERE   sqm and RMB are how English requests for Chinese sites write areas and rents.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    quantulum3==0.10.0 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
from quantulum3 import parser
for text in ["20 square metres", "20 sq m", "20 sqm", "50 yuan", "50 CNY", "50 RMB", "25 RMB/sqm", "100 HKD/sqm", "40 yuan/mu"]:
    for found in parser.parse(text):
        print(f"{text}: {found.value:g} {found.unit.name}, {found.uncertainty}")
PY

cat > "$temp/want" <<'WANT'
20 square metres: 20 square metre, None
20 sq m: 20 square metre, None
20 sqm: 20 second quintal metre, None
50 yuan: 50 chinese yuan, None
50 CNY: 50 chinese yuan, None
50 RMB: 50 south african rand megabyte, None
25 RMB/sqm: 25 south african rand megabyte, None
100 HKD/sqm: 100 henry kelvin day, None
40 yuan/mu: 40 chinese yuan per metre per atomic mass unit, None
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
