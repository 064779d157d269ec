#!/usr/bin/env bash
# The number format for 万 makes SheetJS show 1234.57万 where a spreadsheet shows 12345.7万.
#
# GUESS      Libraries that render number formats know the sign for a literal character: in 0\.0,"万" the dot is text,
#            the comma divides by a thousand, and the dot before the last digit makes it ten thousand. It is the only
#            way to show 万, and in every Chinese manual, mostly as 0!.0,"万".
# VERSION    ssf 0.11.2 and xlsx (SheetJS) 0.18.5, numfmt 4.0.1.
# BEHAVIOUR  SheetJS takes the escaped or quoted dot for the decimal point: the shown number is a tenth of the true
#            one, and of 0\.00,,"亿" it leaves .350亿 where 3.50亿 is right. numfmt is right on both. The ! of Chinese
#            manuals is printed by both as it stands: 123456!.8万. Nobody raises.
# OUTPUT     The lines under "want"; the true values are 12345.7万, 3.50亿 and 6.6万.
# WHY HERE   Investment and output are shown so in lists of parks; with raw: false the text goes into pages as it is.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" ssf@0.11.2 xlsx@0.18.5 numfmt@4.0.1

cat > "$temp/run.mjs" <<'JS'
import { createRequire } from "node:module";
import { format } from "numfmt";
const require = createRequire(import.meta.url);
const ssf = require("ssf");
const { SSF } = require("xlsx");
for (const [code, value] of [
  ['0\\.0,"万"', 123456789],
  ['0"."0,"万"', 123456789],
  ['0!.0,"万"', 123456789],
  ['0\\.00,,"亿"', 350000000],
  ['#\\.0,"万"', 66000],
  ['0.0,"千"', 66000],
]) {
  console.log(value, code, "ssf", ssf.format(code, value), "SheetJS", SSF.format(code, value), "numfmt", format(code, value));
}
JS

cat > "$temp/want" <<'WANT'
123456789 0\.0,"万" ssf 1234.57万 SheetJS 1234.57万 numfmt 12345.7万
123456789 0"."0,"万" ssf 1234.57万 SheetJS 1234.57万 numfmt 12345.7万
123456789 0!.0,"万" ssf 123456!.8万 SheetJS 123456!.8万 numfmt 123456!.8万
350000000 0\.00,,"亿" ssf .350亿 SheetJS .350亿 numfmt 3.50亿
66000 #\.0,"万" ssf .66万 SheetJS .66万 numfmt 6.6万
66000 0.0,"千" ssf 66.0千 SheetJS 66.0千 numfmt 66.0千
WANT

(cd "$temp" && node run.mjs) > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
