//! Things that a need names, each with the index of the token that names it.

use crate::listing::Kind;
use crate::requirement::{ParkLevel, Tenure, Use};

/// The things that a need names.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(crate) kinds: Vec<(Kind, usize)>,
    pub(crate) uses: Vec<(Use, usize)>,
    pub(crate) tenure: Option<(Tenure, usize)>,
    /// Leasing and buying, or an explicit choice.
    pub(crate) either: Option<usize>,
    pub(crate) levels: Vec<(ParkLevel, usize)>,
    /// A park for chemicals, mentioned.
    pub(crate) chemical: Option<usize>,
    /// A park for chemicals, required or not, as forms state it, with the end of the answer in the text.
    pub(crate) chemical_said: Option<(bool, usize, usize)>,
}

impl Named {
    /// Adds a kind of listing unless it is known.
    pub(crate) fn add(&mut self, kind: Kind, at: usize) {
        if !self.kinds.iter().any(|(known, _)| *known == kind) {
            self.kinds.push((kind, at));
        }
    }
}
