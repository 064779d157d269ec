#!/usr/bin/env bash
# zhconv writes kilometre as 公裏, Xianyang as the salty city 鹹陽, and 满洲里 as 滿洲裏.
#
# GUESS      A converter with a table of phrases has the everyday words and the cities right; only single characters
#            without a context are in doubt.
# VERSION    zhconv 1.4.3, beside zhconv-rs 0.4.2.
# BEHAVIOUR  zhconv goes character by character where its table lacks the word: 公里 turns into 公裏 (裏 is "inside"), 咸
#            into 鹹 (salty), 准入 into 準入, 海淀 into 海澱. zhconv-rs has every one of these right, so the successor
#            and the package that its name recalls do not agree on ordinary text.
# OUTPUT     The lines under "want".
# WHY HERE   Notices for readers of traditional characters give distances and cities; and whatever folds needs back to
#            simplified characters meets 公裏, a unit that no dictionary has.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    zhconv==1.4.3 zhconv-rs==0.4.2 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import zhconv, zhconv_rs
for text in ["距港口三十公里", "准入条件", "咸阳市", "满洲里市", "岳阳市", "海淀区", "斗门区"]:
    print(text, zhconv.convert(text, "zh-hant"), zhconv_rs.zhconv(text, "zh-hant"))
PY

cat > "$temp/want" <<'WANT'
距港口三十公里 距港口三十公裏 距港口三十公里
准入条件 準入條件 准入條件
咸阳市 鹹陽市 咸陽市
满洲里市 滿洲裏市 滿洲里市
岳阳市 嶽陽市 岳陽市
海淀区 海澱區 海淀區
斗门区 鬥門區 斗門區
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
