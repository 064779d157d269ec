//! Masks for addresses and phones that the other side must not see.

/// Text in place of an address or phone.
const MASK: &str = "［已隐藏］";
/// Shortest phone that is masked, digits: shorter ones occur in other numbers.
const SHORTEST_PHONE: usize = 7;

/// Masks mail addresses in any case, and phones with any separators and country code.
pub fn masked(line: &str, addresses: &[&str], phones: &[&str]) -> String {
    let mut line = line.to_owned();
    for address in addresses.iter().filter(|address| !address.is_empty()) {
        line = without_address(&line, address);
    }
    for phone in phones {
        let digits: String = phone.strip_prefix("+86").unwrap_or(phone).chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= SHORTEST_PHONE {
            line = without_phone(&line, &digits);
        }
    }
    line
}

fn without_address(line: &str, address: &str) -> String {
    // ASCII folding keeps the byte positions.
    let (folded, address) = (line.to_ascii_lowercase(), address.to_ascii_lowercase());
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    while let Some(found) = folded[at..].find(&address) {
        out += &line[at..at + found];
        out += MASK;
        at += found + address.len();
    }
    out + &line[at..]
}

fn without_phone(line: &str, digits: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    while at < chars.len() {
        match phone_end(&chars, at, digits) {
            Some(end) => {
                out += MASK;
                at = end;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

/// End of a phone that begins here; `None` where its digits are part of a longer number.
fn phone_end(chars: &[char], start: usize, digits: &str) -> Option<usize> {
    let digit = |at: usize| chars.get(at).copied().and_then(plain_digit);
    if start > 0 && digit(start - 1).is_some() {
        return None;
    }
    ["86", "0086", "0", ""].iter().find_map(|prefix| {
        let wanted = format!("{prefix}{digits}");
        let mut at = start + usize::from(matches!(chars.get(start), Some('+' | '＋')));
        for want in wanted.chars() {
            while at > start && matches!(chars.get(at), Some(' ' | '-' | '－' | '(' | ')' | '（' | '）' | '.' | '·'))
            {
                at += 1;
            }
            if digit(at)? != want {
                return None;
            }
            at += 1;
        }
        digit(at).is_none().then_some(at)
    })
}

/// Value of an ASCII or full-width digit as an ASCII character.
fn plain_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}
