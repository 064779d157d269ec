//! The sentences of an import's report; the codes are `domain::record`'s and this room's.

use domain::record::{HeaderError, Table};

/// What a rejected cell's code means, for the person who keeps the file.
#[must_use]
pub fn message(code: &str) -> &'static str {
    match code {
        "blank_id" => "编号为空",
        "duplicate_id" => "编号与本文件中已接受的一行重复",
        "not_a_number" => "不是数字",
        "too_many_places" => "小数位数过多,最多六位",
        "out_of_range" => "超出允许的范围",
        "unknown_industry" => "不是 GB/T 4754-2017 的行业代码",
        "unknown_division" => "不是 GB/T 2260 的行政区划代码",
        "bad_date" => "不是 2027-03-01 这样的日期",
        "not_yes_or_no" => "不是 yes 或 no(是、否、1、0、true、false 亦可)",
        "unknown_word" => "不是这一列允许的词",
        "bad_mail" => "不是邮箱地址",
        "too_long" => "文字过长",
        "control_character" => "含有控制字符",
        "too_many_cells" => "单元格比表头多",
        "formula" => "是公式:只接受值,请粘贴为数值",
        "cell_error" => "是公式的错误值",
        _ => "无法读取",
    }
}

/// A header error's stable code.
#[must_use]
pub const fn header_code(error: &HeaderError) -> &'static str {
    match error {
        HeaderError::Unknown(_) => "unknown_column",
        HeaderError::Repeated(_) => "repeated_column",
        HeaderError::Missing(_) => "missing_column",
    }
}

/// One sentence that names every fault of a header and lists the names that the table accepts.
#[must_use]
pub fn header_message<T: Table>(kind: T, errors: &[HeaderError]) -> String {
    let faults: Vec<String> = errors
        .iter()
        .map(|error| match error {
            HeaderError::Unknown(name) => format!("不认识的列 {name:?}"),
            HeaderError::Repeated(name) => format!("列 {name:?} 出现了两次"),
            HeaderError::Missing(name) => format!("缺少必需的列 {name:?}"),
        })
        .collect();
    let accepted: Vec<String> = kind
        .columns()
        .iter()
        .map(|column| if column.required { format!("{}*", column.name) } else { column.name.to_owned() })
        .collect();
    format!("表头有误:{}。可用的列(* 为必需):{}", faults.join(";"), accepted.join(", "))
}
