#!/usr/bin/env bash
# date-holidays keeps China's holidays of 2008 to 2013, and in 2033 its Mid-Autumn Festival is a month late.
#
# GUESS      A package updated this year has the rule in force since 1 January 2025: Spring Festival is four days,
#            from the eve on, and Labour Day two. Feasts of the moon calendar are right for all years near.
# VERSION    date-holidays 3.37.0 with date-chinese 2.1.4, beside lunar-javascript 1.7.7 and the calendar of Node's
#            ICU.
# BEHAVIOUR  Spring Festival is the eve and two days, in every year: the rule of 2008 to 2013. From 2014 to 2024 the
#            eve was a working day and the third day was free; since 2025 both are free. 2 May is missing. In 2033,
#            whose leap month falls in winter, date-chinese puts it into summer: Mid-Autumn is on 7 October, inside
#            the National Day's week, and not on 8 September as to the other two.
# OUTPUT     The lines under "want".
# WHY HERE   Working days of a promise are counted with such tables, and terms of leases reach beyond 2033.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

npm install --silent --no-audit --no-fund --prefix "$temp" date-holidays@3.37.0 date-chinese@2.1.4 lunar-javascript@1.7.7

cat > "$temp/run.js" <<'JS'
const Holidays = require("date-holidays").default ?? require("date-holidays");
const { Lunar } = require("lunar-javascript");
const icu = new Intl.DateTimeFormat("en-u-ca-chinese", { month: "numeric", day: "numeric", timeZone: "UTC" });
const chinese = (day) => icu.formatToParts(new Date(`${day}T00:00Z`)).filter(({ type }) => /month|day/.test(type))
  .map(({ value }) => value).join("/");
for (const year of [2010, 2020, 2026, 2033]) {
  const days = new Holidays("CN").getHolidays(year).filter(({ type }) => type === "public");
  const of = (name) => days.filter((day) => day.name.startsWith(name)).map(({ date }) => date.slice(5, 10)).join(" ");
  const autumn = of("中秋");
  console.log(year, "Spring Festival", of("春节"), "Labour Day", of("劳动"), "Mid-Autumn", autumn,
    "in ICU", chinese(`${year}-${autumn}`), "lunar-javascript", Lunar.fromYmd(year, 8, 15).getSolar().toYmd().slice(5));
}
JS

cat > "$temp/want" <<'WANT'
2010 Spring Festival 02-13 02-14 02-15 Labour Day 05-01 Mid-Autumn 09-22 in ICU 8/15 lunar-javascript 09-22
2020 Spring Festival 01-24 01-25 01-26 Labour Day 05-01 Mid-Autumn 10-01 in ICU 8/15 lunar-javascript 10-01
2026 Spring Festival 02-16 02-17 02-18 Labour Day 05-01 Mid-Autumn 09-25 in ICU 8/15 lunar-javascript 09-25
2033 Spring Festival 01-30 01-31 02-01 Labour Day 05-01 Mid-Autumn 10-07 in ICU 9/15 lunar-javascript 09-08
WANT

(cd "$temp" && TZ=Asia/Shanghai node run.js) > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
