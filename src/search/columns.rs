//! Columns of the embedded index: the best results and the counts of all, in one pass over what is found.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::{Doc, DocKind, Facets, TagCounts, tags};

/// Columns that hold a document's tags, each as one text that many documents share: counting adds one number per document and
/// column, not one per tag.
pub(super) const TAG_SETS: [&str; 3] = ["places", "trades", "properties"];
/// Separator of the tags of a set.
const SEPARATOR: char = '\n';

/// Returns the tags of a document by set, in the order of [`TAG_SETS`].
pub(super) fn tag_sets(doc: &Doc) -> [String; TAG_SETS.len()] {
    let mut sets = <[Vec<&str>; TAG_SETS.len()]>::default();
    for tag in &doc.tags {
        match tag.split_once(':').map(|(facet, _)| facet) {
            Some("region") => sets[0].push(tag),
            Some("industry") => sets[1].push(tag),
            Some(tags::OWN) => {}
            _ => sets[2].push(tag),
        }
    }
    sets.map(|set| set.join(&SEPARATOR.to_string()))
}

/// Returns the kind of a stored number.
pub(super) fn kind_of(number: u64) -> Option<DocKind> {
    DocKind::ALL.into_iter().find(|kind| *kind as u64 == number)
}

/// Returns the ids of a segment's documents by their ordinals.
pub(super) fn ids(column: Option<&StrColumn>) -> tantivy::Result<Vec<String>> {
    let Some(column) = column else { return Ok(Vec::new()) };
    let mut ids = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        ids.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    Ok(ids)
}

/// Collector of the first results in their order, and of the counts of all.
pub(super) struct Best {
    /// Number of results that are kept.
    pub(super) most: usize,
}

/// Counts and first results.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) total: u64,
    pub(super) facets: Facets,
    /// In their order: place, score, kind, id.
    pub(super) best: Vec<DocAddress>,
}

/// A document of a segment with all that orders it.
#[derive(Clone, Copy)]
struct RankedDoc {
    place: u64,
    score: Score,
    kind: u64,
    /// Ordinal of its id in the segment.
    id: u64,
    doc: DocId,
}

/// Orders by place, then by score, the best first.
fn by_rank((place, score): (u64, Score), (other, lower): (u64, Score)) -> Ordering {
    place.cmp(&other).then_with(|| lower.total_cmp(&score))
}

impl Ord for RankedDoc {
    fn cmp(&self, other: &Self) -> Ordering {
        by_rank((self.place, self.score), (other.place, other.score))
            .then_with(|| (self.kind, self.id).cmp(&(other.kind, other.id)))
    }
}

impl PartialOrd for RankedDoc {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for RankedDoc {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for RankedDoc {}

/// A [`Best`] at work in one segment.
pub(super) struct SegmentBest {
    segment: SegmentOrdinal,
    most: usize,
    places: Column<u64>,
    kinds: Column<u64>,
    ids: Option<StrColumn>,
    sets: Vec<SetCounts>,
    /// By [`DocKind`].
    of_kind: [u64; DocKind::ALL.len()],
    /// The worst first.
    best: BinaryHeap<RankedDoc>,
}

/// Documents by tag set.
struct SetCounts {
    column: StrColumn,
    /// By the set's ordinal.
    counts: Vec<u64>,
}

/// Counts and first results of one segment.
pub(super) struct SegmentCollected {
    of_kind: [u64; DocKind::ALL.len()],
    sets: Vec<(String, u64)>,
    best: Vec<(RankedDoc, String, DocAddress)>,
}

impl Collector for Best {
    type Fruit = Collected;
    type Child = SegmentBest;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentBest> {
        let fast = reader.fast_fields();
        let mut sets = Vec::with_capacity(TAG_SETS.len());
        for name in TAG_SETS {
            if let Some(column) = fast.str(name)? {
                sets.push(SetCounts { counts: vec![0; column.num_terms()], column });
            }
        }
        Ok(SegmentBest {
            segment,
            most: self.most,
            places: fast.u64("place")?,
            kinds: fast.u64("kind")?,
            ids: fast.str("id")?,
            sets,
            of_kind: Default::default(),
            best: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<SegmentCollected>>) -> tantivy::Result<Collected> {
        let mut all = Collected::default();
        let mut sets: HashMap<String, u64> = HashMap::new();
        let mut best = Vec::new();
        for segment in segments {
            let segment = segment?;
            for (kind, count) in DocKind::ALL.into_iter().zip(segment.of_kind).filter(|(_, count)| *count > 0) {
                *all.facets.kinds.entry(kind).or_default() += count;
                all.total += count;
            }
            segment.sets.into_iter().for_each(|(set, count)| *sets.entry(set).or_default() += count);
            best.extend(segment.best);
        }
        sets.iter().for_each(|(set, count)| count_set(&mut all.facets.tags, set, *count));
        all.facets.provinces = tags::provinces(&all.facets.tags);
        best.sort_by(|(a, id, _), (b, other, _)| {
            by_rank((a.place, a.score), (b.place, b.score)).then_with(|| (a.kind, id).cmp(&(b.kind, other)))
        });
        all.best = best.into_iter().take(self.most).map(|(_, _, address)| address).collect();
        Ok(all)
    }
}

impl SegmentCollector for SegmentBest {
    type Fruit = tantivy::Result<SegmentCollected>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let kind = self.kinds.first(doc).unwrap_or_default();
        if let Some(count) = self.of_kind.get_mut(kind as usize) {
            *count += 1;
        }
        for set in &mut self.sets {
            if let Some(ordinal) = set.column.ords().first(doc) {
                set.counts[ordinal as usize] += 1;
            }
        }
        let place = self.places.first(doc).unwrap_or_default();
        let is_full = self.best.len() == self.most;
        let is_worse = |worst: &RankedDoc| by_rank((place, score), (worst.place, worst.score)) == Ordering::Greater;
        if self.most == 0 || is_full && self.best.peek().is_some_and(is_worse) {
            return;
        }
        let id = self.ids.as_ref().and_then(|ids| ids.ords().first(doc)).unwrap_or_default();
        self.best.push(RankedDoc { place, score, kind, id, doc });
        if is_full {
            self.best.pop();
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut sets = Vec::new();
        for set in self.sets {
            for (ordinal, count) in set.counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                sets.push((text_at(&set.column, ordinal as u64)?, count));
            }
        }
        let named = |ranked: RankedDoc| {
            let id = self.ids.as_ref().map_or(Ok(String::new()), |ids| text_at(ids, ranked.id))?;
            Ok((ranked, id, DocAddress::new(self.segment, ranked.doc)))
        };
        let best = self.best.into_iter().map(named).collect::<tantivy::Result<_>>()?;
        Ok(SegmentCollected { of_kind: self.of_kind, sets, best })
    }
}

fn text_at(column: &StrColumn, ordinal: u64) -> tantivy::Result<String> {
    let mut text = String::new();
    column.ord_to_str(ordinal, &mut text)?;
    Ok(text)
}

/// Counts documents that have the tags of a set.
fn count_set(counts: &mut TagCounts, set: &str, by: u64) {
    set.split(SEPARATOR).filter(|tag| !tag.is_empty()).for_each(|tag| tags::count(counts, tag, by));
}
