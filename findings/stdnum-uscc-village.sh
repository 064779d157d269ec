#!/usr/bin/env bash
# python-stdnum refuses the unified social credit code of every village collective: its first character is a letter.
#
# GUESS      A code of 18 characters from the alphabet of GB 32100 with the right check character is valid, and one of a
#            division that does not exist is not.
# VERSION    python-stdnum 2.2, module stdnum.cn.uscc.
# BEHAVIOUR  The first eight characters must be digits. Place 1 is the registering authority, though, and three of the
#            authorities are letters: A (military reform office), N (agriculture: N1 group, N2 village, N3 township
#            collectives) and Y (others). Their codes are refused as InvalidFormat, as a slip of the pen would be,
#            before the check character is looked at. Codes of the division 990000, which does not exist, pass.
# OUTPUT     The lines under "want".
# WHY HERE   Village and township collectives own much of the land and many of the workshops that are let. The codes
#            below are made up; only their check characters are computed.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    python-stdnum==2.2 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

def code(first_17):
    total = sum(SYMBOLS.index(c) * pow(3, place, 31) for place, c in enumerate(first_17))
    return first_17 + SYMBOLS[-total % 31]

for authority in ["91", "52", "N2", "N3", "Y1", "A1"]:
    text = code(authority + "330212MA2AAAAA0")
    try:
        uscc.validate(text)
        print(authority, "valid")
    except ValidationError as error:
        print(authority, type(error).__name__)
print("division 990000", uscc.is_valid(code("91990000MA2AAAAA0")))
PY

cat > "$temp/want" <<'WANT'
91 valid
52 valid
N2 InvalidFormat
N3 InvalidFormat
Y1 InvalidFormat
A1 InvalidFormat
division 990000 True
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
