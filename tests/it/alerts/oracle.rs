//! What newly fits, against an oracle that compares whole answers before and after each change: small inventories, random
//! changes, random moments of mail.

use std::collections::{BTreeMap, BTreeSet};

use domain::requirement::Requirement;
use luodi::service::{alerts, inventory, matching};
use serde_json::{Value, json};

use super::{Scene, row};
use crate::database;

/// Random numbers that a seed repeats (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// A reader as the oracle sees it.
#[derive(Default)]
struct Reader {
    /// Listings that fitted at the last look.
    fitting: BTreeSet<String>,
    /// Those that newly fit and were not told.
    due: BTreeSet<String>,
    told: BTreeSet<String>,
    /// Hour of the last mail.
    mailed: Option<i64>,
}

impl Reader {
    fn look(&mut self, now: BTreeSet<String>) {
        let newly: Vec<String> = now.difference(&self.fitting).cloned().collect();
        self.due.extend(newly.into_iter().filter(|id| !self.told.contains(id)));
        self.due.retain(|id| now.contains(id));
        self.fitting = now;
    }

    /// The listings of the mail that goes at an hour; none where none goes.
    fn mail(&mut self, hour: i64) -> Option<BTreeSet<String>> {
        let may_go = self.mailed.is_none_or(|last| hour - last >= 7 * 24);
        (may_go && !self.due.is_empty()).then(|| {
            self.mailed = Some(hour);
            let told = std::mem::take(&mut self.due);
            self.told.extend(told.iter().cloned());
            told
        })
    }
}

const IDS: [&str; 6] = ["P1", "P2", "P3", "P4", "P5", "P6"];
const STATUSES: [&str; 4] = ["available", "available", "sold", "off"];

fn needs() -> Vec<Value> {
    vec![
        json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 } }),
        json!({ "kinds": ["plot"], "land_mu": { "min": 10, "max": 60 }, "price_wan_per_mu_max": 40 }),
        json!({ "kinds": ["plot"], "price_wan_per_mu_max": 60, "prefer": ["price"], "land_mu": { "max": 30 } }),
    ]
}

/// The ids that fit a need in full, by a whole answer.
fn answer(scene: &Scene, need: &Value) -> BTreeSet<String> {
    let requirement = Requirement::from_json(need).expect("a need");
    let found = matching::answer(&scene.test.app, &requirement, 200);
    found.matched.iter().map(|it| it.listing.id.to_string()).collect()
}

/// The ids that a mail names.
fn named(text: &str) -> BTreeSet<String> {
    IDS.iter().filter(|id| text.contains(&format!("/plots/{id}"))).map(|id| (*id).to_owned()).collect()
}

async fn life(scene: &Scene, seed: u64) -> (usize, usize) {
    let mut dice = Dice(seed);
    let mut changes: Vec<String> = IDS[..3].iter().map(|id| random_row(&mut dice, id)).collect();
    scene.plots(&changes).await;
    let mut readers: BTreeMap<String, (Value, Reader)> = BTreeMap::new();
    for (at, need) in needs().into_iter().enumerate() {
        let address = format!("s{seed}r{at}@example.com");
        scene.alert(&need, &address).await;
        let seen = answer(scene, &need);
        readers.insert(address, (need, Reader { fitting: seen, ..Reader::default() }));
    }
    let (mut hour, mut mails, mut told) = (0, 0, 0);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..14 {
        changes.clear();
        let first = dice.roll(IDS.len() as u64) as usize;
        for at in 0..=dice.roll(2) as usize {
            changes.push(random_row(&mut dice, IDS[(first + at) % IDS.len()]));
        }
        scene.plots(&changes).await;
        inventory::refresh(&scene.test.app).await.expect("follows");
        alerts::follow(&scene.test.app).await.expect("judges");
        for (need, reader) in readers.values_mut() {
            reader.look(answer(scene, need));
        }
        let hours = dice.roll(120) as i64;
        hour += hours;
        scene.clock.set(scene.test.app.clock.now().plus_seconds(hours * 3_600));
        alerts::send(&scene.test.app).await.expect("sends");
        for (address, (_, reader)) in &mut readers {
            let sent = scene.news(address).await;
            let before = counts.insert(address.clone(), sent.len()).unwrap_or_default();
            let expected = reader.mail(hour);
            assert_eq!(sent.len() - before, usize::from(expected.is_some()), "{seed} {address} at {hour}");
            if let Some(expected) = expected {
                let text = sent.iter().find(|text| named(text) == expected);
                assert!(text.is_some(), "{seed} {address} at {hour}: {expected:?} in {sent:?}");
                mails += 1;
                told += expected.len();
            }
        }
    }
    (mails, told)
}

fn random_row(dice: &mut Dice, id: &str) -> String {
    let mu = 15 + dice.roll(35) as u32;
    let price = mu * (30 + dice.roll(40) as u32);
    row(id, mu, price, STATUSES[dice.roll(4) as usize])
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_tell_what_whole_answers_before_and_after_each_change_say_and_nothing_else() {
    let (mut mails, mut told) = (0, 0);
    for seed in 1..=6 {
        for db in database::each().await {
            let scene = Scene::over(db, &[]).await;
            let (sent, named) = life(&scene, seed).await;
            (mails, told) = (mails + sent, told + named);
        }
    }
    println!("lives compared: mails {mails}, listings told {told}");
    assert!(mails > 30 && told > 50, "the lives are lively: {mails} mails, {told} listings");
}
