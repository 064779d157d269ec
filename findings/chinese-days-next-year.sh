#!/usr/bin/env bash
# For a year whose holidays are not announced yet, chinese-days calls New Year and the National Day working days.
#
# GUESS      A calendar of Chinese working days refuses a year that the State Council has not announced, or falls back
#            to the statutory days: 1 January and 1 to 3 October are free by law in every year.
# VERSION    chinese-days 1.5.7 and lunar-javascript 1.7.7 (npm), chinesecalendar 1.11.0 and holidays 0.109 (PyPI), all
#            with 2026 as the last announced year.
# BEHAVIOUR  One refuses, one forecasts, two act as if there were no holidays: chinesecalendar raises
#            NotImplementedError; holidays gives the statutory days, and substitutes for those on weekends, without a
#            sign that they are a forecast; chinese-days answers isWorkday("2027-10-01") with true; lunar-javascript
#            has no entry, as for an ordinary day. On the days of 2026 shown, the swapped Saturday 10 October among
#            them, all agree.
# OUTPUT     The lines under "want".
# WHY HERE   "An answer within three working days" is promised across the end of a year.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    chinesecalendar==1.11.0 holidays==0.109 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" chinese-days@1.5.7 lunar-javascript@1.7.7

cat > "$temp/run.py" <<'PY'
import datetime
import chinese_calendar, holidays

def announced(day):
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return "refused"

china = holidays.country_holidays("CN", years=[2026, 2027])
for text in ["2026-10-01", "2026-10-10", "2027-01-01", "2027-05-04", "2027-10-01"]:
    day = datetime.date.fromisoformat(text)
    print(text, "chinesecalendar", announced(day), "holidays", china.is_working_day(day), china.get(day))
PY
cat > "$temp/run.js" <<'JS'
const days = require("chinese-days");
const { HolidayUtil } = require("lunar-javascript");
for (const day of ["2026-10-01", "2026-10-10", "2027-01-01", "2027-05-04", "2027-10-01"]) {
  console.log(day, "chinese-days", days.isWorkday(day), "lunar-javascript", String(HolidayUtil.getHoliday(day)));
}
JS

cat > "$temp/want" <<'WANT'
2026-10-01 chinesecalendar False holidays False National Day
2026-10-10 chinesecalendar True holidays True None
2027-01-01 chinesecalendar refused holidays False New Year's Day
2027-05-04 chinesecalendar refused holidays False Labor Day (observed)
2027-10-01 chinesecalendar refused holidays False National Day
2026-10-01 chinese-days false lunar-javascript 2026-10-01 国庆节 2026-10-01
2026-10-10 chinese-days true lunar-javascript 2026-10-10 国庆节调休 2026-10-01
2027-01-01 chinese-days true lunar-javascript null
2027-05-04 chinese-days true lunar-javascript null
2027-10-01 chinese-days true lunar-javascript null
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" > "$temp/got"
(cd "$temp" && node run.js) >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
