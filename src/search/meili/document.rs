//! Documents as Meilisearch holds them: what is searched, filtered, sorted or shown, and nothing else.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::text::{beginnings, searched};
use crate::search::words::{Term, highlight};
use crate::search::{Doc, DocFigures, DocKind, Hit};

/// Primary key of a document.
pub(super) const KEY: &str = "key";
/// Bytes of a document's key: 128 bits make a collision impossible in practice, and any id becomes a key of the letters
/// that Meilisearch permits.
const KEY_BYTES: usize = 16;

/// Document with an ASCII primary key: Meilisearch ids allow no Chinese.
#[derive(Serialize)]
pub(super) struct Keyed<'a> {
    key: String,
    kind: DocKind,
    /// Kind as a number, by which equally good hits are sorted.
    order: u8,
    id: &'a str,
    /// Shown texts.
    title: &'a str,
    body: &'a str,
    /// Searched texts, see [`super::text`].
    searched_title: String,
    searched_body: String,
    searched_also: String,
    searched_beginnings: String,
    names: &'a [String],
    figures: &'a DocFigures,
    /// Divisions and industries are among them, each with those around it.
    tags: &'a [String],
    demo: bool,
    place: u8,
    /// `Doc::digest` in hexadecimal: JSON numbers are exact up to 53 bits alone.
    digest: String,
}

impl<'a> Keyed<'a> {
    pub(super) fn new(doc: &'a Doc) -> Self {
        Self {
            key: key(doc.kind, &doc.id),
            kind: doc.kind,
            order: doc.kind as u8,
            id: &doc.id,
            title: &doc.title,
            body: &doc.body,
            searched_title: searched(&doc.title),
            searched_body: searched(&doc.body),
            searched_also: searched(&doc.also),
            searched_beginnings: beginnings([&doc.title, &doc.body, &doc.also]),
            names: &doc.names,
            figures: &doc.figures,
            tags: &doc.tags,
            demo: doc.demo,
            place: doc.place,
            digest: format!("{:016x}", doc.digest),
        }
    }
}

pub(super) fn key(kind: DocKind, id: &str) -> String {
    let digest = Sha256::digest(format!("{} {id}", kind.word()));
    digest.iter().take(KEY_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// Fields of a document that a comparison reads.
#[derive(Deserialize)]
pub(super) struct Digested {
    kind: DocKind,
    id: String,
    #[serde(default)]
    digest: String,
}

impl Digested {
    pub(super) const FIELDS: [&'static str; 3] = ["kind", "id", "digest"];

    /// Returns document and digest; zero where it has none, which no document of the inventory has.
    pub(super) fn entry(self) -> ((DocKind, String), u64) {
        ((self.kind, self.id), u64::from_str_radix(&self.digest, 16).unwrap_or(0))
    }
}

/// A document as a search returns it.
#[derive(Deserialize)]
pub(super) struct FoundDoc {
    kind: DocKind,
    id: String,
    title: String,
    body: String,
}

impl FoundDoc {
    pub(super) const FIELDS: [&'static str; 4] = ["kind", "id", "title", "body"];

    pub(super) fn told(self, terms: &[Term]) -> Hit {
        Hit { highlight: highlight(&self.title, &self.body, terms), id: self.id, kind: self.kind, title: self.title }
    }
}
