//! Documents of the text index, built from what is published, and the digests by which an index is compared with it.

use std::collections::{BTreeSet, HashMap};

use domain::listing::Kind;
use domain::record::{Policies, Record, Table};
use sha2::{Digest as _, Sha256};

use super::context::Context;
use super::policies;
use crate::error::Result;
use crate::i18n::{self, Locale};
use crate::search::{Digests, Doc, DocKind, IndexChange};

/// Bytes of a record that most do not exceed, for its digest.
const USUAL_BYTES: usize = 2_048;
/// Documents that are built in a row: some 10 ms, after which requests have their turn.
const MOST_IN_A_ROW: usize = 500;

/// Returns the documents of everything that is published.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn documents(app: &Context) -> Result<Vec<Doc>> {
    let mut docs = Vec::new();
    for records in app.inventory.records().chunks(MOST_IN_A_ROW) {
        docs.extend(records.iter().filter_map(|record| of_listing(app, record)));
        tokio::task::yield_now().await;
    }
    docs.extend(policies::all(app).await?.iter().map(of_policy));
    Ok(docs)
}

/// Returns the digest of each document, without building it.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn digests(app: &Context) -> Result<Digests> {
    let mut parks = HashMap::new();
    let mut digests: Vec<((DocKind, String), u64)> = Vec::with_capacity(app.inventory.len());
    for records in app.inventory.records().chunks(MOST_IN_A_ROW) {
        for record in records.iter().filter(|record| Doc::is_of(record)) {
            let code = record.get("park_code");
            let park = parks.get(code).copied().unwrap_or_else(|| {
                let park = park_digest(app, code);
                parks.insert(code.to_owned(), park);
                park
            });
            digests.push(((record.kind().into(), record.id().to_owned()), listing_digest(app, record, park)));
        }
        tokio::task::yield_now().await;
    }
    let policies = policies::all(app).await?;
    digests.extend(policies.iter().map(|it| ((DocKind::Policy, it.id().to_owned()), digest(it, &[]))));
    // At once: a map that grows by single entries takes several times as long.
    Ok(digests.into_iter().collect())
}

/// Returns the changes that bring these documents to what is published.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub(super) async fn changes(app: &Context, ids: &BTreeSet<(DocKind, String)>) -> Result<Vec<IndexChange>> {
    let mut changes = Vec::with_capacity(ids.len());
    for (at, (kind, id)) in ids.iter().enumerate() {
        let doc = match listing_kind(*kind) {
            Some(kind) => app.inventory.record(kind, id).and_then(|record| of_listing(app, &record)),
            None => policies::find(app, id).await?.as_ref().map(of_policy),
        };
        changes.push(match doc {
            Some(doc) => IndexChange::Put(Box::new(doc)),
            None => IndexChange::Remove { kind: *kind, id: id.clone() },
        });
        if at % MOST_IN_A_ROW == MOST_IN_A_ROW - 1 {
            tokio::task::yield_now().await;
        }
    }
    Ok(changes)
}

/// Returns the kind of listing of a document; `None` for a policy.
pub(super) const fn listing_kind(kind: DocKind) -> Option<Kind> {
    match kind {
        DocKind::Park => Some(Kind::Park),
        DocKind::Plot => Some(Kind::Plot),
        DocKind::Space => Some(Kind::Space),
        DocKind::Policy => None,
    }
}

fn of_listing(app: &Context, record: &Record) -> Option<Doc> {
    let code = record.get("park_code");
    // Before the park is read: a digest may be older than its document, which is then built once more, never newer.
    let digest = listing_digest(app, record, park_digest(app, code));
    let park = app.inventory.listing(Kind::Park, code);
    let doc = in_english(Doc::of_listing(record, park.as_ref())?, park.as_ref().map(|park| (&*park.id, &*park.name)));
    Some(Doc { place: place(app, record), digest, ..doc })
}

fn of_policy(policy: &Record<Policies>) -> Doc {
    Doc { digest: digest(policy, &[]), ..in_english(Doc::of_policy(policy), None) }
}

fn listing_digest(app: &Context, record: &Record, park: u64) -> u64 {
    digest(record, &[&park.to_be_bytes()[..], &[place(app, record)]].concat())
}

fn place(app: &Context, record: &Record) -> u8 {
    app.beside.place(record, app.clock.now().day()) as u8
}

/// Returns the digest of a park; zero where there is none.
fn park_digest(app: &Context, code: &str) -> u64 {
    app.inventory.record(Kind::Park, code).map_or(0, |park| digest(&*park, &[]))
}

/// Returns the first 64 bits of the SHA-256 of a record's filled cells and of what else its document is built from.
fn digest<T: Table>(record: &Record<T>, beside: &[u8]) -> u64 {
    // In one piece: a hundred short ones cost several times as much.
    let mut whole = Vec::with_capacity(USUAL_BYTES);
    whole.extend(record.id().as_bytes());
    for (column, text) in record.filled() {
        for part in [column, text] {
            whole.extend((part.len() as u64).to_be_bytes());
            whole.extend(part.as_bytes());
        }
    }
    whole.extend(beside);
    Sha256::digest(&whole).iter().take(8).fold(0, |digest, byte| digest << 8 | u64::from(*byte))
}

/// Adds the English names of place, industries and park, by which listings are found as well.
fn in_english(mut doc: Doc, park: Option<(&str, &str)>) -> Doc {
    let own = (doc.kind == DocKind::Park).then(|| (doc.id.clone(), doc.title.clone()));
    let english = |code: &str, name: &str| i18n::park_name(Locale::En, code, name);
    if let Some((code, name)) = &own {
        doc.add_name(i18n::without_chinese(&english(code, name)));
    }
    let own = own.as_ref().map(|(code, name)| (code.as_str(), name.as_str()));
    let park = own.or(park).map(|(code, name)| english(code, name));
    let place = doc.regions.first().map(|code| i18n::region_name(Locale::En, *code));
    let industries = doc.industries.iter().map(|code| i18n::industry(Locale::En, *code));
    let words: Vec<String> = place.into_iter().chain(park).chain(industries).collect();
    doc.also = [doc.also, words.join(" · ")].join(" · ");
    doc
}
