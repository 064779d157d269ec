//! Rows of totals, headings and notes, told by the words of one cell.

use super::raw::{Raw, RawRow};
use super::words;

/// Words with which the number of a row of totals or remarks begins.
const TOTALS: [&str; 29] = [
    "其中:",
    "合计",
    "小计",
    "总计",
    "共计",
    "累计",
    "平均",
    "本页小计",
    "注:",
    "附注:",
    "备注:",
    "说明:",
    "填表说明",
    "填表日期",
    "填报人",
    "填报单位",
    "填表人",
    "制表",
    "审核人",
    "联系人:",
    "数据来源",
    "资料来源",
    "单位:",
    "以上数据",
    "以上面积",
    "截至",
    "截止",
    "note:",
    "total:",
];
/// Words with which such a number ends: 鄞州区小计, 本页合计.
const ENDS: [&str; 4] = ["合计", "小计", "总计", "共计"];
/// Words that are such a row's whole number.
const WHOLE_TOTALS: [&str; 12] =
    ["总数", "总和", "汇总", "备注", "说明", "total", "totals", "subtotal", "grandtotal", "sum", "notes", "remarks"];

/// Whether a cell heads a row of totals or remarks.
pub(super) fn is_total(shown: &str) -> bool {
    let folded = words::normal(shown);
    let marked = folded.trim_start_matches(['*', '※', '★', '(']);
    let numbered_note = marked.strip_prefix('注').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let bare = folded.trim_end_matches([':', '.']);
    TOTALS.iter().any(|word| folded.starts_with(word))
        || ENDS.iter().any(|word| bare.ends_with(word))
        || WHOLE_TOTALS.contains(&bare)
        || numbered_note.is_some_and(|rest| rest.starts_with([':', ')', '、', '.']))
        || is_count_of(&folded)
}

/// 共3宗, 合12块: a count of the rows above.
fn is_count_of(folded: &str) -> bool {
    let Some(rest) = folded.strip_prefix(['共', '合']) else { return false };
    let counted = rest.trim_start_matches(is_count);
    counted.len() < rest.len() && counted.starts_with(['宗', '块', '个', '幅', '处', '条', '项', '套', '间'])
}

/// Whether a row's first cell makes it one of totals or remarks.
pub(super) fn is_remark(row: &RawRow) -> bool {
    row.cells.iter().find(|raw| !Raw::is_blank(raw)).is_some_and(|raw| is_total(&raw.shown()))
}

pub(super) fn has_han(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Whether a text that has a row for itself is a heading or a note rather than a number: 一、鄞州区, 镇海区, 1、均为净地,
/// 填表日期：…
pub(super) fn is_note(text: &str) -> bool {
    let folded = words::normal(text);
    let counted = folded.trim_start_matches(['(', '第']).trim_start_matches(is_count);
    let is_counted = counted.len() < folded.len() && counted.starts_with(['、', ')', '部', '批', '类', '章']);
    let has_digits = folded.contains(|c: char| c.is_ascii_alphanumeric());
    let is_sentence = folded.contains([':', ',', '。', ';']);
    has_han(&folded) && (is_counted || is_sentence || !has_digits)
}

/// A digit of a Chinese or Arabic count.
fn is_count(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十百零〇".contains(c)
}
