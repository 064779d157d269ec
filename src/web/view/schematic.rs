//! Schematic location of a listing: distance rings and the nearest administrative seats; no map and no borders.

use domain::geo::{Point, distance_km};
use domain::region::{DivisionLevel, divisions};
use serde::Serialize;

use crate::i18n::{Locale, say};

/// One seat, in drawing units: the listing is at (100, 100), a ring is 30 wide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dot {
    /// Name of the division.
    pub name: String,
    /// Horizontal position, 0 at the left.
    pub x: i32,
    /// Vertical position, 0 at the top.
    pub y: i32,
    /// Horizontal anchor of the label: its start, or on the left half its end.
    pub tx: i32,
    /// Whether the label is anchored at its end.
    pub left: bool,
}

/// The drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Distance between rings, km.
    pub ring: u32,
    /// Seats, nearest first.
    pub dots: Vec<Dot>,
    /// Alternative text.
    pub words: String,
}

const RINGS: [u32; 6] = [5, 10, 20, 50, 100, 200];
const KM_A_DEGREE: f64 = 111.195;

/// Draws a point among the nearest seats of prefectures and counties.
#[must_use]
pub fn place(locale: Locale, name: &str, point: Point) -> Option<Place> {
    let mut seats: Vec<(f64, &str, Point)> = divisions()
        .all()
        .iter()
        .filter(|row| row.level != DivisionLevel::Province)
        .filter_map(|row| row.seat.map(|seat| (distance_km(point, seat), row.name.as_str(), seat)))
        .filter(|(km, _, _)| *km <= f64::from(RINGS[RINGS.len() - 1]) * 3.0)
        .collect();
    seats.sort_by(|a, b| a.0.total_cmp(&b.0));
    // A prefecture and its central district share one seat: the first suffices.
    let mut shown: Vec<(f64, &str, Point)> = Vec::new();
    for seat in seats {
        if shown.len() < 4 && shown.iter().all(|other| distance_km(other.2, seat.2) > 2.0) {
            shown.push(seat);
        }
    }
    let farthest = shown.last()?.0;
    let ring = RINGS.into_iter().find(|ring| f64::from(*ring) * 3.0 >= farthest)?;
    let scale = 30.0 / f64::from(ring);
    let dots = shown.iter().map(|(_, name, seat)| {
        let east = (seat.lng - point.lng) * KM_A_DEGREE * point.lat.to_radians().cos();
        let north = (seat.lat - point.lat) * KM_A_DEGREE;
        let (x, y) = ((100.0 + east * scale) as i32, (100.0 - north * scale) as i32);
        // Labels point outwards near the centre, where the listing is drawn, and inwards near the rim.
        let left = (x > 100) != ((x - 100).abs() < 50);
        Dot { name: (*name).to_owned(), x, y, tx: if left { x - 6 } else { x + 6 }, left }
    });
    let (km, city, _) = shown.first()?;
    let km = format!("{km:.0} km");
    Some(Place {
        ring,
        dots: dots.collect(),
        words: say(locale, "listing.place_words", &[("name", name), ("city", city), ("km", &km)]),
    })
}
