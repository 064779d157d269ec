//! The published listings in memory: a snapshot that follows the database's log of changes, and is never the truth.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};

use domain::listing::{Kind, Listing};
use domain::matching::{Index, Ranking};
use domain::record::{Policies, Record};
use domain::region::DivisionCode;

use super::context::Context;
use crate::db::listing::Stored;
use crate::db::{self, Db, DbError};
use crate::error::Result;

type Id = (Kind, String);

/// The snapshot.
#[derive(Debug)]
pub struct Inventory {
    state: RwLock<State>,
    /// Held while changes are read, so that none is applied out of turn.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct State {
    index: Index,
    records: BTreeMap<Id, Arc<Record>>,
    /// What lies in each park, so that a change of the park reaches it.
    inside: HashMap<String, Vec<Id>>,
    seq: i64,
}

/// What a list of listings shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One kind; none: all.
    pub kind: Option<Kind>,
    /// A division that the listing lies in.
    pub region: Option<DivisionCode>,
    /// An industry that may settle there.
    pub industry: Option<domain::industry::IndustryCode>,
    /// Words in its name or id.
    pub q: String,
    /// The page, from 1.
    pub page: usize,
    /// Listings a page.
    pub per_page: usize,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What it shows.
    pub items: Vec<T>,
    /// Its number, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
    /// How many items there are in all.
    pub total: usize,
}

impl Inventory {
    /// Loads the snapshot.
    ///
    /// # Errors
    /// The database's.
    pub async fn load(db: &Db, ranking: Ranking) -> std::result::Result<Self, DbError> {
        let (records, seq) = db.all_listings().await?;
        Ok(Self { state: RwLock::new(State::build(records, seq, ranking)), turn: tokio::sync::Mutex::new(()) })
    }

    /// Applies the changes that were committed since; cheap when there are none. Returns what changed; a kind of none is
    /// a policy.
    ///
    /// # Errors
    /// The database's; the snapshot then stays as it was.
    async fn follow(&self, db: &Db) -> std::result::Result<Vec<(Option<Kind>, String)>, DbError> {
        let _turn = self.turn.lock().await;
        let seq = self.read().seq;
        if db.listing_seq().await? == seq {
            return Ok(Vec::new());
        }
        let changes = db.listing_changes(seq).await?;
        let Some(last) = changes.last().map(|change| change.seq) else { return Ok(Vec::new()) };
        let mut touched: Vec<(Option<Kind>, String)> =
            changes.into_iter().map(|change| (change.kind, change.code)).collect();
        touched.sort();
        touched.dedup();
        let ids: Vec<Id> = touched.iter().filter_map(|(kind, code)| Some(((*kind)?, code.clone()))).collect();
        let records = if ids.len() > 200 {
            db.all_listings()
                .await?
                .0
                .into_iter()
                .map(|record| ((record.kind(), record.id().to_owned()), Some(record)))
                .collect()
        } else {
            let mut records = Vec::new();
            for id in &ids {
                records.push((id.clone(), db.listing(id.0, &id.1).await?));
            }
            records
        };
        let mut state = self.write();
        if ids.len() > 200 {
            let ranking = state.index.ranking().clone();
            *state = State::build(records.into_iter().filter_map(|(_, record)| record).collect(), last, ranking);
        } else {
            for (id, record) in records {
                state.apply(&id, record);
            }
            state.seq = last;
        }
        Ok(touched)
    }

    /// Works with the index.
    pub fn with_index<T>(&self, work: impl FnOnce(&Index) -> T) -> T {
        work(&self.read().index)
    }

    /// How many listings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().records.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.read().records.is_empty()
    }

    /// A listing's record.
    #[must_use]
    pub fn record(&self, kind: Kind, id: &str) -> Option<Arc<Record>> {
        self.read().records.get(&(kind, id.to_owned())).cloned()
    }

    /// A listing's record by its id alone: plots first, then spaces, then parks.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Arc<Record>> {
        Kind::ALL.into_iter().find_map(|kind| self.record(kind, id))
    }

    /// A listing.
    #[must_use]
    pub fn listing(&self, kind: Kind, id: &str) -> Option<Listing> {
        self.read().index.get(kind, id).cloned()
    }

    /// The name of a park; its code where it is unknown.
    #[must_use]
    pub fn park_name(&self, code: &str) -> String {
        self.record(Kind::Park, code).map_or_else(|| code.to_owned(), |park| park.get("name").to_owned())
    }

    /// Where inquiries to a park go; none: it cannot be sent one.
    #[must_use]
    pub fn inbox(&self, park: &str) -> Option<String> {
        let park = self.record(Kind::Park, park)?;
        Some(park.get("inbox_email").to_owned()).filter(|inbox| !inbox.is_empty())
    }

    /// Plots and spaces of a park, by kind and id.
    #[must_use]
    pub fn inside(&self, park: &str) -> Vec<Arc<Record>> {
        let state = self.read();
        state.inside.get(park).into_iter().flatten().filter_map(|id| state.records.get(id).cloned()).collect()
    }

    /// A page of listings: plots, spaces, parks, each by id.
    #[must_use]
    pub fn list(&self, filter: &Filter) -> Page<Arc<Record>> {
        let state = self.read();
        let words = filter.q.trim().to_lowercase();
        let found: Vec<&Arc<Record>> = state
            .records
            .iter()
            .filter(|(id, record)| state.passes(filter, &words, id, record))
            .map(|(_, record)| record)
            .collect();
        let per_page = filter.per_page.clamp(1, 200);
        let page = filter.page.max(1);
        let items = found.iter().skip((page - 1) * per_page).take(per_page).map(|&record| record.clone()).collect();
        Page { items, page, pages: found.len().div_ceil(per_page).max(1), total: found.len() }
    }

    /// Every record, for building the text index.
    #[must_use]
    pub fn records(&self) -> Vec<Arc<Record>> {
        self.read().records.values().cloned().collect()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    fn build(records: Vec<Record>, seq: i64, ranking: Ranking) -> Self {
        let records: BTreeMap<Id, Arc<Record>> =
            records.into_iter().map(|record| ((record.kind(), record.id().to_owned()), Arc::new(record))).collect();
        let mut inside: HashMap<String, Vec<Id>> = HashMap::new();
        for (id, record) in &records {
            if let Some(park) = park_of(record) {
                inside.entry(park.to_owned()).or_default().push(id.clone());
            }
        }
        let index = Index::build(listings(records.values().map(AsRef::as_ref)), ranking);
        Self { index, records, inside, seq }
    }

    fn passes(&self, filter: &Filter, words: &str, id: &Id, record: &Record) -> bool {
        let lies_in = |region: DivisionCode| {
            let division = self.index.get(id.0, &id.1).and_then(|listing| listing.division);
            division.is_some_and(|division| domain::region::divisions().covers(region, division))
        };
        let settles = |code: domain::industry::IndustryCode| {
            let column = if id.0 == Kind::Plot { "industry_code_gb4754" } else { "industries" };
            let codes = record.codes(column);
            codes.is_empty() || codes.iter().any(|own| own.related(code))
        };
        let says = |word: &str| {
            ["name", "location", "leading_industries", "industry_limit"]
                .iter()
                .any(|column| record.get(column).to_lowercase().contains(word))
                || id.1.to_lowercase().contains(word)
        };
        filter.kind.is_none_or(|kind| kind == id.0)
            && filter.region.is_none_or(lies_in)
            && filter.industry.is_none_or(settles)
            && words.split_whitespace().all(says)
    }

    fn apply(&mut self, id: &Id, record: Option<Record>) {
        if let Some(park) = self.records.get(id).and_then(|old| park_of(old)).map(str::to_owned)
            && let Some(inside) = self.inside.get_mut(&park)
        {
            inside.retain(|other| *other != *id);
        }
        match record {
            None => {
                self.records.remove(id);
                self.index.remove(id.0, &id.1);
            }
            Some(record) => {
                if let Some(park) = park_of(&record) {
                    self.inside.entry(park.to_owned()).or_default().push(id.clone());
                }
                self.records.insert(id.clone(), Arc::new(record));
                self.put(id);
            }
        }
        if id.0 == Kind::Park {
            // What lies in the park takes its level, place and chemical state from it.
            for inner in self.inside.get(&id.1).cloned().unwrap_or_default() {
                self.put(&inner);
            }
        }
    }

    fn put(&mut self, id: &Id) {
        let Some(record) = self.records.get(id) else { return };
        let park = park_of(record).and_then(|code| self.index.get(Kind::Park, code).cloned());
        if let Some(listing) = listing(record, park.as_ref()) {
            self.index.put(listing);
        }
    }
}

fn park_of(record: &Record) -> Option<&str> {
    Some(record.get("park_code")).filter(|code| !code.is_empty())
}

fn listing(record: &Record, park: Option<&Listing>) -> Option<Listing> {
    match record.kind() {
        Kind::Park => Some(Listing::from_park(record)),
        Kind::Plot => Some(Listing::from_plot(record, park)),
        Kind::Space => Listing::from_space(record, park),
    }
}

/// Listings of records, each with what its park lends it; parks that are not among the records lend nothing.
#[must_use]
pub fn listings<'r>(records: impl Iterator<Item = &'r Record> + Clone) -> Vec<Listing> {
    let parks: HashMap<&str, Listing> = records
        .clone()
        .filter(|record| record.kind() == Kind::Park)
        .map(|record| (record.id(), Listing::from_park(record)))
        .collect();
    records.filter_map(|record| listing(record, park_of(record).and_then(|code| parks.get(code)))).collect()
}

/// What to do with records that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Store them.
    Store,
    /// Only say what storing them would do.
    DryRun,
}

/// Records of one table.
#[derive(Clone, Debug)]
pub enum Records {
    /// Listings of one kind.
    Listings(Kind, Vec<Record>),
    /// Policies.
    Policies(Vec<Record<Policies>>),
}

/// How long the transaction of a large file may take.
const IMPORT_LIMIT: std::time::Duration = std::time::Duration::from_secs(600);

/// Stores records in one transaction, and lets the snapshot see them before it answers.
///
/// # Errors
/// The database's; then nothing was stored.
pub async fn store(app: &Context, records: Records, keep: Keep) -> Result<Stored> {
    let now = app.clock.now();
    let done = app
        .db
        .write_within::<_, NotStored, _>(IMPORT_LIMIT, move |tx| {
            Box::pin(async move {
                let (table, stored) = match &records {
                    Records::Listings(kind, records) => {
                        (kind.word(), db::listing::store(tx, *kind, records, now).await?)
                    }
                    Records::Policies(records) => (db::listing::POLICY, db::policy::store(tx, records, now).await?),
                };
                if keep == Keep::DryRun {
                    return Err(NotStored::DryRun(stored));
                }
                let detail =
                    format!("created {} updated {} unchanged {}", stored.created, stored.updated, stored.unchanged);
                db::requirement::audit(tx, "system", "import", table, &detail, now).await?;
                Ok(stored)
            })
        })
        .await;
    match done {
        Ok(stored) => {
            refresh(app).await?;
            Ok(stored)
        }
        Err(NotStored::DryRun(stored)) => Ok(stored),
        Err(NotStored::Failed(error)) => Err(error.into()),
    }
}

/// Why a transaction of [`store`] was rolled back.
enum NotStored {
    DryRun(Stored),
    Failed(DbError),
}

impl From<DbError> for NotStored {
    fn from(error: DbError) -> Self {
        Self::Failed(error)
    }
}

impl From<sea_orm::DbErr> for NotStored {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Failed(error.into())
    }
}

/// Brings the snapshot up to what was committed, here or in another process.
///
/// # Errors
/// The database's; the snapshot then stays as it was.
pub async fn refresh(app: &Context) -> std::result::Result<(), DbError> {
    let touched = app.inventory.follow(&app.db).await?;
    super::search::note(app, touched);
    Ok(())
}
