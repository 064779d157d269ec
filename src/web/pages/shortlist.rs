//! Listings chosen by their ids in an address, judged against the requirement in it: for comparing, the brief, the answer
//! pack and shared links. The address holds no personal data.

use std::sync::Arc;

use domain::matching::Match;
use domain::record::Record;
use domain::requirement::Requirement;

use super::context::Page;
use super::units;
use crate::service::matching;
use crate::web::view::{AskedPlaces, FormContent, FormPair, Placed, SideBySide, address, name_of};

/// Most listings side by side: more columns do not fit on a page.
pub(super) const MOST: usize = 6;
/// Ids that are looked up per request; further ones are ignored.
const MOST_IDS: usize = 50;

/// Chosen listings and the requirement that they are judged against.
pub(super) struct Shortlist {
    pub(super) draft: FormContent,
    /// None where the address holds none, or an unreadable one.
    pub(super) requirement: Option<Requirement>,
    pub(super) listed: Vec<Listed>,
    /// Ids without a listing.
    pub(super) missing: Vec<String>,
    /// Names of listings beyond [`MOST`].
    pub(super) left_out: Vec<String>,
    /// Names of the units that the addresses keep.
    units: Option<String>,
}

/// One listing of a shortlist.
pub(super) struct Listed {
    pub(super) record: Arc<Record>,
    pub(super) name: String,
    pub(super) found: Option<Match>,
    /// Distance from the places asked for, km.
    pub(super) km: Option<f64>,
    pub(super) placed: Placed,
}

impl Shortlist {
    /// Reads `ids` and the requirement of a query.
    pub(super) fn of(page: &Page, query: &[(String, String)]) -> Self {
        let draft = FormContent::from_form(query);
        let requirement = draft.query().next().is_some().then(|| draft.requirement().ok()).flatten();
        let ids = query.iter().filter(|(name, value)| name == "ids" && !value.trim().is_empty());
        let (mut records, missing) = records(page, ids.map(|(_, value)| value.trim()));
        let left_out = records.split_off(records.len().min(MOST)).iter().map(|it| name(page, it)).collect();
        let places = requirement.as_ref().map(AskedPlaces::of).unwrap_or_default();
        let listed = (1..).zip(records).map(|(at, record)| listed(page, record, requirement.as_ref(), &places, at));
        Self { listed: listed.collect(), draft, requirement, missing, left_out, units: page.units_asked() }
    }

    /// Returns the address of a page about some of the listings, in no language.
    pub(super) fn address<'i>(&'i self, path: &str, ids: impl Iterator<Item = &'i str>) -> String {
        let units = self.units.iter().map(|names| (units::PARAMETER, names.as_str()));
        address(path, ids.map(|id| ("ids", id)).chain(self.draft.query()).chain(units))
    }

    /// Returns the inputs of the requirement, for forms.
    pub(super) fn need(&self) -> Vec<FormPair> {
        let pair = |(name, value): (&str, &str)| FormPair { name: name.to_owned(), value: value.to_owned() };
        self.draft.query().map(pair).collect()
    }

    /// Returns the ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.listed.iter().map(|it| it.record.id())
    }

    /// Returns the listings as rows in the same units take them.
    pub(super) fn side_by_side(&self, page: &Page) -> Vec<SideBySide<'_>> {
        let beside = |it| side_by_side(page, it);
        self.listed.iter().map(beside).collect()
    }
}

/// Returns a listing as rows in the same units take it.
pub(super) fn side_by_side<'a>(page: &Page, it: &'a Listed) -> SideBySide<'a> {
    let evidence = page.app.beside.evidence(it.record.kind(), it.record.id());
    SideBySide { record: &it.record, found: it.found.as_ref(), evidence, km: it.km }
}

/// Judges a listing and measures its distance; `number` is its place in the list.
pub(super) fn listed(
    page: &Page,
    record: Arc<Record>,
    requirement: Option<&Requirement>,
    places: &AskedPlaces,
    number: usize,
) -> Listed {
    let (kind, id) = (record.kind(), record.id());
    let listing = page.app.inventory.listing(kind, id);
    let found = requirement.and_then(|it| matching::judge(&page.app, kind, id, it));
    let (point, division) = listing.as_ref().map_or((None, None), |it| (it.point, it.division));
    let name = name(page, &record);
    let code = found.as_ref().map_or("matched", group_code);
    let placed = Placed { number, name: name.clone(), code, point, division };
    Listed { km: places.km(point, division), name, found, record, placed }
}

fn group_code(found: &Match) -> &'static str {
    use domain::matching::Group;
    match found.group() {
        Group::Matched => "matched",
        Group::ToConfirm => "to_confirm",
        Group::Near => "near",
        Group::Out => "out",
    }
}

/// Looks up each id once; returns the listings and the unknown ids. An id may contain a comma, so the whole text is
/// tried first.
fn records<'q>(page: &Page, ids: impl Iterator<Item = &'q str>) -> (Vec<Arc<Record>>, Vec<String>) {
    let (mut records, mut missing): (Vec<Arc<Record>>, Vec<String>) = (Vec::new(), Vec::new());
    let mut take = |id: &str| match page.app.inventory.find(id) {
        Some(record) if records.iter().any(|other| Arc::ptr_eq(other, &record)) => true,
        Some(record) => {
            records.push(record);
            true
        }
        None => false,
    };
    for value in ids.take(MOST_IDS) {
        if take(value) {
            continue;
        }
        for id in value.split([',', '，', '、']).map(str::trim).filter(|id| !id.is_empty()).take(MOST_IDS) {
            if !take(id) {
                missing.push(id.to_owned());
            }
        }
    }
    (records, missing)
}

/// Returns the name of a listing; its id where it is not published.
pub(super) fn name(page: &Page, record: &Record) -> String {
    let listing = page.app.inventory.listing(record.kind(), record.id());
    listing.map_or_else(|| record.id().to_owned(), |listing| name_of(page.locale, &listing))
}
