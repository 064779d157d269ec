//! Markup in every field that visitors and imports fill: what a real browser and a mail parser make of it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mail_parser::MessageParser;
use scraper::Html;
use serde_json::json;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebDriver};
use tokio::net::TcpListener;

use crate::Findings;
use crate::driver::{self, Screen};
use crate::fault_relay::{At, Does, Offers, Relay, Situation};
use crate::options::Options;
use crate::scene::{PARKS, Scene, Stage, canaries, drain, end, insist, notice_version, park};
use crate::server::Setup;

/// What would run, fetch or become an element if any page or mail failed to escape it. `@` is the payload's number.
const PAYLOADS: [&str; 25] = [
    "<script>alert(@)</script>",
    "\"><script>alert(@)</script>",
    "'><img src=x onerror=alert(@)>",
    "<img src=//127.0.0.1:PORT/@>",
    "<svg/onload=alert(@)>",
    "</title><svg onload=alert(@)>",
    "</textarea><script>alert(@)</script>",
    "\" autofocus onfocus=alert(@) x=\"",
    "' autofocus onfocus=alert(@) x='",
    "<a href=javascript:alert(@)>x</a>",
    "javascript:alert(@)",
    "<iframe srcdoc='<script>alert(@)</script>'>",
    "<link rel=stylesheet href=//127.0.0.1:PORT/@>",
    "<base href=//127.0.0.1:PORT/@/>",
    "<meta http-equiv=refresh content='0;url=//127.0.0.1:PORT/@'>",
    "<form action=//127.0.0.1:PORT/@><button>x",
    "{{7*7}}@{% raw %}",
    "${alert(@)}`alert(@)`",
    "<!--<img src=x onerror=alert(@)>-->",
    "<style>@import '//127.0.0.1:PORT/@';</style>",
    "<details open ontoggle=alert(@)>",
    "<math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=alert(@) src>",
    "&lt;script&gt;alert(@)&lt;/script&gt;",
    "＜script＞alert(@)＜/script＞<x-mark>",
    "]]><x-mark onclick=alert(@)>@",
];

/// T25.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let count = options.number("payloads", 500);
    let Some(browser) = driver::start() else { return };
    let (beacon, fetched) = beacon().await;
    let relay = relay(beacon).await;
    let Some(mut scene) = Scene::open(options, Stage::Sqlite, &relay, 1).await else { return };
    let server = scene.servers[0].address;
    import_marked(&scene.setup, beacon);
    let references = submit(server, count, beacon).await;
    drain(&scene.database, 0, Duration::from_secs(120)).await;
    mails(&relay, findings);
    let window = browser.open(Screen::Desk).await;
    window.set_implicit_wait_timeout(Duration::ZERO).await.expect("a limit");
    // A page that hangs is a figure, too.
    window.set_page_load_timeout(Duration::from_secs(60)).await.expect("a limit");
    let started = Instant::now();
    let mut visit = Visit { window: &window, server, beacon, pages: 0, dialogs: 0, elements: 0, failed: 0, moved: 0 };
    let walked = visit.everything(&scene.setup, &references).await;
    let log = window.browser_log().await.unwrap_or_default();
    let a_second = visit.pages as f64 / started.elapsed().as_secs_f64();
    findings.note("pages visited", format!("{}, {a_second:.1} a second", visit.pages));
    findings.figure("leads moved on with a note of markup", visit.moved, "a fifth", visit.moved * 5 + 5 > count);
    findings.figure(
        "the visit",
        walked.err().map_or("whole".to_owned(), |it| it.to_string()),
        "whole",
        visit.pages > count,
    );
    findings.figure("pages not had", visit.failed, "0", visit.failed == 0);
    findings.figure("dialogs", visit.dialogs, "0", visit.dialogs == 0);
    findings.figure("elements out of payloads", visit.elements, "0", visit.elements == 0);
    let severe: Vec<_> = log.iter().filter(|entry| entry.level == "SEVERE").collect();
    findings.figure("violations of the content policy and other errors", severe.len(), "0", severe.is_empty());
    for entry in severe.iter().take(3) {
        println!("       {}", entry.message);
    }
    window.quit().await.expect("closes");
    let fetched = fetched.load(Ordering::Relaxed);
    findings.figure("foreign requests", fetched, "0", fetched == 0);
    end(&mut scene.servers, findings).await;
    canaries(&scene.setup, findings);
}

fn payload(number: usize, beacon: SocketAddr) -> String {
    PAYLOADS[number % PAYLOADS.len()].replace('@', &number.to_string()).replace("PORT", &beacon.port().to_string())
}

/// A relay that refuses every fourth park's mail in words that are markup too: staff read them.
async fn relay(beacon: SocketAddr) -> Relay {
    // As many as there are payloads, for as long as the run lasts.
    let refusals: Vec<&'static str> =
        (0..PAYLOADS.len()).map(|number| &*format!("550 5.1.1 {}", payload(number, beacon)).leak()).collect();
    let script = move |at: At, it: &Situation| {
        let inbox: Option<usize> = it.recipient.as_ref()?.strip_prefix("inbox-")?.split('@').next()?.parse().ok();
        let inbox = inbox.filter(|inbox| at == At::Rcpt && inbox % 4 == 3)?;
        Some(Does::Says(refusals[inbox / 4 % refusals.len()]))
    };
    Relay::scripted(Offers::default(), script).await.expect("a relay")
}

/// Whoever fetches anything from here was made to.
async fn beacon() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (address, count) = (listener.local_addr().expect("an address"), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    (address, count)
}

/// Parks whose names and addresses are markup too.
fn import_marked(setup: &Setup, beacon: SocketAddr) {
    let mut table = "code,name,level,province,inbox_email,tags\n".to_owned();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    for number in 0..PARKS {
        let words = quoted(&payload(number, beacon));
        table.push_str(&format!("{},{words},省级,浙江省,inbox-{number}@example.com,{words}\n", park(number)));
    }
    let file = setup.folder.join("marked.csv");
    std::fs::write(&file, table).expect("writes");
    let output = setup.command(&["import", "parks", &file.display().to_string()]).output().expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

async fn submit(server: SocketAddr, count: usize, beacon: SocketAddr) -> Vec<String> {
    let servers = [server];
    let version = notice_version(&servers, 0).await;
    let mut references = Vec::new();
    for number in 0..count {
        let words = payload(number, beacon);
        let body = json!({
            "requirement": { "kinds": ["park"], "land_mu": { "min": 30, "max": 50 } },
            "company": words, "contact": words, "text": words,
            "phone": "13800138000", "email": format!("client-{number}@example.com"),
            "consent": { "notice_version": version },
        });
        let answer = insist(&servers, "requirements", Some((&format!("mark-{number}"), &body)), 0).await;
        let reference = answer["reference"].as_str().expect("a reference").to_owned();
        let to = park(number % PARKS);
        let send = json!({ "listings": [to], "consent": { "notice_version": version, "parks": [to] } });
        let path = format!("requirements/{reference}/inquiries");
        insist(&servers, &path, Some((&format!("sent-{number}"), &send)), 0).await;
        references.push(reference);
    }
    references
}

/// The elements and attribute names of a mail, in order: what was typed may not change them.
fn skeleton(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let elements = document.root_element().descendent_elements();
    elements
        .map(|element| {
            let attributes: Vec<_> = element.value().attrs().map(|(name, _)| name).collect();
            format!("{} {}", element.value().name(), attributes.join(" "))
        })
        .collect()
}

fn mails(relay: &Relay, findings: &mut Findings) {
    let mut shapes: BTreeMap<(bool, Vec<String>), usize> = BTreeMap::new();
    let mails = relay.accepted();
    let mut with_header = 0;
    for mail in &mails {
        let message = MessageParser::default().parse(&mail.bytes).expect("a mail");
        let is_inquiry = message.header("X-Luodi-Inquiry").is_some();
        let html = message.body_html(0).unwrap_or_default();
        *shapes.entry((is_inquiry, skeleton(&html))).or_default() += 1;
        with_header += usize::from(message.header("Bcc").is_some() || message.header("Cc").is_some());
    }
    findings.note("mails parsed", mails.len());
    let kinds: Vec<_> = shapes.keys().map(|(is_inquiry, _)| is_inquiry).collect();
    let one_each = kinds.len() == 2 && kinds[0] != kinds[1];
    findings.figure("shapes of receipts and inquiries", shapes.len(), "2: one each", one_each);
    findings.figure("mails with a recipient header out of a payload", with_header, "0", with_header == 0);
}

struct Visit<'a> {
    window: &'a WebDriver,
    server: SocketAddr,
    beacon: SocketAddr,
    pages: usize,
    dialogs: usize,
    elements: usize,
    failed: usize,
    /// Leads that staff moved on, with a note that is markup.
    moved: usize,
}

impl Visit<'_> {
    async fn everything(&mut self, setup: &Setup, references: &[String]) -> WebDriverResult<()> {
        self.sign_in(setup).await?;
        let mut leads = Vec::new();
        for page in 1.. {
            self.look(&format!("/staff?page={page}")).await?;
            let found = self.links("a[href*='/staff/leads/']").await?;
            let fresh: Vec<_> = found.into_iter().filter(|link| !leads.contains(link)).collect();
            if fresh.is_empty() {
                break;
            }
            leads.extend(fresh);
        }
        for (turn, lead) in leads.iter().enumerate() {
            self.look(lead).await?;
            // Who reveals the contact sees the person's name too.
            if turn.is_multiple_of(5) && self.press("form[action$=reveal] button").await? {
                self.inspect().await?;
            }
            if turn % 5 == 1 {
                self.move_on(turn).await?;
            }
        }
        self.look("/staff/tasks").await?;
        for number in 0..PARKS.min(100) {
            self.look(&format!("/parks/{}", park(number))).await?;
        }
        for reference in references.iter().step_by(5) {
            self.look(&format!("/requirements/{reference}")).await?;
            self.look(&format!("/requirements/{reference}/matches")).await?;
        }
        for (number, words) in PAYLOADS.iter().enumerate() {
            let typed: String =
                words.replace('@', &number.to_string()).bytes().map(|it| format!("%{it:02X}")).collect();
            for page in ["/search?q=", "/parks?q=", "/compare?ids=", "/matches?text=", "/?text=", "/en/search?q="] {
                self.look(&format!("{page}{typed}")).await?;
            }
        }
        Ok(())
    }

    async fn sign_in(&mut self, setup: &Setup) -> WebDriverResult<()> {
        let output = setup.command(&["user", "add", "staff@example.com", "--role", "admin"]).output().expect("runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let path =
            printed.split_whitespace().find_map(|word| word.find("/staff/link/").map(|at| word[at..].to_owned()));
        self.look(&path.expect("a link")).await?;
        let field = self.window.find(By::Css("#f-password")).await?;
        field.send_keys("a sentence of twelve").await?;
        self.press(".narrow button.primary").await?;
        self.inspect().await
    }

    async fn move_on(&mut self, turn: usize) -> WebDriverResult<()> {
        let Some(note) = self.window.find_all(By::Css("#f-note")).await?.into_iter().next() else { return Ok(()) };
        note.send_keys(payload(turn / 5, self.beacon)).await?;
        if self.press("form[action$=stage] button.primary").await? {
            self.moved += 1;
            self.inspect().await?;
        }
        Ok(())
    }

    async fn press(&mut self, css: &str) -> WebDriverResult<bool> {
        let Some(button) = self.window.find_all(By::Css(css)).await?.into_iter().next() else { return Ok(false) };
        driver::tap(self.window, &button).await?;
        Ok(true)
    }

    async fn look(&mut self, path: &str) -> WebDriverResult<()> {
        self.window.goto(format!("http://{}{path}", self.server)).await?;
        self.inspect().await
    }

    /// A dialog, an element that no page of ours has, or a page that is none.
    async fn inspect(&mut self) -> WebDriverResult<()> {
        const FOREIGN: &str =
            "const found = document.querySelectorAll(`x-mark, math, iframe, base, [onerror], [onload],
            [onfocus], [onclick], [ontoggle], meta[http-equiv], link[rel=stylesheet]:not([href^=\"/static/\"]), a[href^=javascript],
            style, main script:not([type=\"application/ld+json\"])`);
            return [found.length, document.querySelectorAll('h1').length, found[0]?.outerHTML ?? ''];";
        self.pages += 1;
        if self.window.get_alert_text().await.is_ok() {
            self.dialogs += 1;
            self.window.dismiss_alert().await?;
        }
        let (found, headings, first): (usize, usize, String) =
            self.window.execute(FOREIGN, Vec::new()).await?.convert()?;
        if found > 0 && self.elements == 0 {
            println!("       {}: {first}", self.window.current_url().await?);
        }
        self.elements += found;
        self.failed += usize::from(headings == 0);
        Ok(())
    }

    async fn links(&self, css: &str) -> WebDriverResult<Vec<String>> {
        const PATHS: &str = "return [...document.querySelectorAll(arguments[0])].map((it) => it.pathname);";
        let found: Vec<String> = self.window.execute(PATHS, vec![css.into()]).await?.convert()?;
        Ok(found.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect())
    }
}
