//! The kinds of listing.

use crate::word::words;

words! {
    /// A kind of listing.
    pub enum Kind in "kind" {
        /// 地块/标准地
        Plot "plot",
        /// 孵化器/众创空间/标准厂房
        Space "space",
        /// 园区/开发区
        Park "park",
    }
}

impl Kind {
    /// All kinds, in the order of pages and answers.
    pub const ALL: [Self; 3] = [Self::Plot, Self::Space, Self::Park];

    /// Returns the word of tables, paths and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plot => "plot",
            Self::Space => "space",
            Self::Park => "park",
        }
    }
}
