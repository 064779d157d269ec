//! Readings of labelled texts against their labels, scored by field.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::reader::{Reading, read};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A text with its expected reading.
#[derive(Deserialize)]
struct Example {
    id: String,
    text: String,
    expect: Expect,
}

#[derive(Deserialize)]
struct Expect {
    requirement: Map<String, Value>,
    #[serde(default)]
    contact: Map<String, Value>,
    #[serde(default)]
    notes: String,
    /// Requirements of the further needs.
    #[serde(default)]
    others: Vec<Map<String, Value>>,
    /// Parts of the text that must be shown as unread.
    #[serde(default)]
    unread: Vec<String>,
}

impl Expect {
    /// Returns the list behind `key=` in the notes.
    fn noted(&self, key: &str) -> Vec<&str> {
        let notes = self.notes.split(';').map(str::trim);
        notes.filter_map(|note| note.strip_prefix(key)).flat_map(|list| list.split(',')).map(str::trim).collect()
    }

    /// Returns the tolerance of a number, or of a date in days.
    fn tolerance(&self, field: &str) -> f64 {
        let found =
            self.noted("tol=").into_iter().find_map(|note| note.strip_prefix(field)?.strip_prefix(':')?.parse().ok());
        found.unwrap_or(0.0)
    }
}

#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
    /// Of the wrong ones, those that no question is about.
    unasked: usize,
}

fn now() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

fn examples(data: &str) -> Vec<Example> {
    data.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// Returns whether two values agree: numbers within the tolerance, lists in any order.
fn agree(expected: &Value, found: &Value, tolerance: f64) -> bool {
    match (expected, found) {
        (Value::Number(a), Value::Number(b)) => {
            a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| (a - b).abs() <= tolerance + 1e-9)
        }
        (Value::Array(a), Value::Array(b)) => {
            let words = |list: &[Value]| list.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
            words(a) == words(b)
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| agree(value, other, tolerance)))
        }
        (Value::String(a), Value::String(b)) if tolerance > 0.0 => {
            let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
            day(a).zip(day(b)).is_some_and(|(a, b)| ((a - b).num_days().abs() as f64) <= tolerance)
        }
        (a, b) => a == b,
    }
}

/// Returns whether one code is the other's class or below it.
fn one_within_the_other(expected: &Value, found: &Value) -> bool {
    let codes = expected.as_str().zip(found.as_str());
    codes.is_some_and(|(a, b)| a.starts_with(b) || b.starts_with(a))
}

/// Fields that came after the older texts were labelled: there they count only where a label has them.
const LATER: [&str; 10] = [
    "facilities",
    "crane_t",
    "lift_t",
    "truck_m",
    "fire_class",
    "lease_years",
    "build_area_m2",
    "capacity",
    "start_by",
    "production_by",
];

/// Scores one example and adds its faults to `faults`.
fn score(example: &Example, scores: &mut BTreeMap<String, Score>, faults: &mut Vec<String>) {
    let day = example.expect.noted("ref=").first().and_then(|day| day.parse().ok()).unwrap_or_else(now);
    let reading = read(&example.text, day);
    let found = serde_json::to_value(&reading).expect("json");
    let open = example.expect.noted("open=");
    let before = faults.len();
    let sides = [
        ("", &example.expect.requirement, &found["requirement"]),
        ("contact.", &example.expect.contact, &found["contact"]),
    ];
    for (prefix, expected, found) in sides {
        let found = found.as_object().expect("an object");
        let fields: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
        for field in fields {
            let later =
                LATER.contains(&field.as_str()) && !example.id.starts_with("W-") && !expected.contains_key(field);
            if open.contains(&field.as_str()) || later {
                continue;
            }
            let score = scores.entry(format!("{prefix}{field}")).or_default();
            let tolerance = example.expect.tolerance(field);
            let related = example.expect.noted("under=").contains(&field.as_str());
            match (expected.get(field), found.get(field)) {
                (Some(a), Some(b)) if related && one_within_the_other(a, b) => score.right += 1,
                (Some(a), Some(b)) if agree(a, b, tolerance) => score.right += 1,
                (a, b) => {
                    score.missed += usize::from(a.is_some());
                    score.wrong += usize::from(b.is_some());
                    let asked = reading.questions.iter().any(|question| question.field == *field);
                    score.unasked += usize::from(b.is_some() && !asked);
                    let shown = |value: Option<&Value>| value.map_or_else(|| "-".to_owned(), ToString::to_string);
                    faults.push(format!("{} {prefix}{field}: expected {} found {}", example.id, shown(a), shown(b)));
                }
            }
        }
    }
    for field in example.expect.noted("question=") {
        let field = field.split_whitespace().next().unwrap_or_default();
        if !reading.questions.iter().any(|question| question.field == field) {
            faults.push(format!("{} no question about {field}", example.id));
        }
    }
    let empty = Vec::new();
    let others = found["others"].as_array().unwrap_or(&empty);
    if others.len() != example.expect.others.len() {
        faults.push(format!(
            "{} expected {} further needs, found {}",
            example.id,
            example.expect.others.len(),
            others.len()
        ));
    }
    for (expected, found) in example.expect.others.iter().zip(others) {
        let right = |field: &&String| agree(&expected[*field], &found["requirement"][*field], 0.0);
        scores.entry("others".to_owned()).or_default().right += expected.keys().filter(right).count();
        for field in expected.keys().filter(|field| !right(field)) {
            scores.entry("others".to_owned()).or_default().missed += 1;
            faults.push(format!("{} others.{field}: found {}", example.id, found["requirement"][field]));
        }
    }
    for part in &example.expect.unread {
        if !open.contains(&"unread") && !reading.unread.iter().any(|unread| unread.text.contains(part.as_str())) {
            faults.push(format!("{} not unread: {part}", example.id));
        }
    }
    faults
        .extend(dropped(&example.text, &reading).into_iter().map(|number| format!("{} dropped {number}", example.id)));
    if faults.len() > before {
        faults.push(format!(
            "   {} | unread {:?} | questions {:?}",
            example.text,
            reading.unread.iter().map(|u| u.text.as_str()).collect::<Vec<_>>(),
            reading.questions.iter().map(|q| (q.field.as_str(), q.code)).collect::<Vec<_>>()
        ));
    }
}

/// Returns the digits that neither a span nor `unread` covers.
fn dropped(text: &str, reading: &Reading) -> Vec<String> {
    let covers = reading.spans.iter().map(|s| (s.start, s.end)).chain(reading.unread.iter().map(|u| (u.start, u.end)));
    let covers: Vec<(usize, usize)> = covers.collect();
    let lost = text.chars().enumerate().filter(|(at, c)| {
        c.is_numeric() && !is_counting_han(*c) && !covers.iter().any(|(start, end)| start <= at && at < end)
    });
    lost.map(|(at, c)| format!("{c} at {at}")).collect()
}

/// Returns whether a character is Han: Unicode classes some as numeric that are part of many other words.
fn is_counting_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Scores a file and prints the table by field; returns (micro-F1, share of texts without a fault, faults).
fn report(name: &str, data: &str) -> (f64, f64, Vec<String>) {
    let (mut scores, mut faults, mut clean) = (BTreeMap::new(), Vec::new(), 0);
    let examples = examples(data);
    for example in &examples {
        let before = faults.len();
        score(example, &mut scores, &mut faults);
        clean += usize::from(faults.len() == before);
    }
    let mut table =
        format!("{name}: {} texts\n{:28} {:>5} {:>5} {:>6}\n", examples.len(), "field", "right", "wrong", "missed");
    for (field, score) in &scores {
        table += &format!("{field:28} {:>5} {:>5} {:>6}\n", score.right, score.wrong, score.missed);
    }
    let sum = |part: fn(&Score) -> usize| scores.values().map(part).sum::<usize>() as f64;
    let f1 = 2.0 * sum(|s| s.right) / (2.0 * sum(|s| s.right) + sum(|s| s.wrong) + sum(|s| s.missed));
    let all_right = clean as f64 / examples.len() as f64;
    let unasked = sum(|s| s.unasked);
    table += &format!("micro-F1 {f1:.4}, all right in {:.1} % of texts, ", all_right * 100.0);
    table += &format!("{unasked} wrong without a question\n");
    // Faults of sets that pass: READER_FAULTS=1.
    if std::env::var_os("READER_FAULTS").is_some() {
        table += &faults.join("\n");
        table.push('\n');
    }
    std::io::Write::write_all(&mut std::io::stdout(), table.as_bytes()).expect("printed");
    (f1, all_right, faults)
}

/// Declares a test for each set of labelled texts: the fact, the file, the least micro-F1 and the least share of texts without
/// a fault.
macro_rules! sets {
    ($($fact:ident: $file:literal, $f1:literal, $all_right:literal;)*) => {$(
        #[test]
        fn $fact() {
            let (f1, all_right, faults) = report($file, include_str!(concat!("data/reader_", $file, ".jsonl")));
            assert!(f1 >= $f1 && all_right >= $all_right, "F1 {f1:.4}, all right {all_right:.3}:\n{}", faults.join("\n"));
        }
    )*};
}

// Behind each: micro-F1 at first sight, the share of texts without a fault, values wrong without a question. Whole kinds of
// faults were mended since; a set kept apart was mended last.
#[rustfmt::skip]
sets! {
    the_shared_examples_read_as_labelled: "examples", 1.0, 1.0;
    further_texts_read_as_labelled: "more", 1.0, 1.0;
    texts_written_without_a_look_at_the_reader_read_as_labelled: "blind", 1.0, 1.0;
    texts_kept_apart_until_the_end_read_well: "apart", 0.97, 0.85;                  // 0.986; nine of ten all right
    texts_as_people_write_them_read_as_labelled: "wild", 0.98, 0.95;
    texts_as_people_write_them_and_kept_apart_read_well: "wild_apart", 0.97, 0.85;  // 0.738; 0.968 unmended
    texts_of_the_market_read_as_labelled: "market", 0.98, 0.95;                     // 0.909, 48 %
    texts_of_the_market_kept_apart_read_well: "market_apart", 0.97, 0.85;           // 0.900, 45 %
    fresh_texts_read_as_labelled: "fresh", 0.98, 0.95;                              // 0.929, 40 %
    fresh_texts_kept_apart_read_well: "fresh_apart", 0.98, 0.85;                    // 0.947, 65 %
    texts_of_the_trade_read_as_labelled: "trade", 0.98, 0.95;                       // 0.931, 44 %
    texts_of_the_trade_kept_apart_read_well: "trade_apart", 0.98, 0.85;             // 0.940, 58 %
    texts_of_offices_read_as_labelled: "offices", 0.98, 0.85;                       // 0.899, 50 %
    texts_of_offices_kept_apart_read_well: "offices_apart", 0.98, 0.85;             // 0.962, 63 %
    texts_of_agents_read_as_labelled: "agents", 0.98, 0.95;                         // 0.970, 70 %
    texts_of_agents_kept_apart_read_well: "agents_apart", 0.98, 0.85;               // 0.951, 63 %
    the_last_texts_read_well: "last", 0.96, 0.75;                                   // 0.976, 76 %
    the_final_texts_read_well: "final", 0.96, 0.75;                                 // 0.986, 85 %
    texts_of_the_first_round_read_well: "round_1", 0.98, 0.90;                      // 0.929, 40 %, 6 wrong
    texts_of_the_second_round_read_well: "round_2", 0.98, 0.90;                     // 0.937, 70 %, 6 wrong
    texts_of_the_third_round_read_well: "round_3", 0.98, 0.90;                      // 0.920, 35 %, 11 wrong
    texts_of_the_fourth_round_read_well: "round_4", 0.98, 0.90;                     // 0.955, 75 %, 7 wrong
    texts_of_the_fifth_round_read_well: "round_5", 0.98, 0.90;                      // 0.972, 75 %, 2 wrong
    texts_of_the_sixth_round_read_well: "round_6", 0.98, 0.90;                      // 0.932, 45 %, 12 wrong
    texts_of_the_seventh_round_read_well: "round_7", 0.98, 0.90;                    // 0.913, 25 %, 9 wrong
    texts_of_the_eighth_round_read_well: "round_8", 0.98, 0.90;                     // 0.876, 20 %, 9 wrong
    texts_of_the_ninth_round_read_well: "round_9", 0.98, 0.90;                      // 0.951, 55 %, 4 wrong
    texts_of_the_tenth_round_read_well: "round_10", 0.98, 0.90;                     // 0.951, 55 %, 6 wrong
    texts_of_the_eleventh_round_read_well: "round_11", 0.98, 0.90;                  // 0.946, 45 %, 8 wrong
    texts_of_the_twelfth_round_read_well: "round_12", 0.98, 0.90;                   // 0.957, 50 %, 5 wrong
    texts_of_the_thirteenth_round_read_well: "round_13", 0.98, 0.90;                // 0.961, 70 %, 6 wrong
    texts_of_the_fourteenth_round_read_well: "round_14", 0.98, 0.90;                // 0.978, 75 %, 3 wrong
    texts_of_the_fifteenth_round_read_well: "round_15", 0.98, 0.90;                 // 0.963, 60 %, 4 wrong
    texts_of_the_sixteenth_round_read_well: "round_16", 0.98, 0.90;                 // 0.931, 45 %, 10 wrong
    texts_of_the_seventeenth_round_read_well: "round_17", 0.98, 0.90;               // 0.948, 55 %, 8 wrong
    texts_of_the_eighteenth_round_read_well: "round_18", 0.98, 0.90;                // 0.962, 55 %, 3 wrong
    texts_of_the_nineteenth_round_read_well: "round_19", 0.98, 0.90;                // 0.889, 30 %, 17 wrong
    texts_of_the_twentieth_round_read_well: "round_20", 0.98, 0.90;                 // 0.962, 60 %, 5 wrong
    texts_of_the_twenty_first_round_read_well: "round_21", 0.98, 0.90;              // 0.933, 40 %, 7 wrong
    texts_of_the_twenty_second_round_read_well: "round_22", 0.98, 0.90;             // 0.909, 45 %, 16 wrong
    texts_of_the_twenty_third_round_read_well: "round_23", 0.98, 0.90;              // 0.960, 45 %, 12 wrong
    texts_of_the_twenty_fourth_round_read_well: "round_24", 0.98, 0.85;             // 0.958, 48 %, 14 wrong
    texts_of_the_twenty_fifth_round_read_well: "round_25", 0.98, 0.90;              // 0.981, 68 %, 5 wrong
    texts_of_the_twenty_sixth_round_read_well: "round_26", 0.98, 0.90;              // 0.923, 43 %, 30 wrong
    texts_of_the_twenty_seventh_round_read_well: "round_27", 0.98, 0.80;            // 0.892, 35 %, 23 wrong; 38 % with 26 alone mended
    texts_of_the_twenty_eighth_round_read_well: "round_28", 0.98, 0.90;             // 0.968, 52 %, 6 wrong
    texts_of_the_twenty_ninth_round_read_well: "round_29", 0.975, 0.60;             // 0.957, 30 %, 18 wrong; 53 % with new words of trades alone
    texts_of_the_thirtieth_round_read_well: "round_30", 0.98, 0.74;                 // 0.980, 70 %, 7 wrong
    texts_of_the_thirty_first_round_read_well: "round_31", 0.98, 0.80;              // 0.958, 50 %
    texts_of_the_thirty_second_round_read_well: "round_32", 0.99, 0.90;             // 0.980, 64 %
    texts_of_the_thirty_third_round_read_well: "round_33", 0.98, 0.85;              // 0.949, 48 %; layouts of forms
    texts_of_the_thirty_fourth_round_read_well: "round_34", 0.975, 0.65;            // 0.956, 44 %; the noise of an office
    texts_of_the_thirty_fifth_round_read_well: "round_35", 0.985, 0.80;             // 0.978, 66 %; everyday
    texts_of_the_thirty_sixth_round_read_well: "round_36", 0.98, 0.78;              // 0.961, 50 %
    texts_of_the_thirty_seventh_round_read_well: "round_37", 0.98, 0.72;            // 0.971, 60 %; fifty trades in as many counties
    texts_of_the_thirty_eighth_round_read_well: "round_38", 0.985, 0.82;            // 0.982, 70 %
    texts_of_the_thirty_ninth_round_read_well: "round_39", 0.98, 0.70;              // 0.971, 54 %
    texts_of_the_fortieth_round_read_well: "round_40", 0.98, 0.64;                  // 0.981, 66 %; mended at the forty-first
    texts_of_the_forty_first_round_read_well: "round_41", 0.985, 0.80;              // 0.974, 60 %, 7 wrong, with new words of trades
    texts_of_the_forty_second_round_read_well: "round_42", 0.985, 0.74;             // 0.978, 58 %, 9 wrong, the same
    texts_of_the_forty_third_round_read_well: "round_43", 0.985, 0.74;              // 0.979, 64 %, 12 wrong
    texts_of_the_forty_fourth_round_read_well: "round_44", 0.98, 0.80;              // 0.947, 58 %, 18 wrong; forms and tables
    texts_of_the_forty_fifth_round_read_well: "round_45", 0.965, 0.54;              // 0.949, 28 %, 18 wrong; notices and chats
    texts_of_the_forty_sixth_round_read_well: "round_46", 0.96, 0.54;               // 0.936, 38 %, 25 wrong; projects, reports, English
    texts_of_the_forty_seventh_round_read_well: "round_47", 0.98, 0.66;             // 0.976, 62 %, 13 wrong; kept apart, nothing was mended for it
    texts_of_the_forty_eighth_round_read_well: "round_48", 0.97, 0.60;              // 0.951, 47 %, 20 wrong
    texts_of_the_forty_ninth_round_read_well: "round_49", 0.97, 0.50;               // 0.976, 54 %, 11 wrong; kept apart, nothing was mended for it
}
