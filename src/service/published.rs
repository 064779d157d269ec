//! Records as the public sees them: promises that the law forbids are held back until a reviewer has let them pass. The rows of
//! a file are published at once all the same; the words alone wait.

use domain::promise::{PromisingText, promising};
use domain::record::Record;

use crate::cores;
use crate::db::import::StoredTable;
use crate::db::promise::digest_of;
use crate::db::{Db, DbError};

/// Records that are looked through on the caller's thread; more would block it for milliseconds.
const MOST_HERE: usize = 200;

/// Records as they are published.
pub(super) struct Published<T> {
    pub(super) records: Vec<Record<T>>,
    /// Places of those with words that are held back, in their order.
    pub(super) held: Vec<usize>,
}

/// Holds back the promises in records that no review let pass.
///
/// # Errors
/// [`DbError::Unavailable`] or [`DbError::Other`].
pub(super) async fn published<T: StoredTable>(db: &Db, records: Vec<Record<T>>) -> Result<Published<T>, DbError> {
    let (mut records, found) = looked_through(records).await?;
    let digest = |record: &Record<T>, text: &str| digest_of(record.kind().changed(), record.id(), text);
    let all: Vec<String> = found.iter().map(|(at, text)| digest(&records[*at], &text.text)).collect();
    let passed = db.passed(&all).await?;
    let waiting = found.iter().zip(all).filter(|(_, digest)| !passed.contains(digest)).map(|(found, _)| found);
    let mut held = Vec::new();
    for (at, text) in waiting {
        records[*at].set(text.column.name, &text.without_promises());
        held.push(*at);
    }
    held.dedup();
    Ok(Published { records, held })
}

/// Records with their texts that hold promises, each with the place of its record.
type LookedThrough<T> = (Vec<Record<T>>, Vec<(usize, PromisingText)>);

async fn looked_through<T: StoredTable>(records: Vec<Record<T>>) -> Result<LookedThrough<T>, DbError> {
    let is_short = records.len() <= MOST_HERE;
    let look = move || {
        let texts = cores::filter_map(&records, |record| Some(promising(record)));
        let found = texts.into_iter().enumerate().flat_map(|(at, texts)| texts.into_iter().map(move |text| (at, text)));
        let found = found.collect();
        (records, found)
    };
    if is_short {
        return Ok(look());
    }
    tokio::task::spawn_blocking(look).await.map_err(|panic| DbError::Other(panic.into()))
}
