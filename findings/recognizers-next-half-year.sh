#!/usr/bin/env bash
# "The first half of next year" in Chinese is last year to Microsoft's recognizers, and "in half a year" is today.
#
# GUESS      The Chinese dates know quarters and relative years: 明年上半年 is January to June of 2027, 半年后 about
#            September, 春节前 ends with the feast's day or is not read.
# VERSION    @microsoft/recognizers-text-suite 1.3.1, culture zh-cn, on 10 March 2026.
# BEHAVIOUR  2026年第三季度, 两个月后 and 明年3月 are right. 明年上半年 is the whole of 2025, 今年下半年 and 下半年 the whole of 2027: 上 and 下
#            before 半年 are read as last and next year. 半年后 is today. 春节前 ends on 1 January: the feast of the moon
#            calendar has no day. Of 2026年底前 the year is found, of 年底 nothing.
# OUTPUT     The lines under "want".
# WHY HERE   Half-years and the Spring Festival are the usual terms for a move.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" @microsoft/recognizers-text-suite@1.3.1

cat > "$temp/run.js" <<'JS'
const { recognizeDateTime } = require("@microsoft/recognizers-text-suite");
const now = new Date(2026, 2, 10, 9);
for (const text of ["2026年第三季度", "两个月后", "明年3月", "明年上半年", "今年下半年", "下半年", "半年后", "春节前", "国庆节前", "2026年底前", "年底"]) {
  const found = recognizeDateTime(text, "zh-cn", 0, now).map(({ text, resolution }) => `${text}=` +
    resolution.values.map(({ value, start = "", end = "" }) => value ?? `${start}..${end}`).join("|"));
  console.log(text, found.join() || "nothing");
}
JS

cat > "$temp/want" <<'WANT'
2026年第三季度 2026年第三季度=2026-07-01..2026-10-01
两个月后 两个月后=2026-05-10
明年3月 明年3月=2027-03-01..2027-04-01
明年上半年 明年上半年=2025-01-01..2026-01-01
今年下半年 今年下半年=2027-01-01..2028-01-01
下半年 下半年=2027-01-01..2028-01-01
半年后 半年后=2026-03-10
春节前 春节前=..2026-01-01|..2027-01-01
国庆节前 国庆节前=..2025-10-01|..2026-10-01
2026年底前 2026年=2026-01-01..2027-01-01
年底 nothing
WANT

(cd "$temp" && TZ=UTC node run.js) > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
