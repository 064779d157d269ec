#!/usr/bin/env bash
# A workbook saved as Strict Open XML has no sheets to openpyxl, and its day 2026-04-01 is 18 July 1905 to exceljs.
#
# GUESS      The strict form of ISO 29500 is one of the formats in the dialog "Save as" and nineteen years old:
#            readers take it like the usual one, or refuse it. A cell of type "d" holds an ISO date, so its meaning is
#            not open.
# VERSION    openpyxl 3.1.5, pyexcel 0.7.6 with pyexcel-xlsx 0.6.1, python-calamine 0.9.1, exceljs 4.4.0,
#            xlsx-populate 1.21.0, read-excel-file 9.3.17, xlsx (SheetJS) 0.18.5.
# BEHAVIOUR  openpyxl opens it without an error and finds no sheets, so pyexcel says that the file is empty. exceljs
#            takes the year 2026 for a serial number: 18 July 1905. xlsx-populate has null for the day. calamine,
#            SheetJS and read-excel-file are right. Nobody raises.
# OUTPUT     The lines under "want".
# WHY HERE   Parks send lists in whatever form their office program saves; "no rows" and "free since 1905" look like
#            data.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    openpyxl==3.1.5 pyexcel==0.7.6 pyexcel-xlsx==0.6.1 python-calamine==0.9.1 2> "$temp/errors" \
    || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" \
    exceljs@4.4.0 xlsx-populate@1.21.0 read-excel-file@9.3.17 xlsx@0.18.5

cat > "$temp/write.py" <<'PY'
import sys, zipfile
MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
KIND = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{KIND}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{KIND}" conformance="strict">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{KIND}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{KIND}/styles" Target="styles.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>3000</v></c>'
    '<c r="B1" s="1" t="d"><v>2026-04-01T00:00:00</v></c></row></sheetData></worksheet>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>',
}
with zipfile.ZipFile(sys.argv[1], "w") as file:
    for name, part in PARTS.items():
        file.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + part)
PY
cat > "$temp/run.py" <<'PY'
import sys
import openpyxl, pyexcel, python_calamine
print("openpyxl", openpyxl.load_workbook(sys.argv[1]).sheetnames)
print("pyexcel", pyexcel.get_array(file_name=sys.argv[1]))
print("calamine", python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python())
PY
cat > "$temp/run.js" <<'JS'
const show = (name, row) => console.log(name, JSON.stringify(row));
(async () => {
  const path = process.argv[2];
  const book = new (require("exceljs").Workbook)();
  await book.xlsx.readFile(path);
  show("exceljs", book.worksheets[0].getRow(1).values.slice(1));
  const other = await require("xlsx-populate").fromFileAsync(path);
  show("xlsx-populate", ["A1", "B1"].map((cell) => other.sheet(0).cell(cell).value() ?? null));
  const { default: read } = require("read-excel-file/node");
  show("read-excel-file", (await read(path))[0].data[0]);
  const XLSX = require("xlsx");
  show("SheetJS", XLSX.utils.sheet_to_json(XLSX.readFile(path, { cellDates: true }).Sheets.Sheet1, { header: 1 })[0]);
})();
JS

cat > "$temp/want" <<'WANT'
openpyxl []
pyexcel [[]]
calamine [[3000.0, datetime.datetime(2026, 4, 1, 0, 0)]]
exceljs [3000,"1905-07-18T00:00:00.000Z"]
xlsx-populate [3000,null]
read-excel-file [3000,"2026-04-01T00:00:00.000Z"]
SheetJS [3000,"2026-04-01T00:00:00.000Z"]
WANT

python3 "$temp/write.py" "$temp/strict.xlsx"
PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" "$temp/strict.xlsx" > "$temp/got"
(cd "$temp" && TZ=UTC node run.js "$temp/strict.xlsx") >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
