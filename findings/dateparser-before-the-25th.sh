#!/usr/bin/env bash
# "By 25 March" in Chinese is 15 November of last year to dateparser: three months and 25 days ago.
#
# GUESS      3月25日前 (before 25 March) is 25 March, or not read: 前 after a day of a month is a limit, after a number of
#            days (25天前) it is "ago", and a date is no span. Chinese numerals are read where digits are.
# VERSION    dateparser 1.5.0, languages=["zh"], on 10 March 2026.
# BEHAVIOUR  日 counts as 天: 25日前 is 13 February. 月 counts as 个月, so 3月25日前 is taken for a span of 3 months and 25 days
#            and lies on 15 November 2025, although PREFER_DATES_FROM is "future". The plain 3月25日 is not read. Of
#            spans 2个月后 and 3周后 are read, 两个月后, 三周后 and 半年后 are not.
# OUTPUT     The lines under "want".
# WHY HERE   Terms of notices end in 日前. A term that lies four months back is over before it began.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    dateparser==1.5.0 python-dateutil==2.9.0.post0 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import datetime
import dateparser
settings = {"RELATIVE_BASE": datetime.datetime(2026, 3, 10, 9), "PREFER_DATES_FROM": "future"}
for text in ["3月25日", "25天前", "25日前", "3月25日前", "12月31日前", "2个月后", "两个月后", "3周后", "三周后", "1年后", "半年后"]:
    day = dateparser.parse(text, languages=["zh"], settings=settings)
    print(text, day and day.date())
PY

cat > "$temp/want" <<'WANT'
3月25日 None
25天前 2026-02-13
25日前 2026-02-13
3月25日前 2025-11-15
12月31日前 2025-02-07
2个月后 2026-05-10
两个月后 None
3周后 2026-03-31
三周后 None
1年后 2027-03-10
半年后 None
WANT

PYTHONPATH="$temp/py" python3 -W ignore "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
