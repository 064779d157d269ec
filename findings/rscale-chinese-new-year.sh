#!/usr/bin/env bash
# A calendar rule in the Chinese scale is 17 February of every year to ical.js and node-ical.
#
# GUESS      RFC 7529 lets a rule name its calendar (RSCALE=CHINESE) and says what a program does that does not know
#            it: not apply the rule. Well kept libraries refuse the rule or give the first day alone.
# VERSION    ical.js 2.2.1, node-ical 0.27.2 and rrule 2.8.1 (npm); python-dateutil 2.9.0.post0 and
#            recurring-ical-events 3.8.2 with icalendar 7.3.2 (PyPI).
# BEHAVIOUR  ical.js and node-ical leave RSCALE out and repeat 17 February of the Gregorian year. rrule and dateutil
#            refuse the rule by the name of the part. recurring-ical-events refuses it too, with a message about UNTIL
#            that names no reason.
# OUTPUT     The lines under "want"; Spring Festival is on 17 February 2026, 6 February 2027 and 26 January 2028.
# WHY HERE   Invitations to see a site and closing days of offices come as such files; 17 February 2027 is a working
#            day.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    python-dateutil==2.9.0.post0 icalendar==7.3.2 recurring-ical-events==3.8.2 2> "$temp/errors" \
    || { cat "$temp/errors"; exit 1; }
npm install --silent --no-audit --no-fund --prefix "$temp" ical.js@2.2.1 node-ical@0.27.2 rrule@2.8.1

printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//example.com//rule//EN BEGIN:VEVENT UID:1@example.com \
    DTSTAMP:20260101T000000Z 'DTSTART;VALUE=DATE:20260217' 'RRULE:RSCALE=CHINESE;FREQ=YEARLY;COUNT=3' SUMMARY:春节 \
    END:VEVENT END:VCALENDAR > "$temp/rule.ics"

cat > "$temp/run.mjs" <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import ical from "node-ical";
import rrule from "rrule";
const text = readFileSync(process.argv[2], "utf8");
const show = (name, give) => {
  try {
    console.log(name, ...give());
  } catch (error) {
    console.log(name, "refused:", error.message);
  }
};
const day = (date) => date.toISOString().slice(0, 10);
show("ical.js", () => {
  const days = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent")).iterator();
  return [1, 2, 3].map(() => String(days.next()));
});
show("node-ical", () => Object.values(ical.sync.parseICS(text)).find((part) => part.rrule).rrule.all().map(day));
show("rrule", () => rrule.rrulestr("DTSTART:20260217T000000Z\nRRULE:RSCALE=CHINESE;FREQ=YEARLY;COUNT=3").all().map(day));
JS
cat > "$temp/run.py" <<'PY'
import datetime, sys
import icalendar, recurring_ical_events
from dateutil.rrule import rrulestr

def show(name, give):
    try:
        print(name, *give())
    except Exception as error:
        print(name, "refused:", error)

show("dateutil", lambda: rrulestr("RSCALE=CHINESE;FREQ=YEARLY;COUNT=3", dtstart=datetime.datetime(2026, 2, 17)))
with open(sys.argv[1], "rb") as file:
    calendar = icalendar.Calendar.from_ical(file.read())
show("recurring-ical-events", lambda: (event["DTSTART"].dt for event in
                                       recurring_ical_events.of(calendar).between((2026, 1, 1), (2029, 1, 1))))
PY

cat > "$temp/want" <<'WANT'
ical.js 2026-02-17 2027-02-17 2028-02-17
node-ical 2026-02-17 2027-02-17 2028-02-17
rrule refused: Unknown RRULE property 'RSCALE'
dateutil refused: unknown parameter 'RSCALE'
recurring-ical-events refused: UNTIL parameter is missing: RSCALE=CHINESE;FREQ=YEARLY;COUNT=3
WANT

(cd "$temp" && TZ=UTC node run.mjs rule.ics) > "$temp/got"
PYTHONPATH="$temp/py" python3 "$temp/run.py" "$temp/rule.ics" >> "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
