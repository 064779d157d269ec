//! What a lead is, told a second time without a database: contract §3, the stages of the field, who may do what.

use std::collections::BTreeMap;

/// The long path: 线索登记 to 上规, for land, parks and factories.
pub(super) const SITE: &[&str] = &[
    "registered",
    "assessed",
    "contacted",
    "visited",
    "negotiating",
    "reviewed",
    "signed",
    "land_supplied",
    "permitted",
    "started",
    "completed",
    "producing",
    "audited",
];
/// The short path: 线索, 看场地, 入驻评审, 签约, 入驻, 毕业, for space that is let to young firms.
pub(super) const LET: &[&str] = &["registered", "viewed", "admitted", "signed", "moved_in", "graduated"];
/// 搁置, 未成, 退出.
pub(super) const ASIDE: &[&str] = &["shelved", "lost", "withdrawn"];

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// The due time of a lead that nobody works any more.
const NEVER: i64 = 253_402_271_999_999;
/// The day to which a shelved lead is put off, and the end of it.
pub(super) const SHELVED_TO: (&str, i64) = ("2026-12-21", 1_797_868_799_999);
pub(super) const LONGEST_NOTE: usize = 2000;

/// A listing that may be asked for: its id, its park, its leads' path.
pub(super) const LISTINGS: [(&str, &str, &[&str]); 5] =
    [("P1", "T2", SITE), ("P2", "T1", SITE), ("S1", "T2", LET), ("S2", "T1", SITE), ("T1", "T1", SITE)];

/// Somebody of the staff: role, park, account.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) role: &'static str,
    pub(super) park: Option<&'static str>,
    pub(super) account: String,
}

impl Person {
    fn only_reads(&self) -> bool {
        self.role == "observer"
    }
}

#[derive(Debug)]
pub(super) struct Need {
    pub(super) reference: String,
    pub(super) id: String,
    /// The key under which it was erased.
    pub(super) erased: Option<usize>,
    /// The task that asks whether it is real, and whether that is still open.
    pub(super) doubt: Option<(String, bool)>,
    pub(super) is_hidden: bool,
    accesses: Vec<String>,
    /// When each account looked last.
    looked: BTreeMap<String, i64>,
}

#[derive(Debug)]
pub(super) struct Lead {
    pub(super) id: String,
    pub(super) mails: Vec<String>,
    pub(super) need: usize,
    /// The first decides the path; further ones of the same park joined the lead.
    pub(super) listings: Vec<usize>,
    pub(super) stage: &'static str,
    pub(super) is_withdrawn: bool,
    last_word: &'static str,
    is_touched: bool,
    /// Numbers of its inquiries, in the order of its listings.
    numbers: Vec<String>,
    /// Where on its path it stood last.
    stood: &'static str,
    pub(super) version: i64,
    owner: Option<usize>,
    created: i64,
    updated: i64,
    due: i64,
    answered: Option<i64>,
    mail: &'static str,
    events: Vec<String>,
    audits: Vec<String>,
}

/// One move as somebody asks for it.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub(super) who: usize,
    pub(super) lead: usize,
    pub(super) version: i64,
    pub(super) to: &'static str,
    pub(super) note: String,
}

#[derive(Clone, Debug)]
pub(super) enum Command {
    Submit {
        is_suspected: bool,
    },
    Ask {
        need: usize,
        listings: Vec<usize>,
    },
    Erase {
        need: usize,
        key: usize,
    },
    Clear {
        need: usize,
        who: usize,
    },
    Advance(Move),
    Reveal {
        lead: usize,
        who: usize,
    },
    Show {
        lead: usize,
        who: usize,
    },
    Inbox {
        who: usize,
        stage: &'static str,
    },
    /// The relay refuses a lead's last mail for good.
    Fail {
        lead: usize,
    },
    Resend {
        lead: usize,
        who: usize,
        mail: usize,
    },
    /// Two editors at once, in two processes.
    Duel([Move; 2]),
    /// A move while its enterprise withdraws.
    MoveAndErase(Move),
    /// A look at the contact data while their owner withdraws.
    RevealAndErase {
        lead: usize,
        who: usize,
    },
}

/// What the program made that the model cannot foretell: ids.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) need: Option<(String, String, Option<String>)>,
    /// Leads by number: id and its mail's id.
    pub(super) leads: BTreeMap<String, (String, String)>,
    pub(super) numbers: Vec<String>,
    pub(super) mail: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) now: i64,
    pub(super) people: Vec<Person>,
    pub(super) needs: Vec<Need>,
    pub(super) leads: Vec<Lead>,
}

/// Whether nothing follows on this path.
pub(super) fn is_end(path: &[&str], stage: &str) -> bool {
    path.last() == Some(&stage) || matches!(stage, "lost" | "withdrawn")
}

/// Officers go one step, shelve, and take up what was shelved; managers and admins also jump, end and reopen.
fn may_move(role: &str, path: &[&str], (stood, from): (&str, &str), to: &str) -> bool {
    let place = |stage: &str| path.iter().position(|step| *step == stage);
    let decides = matches!(role, "admin" | "manager");
    if role == "observer" || path.last() == Some(&from) {
        return false;
    }
    if is_end(path, from) {
        return decides && to == stood;
    }
    match (place(from), place(to)) {
        (Some(at), Some(next)) => next == at + 1 || decides && next != at,
        (None, Some(_)) => to == stood || decides,
        (_, None) if to == "shelved" => from != "shelved",
        (_, None) => decides && ["lost", "withdrawn"].contains(&to),
    }
}

/// Whether a move needs a reason: an end, a reopening, a jump.
fn needs_reason(path: &[&str], (stood, from): (&str, &str), to: &str) -> bool {
    let place = |stage: &str| path.iter().position(|step| *step == stage);
    let is_step = matches!((place(from), place(to)), (Some(at), Some(next)) if next == at + 1);
    let is_jump = place(to).is_some() && !is_step && to != stood;
    is_end(path, from) || matches!(to, "lost" | "withdrawn") || is_jump
}

/// The end of the `count`th working day after a moment; the histories take place in weeks without holidays.
fn working_days(now: i64, count: i64) -> i64 {
    let offset = 8 * HOUR;
    let mut day = (now + offset).div_euclid(DAY);
    let mut left = count;
    while left > 0 {
        day += 1;
        // 1970-01-01 was a Thursday.
        left -= i64::from(!matches!((day + 4).rem_euclid(7), 0 | 6));
    }
    (day + 1) * DAY - offset - 1
}

/// Contract §8: the first working day, then the 3rd, the 5th and the 10th.
fn due(path: &[&str], stage: &str, now: i64) -> i64 {
    match stage {
        "shelved" => SHELVED_TO.1,
        _ if is_end(path, stage) => NEVER,
        "registered" => working_days(now, 1),
        "assessed" => working_days(now, 3),
        "contacted" | "viewed" => working_days(now, 5),
        _ => working_days(now, 10),
    }
}

fn is_answer(stage: &str) -> bool {
    !["registered", "assessed", "shelved", "lost", "withdrawn"].contains(&stage)
}

impl Lead {
    pub(super) fn park(&self) -> &'static str {
        LISTINGS[self.listings[0]].1
    }

    pub(super) fn path(&self) -> &'static [&'static str] {
        LISTINGS[self.listings[0]].2
    }

    pub(super) fn next(&self, role: &str) -> Vec<&'static str> {
        if self.is_withdrawn {
            return Vec::new();
        }
        let all = self.path().iter().chain(ASIDE).copied();
        all.filter(|to| may_move(role, self.path(), (self.stood, self.stage), to)).collect()
    }

    /// Whether the enterprise's asking again opens it.
    fn reopens(&self) -> bool {
        !self.is_withdrawn && matches!(self.stage, "lost" | "withdrawn")
    }

    /// Whether a further listing of its park joins it.
    fn is_joined(&self) -> bool {
        !self.is_withdrawn && self.path().last() != Some(&self.stage)
    }
}

impl Model {
    fn sees(&self, who: usize, lead: &Lead) -> bool {
        !self.needs[lead.need].is_hidden && self.people[who].park.is_none_or(|park| park == lead.park())
    }

    /// Whether somebody may work this lead.
    pub(super) fn works(&self, who: usize, lead: &Lead) -> bool {
        !self.people[who].only_reads() && self.sees(who, lead)
    }

    fn judge_move(&self, wanted: &Move) -> &'static str {
        let lead = &self.leads[wanted.lead];
        let role = self.people[wanted.who].role;
        let stages = (lead.stood, lead.stage);
        match wanted {
            _ if !self.sees(wanted.who, lead) => "not found",
            _ if self.people[wanted.who].only_reads() => "forbidden",
            _ if lead.is_withdrawn => "gone",
            _ if wanted.version != lead.version => "conflict lead_changed",
            _ if !may_move(role, lead.path(), stages, wanted.to) => "invalid to no_way",
            _ if needs_reason(lead.path(), stages, wanted.to) && wanted.note.trim().is_empty() => {
                "invalid reason missing"
            }
            _ if wanted.note.trim().chars().count() > LONGEST_NOTE => "invalid reason too_long",
            _ => "ok",
        }
    }

    fn judge_look(&self, who: usize, lead: usize) -> &'static str {
        match &self.leads[lead] {
            lead if !self.sees(who, lead) => "not found",
            _ if self.people[who].only_reads() => "forbidden",
            lead if lead.is_withdrawn => "gone",
            _ => "ok",
        }
    }

    /// The answers that the program may give; more than one only where two things happen at once.
    pub(super) fn expected(&self, command: &Command) -> Vec<String> {
        let one = |answer: &str| vec![answer.to_owned()];
        match command {
            Command::Submit { .. } | Command::Fail { .. } => one("ok"),
            Command::Ask { need, .. } => one(if self.needs[*need].erased.is_some() { "gone" } else { "ok" }),
            Command::Erase { need, key } => one(match self.needs[*need].erased {
                None => "ok",
                Some(first) if first == *key => "replayed",
                Some(_) => "gone",
            }),
            Command::Clear { need, who } => one(match &self.needs[*need].doubt {
                _ if self.people[*who].role != "admin" => "forbidden",
                Some((_, true)) => "ok",
                _ => "not found",
            }),
            Command::Advance(wanted) => one(self.judge_move(wanted)),
            Command::Reveal { lead, who } => one(self.judge_look(*who, *lead)),
            Command::Show { lead, who } if self.sees(*who, &self.leads[*lead]) => vec![self.shown(*lead, *who)],
            Command::Show { .. } => one("not found"),
            Command::Inbox { who, stage } => vec![self.inbox(*who, stage)],
            Command::Resend { lead, who, mail } => one(self.judge_resend(*lead, *who, *mail)),
            Command::Duel(moves) => {
                assert!(moves.iter().all(|wanted| self.judge_move(wanted) == "ok"), "both may win");
                ["ok, conflict lead_changed", "conflict lead_changed, ok"].map(str::to_owned).into()
            }
            Command::MoveAndErase(wanted) => match self.judge_move(wanted) {
                "ok" => ["ok, ok", "gone, ok"].map(str::to_owned).into(),
                other => vec![format!("{other}, ok")],
            },
            Command::RevealAndErase { .. } => ["ok, ok", "gone, ok"].map(str::to_owned).into(),
        }
    }

    fn judge_resend(&self, lead: usize, who: usize, mail: usize) -> &'static str {
        let lead = &self.leads[lead];
        match lead.mails.len() {
            _ if !self.sees(who, lead) => "not found",
            _ if self.people[who].only_reads() => "forbidden",
            _ if lead.is_withdrawn => "gone",
            mails if mail + 1 == mails && lead.mail == "failed" => "ok",
            _ => "conflict mail_not_failed",
        }
    }

    fn shown(&self, lead: usize, who: usize) -> String {
        let lead = &self.leads[lead];
        let mut next = lead.next(self.people[who].role);
        next.sort_unstable();
        // Each further listing has a mail of its own.
        let (events, mails) = (lead.events.len(), lead.mails.len() + lead.listings.len() - 1);
        format!("{} {} next {} events {events} mails {mails}", lead.stage, lead.version, next.join(","))
    }

    fn inbox(&self, who: usize, stage: &str) -> String {
        let seen = self.leads.iter().filter(|lead| lead.stage == stage && self.sees(who, lead));
        let mut ids: Vec<_> = seen.map(|lead| lead.id.as_str()).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        let more = ids.len() > 50;
        ids.truncate(50);
        format!("{} more {more}", ids.join(","))
    }

    /// Follows what the program has said it has done.
    pub(super) fn apply(&mut self, command: &Command, answer: &str, made: Made) {
        match command {
            Command::Submit { .. } => {
                let (reference, id, task) = made.need.expect("made");
                let is_hidden = task.is_some();
                let doubt = task.map(|task| (task, true));
                self.needs.push(Need {
                    reference,
                    id,
                    erased: None,
                    doubt,
                    is_hidden,
                    accesses: Vec::new(),
                    looked: BTreeMap::new(),
                });
            }
            Command::Ask { need, listings } if answer == "ok" => self.ask(*need, listings, made),
            Command::Erase { need, key } if answer == "ok" => self.erase(*need, *key),
            Command::Clear { need, .. } if answer == "ok" => {
                let need = &mut self.needs[*need];
                need.is_hidden = false;
                need.doubt.as_mut().expect("a task").1 = false;
            }
            Command::Advance(wanted) if answer == "ok" => self.advance(wanted),
            Command::Reveal { lead, who } if answer == "ok" => self.reveal(*lead, *who),
            Command::Fail { lead } => self.leads[*lead].mail = "failed",
            Command::Resend { lead, who, .. } if answer == "ok" => {
                let (now, account) = (self.now, &self.people[*who].account);
                let lead = &mut self.leads[*lead];
                lead.mail = "queued";
                lead.mails.push(made.mail.expect("made"));
                lead.events.push(format!("{now}|resend||||{account}"));
                (lead.updated, lead.is_touched) = (now, true);
            }
            Command::Duel(moves) => self.advance(&moves[usize::from(answer.ends_with(", ok"))]),
            Command::MoveAndErase(wanted) => {
                if answer == "ok, ok" {
                    self.advance(wanted);
                }
                self.erase(self.leads[wanted.lead].need, 0);
            }
            Command::RevealAndErase { lead, who } => {
                if answer == "ok, ok" {
                    self.reveal(*lead, *who);
                }
                self.erase(self.leads[*lead].need, 0);
            }
            _ => {}
        }
    }

    /// One lead for each park that has none in work; further listings join it. The answer names the inquiries in the order
    /// asked.
    fn ask(&mut self, need: usize, listings: &[usize], made: Made) {
        assert_eq!(made.numbers.len(), listings.len(), "one inquiry a listing");
        let mut again = Vec::new();
        let old = self.leads.len();
        let own = (0..old).flat_map(|at| self.leads[at].listings.iter().map(move |listing| (at, *listing)));
        let before: std::collections::BTreeSet<(usize, usize)> = own.collect();
        let joinable: Vec<usize> =
            (0..old).filter(|at| self.leads[*at].need == need && self.leads[*at].is_joined()).collect();
        for (&listing, number) in listings.iter().zip(made.numbers) {
            let known = self.leads.iter().position(|lead| lead.need == need && lead.listings.contains(&listing));
            if let Some(known) = known {
                let lead = &self.leads[known];
                let at = lead.listings.iter().position(|own| *own == listing).expect("one of its own");
                assert_eq!(lead.numbers[at], number, "the same listing asked again returns its inquiry");
                if known < old && before.contains(&(known, listing)) {
                    again.push(known);
                }
                continue;
            }
            let park = LISTINGS[listing].1;
            let own = (old..self.leads.len()).find(|at| self.leads[*at].need == need && self.leads[*at].park() == park);
            let joined = joinable.iter().rev().copied().find(|at| self.leads[*at].park() == park);
            match joined.or(own) {
                Some(at) => {
                    self.leads[at].listings.push(listing);
                    self.leads[at].numbers.push(number);
                    if at < old {
                        self.join(at);
                    }
                }
                None => self.start(need, listing, number, &made.leads),
            }
        }
        for at in again {
            if self.leads[at].reopens() {
                self.reopen(at);
            }
        }
    }

    fn start(&mut self, need: usize, listing: usize, number: String, made: &BTreeMap<String, (String, String)>) {
        let (id, mail) = made[&number].clone();
        let now = self.now;
        self.leads.push(Lead {
            id,
            numbers: vec![number],
            mails: vec![mail],
            need,
            listings: vec![listing],
            stage: "registered",
            stood: "registered",
            is_withdrawn: false,
            last_word: "",
            is_touched: false,
            version: 1,
            owner: None,
            created: now,
            updated: now,
            due: due(SITE, "registered", now),
            answered: None,
            mail: "queued",
            events: vec![format!("{now}|received||registered||")],
            audits: Vec::new(),
        });
    }

    fn join(&mut self, at: usize) {
        if self.leads[at].reopens() {
            return self.reopen(at);
        }
        let now = self.now;
        let lead = &mut self.leads[at];
        lead.events.push(format!("{now}|listing||||"));
        (lead.last_word, lead.updated) = ("enterprise", now);
    }

    fn reopen(&mut self, at: usize) {
        let now = self.now;
        let lead = &mut self.leads[at];
        lead.events.push(format!("{now}|listing||||"));
        lead.events.push(format!("{now}|stage|{}|{}||", lead.stage, lead.stood));
        lead.stage = lead.stood;
        lead.version += 1;
        (lead.last_word, lead.updated) = ("enterprise", now);
        lead.due = due(SITE, "registered", now);
    }

    fn erase(&mut self, need: usize, key: usize) {
        let now = self.now;
        self.needs[need].erased = Some(key);
        if let Some((_, is_open)) = &mut self.needs[need].doubt {
            *is_open = false;
        }
        for lead in self.leads.iter_mut().filter(|lead| lead.need == need) {
            // Nothing has been sent in these histories.
            lead.mail = "cancelled";
            for event in &mut lead.events {
                let mut cells: Vec<&str> = event.split('|').collect();
                cells[4] = "";
                *event = cells.join("|");
            }
            lead.events.push(format!("{now}|withdrawal||||"));
            (lead.is_withdrawn, lead.updated, lead.due) = (true, now, NEVER);
            lead.version += 1;
        }
    }

    fn advance(&mut self, wanted: &Move) {
        let (now, account) = (self.now, &self.people[wanted.who].account);
        let lead = &mut self.leads[wanted.lead];
        let (from, to) = (lead.stage, wanted.to);
        lead.events.push(format!("{now}|stage|{from}|{to}|{}|{account}", wanted.note.trim()));
        lead.audits.push(format!("{account}|lead.advance|{from} -> {to}"));
        lead.stage = to;
        if lead.path().contains(&to) {
            lead.stood = to;
        }
        lead.version += 1;
        lead.owner = lead.owner.or(Some(wanted.who));
        (lead.updated, lead.is_touched) = (now, true);
        lead.due = due(lead.path(), to, now);
        lead.answered = lead.answered.or(is_answer(to).then_some(now));
    }

    fn reveal(&mut self, lead: usize, who: usize) {
        let (now, account) = (self.now, &self.people[who].account);
        let lead = &mut self.leads[lead];
        let need = &mut self.needs[lead.need];
        // One row an hour and person.
        if need.looked.get(account).is_some_and(|at| *at > now - HOUR) {
            return;
        }
        need.looked.insert(account.clone(), now);
        lead.events.push(format!("{now}|reveal||||{account}"));
        lead.audits.push(format!("{account}|contact.reveal|"));
        (lead.updated, lead.is_touched) = (now, true);
        // An admin's look is the platform's, not the park's.
        let park = if self.people[who].role == "admin" { "" } else { LISTINGS[lead.listings[0]].1 };
        need.accesses.push(format!("{now}|{account}|{park}|contact"));
    }

    /// Everything as the database should hold it: leads, histories, audit lines, looks at contact data.
    pub(super) fn rows(&self) -> [Vec<String>; 4] {
        let of_leads = |lines: fn(&Lead) -> &Vec<String>| {
            self.sorted(self.leads.iter().map(|lead| (&lead.id, lines(lead).clone())).collect())
        };
        let lead = |lead: &Lead| {
            let owner = lead.owner.map_or("", |who| &self.people[who].account);
            let answered = lead.answered.map(|at| at.to_string()).unwrap_or_default();
            let seen = if self.needs[lead.need].is_hidden { "hidden" } else { "shown" };
            let (times, mail) = (format!("{}|{}|{}", lead.created, lead.updated, lead.due), lead.mail);
            let state = match lead {
                _ if lead.is_withdrawn => "withdrawn",
                _ if is_end(lead.path(), lead.stage) => "closed",
                _ => "open",
            };
            let touched = if lead.is_touched { "touched" } else { "new" };
            let desk = format!("{state}|{}|{touched}", lead.last_word);
            format!("{}|{}|{}|{owner}|{times}|{answered}|{seen}|{mail}|{desk}", lead.park(), lead.stage, lead.version)
        };
        let leads = self.leads.iter().map(|row| (&row.id, vec![lead(row)])).collect();
        let accesses = self.needs.iter().map(|need| (&need.id, need.accesses.clone())).collect();
        [self.sorted(leads), of_leads(|lead| &lead.events), of_leads(|lead| &lead.audits), self.sorted(accesses)]
    }

    fn sorted(&self, mut lines: Vec<(&String, Vec<String>)>) -> Vec<String> {
        lines.sort();
        lines.into_iter().flat_map(|(id, lines)| lines.into_iter().map(move |line| format!("{id}|{line}"))).collect()
    }
}
