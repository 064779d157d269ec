//! Every template in every locale, rendered by the program itself: whole, worded, accessible, and safe under the policy.

use axum::http::{Request, StatusCode};
use domain::account::Role;
use domain::listing::Kind;
use domain::record::Policies;
use futures_util::StreamExt as _;
use luodi::db::words::MailPurpose;
use luodi::service::accounts;
use luodi::web::view::TEMPLATES;
use scraper::{ElementRef, Html, Selector};
use serde_json::json;

use crate::app::TestApp;

const SPACES: &str = "space_no,name,kind,province,city,county,park_code,available_m2,rent_yuan_m2_month,demo,verified_on\n\
    S1,示例孵化空间,incubator,浙江省,宁波市,北仑区,T1,800,25,yes,2026-10-01\n";

const POLICIES: &str = "policy_id,title,issuer,document_no,issued_on,valid_until,region_code,summary,demo\n\
    Z1,示例办法,示例市政府,示府发〔2020〕1号,2020-01-02,2022-01-01,330200,第一段,yes\n";

pub(crate) fn select<'h>(html: &'h Html, css: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(css).expect("a selector")).collect()
}

fn form(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| luodi::web::view::encode(text);
    pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

/// A browser without scripts: asks for pages, keeps one cookie.
pub(crate) struct Browser<'t> {
    pub(crate) test: &'t TestApp,
    pub(crate) cookie: String,
}

/// A page, or where it sends the reader.
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
    pub(crate) location: String,
    pub(crate) cache: String,
}

impl Seen {
    pub(crate) fn html(&self) -> Html {
        Html::parse_document(&self.text)
    }
}

impl Browser<'_> {
    pub(crate) async fn get(&mut self, path: &str) -> Seen {
        self.send(Request::get(path).body(axum::body::Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Seen {
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(form(pairs)))
            .expect("a request");
        self.send(request).await
    }

    /// Sends a form with a file.
    pub(crate) async fn upload(&mut self, path: &str, pairs: &[(&str, &str)], file: (&str, &[u8])) -> Seen {
        const EDGE: &str = "luodi-test-boundary";
        let mut body = Vec::new();
        for (name, value) in pairs {
            let part = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            file.0
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file.1);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let request = Request::post(path)
            .header("content-type", format!("multipart/form-data; boundary={EDGE}"))
            .body(axum::body::Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Sends the beginning of a form with a file, and never its end.
    pub(crate) async fn never_ending(&mut self, path: &str) -> Seen {
        let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"slow.csv\"\r\n\r\nplot_no";
        let first = futures_util::stream::iter([Ok::<_, std::io::Error>(head)]);
        let body = axum::body::Body::from_stream(first.chain(futures_util::stream::pending()));
        let request = Request::post(path).header("content-type", "multipart/form-data; boundary=edge").body(body);
        self.send(request.expect("a request")).await
    }

    async fn send(&mut self, mut request: Request<axum::body::Body>) -> Seen {
        let headers = request.headers_mut();
        headers.insert("accept", "text/html,*/*;q=0.8".parse().expect("a value"));
        headers.insert("sec-fetch-site", "same-origin".parse().expect("a value"));
        headers.insert("cookie", self.cookie.parse().expect("a value"));
        let reply = self.test.send(request).await;
        let header =
            |name: &str| reply.headers.get(name).map_or("", |value| value.to_str().unwrap_or_default()).to_owned();
        if let Some(cookie) = header("set-cookie").split(';').next().filter(|cookie| !cookie.is_empty()) {
            self.cookie = cookie.to_owned();
        }
        let (location, cache) = (header("location"), header("cache-control"));
        Seen { status: reply.status, location, cache, text: reply.text }
    }
}

/// An inquiry on its way: the app, the requirement's reference.
async fn stocked() -> (TestApp, String) {
    let test = TestApp::sqlite().await;
    test.import(Kind::Space, SPACES).await;
    test.import(Policies, POLICIES).await;
    let reference = test.submitted("templates-1").await;
    let sent = test
        .post_with(
            &format!("/api/v1/requirements/{reference}/inquiries"),
            "templates-2",
            &TestApp::inquiry(&["P1", "P2"], &["T1", "T2"]),
        )
        .await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    (test, reference)
}

const TEXT: &str = "我们做水泵,在台州温岭找25亩左右工业地,年税收700万,地价不超过40万/亩,王工 13800138000";

#[tokio::test(flavor = "multi_thread")]
async fn every_template_renders_in_every_locale() {
    let (test, reference) = stocked().await;
    let link = accounts::invite(&test.app, "admin@example.com", Role::Admin, None).await.expect("a link");
    let link = link[link.find("/staff").expect("a path")..].to_owned();
    let mut staff = Browser { test: &test, cookie: String::new() };
    for prefix in ["", "/en"] {
        let seen = staff.get(&format!("{prefix}{link}")).await;
        check("staff/link.html", prefix, &seen);
    }
    assert_eq!(staff.post(&link, &[("password", "a sentence of twelve")]).await.status, StatusCode::SEE_OTHER);
    let inbox = staff.get("/staff").await.html();
    let lead = select(&inbox, ".lead h2 a")[0].attr("href").expect("a link").to_owned();
    accounts::invite(&test.app, "officer@example.com", Role::Officer, Some("T1")).await.expect("a link");
    let officer = test.app.db.account_by_email("officer@example.com").await.expect("reads").expect("an account").id;
    let columns = "id, park_code, address, shown, format, events, secret, account_id, created_at, lease_until, next_at";
    let values =
        "'hook', '', 'https://a.example/x', 'https://a.example/…x', 'json', ';lead.created;', '', 'x', 1, 0, 0";
    test.db.execute(&format!("INSERT INTO webhook ({columns}) VALUES ({values})")).await;
    let columns = "event_id, webhook_id, turn, event, at, lead_id, number, park_code, stage, state, attempts, next_at, last_error";
    let values = "'e1', 'hook', 1, 'lead.created', 1, 'l', 'LD1', 'T1', 'registered', 'held', 10, 1, 'http_500'";
    test.db.execute(&format!("INSERT INTO webhook_delivery ({columns}) VALUES ({values})")).await;
    let ticket = reported(&mut staff).await;
    let alert = alerted(&test).await;
    let reports = staff.get("/staff/reports").await.html();
    let report = select(&reports, ".lead h2 a")[0].attr("href").expect("a link").to_owned();
    let question = asked(&test).await;
    let cells = [("of", "Z1"), ("policy_id", "Z1"), ("title", "示例《办法"), ("body", "## 要点\n\n- 一")];
    let draft = staff.post("/staff/policies", &cells).await.location;
    let share = staff.post("/shares", &[("ids", "P1"), ("land_mu.min", "20")]).await.location;
    let share = share.split('?').next().expect("a path").to_owned();
    let shared =
        format!("/shared/{}", luodi::service::shares::readers_token(share.rsplit('/').next().expect("a token")));
    let mut done = vec!["layout.html", "components.html", "alert_form.html", "staff/link.html"];
    // Behind mailed links and second factors, looked at by the tests of people.
    done.extend(["staff/reset.html", "staff/unlock.html", "staff/code.html"]);
    for prefix in ["", "/en"] {
        let mut reader = Browser { test: &test, cookie: String::new() };
        let mut see = |template: &'static str, seen: Seen| {
            check(template, prefix, &seen);
            done.push(template);
        };
        let at = |path: &str| format!("{prefix}{path}");
        for (template, path) in [
            ("home.html", "/?land_mu.min=30"),
            ("matches.html", "/matches?land_mu.min=20&land_mu.max=40&tax_wan=100"),
            ("inquiry.html", "/inquiry?listings=P1&land_mu.min=20"),
            ("listing.html", "/plots/P1?land_mu.min=20&tax_wan=100"),
            ("listing.html", "/spaces/S1"),
            ("listing.html", "/parks/T1"),
            ("list.html", "/plots?region=浙江&page=1"),
            ("list.html", "/spaces"),
            ("list.html", "/parks?industry=36&region=nowhere"),
            ("compare.html", "/compare?ids=P1,P2,none&land_mu.min=20"),
            ("compare.html", "/compare"),
            ("brief.html", "/brief?ids=P1&ids=P2&land_mu.min=20&regions=330200"),
            ("brief_body.html", "/brief?ids=none"),
            ("map.html", "/matches?kinds=plot&regions=330200&sort=near&only_region=x"),
            ("search.html", "/search?q=示例"),
            ("search.html", "/search"),
            ("policy.html", "/policies/Z1"),
            ("policy_article.html", "/policies/Z1"),
            ("report.html", "/report?kind=policy&id=Z1"),
            ("policies.html", "/policies"),
            ("privacy.html", "/privacy"),
            ("ranking.html", "/ranking"),
            ("lost.html", "/lost"),
            ("alert_asked.html", "/alerts?land_mu.min=20"),
            ("alert.html", alert.as_str()),
            ("report.html", "/report?kind=plot&id=P1"),
            ("staff/sign_in.html", "/staff/sign-in?next=/staff/tasks"),
            ("staff/forgot.html", "/staff/forgot"),
        ] {
            see(template, reader.get(&at(&encoded(path))).await);
        }
        see("requirement.html", reader.get(&at(&format!("/requirements/{reference}"))).await);
        see("read.html", reader.post(&at("/"), &[("text", TEXT), ("land_mu.min", "50"), ("land_mu.max", "30")]).await);
        see("error.html", reader.get(&at("/plots/none")).await);
        see("share.html", reader.get(&at(&share)).await);
        see("shared.html", reader.get(&at(&shared)).await);
        see("ticket.html", reader.get(&at(&ticket)).await);
        let stop = test.app.db.mail_choice("officer@example.com", MailPurpose::Digest, test.app.clock.now()).await;
        let stop = stop.expect("a choice").token;
        see("unsubscribe.html", reader.get(&at(&format!("/unsubscribe/{stop}"))).await);
        see("still_valid.html", reader.get(&at(&format!("/still-valid/{question}"))).await);
        for (template, path) in [
            ("staff/inbox.html", "/staff"),
            ("staff/tasks.html", "/staff/tasks"),
            ("staff/promises.html", "/staff/promises"),
            ("staff/lead.html", lead.as_str()),
            ("staff/forms.html", lead.as_str()),
            ("staff/typed_in.html", "/staff/leads/new"),
            ("staff/callers.html", "/staff/listings/plot/P1/callers"),
            ("staff/assignment.html", "/staff/assignment?park=T1"),
            ("staff/contact.html", &format!("{lead}/contact")),
            ("staff/people.html", "/staff/people"),
            ("staff/sphere.html", "/staff/people"),
            ("staff/person.html", &format!("/staff/people/{officer}")),
            ("staff/me.html", "/staff/me"),
            ("staff/factor.html", "/staff/me/factor"),
            ("staff/kept.html", "/staff/kept"),
            ("staff/holds.html", "/staff/holds?listing=P1"),
            ("staff/reports.html", "/staff/reports"),
            ("staff/ledger.html", "/staff/ledger/weekly"),
            ("staff/ledger_rows.html", "/staff/ledger/weekly/rows/new"),
            ("staff/webhooks.html", "/staff/webhooks"),
            ("staff/webhook.html", "/staff/webhooks/hook"),
            ("staff/unmet.html", "/staff/unmet"),
            ("staff/export.html", "/staff/export"),
            ("staff/report.html", report.as_str()),
            ("staff/policies.html", "/staff/policies"),
            ("staff/policy_form.html", "/staff/policies/form?of=Z1"),
            ("staff/policy_draft.html", draft.as_str()),
            ("staff/policy_changes.html", draft.as_str()),
            ("staff/policy_versions.html", "/staff/policies/versions?of=Z1"),
        ] {
            see(template, staff.get(&at(path)).await);
        }
        for (template, seen) in inventory_pages(&mut staff, prefix).await {
            see(template, seen);
        }
        let page = staff.get(&at(&lead)).await.html();
        let heads: Vec<String> = select(&page, ".reasons th[scope=col]").iter().map(|th| th.text().collect()).collect();
        let whose = if prefix.is_empty() { "企业需要" } else { "The enterprise needs" };
        assert!(heads.iter().any(|head| head == whose), "to staff the need is the enterprise's: {heads:?}");
    }
    let mut reader = Browser { test: &test, cookie: String::new() };
    for prefix in ["", "/en"] {
        let reference = if prefix.is_empty() { reference.clone() } else { test.submitted("templates-3").await };
        let seen = reader.post(&format!("{prefix}/requirements/{reference}/erase"), &[("sure", "yes")]).await;
        check("erased.html", prefix, &seen);
    }
    done.push("erased.html");
    // XML, read by the tests of the policy library.
    done.extend(["policies.atom", "sitemap.xml"]);
    // In development alone: `dev_pages.rs` and the browser's walk look at them.
    done.extend(["dev_mails.html", "dev_mail.html", "dev_components.html"]);
    let missing: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).filter(|name| !done.contains(name)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// The pages on which staff keep the inventory.
async fn inventory_pages(staff: &mut Browser<'_>, prefix: &str) -> Vec<(&'static str, Seen)> {
    let at = |path: &str| format!("{prefix}{path}");
    let file = "地块编号,省,面机,面积（亩）,状态\nP1,浙江省,x,45,下架\nN1,浙江省,x,约20,可供\n";
    let uploaded = staff.upload(&at("/staff/imports"), &[("kind", "plot")], ("地块.csv", file.as_bytes())).await;
    let mut seen = vec![("staff/import.html", staff.get(&uploaded.location).await)];
    let names = [("name.2", "面机"), ("means.2", "-")];
    staff.post(&format!("{}/choose", uploaded.location), &names).await;
    seen.push(("staff/import.html", staff.get(&uploaded.location).await));
    seen.push(("staff/imports.html", staff.get(&at("/staff/imports")).await));
    seen.push(("staff/listings.html", staff.get(&at("/staff/listings?q=P")).await));
    seen.push(("staff/listing.html", staff.get(&at("/staff/listings/plot")).await));
    seen.push(("staff/listing.html", staff.get(&at("/staff/listings/space/S1")).await));
    let old = [("version", "0"), ("area_mu", "31")];
    seen.push(("staff/listing_conflict.html", staff.post(&at("/staff/listings/plot/P1"), &old).await));
    seen.push(("staff/park.html", staff.get(&at("/staff/parks/T1")).await));
    staff.post(&at("/staff/parks/T1/inbox"), &[("inbox_email", "new@example.com")]).await;
    let link = crate::portal::confirmation(staff.test).await;
    seen.push(("staff/inbox_confirm.html", staff.get(&at(&link)).await));
    seen
}

/// Asks for an alert and returns the path of its page.
async fn alerted(test: &TestApp) -> String {
    let need = json!({ "land_mu": { "min": 20 } });
    let request = luodi::service::alerts::AlertRequest {
        requirement: domain::requirement::Requirement::from_json(&need).expect("a need"),
        email: "reader@example.com".into(),
        consents: true,
        notice_version: luodi::service::notice::VERSION.into(),
        locale: luodi::i18n::Locale::ZhHans,
        network: "192.0.2.1".into(),
        key: luodi::ids::reference(),
    };
    luodi::service::alerts::ask(&test.app, request).await.expect("asked");
    let token = test.db.rows("SELECT token FROM alert").await.remove(0);
    format!("/alerts/{token}")
}

/// Reports P1 and returns the path of the ticket.
async fn reported(browser: &mut Browser<'_>) -> String {
    let sent = browser.post("/report", &[("kind", "plot"), ("id", "P1"), ("reason", "price")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    sent.location
}

/// Stores a monthly question about P2 and returns its token.
async fn asked(test: &TestApp) -> String {
    let token = "a".repeat(64);
    let (hash, later) = (luodi::ids::token_hash(&token), test.app.clock.now().plus_seconds(3_600).0);
    test.db
        .execute(&format!(
            "INSERT INTO still_valid (id, park_code, month, token, listings, asked_at, expires_at) \
             VALUES ('q1', 'T1', '2026-11', '{hash}', '[[\"plot\",\"P2\"]]', 0, {later})"
        ))
        .await;
    token
}

pub(crate) fn encoded(path: &str) -> String {
    path.chars().map(|c| if c.is_ascii() { c.to_string() } else { luodi::web::view::encode(&c.to_string()) }).collect()
}

pub(crate) fn check(template: &str, prefix: &str, seen: &Seen) {
    let html = seen.html();
    let page = format!("{template} {prefix}");
    assert!(
        seen.status.as_u16() < 500 && seen.status != StatusCode::SEE_OTHER,
        "{page}: {} {}",
        seen.status,
        seen.text
    );
    let lang = select(&html, "html")[0].attr("lang").unwrap_or_default().to_owned();
    assert_eq!(lang, if prefix.is_empty() { "zh-Hans" } else { "en" }, "{page}");
    assert!(!select(&html, "h1").is_empty(), "{page} has no heading");
    is_worded(&page, &html);
    is_labelled(&page, &html);
    obeys_the_policy(&page, &html);
}

/// No key and no placeholder shows.
fn is_worded(page: &str, html: &Html) {
    let shown: String = select(html, "body")[0].text().collect();
    for (key, _) in luodi::i18n::catalogue(luodi::i18n::Locale::En).iter() {
        let group = key.split('.').next().unwrap_or_default();
        // A mail address may hold what looks like a key.
        assert!(!shown.split_whitespace().any(|word| word == key && key.len() > group.len() + 3), "{page} shows {key}");
    }
    for hole in ["{name}", "{n}", "{amount}", "{value}", "undefined", "None"] {
        assert!(!shown.split_whitespace().any(|word| word.contains(hole)), "{page} shows {hole}");
    }
}

/// Every control has a name that is read out, every id stands once, every link goes somewhere.
fn is_labelled(page: &str, html: &Html) {
    for control in select(html, "input:not([type=hidden]), select, textarea") {
        let own = control.attr("id").is_some_and(|id| !select(html, &format!("label[for=\"{id}\"]")).is_empty());
        let around = control.ancestors().filter_map(ElementRef::wrap).any(|it| it.value().name() == "label");
        assert!(own || around, "{page}: {} has no label", control.html());
    }
    let mut ids: Vec<&str> = select(html, "[id]").into_iter().filter_map(|it| it.attr("id")).collect();
    ids.sort_unstable();
    let before = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), before, "{page} repeats an id: {ids:?}");
    for link in select(html, "a") {
        let href = link.attr("href").unwrap_or_default();
        assert!(!href.is_empty() && link.text().any(|text| !text.trim().is_empty()), "{page}: {}", link.html());
    }
}

/// Nothing that the content security policy would block: no inline style or script, nothing from another host.
fn obeys_the_policy(page: &str, html: &Html) {
    for element in select(html, "*") {
        for (name, value) in element.value().attrs() {
            assert!(name != "style" && !name.starts_with("on"), "{page}: {name} on {}", element.value().name());
            let loads = matches!((element.value().name(), name), ("script" | "img", "src") | ("link", "href"));
            let own = value.starts_with('/') && !value.starts_with("//") || value.starts_with("http://127.0.0.1");
            assert!(!loads || own, "{page} loads {value}");
        }
        if element.value().name() == "script" && element.attr("type") != Some("application/ld+json") {
            assert!(element.attr("src").is_some(), "{page} has an inline script");
        }
    }
}
