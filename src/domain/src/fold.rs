//! Folding of characters: the one table from traditional to simplified and from look-alikes (radicals and compatibility characters,
//! which text copied out of a PDF has for whole characters: ⽤地, ⻔) to the characters meant, for the reader, the search index and its queries,
//! names of enterprises, and import.

use std::sync::LazyLock;

/// The first character of the table: of the block of radicals.
const FIRST: u32 = 0x2e80;
/// The last one: of the block of compatibility characters.
const LAST: u32 = 0xfaff;

/// Simplified forms by the number of the character from [`FIRST`] on: every character of an inventory is looked up here, for which
/// a hash map is several times as slow.
static TABLE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let rows = include_str!("../../../config/data/simplified.csv").lines().skip(1);
    let row = |row: &'static str| row.split_once(',').and_then(|(to, from)| Some((to.chars().next()?, from)));
    // Surrogates between the blocks are no characters and are never looked up.
    let own = |number| char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
    let mut table: Vec<char> = (FIRST..=LAST).map(own).collect();
    for (to, from) in rows.filter_map(row).flat_map(|(to, from)| from.chars().map(move |from| (to, from))) {
        table[(u32::from(from) - FIRST) as usize] = to;
    }
    table
});

/// Returns the simplified form of a character, or the character itself.
#[must_use]
#[inline]
pub fn simplified(c: char) -> char {
    u32::from(c).checked_sub(FIRST).and_then(|at| TABLE.get(at as usize)).copied().unwrap_or(c)
}

/// Returns a text in simplified characters.
#[must_use]
pub fn simplify(text: &str) -> String {
    text.chars().map(simplified).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{TABLE, simplified, simplify};
    use crate::region::divisions;

    #[test]
    fn traditional_forms_of_places_and_sites_become_simplified_ones() {
        for (traditional, simple) in [
            ("標準廠房開發園區", "标准厂房开发园区"),
            ("崑山佔地貳畝", "昆山占地贰亩"),
            ("北侖、臺州、瀋陽", "北仑、台州、沈阳"),
            ("衆創空間噸餘", "众创空间吨余"),
        ] {
            assert_eq!(simplify(traditional), simple);
        }
    }

    #[test]
    fn radicals_and_compatibility_characters_become_the_characters_meant() {
        for (look_alike, meant) in
            [("⼯业⽤地", "工业用地"), ("⻔⾼8⽶,⻓三⻆", "门高8米,长三角"), ("橡㬵⾞間 都\u{fa26}", "橡胶车间 都都")]
        {
            assert_eq!(simplify(look_alike), meant);
        }
    }

    #[test]
    fn a_simplified_form_folds_to_itself() {
        let odd: Vec<char> = TABLE.iter().copied().filter(|&c| simplified(c) != c).collect();
        assert_eq!(odd, Vec::<char>::new());
    }

    /// 乾安 folds to 干安 on both sides, which no other division is called.
    #[test]
    fn no_two_divisions_of_one_parent_fold_to_one_name() {
        let mut seen = BTreeSet::new();
        assert!(divisions().all().iter().all(|row| seen.insert((row.parent, simplify(&row.name)))));
    }
}
