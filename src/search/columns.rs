//! Columns of the embedded index: ids and kinds of a segment's documents.

use tantivy::DocId;
use tantivy::columnar::StrColumn;

use super::DocKind;

/// Returns the kind of a stored number.
pub(super) fn kind_of(number: u64) -> Option<DocKind> {
    DocKind::ALL.into_iter().find(|kind| *kind as u64 == number)
}

/// Ids of a segment's documents.
pub(super) struct Ids {
    column: Option<StrColumn>,
    /// Ids of all documents, loaded when enough are wanted that a scan is cheaper than random access.
    all: Vec<String>,
}

/// Documents scanned in the time of one random access (measured).
const LOOK_UP: usize = 32;

impl Ids {
    pub(super) fn new(column: Option<StrColumn>, wanted: usize) -> tantivy::Result<Self> {
        let mut all = Vec::new();
        if let Some(column) = &column
            && wanted * LOOK_UP > column.num_terms()
        {
            let mut ids = column.dictionary().stream()?;
            while ids.advance() {
                all.push(String::from_utf8_lossy(ids.key()).into_owned());
            }
        }
        Ok(Self { column, all })
    }

    pub(super) fn get(&self, doc: DocId) -> tantivy::Result<String> {
        let mut id = String::new();
        let Some(column) = &self.column else { return Ok(id) };
        let Some(at) = column.term_ords(doc).next() else { return Ok(id) };
        match usize::try_from(at).ok().and_then(|at| self.all.get(at)) {
            Some(known) => id.clone_from(known),
            None => drop(column.ord_to_str(at, &mut id)?),
        }
        Ok(id)
    }
}
