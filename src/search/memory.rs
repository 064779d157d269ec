//! Linear scan in memory: the reference of the tests, and the index of commands and tests without a folder for one.

use std::collections::BTreeMap;
use std::sync::RwLock;

use async_trait::async_trait;

use super::words::{Term, atoms, highlight, is_han, terms};
use super::{
    Digests, Doc, DocKind, Facets, Health, Hit, HitPage, IndexChange, SearchError, SearchQuery, TextIndex, aliases,
    tags,
};

/// Weight of an occurrence in the title; one in the body counts 1.
const TITLE_WEIGHT: usize = 3;
/// Weight of the further words, and of a name that is the whole query.
const FURTHER_WEIGHT: usize = 3;
const NAME_WEIGHT: usize = 1_000;

/// Documents in memory.
#[derive(Debug, Default)]
pub struct Memory {
    docs: RwLock<BTreeMap<(DocKind, String), Kept>>,
}

#[derive(Debug)]
struct Kept {
    doc: Doc,
    title: String,
    body: String,
    also: String,
}

/// Word boundary around words of other scripts than Han.
const EDGE: char = '\u{1}';
/// Separator of atoms that are not adjacent.
const GAP: char = '\u{2}';

/// Normalized text in which a term is a substring exactly where its atoms are adjacent.
fn folded(text: &str) -> String {
    let mut folded = String::new();
    for atom in atoms(text) {
        if !atom.follows {
            folded.push(GAP);
        }
        push_atom(&mut folded, &atom.text);
    }
    folded
}

fn push_atom(folded: &mut String, atom: &str) {
    if atom.starts_with(is_han) {
        folded.push_str(atom);
    } else {
        folded.extend([EDGE].into_iter().chain(atom.chars()).chain([EDGE]));
    }
}

fn needle(term: &Term) -> String {
    if let Some(prefix) = term.prefix() {
        return format!("{EDGE}{prefix}");
    }
    term.0.iter().fold(String::new(), |mut needle, atom| {
        push_atom(&mut needle, atom);
        needle
    })
}

impl Kept {
    fn new(doc: Doc) -> Self {
        let [title, body, also] = [&doc.title, &doc.body, &doc.also].map(|text| folded(text));
        Self { title, body, also, doc }
    }

    /// Number of occurrences, those in the title [`TITLE_WEIGHT`] times, with the further words as one of [`FURTHER_WEIGHT`];
    /// `None` where a term is missing.
    fn score(&self, needles: &[String]) -> Option<usize> {
        needles.iter().try_fold(0, |score, needle| {
            let found = TITLE_WEIGHT * self.title.matches(needle).count() + self.body.matches(needle).count();
            let further = if self.also.contains(needle.as_str()) { FURTHER_WEIGHT } else { 0 };
            (found + further > 0).then_some(score + found + further)
        })
    }

    /// Score of what the whole query means: its name, and its trades.
    fn meant(&self, query: &SearchQuery, name: &String) -> usize {
        let trades = query.trades.iter().filter(|(tag, _)| self.doc.tags.contains(tag));
        let named = if self.doc.names.contains(name) { NAME_WEIGHT } else { 0 };
        trades.map(|(_, weight)| usize::from(*weight)).sum::<usize>() + named
    }
}

/// Whether a document matches the filters.
fn passes(doc: &Doc, query: &SearchQuery) -> bool {
    (query.kinds.is_empty() || query.kinds.contains(&doc.kind))
        && (query.regions.is_empty() || query.regions.iter().any(|code| doc.regions.contains(code)))
        && (query.industries.is_empty() || query.industries.iter().any(|code| doc.industries.contains(code)))
        && query.demo.is_none_or(|demo| doc.demo == demo)
        && query.tags.iter().all(|group| group.iter().any(|tag| doc.tags.contains(tag)))
        && (query.trades.is_empty() || query.trades.iter().any(|(tag, _)| doc.tags.contains(tag)))
        && query.figures.iter().all(|bound| bound.holds(&doc.figures))
}

impl Memory {
    /// Creates an empty index.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<(DocKind, String), Kept>> {
        self.docs.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<(DocKind, String), Kept>> {
        self.docs.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn found(&self, query: &SearchQuery) -> HitPage {
        let docs = self.read();
        let passing: Vec<&Kept> = docs.values().filter(|kept| passes(&kept.doc, query)).collect();
        let terms = terms(&query.text);
        if terms.is_empty() && !query.text.is_empty() {
            return HitPage::default();
        }
        let name = aliases::key(&query.text);
        let needles: Vec<String> = terms.iter().map(needle).collect();
        // As Meilisearch's default strategy `last`: trailing words are dropped until something matches.
        let mut found = Vec::new();
        for count in (query.fewest_words(needles.len())..=needles.len()).rev() {
            found = passing
                .iter()
                .filter_map(|kept| Some((kept.score(&needles[..count])? + kept.meant(query, &name), *kept)))
                .collect::<Vec<_>>();
            if !found.is_empty() {
                break;
            }
        }
        found.sort_by(|(a, x), (b, y)| {
            let by_name = || (x.doc.kind, &x.doc.id).cmp(&(y.doc.kind, &y.doc.id));
            x.doc.place.cmp(&y.doc.place).then_with(|| b.cmp(a)).then_with(by_name)
        });
        let mut facets = Facets::default();
        for (_, kept) in &found {
            facets.count(kept.doc.kind, kept.doc.province().map(|code| code.to_string()));
            kept.doc.tags.iter().for_each(|tag| tags::count(&mut facets.tags, tag, 1));
        }
        let hits = found.iter().skip(query.offset()).take(query.per_page as usize);
        HitPage {
            total: found.len() as u64,
            hits: hits
                .map(|(_, Kept { doc, .. })| Hit::new(doc.kind, &doc.id, &doc.title, &doc.body, &terms))
                .collect(),
            facets,
            is_fallback: false,
        }
    }
}

impl Facets {
    pub(super) fn count(&mut self, kind: DocKind, province: Option<String>) {
        *self.kinds.entry(kind).or_default() += 1;
        if let Some(province) = province {
            *self.provinces.entry(province).or_default() += 1;
        }
    }
}

impl Hit {
    pub(super) fn new(kind: DocKind, id: &str, title: &str, body: &str, terms: &[Term]) -> Self {
        Self { id: id.to_owned(), kind, title: title.to_owned(), highlight: highlight(title, body, terms) }
    }
}

#[async_trait]
impl TextIndex for Memory {
    async fn apply(&self, changes: &[IndexChange]) -> Result<(), SearchError> {
        for change in changes {
            match change {
                IndexChange::Put(doc) => {
                    let kept = Kept::new((**doc).clone());
                    self.write().insert((doc.kind, doc.id.clone()), kept);
                }
                IndexChange::Remove { kind, id } => {
                    self.write().remove(&(*kind, id.clone()));
                }
            }
        }
        Ok(())
    }

    async fn search(&self, query: &SearchQuery) -> Result<HitPage, SearchError> {
        Ok(self.found(query))
    }

    async fn rebuild(&self, docs: Vec<Doc>) -> Result<(), SearchError> {
        let docs = docs.into_iter().map(|doc| ((doc.kind, doc.id.clone()), Kept::new(doc))).collect();
        *self.write() = docs;
        Ok(())
    }

    async fn health(&self) -> Result<Health, SearchError> {
        Ok(Health { docs: self.read().len() as u64 })
    }

    async fn digests(&self) -> Result<Digests, SearchError> {
        Ok(self.read().iter().map(|(key, kept)| (key.clone(), kept.doc.digest)).collect())
    }
}
