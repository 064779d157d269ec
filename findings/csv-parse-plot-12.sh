#!/usr/bin/env bash
# With cast_date, csv-parse turns the cell "Plot 12" into 1 December 2001 and the room "A座 3" into 1 March 2001.
#
# GUESS      cast_date turns ISO dates into dates, and perhaps American ones; a cell with a word before a number stays
#            text.
# VERSION    csv-parse 7.0.3 under Node 20 or later (any V8).
# BEHAVIOUR  Whatever Date.parse takes is a date, and V8 takes words it does not know before a number for nothing:
#            "Plot 12", "Room 5", "A座 3" and "C-3" are first days of months of 2001. 13 is no month, so "Plot 13"
#            stays text in the same column. Floors 1-2 are 2 January 2001. 3栋, where the word follows, and the Chinese
#            date 2026年3月1日 stay text. papaparse with dynamicTyping leaves all of them alone.
# OUTPUT     The lines under "want".
# WHY HERE   Plots, rooms and buildings are named just so; twelve of them become dates and the thirteenth does not.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" csv-parse@7.0.3 papaparse@5.7.1

cat > "$temp/run.js" <<'JS'
const { parse } = require("csv-parse/sync");
const papa = require("papaparse");
const text = "Plot 12,A座 3,C-3,1-2,3栋,2026.3.1\nPlot 13,B座 13,C-13,5-6,13栋,2026年3月1日\n";
const show = (cell) => (cell instanceof Date ? cell.toISOString().slice(0, 10) : JSON.stringify(cell));
for (const row of parse(text, { cast: true, cast_date: true })) console.log("csv-parse", ...row.map(show));
for (const row of papa.parse(text.trim(), { dynamicTyping: true }).data) console.log("papaparse", ...row.map(show));
JS

cat > "$temp/want" <<'WANT'
csv-parse 2001-12-01 2001-03-01 2001-03-01 2001-01-02 "3栋" 2026-03-01
csv-parse "Plot 13" "B座 13" "C-13" 2001-05-06 "13栋" "2026年3月1日"
papaparse "Plot 12" "A座 3" "C-3" "1-2" "3栋" "2026.3.1"
papaparse "Plot 13" "B座 13" "C-13" "5-6" "13栋" "2026年3月1日"
WANT

(cd "$temp" && TZ=UTC node run.js) > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
