//! Prints how long reading takes: loading the dictionaries, a short text, long ones of several kinds.

use std::io::Write as _;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use domain::reader::read;

const SHORT: &str = "我们做新能源汽车零部件，总投1.2亿，在宁波或嘉兴找40亩左右工业地，亩均税收25万，层高9米，3000kVA，明年6月前开工，王工 13800138000，最好靠近港口，租售均可，不要化工园区，年产值3亿元";

/// Needs as people wrote them, one after another.
const NEEDS: &str = include_str!("../tests/data/reader_blind.jsonl");

/// Their texts, joined and cut.
fn needs(characters: usize) -> String {
    let text = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?["text"].as_str().map(str::to_owned);
    let texts: Vec<String> = NEEDS.lines().filter_map(text).collect();
    texts.join("\n").chars().chain(['\n']).cycle().take(characters).collect()
}

/// Time on the processor where the system tells it, so that neighbours do not count; else by the wall clock.
fn clock(since: Instant) -> Duration {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = schedule.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

/// Median by the wall clock, and mean on the processor.
fn timed(text: &str, now: NaiveDate, runs: u32) -> String {
    let since = Instant::now();
    let start = clock(since);
    let mut walls = Vec::new();
    for _ in 0..runs {
        let run = Instant::now();
        std::hint::black_box(read(std::hint::black_box(text), now));
        walls.push(run.elapsed());
    }
    let mean = clock(since).saturating_sub(start) / runs;
    walls.sort_unstable();
    format!("median {:?}, mean on the processor {mean:?}", walls[walls.len() / 2])
}

fn main() -> std::io::Result<()> {
    let now = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap_or_default();
    let since = Instant::now();
    let start = clock(since);
    std::hint::black_box(read("预热", now));
    let loading = clock(since).saturating_sub(start);
    let long: String = SHORT.chars().cycle().take(20_000).collect();
    let prose: String = "本项目位于开发区内，交通便利，配套设施齐全，公司秉承客户至上的理念，持续创新发展。"
        .chars()
        .cycle()
        .take(20_000)
        .collect();
    let kinds = [
        ("20000 characters", long),
        ("20000 characters, prose", prose),
        ("20000 characters, needs", needs(20_000)),
        ("20000 digits", "1".repeat(20_000)),
        ("20000 numerals", "一".repeat(20_000)),
        ("20000 places", "苏州".repeat(10_000)),
        ("20000 amounts", "30亩,".repeat(5_000)),
        ("20000 at signs", "a@".repeat(10_000)),
    ];
    let mut out = std::io::stdout();
    writeln!(out, "{:24}{loading:?}", "loading")?;
    writeln!(out, "{:24}{}", format!("{} characters", SHORT.chars().count()), timed(SHORT, now, 2001))?;
    for (name, text) in kinds {
        writeln!(out, "{name:24}{}", timed(&text, now, 101))?;
    }
    Ok(())
}
