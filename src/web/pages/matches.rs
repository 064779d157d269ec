//! Matches of all three kinds, best first, each with its reasons; nothing is stored.

use axum::http::Method;
use domain::listing::Kind;
use domain::matching::{Answer, Counts, Criterion, ListLimits, Match, Mode, Verdict};
use domain::region::DivisionCode;
use domain::requirement::{FieldError, Requirement};
use serde::Serialize;

use super::alert_form::{AlertForm, AlertInput};
use super::beside::badge_of;
use super::context::{Page, PageResult};
use super::errors::{WrongField, wrong_fields};
use super::forms::{Form, Query};
use super::front::understood_page;
use super::sift::{Sift, SiftView};
use super::supplement::{Supplement, supplement};
use super::units::{self, UnitOption};
use crate::i18n::{LabelledValue, field, requirement_facts};
use crate::service::{matching, policies};
use crate::web::extract::pairs_of;
use crate::web::view::{
    AdviceView, AnswerMap, AnswerView, AskedPlaces, FormContent, FormPair, GroupView, MatchView, NeedTab, NothingView,
    PairView, Placed, StatedNeed, address, adopt, answer_map, encode, key_facts, matched, need_tabs, nothing,
    web_address,
};

#[derive(Serialize)]
struct Matches {
    text: String,
    needs: Vec<NeedTab>,
    /// Reference of the stored requirement, to which further inquiries are added.
    reference: Option<String>,
    /// Name of it in addresses, see [`Page::handle`].
    handle: Option<String>,
    draft: Vec<FormPair>,
    facts: Vec<LabelledValue>,
    counts: CountsView,
    groups: Vec<GroupView>,
    relaxations: Vec<AdviceView>,
    pairs: Vec<PairView>,
    errors: Vec<WrongField>,
    /// The page by GET: the requirement alone, to be sent on, bookmarked and come back to.
    address: String,
    /// Address of the same answer as a workbook.
    pack: String,
    sift: SiftView,
    units: Vec<UnitOption>,
    supplement: Option<Supplement>,
    map: Option<AnswerMap>,
    /// Ids of the shortlist that came with the address.
    shortlist: Vec<String>,
    changed: Option<AdoptedChange>,
    policies: Vec<PolicyView>,
    /// The first things to see where nothing fits.
    nothing: Option<NothingView>,
    alert: AlertForm,
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

#[derive(Clone, Copy, Serialize)]
struct CountsView {
    considered: usize,
    matched: usize,
    to_confirm: usize,
    near: usize,
    /// Parks among those to be confirmed that are shown by themselves.
    without_land: usize,
}

/// Ids ticked before, and the errors of that choice.
#[derive(Default)]
pub(super) struct Picked {
    pub(super) listings: Vec<String>,
    pub(super) errors: Vec<FieldError>,
    /// Change by the last button.
    pub(super) changed: Option<AdoptedChange>,
    /// The group of which more matches are shown, and how many.
    pub(super) more: Option<(String, usize)>,
    pub(super) sift: Sift,
    pub(super) shortlist: Vec<String>,
    /// The form of an alert as typed.
    pub(super) alert: AlertInput,
}

/// Cards of a page; the groups share them, the best first.
const CARDS: usize = 20;
/// Matches to be confirmed that a page looks at: it counts what would decide most of them.
const LOOKED_AT: usize = 100;
/// Cards that a group keeps where those before it fill the page.
const LEAST_CARDS: usize = 3;
/// The group of parks whose record is silent on their land.
const WITHOUT_LAND: &str = "no_land";

/// An answer cut to the cards of a page.
struct Shared {
    found: Answer,
    /// Counts of the whole, before any filter.
    counts: CountsView,
    without_land: (Vec<Match>, usize),
}

impl Picked {
    /// Reads what a query or form asks of the page beside the requirement.
    pub(super) fn of(pairs: &[(String, String)]) -> Self {
        let all = |name: &str| -> Vec<String> {
            let filled = pairs.iter().filter(|(own, value)| own == name && !value.trim().is_empty());
            filled.map(|(_, value)| value.trim().to_owned()).collect()
        };
        let upto = all("upto").first().and_then(|typed| typed.parse().ok()).unwrap_or(2 * CARDS);
        Self {
            listings: all("listings"),
            more: all("all").into_iter().next().map(|group| (group, upto.clamp(CARDS, matching::MOST))),
            sift: Sift::of(pairs),
            shortlist: all("ids"),
            ..Self::default()
        }
    }
}

/// `GET /matches`: the requirement is in the URL, without a contact, so that the link can be shared.
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    page.cached(|| matches_page(&page, FormContent::from_form(&query.0), Picked::of(&query.0))).await
}

/// `POST /matches`: also applies a piece of advice, or takes it back.
pub(super) async fn submit(page: Page, form: Form) -> PageResult {
    let mut draft = FormContent::from_form(&form.0);
    let changed = change(&page, &mut draft, &form);
    matches_page(&page, draft, Picked { changed, ..Picked::of(&form.0) })
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
    let known = requirement_facts(page.notation(), &before);
    let mut facts = requirement_facts(page.notation(), &after);
    facts.retain(|fact| !known.contains(fact));
    Some(AdoptedChange { facts, undo })
}

/// Matches page; wrong fields lead back to the reading, with all input kept.
pub(super) fn matches_page(page: &Page, mut draft: FormContent, picked: Picked) -> PageResult {
    let (reading, corrected) = draft.read(page.today(), page.rates());
    match draft.requirement() {
        Err(wrong) => understood_page(page, &draft, &reading, &corrected, Err(wrong)),
        Ok(requirement) => {
            let is_right = picked.errors.is_empty() && picked.alert.is_right();
            let needs = need_tabs(page.locale, &draft.text, &reading, draft.need);
            let context = Matches { needs, ..context(page, &draft, &requirement, picked) };
            page.show_form(is_right, "matches.html", context)
        }
    }
}

/// Returns the answer in the order and with the filters asked for, and with parks without data on land by themselves.
fn sifted(page: &Page, requirement: &Requirement, sift: &Sift, limits: ListLimits) -> Shared {
    let mut found = if sift.is_any() {
        matching::answer_to_sift(&page.app, requirement)
    } else {
        matching::answer(&page.app, requirement, limits)
    };
    let all = found.counts;
    let total = matching::parks_without_land(&page.app, requirement);
    sift.apply(page, requirement, &mut found);
    let (parks, others) = std::mem::take(&mut found.to_confirm).into_iter().partition(is_silent_park);
    let parks: Vec<Match> = parks;
    found.to_confirm = others;
    let shown = if sift.leaves_out() { parks.len() } else { total };
    found.counts.to_confirm -= shown.min(found.counts.to_confirm);
    let Counts { considered, matched, to_confirm, near } = all;
    let counts = CountsView { considered, matched, to_confirm, near, without_land: total };
    Shared { found, counts, without_land: (parks, shown) }
}

fn is_silent_park(found: &Match) -> bool {
    let is_silent = |judged: &domain::matching::Judged| {
        (judged.criterion, judged.mode, judged.verdict) == (Criterion::Land, Mode::Must, Verdict::Unknown)
    };
    found.listing.kind == Kind::Park && found.criteria.iter().any(is_silent)
}

/// Cuts the lists so that together they fill the page; `more` names a list of which more is shown.
fn share_cards(shared: &mut Shared, more: Option<&(String, usize)>) {
    let found = &mut shared.found;
    let lists = [
        ("matched", &mut found.matched),
        ("to_confirm", &mut found.to_confirm),
        ("near", &mut found.near),
        (WITHOUT_LAND, &mut shared.without_land.0),
    ];
    let mut left = CARDS;
    for (group, list) in lists {
        match more {
            Some((wanted, upto)) if wanted.as_str() == group => list.truncate(*upto),
            _ => list.truncate(left.max(LEAST_CARDS)),
        }
        left = left.saturating_sub(list.len());
    }
}

fn context(page: &Page, draft: &FormContent, requirement: &Requirement, picked: Picked) -> Matches {
    let shown = picked.more.as_ref().map_or(CARDS, |(_, upto)| CARDS.max(*upto));
    let limits = ListLimits { matched: shown, to_confirm: LOOKED_AT.max(shown), near: shown };
    let mut shared = sifted(page, requirement, &picked.sift, limits);
    let supplement = supplement(page, draft, &shared.found.to_confirm, shared.found.counts.to_confirm);
    share_cards(&mut shared, picked.more.as_ref());
    let is_among = |ids: &[String], it: &Match| ids.iter().any(|id| **id == *it.listing.id);
    let card = |it: &Match| MatchView {
        picked: is_among(&picked.listings, it),
        compared: is_among(&picked.shortlist, it),
        ..card(page, draft, it, &requirement.regions)
    };
    let Shared { found, counts, without_land: (parks, total) } = &shared;
    let mut view = AnswerView::new(page.notation(), found, StatedNeed { draft, requirement }, card);
    if *total > 0 {
        view.groups.push(GroupView::new(page.locale, WITHOUT_LAND, parks, *total, card));
    }
    let kept = picked.sift.pairs();
    let kept = || kept.iter().map(|(name, value)| (*name, value.as_str()));
    let ids = || picked.shortlist.iter().map(|id| ("ids", id.as_str()));
    let units = page.units_asked();
    let units = || units.iter().map(|names| (units::PARAMETER, names.as_str()));
    let own = address(&page.url("/matches"), draft.query().chain(kept()).chain(units()).chain(ids()));
    number(&mut view.groups, |group, upto, at| {
        let more = address(&own, [("all", group), ("upto", upto)].into_iter());
        format!("{more}#m-{at}")
    });
    let mut inputs = draft.pairs();
    if page.method() == Method::GET {
        // Its own buttons lead to further addresses, which hold no blank names.
        inputs.retain(|pair| !pair.value.is_empty());
    }
    let lists = [&found.matched, &found.to_confirm, &found.near, parks];
    let nothing = nothing(page.locale, found, &view);
    // What the first section says need not be said by empty groups.
    view.groups.retain(|group| nothing.is_none() || group.total > 0);
    let reference = Some(draft.reference.clone()).filter(|reference| !reference.is_empty());
    let errors = [wrong_fields(page.locale, &picked.errors), picked.alert.told(page)].concat();
    Matches {
        nothing,
        alert: picked.alert.form(page, draft),
        text: draft.text.clone(),
        needs: Vec::new(),
        policies: policies_for(page, requirement),
        draft: inputs,
        facts: requirement_facts(page.notation(), requirement),
        counts: *counts,
        map: answer_map(page.locale, &AskedPlaces::of(requirement), &placed(page, &view.groups, &lists)),
        groups: view.groups,
        relaxations: view.relaxations,
        pairs: view.pairs,
        errors,
        handle: reference.as_deref().map(|reference| page.handle(reference)),
        reference,
        address: own,
        pack: address(&page.url("/pack"), draft.query().chain(kept()).chain(units())),
        sift: picked.sift.view(page),
        units: page.unit_switch(lists.iter().flat_map(|list| list.iter()).map(|found| found.listing.kind)),
        supplement,
        shortlist: picked.shortlist.clone(),
        changed: picked.changed,
    }
}

/// Numbers the cards through all groups, and gives each group that has more the address that shows them, made from its
/// code, the number of cards and the number of the first new one.
fn number(groups: &mut [GroupView], more: impl Fn(&str, &str, usize) -> String) {
    let mut last = 0;
    for group in groups {
        for card in &mut group.matches {
            last += 1;
            card.number = last;
        }
        let shown = group.matches.len();
        if group.more && shown < matching::MOST {
            group.url = Some(more(group.code, &(shown + CARDS).to_string(), last + 1));
        }
    }
}

/// Returns the places of the cards.
fn placed(page: &Page, groups: &[GroupView], lists: &[&Vec<Match>; 4]) -> Vec<Placed> {
    let cards = groups
        .iter()
        .zip(lists)
        .flat_map(|(group, list)| group.matches.iter().zip(*list).map(move |it| (group.code, it)));
    let place = |(code, (card, found)): (&'static str, (&MatchView, &Match))| Placed {
        number: card.number,
        name: card.name.clone(),
        code,
        point: page.app.inventory.point(found.listing.kind, &found.listing.id),
        division: found.listing.region,
    };
    cards.map(place).collect()
}

/// Card of a match with its listing and park from the inventory; distances are from `wanted`, the divisions asked for.
pub(crate) fn card(page: &Page, draft: &FormContent, found: &Match, wanted: &[DivisionCode]) -> MatchView {
    let inventory = &page.app.inventory;
    let record = inventory.record(found.listing.kind, &found.listing.id);
    let badge = record.as_ref().map(|record| badge_of(page, record)).unwrap_or_default();
    let code = found.listing.park.as_deref();
    let park = code.and_then(|code| inventory.record(Kind::Park, code));
    let name = park.as_ref().map(|park| park.get("name")).or(code);
    let inbox = code.is_some_and(|code| inventory.inbox(code).is_some());
    // A park that takes no inquiries may have a phone, and the listing an official notice.
    let official = park.as_ref().filter(|_| !inbox);
    MatchView {
        facts: record.as_ref().map(|it| key_facts(page.notation(), it, found, wanted)).unwrap_or_default(),
        phone: official.map(|it| it.get("service_phone").to_owned()).filter(|phone| !phone.is_empty()),
        page: official.and(record.as_ref()).and_then(|it| web_address(it.get("source_url"))),
        ..matched(page.notation(), found, badge, name, inbox, draft)
    }
}
