//! Matches of all three kinds, best first, each with its reasons; nothing is stored.

use domain::matching::{Answer, Counts, Match};
use domain::requirement::{FieldError, Requirement};
use serde::Serialize;

use super::beside::badge_of;
use super::context::{Page, PageResult};
use super::errors::{WrongField, wrong_fields};
use super::forms::{Form, Query};
use super::front::understood_page;
use crate::i18n::{LabelledValue, field, requirement_facts};
use crate::service::{matching, policies};
use crate::web::extract::pairs_of;
use crate::web::view::{
    AdviceView, AnswerView, FormContent, FormPair, GroupView, MatchView, NeedTab, PairView, StatedNeed, address, adopt,
    encode, key_facts, matched, need_tabs,
};

#[derive(Serialize)]
struct Matches {
    text: String,
    needs: Vec<NeedTab>,
    /// Reference of the stored requirement, to which further inquiries are added.
    reference: Option<String>,
    draft: Vec<FormPair>,
    facts: Vec<LabelledValue>,
    counts: CountsView,
    groups: Vec<GroupView>,
    relaxations: Vec<AdviceView>,
    pairs: Vec<PairView>,
    errors: Vec<WrongField>,
    /// The page by GET: the requirement alone, to be sent on, bookmarked and come back to.
    address: String,
    changed: Option<AdoptedChange>,
    policies: Vec<PolicyView>,
}

/// A policy that may apply to the requirement.
#[derive(Serialize)]
struct PolicyView {
    title: String,
    url: String,
    demo: bool,
    /// Fields by which it applies, in words.
    by: String,
    /// Fields on which it depends and that are not stated, in words.
    open: String,
}

fn policies_for(page: &Page, requirement: &Requirement) -> Vec<PolicyView> {
    let words = |fields: &[String]| -> String {
        let names: Vec<String> = fields.iter().map(|name| field(page.locale, name)).collect();
        names.join(&page.tell("format.list"))
    };
    policies::for_requirement(&page.app, requirement, |it| PolicyView {
        title: it.policy.get("title").to_owned(),
        url: page.url(&format!("/policies/{}", encode(it.policy.id()))),
        demo: it.policy.yes_no("demo") == Some(true),
        by: words(&it.met),
        open: words(&it.open),
    })
}

/// Fields that a piece of advice changed, and the query of the requirement before it.
#[derive(Serialize)]
pub(super) struct AdoptedChange {
    facts: Vec<LabelledValue>,
    undo: String,
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
    pub(super) errors: Vec<FieldError>,
    /// Change by the last button.
    pub(super) changed: Option<AdoptedChange>,
    /// The group of which all matches are shown, up to [`matching::MOST`].
    pub(super) all: Option<String>,
}

/// Cards of a page; the groups share them, the best first.
const CARDS: usize = 20;
/// Cards that a group keeps where those before it fill the page.
const LEAST_CARDS: usize = 3;

/// `GET /matches`: the requirement is in the URL, without a contact, so that the link can be shared.
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    let all = query.all("all").into_iter().next();
    matches_page(&page, FormContent::from_form(&query.0), Picked { all, ..Picked::default() })
}

/// `POST /matches`: also applies a piece of advice, or takes it back.
pub(super) async fn submit(page: Page, form: Form) -> PageResult {
    let mut draft = FormContent::from_form(&form.0);
    let changed = change(&page, &mut draft, &form);
    matches_page(&page, draft, Picked { listings: form.all("listings"), changed, ..Picked::default() })
}

fn change(page: &Page, draft: &mut FormContent, form: &Form) -> Option<AdoptedChange> {
    if let Some(before) = form.all("undo").first().and_then(|query| pairs_of(query.trim_start_matches('?'))) {
        draft.take_requirement(FormContent::from_form(&before));
        return None;
    }
    let sent = form.all("adopt").into_iter().next()?;
    let before = draft.requirement().ok()?;
    let undo = address("", draft.query());
    adopt(draft, &before, &sent);
    let after = draft.requirement().ok()?;
    let known = requirement_facts(page.locale, &before);
    let mut facts = requirement_facts(page.locale, &after);
    facts.retain(|fact| !known.contains(fact));
    Some(AdoptedChange { facts, undo })
}

/// Matches page; wrong fields lead back to the reading, with all input kept.
pub(super) fn matches_page(page: &Page, mut draft: FormContent, picked: Picked) -> PageResult {
    let (reading, corrected) = draft.read(page.today(), page.rates());
    match draft.requirement() {
        Err(wrong) => understood_page(page, &draft, &reading, &corrected, Err(wrong)),
        Ok(requirement) => {
            let most = if picked.all.is_some() { matching::MOST } else { matching::USUAL };
            let mut found = matching::answer(&page.app, &requirement, most);
            share_cards(&mut found, picked.all.as_deref());
            let is_right = picked.errors.is_empty();
            let needs = need_tabs(page.locale, &draft.text, &reading, draft.need);
            let context = Matches { needs, ..context(page, &draft, &requirement, &found, picked) };
            page.show_form(is_right, "matches.html", context)
        }
    }
}

/// Cuts the lists so that together they fill the page; `all` names a list that is shown whole.
fn share_cards(found: &mut Answer, all: Option<&str>) {
    let lists = [("matched", &mut found.matched), ("to_confirm", &mut found.to_confirm), ("near", &mut found.near)];
    let mut left = CARDS;
    for (group, list) in lists {
        if all != Some(group) {
            list.truncate(left.max(LEAST_CARDS));
        }
        left = left.saturating_sub(list.len());
    }
}

fn context(page: &Page, draft: &FormContent, requirement: &Requirement, found: &Answer, picked: Picked) -> Matches {
    let is_picked = |it: &Match| picked.listings.iter().any(|id| **id == *it.listing.id);
    let mut view = AnswerView::new(page.locale, found, StatedNeed { draft, requirement }, |it| MatchView {
        picked: is_picked(it),
        facts: compared(page, it, requirement),
        ..card(page, draft, it)
    });
    for group in view.groups.iter_mut().filter(|group| group.matches.len() < matching::MOST) {
        let query = draft.query().chain([("all", group.code)]);
        group.url = Some(format!("{}#{}", address(&page.url("/matches"), query), group.code));
    }
    Matches {
        text: draft.text.clone(),
        needs: Vec::new(),
        policies: policies_for(page, requirement),
        draft: draft.pairs(),
        facts: requirement_facts(page.locale, requirement),
        counts: found.counts.into(),
        groups: view.groups,
        relaxations: view.relaxations,
        pairs: view.pairs,
        errors: wrong_fields(page.locale, &picked.errors),
        reference: Some(draft.reference.clone()).filter(|reference| !reference.is_empty()),
        address: address(&page.url("/matches"), draft.query()),
        changed: picked.changed,
    }
}

/// Returns what an owner compares first.
fn compared(page: &Page, found: &Match, requirement: &Requirement) -> Vec<LabelledValue> {
    let record = page.app.inventory.record(found.listing.kind, &found.listing.id);
    record.map_or_else(Vec::new, |record| key_facts(page.locale, &record, found, &requirement.regions))
}

/// Card of a match with its listing and park from the inventory.
pub(crate) fn card(page: &Page, draft: &FormContent, found: &Match) -> MatchView {
    let inventory = &page.app.inventory;
    let record = inventory.record(found.listing.kind, &found.listing.id);
    let signs = record.map(|record| badge_of(page, &record)).unwrap_or_default();
    let park = found.listing.park.as_deref();
    let name = park.map(|code| inventory.park_name(code));
    let inbox = park.is_some_and(|code| inventory.inbox(code).is_some());
    matched(page.locale, found, signs, name.as_deref(), inbox, draft)
}
