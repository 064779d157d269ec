//! The lexicon: words of needs with their tags, from `words.txt` and the labels of `fields.txt`.

use crate::reader::letters::rules::rule_file;
use crate::reader::words::field_words::labels;
use crate::reader::words::slot::Slot;

macro_rules! tags {
    ($($name:ident $word:literal),* $(,)?) => {
        /// A meaning of a word for the reader.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Tag {
            /// The word names the field of an amount.
            Label(Slot),
            $($name),*
        }

        /// The tags that are no labels, for their numbers.
        enum Order { $($name),* }

        impl Tag {
            /// Returns the word and the bit of a set; labels have the last word to themselves.
            const fn place(self) -> (usize, usize) {
                let number = match self {
                    Self::Label(slot) => return (WORDS - 1, slot.index()),
                    $(Self::$name => Order::$name as usize,)*
                };
                (number / 64, number % 64)
            }
        }

        /// Returns the tag of a name: the name of a field is the label of its amounts.
        fn tag(name: &str) -> Option<Tag> {
            Some(match name { $($word => Tag::$name,)* _ => return Slot::of_amount(name).map(Tag::Label) })
        }
    };
}

tags! {
    Area "area", Total "total", Other "other", FixedShare "fixed_share", PerMu "per_mu", PerHa "per_ha", PerM2 "per_m2",
    PerYear "per_year", PerMonth "per_month", PerDay "per_day", PerDesk "per_desk", Approx "approx", AtLeast "at_least",
    AtMost "at_most", Reach "reach", AtMostAfter "at_most_after", AtLeastAfter "at_least_after",
    ApproxAfter "approx_after", Filler "filler", Plot "plot", Space "space", SpaceArea "space_area", Park "park",
    Production "production", Research "research", Warehouse "warehouse", Office "office", Incubation "incubation",
    IncubationHint "incubation_hint", Zone "zone", Chemical "chemical", Lease "lease", Buy "buy", Either "either",
    Ignored "ignored", OnlyLease "only_lease", OnlyBuy "only_buy", Not "not", Except "except",
    ExceptAfter "except_after", Correct "correct", Real "real", Wish "wish", WishSoft "wish_soft", Existing "existing",
    Past "past", Plan "plan", Second "second", First "first", PhaseOne "phase_one", PhaseLater "phase_later",
    Part "part", Full "full", Build "build", Seek "seek", Market "market", Home "home", HomeAfter "home_after",
    Wanted "wanted", Near "near", Anywhere "anywhere", Distance "distance", People "people", Trunk "trunk",
    National "national", Provincial "provincial", Municipal "municipal", CountyLevel "county_level", LevelUp "level_up",
    LevelLabel "level_label", Avail "avail", Produce "produce", Before "before", VagueDate "vague_date",
    OrdinalYear "ordinal_year", Coal "coal", Named "named", ChemicalYes "chemical_yes", ChemicalNo "chemical_no",
    Code "code", DivisionCode "division_code", East "east", West "west", North "north", South "south",
    WishList "wish_list", Stop "stop", Equipment "equipment", Made "made", Summed "summed", Start "start",
    Commission "commission", Signing "signing", Joins "joins", Acres "acres", Hectares "hectares", Each "each",
    Mu "mu", NoArea "no_area", TaxPart "tax_part", InvestPart "invest_part", AllIn "all_in", Fee "fee",
}

/// Machine words of a set of tags: two for tags, one for labels.
const WORDS: usize = 3;

const _: () = assert!(Slot::COUNT <= 64, "the labels fit a machine word");

/// A set of [`Tag`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tags([u64; WORDS]);

impl Tags {
    pub(crate) const NONE: Self = Self([0; WORDS]);

    pub(crate) const fn has(self, tag: Tag) -> bool {
        let (word, bit) = tag.place();
        self.0[word] >> bit & 1 == 1
    }

    pub(crate) const fn with(self, tag: Tag) -> Self {
        let (word, bit) = tag.place();
        let mut all = self.0;
        all[word] |= 1 << bit;
        Self(all)
    }

    pub(crate) const fn and(self, more: Self) -> Self {
        Self([self.0[0] | more.0[0], self.0[1] | more.0[1], self.0[2] | more.0[2]])
    }

    /// Builds a set at compile time.
    pub(crate) const fn of(tags: &[Tag]) -> Self {
        let (mut all, mut at) = (Self::NONE, 0);
        while at < tags.len() {
            all = all.with(tags[at]);
            at += 1;
        }
        all
    }

    #[inline]
    pub(crate) const fn any(self, tags: &[Tag]) -> bool {
        self.meets(Self::of(tags))
    }

    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0[0] & other.0[0] | self.0[1] & other.0[1] | self.0[2] & other.0[2] != 0
    }

    /// Returns whether the word names this field.
    pub(crate) const fn names(self, slot: Slot) -> bool {
        self.has(Tag::Label(slot))
    }

    /// Returns whether the word names the field of an amount.
    pub(crate) const fn has_label(self) -> bool {
        self.0[WORDS - 1] != 0
    }

    /// Returns the fields without rules of their own that the word names.
    pub(crate) fn plain(self) -> impl Iterator<Item = Slot> {
        let named = self.0[WORDS - 1] & Slot::PLAIN != 0;
        named.then(Slot::singles).into_iter().flatten().filter(move |&slot| slot.is_plain() && self.names(slot))
    }
}

/// Parses the lexicon: every word with the tags of its line. A word may be on several lines; the caller unites its tags.
///
/// # Errors
/// A message with `file:line` where a rule is malformed or a tag unknown.
pub(crate) fn words() -> Result<Vec<(&'static str, Tags)>, String> {
    let mut all = Vec::new();
    for rule in rule_file!("words.txt")? {
        let tags = tags(rule.head()).map_err(|reason| rule.error(&reason))?;
        all.extend(rule.words()?.map(|word| (word, tags)));
    }
    for (names, word) in labels() {
        let tags = tags(names).map_err(|reason| format!("config/data/reader/fields.txt: {reason}"))?;
        all.push((word, tags));
    }
    Ok(all)
}

/// Returns the tags of the names between blanks.
fn tags(names: &str) -> Result<Tags, String> {
    let one = |name: &str| tag(name).ok_or_else(|| format!("unknown tag `{name}`"));
    names.split(' ').try_fold(Tags::NONE, |tags, name| Ok(tags.with(one(name)?)))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn every_rule_of_the_lexicon_is_well_formed_and_its_tags_known() {
        assert_eq!(words().err(), None);
    }
}
