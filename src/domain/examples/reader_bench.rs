//! Prints how long reading takes: loading the dictionaries, a short text (median), a long one (median).

use std::io::Write as _;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use domain::reader::read;

const SHORT: &str = "我们做新能源汽车零部件，总投1.2亿，在宁波或嘉兴找40亩左右工业地，亩均税收25万，层高9米，3000kVA，明年6月前开工，王工 13800138000，最好靠近港口，租售均可，不要化工园区，年产值3亿元";

fn median(mut runs: Vec<Duration>) -> Duration {
    runs.sort_unstable();
    runs[runs.len() / 2]
}

fn timed(text: &str, now: NaiveDate, runs: usize) -> Duration {
    let run = || {
        let start = Instant::now();
        std::hint::black_box(read(std::hint::black_box(text), now));
        start.elapsed()
    };
    median((0..runs).map(|_| run()).collect())
}

fn main() -> std::io::Result<()> {
    let now = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap_or_default();
    let start = Instant::now();
    read("预热", now);
    let loading = start.elapsed();
    let long: String = SHORT.chars().cycle().take(20_000).collect();
    let prose: String = "本项目位于开发区内，交通便利，配套设施齐全，公司秉承客户至上的理念，持续创新发展。"
        .chars()
        .cycle()
        .take(20_000)
        .collect();
    let mut out = std::io::stdout();
    writeln!(out, "loading                 {loading:?}")?;
    writeln!(out, "{} characters          {:?}", SHORT.chars().count(), timed(SHORT, now, 2001))?;
    writeln!(out, "20000 characters        {:?}", timed(&long, now, 101))?;
    writeln!(out, "20000 characters, prose {:?}", timed(&prose, now, 101))?;
    writeln!(out, "20000 digits            {:?}", timed(&"1".repeat(20_000), now, 21))?;
    writeln!(out, "20000 numerals          {:?}", timed(&"一".repeat(20_000), now, 21))?;
    writeln!(out, "20000 places            {:?}", timed(&"苏州".repeat(10_000), now, 21))?;
    writeln!(out, "20000 amounts           {:?}", timed(&"30亩,".repeat(5_000), now, 21))?;
    writeln!(out, "20000 at signs          {:?}", timed(&"a@".repeat(10_000), now, 21))?;
    Ok(())
}
