//! Page of one listing: facts, indicators, evidence, location, and its match with the requirement in the URL.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::facility::{Facility, FacilitySet};
use domain::listing::{Detail, Kind, Listing};
use domain::matching::{check_commitment, commitment_fields};
use domain::record::Record;
use domain::requirement::Requirement;
use serde::Serialize;

use super::alike::{Alike, alike};
use super::beside::badge_of;
use super::context::{Page, PageResult};
use super::forms::Query;
use super::matches::card;
use super::units::UnitOption;
use crate::error::Code;
use crate::i18n::{LabelledValue, column, grouped, region_name, say, without_chinese, word};
use crate::service::{answer_time, listings, matching, pictures};
use crate::web::extract::Id;
use crate::web::problem::Problem;
use crate::web::view::{
    Badge, ChangeView, CheckView, CheckedFact, Crumb, FieldView, FormContent, FormPair, IndicatorView, MatchView, Past,
    PictureView, Place, Shown, SourcedFacts, address, breadcrumb_json, check, checked_facts, crumbs, evidence, facts,
    form_fields, held_lines, history, indicators, listing_url, name_of, place, qr, sourced, web_address,
};

#[derive(Serialize)]
struct ListingPage {
    name: String,
    kind: String,
    region: String,
    trail: Vec<Crumb>,
    breadcrumb_json: String,
    badge: Badge,
    offered: bool,
    facts: SourcedFacts,
    indicators: Vec<IndicatorView>,
    units: Vec<UnitOption>,
    history: Vec<ChangeView>,
    check: Option<CheckView>,
    #[serde(rename = "match")]
    found: Option<MatchView>,
    siblings: Vec<Inside>,
    alike: Option<Alike>,
    own_figures: Option<OwnFigures>,
    pictures: Vec<PictureView>,
    park_label: String,
    park: Option<ParkLink>,
    is_park: bool,
    phone: Option<String>,
    inbox: bool,
    inquire_url: String,
    compare_url: String,
    evidence: String,
    checked: Vec<CheckedFact>,
    held: Vec<String>,
    report_url: String,
    source: Option<String>,
    place: Option<Place>,
    qr: String,
}

#[derive(Serialize)]
struct ParkLink {
    name: String,
    url: String,
}

#[derive(Serialize)]
struct Inside {
    name: String,
    url: String,
    kind: String,
}

/// The form of one's own figures, for the check of a plot's commitments.
#[derive(Serialize)]
struct OwnFigures {
    fields: Vec<FieldView>,
    /// The other fields of the requirement in the URL, as hidden inputs.
    others: Vec<FormPair>,
    url: String,
}

/// `GET /plots/{id}`
pub(super) async fn plot(page: Page, Id(id): Id<String>, query: Query) -> PageResult {
    show(&page, Kind::Plot, &id, &query).await
}

/// `GET /spaces/{id}`
pub(super) async fn space(page: Page, Id(id): Id<String>, query: Query) -> PageResult {
    show(&page, Kind::Space, &id, &query).await
}

/// `GET /parks/{code}`
pub(super) async fn park(page: Page, Id(id): Id<String>, query: Query) -> PageResult {
    show(&page, Kind::Park, &id, &query).await
}

async fn show(page: &Page, kind: Kind, id: &str, query: &Query) -> PageResult {
    let inventory = &page.app.inventory;
    let (Some(record), Some(listing)) = (inventory.record(kind, id), inventory.listing(kind, id)) else {
        return Err(Problem::new(StatusCode::NOT_FOUND, Code::NotFound));
    };
    let draft = FormContent::from_form(&query.0);
    // A link with an unreadable requirement still shows the listing.
    let requirement = draft.query().next().is_some().then(|| draft.requirement().ok()).flatten();
    let own = pictures::of_listing(&page.app, kind, id).await?;
    let own = own.into_iter().map(|picture| PictureView::new(page.locale, picture)).collect();
    let (present, changes) = listings::past(&page.app, kind, id).await?;
    let past = Past { present: &present, changes: &changes };
    let hours = if kind == Kind::Park { answer_hours(page, id).await? } else { None };
    let seen = Seen { record: &record, listing: &listing, draft: &draft, requirement: requirement.as_ref(), past };
    page.show("listing.html", ListingPage { pictures: own, ..context(page, &seen, hours) })
}

/// The park's time to the first answer, from ten answers on.
async fn answer_hours(page: &Page, park: &str) -> Result<Option<LabelledValue>, Problem> {
    let told = answer_time::of_park(&page.app, park).await?.public;
    Ok(told.map(|time| {
        let args = [("hours", grouped(time.hours)), ("n", time.answers.to_string())];
        let args = [(args[0].0, args[0].1.as_str()), (args[1].0, args[1].1.as_str())];
        LabelledValue {
            name: "answer_hours".to_owned(),
            label: page.tell("listing.answer_hours"),
            value: say(page.locale, "listing.answer_hours_value", &args),
        }
    }))
}

/// A listing, what its reader asks of it, and its past.
struct Seen<'s> {
    record: &'s Record,
    listing: &'s Listing,
    draft: &'s FormContent,
    requirement: Option<&'s Requirement>,
    past: Past<'s>,
}

fn context(page: &Page, seen: &Seen<'_>, hours: Option<LabelledValue>) -> ListingPage {
    let Seen { record, listing, draft, requirement, .. } = *seen;
    let (locale, kind, id) = (page.locale, record.kind(), record.id());
    let told = facts(page.notation(), record);
    let evidence_of = page.app.beside.evidence(kind, id);
    let plain = told.facts.into_iter().chain(park_facilities(page, record)).chain(hours).collect();
    let name = name_of(locale, listing);
    let trail = crumbs(locale, kind, listing.division, &name);
    let found = requirement.and_then(|requirement| matching::judge(&page.app, kind, id, requirement));
    let (above, park) = (above(record), listing.park.as_deref());
    let is_park = kind == Kind::Park;
    let mut inquire: Vec<(&str, &str)> = vec![("listings", id)];
    inquire.extend(draft.query());
    let mut compare: Vec<(&str, &str)> = vec![("ids", id)];
    compare.extend(draft.query());
    ListingPage {
        kind: word(locale, "kind", kind.word()),
        region: listing.division.map(|code| region_name(locale, code)).unwrap_or_default(),
        breadcrumb_json: breadcrumb_json(&page.app.config.server.base_url, &trail),
        trail,
        badge: badge_of(page, record),
        offered: listing.is_offered(),
        facts: sourced(locale, plain, &evidence_of, &seen.past),
        indicators: with_average(page, record, told.indicators),
        units: page.unit_switch([kind]),
        history: history(page.notation(), &seen.past),
        check: requirement
            .and_then(|it| check_commitment(listing, it))
            .filter(|it| !it.lines.is_empty())
            .map(|it| check(page.notation(), &it)),
        found: found.map(|found| card(page, draft, &found, &[])),
        alike: alike(page, record, listing),
        own_figures: own_figures(page, draft, listing),
        siblings: if is_park { inside(page, id) } else { Vec::new() },
        pictures: Vec::new(),
        park_label: match above {
            None if is_park => page.tell("listing.contact"),
            _ => column(locale, park_column(kind)),
        },
        park: above.map(|code| park_link(page, code)),
        is_park,
        phone: park.and_then(|code| phone(page, code)),
        inbox: listing.is_offered() && park.is_some_and(|code| page.app.inventory.inbox(code).is_some()),
        inquire_url: address(&page.url("/inquiry"), inquire.into_iter()),
        compare_url: address(&page.url("/compare"), compare.into_iter()),
        evidence: evidence(locale, record, page.today()),
        checked: checked_facts(locale, record, &evidence_of, page.today()),
        held: held_lines(locale, &page.app.beside.held(record, page.app.clock.now())),
        report_url: address(&page.url("/report"), [("kind", kind.word()), ("id", id)].into_iter()),
        source: web_address(record.get("source_url")),
        place: listing.point.and_then(|point| place(locale, without_chinese(&name), point)),
        name,
        qr: qr(&page.public_url(&listing_url(crate::i18n::Locale::ZhHans, kind, id))),
    }
}

/// Control indicators beside the averages of the park's plots.
fn with_average(page: &Page, record: &Record, own: Vec<LabelledValue>) -> Vec<IndicatorView> {
    let park = above(record).map(|park| page.app.inventory.inside(park)).unwrap_or_default();
    indicators(page.notation(), own, &park.iter().map(|record| &**record))
}

/// The fields that the plot's own indicators are compared with; `None` where it states no indicator.
fn own_figures(page: &Page, draft: &FormContent, listing: &Listing) -> Option<OwnFigures> {
    let Detail::Plot(plot) = &listing.detail else { return None };
    let names = commitment_fields(plot);
    let none = BTreeSet::new();
    let shown = Shown { locale: page.locale, draft, requirement: None, errors: &[], corrected: &none };
    let mut others = draft.pairs_without_contact();
    others.retain(|pair| {
        pair.name != "text" && pair.name != "was" && !names.iter().any(|name| is_input(&pair.name, name))
    });
    let url = listing_url(page.locale, Kind::Plot, &listing.id);
    (!names.is_empty()).then(|| OwnFigures { fields: form_fields(shown, names), others, url })
}

/// Whether an input is one of a field: its own or an end of its range.
fn is_input(input: &str, field: &str) -> bool {
    input.split('.').next() == Some(field)
}

fn inside(page: &Page, park: &str) -> Vec<Inside> {
    let records = page.app.inventory.inside(park);
    let view = |record: &std::sync::Arc<Record>| Inside {
        name: page
            .app
            .inventory
            .listing(record.kind(), record.id())
            .map_or_else(|| record.id().to_owned(), |listing| name_of(page.locale, &listing)),
        url: listing_url(page.locale, record.kind(), record.id()),
        kind: word(page.locale, "kind", record.kind().word()),
    };
    records.iter().map(view).collect()
}

/// Column with the code of the listing's park; for a park, of its parent.
pub(super) const fn park_column(kind: Kind) -> &'static str {
    match kind {
        Kind::Park => "parent_code",
        Kind::Plot | Kind::Space => "park_code",
    }
}

/// Code of the listing's park.
pub(super) fn above(record: &Record) -> Option<&str> {
    Some(record.get(park_column(record.kind()))).filter(|code| !code.is_empty())
}

/// Returns the facilities that a plot or space has from its park.
pub(super) fn park_facilities(page: &Page, record: &Record) -> Option<LabelledValue> {
    let inventory = &page.app.inventory;
    let own = inventory.listing(record.kind(), record.id())?.facilities.has;
    let park = inventory.listing(Kind::Park, record.get("park_code"))?.facilities.has;
    let inherited = own.both(park).without(FacilitySet::of_cell(record.get("facilities")));
    let labels: Vec<String> = inherited
        .iter()
        .filter(|facility| facility.row().is_inherited)
        .map(|facility| word(page.locale, Facility::VOCABULARY.group, facility.code()))
        .collect();
    let name = "park_facilities";
    (!labels.is_empty()).then(|| LabelledValue {
        name: name.to_owned(),
        label: column(page.locale, name),
        value: labels.join(&page.tell("format.list")),
    })
}

fn park_link(page: &Page, code: &str) -> ParkLink {
    ParkLink { name: page.park_name(code), url: listing_url(page.locale, Kind::Park, code) }
}

fn phone(page: &Page, park: &str) -> Option<String> {
    let record = page.app.inventory.record(Kind::Park, park)?;
    Some(record.get("service_phone").to_owned()).filter(|phone| !phone.is_empty())
}
