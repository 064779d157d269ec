//! Nearness: the share of a region's points that a listing elsewhere keeps, by the distance between seats of prefectures.

use std::sync::LazyLock;

use super::finding::SHORT;
use super::place::{Extent, PREFECTURE_NUMBERS, prefecture_number};
use crate::geo::{Point, distance_km};
use crate::region::divisions;

/// The distance that halves the points, km; at 3,000 km a twentieth is left.
const HALF_KM: i64 = 150;

/// Distances between all prefectures, whole km.
struct Distances {
    /// The first four digits of their codes, rising; counties directly under a province have one together.
    numbers: Vec<usize>,
    /// By row and column.
    km: Vec<u16>,
}

static DISTANCES: LazyLock<Distances> = LazyLock::new(|| {
    let mut seats: Vec<(usize, Point)> = Vec::new();
    // In the order of codes a prefecture comes before its counties.
    for row in divisions().all() {
        let number = prefecture_number(row.code.get());
        if let Some(seat) = row.seat.filter(|_| seats.last().is_none_or(|(last, _)| *last != number)) {
            seats.push((number, seat));
        }
    }
    let km = |(a, b): (Point, Point)| distance_km(a, b).round() as u16;
    let pairs = seats.iter().flat_map(|a| seats.iter().map(move |b| (a.1, b.1)));
    Distances { km: pairs.map(km).collect(), numbers: seats.iter().map(|(number, _)| *number).collect() }
});

/// Fits of listings in each prefecture against the divisions asked for, ‰, by the first four digits of their codes.
#[derive(Clone, Debug)]
pub(super) struct Nearness(Box<[u16; PREFECTURE_NUMBERS]>);

impl Distances {
    /// The columns of the prefectures asked for.
    fn columns(&self, wanted: &[Extent]) -> Vec<usize> {
        let is_wanted = |number: usize| {
            let within = |&(first, more): &Extent| {
                (prefecture_number(first)..=prefecture_number(first + more)).contains(&number)
            };
            wanted.iter().any(within)
        };
        (0..self.numbers.len()).filter(|&at| is_wanted(self.numbers[at])).collect()
    }

    /// The fit of the prefecture of a row, by the nearest of some columns; 0 without any.
    fn fit(&self, row: usize, columns: &[usize]) -> i64 {
        let km = &self.km[row * self.numbers.len()..][..self.numbers.len()];
        let nearest = columns.iter().map(|&at| km[at]).min();
        nearest.map_or(0, |km| SHORT * HALF_KM / (HALF_KM + i64::from(km)))
    }
}

/// The fit of a listing in one division, ‰; 0 where no seat is known.
pub(super) fn fit_of(division: u32, wanted: &[Extent]) -> i64 {
    let row = DISTANCES.numbers.binary_search(&prefecture_number(division));
    row.map_or(0, |row| DISTANCES.fit(row, &DISTANCES.columns(wanted)))
}

impl Nearness {
    /// Measures from each prefecture to the nearest one asked for; 0 where no seat is known.
    pub(super) fn new(wanted: &[Extent]) -> Self {
        let (columns, mut fits) = (DISTANCES.columns(wanted), Box::new([0; PREFECTURE_NUMBERS]));
        for (row, &number) in DISTANCES.numbers.iter().enumerate() {
            fits[number] = DISTANCES.fit(row, &columns) as u16;
        }
        Self(fits)
    }

    /// The fit of a listing in a division, ‰.
    #[inline(always)]
    pub(super) fn fit(&self, division: u32) -> i64 {
        self.0.get(prefecture_number(division)).copied().unwrap_or_default().into()
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
