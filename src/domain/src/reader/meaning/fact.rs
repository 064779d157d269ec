//! Facts: amounts with the fields that they fill, and the phrase that one is read from.

use crate::reader::meaning::frames::Frame;
use crate::reader::meaning::slot::{Bound, Doubt};
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::quantity::Quantity;
use crate::reader::tokens::token::{Amount, Token};
use crate::reader::tokens::units::{Dim, Per};
use crate::reader::words::slot::Slot;

/// An amount with the field that it fills, or with the doubt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub(crate) slot: Option<Slot>,
    pub(crate) doubt: Option<(Slot, Doubt)>,
    pub(crate) low: Exact,
    pub(crate) high: Exact,
    pub(crate) dim: Dim,
    pub(crate) bound: Bound,
    pub(crate) vague: bool,
    pub(crate) per: Per,
    /// Whether the amount is marked as a total: 共, 合计.
    pub(crate) total: bool,
    pub(crate) frame: Frame,
    /// Index of the amount's token.
    pub(crate) token: usize,
    /// The range in the text, with the words that bound the amount.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Index of the label's token.
    pub(crate) label: Option<usize>,
}

impl Fact {
    /// Returns whether the amount belongs to the need.
    pub(crate) const fn is_wanted(&self) -> bool {
        self.frame.is_of_need()
    }
}

/// An amount among the tokens around it.
#[derive(Clone, Copy)]
pub(crate) struct Phrase<'t> {
    pub(crate) tokens: &'t [Token],
    pub(crate) quantities: &'t [Quantity],
    /// The frame of each token.
    pub(crate) frames: &'t [Frame],
    /// Index of the amount's token.
    pub(crate) at: usize,
    pub(crate) amount: Amount,
    pub(crate) quantity: &'t Quantity,
}

/// The largest distance to a label, in tokens; it bounds the work per amount.
pub(crate) const REACH: usize = 24;
