#!/usr/bin/env bash
# pint reads 500 ㎡ as the bare number 500, and 25 ℃ as 25.
#
# GUESS      The sign ㎡ is either known, as m² is, or an undefined unit, which raises as 亩 and m2 do. A unit library
#            never drops a unit.
# VERSION    pint 0.25.3.
# BEHAVIOUR  These signs are symbols to Unicode and not letters, so the tokenizer beneath has no place for them: in
#            "500 ㎡" they are left out without a word, and the quantity is dimensionless, with ㎥, ㎏, ㎞, ㎸ and ℃ too.
#            Alone or after a slash they raise AssertionError without a message, which is not one of pint's errors.
# OUTPUT     The lines under "want".
# WHY HERE   ㎡ is how areas are written in Chinese; input methods offer it first. 500 is then compared with 500 of
#            anything.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    pint==0.25.3 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import pint
units = pint.UnitRegistry()
for text in ["500 m²", "500 ㎡", "500㎡", "20 ㎥", "3 ㎏", "3 ㎞", "10 ㎸", "25 ℃", "500 m2", "5 亩", "3 kg/㎡"]:
    try:
        quantity = units.parse_expression(text)
        print(text, quantity.magnitude, quantity.units)
    except Exception as error:
        print(text, type(error).__name__)
PY

cat > "$temp/want" <<'WANT'
500 m² 500 meter ** 2
500 ㎡ 500 dimensionless
500㎡ 500 dimensionless
20 ㎥ 20 dimensionless
3 ㎏ 3 dimensionless
3 ㎞ 3 dimensionless
10 ㎸ 10 dimensionless
25 ℃ 25 dimensionless
500 m2 UndefinedUnitError
5 亩 UndefinedUnitError
3 kg/㎡ AssertionError
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
