//! Masks for texts that enterprises and staff write freely: phones in any notation, mail addresses, QQ and WeChat ids.

use crate::half_width::half_width;

/// Digits from which a run may be a phone number: local numbers have seven.
const SHORTEST_NUMBER: usize = 7;
/// Shortest QQ number and WeChat id, characters.
const SHORTEST_ID: usize = 5;
/// Longest WeChat id, characters.
const LONGEST_ID: usize = 20;
/// Signs between two digits of one number at once: `138) - 0013`.
const MOST_BETWEEN: usize = 3;

/// Words before a QQ number or WeChat id, in lower case, the longer ones first.
const MESSENGERS: [&str; 16] = [
    "wechat id",
    "wechat",
    "weixin",
    "微信号",
    "微信",
    "薇信",
    "威信",
    "v信",
    "加v",
    "企鹅号",
    "企鹅",
    "扣扣",
    "qq号",
    "qq",
    "wx",
    "vx",
];
/// Ways to write the sign between the parts of an address, in lower case.
const AT_SIGNS: [&str; 8] = ["(at)", "[at]", "{at}", "<at>", "【at】", "（at）", " at ", "@"];

/// Replaces phone numbers, mail addresses, QQ and WeChat ids by asterisks, one for each character; lengths stay.
///
/// Dates and amounts with a unit stay. Too much is masked rather than too little: the text is shown in full with a reveal.
#[must_use]
pub fn masked_text(text: &str) -> String {
    let mut shown: Vec<char> = text.chars().collect();
    let folded: Vec<char> = shown.iter().map(|&c| half_width(c).to_ascii_lowercase()).collect();
    let reading = crate::reader::read(text, chrono::NaiveDate::default());
    let read =
        reading.spans.iter().filter(|span| span.field.starts_with("contact.")).map(|span| (span.start, span.end));
    let mut spans: Vec<(usize, usize)> = read.collect();
    spans.extend(numbers(&folded));
    spans.extend(ids(&folded));
    spans.extend(addresses(&folded));
    for (start, end) in spans {
        let end = end.min(shown.len());
        shown[start.min(end)..end].fill('*');
    }
    shown.into_iter().collect()
}

/// Whether the character is a digit in any script that is in use: `1`, `一`, `壹`, `〇`, `幺`, `①`.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
        || "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两".contains(c)
        || (c.is_numeric() && !"十百千万亿拾佰仟".contains(c))
}

fn is_between(c: char) -> bool {
    " -./()·_:*~,、，。—–+\t\u{200b}\u{200c}\u{200d}\u{feff}".contains(c)
}

/// Runs of digits with signs between them that are long enough for a phone.
fn numbers(folded: &[char]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        if !is_digit(folded[at]) {
            at += 1;
            continue;
        }
        let end = run_end(folded, at);
        let run = &folded[at..end];
        if run.iter().filter(|&&c| is_digit(c)).count() >= SHORTEST_NUMBER && !is_plain_figure(run) {
            found.push((at, end));
        }
        at = end;
    }
    found
}

/// End of the digits that begin at `start`, with few signs between one and the next.
fn run_end(folded: &[char], start: usize) -> usize {
    let mut end = start + 1;
    loop {
        let gap = folded[end..].iter().take(MOST_BETWEEN).take_while(|&&c| is_between(c)).count();
        match folded.get(end + gap) {
            Some(&c) if is_digit(c) => end += gap + 1,
            _ => return end,
        }
    }
}

/// Whether a run is a day, `2027-03-01`, or an amount in groups of three, `12,000,000`.
fn is_plain_figure(run: &[char]) -> bool {
    let text: String = run.iter().collect();
    let groups: Vec<&str> = text.split(['-', '/', '.']).collect();
    let sizes: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let is_day = matches!(sizes[..], [4, 1..=2, 1..=2])
        && (groups[0].starts_with("19") || groups[0].starts_with("20"))
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit()));
    let thousands: Vec<&str> = text.split(',').collect();
    let is_amount = thousands.len() > 1
        && (1..=3).contains(&thousands[0].len())
        && thousands[1..].iter().all(|group| group.len() == 3)
        && thousands.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit()));
    is_day || is_amount
}

fn begins(folded: &[char], at: usize, word: &str) -> bool {
    let mut left = folded[at..].iter();
    word.chars().all(|c| left.next() == Some(&c))
}

/// Ids behind the name of a messenger.
fn ids(folded: &[char]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        let Some(word) = MESSENGERS.iter().find(|word| begins(folded, at, word)) else {
            at += 1;
            continue;
        };
        at += word.chars().count();
        let skipped = folded[at..].iter().take_while(|&&c| " :=-#号是为加(".contains(c)).count();
        let start = at + skipped;
        let end = start + folded[start..].iter().take_while(|&&c| is_id_character(c)).count();
        if (SHORTEST_ID..=LONGEST_ID).contains(&(end - start)) {
            found.push((start, end));
        }
        at = end.max(at);
    }
    found
}

fn is_id_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// Mail addresses, also with `(at)` and `(dot)`.
fn addresses(folded: &[char]) -> Vec<(usize, usize)> {
    let local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let mut found = Vec::new();
    for at in 0..folded.len() {
        let Some(sign) = AT_SIGNS.iter().find(|sign| begins(folded, at, sign)) else { continue };
        let before = folded[..at].iter().rev();
        let blanks = before.clone().take_while(|&&c| c == ' ').count();
        let name = before.skip(blanks).take_while(|&&c| local(c)).count();
        let after = at + sign.chars().count();
        let host = host_end(folded, after);
        if name > 0 && host > after {
            found.push((at - blanks - name, host));
        }
    }
    found
}

/// End of a domain with at least one dot that begins at `start`, or `start` itself.
fn host_end(folded: &[char], start: usize) -> usize {
    const DOTS: [&str; 8] = [" (dot) ", " [dot] ", "(dot)", "[dot]", " dot ", "点", "。", "."];
    let mut at = start + folded[start..].iter().take_while(|&&c| c == ' ').count();
    let mut end = start;
    let mut labels = 0;
    loop {
        let label = folded[at..].iter().take_while(|&&c| c.is_ascii_alphanumeric() || c == '-').count();
        if label == 0 {
            break;
        }
        labels += 1;
        at += label;
        end = if labels > 1 { at } else { end };
        let Some(dot) = DOTS.iter().find(|dot| begins(folded, at, dot)) else { break };
        at += dot.chars().count();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::masked_text;

    #[test]
    fn phones_in_any_notation_are_masked() {
        for phone in [
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "138/0013/8000",
            "138.0013.8000",
            "１３８００１３８０００",
            "一三八零零一三八零零零",
            "一三八〇〇一三八〇〇〇",
            "幺三八 零零幺三 八零零零",
            "138零零13八000",
            "138，0013，8000",
            "(0574) 8765-4321",
            "138_0013_8000",
            "138 0013 8000 转 801",
            "+86-138-0013-8000",
            "①③⑧⓪⓪①③⑧⓪⓪⓪",
            "壹叁捌零零壹叁捌零零零",
        ] {
            let shown = masked_text(&format!("请打王工电话{phone}，谢谢"));
            let left: String =
                shown.chars().filter(|c| phone.contains(*c) && !" -/.,，()+_转801".contains(*c)).collect();
            assert!(left.is_empty(), "{phone}: {shown}");
            assert_eq!(shown.chars().count(), phone.chars().count() + 9, "{shown}");
        }
    }

    #[test]
    fn ids_and_addresses_are_masked() {
        for (id, text) in [
            ("12345678", "QQ：12345678"),
            ("123456", "扣扣 123456"),
            ("wang_gong88", "微信号：wang_gong88"),
            ("wanggong", "加V: wanggong"),
            ("wanggong", "wx wanggong 细聊"),
            ("wanggong", "WeChat ID wanggong"),
            ("buyer", "buyer@example.com"),
            ("buyer", "buyer(at)example.com"),
            ("buyer", "buyer （at） example.com"),
            ("buyer", "buyer [at] example (dot) com"),
            ("buyer", "buyer＠example．com"),
            ("buyer", "write to buyer at example.com please"),
        ] {
            let shown = masked_text(text);
            assert!(!shown.contains(id) && !shown.to_lowercase().contains("example"), "{text}: {shown}");
        }
    }

    #[test]
    fn what_is_needed_stays() {
        for text in [
            "需要 40 亩，总投 1.2 亿元，2027-03-01 前开工",
            "投资12,000,000元",
            "微信同号",
            "我们做汽车零部件，年税收1000万",
            "距离 3 公里以内",
            "三到五亩，一千五百平方米",
            "meet at the park",
        ] {
            assert_eq!(masked_text(text), text);
        }
    }
}
