//! Schematic location of a listing: distance rings and the nearest administrative seats; no map and no borders.

use domain::geo::{Point, distance_km};
use domain::region::{DivisionCode, DivisionLevel, divisions};
use serde::Serialize;

use crate::i18n::{Locale, division, say};

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

/// Distances between rings, km; the smallest that shows all seats is drawn.
const RINGS: [u32; 6] = [5, 10, 20, 50, 100, 200];
/// Rings of a drawing.
const RING_COUNT: f64 = 3.0;
/// Width of a ring, drawing units.
const RING_WIDTH: f64 = 30.0;
/// Position of the listing on both axes, drawing units.
const CENTRE: i32 = 100;
/// Distance of a label from its dot, drawing units.
const LABEL_GAP: i32 = 6;
/// Horizontal distance from the centre beyond which labels point inwards, drawing units.
const RIM: i32 = 50;
/// Seats drawn; more labels would overlap.
const MOST_SEATS: usize = 4;
/// Two seats nearer than this are one: a prefecture and its central district, km.
const SAME_SEAT_KM: f64 = 2.0;
/// Length of a degree of latitude on a sphere of 6,371 km.
const KM_PER_DEGREE: f64 = 111.195;

/// Draws a point among the nearest seats of prefectures and counties.
#[must_use]
pub fn place(locale: Locale, name: &str, point: Point) -> Option<Place> {
    let mut seats: Vec<(f64, DivisionCode, Point)> = divisions()
        .all()
        .iter()
        .filter(|row| row.level != DivisionLevel::Province)
        .filter_map(|row| row.seat.map(|seat| (distance_km(point, seat), row.code, seat)))
        .filter(|(km, _, _)| *km <= f64::from(RINGS[RINGS.len() - 1]) * RING_COUNT)
        .collect();
    seats.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut shown: Vec<(f64, DivisionCode, Point)> = Vec::new();
    for seat in seats {
        if shown.len() < MOST_SEATS && shown.iter().all(|other| distance_km(other.2, seat.2) > SAME_SEAT_KM) {
            shown.push(seat);
        }
    }
    let farthest = shown.last()?.0;
    let ring = RINGS.into_iter().find(|ring| f64::from(*ring) * RING_COUNT >= farthest)?;
    let scale = RING_WIDTH / f64::from(ring);
    let dots = shown.iter().map(|(_, code, seat)| {
        let east = (seat.lng - point.lng) * KM_PER_DEGREE * point.lat.to_radians().cos();
        let north = (seat.lat - point.lat) * KM_PER_DEGREE;
        let centre = f64::from(CENTRE);
        let (x, y) = ((centre + east * scale) as i32, (centre - north * scale) as i32);
        // Labels point outwards near the centre, where the listing is drawn, and inwards near the rim.
        let left = (x > CENTRE) != ((x - CENTRE).abs() < RIM);
        Dot { name: division(locale, *code), x, y, tx: if left { x - LABEL_GAP } else { x + LABEL_GAP }, left }
    });
    let (km, city, _) = shown.first()?;
    let city = division(locale, *city);
    let km = format!("{km:.0} km");
    Some(Place {
        ring,
        dots: dots.collect(),
        words: say(locale, "listing.place_words", &[("name", name), ("city", &city), ("km", &km)]),
    })
}
