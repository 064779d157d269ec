//! Matches of all three kinds, best first, each with its reasons; nothing is stored.

use domain::matching::{Answer, Counts, Match};
use domain::requirement::{FieldError, Requirement};
use serde::Serialize;

use super::beside::badge_of;
use super::context::{Page, PageResult};
use super::errors::{WrongField, wrong_fields};
use super::forms::{Form, Query};
use super::front::understood_page;
use crate::i18n::{LabelledValue, requirement_facts};
use crate::service::matching;
use crate::web::view::{AdviceView, AnswerView, FormContent, FormPair, GroupView, MatchView, PairView, adopt, matched};

#[derive(Serialize)]
struct Matches {
    /// Reference of the stored requirement, to which further inquiries are added.
    reference: Option<String>,
    draft: Vec<FormPair>,
    facts: Vec<LabelledValue>,
    counts: CountsView,
    groups: Vec<GroupView>,
    relaxations: Vec<AdviceView>,
    pairs: Vec<PairView>,
    errors: Vec<WrongField>,
}

#[derive(Serialize)]
struct CountsView {
    considered: usize,
    matched: usize,
    to_confirm: usize,
    near: usize,
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        let Counts { considered, matched, to_confirm, near } = counts;
        Self { considered, matched, to_confirm, near }
    }
}

/// Ids ticked before, and the errors of that choice.
#[derive(Default)]
pub(super) struct Picked {
    pub(super) listings: Vec<String>,
    pub(super) reference: Option<String>,
    pub(super) errors: Vec<FieldError>,
}

/// `GET /matches`: the requirement is in the URL, without a contact, so that the link can be shared.
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    matches_page(&page, FormContent::from_form(&query.0), Picked::default())
}

/// `POST /matches`
pub(super) async fn submit(page: Page, form: Form) -> PageResult {
    let mut draft = FormContent::from_form(&form.0);
    if let Some(sent) = form.all("adopt").first()
        && let Ok(requirement) = draft.requirement()
    {
        adopt(&mut draft, &requirement, sent);
    }
    let (listings, reference) = (form.all("listings"), form.all("reference").into_iter().next());
    matches_page(&page, draft, Picked { listings, reference, errors: Vec::new() })
}

/// Matches page; wrong fields lead back to the reading, with all input kept.
pub(super) fn matches_page(page: &Page, mut draft: FormContent, picked: Picked) -> PageResult {
    let (reading, corrected) = draft.read(page.today());
    match draft.requirement() {
        Err(wrong) => understood_page(page, &draft, &reading, &corrected, Err(wrong)),
        Ok(requirement) => {
            let found = matching::answer(&page.app, &requirement, matching::USUAL);
            let is_right = picked.errors.is_empty();
            page.show_form(is_right, "matches.html", context(page, &draft, &requirement, &found, picked))
        }
    }
}

fn context(page: &Page, draft: &FormContent, requirement: &Requirement, found: &Answer, picked: Picked) -> Matches {
    let is_picked = |it: &Match| picked.listings.iter().any(|id| **id == *it.listing.id);
    let view = AnswerView::new(page.locale, found, |it| MatchView { picked: is_picked(it), ..card(page, draft, it) });
    Matches {
        draft: draft.pairs(),
        facts: requirement_facts(page.locale, requirement),
        counts: found.counts.into(),
        groups: view.groups,
        relaxations: view.relaxations,
        pairs: view.pairs,
        errors: wrong_fields(page.locale, &picked.errors),
        reference: picked.reference,
    }
}

/// Card of a match with its listing and park from the inventory.
pub(crate) fn card(page: &Page, draft: &FormContent, found: &Match) -> MatchView {
    let inventory = &page.app.inventory;
    let record = inventory.record(found.listing.kind, &found.listing.id);
    let signs = record.map(|record| badge_of(page, &record)).unwrap_or_default();
    let park = found.listing.park.as_deref();
    let name = park.map(|code| inventory.park_name(code));
    let inbox = park.is_some_and(|code| inventory.inbox(code).is_some());
    matched(page.locale, found, signs, name, inbox, draft)
}
