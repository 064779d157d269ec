//! Positions of the words around names.

use crate::reader::letters::character::is_han;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::words::dictionary::Lookup;
use crate::reader::words::people::NameRole;

cues! {
    HitCues in "hits.txt" {
        loose_start: CharSet,
    }
}

/// The fewest characters of a label that a name may follow without a colon.
const LONG_LABEL: usize = 4;

/// Returns the length of the longest word of a role at a position.
pub(crate) fn word(text: &Text, lookup: &Lookup, at: usize, role: NameRole) -> Option<usize> {
    lookup.role(text, at, |roles| roles.has(role))
}

/// Positions of the words of each role in a text, in ascending order.
#[derive(Default)]
pub(crate) struct Hits {
    pub(crate) person_labels: Vec<usize>,
    pub(crate) company_labels: Vec<usize>,
    pub(crate) company_ends: Vec<usize>,
    pub(crate) titles: Vec<usize>,
    pub(crate) sign_offs: Vec<usize>,
    /// Ends of words that a name may follow.
    opened: Vec<usize>,
    /// Whether the WeChat id is the telephone number.
    pub(crate) same: bool,
}

impl Hits {
    pub(crate) fn new(text: &Text, lookup: &Lookup) -> Self {
        let mut it = Self::default();
        for &(at, length, roles) in &lookup.roles {
            let lists = [
                (NameRole::PersonLabel, &mut it.person_labels),
                (NameRole::CompanyLabel, &mut it.company_labels),
                (NameRole::CompanyEnd, &mut it.company_ends),
                (NameRole::Title, &mut it.titles),
                (NameRole::SignOff, &mut it.sign_offs),
            ];
            for (role, list) in lists {
                if roles.has(role) && list.last() != Some(&at) {
                    list.push(at);
                }
            }
            it.same |= roles.has(NameRole::Same);
            // A single character opens a name only behind a boundary: 为 in 华为 does not.
            let single = length == 1 && CUES.loose_start.has(text.at(at));
            if roles.has(NameRole::CompanyStart) && !(single && is_han(text.before(at))) {
                it.opened.push(at + length);
            }
            // 实施主体示例有限公司: a label without its colon; 公司 and 单位 are parts of too many words.
            if roles.has(NameRole::CompanyLabel) && length >= LONG_LABEL && !is_han(text.before(at)) {
                it.opened.push(at + length);
            }
        }
        it.opened.sort_unstable();
        it
    }

    /// Returns whether a name may start at a position.
    pub(crate) fn is_opened(&self, at: usize) -> bool {
        self.opened.binary_search(&at).is_ok()
    }
}
