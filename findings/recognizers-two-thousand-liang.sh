#!/usr/bin/env bash
# Microsoft's recognizers find the mass Liang in 两千五百平米, and in 两百多亩 two units without a number.
#
# GUESS      The Chinese dimensions know 亩, 平方米, 吨 and 万, so they know 平米 as well or pass it over, and 两 before a unit
#            is a two: the number recognizer of the same package reads 两千五百 as 2500.
# VERSION    @microsoft/recognizers-text-suite 1.3.1, culture zh-cn.
# BEHAVIOUR  亩 and 平方米 are right with 两 as well. Where the unit is not known (平米, 平), 两 is the old ounce, with a value
#            of null, and nothing else is found; 3000㎡ is none. 两百多亩 is Liang and Mu, both null. Of 50-80亩 only 80 has
#            the unit, and 三到五万平方米 is fifty thousand.
# OUTPUT     The lines under "want".
# WHY HERE   平米 and ㎡ are written more often than 平方米, and 两千 more often than 二千.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" @microsoft/recognizers-text-suite@1.3.1

cat > "$temp/run.js" <<'JS'
const { recognizeDimension, recognizeNumber } = require("@microsoft/recognizers-text-suite");
for (const text of ["三千五百亩", "两千五百亩", "两千五百平方米", "两千五百平米", "两百平", "3000㎡", "两百多亩", "50-80亩", "三到五万平方米"]) {
  const units = recognizeDimension(text, "zh-cn").map(({ text, resolution }) => `${text}=${resolution.value} ${resolution.unit}`);
  const numbers = recognizeNumber(text, "zh-cn").map(({ resolution }) => resolution.value);
  console.log(text, "dimensions", units.join() || "none", "numbers", numbers.join());
}
JS

cat > "$temp/want" <<'WANT'
三千五百亩 dimensions 三千五百亩=3500 Mu numbers 3500
两千五百亩 dimensions 两千五百亩=2500 Mu numbers 2500
两千五百平方米 dimensions 两千五百平方米=2500 Square meter numbers 2500
两千五百平米 dimensions 两=null Liang numbers 2500
两百平 dimensions 两=null Liang numbers 200
3000㎡ dimensions none numbers 3000
两百多亩 dimensions 两=null Liang,亩=null Mu numbers 200
50-80亩 dimensions 80亩=80 Mu numbers 50,80
三到五万平方米 dimensions 五万平方米=50000 Square meter numbers 3,50000
WANT

(cd "$temp" && node run.js) > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
