//! The authorisation matrix: every route of staff pages, read from the route tables themselves, asked by every role of a
//! resource of its own, of a sub-park, of a foreign park, and of one that is not there, each with ids of its own kind.

use axum::http::StatusCode;
use domain::account::Role;

use super::spheres::with_sub_park;
use super::{Client, each, id_of, leads};
use crate::app::TestApp;
use crate::architecture::sources;

/// A method and a path with its placeholders.
type StaffRoute = (&'static str, String);

/// Pages that are open to everybody, since one signs in or proves a mailbox there.
const OPEN: [&str; 8] = [
    "/staff/sign-in",
    "/staff/sign-in/code",
    "/staff/link/{token}",
    "/staff/forgot",
    "/staff/reset/{token}",
    "/staff/unlock/{token}",
    "/staff/sign-out",
    "/staff/inbox/{token}",
];
const ROLES: [Option<Role>; 5] =
    [None, Some(Role::Admin), Some(Role::Manager), Some(Role::Officer), Some(Role::Observer)];

/// Whose a resource is, seen from park T2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Own,
    SubPark,
    Foreign,
    Missing,
}

const ALL: [Whose; 4] = [Whose::Own, Whose::SubPark, Whose::Foreign, Whose::Missing];

/// The route tables as text: `.route("PATH", get(…).post(…))`.
fn routes() -> Vec<StaffRoute> {
    let tables = sources("src/web/staff");
    let mut routes = Vec::new();
    for (_, text) in &tables {
        for part in text.split(".route(").skip(1) {
            let path = part.split('"').nth(1).expect("a path").to_owned();
            let until = part.find("\n").unwrap_or(part.len());
            for (method, mark) in [("GET", "get("), ("POST", "post(")] {
                if part[..until].contains(mark) {
                    routes.push((method, path.clone()));
                }
            }
        }
    }
    assert!(routes.len() > 30, "{} routes", routes.len());
    routes
}

/// What a role may get of a route: the page or a redirect within it, a refusal of its role, nothing there, or the way to
/// the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Served,
    Forbidden,
    Absent,
    SignIn,
    /// The fields were refused before anything was looked up.
    Refused,
}

/// What is asked of a role about a resource: each of the verdicts keeps it out, or lets it in.
fn expected((method, path): &StaffRoute, role: Option<Role>, whose: Whose) -> &'static [Verdict] {
    const IN: &[Verdict] = &[Verdict::Served, Verdict::Refused];
    let Some(role) = role else { return &[Verdict::SignIn] };
    let is_post = *method == "POST";
    let manages = role.manages_people();
    if path.starts_with("/staff/assignment") && !role.decides_leads() {
        return &[Verdict::Forbidden, Verdict::Absent];
    }
    if path.starts_with("/staff/webhooks") && !role.decides_leads() {
        return &[Verdict::Forbidden];
    }
    if path.starts_with("/staff/promises/") && !role.decides_leads() {
        return &[Verdict::Forbidden, Verdict::Absent];
    }
    if path.starts_with("/staff/policies") && role != Role::Admin {
        return &[Verdict::Forbidden];
    }
    if path == "/staff/leads/new" && !role.works_leads() {
        return &[Verdict::Forbidden];
    }
    if !manages && ["/staff/people", "/staff/export"].iter().any(|begins| path.starts_with(begins)) {
        return &[Verdict::Forbidden];
    }
    let is_seen = match whose {
        Whose::Own | Whose::SubPark => true,
        Whose::Foreign => role == Role::Admin,
        // A park is a filter of reports: that of an admin has no bounds.
        Whose::Missing => role == Role::Admin && path.starts_with("/staff/ledger"),
    };
    let of_oneself = ["/staff/me", "/staff/kept", "/staff/views"].iter().any(|begins| path.starts_with(begins));
    let writes = is_post && !of_oneself;
    let is_blank = path == "/staff/listings/{kind}";
    match (is_seen, role == Role::Observer && (writes || is_blank)) {
        (true, true) => &[Verdict::Forbidden],
        (true, false) => IN,
        // Which of the two refuses is the same to a stranger.
        (false, true) => &[Verdict::Absent, Verdict::Forbidden],
        (false, false) => &[Verdict::Absent],
    }
}

fn found(status: StatusCode, location: &str) -> Verdict {
    match status {
        StatusCode::FORBIDDEN => Verdict::Forbidden,
        StatusCode::NOT_FOUND => Verdict::Absent,
        StatusCode::SEE_OTHER if location.starts_with("/staff/sign-in") => Verdict::SignIn,
        StatusCode::UNAUTHORIZED => Verdict::SignIn,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Verdict::Refused
        }
        status if status.is_server_error() => panic!("{status}"),
        _ => Verdict::Served,
    }
}

/// The resources about which a role asks, in the order of [`ALL`], by the beginning of the routes that concern them.
struct Scene<'t> {
    test: &'t TestApp,
    ids: Vec<(&'static str, [String; 4])>,
}

const MISSING: &str = "00000000000000000000000000000000";
/// Parks of the resources, in the order of [`ALL`].
const PARKS: [&str; 4] = ["T2", "T4", "T1", "T0"];
/// Plots of the same parks.
const PLOTS: [&str; 4] = ["P1", "P9", "P2", "P0"];

impl Scene<'_> {
    /// The path with the ids of a resource; a route without a resource has one path alone.
    fn path(&self, route: &StaffRoute, whose: Whose) -> Option<String> {
        let at = ALL.iter().position(|it| *it == whose).expect("one of them");
        let path = route.1.replace("/{kind}/rows/{figure}", "/weekly/rows/new");
        if route.1.starts_with("/staff/ledger/") {
            let path = path.replace("{kind}", "weekly");
            return Some(format!("{path}?park={}&format=csv", PARKS[at]));
        }
        let action = if path.starts_with("/staff/assignment") { "remove" } else { "done" };
        let path = path.replace("{kind}", "plot").replace("{action}", action).replace("{answer}", "decline");
        let own = self.ids.iter().find(|(begins, _)| route.1.starts_with(begins)).filter(|_| path.contains('{'));
        let Some((_, ids)) = own else { return (at == 0).then_some(path) };
        let filled = ["{id}", "{code}", "{lead}"].iter().fold(path, |path, name| path.replace(name, &ids[at]));
        let filled = filled.replace("{picture}", MISSING);
        assert!(!filled.contains('{'), "a new route needs its ids here: {}", route.1);
        Some(filled)
    }

    async fn ask(&self, client: &mut Client<'_>, route: &StaffRoute, path: &str) -> Verdict {
        let page = match route.0 {
            "GET" => client.get(path).await,
            _ if route.1.ends_with("/status") => client.post(path, &[("status", "available")]).await,
            _ if route.1.starts_with("/staff/assignment") => client.post(path, &[("park", PARKS[0])]).await,
            // An empty form changes nothing that a later cell needs, or is refused for its fields.
            _ => client.post(path, &[]).await,
        };
        found(page.status, &page.location)
    }
}

/// Rows of one kind for the parks of [`PARKS`], by SQL that names columns and values of one of them; the last is missing.
async fn rows(test: &TestApp, label: &str, table: &str, row: impl Fn(&str, usize) -> (String, String)) -> [String; 4] {
    let mut ids = Vec::new();
    for at in 0..3 {
        let id = format!("{label}-{at}");
        let (columns, values) = row(&id, at);
        test.db.execute(&format!("INSERT INTO {table} (id, {columns}) VALUES ('{id}', {values})")).await;
        ids.push(id);
    }
    ids.push(MISSING.to_owned());
    ids.try_into().expect("four")
}

/// Resources of each kind for one role: what it does to them is seen by no other.
async fn scene<'t>(test: &'t TestApp, role: &str) -> Scene<'t> {
    let far = i64::MAX / 2;
    let four = |ids: Vec<String>| -> [String; 4] {
        ids.into_iter().chain([MISSING.to_owned()]).collect::<Vec<_>>().try_into().expect("four")
    };
    let own = four(leads(test, &format!("own-{role}"), &["P1", "P9", "P2"], &["T1", "T2", "T4"]).await);
    let offered = leads(test, &format!("offered-{role}"), &["P2", "P1"], &["T1", "T2"]).await;
    // The lead of a park is offered to another one: T1's to T2, T2's to T4.
    let offers = [("T1", "T2", &offered[0]), ("T2", "T4", &offered[1])];
    for (from, to, lead) in offers {
        let need = test.db.rows(&format!("SELECT requirement_id FROM lead WHERE id = '{lead}'")).await.remove(0);
        let values = format!(
            "'hand-{role}-{to}', '{lead}', '{need}', '{from}', '{to}', 'park', '{to}', 'x', 'consented', 'x', 1"
        );
        let columns = "id, lead_id, requirement_id, from_park, to_park, listing_kind, listing_code, reason, state, proposed_by, created_at";
        test.db.execute(&format!("INSERT INTO handover ({columns}) VALUES ({values})")).await;
    }
    let lent = leads(test, &format!("lent-{role}"), &["P1"], &["T2"]).await.remove(0);
    let need = test.db.rows(&format!("SELECT requirement_id FROM lead WHERE id = '{lent}'")).await.remove(0);
    let values = format!("'hand-{role}-far', '{lent}', '{need}', 'T2', 'T1', 'park', 'T1', 'x', 'consented', 'x', 1");
    let columns = "id, lead_id, requirement_id, from_park, to_park, listing_kind, listing_code, reason, state, proposed_by, created_at";
    test.db.execute(&format!("INSERT INTO handover ({columns}) VALUES ({values})")).await;
    let handed = four(vec![offered[0].clone(), offered[1].clone(), lent]);
    let mut people = Vec::new();
    for (whose, park) in [("own", "T2"), ("sub", "T4"), ("foreign", "T1")] {
        let email = format!("{whose}-{role}@example.com");
        Client::joined(test, &email, Role::Officer, Some(park)).await;
        people.push(id_of(test, &email).await);
    }
    let tasks = rows(test, &format!("task-{role}"), "staff_task", |_, at| {
        ("kind, park_code, detail, created_at".into(), format!("'mail_unclear', '{}', 'x', 1", PARKS[at]))
    })
    .await;
    let reports = rows(test, &format!("report-{role}"), "listing_report", |id, at| {
        let columns = "number, listing_kind, listing_code, listing_name, park_code, reason, words, locale, state, due_on, answer, created_at";
        let values = format!("'JC-{id}', 'plot', '{}', 'x', '{}', 'price', '', 'zh-Hans', 'open', '2030-01-01', '', 1", PLOTS[at], PARKS[at]);
        (columns.into(), values)
    })
    .await;
    let holds = rows(test, &format!("hold-{role}"), "soft_hold", |_, at| {
        let columns =
            "listing_kind, listing_code, park_code, resource, amount, note, account_id, created_at, expires_at, seq";
        (columns.into(), format!("'plot', '{}', '{}', 'area', 1, '', 'x', 1, {far}, 0", PLOTS[at], PARKS[at]))
    })
    .await;
    let jobs = rows(test, &format!("job-{role}"), "import_job", |_, at| {
        let columns = "park_code, actor, kind, file, digest, state, step, total, options, created_at, changed_at";
        (columns.into(), format!("'{}', 'x', 'plot', 'a.csv', 'x', 'choosing', 1, 0, '{{}}', {far}, 1", PARKS[at]))
    })
    .await;
    let bytes = if test.db.name == "sqlite" { "X'00'" } else { "'\\x00'" };
    for id in &jobs[..3] {
        test.db
            .execute(&format!("INSERT INTO import_job_file (job_id, part, bytes) VALUES ('{id}', 'rejected', {bytes})"))
            .await;
    }
    let imports = rows(test, &format!("import-{role}"), "import", |_, at| {
        let columns = "kind, file, digest, park_code, actor, at, counts";
        (columns.into(), format!("'plot', 'a.csv', 'x', '{}', 'x', 1, '{{}}'", PARKS[at]))
    })
    .await;
    let rules = rows(test, &format!("rule-{role}"), "assignment_rule", |_, at| {
        ("park_code, place, account_id, created_at".into(), format!("'{}', 1, '{}', 1", PARKS[at], people[at]))
    })
    .await;
    let hooks = rows(test, &format!("hook-{role}"), "webhook", |_, at| {
        let columns = "park_code, address, shown, format, events, secret, account_id, created_at, lease_until, next_at";
        (columns.into(), format!("'{}', 'https://a.example/', 'x', 'json', ';', '', 'x', 1, 0, 0", PARKS[at]))
    })
    .await;
    let drafts = rows(test, &format!("draft-{role}"), "policy_draft", |_, _| {
        let record = r#"{"kind":null,"cells":{"policy_id":"x","title":"x"}}"#;
        ("policy_code, record, author_id, created_at, updated_at".into(), format!("'', '{record}', 'x', 1, 1"))
    })
    .await;
    let ids = vec![
        ("/staff/policies/drafts/", drafts),
        ("/staff/webhooks/", hooks),
        ("/staff/assignment/rules/{id}", rules),
        ("/staff/leads/", own),
        ("/staff/people/", four(people.clone())),
        ("/staff/tasks/", tasks),
        ("/staff/reports/", reports),
        ("/staff/holds/", holds),
        ("/staff/handovers/", handed),
        ("/staff/imports/{id}/undo", imports),
        ("/staff/imports/", jobs),
        ("/staff/listings/", PLOTS.map(str::to_owned)),
        ("/staff/promises/", PLOTS.map(str::to_owned)),
        ("/staff/parks/", PARKS.map(str::to_owned)),
    ];
    Scene { test, ids }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_each_role_as_the_matrix_says() {
    for (test, _) in each(&[]).await {
        with_sub_park(&test).await;
        let (mut wrong, mut cells, mut resources) = (Vec::new(), 0, 0);
        for role in ROLES {
            let name = role.map_or("visitor", Role::word);
            let scene = scene(&test, name).await;
            let park = role.filter(|role| *role != Role::Admin).map(|_| "T2");
            let mut client = match role {
                Some(role) => Client::joined(scene.test, &format!("matrix-{name}@example.com"), role, park).await,
                None => Client::new(scene.test, "192.0.2.1"),
            };
            // Reads first: a write may end its resource. Of two writes on one, the one that ends it is the later.
            let mut all = routes();
            // A saved view is one person's: the tests of the desk ask for another's.
            all.retain(|route| !OPEN.contains(&route.1.as_str()) && !route.1.starts_with("/staff/views/{id}"));
            all.sort_by_key(|route| route.0 == "POST");
            for route in &all {
                for whose in ALL {
                    let Some(path) = scene.path(route, whose) else { continue };
                    let (want, got) = (expected(route, role, whose), scene.ask(&mut client, route, &path).await);
                    cells += 1;
                    resources += usize::from(whose != Whose::Own);
                    // A picture is missing in every listing; a resource that is in sight may have ended.
                    let is_picture = route.1.ends_with("{picture}") && got == Verdict::Absent;
                    // What is no upload is refused before anything is looked up: tests of the portal send files.
                    let is_upload = route.1.ends_with("/pictures") && got == Verdict::Refused;
                    if !want.contains(&got) && !is_picture && !is_upload {
                        wrong.push(format!("{role:?} {route:?} {whose:?} {path}: {want:?} expected, {got:?}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}: {} of {cells} cells:\n{}", test.db.name, wrong.len(), wrong.join("\n"));
        assert!(cells > 600 && resources > 400, "{cells} cells, {resources} of others' resources");
    }
}
