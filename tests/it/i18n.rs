//! The words: both catalogues whole, every key used and every code worded; which locale a reader gets; figures and dates.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use domain::area::Mu;
use domain::decimal::Decimal;
use domain::facility::Facility;
use domain::inquiry::InquiryState;
use domain::lead::Stage;
use domain::lead_sheet::LeadSheet;
use domain::listing::{Kind, SpaceKind, Status};
use domain::matching::TABLE;
use domain::reader::Question;
use domain::record::{Policies, Table, columns};
use domain::requirement::{FIELDS, FieldCode, FieldError, ParkLevel, REQUIREMENT, Requirement, Tenure, Use, Word};
use domain::shape::Shape;
use luodi::i18n::{self, Locale, catalogue};
use luodi::tables::{NotARowFile, TableError};
use serde_json::json;

fn sources(folder: &str, ending: &str) -> Vec<String> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                walk(&entry, ending, found);
            } else if entry.to_string_lossy().ends_with(ending) {
                found.push(std::fs::read_to_string(&entry).expect("a text"));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
    found
}

/// Every word in double quotes in the program, however the quotes pair up.
fn quoted(sources: &[String]) -> BTreeSet<&str> {
    sources.iter().flat_map(|source| source.split('"')).collect()
}

fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|part| part.split('}').next()).collect()
}

#[test]
fn both_catalogues_hold_the_same_keys_with_the_same_arguments() {
    let [chinese, english] = Locale::ALL.map(catalogue);
    let keys = |it: &'static luodi::i18n::Catalogue| it.iter().map(|(key, _)| key).collect::<BTreeSet<_>>();
    assert!(keys(chinese).len() > 500);
    let (a, b) = (keys(chinese), keys(english));
    assert_eq!(a.symmetric_difference(&b).collect::<Vec<_>>(), Vec::<&&str>::new());
    for (key, sentence) in chinese.iter() {
        let other = english.sentence(key).unwrap_or_default();
        assert_eq!(placeholders(sentence), placeholders(other), "{key}");
        assert!(!sentence.is_empty() && !other.is_empty(), "{key}");
    }
}

/// Groups whose keys are put together from a code; the code must stand somewhere in the program.
const FAMILIES: &[&str] = &[
    "kind",
    "named.real",
    "named.sample",
    "use",
    "tenure",
    "level",
    "status",
    "space_kind",
    "facilities",
    "fire_class",
    "record_type",
    "likely",
    "criterion",
    "verdict",
    "stage",
    "inquiry_state",
    "mail_kind",
    "mail_state",
    "requirement_state",
    "role",
    "by_area",
    "column",
    "field",
    "hint",
    "unit",
    "unit.per",
    "change",
    "formula",
    "group",
    "event",
    "bounce",
    "bucket",
    "card",
    "pack",
    "sort",
    "tile",
    "handover_state",
    "last_word",
    "listing_change",
    "note_kind",
    "report",
    "ledger",
    "lead_source",
    "lead_basis",
    "todo",
    "task",
    "access",
    "error.field",
    "error.code",
    "error.expected",
    "picture",
    "job_state",
    "fact",
    "how",
    "checker",
    "freshness",
    "resource",
    "report_reason",
    "report_state",
    "policy_fault",
    "link_state",
    "import.cell",
    "import.file",
    "import.header",
    "import.refused",
    "question",
    "alert_end",
    "answer",
    "answer_text",
    "assigned",
    "basis",
    "desk_owner",
    "funds_origin",
    "identity_proof",
    "funds_source",
    "source",
    "stage_plain",
    "step",
    "stop_reason",
    "visit_outcome",
    "search.area",
    "search.by",
    "webhook_event",
    "webhook_format",
    "webhook_state",
];
/// Statuses that the program answers.
const STATUSES: [&str; 13] =
    ["400", "401", "403", "404", "405", "408", "409", "410", "413", "415", "422", "429", "500"];

#[test]
fn no_key_is_unused() {
    let (rust, templates) = (sources("src", ".rs"), sources("src/web/templates", ".html"));
    let words = quoted(&rust);
    let in_templates: BTreeSet<&str> = templates.iter().flat_map(|source| literals_of_t(source)).collect();
    let formulas: BTreeSet<String> =
        TABLE.iter().filter_map(|row| serde_json::to_value(row.formula).ok()?.as_str().map(str::to_owned)).collect();
    let columns = Kind::ALL.into_iter().flat_map(columns).chain(Policies.columns());
    let columns: BTreeSet<&str> = columns.chain(LeadSheet.columns()).map(|column| column.name).collect();
    let suffixes: BTreeSet<String> = REQUIREMENT
        .iter()
        .filter_map(|field| match field.shape {
            Shape::Amount { unit, .. } | Shape::Range { unit, .. } => Some(format!("suffix.{}", unit.key())),
            _ => None,
        })
        .collect();
    let is_used = |key: &str| {
        let (group, code) = key.rsplit_once('.').unwrap_or(("", key));
        let in_family = FAMILIES.contains(&group)
            && (words.contains(code)
                || formulas.contains(code)
                || code.strip_suffix("_hint").or(code.strip_suffix("_empty")).is_some_and(|code| words.contains(code))
                // Units are written with a slash in the tables, and quoted with their prefix.
                || group.starts_with("unit")
                || matches!(group, "column" | "by_area") && columns.contains(code)
                || group == "facilities" && Facility::parse(code).is_some()
                || group == "field" && FIELDS.contains(&code)
                || words.iter().any(|word| word.replace(' ', "_") == code));
        // Bars, charts and titles of reports are named by their chart and a word; a promise has two sentences per code.
        let parts = ["funnel_", "answer_", "chart_", "title_"].iter().find_map(|begins| code.strip_prefix(begins));
        let is_bar = group == "report" && parts.is_some_and(|word| words.contains(word.trim_end_matches("_hint")));
        let is_promise = group.strip_prefix("promise.").is_some_and(|code| domain::promise::codes().contains(&code));
        let status = matches!(group, "error.title" | "error.text" | "error.reading")
            && (STATUSES.contains(&code) || code == "503");
        suffixes.contains(key)
            || words.contains(key)
            || in_templates.contains(key)
            || in_family
            || is_bar
            || is_promise
            || status
    };
    let unused: Vec<&str> = catalogue(Locale::En).iter().map(|(key, _)| key).filter(|key| !is_used(key)).collect();
    assert_eq!(unused, Vec::<&str>::new());
}

/// The keys that a template asks for.
fn literals_of_t(source: &str) -> impl Iterator<Item = &str> {
    source.split("t(\"").skip(1).filter_map(|part| part.split('"').next())
}

#[test]
fn every_key_that_a_template_asks_for_exists() {
    for source in sources("src/web/templates", ".html") {
        for key in literals_of_t(&source).filter(|key| !key.contains(".css") && !key.contains(".js")) {
            assert!(i18n::has(key) || key.ends_with(".svg"), "{key}");
        }
    }
}

#[test]
fn every_word_of_the_field_is_worded() {
    fn words<T: Word>(group: &str) -> Vec<String> {
        T::WORDS.iter().map(|(word, _)| format!("{group}.{word}")).collect()
    }
    let mut keys = [
        words::<Kind>("kind"),
        words::<Use>("use"),
        words::<Tenure>("tenure"),
        words::<ParkLevel>("level"),
        words::<Status>("status"),
        words::<SpaceKind>("space_kind"),
        words::<domain::matching::Criterion>("criterion"),
        words::<Stage>("stage"),
        words::<InquiryState>("inquiry_state"),
        words::<domain::account::Role>("role"),
    ]
    .concat();
    keys.extend(["met", "short", "unknown", "unstated"].map(|verdict| format!("verdict.{verdict}")));
    keys.extend(
        TABLE
            .iter()
            .flat_map(|row| row.units)
            .filter(|(_, unit)| !unit.starts_with("wan"))
            .map(|(_, unit)| format!("unit.{}", unit.replace('/', "_per_"))),
    );
    let lacking: Vec<String> = keys.into_iter().filter(|key| !i18n::has(key)).collect();
    assert_eq!(lacking, Vec::<String>::new());
}

#[test]
fn every_question_of_the_reader_has_a_sentence() {
    assert!(Question::codes().count() > 15);
    for code in Question::codes() {
        for locale in Locale::ALL {
            let question = Question { field: "land_mu".to_owned(), code };
            assert!(!i18n::question(locale, &question).is_empty(), "{code}");
        }
    }
    let unworded = Question { field: "land_mu".to_owned(), code: "no such question" };
    assert_eq!(i18n::question(Locale::En, &unworded), "");
}

#[test]
fn a_reading_is_printed_with_the_sentences_of_its_questions() {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
    let reading = domain::reader::read("需要20到30亩,用电800千瓦", day);
    let printed = serde_json::to_value(i18n::worded_reading(Locale::ZhHans, &reading)).expect("JSON");
    let questions = printed["questions"].as_array().expect("a list");
    let kilowatts = questions.iter().find(|it| it["code"] == "kilowatts").expect("kW is asked about");
    assert_eq!(kilowatts["message"], "用电需求给的是千瓦（kW），请给出变压器容量（kVA）。");
}

#[test]
fn every_error_of_a_table_file_has_a_sentence() {
    let limit = 7;
    let errors = [
        TableError::Io(std::io::Error::other("a disk")),
        TableError::TooLarge { limit },
        TableError::TooManyRows { limit: 7 },
        TableError::TooManyColumns { row: 7, column: 7 },
        TableError::Empty,
        TableError::Undecodable { row: 7 },
        TableError::UnclosedQuote { row: 7 },
        TableError::TwoEncodings,
        TableError::NoVisibleSheet,
        TableError::NotARowFile(NotARowFile::OldOrEncrypted),
        TableError::NotARowFile(NotARowFile::Markup),
        TableError::NotARowFile(NotARowFile::OpenDocument),
        TableError::NotARowFile(NotARowFile::OtherZip),
        TableError::NotARowFile(NotARowFile::Binary),
        TableError::Damaged("x".to_owned()),
        TableError::TimedOut { seconds: 7 },
        TableError::ChildDied,
    ];
    for error in errors {
        for locale in Locale::ALL {
            let message = error.message(locale);
            assert!(!message.contains("import.file") && !message.contains('{'), "{error:?}: {message}");
        }
    }
    assert_eq!(TableError::TooManyRows { limit: 7 }.to_string(), "行数过多:最多 7 行");
}

#[test]
fn every_usual_way_to_ask_for_chinese_gets_it() {
    for tag in ["zh", "zh-CN", "zh-SG", "zh-Hans", "zh-Hans-CN", "ZH-cn", "zh_CN", "zh-TW", "cmn-Hans"] {
        assert_eq!(Locale::from_tag(tag), Some(Locale::ZhHans), "{tag}");
    }
    for (header, locale) in [
        ("", Locale::ZhHans),
        ("fr", Locale::ZhHans),
        ("en-US,en;q=0.9,zh-CN;q=0.8", Locale::En),
        ("zh-CN,zh;q=0.9,en;q=0.8", Locale::ZhHans),
        ("fr;q=0.9, en;q=0.4, zh;q=0.7", Locale::ZhHans),
        ("en;q=0, zh;q=0.1", Locale::ZhHans),
        ("en;q=nonsense", Locale::ZhHans),
        ("*", Locale::ZhHans),
    ] {
        assert_eq!(Locale::negotiate(header), locale, "{header}");
    }
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a number")
}

#[test]
fn amounts_are_written_as_each_locale_writes_them_and_no_digit_is_lost() {
    let say = |text: &str, unit: &str| {
        let [chinese, english] = Locale::ALL.map(|locale| i18n::quantity(locale, decimal(text), unit));
        (chinese, english)
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(say("12000", "wan"), pair("1.2 亿元", "CNY 120 million"));
    assert_eq!(say("9999.5", "wan"), pair("9,999.5 万元", "CNY 99.995 million"));
    assert_eq!(say("12345.6789", "wan"), pair("12,345.6789 万元", "CNY 123,456,789"));
    assert_eq!(say("1000", "wan/year"), pair("1,000 万元/年", "CNY 10 million a year"));
    assert_eq!(say("3.5", "wan/mu"), pair("3.5 万元/亩", "CNY 35,000/mu"));
    assert_eq!(say("1500000", "wan"), pair("150 亿元", "CNY 15 billion"));
    assert_eq!(say("1234567.25", "m2"), pair("1,234,567.25 ㎡", "1,234,567.25 m²"));
    assert_eq!(say("18", "yuan/m2/month"), pair("18 元/㎡/月", "CNY 18/m² a month"));
}

#[test]
fn land_shows_its_three_units() {
    let area = Mu::from_mu(decimal("40"));
    assert_eq!(i18n::land(Locale::ZhHans, area), "40 亩（26,666.67 ㎡ · 2.67 公顷）");
    assert_eq!(i18n::land(Locale::En, Mu::from_sqm(decimal("10000"))), "1 ha (10,000 m² · 15 mu)");
}

#[test]
fn dates_are_told_with_their_age() {
    let day = |text| domain::time::parse_day(text).expect("a day");
    assert_eq!(i18n::date(Locale::ZhHans, day("2027-03-01")), "2027年3月1日");
    assert_eq!(i18n::date(Locale::En, day("2027-03-01")), "1 March 2027");
    assert_eq!(domain::time::loose_day("2022-02"), Some(day("2022-02-01")));
    assert_eq!(domain::time::loose_day("2022年"), None);
    let today: NaiveDate = day("2026-11-24");
    let ages =
        ["2026-11-24", "2026-11-01", "2026-01-01", "2022-02-01"].map(|d| i18n::age(Locale::ZhHans, day(d), today));
    assert_eq!(ages, ["今天", "23 天前", "10 个月前", "4 年前"]);
}

#[test]
fn a_requirement_is_told_line_by_line_without_its_codes() {
    let json = json!({ "kinds": ["plot", "park"], "use": "production", "industry": "3670", "land_mu": {"min": 36, "max": 44},
        "tax_wan": 1000, "regions": ["330200", "330400"], "available_by": "2027-05-31", "chemical": true,
        "park_levels": ["国家级"], "prefer": ["price"], "near": {"lng": 121.5, "lat": 29.8, "max_km": 100} });
    let requirement = Requirement::from_json(&json).expect("valid");
    let told: Vec<String> = i18n::requirement_facts(Locale::ZhHans, &requirement)
        .into_iter()
        .map(|fact| format!("{} {}", fact.label, fact.value))
        .collect();
    let expected = [
        "载体类型 地块、园区",
        "用途 生产",
        "行业 汽车零部件及配件制造（3670）",
        "用地 36–44 亩",
        "年税收 1,000 万元/年",
        "意向地区 宁波市、嘉兴市",
        "靠近 距（121.5, 29.8）不超过 100 公里",
        "园区级别 国家级",
        "最迟可用 2027年5月31日",
        "须在化工园区 是",
        "只作优先的条件 价格",
    ];
    assert_eq!(told, expected);
}

#[test]
fn the_boxs_own_example_is_understood_whole() {
    for locale in Locale::ALL {
        let example = i18n::tell(locale, "home.example");
        let reading = domain::reader::read(&example, NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day"));
        assert!(reading.unread.is_empty() && reading.questions.is_empty(), "{example}: {reading:?}");
        assert!(reading.spans.len() >= 9, "{example}: {reading:?}");
    }
}

#[test]
fn a_wrong_field_is_told_with_what_would_be_right() {
    let error = FieldError::new("land_mu.min", FieldCode::MinAboveMax).with("min", "50").with("max", "30");
    assert_eq!(i18n::field_error(Locale::ZhHans, &error), "最小值 50 大于最大值 30。");
    let error = FieldError::new("tax_wan", FieldCode::WrongType).with("expected", "number");
    assert_eq!(i18n::field_error(Locale::En, &error), "Expected a number.");
    assert_eq!(i18n::field(Locale::ZhHans, "requirement.land_mu.min"), "用地");
}

fn said(locale: Locale, names: &str, number: &str, unit: &str) -> String {
    i18n::quantity(i18n::Notation { locale, units: i18n::Units::default().with(names) }, decimal(number), unit)
}

#[test]
fn land_prices_and_rents_are_told_in_the_chosen_units() {
    let chinese = |names, number, unit| said(Locale::ZhHans, names, number, unit);
    assert_eq!(chinese("ha", "40", "mu"), "2.67 公顷");
    assert_eq!(chinese("m2", "40", "mu"), "26,666.67 ㎡");
    assert_eq!(chinese("ha", "42", "wan/mu"), "630 万元/公顷");
    assert_eq!(chinese("m2", "42", "wan/mu"), "630 元/㎡");
    assert_eq!(chinese("day", "25", "yuan/m2/month"), "0.83 元/㎡/天");
    assert_eq!(chinese("usual", "40", "mu"), "40 亩");
    assert_eq!(said(Locale::En, "usual", "30", "mu"), "2 ha (30 mu)");
    assert_eq!(said(Locale::En, "ha", "30", "mu"), "2 ha");
    assert_eq!(said(Locale::En, "mu", "30", "mu"), "30 mu");
    assert_eq!(said(Locale::En, "ha", "40", "wan/mu"), "CNY 6 million/ha");
}

#[test]
fn both_ends_of_a_range_and_a_whole_area_are_in_the_chosen_unit() {
    let range = domain::requirement::Range { min: Some(decimal("30")), max: Some(decimal("60")) };
    let units = |names| i18n::Units::default().with(names);
    let notation = |locale, names| i18n::Notation { locale, units: units(names) };
    assert_eq!(i18n::range_in_words(notation(Locale::ZhHans, "ha"), range, "mu"), "2–4 公顷");
    assert_eq!(i18n::range_in_words(notation(Locale::En, "m2"), range, "mu"), "20,000–40,000 m²");
    assert_eq!(i18n::range_in_words(Locale::En, range, "mu"), "2–4 ha (30–60 mu)");
    let whole = domain::area::Mu::from_mu(decimal("30"));
    assert_eq!(i18n::land(notation(Locale::ZhHans, "ha"), whole), "2 公顷");
    assert_eq!(i18n::land(notation(Locale::En, "m2"), whole), "20,000 m²");
}
