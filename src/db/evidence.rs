//! The evidence of listings: one row per listing with the last checks of its key facts, numbered by the clock of holds.

use std::collections::HashMap;

use domain::freshness::{Evidence, FactCheck, KeyFact};
use domain::listing::Kind;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};

use super::clock::{BESIDE, tick};
use super::entity::evidence::{ActiveModel, Column as C, Entity, Model};
use super::entity::{evidence_staged, listing};
use super::words::EVIDENCE_KIND;
use super::{Db, DbError};

/// Rows per statement: SQLite takes at most 32,766 bound values per statement.
const CHUNK: usize = 500;

/// The evidence of one listing.
#[derive(Clone, Debug)]
pub struct EvidenceRow {
    /// The listing's kind.
    pub kind: Stored<Kind>,
    /// Its id.
    pub code: String,
    /// The checks, as [`Evidence::parse`] reads them.
    pub checks: String,
    /// Whether its park left two monthly questions unanswered.
    pub is_behind: bool,
}

fn stored((kind, code, checks, is_behind): (String, String, String, bool)) -> EvidenceRow {
    EvidenceRow { kind: EVIDENCE_KIND.read(&code, &kind), code, checks, is_behind }
}

/// The check of one listing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListingCheck {
    /// The listing's id.
    pub code: String,
    /// The check.
    pub check: FactCheck,
    /// Facts whose values changed with it.
    pub changed: Vec<KeyFact>,
}

impl Db {
    /// Returns the evidence written after `seq`.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn evidence_since(&self, seq: i64) -> Result<Vec<EvidenceRow>, DbError> {
        // A row costs by the column.
        let rows =
            Entity::find().filter(C::Seq.gt(seq)).select_only().columns([C::Kind, C::Code, C::Checks, C::Behind]);
        let rows: Vec<_> = rows.into_tuple().all(self.read_whole()).await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Returns the checks that add something to what is stored: neither the same said before nor an open question.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn adding(&self, kind: Kind, mut checks: Vec<ListingCheck>) -> Result<Vec<ListingCheck>, DbError> {
        let mut said: HashMap<String, Evidence> = HashMap::new();
        for chunk in checks.chunks(CHUNK) {
            let codes = chunk.iter().map(|check| check.code.as_str());
            let of_kind = Entity::find().filter(C::Kind.eq(kind.word())).filter(C::Code.is_in(codes));
            let rows = of_kind.filter(C::Asked.eq(0)).filter(C::Behind.eq(false));
            let rows = rows.select_only().columns([C::Code, C::Checks]).into_tuple::<(String, String)>();
            let rows = rows.all(self.read_whole()).await?;
            said.extend(rows.into_iter().map(|(code, checks)| (code, Evidence::parse(&checks))));
        }
        let adds = |check: &ListingCheck| !said.get(&check.code).is_some_and(|said| said.says(&check.check));
        checks.retain(|check| !check.changed.is_empty() || adds(check));
        Ok(checks)
    }

    /// Returns the ids of the listings that a done import checked.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn checked_by(&self, kind: Kind, import: &str) -> Result<Vec<String>, DbError> {
        let checked = Entity::find().filter(C::Kind.eq(kind.word())).filter(C::Checks.contains(import));
        Ok(checked.select_only().column(C::Code).into_tuple().all(self.read_whole()).await?)
    }

    /// Returns the kinds and ids of a park and its listings that were first stored before a moment.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn listed_before(&self, park: &str, before: Moment) -> Result<Vec<(String, String)>, DbError> {
        use listing::Column as L;
        let is_park = L::Kind.eq(Kind::Park.word()).and(L::Code.eq(park));
        let rows = listing::Entity::find()
            .select_only()
            .columns([L::Kind, L::Code])
            .filter(L::ParkCode.eq(park).or(is_park))
            .filter(L::CreatedAt.lte(before.0));
        Ok(rows.into_tuple().all(self.read()).await?)
    }
}

/// Records checks of listings of one kind, and ends the count of their unanswered questions.
pub(crate) async fn check(tx: &DatabaseTransaction, kind: Kind, checks: Vec<ListingCheck>) -> Result<(), DbErr> {
    if checks.is_empty() {
        return Ok(());
    }
    let seq = tick(tx, BESIDE, 1).await?;
    check_at(tx, kind, checks, seq).await
}

/// As [`check`], by a transaction that has the number of the clock.
pub(super) async fn check_at(
    tx: &DatabaseTransaction,
    kind: Kind,
    checks: Vec<ListingCheck>,
    seq: i64,
) -> Result<(), DbErr> {
    let mut by_code: HashMap<String, Vec<ListingCheck>> = HashMap::new();
    for check in checks {
        by_code.entry(check.code.clone()).or_default().push(check);
    }
    alter_at(tx, kind, by_code.keys().cloned().collect(), seq, |row| {
        let mut evidence = Evidence::parse(&row.checks);
        for check in by_code.get(&row.code).into_iter().flatten() {
            evidence.add(check.check.clone(), &check.changed);
        }
        Model { checks: evidence.text(), asked: 0, asked_at: None, behind: false, ..row }
    })
    .await
}

/// Takes back the checks of an import that is undone, those of rows that it did not change among them; see [`Db::checked_by`].
pub(crate) async fn take_back(
    tx: &DatabaseTransaction,
    kind: Kind,
    import: &str,
    codes: Vec<String>,
) -> Result<(), DbErr> {
    alter(tx, kind, codes, |row| {
        let mut evidence = Evidence::parse(&row.checks);
        evidence.take_back(import);
        Model { checks: evidence.text(), ..row }
    })
    .await
}

/// A check to stage.
#[derive(Clone, Debug)]
pub struct StagedCheck {
    code: String,
    /// None takes the import's checks back.
    check: Option<ListingCheck>,
}

impl StagedCheck {
    /// The check that an import makes.
    pub(crate) fn of(check: ListingCheck) -> Self {
        Self { code: check.code.clone(), check: Some(check) }
    }

    /// Takes the checks of an import back.
    pub(crate) const fn taking_back(code: String) -> Self {
        Self { code, check: None }
    }
}

/// Stages checks of an import.
pub(super) async fn stage(tx: &DatabaseTransaction, import: &str, checks: Vec<StagedCheck>) -> Result<(), DbErr> {
    if checks.is_empty() {
        return Ok(());
    }
    let rows = checks.into_iter().map(|staged| evidence_staged::ActiveModel {
        import_id: Set(import.to_owned()),
        code: Set(staged.code),
        checked: Set(staged.check.and_then(|check| serde_json::to_string(&check).ok())),
    });
    evidence_staged::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Applies the staged checks of some listings.
pub(super) async fn apply(tx: &DatabaseTransaction, kind: Kind, import: &str, codes: Vec<String>) -> Result<(), DbErr> {
    use evidence_staged::Column as S;
    let staged = || S::ImportId.eq(import).and(S::Code.is_in(&codes));
    let rows = evidence_staged::Entity::find().filter(staged()).all(tx).await?;
    apply_rows(tx, kind, import, rows).await?;
    evidence_staged::Entity::delete_many().filter(staged()).exec(tx).await?;
    Ok(())
}

/// Applies the next staged checks, those of listings that the import does not change; false once there are none.
pub(super) async fn apply_next(
    tx: &DatabaseTransaction,
    kind: Kind,
    import: &str,
    count: usize,
) -> Result<bool, DbErr> {
    use evidence_staged::Column as S;
    let next = evidence_staged::Entity::find().filter(S::ImportId.eq(import)).order_by_asc(S::Code);
    let next = next.select_only().column(S::Code).limit(count as u64);
    let codes: Vec<String> = next.into_tuple().all(tx).await?;
    if codes.is_empty() {
        return Ok(false);
    }
    apply(tx, kind, import, codes).await?;
    Ok(true)
}

async fn apply_rows(
    tx: &DatabaseTransaction,
    kind: Kind,
    import: &str,
    rows: Vec<evidence_staged::Model>,
) -> Result<(), DbErr> {
    let (made, taken_back): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.checked.is_some());
    let made = made.into_iter().filter_map(|row| serde_json::from_str(row.checked.as_deref()?).ok());
    check(tx, kind, made.collect()).await?;
    take_back(tx, kind, import, taken_back.into_iter().map(|row| row.code).collect()).await
}

/// Counts a monthly question about listings.
pub(crate) async fn ask(tx: &DatabaseTransaction, kind: Kind, codes: Vec<String>, now: Moment) -> Result<(), DbErr> {
    alter(tx, kind, codes, |row| Model { asked: row.asked + 1, asked_at: Some(now.0), ..row }).await
}

/// Sets the listings behind that were asked about `times` without an answer, the last time before a moment; returns their number.
pub(crate) async fn set_behind(tx: &DatabaseTransaction, times: i64, before: Moment) -> Result<usize, DbErr> {
    let unanswered = Entity::find().filter(C::Asked.gte(times)).filter(C::AskedAt.lte(before.0));
    let rows = unanswered.filter(C::Behind.eq(false)).all(tx).await?;
    let mut count = 0;
    for kind in Kind::ALL {
        let codes: Vec<String> =
            rows.iter().filter(|row| row.kind == kind.word()).map(|row| row.code.clone()).collect();
        count += codes.len();
        // Read again under the clock: it may have been checked since.
        alter(tx, kind, codes, |row| Model { behind: row.asked >= times, ..row }).await?;
    }
    Ok(count)
}

/// Rewrites the rows of some listings, absent ones among them. Every writer of evidence takes the clock first and holds its lock
/// until the commit, so that none overwrites the checks of another.
async fn alter(
    tx: &DatabaseTransaction,
    kind: Kind,
    codes: Vec<String>,
    change: impl Fn(Model) -> Model,
) -> Result<(), DbErr> {
    if codes.is_empty() {
        return Ok(());
    }
    let seq = tick(tx, BESIDE, 1).await?;
    alter_at(tx, kind, codes, seq, change).await
}

async fn alter_at(
    tx: &DatabaseTransaction,
    kind: Kind,
    mut codes: Vec<String>,
    seq: i64,
    change: impl Fn(Model) -> Model,
) -> Result<(), DbErr> {
    codes.sort_unstable();
    codes.dedup();
    let mut present: HashMap<String, Model> = HashMap::with_capacity(codes.len());
    for chunk in codes.chunks(CHUNK) {
        let of_kind = Entity::find().filter(C::Kind.eq(kind.word())).filter(C::Code.is_in(chunk));
        let rows = of_kind.all(tx).await?;
        present.extend(rows.into_iter().map(|row| (row.code.clone(), row)));
    }
    for chunk in codes.chunks(CHUNK) {
        let rows = chunk.iter().map(|code| {
            let row = present.remove(code).unwrap_or_else(|| unchecked(kind, code));
            active(Model { seq, ..change(row) })
        });
        let replace = OnConflict::columns([C::Kind, C::Code])
            .update_columns([C::Checks, C::Asked, C::AskedAt, C::Behind, C::Seq])
            .to_owned();
        Entity::insert_many(rows.collect::<Vec<_>>()).on_conflict(replace).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn unchecked(kind: Kind, code: &str) -> Model {
    Model {
        kind: kind.word().to_owned(),
        code: code.to_owned(),
        checks: Evidence::default().text(),
        asked: 0,
        asked_at: None,
        behind: false,
        seq: 0,
    }
}

fn active(row: Model) -> ActiveModel {
    ActiveModel {
        kind: Set(row.kind),
        code: Set(row.code),
        checks: Set(row.checks),
        asked: Set(row.asked),
        asked_at: Set(row.asked_at),
        behind: Set(row.behind),
        seq: Set(row.seq),
    }
}
