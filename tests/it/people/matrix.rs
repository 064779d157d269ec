//! The authorisation matrix: every route of staff pages, read from the route tables themselves, asked by every role of a
//! lead or person of its own, of a foreign park, of a sub-park, and of one that is not there.

use axum::http::StatusCode;
use domain::account::Role;

use super::spheres::with_sub_park;
use super::{Client, each, id_of, leads};
use crate::app::TestApp;
use crate::architecture::sources;

/// A method and a path with its placeholders.
type StaffRoute = (&'static str, String);

/// Pages that are open to everybody, since one signs in or proves a mailbox there.
const OPEN: [&str; 7] = [
    "/staff/sign-in",
    "/staff/sign-in/code",
    "/staff/link/{token}",
    "/staff/forgot",
    "/staff/reset/{token}",
    "/staff/unlock/{token}",
    "/staff/sign-out",
];
/// Routes whose resources are neither leads nor people: asked with ids of their own by the tests of portal, holds, wrong
/// reports and tasks; here no visitor and no stranger may be served.
const OTHERS: [&str; 8] = [
    "/staff/imports",
    "/staff/listings",
    "/staff/parks",
    "/staff/inbox",
    "/staff/holds",
    "/staff/reports",
    "/staff/handovers",
    "/staff/tasks/{id}",
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

fn expected((method, path): &StaffRoute, role: Option<Role>, whose: Whose) -> Verdict {
    let Some(role) = role else { return Verdict::SignIn };
    let (is_people, is_lead) = (path.starts_with("/staff/people"), path.starts_with("/staff/leads/{id}"));
    let is_post = *method == "POST";
    if is_people && !role.manages_people() {
        return Verdict::Forbidden;
    }
    let is_seen = match whose {
        Whose::Own | Whose::SubPark => true,
        Whose::Foreign => role == Role::Admin,
        Whose::Missing => false,
    };
    if path.contains("{id}") && !is_seen {
        Verdict::Absent
    } else if is_lead && is_post && role == Role::Observer {
        Verdict::Forbidden
    } else {
        Verdict::Served
    }
}

fn found(status: StatusCode, location: &str) -> Verdict {
    match status {
        StatusCode::FORBIDDEN => Verdict::Forbidden,
        StatusCode::NOT_FOUND => Verdict::Absent,
        StatusCode::SEE_OTHER if location.starts_with("/staff/sign-in") => Verdict::SignIn,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Verdict::Refused,
        status if status.is_server_error() => panic!("{status}"),
        _ => Verdict::Served,
    }
}

struct Scene<'t> {
    test: &'t TestApp,
    /// Leads and people of each kind, in the order of [`ALL`].
    leads: [String; 4],
    people: [String; 4],
}

impl Scene<'_> {
    fn path(&self, route: &StaffRoute, whose: Whose) -> String {
        let at = ALL.iter().position(|it| *it == whose).expect("one of them");
        let id = if route.1.starts_with("/staff/people") { &self.people[at] } else { &self.leads[at] };
        route.1.replace("{id}", id)
    }

    async fn ask(&self, client: &mut Client<'_>, route: &StaffRoute, whose: Whose) -> Verdict {
        let path = self.path(route, whose);
        let page = match route.0 {
            "GET" => client.get(&path).await,
            // An empty form changes nothing that a later cell needs, or is refused for its fields.
            _ => client.post(&path, &[]).await,
        };
        found(page.status, &page.location)
    }
}

async fn scene(test: &TestApp) -> Scene<'_> {
    with_sub_park(test).await;
    let ids = leads(test, "matrix", &["P1", "P9", "P2"], &["T1", "T2", "T4"]).await;
    let mut people = Vec::new();
    for (email, park) in [("own@example.com", "T2"), ("sub@example.com", "T4"), ("foreign@example.com", "T1")] {
        Client::joined(test, email, Role::Officer, Some(park)).await;
        people.push(id_of(test, email).await);
    }
    let missing = || "00000000000000000000000000000000".to_owned();
    let all = |ids: Vec<String>| -> [String; 4] {
        ids.into_iter().chain([missing()]).collect::<Vec<_>>().try_into().expect("four")
    };
    Scene { test, leads: all(ids), people: all(people) }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_each_role_as_the_matrix_says() {
    for (test, _) in each(&[]).await {
        let scene = scene(&test).await;
        let mut wrong = Vec::new();
        let mut cells = 0;
        for role in ROLES {
            let email = role.map_or(String::new(), |role| format!("matrix-{}@example.com", role.word()));
            let park = role.filter(|role| *role != Role::Admin).map(|_| "T2");
            let mut client = match role {
                Some(role) => Client::joined(scene.test, &email, role, park).await,
                None => Client::new(scene.test, "192.0.2.1"),
            };
            for route in routes().iter().filter(|route| !OPEN.contains(&route.1.as_str())) {
                let kinds = if route.1.contains("{id}") { &ALL[..] } else { &ALL[..1] };
                for whose in kinds {
                    let (want, got) = (expected(route, role, *whose), scene.ask(&mut client, route, *whose).await);
                    cells += 1;
                    let is_other = OTHERS.iter().any(|other| route.1.starts_with(other));
                    let is_strange = whose == &Whose::Missing || whose == &Whose::Foreign && role != Some(Role::Admin);
                    let is_wrong = match is_other {
                        true => got == Verdict::Served && (role.is_none() || is_strange),
                        false if got == Verdict::Refused => want != Verdict::Served,
                        false => want != got,
                    };
                    if is_wrong {
                        wrong.push(format!("{role:?} {route:?} {whose:?}: {want:?} expected, {got:?}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}: {} of {cells} cells:\n{}", test.db.name, wrong.len(), wrong.join("\n"));
        assert!(cells > 250, "{cells} cells");
    }
}
