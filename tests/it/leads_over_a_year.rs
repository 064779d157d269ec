//! Properties of leads over a whole year and over all stages: due days against a table of working days that was written by hand,
//! and final stages, which only a reopening leaves.

use std::sync::Arc;

use chrono::{Datelike as _, Days, NaiveDate};
use domain::account::Role;
use domain::lead::{ClockDays, SITE_PATH, SPACE_PATH, Stage, StageError, Standing, check_move, next_stages};
use domain::requirement::Word as _;
use domain::time::Moment;
use domain::workday::workdays;
use serde_json::json;

use crate::app::{SetClock, TestApp};
use crate::database;
use crate::desk::{act, asked, ok};

/// The working days of 2026, written from 国办发明电〔2025〕7号 and a wall calendar, month by month.
const WORKING: [&str; 12] = [
    "4-9 12-16 19-23 26-30",
    "2-6 9-14 24-28",
    "2-6 9-13 16-20 23-27 30-31",
    "1-3 7-10 13-17 20-24 27-30",
    "6-9 11-15 18-22 25-29",
    "1-5 8-12 15-18 22-26 29-30",
    "1-3 6-10 13-17 20-24 27-31",
    "3-7 10-14 17-21 24-28 31",
    "1-4 7-11 14-18 20-24 28-30",
    "8-10 12-16 19-23 26-30",
    "2-6 9-13 16-20 23-27 30",
    "1-4 7-11 14-18 21-25 28-31",
];

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

/// The days of [`WORKING`], in order.
fn working_days() -> Vec<NaiveDate> {
    let mut days = Vec::new();
    for (month, spans) in (1..).zip(WORKING) {
        for span in spans.split(' ') {
            let (first, last) = span.split_once('-').unwrap_or((span, span));
            let number = |text: &str| text.parse::<u32>().expect("a number");
            days.extend((number(first)..=number(last)).map(|it| day(month, it)));
        }
    }
    days
}

/// The `count`th day of the table after a day; none past its end.
fn after(table: &[NaiveDate], from: NaiveDate, count: usize) -> Option<NaiveDate> {
    table.iter().filter(|it| **it > from).nth(count - 1).copied()
}

#[test]
fn due_days_of_a_year_are_those_of_a_table_written_by_hand() {
    let table = working_days();
    assert_eq!(table.len(), 248, "working days of 2026");
    let days: Vec<NaiveDate> = day(1, 1).iter_days().take_while(|it| it.year() == 2026).collect();
    assert_eq!(days.len(), 365);
    let clock = ClockDays::default();
    let mut judged = 0;
    for from in days {
        assert_eq!(workdays().is_working(from), table.contains(&from), "{from}");
        for &(word, stage) in Stage::WORDS.iter().filter(|(_, stage)| !stage.is_final()) {
            let count = match stage {
                Stage::Registered => 1,
                Stage::Assessed => 3,
                Stage::Contacted | Stage::Viewed => 5,
                _ => 10,
            };
            let Some(due) = after(&table, from, count) else { continue };
            assert_eq!(clock.due_on(workdays(), stage, from), due, "{word} on {from}");
            judged += 1;
        }
        let Some(due) = after(&table, from, 3) else { continue };
        assert_eq!(clock.after_answer(workdays(), from), due, "answered on {from}");
    }
    assert!(judged > 5_000, "{judged}");
}

/// A lead that comes at the first or last moment of a day in China is due by that day, whatever the day of Greenwich is.
#[tokio::test(flavor = "multi_thread")]
async fn leads_that_come_around_holidays_are_due_as_the_table_says() {
    let table = working_days();
    for db in database::each().await {
        let clock = Arc::new(SetClock::default());
        let test = TestApp::over(db, &[]).await.with_clock(clock.clone()).await;
        let key = test.key("k", Role::Manager, &["T2"]).await;
        // Around 元旦, 春节, 清明, 劳动节, 端午, 中秋 and 国庆, and a plain week.
        let around = [
            (1, 1),
            (1, 4),
            (2, 13),
            (2, 14),
            (2, 23),
            (4, 3),
            (4, 30),
            (5, 8),
            (6, 18),
            (9, 19),
            (9, 24),
            (9, 30),
            (10, 9),
            (11, 27),
        ];
        for (month, number) in around {
            let came = day(month, number);
            let answered = came.checked_add_days(Days::new(1)).expect("a day");
            for (at, moment) in [Moment::start_of(came), Moment::end_of(came)].into_iter().enumerate() {
                clock.set(moment);
                let (_, sent) = asked(&test, &format!("{came}-{at}"), &["P1"], &["T2"]).await;
                let sql = format!(
                    "SELECT lead_id FROM inquiry WHERE number = '{}'",
                    sent["inquiries"][0]["number"].as_str().expect("a number")
                );
                let lead = json!({ "id": test.db.rows(&sql).await.remove(0) });
                let path = format!("/api/v1/leads/{}", lead["id"].as_str().expect("an id"));
                let shown = ok(&test.staff(&key, "GET", &path, None).await);
                let due = after(&table, came, 1).expect("in the year").to_string();
                assert_eq!(shown["due_on"], json!(due), "{}: came on {came}", test.db.name);
                clock.set(Moment::end_of(answered));
                let answer = ok(&act(&test, &key, &lead, "reply", &json!({ "text": "欢迎来看地。" })).await);
                let due = after(&table, answered, 3).expect("in the year").to_string();
                assert_eq!(answer["due_on"], json!(due), "{}: answered on {answered}", test.db.name);
            }
        }
    }
}

#[test]
fn a_final_stage_is_left_by_reopening_alone_and_the_end_of_a_path_never() {
    let roles = [Role::Admin, Role::Manager, Role::Officer, Role::Observer];
    let mut reopened = 0;
    for path in [SITE_PATH, SPACE_PATH] {
        let ends = path.iter().copied().filter(|stage| stage.is_final()).map(|stage| (stage, stage));
        let beside = [Stage::Lost, Stage::Withdrawn].into_iter();
        let beside = beside.flat_map(|end| path.iter().filter(|it| !it.is_final()).map(move |stood| (end, *stood)));
        for (stage, stood) in ends.chain(beside) {
            let lead = Standing { path, stage, stood };
            for (role, &(word, to)) in roles.iter().flat_map(|role| Stage::WORDS.iter().map(move |to| (*role, to))) {
                let may = role.decides_leads() && !stage.ends_path() && to == stood;
                let found = check_move(lead, role, to, "因为");
                let told = format!("{role:?}: {stage:?}, left at {stood:?}, to {word}");
                assert_eq!(found, if may { Ok(()) } else { Err(StageError::NoWay) }, "{told}");
                if may {
                    reopened += 1;
                    assert_eq!(check_move(lead, role, to, " "), Err(StageError::ReasonMissing), "{told}");
                    assert_eq!(next_stages(lead, role), [to], "{told}");
                }
            }
        }
    }
    // Twelve stages of the long path and five of the short one, two ends beside each, two roles that decide.
    assert_eq!(reopened, (12 + 5) * 2 * 2);
}
