//! The published listings in memory: a snapshot that follows the database's change log and is never the truth.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, RwLock};

use chrono::NaiveDate;
use domain::geo::Point;
use domain::import::KnownParks;
use domain::listing::{Kind, Listing};
use domain::matching::{Index, Ranking};
use domain::record::Record;
use domain::region::DivisionCode;

use crate::cores;
use crate::db::listing::ListingChange;
use crate::db::words::Changed;
use crate::db::{Db, DbError};
use crate::service::beside::Beside;
use crate::service::list_rows::{ListRows, PLACES, RowFilter};
use crate::service::lists::{self, Filter, ResultPage};
use crate::service::published::{Published, published};

type SnapshotKey = (Kind, String);

/// Changed listings that are applied one by one, under the lock; for more another snapshot is built beside it.
const MOST_SINGLE: usize = 200;

/// The in-memory snapshot of published listings.
#[derive(Debug)]
pub struct Inventory {
    state: RwLock<State>,
    /// Held while changes are read, so that they are applied in order.
    turn: tokio::sync::Mutex<()>,
    /// Whether changes are applied; not in a command that looks up no listing.
    is_followed: bool,
}

#[derive(Debug)]
struct State {
    index: Index,
    /// The records of each kind.
    rows: [ListRows; 3],
    /// Plots and spaces by park, in the order of kind and id: a change of the park changes them too.
    inside: HashMap<String, Vec<Arc<Record>>>,
    /// Sub-parks by parent (一区多园).
    below: HashMap<String, BTreeSet<String>>,
    /// Records of which words are held back.
    held: BTreeSet<SnapshotKey>,
    /// Records whose park left two monthly questions about them unanswered.
    behind: HashSet<SnapshotKey>,
    seq: i64,
    /// Number of marks set or taken back; they are no change of a record.
    marks: u64,
}

impl Inventory {
    /// Loads the snapshot.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn load(db: &Db, ranking: Ranking) -> Result<Self, DbError> {
        let (records, seq) = db.all_listings().await?;
        let Published { records, held } = published(db, records).await?;
        let held = held.into_iter().map(|at| key(&records[at])).collect();
        let records = records.into_iter().map(Arc::new).collect();
        let state = State { held, ..State::build(records, HashSet::new(), seq, ranking) };
        Ok(Self { state: RwLock::new(state), turn: tokio::sync::Mutex::new(()), is_followed: true })
    }

    /// Returns an empty snapshot that follows no change, for commands that look up no listing: loading takes seconds.
    #[must_use]
    pub fn unloaded(ranking: Ranking) -> Self {
        let state = RwLock::new(State::build(Vec::new(), HashSet::new(), 0, ranking));
        Self { state, turn: tokio::sync::Mutex::new(()), is_followed: false }
    }

    /// Applies the changes committed since the last call, one query where there are none. Returns the rows that changed;
    /// those of a table of another version are not followed.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`]; the snapshot is then unchanged.
    pub(super) async fn follow(&self, db: &Db) -> Result<Vec<(Changed, String)>, DbError> {
        if !self.is_followed {
            return Ok(Vec::new());
        }
        let _turn = self.turn.lock().await;
        let seq = self.read().seq;
        let last = db.listing_seq().await?;
        if last == seq {
            return Ok(Vec::new());
        }
        let changes = db.listing_changes(seq).await?;
        let last = changes.last().map_or(last, |change| change.seq.max(last));
        let touched = rows_of(db, changes).await?;
        let (mut records, mut held) = (Vec::new(), BTreeSet::new());
        for kind in Kind::ALL {
            let (changed, waiting) = changed_records(db, kind, &touched).await?;
            records.extend(changed);
            held.extend(waiting);
        }
        if records.len() > MOST_SINGLE {
            self.replace(records, held, last).await?;
        } else {
            let mut state = self.write();
            for (id, record) in records {
                state.held.remove(&id);
                state.apply(&id, record);
            }
            state.held.extend(held);
            state.seq = last;
        }
        Ok(touched)
    }

    /// Builds the snapshot with many changed records beside the one in use, which answers meanwhile.
    async fn replace(
        &self,
        records: Vec<ChangedRecord>,
        waiting: BTreeSet<SnapshotKey>,
        last: i64,
    ) -> Result<(), DbError> {
        let (mut all, mut held, behind, ranking) = {
            let state = self.read();
            let all: Vec<Arc<Record>> = state.records().cloned().collect();
            (all, state.held.clone(), state.behind.clone(), state.index.ranking().clone())
        };
        let build = move || {
            let changed: HashSet<&SnapshotKey> = records.iter().map(|(id, _)| id).collect();
            all.retain(|record| !changed.contains(&key(record)));
            held.retain(|id| !changed.contains(id));
            all.extend(records.into_iter().filter_map(|(_, record)| record.map(Arc::new)));
            held.extend(waiting);
            State { held, ..State::build(all, behind, last, ranking) }
        };
        let built = tokio::task::spawn_blocking(build).await.map_err(|panic| DbError::Other(panic.into()))?;
        let former = std::mem::replace(&mut *self.write(), built);
        // Freeing a large snapshot takes long too.
        drop(tokio::task::spawn_blocking(move || drop(former)));
        Ok(())
    }

    /// Runs `work` on the index under the read lock.
    pub fn with_index<T>(&self, work: impl FnOnce(&Index) -> T) -> T {
        work(&self.read().index)
    }

    /// Returns the number of listings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().rows.iter().map(ListRows::len).sum()
    }

    /// Whether there are no listings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of the last change that is applied.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.read().seq
    }

    /// Returns the number of the last change that is applied, and how many marks were set since the start: other numbers mean
    /// another content.
    pub(super) fn edition(&self) -> (i64, u64) {
        let state = self.read();
        (state.seq, state.marks)
    }

    /// Returns the record of a listing.
    #[must_use]
    pub fn record(&self, kind: Kind, id: &str) -> Option<Arc<Record>> {
        self.read().rows[kind as usize].get(id).cloned()
    }

    /// Returns a record by its id alone: plots first, then spaces, then parks.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Arc<Record>> {
        Kind::ALL.into_iter().find_map(|kind| self.record(kind, id))
    }

    /// Returns a listing as matching sees it.
    #[must_use]
    pub fn listing(&self, kind: Kind, id: &str) -> Option<Listing> {
        self.read().index.get(kind, id).cloned()
    }

    /// Returns where a listing is, if that is known.
    #[must_use]
    pub fn point(&self, kind: Kind, id: &str) -> Option<Point> {
        self.read().index.get(kind, id)?.point
    }

    /// Returns the name of a park; its code where there is no such park.
    #[must_use]
    pub fn park_name(&self, code: &str) -> String {
        self.record(Kind::Park, code).map_or_else(|| code.to_owned(), |park| park.get("name").to_owned())
    }

    /// Returns parks of these codes with their names, as files may name them; the code for a name not yet seen.
    #[must_use]
    pub fn known_parks<'c>(&self, codes: impl IntoIterator<Item = &'c String>) -> KnownParks {
        codes.into_iter().map(|code| (code.clone(), self.park_name(code))).collect()
    }

    /// Returns the inbox of a park; `None` where it takes no inquiries.
    #[must_use]
    pub fn inbox(&self, park: &str) -> Option<String> {
        let park = self.record(Kind::Park, park)?;
        Some(park.get("inbox_email").to_owned()).filter(|inbox| !inbox.is_empty())
    }

    /// Returns the parks whose inbox is one of these, by code.
    #[must_use]
    pub fn parks_with_inbox(&self, inboxes: &[String]) -> Vec<Arc<Record>> {
        let has_one = |park: &&Arc<Record>| inboxes.iter().any(|inbox| inbox == park.get("inbox_email"));
        let state = self.read();
        state.rows[Kind::Park as usize].records().filter(has_one).cloned().collect()
    }

    /// Returns the plots and spaces of a park, by kind and id.
    #[must_use]
    pub fn inside(&self, park: &str) -> Vec<Arc<Record>> {
        self.read().inside.get(park).cloned().unwrap_or_default()
    }

    /// Returns these parks with their sub-parks, those of sub-parks too, each once and in order.
    #[must_use]
    pub fn with_sub_parks<'p>(&self, parks: impl IntoIterator<Item = &'p str>) -> BTreeSet<String> {
        let state = self.read();
        let mut left: Vec<&str> = parks.into_iter().collect();
        let mut all = BTreeSet::new();
        while let Some(park) = left.pop() {
            if all.insert(park.to_owned()) {
                left.extend(state.below.get(park).into_iter().flatten().map(String::as_str));
            }
        }
        all
    }

    /// Returns the parks of a division.
    #[must_use]
    pub fn parks_in(&self, region: DivisionCode) -> BTreeSet<String> {
        let state = self.read();
        let (parks, filter) = (&state.rows[Kind::Park as usize], RowFilter { region: Some(region), industry: None });
        let found = parks.passing(filter, NaiveDate::MIN, None);
        PLACES.into_iter().flat_map(|place| found.of(place, 0)).map(|park| park.id().to_owned()).collect()
    }

    /// Returns a page of listings: by their place, then plots, spaces, parks, each by id.
    #[must_use]
    pub fn list(&self, filter: &Filter, today: NaiveDate) -> ResultPage<Arc<Record>> {
        lists::page(&self.read().rows, filter, today)
    }

    /// Returns the number of listings of a kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.read().rows[kind as usize].len()
    }

    /// Notes the listings whose park left questions about them unanswered, after both were loaded.
    pub fn note_behind(&self, beside: &Beside) {
        self.mark_behind(beside.behind().into_iter().map(|(kind, id)| (kind, id, true)));
    }

    /// Notes for each of these listings whether its park left questions about it unanswered.
    pub(super) fn mark_behind(&self, listings: impl IntoIterator<Item = (Kind, String, bool)>) {
        let mut state = self.write();
        for (kind, id, is_behind) in listings {
            state.marks += 1;
            state.rows[kind as usize].mark(&id, is_behind);
            if is_behind {
                state.behind.insert((kind, id));
            } else {
                state.behind.remove(&(kind, id));
            }
        }
    }

    /// Returns the listings that are of the past on one of two days alone.
    pub(super) fn passed_between(&self, a: NaiveDate, b: NaiveDate) -> Vec<(Kind, String)> {
        let state = self.read();
        let passed = state.rows.iter().flat_map(|rows| rows.passed_between(a, b));
        passed.map(|record| (record.kind(), record.id().to_owned())).collect()
    }

    /// Returns kind and id of each record of which words are held back, see [`published`].
    #[must_use]
    pub fn held(&self) -> Vec<(Kind, String)> {
        self.read().held.iter().cloned().collect()
    }

    /// Whether words of a record are held back.
    #[must_use]
    pub fn is_held(&self, kind: Kind, id: &str) -> bool {
        self.read().held.contains(&(kind, id.to_owned()))
    }

    /// Returns every record, for building the text index.
    #[must_use]
    pub fn records(&self) -> Vec<Arc<Record>> {
        self.read().records().cloned().collect()
    }

    /// Returns the records of a kind.
    #[must_use]
    pub fn records_of(&self, kind: Kind) -> Vec<Arc<Record>> {
        self.read().rows[kind as usize].records().cloned().collect()
    }

    /// Returns the ids of the records that fulfil a condition, at most `limit`.
    pub(super) fn ids_where(&self, condition: impl Fn(&Record) -> bool, limit: usize) -> Vec<String> {
        let state = self.read();
        let found = state.records().filter(|record| condition(record)).take(limit);
        found.map(|record| record.id().to_owned()).collect()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    fn build(records: Vec<Arc<Record>>, behind: HashSet<SnapshotKey>, seq: i64, ranking: Ranking) -> Self {
        let listings = typed(&records);
        let divisions: Vec<_> = listings.iter().map(|listing| listing.as_ref().and_then(|it| it.division)).collect();
        let listings = listings.into_iter().flatten().collect();
        let (index, (rows, inside, below)) =
            cores::both(|| Index::build(listings, ranking), || lists_of(records, divisions, &behind));
        Self { index, rows, inside, below, held: BTreeSet::new(), behind, seq, marks: 0 }
    }

    /// Every record: plots, spaces, parks, each by id.
    fn records(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.rows.iter().flat_map(ListRows::records)
    }

    fn apply(&mut self, id: &SnapshotKey, record: Option<Record>) {
        if let Some(old) = self.rows[id.0 as usize].remove(&id.1) {
            self.take_out(&old);
        }
        match record {
            None => self.index.remove(id.0, &id.1),
            Some(record) => {
                let record = Arc::new(record);
                if let Some(park) = park_of(&record) {
                    let inside = self.inside.entry(park.to_owned()).or_default();
                    let at = inside.partition_point(|other| (other.kind(), other.id()) < (record.kind(), record.id()));
                    inside.insert(at, record.clone());
                }
                if let Some(parent) = parent_of(&record) {
                    self.below.entry(parent.to_owned()).or_default().insert(id.1.clone());
                }
                self.put(record);
            }
        }
        if id.0 == Kind::Park {
            // Plots and spaces inherit level, place and chemical state from their park.
            for inner in self.inside.get(&id.1).cloned().unwrap_or_default() {
                self.put(inner);
            }
        }
    }

    /// Takes a record out of its park.
    fn take_out(&mut self, old: &Arc<Record>) {
        if let Some(inside) = park_of(old).and_then(|park| self.inside.get_mut(park)) {
            inside.retain(|other| !Arc::ptr_eq(other, old));
        }
        if let Some(below) = parent_of(old).and_then(|parent| self.below.get_mut(parent)) {
            below.remove(old.id());
        }
    }

    /// Puts a record into index and lists, with what it inherits from its park.
    fn put(&mut self, record: Arc<Record>) {
        let park = park_of(&record).and_then(|code| self.index.get(Kind::Park, code).cloned());
        let listing = listing(&record, park.as_ref());
        let division = listing.as_ref().and_then(|listing| listing.division);
        if let Some(listing) = listing {
            self.index.put(listing);
        }
        let is_behind = self.behind.contains(&key(&record));
        self.rows[record.kind() as usize].put(record, division, is_behind);
    }
}

/// Records as lists, by their parks, and sub-parks by theirs.
type RecordLists = ([ListRows; 3], HashMap<String, Vec<Arc<Record>>>, HashMap<String, BTreeSet<String>>);

/// Lists of records with their divisions.
fn lists_of(
    records: Vec<Arc<Record>>,
    divisions: Vec<Option<DivisionCode>>,
    behind: &HashSet<SnapshotKey>,
) -> RecordLists {
    let mut below: HashMap<String, BTreeSet<String>> = HashMap::new();
    let mut kinds: [Vec<_>; 3] = Default::default();
    for (record, division) in records.into_iter().zip(divisions) {
        if let Some(parent) = parent_of(&record) {
            below.entry(parent.to_owned()).or_default().insert(record.id().to_owned());
        }
        let is_behind = !behind.is_empty() && behind.contains(&key(&record));
        kinds[record.kind() as usize].push((record, division, is_behind));
    }
    let rows = kinds.map(|rows| ListRows::build(rows.into_iter()));
    let mut inside: HashMap<String, Vec<Arc<Record>>> = HashMap::new();
    for record in rows.iter().flat_map(ListRows::records) {
        if let Some(park) = park_of(record) {
            inside.entry(park.to_owned()).or_default().push(record.clone());
        }
    }
    (rows, inside, below)
}

/// The rows that changed, each once; an import's entry means all of its rows.
async fn rows_of(db: &Db, changes: Vec<ListingChange>) -> Result<Vec<(Changed, String)>, DbError> {
    let mut touched = Vec::new();
    for change in changes {
        match change.kind.known() {
            Some(Changed::Import) => {
                if let Some((kind, codes)) = db.altered_by(&change.code).await? {
                    touched.extend(codes.into_iter().map(|code| (Changed::Listing(kind), code)));
                }
            }
            Some(table) => touched.push((table, change.code)),
            None => {}
        }
    }
    touched.sort();
    touched.dedup();
    Ok(touched)
}

fn key(record: &Record) -> SnapshotKey {
    (record.kind(), record.id().to_owned())
}

/// A changed listing with its present record; none for one that is gone.
type ChangedRecord = (SnapshotKey, Option<Record>);

/// The changed listings of one kind, and those of them of which words are held back.
async fn changed_records(
    db: &Db,
    kind: Kind,
    touched: &[(Changed, String)],
) -> Result<(Vec<ChangedRecord>, Vec<SnapshotKey>), DbError> {
    let of_kind = touched.iter().filter(|(table, _)| *table == Changed::Listing(kind));
    let codes: Vec<String> = of_kind.map(|(_, code)| code.clone()).collect();
    let Published { records, held } = published(db, db.listings_by_code(kind, &codes).await?).await?;
    let held = held.into_iter().map(|at| key(&records[at])).collect();
    let present = records.into_iter();
    let mut present: HashMap<String, Record> = present.map(|record| (record.id().to_owned(), record)).collect();
    let record = |code: String| {
        let record = present.remove(&code);
        ((kind, code), record)
    };
    Ok((codes.into_iter().map(record).collect(), held))
}

fn park_of(record: &Record) -> Option<&str> {
    Some(record.get("park_code")).filter(|code| !code.is_empty())
}

/// Returns the park that a sub-park belongs to.
fn parent_of(record: &Record) -> Option<&str> {
    Some(record)
        .filter(|record| record.kind() == Kind::Park)
        .map(|park| park.get("parent_code"))
        .filter(|it| !it.is_empty())
}

fn listing(record: &Record, park: Option<&Listing>) -> Option<Listing> {
    match record.kind() {
        Kind::Park => Some(Listing::from_park(record)),
        Kind::Plot => Some(Listing::from_plot(record, park)),
        Kind::Space => Listing::from_space(record, park),
    }
}

/// Builds listings from records, each with the fields inherited from its park where that is among the records.
#[must_use]
pub fn listings<R: Borrow<Record> + Sync>(records: &[R]) -> Vec<Listing> {
    typed(records).into_iter().flatten().collect()
}

/// Returns the listing of each record; `None` for a space without a kind.
fn typed<R: Borrow<Record> + Sync>(records: &[R]) -> Vec<Option<Listing>> {
    let parks = records.iter().map(Borrow::borrow).filter(|record| record.kind() == Kind::Park);
    let parks: HashMap<&str, Listing> = parks.map(|park| (park.id(), Listing::from_park(park))).collect();
    cores::filter_map(records, |record| {
        let record = record.borrow();
        Some(listing(record, park_of(record).and_then(|code| parks.get(code))))
    })
}
