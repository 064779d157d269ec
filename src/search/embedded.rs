//! Embedded index: tantivy on disk or in memory, tokenized by charabia.

use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tantivy::directory::MmapDirectory;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query as TantivyQuery, RangeQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{DocAddress, Index, IndexReader, IndexWriter, Searcher, TantivyDocument, TantivyError, Term as Key};
use tokio::sync::Mutex;

use super::columns::{Best, Collected, TAG_SETS, ids, kind_of, tag_sets};
use super::words::{Term, atoms, is_han, terms};
use super::{
    Digests, Doc, DocKind, FIGURES, FigureBound, Health, Hit, HitPage, IndexChange, SearchError, SearchQuery,
    TextIndex, aliases,
};

/// Index format; change it with the fields, the tokenizer, or what documents are built from: a folder of another version is
/// ignored and a new index built.
const VERSION: &str = "v13";
/// Writer buffer, bytes: tantivy's minimum.
const WRITER_BYTES: usize = 15_000_000;
/// Weight of a title match relative to a body match.
const TITLE_BOOST: f32 = 3.0;
/// Score of a match among the further words: about that of a word of middling frequency in a title, so that a kind or use comes
/// before texts that only mention it.
const FURTHER_SCORE: f32 = 8.0;
/// Score of a name that is the whole query: more than any sum of words.
const NAME_SCORE: f32 = 1_000.0;
/// Score of a prefix match relative to a whole word: it only breaks ties.
const PREFIX_SCORE: f32 = 0.2;
/// Retries of the writer lock, which another process may hold: 40 × 100 ms, longer than a commit of [`super::BATCH`].
const LOCK_TRIES: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug)]
struct Fields {
    /// Unique key `kind:id`, by which a change replaces a document.
    key: Field,
    id: Field,
    kind: Field,
    digest: Field,
    regions: Field,
    industries: Field,
    demo: Field,
    place: Field,
    tags: Field,
    /// In the order of [`TAG_SETS`].
    tag_sets: [Field; TAG_SETS.len()],
    names: Field,
    /// In the order of [`FIGURES`].
    figures: [Field; FIGURES.len()],
    title: Field,
    body: Field,
    also: Field,
    /// Title and body as they are shown.
    shown: [Field; 2],
}

/// Embedded index.
pub struct Embedded {
    inner: Arc<Inner>,
    /// tantivy allows one writer at a time.
    writing: Mutex<()>,
}

struct Inner {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

fn failed(error: impl std::fmt::Display) -> SearchError {
    SearchError::Failed(error.to_string())
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = || {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        )
    };
    let fields = Fields {
        key: schema.add_text_field("key", STRING),
        id: schema.add_text_field("id", STRING | FAST),
        kind: schema.add_u64_field("kind", INDEXED | FAST),
        digest: schema.add_u64_field("digest", FAST),
        regions: schema.add_u64_field("regions", INDEXED),
        industries: schema.add_text_field("industries", STRING),
        demo: schema.add_bool_field("demo", INDEXED),
        place: schema.add_u64_field("place", FAST),
        tags: schema.add_text_field("tags", STRING),
        tag_sets: TAG_SETS.map(|name| schema.add_text_field(name, FAST)),
        names: schema.add_text_field("names", STRING),
        figures: FIGURES.map(|name| schema.add_i64_field(name, INDEXED | FAST)),
        title: schema.add_text_field("title", words()),
        body: schema.add_text_field("body", words()),
        also: schema.add_text_field("also", words()),
        shown: ["shown_title", "shown_body"].map(|name| schema.add_text_field(name, STORED)),
    };
    (schema.build(), fields)
}

impl Embedded {
    /// Opens the index in a versioned folder below `dir`, or creates it where it is absent or corrupt:
    /// [`TextIndex::health`] then counts 0 documents and the caller rebuilds.
    ///
    /// # Errors
    /// [`SearchError::Failed`] where the folder cannot be written.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        let dir = dir.join(VERSION);
        std::fs::create_dir_all(&dir).map_err(failed)?;
        let open = || Index::open_or_create(MmapDirectory::open(&dir)?, schema().0).and_then(Self::over);
        open().or_else(|error| {
            tracing::warn!(%error, "the index cannot be read and is rebuilt");
            std::fs::remove_dir_all(&dir).and_then(|()| std::fs::create_dir_all(&dir)).map_err(failed)?;
            open().map_err(failed)
        })
    }

    /// Creates an index in memory.
    ///
    /// # Errors
    /// [`SearchError::Failed`] from tantivy.
    pub fn in_memory() -> Result<Self, SearchError> {
        Self::over(Index::create_in_ram(schema().0)).map_err(failed)
    }

    fn over(index: Index) -> Result<Self, TantivyError> {
        let reader = index.reader()?;
        let inner = Inner { index, reader, fields: schema().1 };
        Ok(Self { inner: Arc::new(inner), writing: Mutex::new(()) })
    }

    /// Runs `write` with the single writer on a blocking thread, commits, and reloads the reader.
    async fn write<F>(&self, write: F) -> Result<(), SearchError>
    where
        F: FnOnce(&Inner, &IndexWriter) -> tantivy::Result<()> + Send + 'static,
    {
        let _one = self.writing.lock().await;
        let mut tries = 0;
        let writer: IndexWriter = loop {
            match self.inner.index.writer_with_num_threads(1, WRITER_BYTES) {
                Ok(writer) => break writer,
                Err(TantivyError::LockFailure(..)) if tries < LOCK_TRIES => {
                    tries += 1;
                    tokio::time::sleep(LOCK_PAUSE).await;
                }
                Err(error) => return Err(failed(error)),
            }
        };
        let inner = self.inner.clone();
        let mut writer = writer;
        let work = move || {
            write(&inner, &writer)?;
            writer.commit()?;
            writer.wait_merging_threads()?;
            inner.reader.reload()
        };
        tokio::task::spawn_blocking(work).await.map_err(failed)?.map_err(failed)
    }
}

impl Inner {
    fn key(&self, kind: DocKind, id: &str) -> Key {
        Key::from_field_text(self.fields.key, &format!("{} {id}", kind.word()))
    }

    fn put(&self, writer: &IndexWriter, doc: &Doc) -> tantivy::Result<()> {
        let fields = &self.fields;
        let mut document = TantivyDocument::new();
        document.add_text(fields.key, format!("{} {}", doc.kind.word(), doc.id));
        document.add_text(fields.id, &doc.id);
        document.add_u64(fields.kind, doc.kind as u64);
        document.add_u64(fields.digest, doc.digest);
        for code in &doc.regions {
            document.add_u64(fields.regions, code.get().into());
        }
        for code in &doc.industries {
            document.add_text(fields.industries, code.to_string());
        }
        document.add_bool(fields.demo, doc.demo);
        document.add_u64(fields.place, doc.place.into());
        for name in &doc.names {
            document.add_text(fields.names, name);
        }
        for tag in &doc.tags {
            document.add_text(fields.tags, tag);
        }
        for (field, set) in fields.tag_sets.into_iter().zip(tag_sets(doc)) {
            document.add_text(field, set);
        }
        for (field, name) in fields.figures.into_iter().zip(FIGURES) {
            if let Some(figure) = doc.figures.get(name) {
                document.add_i64(field, *figure);
            }
        }
        document.add_pre_tokenized_text(fields.title, tokenized(&doc.title));
        document.add_pre_tokenized_text(fields.body, tokenized(&doc.body));
        document.add_pre_tokenized_text(fields.also, tokenized(&doc.also));
        for (field, text) in fields.shown.into_iter().zip([&doc.title, &doc.body]) {
            document.add_text(field, text);
        }
        writer.add_document(document)?;
        Ok(())
    }

    fn search(&self, query: &SearchQuery) -> tantivy::Result<HitPage> {
        let searcher = self.reader.searcher();
        let terms = terms(&query.text);
        if terms.is_empty() && !query.text.is_empty() {
            return Ok(HitPage::default());
        }
        let filters = self.filters(query);
        // As Meilisearch's default strategy `last`: trailing words are dropped until something matches.
        let mut found = Collected::default();
        for count in (query.fewest_words(terms.len())..=terms.len()).rev() {
            let words = terms[..count].iter().map(|term| self.word(term));
            let all = words.chain(filters.iter().map(|filter| filter.box_clone())).collect();
            let best = Best { most: query.offset() + query.per_page as usize };
            found = searcher.search(&all_of(all, self.named(&query.text)), &best)?;
            if found.total > 0 {
                break;
            }
        }
        let page = found.best.into_iter().skip(query.offset());
        let hits = page.map(|address| self.hit(&searcher, address, &terms)).collect::<tantivy::Result<_>>()?;
        Ok(HitPage { hits, facets: found.facets, total: found.total, is_fallback: false })
    }

    /// Query of documents of which the text is the name.
    fn named(&self, text: &str) -> Box<dyn TantivyQuery> {
        let name = Key::from_field_text(self.fields.names, &aliases::key(text));
        Box::new(ConstScoreQuery::new(Box::new(TermQuery::new(name, IndexRecordOption::Basic)), NAME_SCORE))
    }

    /// Query of the trades, scored by their weights.
    fn trades(&self, query: &SearchQuery) -> Option<Box<dyn TantivyQuery>> {
        let tag = |(tag, weight): &(String, u8)| {
            let key = Key::from_field_text(self.fields.tags, tag);
            let term = Box::new(TermQuery::new(key, IndexRecordOption::Basic));
            Box::new(ConstScoreQuery::new(term, f32::from(*weight))) as Box<dyn TantivyQuery>
        };
        let any: Vec<_> = query.trades.iter().map(tag).collect();
        (!any.is_empty()).then(|| Box::new(BooleanQuery::union(any)) as _)
    }

    /// Query of one term in title, body or the further words.
    fn word(&self, term: &Term) -> Box<dyn TantivyQuery> {
        let in_title = BoostQuery::new(word_in(self.fields.title, term), TITLE_BOOST);
        let in_further = ConstScoreQuery::new(word_in(self.fields.also, term), FURTHER_SCORE);
        Box::new(BooleanQuery::union(vec![Box::new(in_title), word_in(self.fields.body, term), Box::new(in_further)]))
    }

    fn filters(&self, query: &SearchQuery) -> Vec<Box<dyn TantivyQuery>> {
        let fields = &self.fields;
        let kinds = query.kinds.iter().map(|kind| Key::from_field_u64(fields.kind, *kind as u64));
        let regions = query.regions.iter().map(|code| Key::from_field_u64(fields.regions, code.get().into()));
        let industries = query.industries.iter().map(|code| Key::from_field_text(fields.industries, &code.to_string()));
        let demo = query.demo.iter().map(|demo| Key::from_field_bool(fields.demo, *demo));
        let groups: [Vec<Key>; 4] = [kinds.collect(), regions.collect(), industries.collect(), demo.collect()];
        let tags =
            query.tags.iter().map(|group| group.iter().map(|tag| Key::from_field_text(fields.tags, tag)).collect());
        let sets = groups.into_iter().chain(tags).filter(|group| !group.is_empty()).map(any_of);
        let ranges = query.figures.iter().map(|bound| self.range(bound));
        let filters = sets.chain(ranges).map(|filter| Box::new(ConstScoreQuery::new(filter, 0.0)) as _);
        filters.chain(self.trades(query)).collect()
    }

    fn range(&self, bound: &FigureBound) -> Box<dyn TantivyQuery> {
        let at = FIGURES.iter().position(|name| *name == bound.field).unwrap_or_default();
        let key = |figure: i64| Key::from_field_i64(self.fields.figures[at], figure);
        let least = bound.min.map_or(Bound::Unbounded, |figure| Bound::Included(key(figure)));
        // A range without ends has no field: the greatest figure closes it.
        let most = Bound::Included(key(bound.max.unwrap_or(i64::MAX)));
        Box::new(RangeQuery::new(least, most))
    }

    fn digests(&self) -> tantivy::Result<Digests> {
        let mut held = Vec::new();
        for segment in self.reader.searcher().segment_readers() {
            let fast = segment.fast_fields();
            let (numbers, kinds, digests) = (fast.str("id")?, fast.u64("kind")?, fast.u64("digest")?);
            let ids = ids(numbers.as_ref())?;
            for doc in segment.doc_ids_alive() {
                let number = numbers.as_ref().and_then(|numbers| numbers.ords().first(doc));
                let id = number.and_then(|number| ids.get(number as usize));
                if let (Some(kind), Some(id)) = (kinds.first(doc).and_then(kind_of), id) {
                    held.push(((kind, id.clone()), digests.first(doc).unwrap_or_default()));
                }
            }
        }
        Ok(held.into_iter().collect())
    }

    fn hit(&self, searcher: &Searcher, address: DocAddress, terms: &[Term]) -> tantivy::Result<Hit> {
        let stored: TantivyDocument = searcher.doc(address)?;
        let text = |field: Field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let fast = searcher.segment_reader(address.segment_ord).fast_fields();
        let mut id = String::new();
        if let Some(ids) = fast.str("id")?
            && let Some(ordinal) = ids.ords().first(address.doc_id)
        {
            ids.ord_to_str(ordinal, &mut id)?;
        }
        let kind = fast.u64("kind")?.first(address.doc_id).and_then(kind_of);
        let kind = kind.ok_or_else(|| TantivyError::InternalError(format!("{id} is of no kind")))?;
        let [title, body] = self.fields.shown.map(text);
        Ok(Hit::new(kind, &id, title, body, terms))
    }
}

/// Query of one value or several.
fn any_of(mut keys: Vec<Key>) -> Box<dyn TantivyQuery> {
    match keys.pop() {
        // Postings are intersected as they are; a set is first read whole.
        Some(key) if keys.is_empty() => Box::new(TermQuery::new(key, IndexRecordOption::Basic)),
        last => Box::new(TermSetQuery::new(keys.into_iter().chain(last))),
    }
}

fn word_in(field: Field, term: &Term) -> Box<dyn TantivyQuery> {
    let key = |text: &str| Key::from_field_text(field, text);
    let exact = |text: &str| Box::new(TermQuery::new(key(text), IndexRecordOption::WithFreqs));
    if let Some(prefix) = term.prefix() {
        let beyond = format!("{prefix}{}", char::MAX);
        let range = RangeQuery::new(Bound::Included(key(prefix)), Bound::Excluded(key(&beyond)));
        let begun = ConstScoreQuery::new(Box::new(range), PREFIX_SCORE);
        return Box::new(BooleanQuery::union(vec![exact(prefix), Box::new(begun)]));
    }
    match &term.0[..] {
        [atom] => exact(atom),
        [first, second] if is_pair(first, second) => exact(&pair(first, second)),
        atoms if atoms.windows(2).all(|two| is_pair(&two[0], &two[1])) => {
            // Every second pair covers the word, with the last one where their number is odd.
            let last = atoms.len() - 2;
            let places = (0..last).step_by(2).chain([last]);
            Box::new(PhraseQuery::new_with_offset(
                places.map(|at| (at, key(&pair(&atoms[at], &atoms[at + 1])))).collect(),
            ))
        }
        atoms => Box::new(PhraseQuery::new(atoms.iter().map(|atom| key(atom)).collect())),
    }
}

/// Intersection of all queries with summed scores; those of `favoured` come first.
fn all_of(queries: Vec<Box<dyn TantivyQuery>>, favoured: Box<dyn TantivyQuery>) -> BooleanQuery {
    let all: Box<dyn TantivyQuery> =
        if queries.is_empty() { Box::new(AllQuery) } else { Box::new(BooleanQuery::intersection(queries)) };
    BooleanQuery::new(vec![(Occur::Must, all), (Occur::Should, favoured)])
}

/// Whether two adjacent atoms are a pair of Han characters, which is a token of its own: most words have two characters, and a
/// pair is far rarer than either of them.
fn is_pair(first: &str, second: &str) -> bool {
    first.starts_with(is_han) && second.starts_with(is_han)
}

fn pair(first: &str, second: &str) -> String {
    [first, second].concat()
}

/// Tokens of a text: its atoms, and each pair of adjacent Han characters at the place of its first. Positions skip one where
/// atoms are not adjacent, so that phrases do not match across the gap.
fn tokenized(text: &str) -> PreTokenizedString {
    let atoms = atoms(text);
    let mut tokens = Vec::with_capacity(2 * atoms.len());
    let mut position = 0;
    for (at, atom) in atoms.iter().enumerate() {
        position += if atom.follows { 1 } else { 2 };
        let mut push = |text: String| {
            tokens.push(Token {
                offset_from: atom.at.start,
                offset_to: atom.at.end,
                position,
                text,
                position_length: 1,
            });
        };
        push(atom.text.clone());
        if let Some(next) = atoms.get(at + 1).filter(|next| next.follows && is_pair(&atom.text, &next.text)) {
            push(pair(&atom.text, &next.text));
        }
    }
    PreTokenizedString { text: String::new(), tokens }
}

#[async_trait]
impl TextIndex for Embedded {
    async fn apply(&self, changes: &[IndexChange]) -> Result<(), SearchError> {
        let changes = changes.to_vec();
        self.write(move |inner, writer| {
            for change in &changes {
                match change {
                    IndexChange::Put(doc) => {
                        writer.delete_term(inner.key(doc.kind, &doc.id));
                        inner.put(writer, doc)?;
                    }
                    IndexChange::Remove { kind, id } => {
                        writer.delete_term(inner.key(*kind, id));
                    }
                }
            }
            Ok(())
        })
        .await
    }

    async fn search(&self, query: &SearchQuery) -> Result<HitPage, SearchError> {
        let (inner, query) = (self.inner.clone(), query.clone());
        tokio::task::spawn_blocking(move || inner.search(&query)).await.map_err(failed)?.map_err(failed)
    }

    async fn rebuild(&self, docs: Vec<Doc>) -> Result<(), SearchError> {
        self.write(move |inner, writer| {
            writer.delete_all_documents()?;
            docs.iter().try_for_each(|doc| inner.put(writer, doc))
        })
        .await
    }

    async fn health(&self) -> Result<Health, SearchError> {
        Ok(Health { docs: self.inner.reader.searcher().num_docs() })
    }

    fn generation(&self) -> Option<u64> {
        Some(self.inner.reader.searcher().generation().generation_id())
    }

    async fn digests(&self) -> Result<Digests, SearchError> {
        let inner = self.inner.clone();
        tokio::task::spawn_blocking(move || inner.digests()).await.map_err(failed)?.map_err(failed)
    }
}
