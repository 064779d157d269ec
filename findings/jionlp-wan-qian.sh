#!/usr/bin/env bash
# 3亿5千万 is 350 million to everybody but to two readers of Chinese numerals, which say 650 million and 3 * 10^16.
#
# GUESS      Digits with Chinese units are read like words: 3亿5千万 as 三亿五千万, 1万2千 as 一万二千. A reader that
#            does not know the form refuses it.
# VERSION    jionlp 1.5.31, chinese2digits 6.0.2, cn2an 0.5.24.
# BEHAVIOUR  jionlp.parse_money reads the words right and counts the leading amount twice where it is written with a
#            digit (3亿5千万元 = 650,000,000, and definition says "accurate"). chinese2digits glues the two amounts
#            together (1万2千 = 10000 and 2000 = 100002000), and its two public functions disagree on 一千五
#            (1005 and 1500). cn2an.cn2an reads all of them right in "smart" mode, and cn2an.transform, made for
#            sentences, leaves the same amounts as they are. None of them raises.
# OUTPUT     The lines under "want".
# WHY HERE   Investment and area are written just so: 投资3亿5千万元, 厂房1万2千平.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    jionlp==1.5.31 jiojio==1.2.8 chinese2digits==6.0.2 cn2an==0.5.24 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()):  # It greets.
    import jionlp
import cn2an
from chinese2digits import chinese2digits

for text in ["三亿五千万元", "3亿5千万元", "1亿2000万元", "1万2千元"]:
    print("jionlp", text, jionlp.parse_money(text)["num"], jionlp.parse_money(text)["definition"])
for text in ["3亿5千万", "1万2千", "一千五"]:
    print("chinese2digits", text, chinese2digits.takeNumberFromString(text)["replacedText"])
print("chinese2digits 一千五, the other function", chinese2digits.chineseToDigits("一千五"))
for text in ["3亿5千万", "1万2千"]:
    print("cn2an", text, cn2an.cn2an(text, "smart"), cn2an.transform("投资" + text))
PY

cat > "$temp/want" <<'WANT'
jionlp 三亿五千万元 350000000.00 accurate
jionlp 3亿5千万元 650000000.00 accurate
jionlp 1亿2000万元 220020000.00 accurate
jionlp 1万2千元 22000.00 accurate
chinese2digits 3亿5千万 30000000050000000
chinese2digits 1万2千 100002000
chinese2digits 一千五 1500
chinese2digits 一千五, the other function 1005
cn2an 3亿5千万 350000000 投资3亿5千万
cn2an 1万2千 12000 投资1万2千
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
