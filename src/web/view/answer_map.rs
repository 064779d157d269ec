//! Schematic map of an answer: distance rings around the place asked for, and provinces as tiles. No map data, no borders.

use domain::geo::{Point, distance_km};
use domain::region::{DivisionCode, divisions};
use serde::Serialize;

use super::asked_place::AskedPlaces;
use crate::i18n::{Locale, region_name, say, tell};

/// A card to be placed.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The card's number.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// The code of its group.
    pub code: &'static str,
    /// Its own point.
    pub point: Option<Point>,
    /// Its division, whose seat replaces an unknown point.
    pub division: Option<DivisionCode>,
}

/// The drawings, and the same as a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerMap {
    /// The rings; none where no place is asked for.
    pub rings: Option<RingDrawing>,
    /// Provinces; none where every card is near the place asked for.
    pub tiles: Vec<ProvinceTile>,
    /// Description of the tiles.
    pub tile_words: String,
    /// The cards as a list.
    pub rows: Vec<PlacedRow>,
    /// Groups that the cards are of, with their names.
    pub legend: Vec<LegendEntry>,
    /// The number of cards without a known place, in words.
    pub unplaced: Option<String>,
}

/// Distance rings, in drawing units; the drawing is [`SIDE`] wide and high.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RingDrawing {
    /// The title.
    pub title: String,
    /// The description.
    pub words: String,
    /// Rings, the largest first.
    pub rings: Vec<DistanceRing>,
    /// Cards.
    pub dots: Vec<CardDot>,
    /// Whether dots are large enough for their numbers.
    pub has_numbers: bool,
}

/// One ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DistanceRing {
    /// Its radius.
    pub r: i32,
    /// Top of its label.
    pub y: i32,
    /// Its distance in words.
    pub label: String,
}

/// A card in a drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardDot {
    /// Horizontal position.
    pub x: i32,
    /// Vertical position.
    pub y: i32,
    /// Its radius.
    pub r: i32,
    /// The card's number.
    pub number: usize,
    /// The code of its group.
    pub code: &'static str,
}

/// A province with its cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvinceTile {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Its short name.
    pub name: String,
    /// Whether it is asked for.
    pub asked: bool,
    /// Cards.
    pub dots: Vec<CardDot>,
}

/// A card in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlacedRow {
    /// The card's number.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Its division, and the distance where a place is asked for.
    pub place: String,
}

/// A group in the legend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LegendEntry {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub label: String,
}

/// Side of each drawing.
const SIDE: i32 = 320;
const CENTRE: i32 = SIDE / 2;
/// Radius of the outermost ring.
const REACH: f64 = 140.0;
/// Distances of the outermost ring, km; the least that holds every card is drawn.
const REACHES_KM: [f64; 8] = [20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0];
/// Distances of the rings as shares of the outermost: round figures of each reach.
const SHARES: [f64; 3] = [1.0, 0.4, 0.1];
/// Cards up to which dots are large enough for numbers.
const NUMBERED: usize = 40;
/// Radius of a dot with a number, and of one without.
const RADII: [i32; 2] = [9, 4];
/// Places tried for a dot before it is drawn over another.
const MOST_TRIES: i32 = 400;
/// Turn between two tries, radians: the golden angle, which never repeats a direction.
const GOLDEN: f64 = 2.399_963;

/// Provinces by the first two digits of their codes, with column and row.
const TILES: [(&str, i32, i32); 34] = [
    ("23", 7, 0),
    ("15", 5, 1),
    ("22", 7, 1),
    ("65", 0, 2),
    ("62", 2, 2),
    ("64", 3, 2),
    ("14", 4, 2),
    ("11", 5, 2),
    ("12", 6, 2),
    ("21", 7, 2),
    ("63", 1, 3),
    ("61", 3, 3),
    ("41", 4, 3),
    ("13", 5, 3),
    ("37", 6, 3),
    ("54", 0, 4),
    ("51", 2, 4),
    ("50", 3, 4),
    ("42", 4, 4),
    ("34", 5, 4),
    ("32", 6, 4),
    ("31", 7, 4),
    ("52", 3, 5),
    ("43", 4, 5),
    ("36", 5, 5),
    ("33", 6, 5),
    ("53", 2, 6),
    ("45", 3, 6),
    ("44", 4, 6),
    ("35", 5, 6),
    ("71", 6, 6),
    ("46", 3, 7),
    ("82", 4, 7),
    ("81", 5, 7),
];
/// Side of a tile with its gap.
const TILE: i32 = 40;
/// Space for the dots of a tile: left, top, width, height.
const INSIDE: [i32; 4] = [3, 15, 32, 21];

/// Draws cards around the places asked for; `None` without a card.
#[must_use]
pub fn answer_map(locale: Locale, asked: &AskedPlaces, cards: &[Placed]) -> Option<AnswerMap> {
    let tiles = tiles(locale, asked, cards);
    let filled = tiles.iter().filter(|tile| !tile.dots.is_empty()).count();
    let rings = rings(locale, asked, cards);
    let is_one_place = rings.is_some() && filled < 2;
    let unplaced = cards.iter().filter(|card| place_of(card).is_none()).count();
    let args = [("n", cards.len().to_string()), ("provinces", filled.to_string())];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, n)| (*name, n.as_str())).collect();
    (!cards.is_empty()).then(|| AnswerMap {
        rings,
        tile_words: say(locale, "map.tile_words", &args),
        tiles: if is_one_place { Vec::new() } else { tiles },
        rows: cards.iter().map(|card| row(locale, asked, card)).collect(),
        legend: legend(locale, cards),
        unplaced: (unplaced > 0).then(|| say(locale, "map.unplaced", &[("n", &unplaced.to_string())])),
    })
}

fn place_of(card: &Placed) -> Option<Point> {
    card.point.or_else(|| divisions().get(card.division?)?.seat)
}

fn legend(locale: Locale, cards: &[Placed]) -> Vec<LegendEntry> {
    let mut codes: Vec<&'static str> = Vec::new();
    for card in cards {
        if !codes.contains(&card.code) {
            codes.push(card.code);
        }
    }
    let entry = |code: &'static str| LegendEntry { code, label: tell(locale, &format!("group.{code}")) };
    codes.into_iter().map(entry).collect()
}

fn row(locale: Locale, asked: &AskedPlaces, card: &Placed) -> PlacedRow {
    let division = card.division.map(|code| region_name(locale, code)).unwrap_or_default();
    let km = asked.km(card.point, card.division).map(|km| format!("{km:.0}"));
    let place = match km {
        Some(km) => say(locale, "map.row", &[("place", &division), ("km", &km)]),
        None => division,
    };
    PlacedRow { number: card.number, name: card.name.clone(), place }
}

fn rings(locale: Locale, asked: &AskedPlaces, cards: &[Placed]) -> Option<RingDrawing> {
    let centre = asked.centre?;
    let placed: Vec<(&Placed, Point, f64)> =
        cards.iter().filter_map(|card| place_of(card).map(|point| (card, point, distance_km(centre, point)))).collect();
    let farthest = placed.iter().map(|it| it.2).reduce(f64::max)?;
    let nearest = placed.iter().min_by(|a, b| a.2.total_cmp(&b.2))?;
    let reach = REACHES_KM.into_iter().find(|reach| farthest <= *reach).unwrap_or(REACHES_KM[REACHES_KM.len() - 1]);
    // The square root spreads what is near, where most cards are.
    let radius = |km: f64| REACH * (km / reach).min(1.0).sqrt();
    let has_numbers = placed.len() <= NUMBERED;
    let r = RADII[usize::from(!has_numbers)];
    // The centre's own mark stays free.
    let mut taken = vec![(CENTRE, CENTRE)];
    let mut dot = |&(card, point, km): &(&Placed, Point, f64)| {
        let (east, north) = bearing(centre, point);
        let (x, y) = (f64::from(CENTRE) + east * radius(km), f64::from(CENTRE) - north * radius(km));
        let (x, y) = free_place((x, y), r, &taken);
        taken.push((x, y));
        CardDot { x, y, r, number: card.number, code: card.code }
    };
    let name = asked.name(locale);
    let numbers = [
        ("n", placed.len().to_string()),
        ("name", name.clone()),
        ("first", nearest.0.number.to_string()),
        ("near", format!("{:.0}", nearest.2)),
        ("far", format!("{farthest:.0}")),
    ];
    let args: Vec<(&str, &str)> = numbers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let ring = |share: f64| {
        let r = radius(share * reach).round() as i32;
        DistanceRing { r, y: CENTRE - r - 3, label: format!("{:.0} km", share * reach) }
    };
    Some(RingDrawing {
        title: say(locale, "map.rings", &[("name", &name)]),
        words: say(locale, "map.ring_words", &args),
        rings: SHARES.into_iter().map(ring).collect(),
        dots: placed.iter().map(&mut dot).collect(),
        has_numbers,
    })
}

/// Returns the direction of a point as parts of one, east and north; none for the same point.
fn bearing(from: Point, to: Point) -> (f64, f64) {
    let east = (to.lng - from.lng) * from.lat.to_radians().cos();
    let north = to.lat - from.lat;
    let length = east.hypot(north);
    if length < f64::EPSILON { (0.0, 0.0) } else { (east / length, north / length) }
}

/// Returns the place nearest to the wanted one, on a spiral, at which a dot covers no other.
fn free_place((x, y): (f64, f64), r: i32, taken: &[(i32, i32)]) -> (i32, i32) {
    let apart = 2 * r + 1;
    let at = |step: i32| {
        let (turn, out) = (f64::from(step) * GOLDEN, f64::from(r) * 0.7 * f64::from(step).sqrt());
        let inside = |place: f64| (place.round() as i32).clamp(r, SIDE - r);
        (inside(x + out * turn.cos()), inside(y + out * turn.sin()))
    };
    let is_free = |&(x, y): &(i32, i32)| {
        taken.iter().all(|(other_x, other_y)| (x - other_x).pow(2) + (y - other_y).pow(2) >= apart.pow(2))
    };
    (0..MOST_TRIES).map(at).find(is_free).unwrap_or_else(|| at(0))
}

fn tiles(locale: Locale, asked: &AskedPlaces, cards: &[Placed]) -> Vec<ProvinceTile> {
    let province = |code: DivisionCode| code.to_string()[..2].to_owned();
    let asked: Vec<String> = asked.divisions.iter().map(|&code| province(code)).collect();
    let tile = |&(code, column, row): &(&str, i32, i32)| {
        let inside: Vec<&Placed> =
            cards.iter().filter(|card| card.division.map(province).as_deref() == Some(code)).collect();
        ProvinceTile {
            x: column * TILE,
            y: row * TILE,
            name: tell(locale, &format!("tile.{code}")),
            asked: asked.iter().any(|it| it == code),
            dots: in_tile((column * TILE, row * TILE), &inside),
        }
    };
    TILES.iter().map(tile).collect()
}

/// Lays the cards of a tile out in rows and columns that fill it.
fn in_tile((x, y): (i32, i32), cards: &[&Placed]) -> Vec<CardDot> {
    let [left, top, width, height] = INSIDE;
    let count = i32::try_from(cards.len()).unwrap_or(i32::MAX);
    let columns = (1..=count).find(|columns| {
        let step = width / columns;
        step * ((count + columns - 1) / columns) <= height
    });
    let Some(columns) = columns else { return Vec::new() };
    let step = (width / columns).min(height).max(1);
    let dot = |(at, card): (i32, &&Placed)| CardDot {
        x: x + left + at % columns * step + step / 2,
        y: y + top + at / columns * step + step / 2,
        r: (step / 2 - 1).clamp(1, RADII[1]),
        number: card.number,
        code: card.code,
    };
    (0..).zip(cards).map(dot).collect()
}

#[cfg(test)]
mod tests {
    use domain::geo::Point;
    use domain::region::{DivisionCode, DivisionLevel, divisions};
    use domain::requirement::Requirement;
    use serde_json::json;

    use super::{AskedPlaces, Placed, SIDE, TILES, answer_map};
    use crate::i18n::Locale;

    fn card(number: usize, code: &str) -> Placed {
        Placed {
            number,
            name: format!("示例{number}"),
            code: "matched",
            point: None,
            division: DivisionCode::parse(code),
        }
    }

    fn asked() -> AskedPlaces {
        AskedPlaces::of(&Requirement::from_json(&json!({ "regions": ["330200"] })).expect("valid"))
    }

    #[test]
    fn every_province_has_one_tile_and_no_two_share_a_place() {
        let mut places: Vec<(i32, i32)> = TILES.iter().map(|&(_, column, row)| (column, row)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), TILES.len());
        for row in divisions().all().iter().filter(|row| row.level == DivisionLevel::Province) {
            let code = row.code.to_string();
            assert!(TILES.iter().any(|(own, ..)| code.starts_with(own)), "{}", row.name);
        }
    }

    #[test]
    fn every_card_is_a_point_inside_the_drawing_and_none_covers_another() {
        let cards: Vec<Placed> = (1..=30).map(|n| card(n, if n % 2 == 0 { "330206" } else { "320500" })).collect();
        let map = answer_map(Locale::ZhHans, &asked(), &cards).expect("a map");
        let rings = map.rings.expect("a place is asked for");
        assert_eq!((rings.dots.len(), map.rows.len()), (30, 30));
        for (at, dot) in rings.dots.iter().enumerate() {
            assert!((dot.r..=SIDE - dot.r).contains(&dot.x) && (dot.r..=SIDE - dot.r).contains(&dot.y), "{dot:?}");
            let far =
                |other: &super::CardDot| (dot.x - other.x).pow(2) + (dot.y - other.y).pow(2) >= (2 * dot.r).pow(2);
            assert!(rings.dots[..at].iter().all(far), "{dot:?}");
        }
        let in_tiles: usize = map.tiles.iter().map(|tile| tile.dots.len()).sum();
        assert_eq!(in_tiles, 30);
    }

    #[test]
    fn what_is_north_is_above_and_what_is_farther_is_farther_out() {
        let at = |number, lat| Placed { point: Some(Point { lng: 121.5, lat }), ..card(number, "330206") };
        let circle = json!({ "near": { "lng": 121.5, "lat": 29.8, "max_km": 100 } });
        let asked = AskedPlaces::of(&Requirement::from_json(&circle).expect("valid"));
        let map = answer_map(Locale::En, &asked, &[at(1, 30.3), at(2, 31.0), at(3, 29.0)]).expect("a map");
        let y: Vec<i32> = map.rings.expect("rings").dots.iter().map(|dot| dot.y).collect();
        assert!(y[1] < y[0] && y[0] < SIDE / 2 && SIDE / 2 < y[2], "{y:?}");
        assert!(map.tiles.is_empty(), "one province needs no tiles");
    }

    #[test]
    fn without_a_place_asked_for_only_tiles_are_drawn() {
        let map = answer_map(Locale::ZhHans, &AskedPlaces::default(), &[card(1, "330206")]).expect("a map");
        assert!(map.rings.is_none() && !map.tiles.is_empty());
        assert_eq!(answer_map(Locale::ZhHans, &asked(), &[]), None);
    }
}
