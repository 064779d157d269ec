//! Evidence of key facts: written by imports, edits by hand, answers to reports and the parks' confirmations.

use std::collections::HashSet;

use domain::account::Role;
use domain::column::{Column, Table};
use domain::freshness::{Checker, FactCheck, How, KeyFact, changed_facts, imported_check, stated_facts};
use domain::import::ImportPlan;
use domain::listing::Kind;
use domain::record::Record;
use domain::time::Moment;
use sea_orm::{DatabaseTransaction, DbErr};

use super::accounts::Actor;
use crate::db;
use crate::db::evidence::ListingCheck;

/// Returns the side of a signed-in account.
pub(super) fn side_of(actor: &Actor) -> Checker {
    if actor.role == Role::Admin { Checker::Operator } else { Checker::Park }
}

/// Returns the checks that an imported file makes: of the facts of its columns in every accepted row, changed or not; each
/// listing has one.
pub(super) fn imported<T: Table>(
    plan: &ImportPlan<T>,
    columns: &[&'static Column],
    (import, by): (&str, Checker),
    now: Moment,
) -> Vec<ListingCheck> {
    let mut facts: Vec<KeyFact> = columns.iter().filter_map(|column| column.fact).collect();
    facts.sort_unstable();
    facts.dedup();
    if facts.is_empty() {
        return Vec::new();
    }
    let today = now.day();
    let check = |record: &Record<T>, changed: Vec<KeyFact>| {
        let own = imported_check(record, by, today);
        let check = FactCheck { reference: import.to_owned(), facts: facts.clone(), ..own };
        ListingCheck { code: record.id().to_owned(), check, changed }
    };
    let settled = plan.settled.iter().map(|settled| {
        let changed = settled.before.as_ref().map(|before| changed_facts(before, &settled.after));
        check(&settled.after, changed.unwrap_or_default())
    });
    let kept = plan.kept.iter().map(|record| check(record, Vec::new()));
    let mut seen: HashSet<String> = HashSet::new();
    settled.chain(kept).filter(|check| seen.insert(check.code.clone())).collect()
}

/// Records that a listing was edited by hand: the facts that changed are checked.
///
/// # Errors
/// [`DbErr`]; the transaction must then be rolled back.
pub async fn edited(
    tx: &DatabaseTransaction,
    before: Option<&Record>,
    after: &Record,
    actor: &Actor,
    now: Moment,
) -> Result<(), DbErr> {
    let changed = before.map_or_else(|| stated_facts(after), |before| changed_facts(before, after));
    let check = check_of(How::Edit, side_of(actor), &actor.id, changed.clone(), now);
    let edited = ListingCheck { code: after.id().to_owned(), check, changed };
    db::evidence::check(tx, after.kind(), vec![edited]).await
}

/// Records that all stated facts of listings were found right.
pub(super) async fn confirmed<'r>(
    tx: &DatabaseTransaction,
    records: impl IntoIterator<Item = &'r Record>,
    (how, by, reference): (How, Checker, &str),
    now: Moment,
) -> Result<(), DbErr> {
    let mut by_kind: Vec<(Kind, Vec<ListingCheck>)> = Kind::ALL.map(|kind| (kind, Vec::new())).into();
    for record in records {
        let check = check_of(how, by, reference, stated_facts(record), now);
        let confirmed = ListingCheck { code: record.id().to_owned(), check, changed: Vec::new() };
        let group = by_kind.iter_mut().find(|(kind, _)| *kind == record.kind());
        group.into_iter().for_each(|(_, checks)| checks.push(confirmed.clone()));
    }
    for (kind, checks) in by_kind {
        db::evidence::check(tx, kind, checks).await?;
    }
    Ok(())
}

fn check_of(how: How, by: Checker, reference: &str, facts: Vec<KeyFact>, now: Moment) -> FactCheck {
    FactCheck { on: now.day(), how, by, reference: reference.to_owned(), facts }
}
