//! Enumerations that tables, JSON and pages write as words, each generated from one list of words.

/// An enumeration with one stable word per value.
pub trait Word: Sized + Copy + 'static {
    /// Every value with its word, in ascending order where the values have an order.
    const WORDS: &'static [(&'static str, Self)];

    /// Returns the value of a word.
    #[must_use]
    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(text, _)| *text == word).map(|&(_, value)| value)
    }

    /// Returns the word of a value.
    #[must_use]
    fn word(self) -> &'static str
    where
        Self: PartialEq,
    {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(text, _)| text)
    }

    /// Returns the stored form of a word, `None` for an unknown one.
    #[must_use]
    fn known(word: &str) -> Option<&'static str> {
        Self::WORDS.iter().map(|(known, _)| *known).find(|known| *known == word)
    }

    /// Returns every word, in the order of [`Self::WORDS`].
    #[must_use]
    fn words() -> Vec<&'static str> {
        Self::WORDS.iter().map(|(word, _)| *word).collect()
    }
}

/// An enumeration without its type: its words and the group of their labels in the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// The catalogue's table that labels the words: `use` for `use.production`.
    pub group: &'static str,
    words: fn() -> Vec<&'static str>,
    find: fn(&str) -> Option<&'static str>,
}

impl Vocabulary {
    /// The vocabulary of an enumeration.
    #[must_use]
    pub const fn of<T: Word>(group: &'static str) -> Self {
        Self { group, words: T::words, find: T::known }
    }

    /// The vocabulary of codes that a file lists.
    pub(crate) const fn coded(
        group: &'static str,
        words: fn() -> Vec<&'static str>,
        find: fn(&str) -> Option<&'static str>,
    ) -> Self {
        Self { group, words, find }
    }

    /// Returns every word, in the enumeration's order.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        (self.words)()
    }

    /// Returns the stored form of a word, `None` for an unknown one.
    #[must_use]
    pub fn find(self, word: &str) -> Option<&'static str> {
        (self.find)(word)
    }
}

/// Declares an enumeration, its words and its [`Vocabulary`] from one list: `enum Use in "use" { Office "office", … }`.
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident in $group:literal {
        $($(#[$note:meta])* $variant:ident $word:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        $vis enum $name {
            $(
                $(#[$note])*
                #[serde(rename = $word)]
                $variant,
            )+
        }

        impl $crate::word::Word for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::word::Word::word(*self))
            }
        }

        impl $name {
            /// The enumeration's words and the group of their labels.
            pub const VOCABULARY: $crate::word::Vocabulary = <$crate::word::Vocabulary>::of::<Self>($group);
        }
    };
}

pub(crate) use words;
