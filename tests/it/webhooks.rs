//! Webhooks from the change of a lead to the receiver: what is written, sent, signed, repeated, held and queued again.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::account::Role;
use domain::time::{Moment, SECONDS_PER_DAY, parse_day};
use luodi::service::webhooks::address::may_call;
use luodi::worker::webhook_http::WebhookClient;
use luodi::worker::webhooks::{round, work};
use ring::hmac;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::app::{SetClock, TestApp};
use crate::database;
use crate::desk::{act, asked, ok, only};

/// A request as a receiver got it.
#[derive(Clone, Debug)]
struct Got {
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> String {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Number and kind of the event.
    fn told(&self) -> (String, String) {
        let body = self.json();
        (
            body["data"]["number"].as_str().expect("a number").to_owned(),
            body["type"].as_str().expect("a type").to_owned(),
        )
    }
}

/// A receiver on this machine that gives one answer after the other, the last one again and again.
struct Receiver {
    port: u16,
    got: Arc<Mutex<Vec<Got>>>,
}

const TAKEN: &str = "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

fn answer(status: &str, more: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{more}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

impl Receiver {
    async fn start(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let got: Arc<Mutex<Vec<Got>>> = Arc::default();
        let kept = Arc::clone(&got);
        tokio::spawn(async move {
            for at in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let answer = answers.get(at).or(answers.last()).cloned().unwrap_or_default();
                tokio::spawn(serve(stream, Arc::clone(&kept), answer));
            }
        });
        Self { port, got }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}/hook?key=secret", self.port)
    }

    fn got(&self) -> Vec<Got> {
        self.got.lock().expect("no panic").clone()
    }
}

async fn serve(mut stream: TcpStream, kept: Arc<Mutex<Vec<Got>>>, answer: String) {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let Ok(read) = stream.read(&mut piece).await else { return };
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { if read == 0 { return } else { continue } };
        let mut lines = head.lines();
        let target = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length =
            headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, it)| it.parse().unwrap_or(0));
        if body.len() < length && read > 0 {
            continue;
        }
        kept.lock().expect("no panic").push(Got { target, headers, body: body.to_owned() });
        if answer.is_empty() {
            // Never answers.
            std::future::pending::<()>().await;
        }
        let _ = stream.write_all(answer.as_bytes()).await;
        return;
    }
}

fn begun() -> Moment {
    Moment::start_of(parse_day("2026-12-03").expect("a day")).plus_seconds(36_000)
}

async fn each(variables: &[(&str, &str)]) -> Vec<(TestApp, Arc<SetClock>)> {
    let mut all = Vec::new();
    for db in database::each().await {
        let clock = Arc::new(SetClock::default());
        clock.set(begun());
        all.push((TestApp::over(db, variables).await.with_clock(clock.clone()).await, clock));
    }
    all
}

fn client(test: &TestApp) -> WebhookClient {
    WebhookClient::new(&test.app.config).expect("a client")
}

/// Delivers until nothing is due now.
async fn deliver(test: &TestApp) {
    while round(&test.app, &client(test)).await.expect("a round") > 0 {}
}

const ALL: [&str; 3] = ["lead.created", "lead.stage_changed", "inquiry.answered"];

/// Makes a webhook of park T2 and returns it with its secret.
async fn hooked(test: &TestApp, key: &str, address: &str, format: &str, secret: Option<&str>) -> Value {
    let body = json!({ "park": "T2", "address": address, "format": format, "events": ALL, "secret": secret });
    ok(&test.staff(key, "POST", "/api/v1/webhooks", Some(&body)).await)
}

async fn deliveries(test: &TestApp, key: &str, hook: &Value) -> Vec<Value> {
    let path = format!("/api/v1/webhooks/{}/deliveries", hook["id"].as_str().expect("an id"));
    ok(&test.staff(key, "GET", &path, None).await)["items"].as_array().expect("a list").clone()
}

async fn advance(test: &TestApp, key: &str, to: &str) -> Value {
    let lead = only(test, key).await;
    ok(&act(test, key, &lead, "stage", &json!({ "to": to, "version": lead["version"] })).await)
}

fn signature(secret: &str, got: &Got) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
    let text = format!("{}.{}.{}", got.header("webhook-id"), got.header("webhook-timestamp"), got.body);
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), text.as_bytes());
    format!("v1,{}", STANDARD.encode(mac))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_a_lead_arrives_signed_once_in_order_and_without_personal_data() {
    for (test, clock) in each(&[]).await {
        let name = test.db.name;
        let receiver = Receiver::start(vec![TAKEN.to_owned()]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let hook = hooked(&test, &key, &receiver.address(), "json", None).await;
        let secret = hook["secret"].as_str().expect("a secret").to_owned();
        asked(&test, "w", &["P1", "P2"], &["T1", "T2"]).await;
        clock.set(begun().plus_seconds(60));
        advance(&test, &key, "assessed").await;
        clock.set(begun().plus_seconds(120));
        let lead = advance(&test, &key, "contacted").await;
        deliver(&test).await;

        let got = receiver.got();
        let number = lead["number"].as_str().expect("a number").to_owned();
        let told: Vec<_> = got.iter().map(|it| it.told().1).collect();
        let expected = ["lead.created", "lead.stage_changed", "lead.stage_changed", "inquiry.answered"];
        assert_eq!(told, expected, "{name}: T2's alone, each once");
        assert!(got.iter().all(|it| it.told().0 == number), "{name}");
        let last = got[2].json();
        let data =
            json!({ "lead": lead["id"], "number": number, "park": "T2", "stage": "contacted", "from": "assessed" });
        assert_eq!(last["data"], data, "{name}");
        let mut ids: Vec<String> = got.iter().map(|it| it.header("webhook-id")).collect();
        for it in &got {
            assert_eq!(it.header("webhook-signature"), signature(&secret, it), "{name}");
            assert_eq!(it.header("webhook-timestamp"), (begun().plus_seconds(120).0 / 1000).to_string());
            assert_eq!(it.target, "/hook?key=secret");
            for private in ["示例水泵", "王工", "13800138", "138*", "buyer@example.com"] {
                assert!(!it.body.contains(private), "{name}: {}", it.body);
            }
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 4, "{name}: an id per event");
        assert_eq!(deliveries(&test, &key, &hook).await.iter().filter(|it| it["state"] == "delivered").count(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_rolled_back_tells_nothing_and_a_hidden_lead_is_told_once_it_is_shown() {
    for (test, _) in each(&[]).await {
        let name = test.db.name;
        let admin = test.key("a", Role::Admin, &[]).await;
        let body = json!({ "address": "https://a.example/x", "events": ALL });
        let hook = ok(&test.staff(&admin, "POST", "/api/v1/webhooks", Some(&body)).await);
        assert_eq!(hook["park"], Value::Null);
        let manager = test.key("m", Role::Manager, &["T2"]).await;
        asked(&test, "w", &["P1"], &["T2"]).await;
        let lead = only(&test, &manager).await;
        let old = json!({ "to": "assessed", "version": 9 });
        assert_eq!(act(&test, &manager, &lead, "stage", &old).await.status, 409);
        let told = "SELECT event FROM webhook_delivery ORDER BY event";
        assert_eq!(test.db.rows(told).await, ["lead.created"], "{name}");

        test.db.execute("UPDATE lead SET hidden = (1 = 1)").await;
        let id = lead["id"].as_str().expect("an id").to_owned();
        let need = test.db.rows(&format!("SELECT requirement_id FROM lead WHERE id = '{id}'")).await.remove(0);
        test.db.execute(&format!("UPDATE requirement SET state = 'suspected' WHERE id = '{need}'")).await;
        let values = format!("'t', 'suspected', '{need}', 'x', 1");
        let columns = "id, kind, requirement_id, detail, created_at";
        test.db.execute(&format!("INSERT INTO staff_task ({columns}) VALUES ({values})")).await;
        test.db.execute("DELETE FROM webhook_delivery").await;
        ok(&test.staff(&admin, "POST", "/api/v1/tasks/t/done", Some(&json!({}))).await);
        assert_eq!(test.db.rows(told).await, ["lead.created"], "{name}: told when it is shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_receiver_is_tried_over_a_day_then_its_event_is_held_until_somebody_queues_it_again() {
    for (test, clock) in each(&[]).await {
        let name = test.db.name;
        let redirect = answer("302 Found", "location: http://127.0.0.1:1/\r\n", "");
        let receiver = Receiver::start(vec![redirect, answer("500 Internal Server Error", "", "x")]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let hook = hooked(&test, &key, &receiver.address(), "json", None).await;
        asked(&test, "w", &["P1"], &["T2"]).await;
        deliver(&test).await;
        let first = deliveries(&test, &key, &hook).await.remove(0);
        assert_eq!(
            (&first["state"], &first["last_error"]),
            (&json!("queued"), &json!("http_302")),
            "{name}: not followed"
        );
        // The later event of the lead waits for the earlier one.
        advance(&test, &key, "assessed").await;
        let mut now = begun();
        // Steps of half an hour delay the first attempts: two hours more than a day.
        while now.0 < begun().plus_seconds(SECONDS_PER_DAY + 7_200).0 {
            now = now.plus_seconds(1_800);
            clock.set(now);
            deliver(&test).await;
        }
        let created: Vec<_> = receiver.got().into_iter().filter(|it| it.told().1 == "lead.created").collect();
        assert_eq!(created.len(), 10, "{name}: ten attempts over a day");
        assert!(created.iter().all(|it| it.header("webhook-id") == created[0].header("webhook-id")), "{name}");
        let held = deliveries(&test, &key, &hook).await;
        let of = |event: &str| held.iter().find(|it| it["event"] == event).expect("an event").clone();
        assert_eq!(
            (&of("lead.created")["state"], &of("lead.created")["last_error"]),
            (&json!("held"), &json!("http_500"))
        );
        assert_eq!(of("lead.stage_changed")["state"], "queued", "{name}: its turn came when the first was held");
        let order: Vec<String> = receiver.got().into_iter().map(|it| it.told().1).collect();
        assert_eq!(
            order.iter().position(|it| it == "lead.stage_changed"),
            Some(10),
            "{name}: in the order of the lead"
        );

        let path = format!("/api/v1/webhooks/{}", hook["id"].as_str().expect("an id"));
        assert_eq!(ok(&test.staff(&key, "GET", &path, None).await)["held"], 1);
        let tasks = async || ok(&test.staff(&key, "GET", "/api/v1/tasks", None).await)["items"].clone();
        let told = tasks().await;
        assert_eq!((&told[0]["kind"], &told[0]["park"]), (&json!("webhook_held"), &json!("T2")), "{name}: {told}");
        assert!(told[0]["reason"].as_str().is_some_and(|it| it.ends_with("http_500")), "{name}: {told}");
        let again = ok(&test.staff(&key, "POST", &format!("{path}/replay"), Some(&json!({}))).await);
        assert_eq!(again, json!({ "queued": 1 }), "{name}");
        assert_eq!(tasks().await, json!([]), "{name}: the task ends with the last held event");
        let event = json!({ "event_id": of("lead.stage_changed")["event_id"] });
        let waits = test.staff(&key, "POST", &format!("{path}/replay"), Some(&event)).await;
        assert_eq!(waits.status, 404, "{name}: what is queued is not queued again");
        deliver(&test).await;
        let last = receiver.got().pop().expect("one more");
        assert_eq!(last.header("webhook-id"), created[0].header("webhook-id"), "{name}: the same id in a replay");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_leaves_its_event_to_the_next_one_and_its_late_word_changes_nothing() {
    for (test, clock) in each(&[]).await {
        let name = test.db.name;
        let receiver = Receiver::start(vec![TAKEN.to_owned()]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        hooked(&test, &key, &receiver.address(), "json", None).await;
        asked(&test, "w", &["P1"], &["T2"]).await;
        let now = test.app.clock.now();
        let lost = test.app.db.claim_deliveries(4, 60, true, now).await.expect("claims").remove(0);
        assert_eq!(round(&test.app, &client(&test)).await.expect("a round"), 0, "{name}: under a lease");
        clock.set(now.plus_seconds(61));
        assert_eq!(round(&test.app, &client(&test)).await.expect("a round"), 1, "{name}");
        let late = luodi::db::delivery::DeliveryVerdict::Held("late".to_owned());
        assert!(!test.app.db.settle_delivery(&lost, late, now, now).await.expect("settles"), "{name}");
        let state = "SELECT state, CAST(attempts AS TEXT) FROM webhook_delivery";
        assert_eq!(test.db.rows(state).await, ["delivered|2"], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_the_work_and_each_event_arrives_once_in_the_order_of_its_lead() {
    for (test, _) in each(&[]).await {
        let name = test.db.name;
        let receiver = Receiver::start(vec![TAKEN.to_owned()]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        hooked(&test, &key, &receiver.address(), "json", None).await;
        hooked(&test, &key, &receiver.address(), "json", None).await;
        for need in ["a", "b", "c"] {
            asked(&test, need, &["P1"], &["T2"]).await;
        }
        let leads = ok(&test.staff(&key, "GET", "/api/v1/leads", None).await);
        for lead in leads["items"].as_array().expect("a list") {
            let to = json!({ "to": "assessed", "version": lead["version"] });
            ok(&act(&test, &key, lead, "stage", &to).await);
        }
        let stop = CancellationToken::new();
        let tasks = [0, 1].map(|_| tokio::spawn(work(test.app.clone(), client(&test), stop.clone())));
        let patience = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
        while test.app.db.webhook_counts(None).await.expect("counts").queued > 0 {
            assert!(tokio::time::Instant::now() < patience, "{name}: still waiting");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        stop.cancel();
        for task in tasks {
            task.await.expect("ends");
        }
        let told: Vec<_> = receiver.got().iter().map(Got::told).collect();
        for lead in leads["items"].as_array().expect("a list") {
            let number = lead["number"].as_str().expect("a number");
            let of_lead: Vec<_> = told.iter().filter(|it| it.0 == number).map(|it| it.1.as_str()).collect();
            let created = of_lead.iter().filter(|it| **it == "lead.created").count();
            assert_eq!((of_lead.len(), created), (4, 2), "{name}: each once for each of the two: {of_lead:?}");
            assert_eq!((of_lead[0], of_lead[3]), ("lead.created", "lead.stage_changed"), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_rotation_both_secrets_sign_for_a_day_and_a_secret_is_shown_once() {
    let key = "LUODI__SECRETS__KEY";
    for (test, clock) in each(&[(key, "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")]).await {
        let name = test.db.name;
        let receiver = Receiver::start(vec![TAKEN.to_owned()]).await;
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let body = json!({ "park": "T2", "address": receiver.address(), "events": ALL });
        let made = test.staff_once(&key, "POST", "/api/v1/webhooks", Some(&body), "once").await;
        let hook = ok(&made);
        let path = format!("/api/v1/webhooks/{}", hook["id"].as_str().expect("an id"));
        assert_eq!(made.headers["location"], path.as_str(), "{name}");
        let replay = test.staff_once(&key, "POST", "/api/v1/webhooks", Some(&body), "once").await;
        assert_eq!((replay.status, ok(&replay)["secret"].clone()), (made.status, Value::Null), "{name}: shown once");
        assert_eq!(ok(&replay)["id"], hook["id"]);
        let seen = test.staff(&key, "GET", &path, None).await.text;
        let old = hook["secret"].as_str().expect("a secret").to_owned();
        assert!(!seen.contains(&old) && !seen.contains("key=secret"), "{name}: {seen}");
        let stored = test.texts("SELECT address, secret FROM webhook").await;
        assert!(!stored.contains("127.0.0.1") && !stored.contains(&old), "{name}: encrypted at rest: {stored}");

        let new = ok(&test.staff(&key, "POST", &format!("{path}/secret"), None).await)["secret"].clone();
        let new = new.as_str().expect("a secret").to_owned();
        asked(&test, "w", &["P1"], &["T2"]).await;
        deliver(&test).await;
        let got = receiver.got().pop().expect("one");
        let both = format!("{} {}", signature(&new, &got), signature(&old, &got));
        assert_eq!(got.header("webhook-signature"), both, "{name}");
        clock.set(begun().plus_seconds(SECONDS_PER_DAY));
        advance(&test, &key, "assessed").await;
        deliver(&test).await;
        let got = receiver.got().pop().expect("one");
        assert_eq!(got.header("webhook-signature"), signature(&new, &got), "{name}: the new one alone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_get_their_form_and_their_refusal_is_a_failure() {
    for (test, clock) in each(&[]).await {
        let name = test.db.name;
        let taken = |body: &str| vec![answer("200 OK", "", body)];
        let (wecom, dingtalk, feishu) = (
            Receiver::start(vec![
                answer("200 OK", "", "{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}"),
                answer("200 OK", "", "{\"errcode\":0,\"errmsg\":\"ok\"}"),
            ])
            .await,
            Receiver::start(taken("{\"errcode\":0,\"errmsg\":\"ok\"}")).await,
            Receiver::start(taken("{\"code\":0,\"msg\":\"success\",\"data\":{}}")).await,
        );
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let hook = hooked(&test, &key, &wecom.address(), "wecom", None).await;
        assert_eq!(hook["secret"], Value::Null, "{name}: a robot has no secret of ours");
        hooked(&test, &key, &dingtalk.address(), "dingtalk", Some("SECabc")).await;
        hooked(&test, &key, &feishu.address(), "feishu", Some("abc")).await;
        asked(&test, "w", &["P1"], &["T2"]).await;
        let number = only(&test, &key).await["number"].as_str().expect("a number").to_owned();
        deliver(&test).await;
        let waits = deliveries(&test, &key, &hook).await.remove(0);
        assert_eq!((&waits["state"], &waits["last_error"]), (&json!("queued"), &json!("robot_45009")), "{name}");
        clock.set(begun().plus_seconds(5));
        deliver(&test).await;
        assert_eq!(deliveries(&test, &key, &hook).await.remove(0)["state"], "delivered", "{name}");

        let is_told = |text: &Value| {
            let text = text.as_str().expect("a text");
            ["新线索", &number, "示例二号园区", "/staff/leads/"].iter().all(|part| text.contains(part))
                && !text.contains("示例水泵")
        };
        let got = wecom.got().remove(0);
        assert_eq!((got.json()["msgtype"].as_str(), got.target.as_str()), (Some("text"), "/hook?key=secret"), "{name}");
        assert!(is_told(&got.json()["text"]["content"]), "{name}: {}", got.body);
        assert_eq!(got.header("webhook-signature"), "");
        let got = dingtalk.got().remove(0);
        assert_eq!(got.json()["msgtype"], "text");
        assert!(is_told(&got.json()["text"]["content"]), "{name}: {}", got.body);
        let signed = format!("/hook?key=secret&timestamp={}&sign=", begun().0);
        assert!(got.target.starts_with(&signed), "{name}: {}", got.target);
        let got = feishu.got().remove(0);
        assert_eq!(got.json()["msg_type"], "text");
        assert!(is_told(&got.json()["content"]["text"]), "{name}: {}", got.body);
        assert_eq!(got.json()["timestamp"], (begun().0 / 1000).to_string());
        assert!(got.json()["sign"].is_string(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_never_answers_holds_up_itself_alone_and_nobody_reaches_private_networks_in_production() {
    let test = TestApp::over(database::sqlite().await, &[("LUODI__WEBHOOKS__TIMEOUT_SECONDS", "1")]).await;
    let (mute, quick) = (Receiver::start(vec![String::new()]).await, Receiver::start(vec![TAKEN.to_owned()]).await);
    let key = test.key("m", Role::Manager, &["T2"]).await;
    let hook = hooked(&test, &key, &mute.address(), "json", None).await;
    hooked(&test, &key, &quick.address(), "json", None).await;
    asked(&test, "w", &["P1"], &["T2"]).await;
    let stop = CancellationToken::new();
    let task = tokio::spawn(work(test.app.clone(), client(&test), stop.clone()));
    let patience = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while deliveries(&test, &key, &hook).await[0]["last_error"].is_null() {
        assert!(tokio::time::Instant::now() < patience, "no timeout");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    stop.cancel();
    task.await.expect("ends");
    assert_eq!(deliveries(&test, &key, &hook).await[0]["last_error"], "timeout");
    assert_eq!(quick.got().len(), 1);

    let mut config = test.app.config.clone();
    config.profile = luodi::config::Profile::Production;
    for address in ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"] {
        assert!(!may_call(&config, address.parse().expect("an address")), "{address}");
    }
    assert!(may_call(&config, "1.1.1.1".parse().expect("an address")));
    config.webhooks.private_network = true;
    assert!(may_call(&config, "10.1.2.3".parse().expect("an address")));
    // A name is judged by what it stands for at the moment of the attempt.
    config.webhooks.private_network = false;
    let claimed = async {
        test.db.execute("UPDATE webhook_delivery SET state = 'queued', next_at = 0").await;
        test.app.db.claim_deliveries(1, 60, true, test.app.clock.now()).await.expect("claims").remove(0)
    };
    let claimed = claimed.await;
    let mut request =
        luodi::service::webhooks::delivery::outgoing(&test.app, &claimed, test.app.clock.now()).expect("a request");
    request.address.host = "localhost".to_owned();
    let refused = WebhookClient::new(&config).expect("a client").send(request).await;
    assert_eq!(refused, Err("private_address".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_called_or_is_not_ones_own_is_refused_by_name() {
    let test = TestApp::sqlite().await;
    let manager = test.key("m", Role::Manager, &["T2"]).await;
    let refused = async |body: Value| {
        let reply = test.staff(&manager, "POST", "/api/v1/webhooks", Some(&body)).await;
        let errors = reply.json()["errors"].as_array().cloned().unwrap_or_default();
        let named = errors.iter().map(|it| format!("{}:{}", it["field"], it["code"]).replace('"', ""));
        (reply.status.as_u16(), named.collect::<Vec<_>>().join(" "))
    };
    let with = |address: &str| json!({ "park": "T2", "address": address, "events": ["lead.created"] });
    for (body, named) in [
        (with("http://a.example/x"), "address:bad_address"),
        (with("https://10.0.0.1/x"), "address:private_address"),
        (with("https://169.254.169.254/latest"), "address:private_address"),
        (with("https://u:p@a.example/"), "address:bad_address"),
        (json!({ "park": "T2" }), "events:missing address:missing"),
        (json!({ "address": "https://a.example/", "events": ["lead.created"] }), "park:missing"),
        (json!({ "park": "T2", "address": "https://a.example/", "events": ["x"] }), "events:unknown_word"),
        (
            json!({ "park": "T2", "address": "https://a.example/", "events": ALL, "format": "wecom", "secret": "x" }),
            "secret:unknown_field",
        ),
    ] {
        assert_eq!(refused(body.clone()).await, (422, named.to_owned()), "{body}");
    }
    let foreign = json!({ "park": "T1", "address": "https://a.example/", "events": ALL });
    assert_eq!(refused(foreign).await.0, 404);
    for _ in 0..20 {
        assert_eq!(refused(with("https://a.example/x")).await, (201, String::new()));
    }
    assert_eq!(refused(with("https://a.example/x")).await, (422, "park:too_many".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_makes_a_webhook_shows_its_secret_once_and_queues_what_is_held_again() {
    use crate::people::Client;
    for (test, _) in each(&[]).await {
        let name = test.db.name;
        let mut manager = Client::joined(&test, "m@example.com", Role::Manager, Some("T2")).await;
        let form = [("park", "T2"), ("address", "https://a.example/x"), ("format", "json"), ("events", "lead.created")];
        let made = manager.post("/staff/webhooks", &form).await;
        assert!(made.text.contains("whsec_"), "{name}: {}", made.text);
        let listed = manager.get("/staff/webhooks").await.text;
        assert!(!listed.contains("whsec_") && listed.contains("a.example"), "{name}");
        asked(&test, "w", &["P1"], &["T2"]).await;
        let id = test.db.rows("SELECT id FROM webhook").await.remove(0);
        test.db.execute("UPDATE webhook_delivery SET state = 'held', last_error = 'http_500'").await;
        let page = manager.get(&format!("/staff/webhooks/{id}")).await.text;
        assert!(page.contains("http_500") && page.contains("搁置"), "{name}");
        let done = manager.post(&format!("/staff/webhooks/{id}/replay"), &[]).await;
        assert!(done.status.is_redirection(), "{name}");
        assert_eq!(test.db.rows("SELECT state FROM webhook_delivery").await, ["queued"], "{name}");
        assert!(manager.post(&format!("/staff/webhooks/{id}/secret"), &[]).await.text.contains("whsec_"), "{name}");
        manager.post(&format!("/staff/webhooks/{id}/remove"), &[]).await;
        assert_eq!(test.db.rows("SELECT event_id FROM webhook_delivery").await, Vec::<String>::new(), "{name}");
        let actions = "SELECT action FROM audit WHERE action LIKE 'webhook.%' ORDER BY action";
        let expected = ["webhook.add", "webhook.remove", "webhook.replay", "webhook.rotate"];
        assert_eq!(test.db.rows(actions).await, expected, "{name}");
    }
}
