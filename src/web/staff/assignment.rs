//! Rules and turns by which a park's new leads get their owner, and the absences of its people.

use axum::http::StatusCode;
use domain::assignment::AbsentDays;
use domain::chain::{Chain, FirmTag, chains, firm_tags};
use domain::requirement::{FieldCode, FieldError};
use serde::Serialize;

use crate::db::account::Account;
use crate::db::assignment::AssignmentRule;
use crate::error::Error;
use crate::i18n::{date, division, say, tell};
use crate::service::assignment::{self, AbsenceIn, Board, RuleChange, RuleIn};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, Query, WrongField, wrong_fields};
use crate::web::view::{OptionView, address, named_places};

#[derive(Serialize)]
struct AssignmentPage {
    /// Code of the park that is shown; blank where one is to be chosen first.
    park: String,
    park_name: String,
    parks: Vec<OptionView>,
    takes_turns: bool,
    rules: Vec<RuleRow>,
    people: Vec<OptionView>,
    absences: Vec<AbsenceRow>,
    chains: Vec<OptionView>,
    tags: Vec<OptionView>,
    typed: RuleValues,
    errors: Vec<WrongField>,
}

#[derive(Serialize)]
struct RuleRow {
    id: String,
    words: String,
    owner: String,
    /// Whether the account still works this park's leads.
    works: bool,
}

#[derive(Serialize)]
struct AbsenceRow {
    id: String,
    email: String,
    days: String,
    deputy: Option<String>,
}

#[derive(Default, Serialize)]
struct RuleValues {
    region: String,
    least_wan: String,
    most_wan: String,
}

/// `GET /staff/assignment`
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    board_page(&page, StatusCode::OK, query.get("park"), (&Form(Vec::new()), &[])).await
}

async fn board_page(page: &Page, status: StatusCode, park: &str, (form, errors): (&Form, &[FieldError])) -> PageResult {
    let actor = page.staff()?;
    if !actor.role.decides_leads() {
        return Err(Error::Forbidden.into());
    }
    let own = actor.scope.parks().unwrap_or_default();
    let park = match (park.trim(), own.first()) {
        ("", Some(first)) => (*first).to_owned(),
        (typed, _) => typed.to_owned(),
    };
    let board = match park.as_str() {
        "" => Board { takes_turns: false, rules: Vec::new(), people: Vec::new(), absences: Vec::new() },
        park => assignment::board(&page.app, actor, park).await?,
    };
    let option = |value: &str, label: String, chosen: &str| OptionView {
        value: value.to_owned(),
        label,
        checked: value == chosen,
    };
    let context = AssignmentPage {
        park_name: page.app.inventory.park_name(&park),
        parks: own.iter().map(|code| option(code, page.app.inventory.park_name(code), &park)).collect(),
        takes_turns: board.takes_turns,
        rules: board.rules.iter().map(|rule| rule_row(page, rule, &board.people)).collect(),
        people: board.people.iter().map(|it| option(&it.email, it.email.clone(), form.get("owner"))).collect(),
        absences: board.absences.iter().map(|absent| absence_row(page, absent, &board.people)).collect(),
        chains: chains().iter().map(|it| option(&it.code, it.name.clone(), form.get("chain"))).collect(),
        tags: firm_tags().iter().map(|it| option(&it.code, it.name.clone(), form.get("tag"))).collect(),
        typed: RuleValues {
            region: form.get("region").to_owned(),
            least_wan: form.get("least_wan").to_owned(),
            most_wan: form.get("most_wan").to_owned(),
        },
        errors: wrong_fields(page.locale, errors),
        park,
    };
    page.show_as(status, "staff/assignment.html", context)
}

fn email_of(people: &[Account], id: &str) -> Option<String> {
    people.iter().find(|account| account.id == id).map(|account| account.email.clone())
}

fn rule_row(page: &Page, rule: &AssignmentRule, people: &[Account]) -> RuleRow {
    let of = &rule.conditions;
    let amount = |key: &str, wan: Option<i64>| wan.map(|wan| say(page.locale, key, &[("n", &wan.to_string())]));
    let parts = [
        of.chain.as_deref().and_then(Chain::parse).map(|chain| chain.name.clone()),
        of.region.map(|code| say(page.locale, "assignment.from", &[("place", &division(page.locale, code))])),
        amount("assignment.least", of.least_wan),
        amount("assignment.below", of.most_wan),
        of.tag.as_deref().and_then(FirmTag::parse).map(|tag| tag.name.clone()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let owner = email_of(people, &rule.account_id);
    RuleRow {
        id: rule.id.clone(),
        words: if parts.is_empty() { tell(page.locale, "assignment.every") } else { parts.join(" · ") },
        works: owner.is_some(),
        owner: owner.unwrap_or_else(|| tell(page.locale, "assignment.gone")),
    }
}

fn absence_row(page: &Page, absent: &AbsentDays, people: &[Account]) -> AbsenceRow {
    AbsenceRow {
        id: absent.account.clone(),
        email: email_of(people, &absent.account).unwrap_or_default(),
        days: format!("{} – {}", date(page.locale, absent.from), date(page.locale, absent.until)),
        deputy: absent.deputy.as_deref().and_then(|id| email_of(people, id)),
    }
}

/// Leads back to the board of a park.
fn back(page: &Page, park: &str) -> axum::response::Response {
    page.see(&address("/staff/assignment", [("park", park), ("done", "rules_saved")].into_iter()))
}

async fn answer(page: &Page, form: &Form, done: Result<(), Error>) -> PageResult {
    match done {
        Ok(()) => Ok(back(page, form.get("park"))),
        Err(Error::Invalid(errors)) => {
            board_page(page, StatusCode::UNPROCESSABLE_ENTITY, form.get("park"), (form, &errors)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/assignment/rules`
pub(super) async fn add(page: Page, form: Form) -> PageResult {
    let typed = form.get("region").trim();
    let places = named_places(typed);
    let region = match (typed, places.as_slice()) {
        ("", _) => Ok(None),
        (_, [place]) => Ok(Some(*place)),
        _ => Err(Error::Invalid(vec![FieldError::new("region", FieldCode::UnknownCode).with("value", typed)])),
    };
    let done = match region {
        Err(error) => Err(error),
        Ok(region) => {
            let new = RuleIn {
                chain: form.get("chain").to_owned(),
                region,
                least_wan: form.get("least_wan").to_owned(),
                most_wan: form.get("most_wan").to_owned(),
                tag: form.get("tag").to_owned(),
                owner: form.get("owner").to_owned(),
            };
            assignment::add_rule(&page.app, page.staff()?, form.get("park"), new).await
        }
    };
    answer(&page, &form, done).await
}

/// `POST /staff/assignment/rules/{id}/{action}`: up or remove.
pub(super) async fn change(page: Page, Id((id, action)): Id<(String, String)>) -> PageResult {
    let change = match action.as_str() {
        "up" => RuleChange::Up,
        "remove" => RuleChange::Remove,
        _ => return Err(Error::NotFound.into()),
    };
    let park = assignment::change_rule(&page.app, page.staff()?, &id, change).await?;
    Ok(back(&page, &park))
}

/// `POST /staff/assignment/turns`
pub(super) async fn turns(page: Page, form: Form) -> PageResult {
    let takes_turns = form.get("takes_turns") == "yes";
    let done = assignment::set_turns(&page.app, page.staff()?, form.get("park"), takes_turns).await;
    answer(&page, &form, done).await
}

/// `POST /staff/assignment/absence`: of a person of the park, by its address; blank days end it.
pub(super) async fn absence(page: Page, form: Form) -> PageResult {
    let actor = page.staff()?;
    if !actor.role.decides_leads() {
        return Err(Error::Forbidden.into());
    }
    let people = assignment::board(&page.app, actor, form.get("park")).await?.people;
    let found = people.iter().find(|account| account.email == form.get("person"));
    let done = match found {
        None => Err(Error::Invalid(vec![FieldError::new("person", FieldCode::Missing)])),
        Some(account) => assignment::set_absence(&page.app, actor, &account.id, typed_absence(&form)).await,
    };
    answer(&page, &form, done).await
}

/// The absence of a form.
pub(super) fn typed_absence(form: &Form) -> AbsenceIn {
    AbsenceIn {
        from: form.get("from_day").to_owned(),
        until: form.get("until_day").to_owned(),
        deputy: form.get("deputy").to_owned(),
    }
}
