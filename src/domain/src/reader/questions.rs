//! The questions that a reading can raise, in words: one table, so that pages can show them in the reader's language.

use super::Question;

/// A question's code, its words in Chinese, and its words in English.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "per_mu_without_area",
        "只给了单位面积的数值，需要确定的用地面积才能算出总数，请补充。",
        "Only a figure per unit of area is given; a definite land area is needed for the total.",
    ),
    ("range_in_single", "这里给了一个区间，请给出一个确定的数值。", "A range is given here; please give one figure."),
    (
        "upper_bound_in_single",
        "这里只给了上限，请给出一个确定的数值。",
        "Only an upper bound is given here; please give one figure.",
    ),
    (
        "several_values",
        "同一项有几个不同的数值，请确认以哪个为准。",
        "There are several figures for the same item; which one counts?",
    ),
    (
        "second_site",
        "似乎有第二处场地需求，请另外填写一份。",
        "There seems to be a second site; please enter it separately.",
    ),
    (
        "second_use",
        "有不止一种用途，已按第一种理解，请确认。",
        "There is more than one use; the first was taken. Please confirm.",
    ),
    (
        "kilowatts",
        "用电需求给的是千瓦（kW），请给出变压器容量（kVA）。",
        "Power is given in kW; please give the transformer capacity in kVA.",
    ),
    ("no_unit", "这个数值没有单位，请补充单位。", "This figure has no unit; please add one."),
    ("foreign_currency", "金额不是人民币，请折算成人民币。", "The amount is not in RMB; please convert it."),
    ("unclear_amount", "这笔金额是指什么，请说明。", "What is this amount for?"),
    (
        "rent_in_all",
        "租金或预算不是按每平方米每月给出的，请换算或说明。",
        "The rent or budget is not per m² and month; please convert or explain.",
    ),
    (
        "jobs_placed",
        "安置或带动就业的人数是否就是项目用工人数，请确认。",
        "Is the number of jobs placed the project's own headcount?",
    ),
    ("vague_number", "这里没有确切的数字，请给出数值。", "There is no definite figure here; please give one."),
    (
        "out_of_range",
        "这个数值超出了可填范围，请检查单位。",
        "This figure is beyond what the field takes; please check the unit.",
    ),
    (
        "ambiguous_place",
        "这个地名有不止一处，请写明所在的省市。",
        "There is more than one place of this name; please add its city or province.",
    ),
    (
        "chemical_park",
        "提到了化工园区，项目是否必须落在化工园区内，请确认。",
        "A chemical park is mentioned; must the project lie in one?",
    ),
    ("both_tenures", "租和买都提到了，请确认是租还是买。", "Both leasing and buying are mentioned; which one is it?"),
    ("unclear_date", "什么时候需要用上，请给出日期。", "By when is it needed? Please give a date."),
    ("distance_from", "给了距离，但不清楚是到哪里的距离，请说明。", "A distance is given, but not from where."),
    (
        "bad_uscc",
        "统一社会信用代码的校验位不对，请核对。",
        "The unified social credit code's check character is wrong.",
    ),
    (
        "areas_added",
        "有几处面积用加号连在一起，请给出总面积。",
        "Several areas are joined by a plus; please give the total.",
    ),
];

/// The question of a code about a field.
pub(super) fn question(field: &str, code: &'static str) -> Question {
    Question { field: field.to_owned(), code, message: words(code).0.to_owned() }
}

fn words(code: &str) -> (&'static str, &'static str) {
    WORDS.iter().find(|(known, ..)| *known == code).map_or(("", ""), |&(_, chinese, english)| (chinese, english))
}

impl Question {
    /// The question in English.
    #[must_use]
    pub fn english(&self) -> &'static str {
        words(self.code).1
    }

    /// Every code that a question can have, for catalogues of words.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|&(code, ..)| code)
    }
}
