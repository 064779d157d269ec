//! The trade of the enterprise: the phrase that tells what is made or done, among those that are only mentioned.

use crate::reader::fields::trade_dealings::dealing;
use crate::reader::fields::trade_parties::{TradeParty, party};
use crate::reader::fields::view::View;
use crate::reader::letters::character::{is_han, is_stop};
use crate::reader::letters::rules::{Cue, RuleLine, cues};
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::tokens::trades::TradePhrase;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::slot::Slot;

cues! {
    TradeCues in "trade_context.txt" {
        lead: Suffixes,
        follow: Followers,
        accessory: Suffixes,
        served: Suffixes,
        denied: WordList,
        without: Suffixes,
        grade: WordList,
        carried: Suffixes,
        stored: WordList,
        goods: WordList,
        list_joint: CharSet,
        machine: CharSet,
        structure: WordList,
        verb: Suffixes,
        owned: Suffixes,
        line: Suffixes,
        origin: Suffixes,
        form: WordList,
        purpose: WordList,
        purpose_behind: WordList,
        machine_end: CharSet,
        tool: WordList,
        made_behind: WordList,
    }
}

/// Words behind a trade, which may also be its last word.
struct Followers {
    starts: WordList,
    ends: Suffixes,
}

impl Cue for Followers {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        Ok(Self { starts: WordList::parse(rules)?, ends: Suffixes::parse(rules)? })
    }
}

/// Scores of a mention: what leads to a trade weighs most, and a trade of customers is hardly ever meant.
const LED: i32 = 2;
const SERVED: i32 = -4;

/// Returns the phrase of the trade: the first of the best score. `asked` is set where the text answers the question for
/// the trade, so that a phrase at its start needs no word that leads to it.
pub(crate) fn trade(view: &View<'_>, asked: bool) -> Option<TradePhrase> {
    let mut best: Option<(i32, TradePhrase)> = None;
    for phrase in view.phrases {
        let answers = asked && (phrase.start == 0 || is_led_afar(view, phrase, true));
        let dealing = dealing(view.text, phrase);
        let phrase = TradePhrase { code: dealing.or(phrase.code), ..*phrase };
        let Some(score) = score(view, &phrase, answers, dealing.is_some()) else { continue };
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, phrase));
        }
    }
    // 示例医药批发有限公司 … 药品仓库: the service of the name tells more than what is only mentioned.
    let said = best.filter(|&(score, _)| score >= LED).map(|(_, phrase)| phrase);
    said.or_else(|| of_name(view)).or(best.map(|(_, phrase)| phrase))
}

/// Returns the service at the end of an enterprise's name, where no word leads to another trade: `示例冷链物流有限公司`. The
/// name of a maker, 示例电子有限公司, tells too little of its products.
fn of_name(view: &View<'_>) -> Option<TradePhrase> {
    let names = |phrase: &&TradePhrase| {
        let token = &view.tokens[view.token_at(phrase.start)];
        let closes = phrase.end == token.end && is_han(view.text.before(phrase.end));
        let form = CUES.form.starts(view.text, phrase.end) && phrase.end < token.end;
        let service = phrase.code.is_some_and(|code| code.section() != 'C');
        matches!(token.kind, TokenKind::Claimed) && service && (closes || form)
    };
    view.phrases.iter().find(names).copied()
}

fn score(view: &View<'_>, phrase: &TradePhrase, asked: bool, dealt: bool) -> Option<i32> {
    let first = view.tokens.partition_point(|token| token.end <= phrase.start);
    let token = view.tokens.get(first)?;
    // Part of a longer word (食品厂房), of contact data or of a label (电力).
    let swallowed = match token.kind {
        TokenKind::Claimed | TokenKind::Place(_) => true,
        TokenKind::Word => {
            // 生产冷藏车, 做电梯: what is made is not what the site has.
            let made = token.names(Slot::TRUCK) && CUES.lead.fit(view.text, 0, phrase.start)
                || CUES.verb.fit(view.text, 0, phrase.start)
                || asked;
            let label = token.is_label() && !made;
            token.start <= phrase.start && token.end > phrase.end || token.end >= phrase.end && label
        }
        _ => false,
    };
    let (text, frame) = (view.text, view.frames[first]);
    let owned = CUES.owned.fit(text, 0, phrase.start) && CUES.line.fit(text, phrase.start, phrase.end);
    if swallowed
        || is_qualifier(view, phrase)
        || CUES.denied.starts(text, phrase.start)
        || CUES.without.fit(text, 0, phrase.start)
        || CUES.grade.starts(text, phrase.end)
        || frame.negated
        || frame.second
        || first < view.real_from
        || CUES.accessory.fit(text, 0, phrase.start) && !owned && !CUES.made_behind.starts(text, phrase.end)
        || is_purpose(view, phrase)
    {
        return None;
    }
    let party = if asked { TradeParty::Own } else { party(text, phrase) };
    if party == TradeParty::Other {
        return None;
    }
    let led = asked
        || CUES.lead.fit(text, 0, phrase.start)
        || is_led_afar(view, phrase, false)
        || is_led_across_origin(text, phrase)
        || is_led_over_list(text, phrase);
    let followed = dealt
        || party == TradeParty::Client
        || CUES.follow.starts.starts(text, phrase.end)
        || CUES.follow.ends.fit(text, phrase.start, phrase.end);
    // 可停9米6冷藏车: a length of the goods may be between.
    let measured =
        view.tokens[..first].iter().rev().find(|before| !before.is_blank()).filter(|token| token.amount().is_some());
    let from = measured.map_or(phrase.start, |token| token.start);
    let line = view.tokens[view.clause(first).start].start;
    let carried = CUES.carried.fit(text, 0, from)
        || is_on_list_of_goods(view, first)
        || CUES.stored.starts(text, phrase.end)
        || CUES.goods.at(text, line).is_some_and(|length| text.at(line + length) == ':');
    if carried && !led && phrase.code.is_none_or(|code| code.section() == 'C') {
        return None;
    }
    if !CUES.verb.fit(text, 0, phrase.start) && is_equipment(view, phrase, first) {
        return None;
    }
    if !led && !followed && CUES.structure.is(text, phrase.start, phrase.end) {
        return None;
    }
    let served = CUES.served.fit(text, 0, phrase.start) && !led;
    let made = phrase.code.is_none_or(|code| code.section() == 'C');
    // Services are mentioned for many reasons; products seldom for another than being made.
    if !made && !led && !followed && !stands_alone(view, phrase) {
        return None;
    }
    // machining of aerospace parts: what is worked on tells more than the work.
    let worked = text.goes_on(phrase.end, " of ");
    let score = i32::from(led) * LED + i32::from(followed) + i32::from(made) + i32::from(served) * SERVED;
    // 新建焙烧车间、机加工车间: a shop of the plant tells less than what the plant makes.
    let shop = !led && is_shop(view, phrase, first);
    let opening = !led && opens_text(view, phrase, first);
    let score = score - i32::from(party == TradeParty::Client) * LED;
    Some(score - i32::from(worked || owned) * LED - i32::from(shop) * LED + i32::from(opening) * LED)
}

/// Returns whether the text opens with the phrase, as a note does that goes straight to the matter: `蝶阀、球阀，化工厂用的多`.
fn opens_text(view: &View<'_>, phrase: &TradePhrase, first: usize) -> bool {
    const QUALIFIED: usize = 6;
    if phrase.start > QUALIFIED {
        return false;
    }
    let qualified = view.text.chars[..phrase.start].iter().all(|&c| is_han(c) || c.is_ascii_alphanumeric());
    let site = view.tokens[view.token_at(phrase.end)].any(&[Tag::Space, Tag::SpaceArea, Tag::Plot, Tag::Warehouse]);
    qualified && !site && view.tokens[..first].iter().all(|token| token.other().is_some())
}

/// Returns whether the phrase only qualifies software or a test behind it: `中药材溯源软件开发`, `食品、环境检测`.
fn is_qualifier(view: &View<'_>, phrase: &TradePhrase) -> bool {
    const GAP: usize = 4;
    let next = view.phrases.partition_point(|other| other.start < phrase.end);
    let Some(head) = view.phrases.get(next).filter(|head| head.start - phrase.end <= GAP) else { return false };
    let is_of = |divisions: &[u16], digits: u16| {
        head.code
            .is_some_and(|code| divisions.contains(&code.number()) || divisions.contains(&(code.number() / digits)))
    };
    let between = &view.text.chars[phrase.end..head.start];
    let tested = is_of(&[745], 10) && between == ['、'];
    let software = is_of(&[64, 65], 10) && !between.is_empty() && between.iter().all(|&c| is_han(c));
    // 化工填料用特种陶瓷
    let purpose =
        head.code.is_some_and(|code| code.section() == 'C') && CUES.purpose.is(view.text, phrase.end, head.start);
    let tool = CUES.machine_end.has(view.text.before(phrase.end)) && CUES.tool.is(view.text, phrase.end, head.start);
    purpose || tool || (tested || software) && !view.text.at(head.end).is_alphanumeric()
}

/// Returns whether the phrase tells what the one before it is for: `glass bottles for beverages`.
fn is_purpose(view: &View<'_>, phrase: &TradePhrase) -> bool {
    let index = view.phrases.partition_point(|other| other.start < phrase.start);
    let before = index.checked_sub(1).map(|before| &view.phrases[before]);
    before.is_some_and(|before| CUES.purpose_behind.is(view.text, before.end, phrase.start))
}

/// Returns whether a list of goods that are stored goes on up to the phrase: `用于存放桁架、展台及LED屏`.
fn is_on_list_of_goods(view: &View<'_>, first: usize) -> bool {
    let mut listed = false;
    for token in view.tokens[..first].iter().rev().take(GOODS) {
        if token.ends_clause() && !matches!(token.kind, TokenKind::Break('、')) || token.amount().is_some() {
            return false;
        }
        listed |= matches!(token.kind, TokenKind::Break('、'));
        if listed && CUES.carried.fit(view.text, 0, token.end) {
            return true;
        }
    }
    false
}

/// The most tokens of a list of goods.
const GOODS: usize = 12;

/// Returns whether a word leads to the list that the phrase is on: `业务：煤质、水质检测`.
fn is_led_over_list(text: &Text, phrase: &TradePhrase) -> bool {
    const LONGEST: usize = 16;
    let floor = phrase.start.saturating_sub(LONGEST);
    let inside = |at: &usize| is_han(text.at(*at)) || text.at(*at) == '、';
    let from = (floor..phrase.start).rev().take_while(inside).last();
    let listed = from.is_some_and(|from| text.chars[from..phrase.start].contains(&'、'));
    listed && from.is_some_and(|from| CUES.lead.fit(text, 0, from) || CUES.verb.fit(text, 0, from))
}

/// Returns whether a stop or a word leads to the phrase across a word for where the firm is from, and the phrase is at the end
/// of its piece: `Requirement: Dutch freight forwarder, 38 staff`.
fn is_led_across_origin(text: &Text, phrase: &TradePhrase) -> bool {
    let Some(length) = CUES.origin.longest_before(text, 0, phrase.start) else { return false };
    let start = phrase.start - length;
    let opens = start == 0
        || matches!(text.chars[..start].iter().rev().find(|&&c| c != ' '), Some(':' | '.' | ';' | '\n' | '|'));
    (opens || CUES.lead.fit(text, 0, start)) && !text.at(phrase.end).is_alphanumeric()
}

/// Returns whether the phrase names one of several shops that are built: `新建焙烧车间、石墨化车间、机加工车间`.
fn is_shop(view: &View<'_>, phrase: &TradePhrase, first: usize) -> bool {
    let shop = view.tokens[view.token_at(phrase.end)..].first().is_some_and(|token| token.has(Tag::SpaceArea));
    let sentence = view.tokens[first].sentence;
    let listed = view.text.before(phrase.start) == '、';
    let mut before = view.tokens[..first].iter().rev().take(SHOPS).take_while(|token| token.sentence == sentence);
    shop && listed && before.any(|token| token.has(Tag::Build))
}

/// The most tokens between the word for building and a shop.
const SHOPS: usize = 32;

/// Returns whether a verb leads to the phrase across the words that qualify it, which all of the clause is about:
/// `做工业视觉检测软件，`. Where the text answers the question for the trade, its start leads to it.
fn is_led_afar(view: &View<'_>, phrase: &TradePhrase, asked: bool) -> bool {
    let text = view.text;
    let ends = !text.at(phrase.end).is_alphanumeric() || CUES.follow.starts.starts(text, phrase.end);
    let qualified = |from: &usize| text.chars[*from..phrase.start].iter().all(|&c| is_han(c));
    let mut starts = (phrase.start.saturating_sub(QUALIFIED)..phrase.start).rev().take_while(qualified);
    ends && starts.any(|from| asked && from == 0 || CUES.verb.fit(text, 0, from))
}

/// The most characters between the verb and the trade.
const QUALIFIED: usize = 10;

/// Returns whether the phrase names machines that are counted and not made: `数控机床20台`, `安装5台激光切割机`.
fn is_equipment(view: &View<'_>, phrase: &TradePhrase, first: usize) -> bool {
    let of_machines = |token: &Token| token.amount().is_some() && CUES.machine.has(view.text.before(token.end));
    let behind = view.tokens[view.token_at(phrase.end)..].iter().find(|token| !token.is_blank());
    let before = view.tokens[..first].iter().rev().find(|token| !token.is_blank());
    let counted = [before, behind].into_iter().flatten().any(of_machines);
    counted && !view.clause_has(first, &[Tag::Made, Tag::Production])
}

/// Returns whether the phrase is all of its clause: `软件开发，20个工位`.
fn stands_alone(view: &View<'_>, phrase: &TradePhrase) -> bool {
    let edge =
        |c: char| is_stop(c) && !CUES.list_joint.has(c) || matches!(c, ' ' | ':' | '【' | '】' | '(' | ')' | '[' | ']');
    let from = view.tokens.partition_point(|token| token.end <= phrase.start);
    let of_site = view.tokens[from..].iter().take_while(|token| token.start < phrase.end).any(|token| {
        token.any(&[Tag::Production, Tag::Research, Tag::Warehouse, Tag::Office, Tag::Incubation, Tag::Space])
    });
    // Xiamen Siming. Insurance broker. 900 sqm: a sentence of its own.
    let latin = || {
        let before = view.tokens[..from].iter().rev().find(|token| !token.is_blank());
        let ends =
            |token: &Token| matches!(token.kind, TokenKind::Break('.' | ';' | '|')) || token.other() == Some(':');
        before.is_none_or(ends) && matches!(view.text.at(phrase.end), '.' | ';' | '\n' | '|')
    };
    // Example Advisory (management consulting): what brackets tell of a firm.
    let told = || {
        let before = |back: usize| from.checked_sub(back).map(|at| view.tokens[at].kind);
        let open = matches!(before(1), Some(TokenKind::Break('(')));
        open && matches!(before(2), Some(TokenKind::Claimed)) && view.text.at(phrase.end) == ')'
    };
    let alone = !of_site && (is_han(view.text.at(phrase.start)) || latin() || told());
    alone && edge(view.text.before(phrase.start)) && edge(view.text.at(phrase.end))
}
