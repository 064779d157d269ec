//! Further words of listings: a search for 仓库 or warehouse finds a record with 仓储用地.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::land_use::LandUse;
use domain::listing::{Detail, Kind, Listing};
use domain::record::Record;
use domain::requirement::Word as _;

use super::pinyin::spellings;
use super::words::is_han;

/// Words by key; the keys are those of [`keys`].
static WORDS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let table = include_str!("../../config/data/search_words.csv");
    let rows = csv::Reader::from_reader(table.as_bytes()).into_deserialize::<(String, String)>();
    rows.filter_map(Result::ok).collect()
});

/// Returns the further words of a listing.
pub(super) fn further_words(record: &Record, listing: &Listing) -> String {
    let words = keys(record, listing).into_iter().filter_map(|key| WORDS.get(&key).cloned());
    let spelled = (record.kind() == Kind::Park).then(|| spelled(&listing.name)).flatten();
    // Words of two keys form no phrase.
    words.chain(spelled).collect::<Vec<_>>().join(" · ")
}

/// Returns the pinyin of a park's name and its initials.
fn spelled(name: &str) -> Option<String> {
    let chinese: String = name.chars().filter(|c| is_han(*c)).collect();
    let usual = spellings(&chinese).into_iter().next()?;
    Some(format!("{} {}", usual.whole, usual.initials))
}

fn keys(record: &Record, listing: &Listing) -> Vec<String> {
    let mut keys = vec![format!("kind.{}", record.kind().word())];
    match &listing.detail {
        Detail::Park(_) => keys.push(format!("park.{}", record.get("type"))),
        Detail::Plot(plot) => {
            keys.extend(LandUse::parse(&plot.land_use).map(|land| format!("land.{}", land_key(land))));
        }
        Detail::Space(space) => {
            keys.push(format!("space.{}", space.kind.word()));
            keys.extend(space.uses.iter().map(|it| format!("use.{}", it.word())));
        }
    }
    let is_standard = matches!(record.get("standard_land"), "yes" | "likely");
    keys.extend(is_standard.then(|| "standard_land".to_owned()));
    if record.kind() != Kind::Park {
        let terms = record.get("tenure").split(';').filter(|term| !term.is_empty());
        keys.extend(terms.map(|term| format!("tenure.{term}")));
    }
    keys
}

const fn land_key(land: LandUse) -> &'static str {
    match land {
        LandUse::Industrial | LandUse::Industrial1 | LandUse::Industrial2 | LandUse::Industrial3 => "industrial",
        LandUse::NewIndustrial => "new_industrial",
        LandUse::Research => "research",
        LandUse::Warehouse => "warehouse",
        LandUse::Office => "office",
    }
}
