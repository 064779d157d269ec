//! Views of a listing's record: facts with units, control indicators, badges, breadcrumbs, QR code.

use chrono::NaiveDate;
use domain::area::{Mu, UNITS_PER_MU};
use domain::decimal::{Decimal, SCALE};
use domain::freshness::old_notice;
use domain::listing::{Kind, Listing};
use domain::record::{Cell, Policies, Record, Table as _, columns};
use domain::region::{DivisionCode, divisions};
use domain::requirement::Word as _;
use domain::time::loose_day;
use serde::Serialize;

use super::draft::place;
use super::local_url;
use super::pager::{address, encode};
use crate::i18n::{
    LabelledValue, Locale, NamedListing, Notation, age, column, date, division, free_word, industry, land,
    listing_name, park_name, quantity, quantity_near, region_name, say, tell, without_chinese, word,
};

/// The badges of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Badge {
    /// A sample.
    pub demo: bool,
    /// The status in words; none for a blank one.
    pub status: Option<String>,
    /// The age of a notice that is too old for current supply.
    pub old: Option<String>,
    /// The same as a sentence.
    pub old_text: Option<String>,
    /// Past, source, freshness and holds.
    pub marks: Vec<FreshMark>,
    /// The source of the record and its day.
    pub source: Option<String>,
}

/// A further badge of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FreshMark {
    /// The CSS class.
    pub code: &'static str,
    /// The words.
    pub label: String,
}

/// A step of the breadcrumb.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Crumb {
    /// The label.
    pub label: String,
    /// The link; none for this page.
    pub url: Option<String>,
}

/// The facts of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListingFacts {
    /// Plain facts.
    pub facts: Vec<LabelledValue>,
    /// Control indicators.
    pub indicators: Vec<LabelledValue>,
}

/// Returns the path prefix of a kind's pages.
const fn folder(kind: Kind) -> &'static str {
    match kind {
        Kind::Plot => "/plots",
        Kind::Space => "/spaces",
        Kind::Park => "/parks",
    }
}

/// Returns the name of a listing.
#[must_use]
pub fn name_of(locale: Locale, listing: &Listing) -> String {
    let (park, division) = (listing.park.as_deref(), listing.division);
    listing_name(locale, NamedListing { kind: listing.kind(), name: &listing.name, park, division })
}

/// Returns the name of the park around a listing; none for a park, and in English where the listing's name holds it.
pub(super) fn park_beside(locale: Locale, name: &str, park: Option<(&str, &str)>) -> Option<String> {
    let park = park.map(|(code, own)| park_name(locale, code, own))?;
    let is_told = match locale {
        Locale::ZhHans => name == park,
        Locale::En => name.contains(without_chinese(&park)),
    };
    (!is_told).then_some(park)
}

/// Returns the URL of a kind's list.
#[must_use]
pub fn kind_url(locale: Locale, kind: Kind) -> String {
    local_url(locale, folder(kind))
}

/// Returns the URL of a listing's page.
#[must_use]
pub fn listing_url(locale: Locale, kind: Kind, id: &str) -> String {
    local_url(locale, &format!("{}/{}", folder(kind), encode(id)))
}

/// Returns the badges of a record that need nothing but the record.
#[must_use]
pub fn badge(locale: Locale, record: &Record, today: NaiveDate) -> Badge {
    let status = Some(record.get("status")).filter(|status| !status.is_empty());
    let old = old_notice(record, today);
    let sentence = |day: NaiveDate| {
        let when = column_value(locale, record, "notice_date");
        say(locale, "listing.old_text", &[("date", &when), ("age", &age(locale, day, today))])
    };
    Badge {
        demo: record.yes_no("demo") == Some(true),
        status: status.map(|status| word(locale, "status", status)),
        old: old.map(|day| say(locale, "listing.old", &[("age", &age(locale, day, today))])),
        old_text: old.map(sentence),
        marks: Vec::new(),
        source: None,
    }
}

/// Returns the date and age of the record's evidence.
#[must_use]
pub fn evidence(locale: Locale, record: &Record, today: NaiveDate) -> String {
    let column = ["notice_date", "verified_on"].into_iter().find(|column| !record.get(column).is_empty());
    match column.and_then(|column| Some((column, loose_day(record.get(column))?))) {
        Some((column, day)) => {
            let when = column_value(locale, record, column);
            say(locale, "listing.dated", &[("date", &when), ("age", &age(locale, day, today))])
        }
        None => tell(locale, "listing.undated"),
    }
}

/// Columns that other parts of the page show, or that do not concern its reader.
pub const ELSEWHERE: &[&str] = &[
    "code",
    "name",
    "province",
    "city",
    "county",
    "longitude",
    "latitude",
    "crs",
    "coord_note",
    "demo",
    "source_url",
    "quality_note",
    "inbox_email",
    "service_phone",
    "shows_owner",
    "park_code",
    "parent_code",
    "area_sqm",
    "area_mu",
    "location",
];
/// Control indicators: columns that a standard-land contract fixes.
pub const INDICATORS: &[&str] = &[
    "invest_intensity_wan_mu",
    "tax_wan_mu",
    "output_wan_mu",
    "value_added_wan_mu",
    "labor_productivity_wan_person",
    "energy_va_wan_tce",
    "emission_va_wan_t",
    "rd_pct",
];

/// Returns every filled cell of a record, in words and units.
#[must_use]
pub fn facts(notation: impl Into<Notation>, record: &Record) -> ListingFacts {
    facts_among(notation, record, |_| true)
}

/// Returns the filled cells of a record that are shown, in words and units: words are made for those alone.
#[must_use]
pub fn facts_among(notation: impl Into<Notation>, record: &Record, is_shown: impl Fn(&str) -> bool) -> ListingFacts {
    let notation = notation.into();
    let fact =
        |name: &str, value: String| LabelledValue { name: name.to_owned(), label: column(notation, name), value };
    let cell = |name: &str| fact(name, column_value(notation, record, name));
    let mut plain = Vec::new();
    if let Some(area) = area(record).filter(|_| is_shown("area")) {
        let label = column(notation.locale, "area");
        plain.push(LabelledValue { name: "area".to_owned(), label, value: land(notation, area) });
    }
    let stated = columns(record.kind()).iter().map(|column| column.name).filter(|name| !record.get(name).is_empty());
    let (indicators, others): (Vec<&str>, Vec<&str>) =
        stated.filter(|name| !ELSEWHERE.contains(name)).partition(|name| INDICATORS.contains(name));
    for name in others {
        if is_shown(name) {
            plain.push(cell(name));
        }
        if name == "start_price_wan"
            && is_shown("price_per_mu")
            && let Some(price) = price_per_mu(record)
        {
            plain.push(fact("price_per_mu", quantity_near(notation, price, "wan/mu")));
        }
    }
    let indicators = indicators.into_iter().filter(|name| is_shown(name)).map(cell).collect();
    ListingFacts { facts: plain, indicators }
}

/// Returns the area of a plot.
#[must_use]
pub fn area(record: &Record) -> Option<Mu> {
    record.decimal("area_sqm").map(Mu::from_sqm).or_else(|| record.decimal("area_mu").map(Mu::from_mu))
}

/// Returns the starting price in 万元 per mu, rounded up at the fourth place.
pub(super) fn price_per_mu(record: &Record) -> Option<Decimal> {
    let (price, area) = (record.decimal("start_price_wan")?, area(record)?);
    (area.units() > 0)
        .then(|| Decimal::ceil4(i128::from(price.micro()) * UNITS_PER_MU / i128::from(SCALE), i128::from(area.units())))
}

/// Returns one cell in words; blank for a blank cell.
#[must_use]
pub fn cell_in_words(notation: impl Into<Notation>, record: &Record, name: &str) -> String {
    if record.get(name).is_empty() { String::new() } else { column_value(notation, record, name) }
}

/// Returns one cell in words.
pub(super) fn column_value(notation: impl Into<Notation>, record: &Record, name: &str) -> String {
    let notation = notation.into();
    let locale = notation.locale;
    let value = record.get(name);
    let list = |words: Vec<String>| words.join(&tell(locale, "format.list"));
    let Some(column) = record.kind().column(name) else { return String::new() };
    match column.cell {
        Cell::Decimal(unit) => {
            record.decimal(name).map_or_else(String::new, |number| quantity(notation, number, unit.word()))
        }
        Cell::Industries => list(record.codes(name).into_iter().map(|code| industry(locale, code)).collect()),
        Cell::Division => DivisionCode::parse(value).map_or_else(|| value.to_owned(), |code| region_name(locale, code)),
        Cell::Day => record.day(name).map_or_else(|| value.to_owned(), |day| date(locale, day)),
        Cell::YesNo => tell(locale, if value == "yes" { "format.yes" } else { "format.no" }),
        Cell::Likely => word(locale, "likely", value),
        Cell::Word(words) => word(locale, words.group, value),
        Cell::Words(words) => list(value.split(';').map(|entry| word(locale, words.group, entry)).collect()),
        Cell::LooseDate | Cell::Month => when(locale, value),
        Cell::Text(_) => free_word(locale, value),
        Cell::Degrees(_) | Cell::Mail => value.to_owned(),
    }
}

/// Formats a date of day or month precision; other text is returned unchanged.
fn when(locale: Locale, text: &str) -> String {
    use chrono::Datelike as _;
    let Some(day) = loose_day(text) else { return text.to_owned() };
    match text.split('-').count() {
        3 => date(locale, day),
        2 => {
            let month = match locale {
                Locale::ZhHans => day.month().to_string(),
                Locale::En => day.format("%B").to_string(),
            };
            say(locale, "format.month", &[("year", &day.year().to_string()), ("month", &month)])
        }
        _ => text.to_owned(),
    }
}

/// Returns the breadcrumb: divisions, kind, listing.
#[must_use]
pub fn crumbs(locale: Locale, kind: Kind, region: Option<DivisionCode>, name: &str) -> Vec<Crumb> {
    let mut trail = vec![Crumb { label: tell(locale, "nav.home"), url: Some(local_url(locale, "/")) }];
    let list = kind_url(locale, kind);
    let mut above: Vec<_> = region.into_iter().flat_map(|code| divisions().upwards(code)).collect();
    above.reverse();
    for row in above {
        let label = division(locale, row.code);
        let region = if locale == Locale::En { format!("{label} ({})", row.code) } else { place(row.code) };
        let url = address(&list, [("region", region.as_str())].into_iter());
        trail.push(Crumb { label, url: Some(url) });
    }
    trail.push(Crumb { label: word(locale, "kind", kind.word()), url: Some(list) });
    trail.push(Crumb { label: name.to_owned(), url: None });
    trail
}

/// Least side of a QR code, px: 3.9 cm in print, at 96 px per inch.
const QR_PIXELS: u32 = 148;

/// Returns the QR code of a URL as inline SVG; blank for a URL over its capacity.
#[must_use]
pub fn qr(url: &str) -> String {
    let Ok(code) = qrcode::QrCode::with_error_correction_level(url, qrcode::EcLevel::M) else { return String::new() };
    let drawn = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(QR_PIXELS, QR_PIXELS).build();
    // HTML does not allow the XML declaration before the element.
    drawn.find("<svg").map_or_else(String::new, |at| drawn[at..].to_owned())
}

/// Returns the breadcrumb as JSON-LD (schema.org BreadcrumbList), escaped for a script element.
#[must_use]
pub fn breadcrumb_json(base_url: &str, trail: &[Crumb]) -> String {
    let base = base_url.trim_end_matches('/');
    let item = |(at, crumb): (usize, &Crumb)| {
        let mut item = serde_json::json!({ "@type": "ListItem", "position": at + 1, "name": crumb.label });
        if let Some(url) = &crumb.url {
            item["item"] = format!("{base}{url}").into();
        }
        item
    };
    let items: Vec<serde_json::Value> = trail.iter().enumerate().map(item).collect();
    let list =
        serde_json::json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items });
    // A name that contains `</script>` would end the element.
    list.to_string().replace('<', "\\u003c")
}

/// Returns a policy as JSON-LD (schema.org Legislation), escaped for a script element.
#[must_use]
pub fn policy_json(base_url: &str, path: &str, policy: &Record<Policies>) -> String {
    let mut about = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Legislation",
        "name": policy.get("title"),
        "url": format!("{}{path}", base_url.trim_end_matches('/')),
        "abstract": policy.get("summary"),
    });
    for (name, column) in [
        ("legislationIdentifier", "document_no"),
        ("legislationPassedBy", "issuer"),
        ("legislationDate", "issued_on"),
        ("isBasedOn", "source_url"),
    ] {
        if !policy.get(column).is_empty() {
            about[name] = policy.get(column).into();
        }
    }
    about.to_string().replace('<', "\\u003c")
}

/// Returns the text if it is an http(s) URL; other schemes (`javascript:`) are not linked.
#[must_use]
pub fn web_address(text: &str) -> Option<String> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    (is_web && !text.chars().any(|c| c.is_whitespace() || c.is_control())).then(|| text.to_owned())
}
