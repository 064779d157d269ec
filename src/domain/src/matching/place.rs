//! Divisions by their codes: GB/T 2260 codes of a province share two digits, those of a prefecture four.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::region::{DivisionCode, DivisionLevel, divisions};

pub(super) const PER_PREFECTURE: u32 = 100;
const PER_PROVINCE: u32 = 10_000;

/// The codes of a division and all that it contains: the first, and how many follow.
pub(super) type Extent = (u32, u32);

/// The codes of a division and all that it contains.
pub(super) const fn extent(code: u32) -> Extent {
    match code {
        province if province.is_multiple_of(PER_PROVINCE) => (code, PER_PROVINCE - 1),
        prefecture if prefecture.is_multiple_of(PER_PREFECTURE) => (code, PER_PREFECTURE - 1),
        _ => (code, 0),
    }
}

/// Whether an extent has a code.
#[inline(always)]
pub(super) const fn holds((first, more): Extent, code: u32) -> bool {
    code.wrapping_sub(first) <= more
}

/// Returns whether `inner` equals `outer` or is one of its descendants.
pub(super) fn covers(outer: DivisionCode, inner: DivisionCode) -> bool {
    holds(extent(outer.get()), inner.get())
}

/// The first four digits of all codes, rising, and whether they name a prefecture: others name a province, or counties
/// directly under one.
pub(super) static PREFECTURES: LazyLock<Vec<(u32, bool)>> = LazyLock::new(|| {
    let mut numbers = BTreeMap::new();
    for row in divisions().all() {
        *numbers.entry(row.code.get() / PER_PREFECTURE).or_default() |= row.level == DivisionLevel::Prefecture;
    }
    numbers.into_iter().collect()
});

/// By four digits, how many of [`PREFECTURES`] are before them: their own place where they are one of those.
static PLACES: LazyLock<[u16; PER_PROVINCE as usize + 1]> = LazyLock::new(|| {
    std::array::from_fn(|number| PREFECTURES.partition_point(|&(before, _)| (before as usize) < number) as u16)
});

/// The place of a division's first four digits among [`PREFECTURES`].
#[inline(always)]
pub(super) fn prefecture_place(own: u32) -> usize {
    PLACES[(own / PER_PREFECTURE).min(PER_PROVINCE) as usize].into()
}

/// The code of the division to accept for a listing in `own`: its prefecture, or its own where it has none.
pub(super) fn region_value(own: u32) -> u32 {
    if PREFECTURES[prefecture_place(own)].1 { own / PER_PREFECTURE * PER_PREFECTURE } else { own }
}

/// The code of a division's province.
pub(super) const fn province(own: u32) -> u32 {
    own / PER_PROVINCE * PER_PROVINCE
}

#[cfg(test)]
mod tests {
    use super::{covers, extent, region_value};
    use crate::region::{DivisionLevel, divisions};

    #[test]
    fn codes_say_what_the_table_of_divisions_says() {
        let table = divisions();
        for outer in table.all() {
            assert_eq!(extent(outer.code.get()).1 > 0, outer.level != DivisionLevel::County, "{}", outer.name);
            let prefecture = table.prefecture(outer.code).unwrap_or(outer.code);
            assert_eq!(region_value(outer.code.get()), prefecture.get(), "{}", outer.name);
            for inner in table.all() {
                assert_eq!(covers(outer.code, inner.code), table.covers(outer.code, inner.code), "{}", inner.name);
            }
        }
    }
}
