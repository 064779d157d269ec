//! Divisions by their codes: GB/T 2260 codes of a province share two digits, those of a prefecture four.

use std::sync::LazyLock;

use crate::region::{DivisionCode, DivisionLevel, divisions};

pub(super) const PER_PREFECTURE: u32 = 100;
/// Numbers of four digits.
pub(super) const PREFECTURE_NUMBERS: usize = 10_000;
const PER_PROVINCE: u32 = 10_000;

/// The codes of a division and all that it contains: the first, and how many follow.
pub(super) type Extent = (u32, u32);

/// The codes of a division and all that it contains.
pub(super) const fn extent(code: u32) -> Extent {
    (code, breadth(code) - 1)
}

const fn breadth(code: u32) -> u32 {
    if code.is_multiple_of(PER_PROVINCE) {
        PER_PROVINCE
    } else if code.is_multiple_of(PER_PREFECTURE) {
        PER_PREFECTURE
    } else {
        1
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

/// Which prefectures there are, by the first four digits of their codes.
pub(super) static PREFECTURES: LazyLock<[bool; PREFECTURE_NUMBERS]> = LazyLock::new(|| {
    let mut known = [false; PREFECTURE_NUMBERS];
    let rows = divisions().all().iter().filter(|row| row.level == DivisionLevel::Prefecture);
    rows.for_each(|row| known[prefecture_number(row.code.get())] = true);
    known
});

/// The first four digits of a division's code.
pub(super) const fn prefecture_number(own: u32) -> usize {
    (own / PER_PREFECTURE) as usize
}

/// The code of the division to accept for a listing in `own`: its prefecture, or its own where it has none.
pub(super) fn region_value(own: u32) -> u32 {
    if PREFECTURES[prefecture_number(own)] { own / PER_PREFECTURE * PER_PREFECTURE } else { own }
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
