//! Documents of the text index: public words of listings and policies, never a mail address or phone number.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use domain::facility::FacilityRow;
use domain::industry::{IndustryCode, industries};
use domain::listing::{Detail, Kind, Listing, SpaceKind};
use domain::reader;
use domain::record::{Policies, Record, Table};
use domain::region::{DivisionCode, DivisionLevel, divisions};
use domain::requirement::{FireClass, Word as _};
use serde::{Deserialize, Serialize};

use super::aliases;
use super::also::further_words;
use super::figures::{self, DocFigures};
use super::tags::{self, tag};

/// Kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocKind {
    /// 园区
    Park,
    /// 地块
    Plot,
    /// 载体空间
    Space,
    /// 政策
    Policy,
}

impl DocKind {
    pub const ALL: [Self; 4] = [Self::Park, Self::Plot, Self::Space, Self::Policy];

    /// API word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Park => "park",
            Self::Plot => "plot",
            Self::Space => "space",
            Self::Policy => "policy",
        }
    }

    /// Parses an API word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl From<Kind> for DocKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Park => Self::Park,
            Kind::Plot => Self::Plot,
            Kind::Space => Self::Space,
        }
    }
}

/// One searchable document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    /// `code`, `plot_no`, `space_no` or `policy_id`.
    pub id: String,
    pub kind: DocKind,
    /// Folded names by which it is meant as a whole.
    #[serde(default)]
    pub names: Vec<String>,
    /// Name of the listing or title of the policy.
    pub title: String,
    /// All other searchable text.
    pub body: String,
    /// Further words that find it and are never shown (`config/data/search_words.csv`).
    #[serde(default)]
    pub also: String,
    /// Own division and its ancestors.
    pub regions: Vec<DivisionCode>,
    /// Own industries and their ancestors.
    pub industries: Vec<IndustryCode>,
    /// Figures by which queries filter.
    #[serde(default)]
    pub figures: DocFigures,
    /// Tags by which results are counted and narrowed, see [`super::FACETS`].
    #[serde(default)]
    pub tags: Vec<String>,
    /// Whether the record is a sample (示例).
    pub demo: bool,
    /// Date of the evidence as recorded: a day or a month.
    pub date: Option<String>,
    /// Its place before every other order: 0 the usual one, then those left long unanswered, then what is past.
    #[serde(default)]
    pub place: u8,
    /// Digest of what it is made of: an index that holds another one is mended. Zero in a document that is never compared.
    #[serde(skip)]
    pub digest: u64,
}

impl Doc {
    /// Builds a listing's document; the park's name is added, and its division where the record has none.
    ///
    /// `None` for a space without a kind, which [`Record`] parsing refuses.
    #[must_use]
    pub fn of_listing(record: &Record, park: Option<&Listing>) -> Option<Self> {
        let listing = match record.kind() {
            Kind::Park => Listing::from_park(record),
            Kind::Plot => Listing::from_plot(record, park),
            Kind::Space => Listing::from_space(record, park)?,
        };
        let mut codes: Vec<IndustryCode> =
            ["industry_code_gb4754", "industries"].iter().flat_map(|column| record.codes(column)).collect();
        let mut body = vec![record.id().to_owned()];
        body.extend(listing.division.map(|code| divisions().full_name(code)));
        if record.kind() != Kind::Park {
            body.extend(park.map(|park| park.name.to_string()));
        }
        body.extend(searched(record));
        body.push(space_word(record).to_owned());
        body.extend(fire_class(&listing).map(|class| format!("{class}类")));
        body.extend(listing.facilities.has.iter().map(|facility| words_of(facility.row())));
        body.extend(codes.iter().map(|code| industries().name(*code).to_owned()));
        if record.kind() == Kind::Park {
            body.push(listing.name.to_string());
        }
        codes.extend(leading(record));
        let figures = figures::of_listing(record, &listing);
        let regions = listing.division.map(around).unwrap_or_default();
        let industries = wider(&codes);
        let mut tags = coded(&regions, &industries, &codes);
        tags.extend(tags::of_listing(&listing, &figures));
        let names = match record.kind() {
            Kind::Park => aliases::of_park(&listing.name, &regions),
            _ => vec![aliases::key(&listing.name)],
        };
        Some(Self {
            id: record.id().to_owned(),
            names,
            kind: record.kind().into(),
            title: listing.name.to_string(),
            body: joined(body),
            also: further_words(record, &listing),
            regions,
            industries,
            figures,
            tags,
            demo: listing.demo,
            date: listing.dated,
            place: 0,
            digest: 0,
        })
    }

    /// Whether a record has a document: not a space of a kind that only a newer program knows.
    #[must_use]
    pub fn is_of(record: &Record) -> bool {
        record.kind() != Kind::Space || SpaceKind::from_word(record.get("kind")).is_some()
    }

    /// Builds a policy's document.
    #[must_use]
    pub fn of_policy(record: &Record<Policies>) -> Self {
        let codes = record.codes("industries");
        let region = DivisionCode::parse(record.get("region_code"));
        let mut body: Vec<String> = searched(record).collect();
        body.extend(region.map(|code| divisions().full_name(code)));
        body.extend(codes.iter().map(|code| industries().name(*code).to_owned()));
        let title = [record.get("title"), record.id()].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        let (regions, industries) = (region.map(around).unwrap_or_default(), wider(&codes));
        Self {
            id: record.id().to_owned(),
            names: vec![aliases::key(title), aliases::key(record.get("document_no"))],
            kind: DocKind::Policy,
            title: title.to_owned(),
            body: joined(body),
            also: String::new(),
            tags: coded(&regions, &industries, &codes),
            regions,
            industries,
            figures: DocFigures::new(),
            demo: record.yes_no("demo") == Some(true),
            date: Some(record.get("issued_on").to_owned()).filter(|day| !day.is_empty()),
            place: 0,
            digest: 0,
        }
    }

    /// Adds a name by which it is meant as a whole.
    pub fn add_name(&mut self, name: &str) {
        self.names.push(aliases::key(name));
    }

    /// Province of the document.
    #[must_use]
    pub fn province(&self) -> Option<DivisionCode> {
        let is_province =
            |code: &DivisionCode| divisions().get(*code).map(|row| row.level) == Some(DivisionLevel::Province);
        self.regions.iter().copied().find(is_province)
    }
}

/// Returns the cells that full-text search covers, in the order of the table.
fn searched<T: Table>(record: &Record<T>) -> impl Iterator<Item = String> {
    let columns = record.kind().columns().iter().filter(|column| column.searched);
    columns.map(|column| record.get(column.name).to_owned())
}

/// Returns the usual names of a space's building.
fn space_word(record: &Record) -> &'static str {
    match SpaceKind::from_word(record.get("kind")) {
        Some(SpaceKind::Factory) => "标准厂房 厂房",
        Some(SpaceKind::Incubator) => "孵化器",
        Some(SpaceKind::Makerspace) => "众创空间 工位",
        Some(SpaceKind::Accelerator) => "加速器",
        Some(SpaceKind::Office) => "写字楼 办公",
        None => "",
    }
}

fn fire_class(listing: &Listing) -> Option<FireClass> {
    if let Detail::Space(space) = &listing.detail { space.fire_class } else { None }
}

/// Returns a facility's names and its other Chinese words: 行车 天车 吊车.
fn words_of(row: &FacilityRow) -> String {
    let chinese = row.words.iter().filter(|word| !word.is_ascii() && **word != row.zh);
    [&row.zh, &row.en].into_iter().chain(chinese).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Joins distinct non-blank texts by line breaks, so that no phrase matches across two texts.
fn joined(texts: Vec<String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !text.is_empty() && !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join(" · ")
}

/// Returns the tags of places and trades.
fn coded(regions: &[DivisionCode], industries: &[IndustryCode], own: &[IndustryCode]) -> Vec<String> {
    let places = regions.iter().map(|code| tag("region", code));
    let trades = industries.iter().map(|code| tag("industry", code));
    places.chain(trades).chain(own.iter().map(|code| tags::own(*code))).collect()
}

/// Returns the trades that a park's leading industries name; each name is read once, since thousands of parks share them.
fn leading(record: &Record) -> Vec<IndustryCode> {
    static READ: LazyLock<Mutex<HashMap<String, Option<IndustryCode>>>> = LazyLock::new(Mutex::default);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let names = record.get("leading_industries").split('、').map(str::trim).filter(|name| !name.is_empty());
    // The bare name of some trades is a product's: 汽车.
    let trade = |name: &str| reader::read_trade(name).or_else(|| reader::read_trade(&format!("{name}制造")));
    let mut code = |name: &str| *read.entry(name.to_owned()).or_insert_with(|| trade(name));
    let mut codes: Vec<IndustryCode> = names.filter_map(&mut code).collect();
    codes.dedup();
    codes
}

fn around(code: DivisionCode) -> Vec<DivisionCode> {
    divisions().upwards(code).map(|row| row.code).collect()
}

/// Codes with all their ancestors.
fn wider(codes: &[IndustryCode]) -> Vec<IndustryCode> {
    let mut all: Vec<IndustryCode> = Vec::new();
    for code in codes {
        let text = code.to_string();
        let prefixes = (2..text.len()).filter_map(|length| IndustryCode::parse(&text[..length]));
        let section = IndustryCode::parse(&code.section().to_string());
        all.extend(prefixes.chain(section).chain([*code]));
    }
    all.sort();
    all.dedup();
    all
}
