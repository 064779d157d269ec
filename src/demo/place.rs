//! Places of the samples: divisions with their price tier, leading industries and real parks.

use std::collections::HashMap;

use domain::geo::Point;
use domain::region::{DivisionCode, divisions};

use super::line::Line;

const PLACES: &str = include_str!("../../config/data/demo_places.csv");
const TIERS: &str = include_str!("../../config/data/demo_tiers.csv");
/// A division has its samples in so many of its parks, the highest level first.
const PARKS_PER_PLACE: usize = 3;
/// Types of zone without samples of their own.
const SPECIAL: [&str; 2] = ["海关特殊监管区域", "旅游度假区"];

/// A division that has samples.
pub(super) struct SamplePlace {
    code: String,
    line: Line,
    /// Prices and indicators that are usual here.
    pub(super) tier: Line,
    /// Names of province, city and county; the county is blank in a city without counties.
    pub(super) names: [String; 3],
    parks: Vec<Line>,
    /// Position among the places of its set, which spreads the choices.
    pub(super) at: usize,
    /// Number of earlier lines of the same division.
    pub(super) again: usize,
}

impl SamplePlace {
    /// Returns the places in the order of their table, with their parks among the real ones.
    pub(super) fn all(parks: &[Line]) -> Vec<Self> {
        let tiers: HashMap<String, Line> =
            Line::all(TIERS).into_iter().map(|line| (line.get("tier").to_owned(), line)).collect();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut count = |word: &str| {
            let times = seen.entry(word.to_owned()).or_default();
            *times += 1;
            *times - 1
        };
        let lines = Line::all(PLACES).into_iter();
        lines
            .filter_map(|line| {
                let code = line.get("code").to_owned();
                let (at, again) = (count(line.get("set")), count(&code));
                let (names, parks) = (names(DivisionCode::parse(&code)?), parks_of(&code, parks));
                let tier = tiers.get(line.get("tier"))?.clone();
                (!parks.is_empty()).then_some(Self { code, line, tier, names, parks, at, again })
            })
            .collect()
    }

    pub(super) fn code(&self) -> &str {
        &self.code
    }

    /// Two-digit codes of the leading industries.
    pub(super) fn lead(&self) -> &str {
        self.line.get("lead")
    }

    pub(super) fn has_trait(&self, word: &str) -> bool {
        self.line.lists("traits", word)
    }

    /// Whether a model with these sets is offered here; half of the models are offered in every second place of a half set.
    pub(super) fn offers(&self, sets: &str) -> bool {
        let set = self.line.get("set");
        let half = format!("{set}{}", self.at % 2);
        sets.split(';').any(|word| word == set || word == half || word == "chem" && self.has_trait("chem"))
    }

    /// The park of a sample, in turn.
    pub(super) fn park(&self, turn: usize) -> &Line {
        &self.parks[turn % self.parks.len()]
    }

    pub(super) fn parks(&self) -> impl Iterator<Item = &Line> {
        self.parks.iter()
    }

    /// First part of a sample's name: the park, or the division where the park is in another one.
    pub(super) fn label<'a>(&'a self, park: &'a Line) -> &'a str {
        let division = self.names.iter().rev().find(|name| !name.is_empty()).map_or("", String::as_str);
        if park.get("county_code") == self.code { park.get("name") } else { division }
    }

    /// A point near the seat of the division, `turn` in no visible order around it.
    pub(super) fn point(&self, turn: usize) -> Option<(String, String)> {
        // 0.001° are about 100 m: at most 1.5 km from the seat.
        let offset = |factor: usize| ((turn * factor + self.at * 11) % 27) as f64 / 1000.0 - 0.013;
        let seat = divisions().get(DivisionCode::parse(&self.code)?).and_then(|row| row.seat);
        let seat = seat.or_else(|| point_of(self.park(0)))?;
        Some((format!("{:.4}", seat.lng + offset(7)), format!("{:.4}", seat.lat + offset(5))))
    }
}

fn point_of(park: &Line) -> Option<Point> {
    (!park.get("longitude").is_empty()).then(|| Point { lng: park.number("longitude"), lat: park.number("latitude") })
}

/// Names of province, city and county; a municipality is its own city.
fn names(code: DivisionCode) -> [String; 3] {
    let name = |code: DivisionCode| divisions().get(code).map(|row| row.name.clone()).unwrap_or_default();
    let province = divisions().upwards(code).last().map_or(code, |row| row.code);
    let city = divisions().prefecture(code).unwrap_or(province);
    [name(province), name(city), if city == code { String::new() } else { name(code) }]
}

/// Up to [`PARKS_PER_PLACE`] parks of the division; without any, the first of its prefecture.
fn parks_of(code: &str, parks: &[Line]) -> Vec<Line> {
    let within = |prefix: &str| {
        let mut here: Vec<&Line> = parks.iter().filter(|park| park.get("county_code").starts_with(prefix)).collect();
        here.sort_by_key(|park| (SPECIAL.contains(&park.get("type")), park.get("level") != "国家级"));
        here
    };
    let usual = |park: &&Line| !SPECIAL.contains(&park.get("type"));
    let mut own: Vec<Line> = within(code).into_iter().filter(usual).take(PARKS_PER_PLACE).cloned().collect();
    if own.is_empty() {
        own.extend(within(&code[..4]).first().copied().cloned());
    }
    own
}
