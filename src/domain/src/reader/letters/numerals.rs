//! Chinese numerals: which characters are digits, which are multipliers, and their values.

use std::sync::LazyLock;

use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharTable;

cues! {
    /// Characters of numerals with their values.
    NumeralCues in "numerals.txt" {
        digit: CharTable,
        unit: CharTable,
        myriad: CharTable,
        tens: CharTable,
    }
}

/// Class of a character in a numeral.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NumeralClass {
    Digit,
    Unit,
    Myriad,
    Tens,
}

/// Size of the index by code point: all numerals are in the Basic Multilingual Plane.
const TABLED: usize = 0x1_0000;

/// The numerals, with an index by code point: a lookup is one load, since nearly every character is looked up.
struct Numerals {
    /// One more than the position in `values`; 0 for characters that are no numerals.
    indices: Vec<u8>,
    values: Vec<(NumeralClass, i128)>,
}

static NUMERALS: LazyLock<Numerals> = LazyLock::new(|| {
    let mut it = Numerals { indices: vec![0; TABLED], values: Vec::new() };
    let tables = [
        (NumeralClass::Digit, &CUES.digit),
        (NumeralClass::Unit, &CUES.unit),
        (NumeralClass::Myriad, &CUES.myriad),
        (NumeralClass::Tens, &CUES.tens),
    ];
    for (role, table) in tables {
        for &(c, value) in &table.0 {
            it.values.push((role, value.into()));
            if let Some(index) = it.indices.get_mut(c as usize) {
                *index = u8::try_from(it.values.len()).unwrap_or(u8::MAX);
            }
        }
    }
    it
});

#[inline]
fn value(c: char, wanted: NumeralClass) -> Option<i128> {
    let numerals = &*NUMERALS;
    let index = numerals.indices.get(c as usize).copied().unwrap_or(0);
    let (role, value) = numerals.values[usize::from(index.checked_sub(1)?)];
    (role == wanted).then_some(value)
}

/// Returns the value of a digit, 0 to 9.
pub(crate) fn digit(c: char) -> Option<i128> {
    value(c, NumeralClass::Digit)
}

/// Returns the value of 十, 百 or 千.
pub(crate) fn unit(c: char) -> Option<i128> {
    value(c, NumeralClass::Unit)
}

/// Returns the value of 万 or 亿.
pub(crate) fn myriad(c: char) -> Option<i128> {
    value(c, NumeralClass::Myriad)
}

/// Returns the value of 廿 or 卅, which are a digit and 十 in one character.
pub(crate) fn tens(c: char) -> Option<i128> {
    value(c, NumeralClass::Tens)
}

/// Returns whether a character can be part of a Chinese numeral.
pub(crate) fn is_numeral(c: char) -> bool {
    NUMERALS.indices.get(c as usize).is_some_and(|&index| index > 0)
}

/// The digit that also counts: 一亩, 一个月.
pub(crate) const ONE: char = '一';
/// The thousand that is also a prefix of units: 千瓦.
pub(crate) const KILO: char = '千';
/// Ten, which also starts a numeral.
pub(crate) const TEN: char = '十';
/// A half, before or behind a unit.
pub(crate) const HALF: char = '半';
/// The general measure word.
pub(crate) const MEASURE: char = '个';
