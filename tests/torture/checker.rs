//! One checker for all runs: what clients were told, what the database holds, what the relay was given.

use std::collections::{HashMap, HashSet};

use crate::Findings;
use crate::database::Raw;
use crate::fault_relay::Taken;

/// What a client was told, kept outside the server.
#[derive(Debug, Clone)]
pub(crate) struct Acknowledged {
    pub(crate) reference: String,
    pub(crate) numbers: Vec<String>,
}

/// A run as its checker sees it.
pub(crate) struct Evidence<'a> {
    pub(crate) acknowledged: &'a [Acknowledged],
    pub(crate) relay: &'a [Taken],
    pub(crate) kills: usize,
    pub(crate) slots: usize,
}

/// A mail as the database has it.
struct Row {
    message_id: String,
    recipient: String,
    state: String,
    explained: usize,
}

/// Prints I1 to I9 and the bound on doubles.
pub(crate) async fn check(database: &Raw, evidence: &Evidence<'_>, findings: &mut Findings) {
    let mut none = |what: &str, found: usize| findings.figure(what, found, "0", found == 0);
    let numbers: HashSet<_> = database.rows("SELECT number FROM inquiry").await.into_iter().collect();
    let references: HashSet<_> = database.rows("SELECT reference FROM requirement").await.into_iter().collect();
    let told: Vec<_> = evidence.acknowledged.iter().flat_map(|told| &told.numbers).collect();
    let missing = told.iter().filter(|number| !numbers.contains(**number)).count()
        + evidence.acknowledged.iter().filter(|told| !references.contains(&told.reference)).count();
    none("I1 acknowledged and missing", missing);
    let surplus =
        references.len().saturating_sub(evidence.acknowledged.len()) + numbers.len().saturating_sub(told.len());
    none("I2 keys with more than one result", surplus);
    none("I3 inquiries with an incomplete row set", incomplete(database).await);

    let rows = mails(database).await;
    let settled = |row: &&Row| ["sent", "failed", "cancelled"].contains(&row.state.as_str());
    none("I4 mails not settled after the drain", rows.len() - rows.iter().filter(settled).count());
    none("I4 failed mails without a task", failed_without_task(database).await);

    let mut copies: HashMap<&str, Vec<&Taken>> = HashMap::new();
    for mail in evidence.relay.iter().filter(|mail| mail.accepted) {
        copies.entry(mail.message_id.as_deref().unwrap_or_default()).or_default().push(mail);
    }
    let answered =
        |row: &&Row| copies.get(row.message_id.as_str()).is_some_and(|all| all.iter().any(|m| m.answer_delivered));
    let sent = || rows.iter().filter(|row| row.state == "sent");
    none("I5 believed sent, never answered 250", sent().count() - sent().filter(answered).count());
    let by_id: HashMap<_, _> = rows.iter().map(|row| (row.message_id.as_str(), row)).collect();
    let explained = |id: &&str| by_id.get(*id).map_or(0, |row| row.explained);
    let unexplained = copies.iter().filter(|(id, all)| all.len() - 1 > explained(id)).count();
    none("I6 doubles that nothing explains", unexplained);
    let differing = copies.values().filter(|all| all.iter().any(|mail| mail.sha256 != all[0].sha256)).count();
    none("I7 doubles with other bytes", differing);
    let expected = |mail: &&Taken| {
        mail.message_id.as_deref().and_then(|id| by_id.get(id)).is_some_and(|row| row.recipient == mail.recipient)
    };
    none(
        "I8 mails that nobody asked for, or to somebody else",
        evidence.relay.iter().filter(|mail| !expected(mail)).count(),
    );
    none("I9 faults of the database itself", database_faults(database).await);

    let total = doubles(evidence.relay);
    let withheld = evidence.relay.iter().filter(|mail| mail.accepted && !mail.answer_delivered).count();
    let bound = withheld + evidence.kills * evidence.slots;
    let sane = total <= bound && (withheld == 0 || total > 0);
    let (kills, slots) = (evidence.kills, evidence.slots);
    findings.figure("D doubles", total, &format!("≤ A {withheld} + K {kills} × C {slots} = {bound}"), sane);
    findings.note("mails in the database", rows.len());
    findings.note("mails the relay took", copies.len());
    findings.note("inquiries", numbers.len());
    findings.note("requirements", references.len());
}

/// Mails that the relay took more than once, each further copy counted.
pub(crate) fn doubles(relay: &[Taken]) -> usize {
    let accepted: Vec<_> = relay.iter().filter(|mail| mail.accepted).map(|mail| &mail.message_id).collect();
    accepted.len() - accepted.iter().collect::<HashSet<_>>().len()
}

async fn incomplete(database: &Raw) -> usize {
    let lacking = "SELECT i.id FROM inquiry i WHERE
        NOT EXISTS (SELECT 1 FROM consent c WHERE c.requirement_id = i.requirement_id AND c.receiver = i.park_code)
        OR NOT EXISTS (SELECT 1 FROM audit a WHERE a.subject = i.id)
        OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.inquiry_id = i.id AND o.purpose = 'inquiry')
        OR NOT EXISTS (SELECT 1 FROM lead l JOIN lead_event e ON e.lead_id = l.id WHERE l.inquiry_id = i.id)";
    database.rows(lacking).await.len()
}

async fn mails(database: &Raw) -> Vec<Row> {
    let explanations = "SELECT outbox_id, CAST(COUNT(*) AS TEXT) FROM outbox_attempt
                        WHERE outcome IN ('ambiguous', 'lease_expired') GROUP BY outbox_id";
    let explained: HashMap<_, _> = database.rows(explanations).await.iter().filter_map(|row| pair(row)).collect();
    let rows = database.rows("SELECT id, message_id, recipient, state FROM outbox").await;
    rows.iter()
        .map(|row| {
            let mut cells = row.split('|').map(str::to_owned);
            let mut next = || cells.next().unwrap_or_default();
            let id = next();
            let explained = explained.get(&id).and_then(|count| count.parse().ok()).unwrap_or(0);
            Row { message_id: next(), recipient: next(), state: next(), explained }
        })
        .collect()
}

fn pair(row: &str) -> Option<(String, String)> {
    row.split_once('|').map(|(id, count)| (id.to_owned(), count.to_owned()))
}

async fn failed_without_task(database: &Raw) -> usize {
    let lacking = "SELECT id FROM outbox o WHERE state = 'failed'
                   AND NOT EXISTS (SELECT 1 FROM staff_task t WHERE t.outbox_id = o.id)";
    database.rows(lacking).await.len()
}

async fn database_faults(database: &Raw) -> usize {
    if database.is_sqlite() {
        let integrity = database.rows("SELECT integrity_check FROM pragma_integrity_check").await;
        let keys = database.rows("SELECT \"table\" FROM pragma_foreign_key_check").await;
        return integrity.iter().filter(|line| *line != "ok").count() + keys.len();
    }
    let idle = "SELECT CAST(pid AS TEXT) FROM pg_stat_activity
                WHERE state LIKE 'idle in transaction%' AND now() - state_change > interval '5 s'";
    database.execute("CREATE EXTENSION IF NOT EXISTS amcheck").await;
    // It raises an error at the first fault, which ends the run.
    let indexes = "SELECT bt_index_check(c.oid, true)::text FROM pg_class c JOIN pg_am a ON a.oid = c.relam
                   WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p'";
    database.rows(indexes).await;
    database.rows(idle).await.len()
}
