#!/usr/bin/env bash
# cn2an writes 100,005,000 as 一亿五千, which its own reader refuses and a person takes for 150 million.
#
# GUESS      What an2cn writes, cn2an reads back, and a skipped place is marked with 零 as in all its neighbours.
# VERSION    cn2an 0.5.24, beside nzh 1.0.14.
# BEHAVIOUR  The 零 is missing where the section of 万 is empty and the thousands are not: 100,005,000 is 一亿五千 and,
#            in capitals for money, 壹亿伍仟元整, while 100,050,000 is 一亿零五万 and 100,000,500 is 一亿零五百. All three modes of cn2an refuse 一亿五千.
#            nzh writes 一亿零五千.
# OUTPUT     The lines under "want".
# WHY HERE   Amounts in words stand in notices and letters; 一亿五千 is what people say for 150 million.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" cn2an==0.5.24 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" nzh@1.0.14

cat > "$temp/run.py" <<'PY'
import cn2an

def read(text, mode):
    try:
        return cn2an.cn2an(text, mode)
    except ValueError:
        return "refused"

for number in [100_050_000, 100_000_500, 100_005_000]:
    words = cn2an.an2cn(number, "low")
    print(number, words, cn2an.an2cn(number, "rmb"), *(read(words, mode) for mode in ["strict", "normal", "smart"]))
PY

cat > "$temp/want" <<'WANT'
100050000 一亿零五万 壹亿零伍万元整 100050000 100050000 100050000
100000500 一亿零五百 壹亿零伍佰元整 100000500 100000500 100000500
100005000 一亿五千 壹亿伍仟元整 refused refused refused
nzh 一亿零五千
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" > "$temp/got"
(cd "$temp" && node -e 'console.log("nzh", require("nzh/cn").encodeS(100005000))') >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
