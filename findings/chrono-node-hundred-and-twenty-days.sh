#!/usr/bin/env bash
# chrono-node reads 一百二十天后 as in 20 days, 明年3月 as this March, and to its traditional half 二〇二六年 is the year 26.
#
# GUESS      A parser of dates with a Chinese half knows 明年 and 下个月, reads numerals whole or not at all, and its
#            simplified and traditional halves read what is written alike in both.
# VERSION    chrono-node 2.10.3, zh.hans and zh.hant, on 10 March 2026.
# BEHAVIOUR  A numeral's tail is enough: 一百二十天后 is in twenty days. Of 明年3月 it takes 年3月 and answers March of this
#            year; of 3月底 the 3月. 下个月, 明年 and 年底 are not known. Simplified 二〇二六年六月一日 is in 2026, traditional in the
#            year 26, since 〇 is not among its digits. 本月25日前 is 25 days ago, in February. results[i].text shows what
#            was used, which nobody compares.
# OUTPUT     The lines under "want".
# WHY HERE   Firms say in such words when they need the space; a wrong month matches other listings.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" chrono-node@2.10.3

cat > "$temp/run.js" <<'JS'
const { zh } = require("chrono-node");
const now = new Date(2026, 2, 10, 9);
const read = (half, text) => half.parse(text, now).map((found) =>
  `${found.text}=${found.start.get("year")}-${found.start.get("month")}-${found.start.get("day")}`).join() || "nothing";
for (const text of ["2026年10月1日", "两个月后", "一百二十天后", "明年3月", "3月底", "下个月", "年底", "本月25日前", "二〇二六年六月一日"]) {
  console.log(text, "hans", read(zh.hans, text), "hant", read(zh.hant, text));
}
JS

cat > "$temp/want" <<'WANT'
2026年10月1日 hans 2026年10月1日=2026-10-1 hant 2026年10月1日=2026-10-1
两个月后 hans 两个月后=2026-5-10 hant nothing
一百二十天后 hans 二十天后=2026-3-30 hant nothing
明年3月 hans 年3月=2026-3-10 hant 年3月=2026-3-10
3月底 hans 3月=2026-3-10 hant 3月=2026-3-10
下个月 hans nothing hant nothing
年底 hans nothing hant nothing
本月25日前 hans 25日前=2026-2-13 hant 25日前=2026-2-13
二〇二六年六月一日 hans 二〇二六年六月一日=2026-6-1 hant 二六年六月一日=26-6-1
WANT

(cd "$temp" && TZ=Asia/Shanghai node run.js) > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
