//! The lexicon: words of needs with their tags, from `config/data/reader/words.txt`.

use crate::reader::letters::rules::rule_file;

macro_rules! tags {
    ($($name:ident $word:literal),* $(,)?) => {
        /// A meaning of a word for the reader.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Tag { $($name),* }

        fn tag(word: &str) -> Option<Tag> {
            Some(match word { $($word => Tag::$name,)* _ => return None })
        }
    };
}

tags! {
    Land "land", Area "area", Floor "floor", Tax "tax", Fixed "fixed", Invest "invest", Total "total", Output "output",
    ValueAdded "value_added", Rd "rd", Energy "energy", Emission "emission", Ratio "ratio", Price "price", Rent "rent",
    Budget "budget", Power "power", Height "height", Load "load", Desks "desks", Heads "heads", Other "other",
    FixedShare "fixed_share", PerMu "per_mu", PerHa "per_ha", PerM2 "per_m2", PerYear "per_year", PerMonth "per_month",
    PerDay "per_day", PerDesk "per_desk", Approx "approx", AtLeast "at_least", AtMost "at_most", Reach "reach",
    AtMostAfter "at_most_after", AtLeastAfter "at_least_after", ApproxAfter "approx_after", Filler "filler",
    Plot "plot", Space "space", SpaceArea "space_area", Park "park", Production "production", Research "research",
    Warehouse "warehouse", Office "office", Incubation "incubation", IncubationHint "incubation_hint", Zone "zone",
    Chemical "chemical", Lease "lease", Buy "buy", Either "either", Ignored "ignored", OnlyLease "only_lease",
    OnlyBuy "only_buy", Not "not", Except "except", ExceptAfter "except_after", Correct "correct", Real "real",
    Wish "wish", WishSoft "wish_soft", Existing "existing", Past "past", Plan "plan", Second "second", First "first",
    PhaseOne "phase_one", PhaseLater "phase_later", Part "part", Full "full", Build "build", Seek "seek",
    Market "market", Home "home", HomeAfter "home_after", Wanted "wanted", Near "near", Anywhere "anywhere",
    Distance "distance", People "people", Trunk "trunk", National "national", Provincial "provincial",
    Municipal "municipal", CountyLevel "county_level", LevelUp "level_up", LevelLabel "level_label", Avail "avail",
    Produce "produce", Before "before", VagueDate "vague_date", OrdinalYear "ordinal_year", Coal "coal", Named "named",
    ChemicalYes "chemical_yes", ChemicalNo "chemical_no", Code "code", East "east", West "west", North "north",
    South "south", WishList "wish_list", Stop "stop", Equipment "equipment", Made "made",
    Summed "summed",
}

/// A set of [`Tag`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tags([u64; 2]);

impl Tags {
    pub(crate) const NONE: Self = Self([0; 2]);

    pub(crate) const fn has(self, tag: Tag) -> bool {
        self.0[tag as usize / 64] >> (tag as usize % 64) & 1 == 1
    }

    pub(crate) const fn with(self, tag: Tag) -> Self {
        let mut all = self.0;
        all[tag as usize / 64] |= 1 << (tag as usize % 64);
        Self(all)
    }

    pub(crate) const fn and(self, more: Self) -> Self {
        Self([self.0[0] | more.0[0], self.0[1] | more.0[1]])
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
        self.0[0] & other.0[0] | self.0[1] & other.0[1] != 0
    }
}

/// Parses the lexicon: every word with the tags of its line. A word may be on several lines; the caller unites its tags.
///
/// # Errors
/// A message with `file:line` where a rule is malformed or a tag unknown.
pub(crate) fn words() -> Result<Vec<(&'static str, Tags)>, String> {
    let mut all = Vec::new();
    for rule in rule_file!("words.txt")? {
        let mut tags = Tags::NONE;
        for name in rule.head().split(' ') {
            tags = tags.with(tag(name).ok_or_else(|| rule.error(&format!("unknown tag `{name}`")))?);
        }
        all.extend(rule.words()?.map(|word| (word, tags)));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn every_rule_of_the_lexicon_is_well_formed_and_its_tags_known() {
        assert_eq!(words().err(), None);
    }
}
