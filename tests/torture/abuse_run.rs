//! The form as a weapon: one victim's inbox, many addresses, forged headers; and the people who ask in earnest meanwhile.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Moment;
use luodi::clock::{Clock as _, SystemClock};
use mail_parser::MessageParser;
use serde_json::json;

use crate::Findings;
use crate::fault_relay::Relay;
use crate::http;
use crate::load_client::{Requests, Seen, closed_loop_of};
use crate::options::Options;
use crate::scene::{Scene, Stage, canaries, drain, end, notice_version};

const VICTIM: &str = "victim@example.com";
const ATTACK: &str = "恭喜中奖 http://evil.example.com";
/// Submits a network an hour, as configured by default.
const AN_HOUR: usize = 10;

/// Who asks, from where, for which inbox.
struct Asks {
    keys: &'static str,
    forwarded: Box<dyn Fn(usize) -> String + Send + Sync>,
    phone: usize,
    email: Box<dyn Fn(usize) -> String + Send + Sync>,
    company: &'static str,
}

/// T26.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let submits = options.number("submits", 10_000);
    let people = options.number("people", 200);
    let forged = options.number("forged", 1_000);
    let guarded = [
        ("LUODI__LIMITS__ENABLED", "true"),
        ("LUODI__SERVER__TRUSTED_HOPS", "1"),
        ("LUODI__LIMITS__REQUESTS_PER_MINUTE", "100000"),
    ];
    for stage in Stage::BOTH {
        let relay = Relay::healthy().await.expect("a relay");
        let Some(mut scene) = Scene::open_with(options, stage, &relay, 1, &guarded).await else { continue };
        let server = scene.servers[0].address;
        let version: Arc<str> = notice_version(&[server], 0).await.into();
        let name = stage.name();
        let hour = hour();
        let attack = |keys, forwarded| Asks {
            keys,
            forwarded,
            phone: 0,
            email: Box::new(|_| VICTIM.to_owned()),
            company: ATTACK,
        };
        let one = attack("one", Box::new(|_: usize| "203.0.113.7".to_owned()) as _);
        let many = attack("many", Box::new(|at: usize| format!("198.51.100.{}", at % 200)) as _);
        // What a client writes itself stands to the left of what our own proxy adds.
        let forgery = attack("forged", Box::new(|at: usize| format!("192.0.2.{}, 203.0.113.99", at % 250)) as _);
        let earnest = Asks {
            keys: "earnest",
            forwarded: Box::new(|at| format!("10.1.{}.{}", at / 250, at % 250)),
            phone: 9_000,
            email: Box::new(|at| format!("person-{at}@example.com")),
            company: "示例机电有限公司",
        };
        let (one, many, earnest) = tokio::join!(
            closed_loop_of(server, 8, submits / 2, requests(one, &version)),
            closed_loop_of(server, 8, submits / 2, requests(many, &version)),
            closed_loop_of(server, 2, people, requests(earnest, &version)),
        );
        let forged = closed_loop_of(server, 8, forged, requests(forgery, &version)).await;
        let hours = 1 + usize::try_from(self::hour() - hour).unwrap_or(0);
        within_cap(&format!("{name}: of {} from one address, taken", one.len()), &one, AN_HOUR * hours, findings);
        within_cap(&format!("{name}: of {} from 200, taken", many.len()), &many, 200 * AN_HOUR * hours, findings);
        let what = format!("{name}: of {} with a forged header, taken", forged.len());
        within_cap(&what, &forged, AN_HOUR * hours, findings);
        let served = taken(&earnest);
        let what = format!("{name}: people in earnest who were served");
        findings.figure(&what, served, &format!("≥ 99 % of {people}"), served * 100 >= people * 99);
        drain(&scene.database, 0, Duration::from_secs(120)).await;
        letters(name, &relay, findings);
        end(&mut scene.servers, findings).await;
        canaries(&scene.setup, findings);
    }
}

/// Windows are hours of the clock.
fn hour() -> i64 {
    let Moment(now) = SystemClock.now();
    now / 3_600_000
}

fn requests(asks: Asks, version: &Arc<str>) -> Arc<Requests> {
    let version = Arc::clone(version);
    Arc::new(move |number| {
        let body = json!({
            "requirement": { "kinds": ["park"], "land_mu": { "min": 30, "max": 50 } },
            "company": asks.company,
            "contact": "王工",
            "phone": format!("1380013{:04}", (asks.phone + number) % 10_000),
            "email": (asks.email)(number),
            "text": asks.company,
            "consent": { "notice_version": &*version },
        });
        let key = format!("{}-{number}", asks.keys);
        let request = http::request("POST", "/api/v1/requirements", Some(&key), &body.to_string());
        let forwarded = format!("X-Forwarded-For: {}\r\n", (asks.forwarded)(number));
        request.replace("Connection: close\r\n", &forwarded).into_bytes()
    })
}

fn taken(seen: &[Seen]) -> usize {
    seen.iter().filter(|seen| seen.status == 201).count()
}

/// Some are taken, the others are refused with 429, and nothing else happens.
fn within_cap(what: &str, seen: &[Seen], cap: usize, findings: &mut Findings) {
    let count = taken(seen);
    let refused = seen.iter().filter(|seen| seen.status == 429).count();
    let well = count > 0 && count <= cap && count + refused == seen.len();
    findings.figure(what, format!("{count}, {refused} refused with 429"), &format!("≤ {cap}"), well);
}

fn letters(name: &str, relay: &Relay, findings: &mut Findings) {
    let mails = relay.accepted();
    let to_victim: Vec<_> = mails.iter().filter(|mail| mail.recipient == VICTIM).collect();
    let count = to_victim.len();
    // `limits.receipts_per_address_day`: the contract's bound.
    findings.figure(&format!("{name}: mails to the victim"), count, "1 to 5 a day", (1..=5).contains(&count));
    let says = |bytes: &[u8]| {
        let message = MessageParser::default().parse(bytes).expect("a mail");
        let bodies = [message.body_text(0), message.body_html(0)].into_iter().flatten();
        bodies.map(String::from).chain(message.subject().map(str::to_owned)).collect::<String>()
    };
    let words = ["中奖", "evil.example.com"];
    let with_text = to_victim.iter().filter(|mail| words.iter().any(|word| says(&mail.bytes).contains(word))).count();
    findings.figure(&format!("{name}: of them with the attacker's words"), with_text, "0", with_text == 0);
}
