//! Fuzz test: mutated texts never break the reader. Runs two seconds, or `READER_FUZZ_SECONDS`.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use domain::reader::read;
use domain::requirement::Requirement;

/// A pseudo-random number generator (SplitMix64): a run can be repeated from its seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

const PIECES: &[&str] = &[
    "30亩",
    "1.5个亿",
    "两三千平",
    "亩均税收",
    "不是",
    "改为",
    "真实需求",
    "宁波",
    "除",
    "外",
    "13800138000",
    "400",
    "明年6月前",
    "２０２７",
    "kN/m²",
    "99999999999999999999",
    "0.000000001",
    "-",
    "~",
    "/",
    "(",
    ")",
    "<b>",
    "</",
    "@",
    "a@b.cc",
    "有限公司",
    "联系人",
    "零",
    "万亿",
    "半",
    "个",
    "几",
    "百分之",
    "点",
    "\u{200b}",
    "\u{202e}",
    "👤",
    "\n",
    " ",
    "，",
    "。",
    "、",
    "+",
    "前",
    "内",
    "第",
    "期",
    "鼓楼区",
    "朝阳",
    "xi'an",
    "per",
    "within",
    "2026-02-30",
    "13月",
    "32日",
    "每",
    "一",
    "平",
    "亿",
    "千",
    "十",
    "元",
    "%",
];

fn mutated(seeds: &[Vec<char>], chance: &mut Chance) -> String {
    let mut text = seeds[chance.below(seeds.len())].clone();
    for _ in 0..chance.below(12) {
        let at = chance.below(text.len() + 1);
        match chance.below(6) {
            0 => text.truncate(at),
            1 => {
                let end = (at + chance.below(8)).min(text.len());
                text.drain(at..end);
            }
            2 => {
                let other = &seeds[chance.below(seeds.len())];
                let from = chance.below(other.len());
                text.splice(at..at, other[from..].iter().copied());
            }
            3 => {
                let c = char::from_u32((chance.next() % 0x11_0000) as u32).unwrap_or('\u{fffd}');
                text.insert(at, c);
            }
            4 => {
                let end = (at + chance.below(20)).min(text.len());
                let piece: Vec<char> = text[at..end].to_vec();
                for _ in 0..chance.below(30) {
                    text.splice(at..at, piece.iter().copied());
                }
            }
            _ => {
                let piece = PIECES[chance.below(PIECES.len())];
                text.splice(at..at, piece.chars());
            }
        }
    }
    text.truncate(20_000);
    text.into_iter().collect()
}

fn check(text: &str, now: NaiveDate) {
    let reading = read(text, now);
    let chars: Vec<char> = text.chars().collect();
    let mut covered = vec![false; chars.len()];
    let spans = reading.spans.iter().map(|span| (span.start, span.end, &span.text));
    for (start, end, written) in
        spans.chain(reading.unread.iter().map(|unread| (unread.start, unread.end, &unread.text)))
    {
        assert!(start < end && end <= chars.len(), "{start}..{end} of {text:?}");
        assert_eq!(chars[start..end].iter().collect::<String>(), *written, "{text:?}");
        covered[start..end].fill(true);
    }
    for (at, c) in chars.iter().enumerate() {
        assert!(covered[at] || !c.is_ascii_digit() && !('０'..='９').contains(c), "{c} at {at} of {text:?}");
    }
    let json = reading.requirement.to_json();
    assert_eq!(Requirement::from_json(&json).as_ref(), Ok(&reading.requirement), "{text:?}");
}

#[test]
fn mutated_texts_never_break_the_reader() {
    let seconds = std::env::var("READER_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let seed = std::env::var("READER_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let data = [
        include_str!("data/reader_examples.jsonl"),
        include_str!("data/reader_more.jsonl"),
        include_str!("data/reader_blind.jsonl"),
        include_str!("data/reader_wild.jsonl"),
        include_str!("data/reader_market.jsonl"),
        include_str!("data/reader_fresh.jsonl"),
    ]
    .join("\n");
    let text = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).ok()?["text"].as_str().map(|t| t.chars().collect())
    };
    let seeds: Vec<Vec<char>> = data.lines().filter_map(text).collect();
    let now = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
    let (start, mut chance, mut runs) = (Instant::now(), Chance(seed), 0_u64);
    while start.elapsed() < Duration::from_secs(seconds) {
        check(&mutated(&seeds, &mut chance), now);
        runs += 1;
    }
    assert!(runs > 0);
    std::io::Write::write_all(&mut std::io::stdout(), format!("{runs} texts in {seconds} s\n").as_bytes())
        .expect("printed");
}
