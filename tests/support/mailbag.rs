//! Letters and queued mails for tests.

use chrono::{DateTime, Utc};
use domain::time::Moment;
use luodi::mail::{Letter, Party};

use crate::database::TestDb;

/// Letter with every optional part.
pub(crate) fn letter() -> Letter {
    Letter {
        from: Party::named("落地选址", "noreply@luodi.example.com"),
        to: Party::named("示例园区招商局", "park@example.com"),
        reply_to: None,
        bounce_to: Some("bounce@luodi.example.com".into()),
        subject: "[LD-000123] 新询盘：示例标准地 3 号地块".into(),
        text: "您好：\n一行。\n.\n.点开头\n".into(),
        html: "<p>您好</p>\n".into(),
        kind: "inquiry",
        number: Some("LD-000123".into()),
        message_id: "018f.1@luodi.example.com".into(),
        date: DateTime::<Utc>::from_timestamp(1_790_000_000, 0).expect("a moment"),
        auto_submitted: true,
        list_unsubscribe: None,
        references: Vec::new(),
    }
}

/// Queues a mail with its own inquiry; `id` is the id of all rows.
pub(crate) async fn queue(test: &TestDb, id: &str, recipient: &str, at: Moment) {
    let Moment(at) = at;
    let bytes = mail_bytes(id, recipient);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let blob = if test.name == "sqlite" { format!("x'{hex}'") } else { format!("'\\x{hex}'::bytea") };
    test.execute(&format!(
        "INSERT INTO requirement (id, reference, state, body, locale, created_at)
             VALUES ('{id}', '{id}', 'open', '{{}}', 'zh-Hans', {at});
         INSERT INTO inquiry (id, number, requirement_id, listing_kind, listing_code, listing_name, park_code, state,
                              created_at, updated_at)
             VALUES ('{id}', 'LD-{id}', '{id}', 'plot', 'P1', 'P1', 'park-1', 'queued', {at}, {at});
         INSERT INTO outbox (id, purpose, requirement_id, inquiry_id, recipient, message_id, payload, state,
                             attempts, next_at, created_at)
             VALUES ('{id}', 'inquiry', '{id}', '{id}', '{recipient}', '{id}@luodi.example.com', {blob},
                     'queued', 0, {at}, {at})"
    ))
    .await;
}

fn mail_bytes(id: &str, recipient: &str) -> Vec<u8> {
    let mut letter = letter();
    letter.message_id = format!("{id}@luodi.example.com");
    letter.to.address = recipient.to_owned();
    letter.build(None).expect("builds").bytes
}
