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
/// 流转, 搁置, 未成, 退出.
pub(super) const ASIDE: &[&str] = &["transferred", "shelved", "lost", "withdrawn"];

pub(super) const DAY: i64 = 86_400_000;
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
}

#[derive(Debug)]
pub(super) struct Lead {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) mails: Vec<String>,
    pub(super) need: usize,
    pub(super) listing: usize,
    pub(super) stage: &'static str,
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

/// Forward by any number of steps, back by one; aside at any time and back onto the path, but not to its start nor
/// before 签约 once signed; lost before 签约, withdrawn from then on, also from aside; nothing after an end.
pub(super) fn may_move(path: &[&str], stood: &str, from: &str, to: &str) -> bool {
    let place = |stage: &str| path.iter().position(|step| *step == stage);
    let signed = place("signed");
    let has_signed = place(stood) >= signed;
    match (place(from), place(to)) {
        _ if is_end(path, from) => false,
        (Some(at), Some(next)) => next > at || next + 1 == at,
        (None, Some(next)) => next > 0 && (!has_signed || Some(next) >= signed),
        (_, None) => match to {
            "transferred" | "shelved" => from != to,
            "lost" => !has_signed,
            "withdrawn" => has_signed,
            _ => false,
        },
    }
}

/// The field's terms: a day to study it, three to answer, a week after the first talk, two weeks for each step more.
fn due(stage: &str, now: i64) -> i64 {
    let days = match stage {
        "registered" => 1,
        "assessed" => 3,
        "contacted" | "viewed" => 7,
        _ => 14,
    };
    now + days * DAY
}

fn is_answer(stage: &str) -> bool {
    !["registered", "assessed", "transferred", "shelved"].contains(&stage)
}

impl Lead {
    pub(super) fn park(&self) -> &'static str {
        LISTINGS[self.listing].1
    }

    pub(super) fn path(&self) -> &'static [&'static str] {
        LISTINGS[self.listing].2
    }

    pub(super) fn next(&self) -> Vec<&'static str> {
        let all = self.path().iter().chain(ASIDE).copied();
        all.filter(|to| may_move(self.path(), self.stood, self.stage, to)).collect()
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
        let needs_reason = ASIDE.contains(&wanted.to);
        match wanted {
            _ if self.people[wanted.who].only_reads() => "forbidden",
            _ if !self.sees(wanted.who, lead) => "not found",
            _ if wanted.version != lead.version => "conflict lead_changed",
            _ if !may_move(lead.path(), lead.stood, lead.stage, wanted.to) => "invalid to no_way",
            _ if needs_reason && wanted.note.trim().is_empty() => "invalid note missing",
            _ if wanted.note.chars().count() > LONGEST_NOTE => "invalid note too_long",
            _ => "ok",
        }
    }

    fn judge_look(&self, who: usize, lead: usize) -> &'static str {
        match &self.leads[lead] {
            _ if self.people[who].only_reads() => "forbidden",
            lead if !self.sees(who, lead) => "not found",
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
            Command::Show { lead, who } if self.sees(*who, &self.leads[*lead]) => vec![self.shown(*lead)],
            Command::Show { .. } => one("not found"),
            Command::Inbox { who, stage } => vec![self.inbox(*who, stage)],
            Command::Resend { lead, who, mail } => one(self.judge_resend(*lead, *who, *mail)),
            Command::Duel(moves) => {
                assert!(moves.iter().all(|wanted| self.judge_move(wanted) == "ok"), "both may win");
                ["ok, conflict lead_changed", "conflict lead_changed, ok"].map(str::to_owned).into()
            }
            Command::MoveAndErase(wanted) => match self.judge_move(wanted) {
                "ok" => ["ok, ok", "conflict lead_changed, ok", "not found, ok"].map(str::to_owned).into(),
                other => vec![format!("{other}, ok")],
            },
            Command::RevealAndErase { .. } => {
                ["ok, ok", "not found, ok", "gone, ok", "forbidden, ok"].map(str::to_owned).into()
            }
        }
    }

    fn judge_resend(&self, lead: usize, who: usize, mail: usize) -> &'static str {
        let lead = &self.leads[lead];
        match lead.mails.len() {
            _ if self.people[who].only_reads() => "forbidden",
            _ if !self.sees(who, lead) => "not found",
            mails if mail >= mails => "not found",
            mails if mail + 1 == mails && lead.mail == "failed" => "ok",
            _ => "conflict mail_not_failed",
        }
    }

    fn shown(&self, lead: usize) -> String {
        let lead = &self.leads[lead];
        let mut next = lead.next();
        next.sort_unstable();
        let (events, mails) = (lead.events.len(), lead.mails.len());
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
                self.needs.push(Need { reference, id, erased: None, doubt, is_hidden, accesses: Vec::new() });
            }
            Command::Ask { need, listings } if answer == "ok" => self.ask(*need, listings, made),
            Command::Erase { need, key } if answer == "ok" => self.erase(*need, *key),
            Command::Clear { need, .. } if answer == "ok" => {
                let need = &mut self.needs[*need];
                need.is_hidden = need.erased.is_some();
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

    /// One lead for each listing not asked for before; the answer names them in the order asked.
    fn ask(&mut self, need: usize, listings: &[usize], made: Made) {
        assert_eq!(made.numbers.len(), listings.len(), "one inquiry a listing");
        let now = self.now;
        for (&listing, number) in listings.iter().zip(made.numbers) {
            if let Some(known) = self.leads.iter().find(|lead| lead.need == need && lead.listing == listing) {
                assert_eq!(known.number, number, "the same listing asked again returns its inquiry");
                continue;
            }
            let (id, mail) = made.leads[&number].clone();
            self.leads.push(Lead {
                id,
                number,
                mails: vec![mail],
                need,
                listing,
                stage: "registered",
                stood: "registered",
                version: 1,
                owner: None,
                created: now,
                updated: now,
                due: due("registered", now),
                answered: None,
                mail: "queued",
                events: vec![format!("{now}|received||registered||")],
                audits: Vec::new(),
            });
        }
    }

    fn erase(&mut self, need: usize, key: usize) {
        self.needs[need].erased = Some(key);
        self.needs[need].is_hidden = true;
        // Nothing has been sent in these histories.
        self.leads.iter_mut().filter(|lead| lead.need == need).for_each(|lead| lead.mail = "cancelled");
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
        lead.owner = Some(wanted.who);
        lead.updated = now;
        lead.due = due(to, now);
        lead.answered = lead.answered.or(is_answer(to).then_some(now));
    }

    fn reveal(&mut self, lead: usize, who: usize) {
        let (now, account) = (self.now, &self.people[who].account);
        let lead = &mut self.leads[lead];
        lead.events.push(format!("{now}|reveal||||{account}"));
        lead.audits.push(format!("{account}|contact.reveal|"));
        self.needs[lead.need].accesses.push(format!("{now}|{account}|{}|contact", lead.park()));
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
            format!("{}|{}|{}|{owner}|{times}|{answered}|{seen}|{mail}", lead.park(), lead.stage, lead.version)
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
