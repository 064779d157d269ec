//! Locale negotiation.

/// Locale with a complete catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    #[default]
    ZhHans,
    En,
}

/// Entries of an `Accept-Language` header that are read: browsers send a few, and a longer header is not worth the time.
const MOST_TAGS: usize = 32;
/// Quality value 1 in thousandths.
const FULL_WEIGHT: u16 = 1_000;

impl Locale {
    pub const ALL: [Self; 2] = [Self::ZhHans, Self::En];

    /// BCP 47 tag, as in `lang` and in the database.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhHans => "zh-Hans",
            Self::En => "en",
        }
    }

    /// Parses a tag in any usual form: `zh`, `zh-CN`, `zh-SG`, `zh-Hans-CN` are `zh-Hans`, and without a traditional
    /// catalogue so is every other `zh`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "zh" | "cmn" => Some(Self::ZhHans),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// Negotiates an `Accept-Language` header: the known tag of the highest weight, the first of equals; Chinese where
    /// none is known.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(u16, Self)> = None;
        for entry in accept_language.split(',').take(MOST_TAGS) {
            let mut parts = entry.split(';');
            let Some(locale) = parts.next().and_then(Self::from_tag) else { continue };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(FULL_WEIGHT, weight);
            if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, locale));
            }
        }
        best.map_or(Self::ZhHans, |(_, locale)| locale)
    }
}

/// Quality value (RFC 9110 §12.4.2) in thousandths; 0 where malformed.
fn weight(text: &str) -> u16 {
    let weight = text.trim().parse::<f32>().unwrap_or(0.0);
    if (0.0..=1.0).contains(&weight) { (weight * f32::from(FULL_WEIGHT)) as u16 } else { 0 }
}
