#!/usr/bin/env bash
# libphonenumber's Python port refuses an extension written with 转, and reads a second number after a comma as one.
#
# GUESS      The library knows extensions in many forms, so 0574-87000000转8001 parses with the extension 8001, or at
#            worst without it; two numbers in one cell are refused.
# VERSION    phonenumbers 9.0.43.
# BEHAVIOUR  转, 分机 and 内线 make the whole text no phone number (NumberParseException), while #, a comma and "ext" are
#            extensions. PhoneNumberMatcher finds the same number in a text and drops the extension. Of two numbers
#            parted by a comma, the second, with all its eight digits, is the extension of the first, and the result
#            is valid. A hyphen before the extension (-8001) makes the number too long to be valid.
# OUTPUT     The lines under "want".
# WHY HERE   转 is how a park's switchboard is written on every sign and in every spreadsheet.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    phonenumbers==9.0.43 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import phonenumbers as p
for text in ["0574-87000000#8001", "0574-87000000转8001", "0574-87000000分机8001", "0574-87000000-8001",
             "0574-87000000,87000001", "4008200000转80012"]:
    try:
        number = p.parse(text, "CN")
        print(text, number.national_number, number.extension, p.is_valid_number(number))
    except p.NumberParseException:
        print(text, "refused")
for match in p.PhoneNumberMatcher("电话0574-87000000转8001", "CN"):
    print("in a text", match.raw_string, match.number.extension)
PY

cat > "$temp/want" <<'WANT'
0574-87000000#8001 57487000000 8001 True
0574-87000000转8001 refused
0574-87000000分机8001 refused
0574-87000000-8001 574870000008001 None False
0574-87000000,87000001 57487000000 87000001 True
4008200000转80012 refused
in a text 0574-87000000 None
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
