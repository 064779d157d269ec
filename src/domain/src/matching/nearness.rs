//! Nearness: the share of a region's points that a listing elsewhere keeps, by the distance between seats of prefectures.

use std::ops::Range;
use std::sync::LazyLock;

use super::finding::SHORT;
use super::place::{Extent, PER_PREFECTURE, PREFECTURES, prefecture_place};
use crate::geo::{Point, distance_km};
use crate::region::divisions;

/// The distance that halves the points, km; at 3,000 km a twentieth is left.
const HALF_KM: i64 = 150;

/// Distances between the seats of all [`PREFECTURES`], whole km; counties directly under a province have one together.
static DISTANCES: LazyLock<Vec<Vec<u16>>> = LazyLock::new(|| {
    // In the order of codes a prefecture comes before its counties.
    let seat = |number: u32| {
        let mut own = divisions().all().iter().filter(|row| row.code.get() / PER_PREFECTURE == number);
        own.find_map(|row| row.seat)
    };
    let seats: Vec<Option<Point>> = PREFECTURES.iter().map(|&(number, _)| seat(number)).collect();
    let km = |a: Option<Point>, b: Option<Point>| a.zip(b).map_or(u16::MAX, |(a, b)| distance_km(a, b).round() as u16);
    seats.iter().map(|&a| seats.iter().map(|&b| km(a, b)).collect()).collect()
});

/// Fits of listings in each of the [`PREFECTURES`] against the divisions asked for, ‰.
#[derive(Clone, Debug)]
pub(super) struct Nearness(Vec<u16>);

/// The prefectures of an extent.
fn places((first, more): Extent) -> Range<usize> {
    prefecture_place(first)..prefecture_place(first + more + PER_PREFECTURE)
}

/// The fit at a distance, ‰; 0 at the largest, that of an unknown seat.
fn fit_at(km: u16) -> i64 {
    SHORT * HALF_KM / (HALF_KM + i64::from(km))
}

/// The fit of a listing in one division, ‰, by the nearest prefecture asked for.
pub(super) fn fit_of(division: u32, wanted: &[Extent]) -> i64 {
    let km = &DISTANCES[prefecture_place(division)];
    wanted.iter().flat_map(|&extent| &km[places(extent)]).min().map_or(0, |&km| fit_at(km))
}

impl Nearness {
    /// Measures from each prefecture to the nearest one asked for.
    pub(super) fn new(wanted: &[Extent]) -> Self {
        let mut nearest = vec![u16::MAX; PREFECTURES.len()];
        for from in wanted.iter().flat_map(|&extent| &DISTANCES[places(extent)]) {
            nearest.iter_mut().zip(from).for_each(|(least, &km)| *least = km.min(*least));
        }
        Self(nearest.into_iter().map(|km| fit_at(km) as u16).collect())
    }

    /// The largest fit of rows, ‰, by the bounds of their divisions.
    pub(super) fn most(&self, (least, most): (u32, u32)) -> i64 {
        let fits = self.0.get(prefecture_place(least)..=prefecture_place(most)).unwrap_or_default();
        fits.iter().copied().max().unwrap_or_default().into()
    }

    /// The fit of a listing in a division, ‰.
    #[inline(always)]
    pub(super) fn fit(&self, division: u32) -> i64 {
        self.0.get(prefecture_place(division)).copied().unwrap_or_default().into()
    }
}

#[cfg(test)]
mod tests {
    use super::Nearness;
    use crate::matching::place::extent;

    #[test]
    fn the_nearer_keeps_more_and_a_province_is_as_near_as_its_nearest_prefecture() {
        let from = |wanted: u32| Nearness::new(&[extent(wanted)]);
        // From Suzhou: Wuxi, Ningbo, Nanyang, Urumqi.
        let fits = [320_200, 330_200, 411_300, 650_100].map(|code| from(320_500).fit(code));
        assert!(fits.is_sorted_by(|a, b| a > b), "{fits:?}");
        assert!(from(320_000).fit(330_400) >= from(320_500).fit(330_400), "Jiaxing is next to Suzhou in Jiangsu");
        assert_eq!(from(110_000).fit(110_101), 400, "districts of one municipality");
    }
}
