//! Words around the names of persons and enterprises, from `config/data/reader/people.txt`.

use std::sync::LazyLock;

use crate::reader::letters::rules::cues;
use crate::reader::letters::text::Text;
use crate::reader::words::lists::Terms;
use crate::reader::words::trie::Trie;

cues! {
    PeopleCues in "people.txt" {
        surnames: Terms,
        titles: Terms,
        person_labels: Terms,
        company_labels: Terms,
        company_starts: Terms,
        company_generic: Terms,
        company_ends: Terms,
        wechat: Terms,
        same: Terms,
        sign_offs: Terms,
    }
}

/// The role of a word beside the name of a person or an enterprise.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum NameRole {
    PersonLabel,
    CompanyLabel,
    CompanyStart,
    CompanyEnd,
    Wechat,
    Same,
    Title,
    SignOff,
}

/// A set of [`NameRole`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roles(u8);

impl Roles {
    pub(crate) const fn has(self, role: NameRole) -> bool {
        self.0 >> (role as u8) & 1 == 1
    }

    pub(crate) const fn with(self, role: NameRole) -> Self {
        Self(self.0 | 1 << (role as u8))
    }
}

/// Returns every word with its role; a word may have several.
pub(crate) fn words() -> impl Iterator<Item = (&'static str, NameRole)> {
    let cues = &*CUES;
    let lists = [
        (NameRole::PersonLabel, &cues.person_labels),
        (NameRole::CompanyLabel, &cues.company_labels),
        (NameRole::CompanyStart, &cues.company_starts),
        (NameRole::CompanyEnd, &cues.company_ends),
        (NameRole::Wechat, &cues.wechat),
        (NameRole::Same, &cues.same),
        (NameRole::Title, &cues.titles),
        (NameRole::SignOff, &cues.sign_offs),
    ];
    lists.into_iter().flat_map(|(role, terms)| terms.0.iter().map(move |&word| (word, role)))
}

static SURNAMES: LazyLock<Trie<bool>> = LazyLock::new(|| {
    let mut surnames = Trie::with_room(1 << 10);
    CUES.surnames.0.iter().for_each(|name| *surnames.entry(name) = true);
    surnames
});

/// Returns the length of the longest surname at a position.
pub(crate) fn surname(text: &Text, at: usize) -> Option<usize> {
    let mut longest = None;
    SURNAMES.each(&text.chars, at, |length, _| longest = Some(length));
    longest
}

/// Returns whether a name denotes enterprises in general: 公司, 一家公司.
pub(crate) fn is_generic(name: &str) -> bool {
    CUES.company_generic.0.contains(&name)
}
