#!/usr/bin/env bash
# Four readers of XLSX return 46113 where Chinese Excel shows 2026年4月1日, by a built-in format of Chinese versions.
#
# GUESS      The built-in formats 27 to 36 and 50 to 58 of Chinese, Japanese and Korean versions are in the standard
#            (ECMA-376 part 1, 18.8.30), and a file names them by number alone. Readers that return dates know them;
#            two bindings of one Rust library agree.
# VERSION    openpyxl 3.1.5, xlsx2csv 0.8.6, fastexcel 0.21.0, python-calamine 0.9.1, exceljs 4.4.0, xlsx (SheetJS)
#            0.18.5, read-excel-file 9.3.17.
# BEHAVIOUR  31 is yyyy"年"m"月"d"日", 57 yyyy"年"m"月" and 58 m"月"d"日". openpyxl, and so pandas, xlsx2csv and exceljs
#            return the number 46113; python-calamine, SheetJS and read-excel-file a date. fastexcel, which polars
#            reads with, returns the number although it is built on calamine as well. 14, the short date, is a date to
#            all.
# OUTPUT     The lines under "want".
# WHY HERE   "Free from 2026年4月" is what the cell shows; 46113 passes for an area in the wrong column.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    openpyxl==3.1.5 xlsx2csv==0.8.6 fastexcel==0.21.0 polars==2.1.0 python-calamine==0.9.1 \
    xlsxwriter==3.3.1 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" exceljs@4.4.0 read-excel-file@9.3.17 xlsx@0.18.5

cat > "$temp/write.py" <<'PY'
import sys
import xlsxwriter
book = xlsxwriter.Workbook(sys.argv[1])
sheet = book.add_worksheet("Sheet1")
for column, number in enumerate([14, 31, 57, 58]):
    sheet.write_number(0, column, 46113, book.add_format({"num_format": number}))
book.close()
PY
cat > "$temp/run.py" <<'PY'
import io, sys
import fastexcel, openpyxl, python_calamine, xlsx2csv
path = sys.argv[1]
show = lambda name, cells: print(name, *(str(cell)[:10] for cell in cells))
show("openpyxl", [cell.value for cell in openpyxl.load_workbook(path).active[1]])
text = io.StringIO()
xlsx2csv.Xlsx2csv(path, dateformat="%Y-%m-%d").convert(text)
show("xlsx2csv", text.getvalue().strip().split(","))
show("fastexcel", fastexcel.read_excel(path).load_sheet(0, header_row=None).to_polars().row(0))
show("calamine", python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[0])
PY
cat > "$temp/run.js" <<'JS'
const show = (name, row) => console.log(name, row.map((cell) => JSON.stringify(cell).slice(0, 11)).join(" "));
(async () => {
  const path = process.argv[2];
  const book = new (require("exceljs").Workbook)();
  await book.xlsx.readFile(path);
  show("exceljs", book.worksheets[0].getRow(1).values.slice(1));
  const XLSX = require("xlsx");
  show("SheetJS", XLSX.utils.sheet_to_json(XLSX.readFile(path, { cellDates: true }).Sheets.Sheet1, { header: 1 })[0]);
  const { default: read } = require("read-excel-file/node");
  show("read-excel-file", (await read(path))[0].data[0]);
})();
JS

cat > "$temp/want" <<'WANT'
openpyxl 2026-04-01 46113 46113 46113
xlsx2csv 2026-04-01 46113 46113 46113
fastexcel 2026-04-01 46113.0 46113.0 46113.0
calamine 2026-04-01 2026-04-01 2026-04-01 2026-04-01
exceljs "2026-04-01 46113 46113 46113
SheetJS "2026-04-01 "2026-04-01 "2026-04-01 "2026-04-01
read-excel-file "2026-04-01 "2026-04-01 "2026-04-01 "2026-04-01
WANT

export PYTHONPATH="$temp/py"
python3 "$temp/write.py" "$temp/days.xlsx"
python3 -W ignore "$temp/run.py" "$temp/days.xlsx" > "$temp/got"
(cd "$temp" && TZ=UTC node run.js "$temp/days.xlsx") >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
