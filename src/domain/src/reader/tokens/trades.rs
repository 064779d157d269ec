//! Trade phrases: runs of words of trades, each with the code of its head.

use crate::industry::IndustryCode;
use crate::reader::letters::text::Text;
use crate::reader::words::dictionary::Lookup;

/// A run of words of trades that touch or overlap; its head, the last word, decides the code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TradePhrase {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) code: Option<IndustryCode>,
}

/// Returns the trade phrases of a text in order: `新能源汽车座椅` is one, and has the code of 座椅.
pub(crate) fn phrases(text: &Text, lookup: &Lookup) -> Vec<TradePhrase> {
    let mut all: Vec<TradePhrase> = Vec::new();
    for (at, length, trade) in lookup.trades() {
        let end = at + length;
        match all.last_mut() {
            // hospital management software: Latin words are one phrase across a blank.
            Some(last) if at <= last.end || at == last.end + 1 && is_latin_blank(text, last.end) => {
                // A word inside a longer one is ignored; past its end the later one is the head.
                // 宠物食品生产: 食品生产 starts inside 宠物食品 and says less.
                let wider = at < last.end && width(trade.code) < width(last.code);
                // 集成电路设计公司: 设计公司 adds only that it is a firm.
                let wider = wider || at < last.end && end <= last.end + trade.firm;
                // 智能物流装备区域总部: the trade is that of the enterprise.
                let wider = wider || last.code.is_some() && is_headquarters(trade.code);
                if end > last.end {
                    if !trade.neutral && !wider {
                        last.code = trade.code;
                    }
                    last.end = end;
                }
            }
            _ if trade.neutral => {}
            _ => all.push(TradePhrase { start: at, end, code: trade.code }),
        }
    }
    all
}

/// Returns whether a blank is between two Latin letters.
fn is_latin_blank(text: &Text, at: usize) -> bool {
    text.at(at) == ' ' && text.before(at).is_ascii_alphabetic() && text.at(at + 1).is_ascii_alphabetic()
}

/// Returns whether a code is that of headquarters.
fn is_headquarters(code: Option<IndustryCode>) -> bool {
    code.is_some_and(|code| code.to_string() == HEADQUARTERS)
}

/// 7211, the management of an enterprise's headquarters, as the words of trades have it.
const HEADQUARTERS: &str = "721";

/// Returns the number of digits of a code.
fn width(code: Option<IndustryCode>) -> usize {
    code.map_or(0, |code| code.to_string().len())
}

#[cfg(test)]
mod tests {
    use super::{Lookup, Text, phrases};

    fn head(text: &str) -> Option<String> {
        let text = Text::new(text);
        phrases(&text, &Lookup::new(&text)).first().and_then(|phrase| phrase.code).map(|code| code.to_string())
    }

    #[test]
    fn the_head_of_a_phrase_is_its_last_word() {
        for (text, code) in [
            ("新能源汽车座椅", Some("367")),
            ("新能源汽车零部件", Some("367")),
            ("稀土永磁电机", Some("381")),
            ("数码印花面料", Some("17")),
            ("智能包装设备", Some("346")),
            ("水泵", Some("344")),
            ("汽车模具", Some("352")),
            ("预制菜", None),
            ("运动鞋", Some("195")),
            ("动力电池", Some("384")),
            ("集成电路设计公司", Some("652")),
            ("包装设计公司", Some("749")),
            ("建筑设计院", Some("748")),
        ] {
            assert_eq!(head(text).as_deref(), code, "{text}");
        }
    }
}
