//! Divisions by their codes: GB/T 2260 codes of a province share two digits, those of a prefecture four.

use std::sync::LazyLock;

use super::predicate::Extent;
use crate::region::{DivisionCode, DivisionLevel, divisions};

const PER_PREFECTURE: u32 = 100;
const PER_PROVINCE: u32 = 10_000;
pub(super) const PREFECTURES_PER_PROVINCE: u32 = PER_PROVINCE / PER_PREFECTURE;
/// Numbers of four digits.
const PREFECTURES_AT_MOST: usize = 10_000;

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

/// Returns whether a division is wider than a county.
pub(super) const fn is_wide(code: DivisionCode) -> bool {
    breadth(code.get()) > 1
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

/// The prefectures: by the first four digits of a code, one more than the place of its prefecture among all; their codes.
static PREFECTURES: LazyLock<(Vec<u16>, Vec<u32>)> = LazyLock::new(|| {
    let mut places = vec![0; PREFECTURES_AT_MOST];
    let rows = divisions().all().iter().filter(|row| row.level == DivisionLevel::Prefecture);
    let codes: Vec<u32> = rows.map(|row| row.code.get()).collect();
    (1..).zip(&codes).for_each(|(place, &code)| places[prefecture_number(code) as usize] = place);
    (places, codes)
});

/// Number of a division's prefecture among all prefectures.
#[inline]
pub(super) fn prefecture(own: u32) -> Option<usize> {
    PREFECTURES.0[prefecture_number(own) as usize].checked_sub(1).map(usize::from)
}

/// The codes of all prefectures.
pub(super) fn prefectures() -> &'static [u32] {
    &PREFECTURES.1
}

/// The code of the division to accept for a listing in `own`: its prefecture, or its own where it has none.
pub(super) fn region_value(own: u32) -> u32 {
    prefecture(own).map_or(own, |place| prefectures()[place])
}

/// The first four digits of a division's code.
pub(super) const fn prefecture_number(code: u32) -> u32 {
    code / PER_PREFECTURE
}

#[cfg(test)]
mod tests {
    use super::{covers, is_wide, region_value};
    use crate::region::{DivisionLevel, divisions};

    #[test]
    fn codes_say_what_the_table_of_divisions_says() {
        let table = divisions();
        for outer in table.all() {
            assert_eq!(is_wide(outer.code), outer.level != DivisionLevel::County, "{}", outer.name);
            let prefecture = table.prefecture(outer.code).unwrap_or(outer.code);
            assert_eq!(region_value(outer.code.get()), prefecture.get(), "{}", outer.name);
            for inner in table.all() {
                assert_eq!(covers(outer.code, inner.code), table.covers(outer.code, inner.code), "{}", inner.name);
            }
        }
    }
}
