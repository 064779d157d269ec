//! Land uses as notices print them, by name or code, and which needs each allows (`domain.md` §0).

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

use crate::requirement::Use;

/// A land use that is printed in the table of needs; anything else is not known, and so not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LandUse {
    /// 工业用地 without a class: 1001, M.
    Industrial,
    /// 一类工业用地: 100101, M1.
    Industrial1,
    /// 二类工业用地: 100102, M2.
    Industrial2,
    /// 三类工业用地: 100103, M3.
    Industrial3,
    /// 新型产业用地: M0.
    NewIndustrial,
    /// 科研用地: 0802, A35, B29a.
    Research,
    /// 仓储、物流仓储用地: 11, 1101, 110101–110103, W, W1–W3.
    Warehouse,
    /// 商务金融用地: 0902, B2.
    Office,
}

/// Names (without 用地) and codes, in capitals.
///
/// The bare codes 0601, 0604 and 0505 are left out on purpose: GB/T 21010-2017 prints them for industrial, storage and
/// business land, 自然资发〔2023〕234号 prints the same digits for farm roads, fish farms and tidal flats. A legal
/// criterion does not guess which was meant.
const PRINTED: &[(&str, LandUse)] = &[
    ("工业", LandUse::Industrial),
    ("1001", LandUse::Industrial),
    ("M", LandUse::Industrial),
    ("一类工业", LandUse::Industrial1),
    ("100101", LandUse::Industrial1),
    ("M1", LandUse::Industrial1),
    ("二类工业", LandUse::Industrial2),
    ("100102", LandUse::Industrial2),
    ("M2", LandUse::Industrial2),
    ("三类工业", LandUse::Industrial3),
    ("100103", LandUse::Industrial3),
    ("M3", LandUse::Industrial3),
    ("新型产业", LandUse::NewIndustrial),
    ("M0", LandUse::NewIndustrial),
    ("科研", LandUse::Research),
    ("0802", LandUse::Research),
    ("A35", LandUse::Research),
    ("B29A", LandUse::Research),
    ("仓储", LandUse::Warehouse),
    ("11", LandUse::Warehouse),
    ("物流仓储", LandUse::Warehouse),
    ("1101", LandUse::Warehouse),
    ("W", LandUse::Warehouse),
    ("一类物流仓储", LandUse::Warehouse),
    ("110101", LandUse::Warehouse),
    ("W1", LandUse::Warehouse),
    ("二类物流仓储", LandUse::Warehouse),
    ("110102", LandUse::Warehouse),
    ("W2", LandUse::Warehouse),
    ("三类物流仓储", LandUse::Warehouse),
    ("110103", LandUse::Warehouse),
    ("W3", LandUse::Warehouse),
    ("商务金融", LandUse::Office),
    ("0902", LandUse::Office),
    ("B2", LandUse::Office),
];

/// Words that mark a mixed use when they are in the brackets behind the printed name.
const MIXING: &[&str] = &["用地", "兼", "混", "商", "住", "配套", "、", "/", "+", ";", ","];

impl LandUse {
    /// The use that a text names: a printed name, a printed code, or a name with a code or a remark in brackets
    /// (`新型产业用地(M0)`, `二类工业用地(标准厂房)`). Empty, mixed or other texts are `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::printed(text).or_else(|| Self::written(text))
    }

    /// A text in another form: wide letters, small letters, blanks, brackets.
    fn written(text: &str) -> Option<Self> {
        // Most are in the form already.
        let is_plain = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | 'A'..='Z' | '0'..='9' | '(' | ')');
        let text: Cow<'_, str> = match text.chars().all(is_plain) {
            true => text.into(),
            false => text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect(),
        };
        match text.strip_suffix(')').and_then(|open| open.split_once('(')) {
            None => Self::printed(&text),
            Some((name, remark)) => Self::printed(name)?.with_remark(remark),
        }
    }

    fn printed(text: &str) -> Option<Self> {
        let name = text.strip_suffix("用地").unwrap_or(text);
        PRINTED.iter().find(|(printed, _)| *printed == name).map(|&(_, land_use)| land_use)
    }

    /// A code in brackets may repeat or refine the name; another use beside it makes the land mixed.
    fn with_remark(self, remark: &str) -> Option<Self> {
        match Self::printed(remark) {
            Some(code) if code == self || self == Self::Industrial && code.is_industrial() => Some(code),
            Some(code) if code == Self::Industrial && self.is_industrial() => Some(self),
            Some(_) => None,
            None if MIXING.iter().any(|word| remark.contains(word)) => None,
            None => Some(self),
        }
    }

    const fn is_industrial(self) -> bool {
        matches!(
            self,
            Self::Industrial | Self::Industrial1 | Self::Industrial2 | Self::Industrial3 | Self::NewIndustrial
        )
    }

    /// Whether the need may settle on this land; `None` where the class decides and is not stated.
    #[must_use]
    pub const fn allows(self, need: Use) -> Option<bool> {
        Some(match need {
            Use::Production => self.is_industrial(),
            Use::Research => match self {
                Self::Industrial => return None,
                Self::Research | Self::NewIndustrial | Self::Industrial1 => true,
                _ => false,
            },
            Use::Warehouse => matches!(
                self,
                Self::Warehouse | Self::Industrial | Self::Industrial1 | Self::Industrial2 | Self::Industrial3
            ),
            Use::Office => matches!(self, Self::Office | Self::NewIndustrial | Self::Research),
            Use::Incubation => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::LandUse;
    use crate::requirement::Use;

    #[test]
    fn names_codes_and_names_with_codes_are_one_use() {
        for text in ["新型产业用地(M0)", "新型产业用地（M0）", "m0", " M0 ", "工业用地(M0)"] {
            assert_eq!(LandUse::parse(text), Some(LandUse::NewIndustrial), "{text}");
        }
        assert_eq!(LandUse::parse("工业用地(100101)"), Some(LandUse::Industrial1));
        assert_eq!(LandUse::parse("二类工业用地(标准厂房)"), Some(LandUse::Industrial2));
        assert_eq!(LandUse::parse("工业用地（0601）"), Some(LandUse::Industrial));
        assert_eq!(LandUse::parse("B29a"), Some(LandUse::Research));
    }

    #[test]
    fn empty_mixed_and_unprinted_uses_are_not_known() {
        for text in [
            "",
            "商业商务用地",
            "M1/M2",
            "工业用地、仓储用地",
            "工业用地(兼容商业)",
            "0601",
            "0505",
            "商业用地",
            "1102",
        ] {
            assert_eq!(LandUse::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_the_class_decides_whether_industrial_land_takes_research() {
        assert_eq!(LandUse::Industrial.allows(Use::Research), None);
        assert_eq!(LandUse::Industrial1.allows(Use::Research), Some(true));
        assert_eq!(LandUse::Industrial3.allows(Use::Research), Some(false));
        assert_eq!(LandUse::NewIndustrial.allows(Use::Warehouse), Some(false));
        assert_eq!(LandUse::Research.allows(Use::Incubation), Some(false));
    }
}
