//! The people of one's parks: inviting, changing, disabling and enabling.

use axum::http::StatusCode;
use domain::account::{IdentityProof, Role, Scope, Sphere};
use domain::requirement::{FieldError, Word as _};
use serde::Serialize;

use crate::error::Error;
use crate::i18n::{moment, tell, word};
use crate::service::people::{self, AccountChange, Person};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, WrongField, wrong_fields};
use crate::web::view::OptionView;

#[derive(Serialize)]
struct PeoplePage {
    people: Vec<PersonRow>,
    form: SphereForm,
    errors: Vec<WrongField>,
}

#[derive(Serialize)]
struct PersonRow {
    url: String,
    email: String,
    role: String,
    parks: String,
    state: String,
    state_code: &'static str,
    seen: Option<String>,
}

/// Address, role and sphere as they are typed.
#[derive(Serialize)]
struct SphereForm {
    email: String,
    roles: Vec<OptionView>,
    park: String,
    region: String,
    industry: String,
    /// Whether divisions and industries may be named.
    is_admin: bool,
}

#[derive(Serialize)]
struct PersonPage {
    id: String,
    row: PersonRow,
    form: SphereForm,
    errors: Vec<WrongField>,
    is_disabled: bool,
    is_self: bool,
    has_factor: bool,
    /// Ways in which an identity was checked.
    proofs: Vec<OptionView>,
    heirs: Vec<OptionView>,
}

const ROLES: [Role; 4] = [Role::Admin, Role::Manager, Role::Officer, Role::Observer];

/// Splits codes as people type them: by blanks, commas and semicolons of any width.
fn codes(text: &str) -> std::collections::BTreeSet<String> {
    let parts = text.split(|c: char| c.is_whitespace() || ",;，；、".contains(c));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn sphere(form: &Form) -> Sphere {
    let all = |name: &str| codes(&form.all(name).join(" "));
    Sphere { parks: all("park"), regions: all("region"), industries: all("industry") }
}

fn role(form: &Form) -> Result<Role, Error> {
    let missing = || vec![FieldError::new("role", domain::requirement::FieldCode::Missing)];
    Role::from_word(form.get("role")).ok_or_else(|| Error::Invalid(missing()))
}

fn typed(page: &Page, email: &str, chosen: Option<Role>, sphere: &Sphere) -> SphereForm {
    let is_admin = page.actor.as_ref().is_some_and(|actor| actor.role == Role::Admin);
    let option = |role: &Role| OptionView {
        value: role.word().to_owned(),
        label: word(page.locale, "role", role.word()),
        checked: chosen == Some(*role),
    };
    let joined = |codes: &std::collections::BTreeSet<String>| codes.iter().cloned().collect::<Vec<_>>().join(" ");
    SphereForm {
        email: email.to_owned(),
        roles: ROLES.iter().filter(|role| is_admin || **role != Role::Admin).map(option).collect(),
        park: joined(&sphere.parks),
        region: joined(&sphere.regions),
        industry: joined(&sphere.industries),
        is_admin,
    }
}

fn row(page: &Page, person: &Person) -> PersonRow {
    let account = &person.account;
    let (state, state_code) = match (account.disabled, &account.password_hash) {
        (true, _) => ("people.disabled", "failed"),
        (false, None) => ("people.waiting", "queued"),
        (false, Some(_)) => ("people.active", "sent"),
    };
    let parks: Vec<String> = account.sphere.codes().map(|code| page.app.inventory.park_name(code)).collect();
    PersonRow {
        url: page.url(&format!("/staff/people/{}", account.id)),
        email: account.email.clone(),
        role: word(page.locale, "role", account.role.word()),
        parks: parks.join(&tell(page.locale, "format.list")),
        state: tell(page.locale, state),
        state_code,
        seen: person.seen_at.map(|at| moment(page.locale, at)),
    }
}

/// `GET /staff/people`
pub(super) async fn list(page: Page) -> PageResult {
    let own = match &page.staff()?.scope {
        Scope::Park(park) => Sphere::from(Some(park.as_str())),
        _ => Sphere::default(),
    };
    let form = typed(&page, "", Some(Role::Officer), &own);
    people_page(&page, StatusCode::OK, form, &[]).await
}

async fn people_page(page: &Page, status: StatusCode, form: SphereForm, errors: &[FieldError]) -> PageResult {
    let found = people::list(&page.app, page.staff()?).await?;
    let people = found.iter().map(|person| row(page, person)).collect();
    let errors = wrong_fields(page.locale, errors);
    page.show_as(status, "staff/people.html", PeoplePage { people, form, errors })
}

/// `POST /staff/people`
pub(super) async fn invite(page: Page, form: Form) -> PageResult {
    let actor = page.staff()?;
    let (email, sphere) = (form.get("email"), sphere(&form));
    let done = match role(&form) {
        Ok(role) => people::invite(&page.app, actor, email, role, sphere.clone()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(page.see("/staff/people?done=invited")),
        Err(Error::Invalid(errors)) => {
            let again = typed(&page, email, Role::from_word(form.get("role")), &sphere);
            people_page(&page, StatusCode::UNPROCESSABLE_ENTITY, again, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /staff/people/{id}`
pub(super) async fn show(page: Page, Id(id): Id<String>) -> PageResult {
    person_page(&page, &id, StatusCode::OK, None, &[]).await
}

async fn person_page(
    page: &Page,
    id: &str,
    status: StatusCode,
    form: Option<SphereForm>,
    errors: &[FieldError],
) -> PageResult {
    let actor = page.staff()?;
    let person = people::find(&page.app, actor, id).await?;
    let account = &person.account;
    let heirs = people::list(&page.app, actor).await?;
    let can_take = |it: &&Person| {
        it.account.id != account.id && !it.account.disabled && it.account.role.known().is_some_and(Role::works_leads)
    };
    let heir =
        |it: &Person| OptionView { value: it.account.email.clone(), label: it.account.email.clone(), checked: false };
    let proof = |value: &str| OptionView {
        value: value.to_owned(),
        label: word(page.locale, "identity_proof", value),
        checked: false,
    };
    let form = form.unwrap_or_else(|| typed(page, &account.email, account.role.known(), &account.sphere));
    let context = PersonPage {
        id: account.id.clone(),
        row: row(page, &person),
        form,
        errors: wrong_fields(page.locale, errors),
        is_disabled: account.disabled,
        is_self: account.id == actor.id,
        has_factor: account.totp.is_some(),
        proofs: IdentityProof::words().into_iter().map(proof).collect(),
        heirs: heirs.iter().filter(can_take).map(heir).collect(),
    };
    page.show_as(status, "staff/person.html", context)
}

/// Shows the page again where the input was refused.
async fn answer<T>(page: &Page, id: &str, done: Result<T, Error>, key: &str, form: Option<SphereForm>) -> PageResult {
    match done {
        Ok(_) => Ok(page.see(&format!("/staff/people/{id}?done={key}"))),
        Err(Error::Invalid(errors)) => person_page(page, id, StatusCode::UNPROCESSABLE_ENTITY, form, &errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/people/{id}`
pub(super) async fn change(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let actor = page.staff()?;
    let person = people::find(&page.app, actor, &id).await?;
    let (chosen, sphere) = (Role::from_word(form.get("role")), sphere(&form));
    let again = typed(&page, &person.account.email, chosen, &sphere);
    let removes_factor = !form.get("remove_factor").is_empty();
    let proof = IdentityProof::from_word(form.get("proof"));
    let change = AccountChange { role: chosen, sphere: Some(sphere), removes_factor, proof };
    let done = people::change(&page.app, Some(actor), &id, change).await;
    answer(&page, &id, done, "changed", Some(again)).await
}

/// `POST /staff/people/{id}/link`
pub(super) async fn link(page: Page, Id(id): Id<String>) -> PageResult {
    let done = people::send_link(&page.app, page.staff()?, &id).await;
    answer(&page, &id, done, "linked", None).await
}

/// `POST /staff/people/{id}/sessions`: ends every session of the person.
pub(super) async fn end_sessions(page: Page, Id(id): Id<String>) -> PageResult {
    let done = people::end_sessions(&page.app, page.staff()?, &id).await;
    answer(&page, &id, done, "sessions_ended", None).await
}

/// `POST /staff/people/{id}/disable`
pub(super) async fn disable(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let heir = Some(form.get("heir")).filter(|heir| !heir.is_empty());
    let done = people::disable(&page.app, Some(page.staff()?), &id, heir).await;
    answer(&page, &id, done, "disabled", None).await
}

/// `POST /staff/people/{id}/enable`
pub(super) async fn enable(page: Page, Id(id): Id<String>) -> PageResult {
    let done = people::enable(&page.app, Some(page.staff()?), &id).await;
    answer(&page, &id, done, "enabled", None).await
}
