//! The content of each mail. Bytes and Message-ID are fixed here, before the transaction that queues them.

use domain::stored::StoredRequirement;

use super::context::Context;
use crate::db::letters::NewMail;
use crate::db::listing_report::ReportRow;
use crate::db::requirement::RequirementRow;
use crate::db::words::MailPurpose;
use crate::error::Result;
use crate::i18n::{self, Locale};
use crate::ids;
use crate::mail::{
    FilesMail, InboxConfirmMail, InquiryMail, Letter, NeedAlertMail, NeedLine, NewsMail, Party, ReceiptMail, Rendered,
    ReplyMail, ReportAnswerMail, StaffMail, StillValidMail, WithdrawalMail, verp_address,
};

/// The locale of mails to parks.
const STAFF: Locale = Locale::ZhHans;

/// The variables of an inquiry's mail.
pub(super) struct InquiryFacts<'a> {
    pub(super) number: &'a str,
    pub(super) lead_id: &'a str,
    /// The Reply-To address.
    pub(super) reply_to: Option<String>,
    pub(super) listing_name: &'a str,
    pub(super) requirement: &'a StoredRequirement,
    pub(super) company: &'a str,
    pub(super) masked_phone: &'a str,
    /// The day by which the enterprise is to be answered.
    pub(super) due_on: chrono::NaiveDate,
    /// The enterprise's own words by line, its address and phone masked.
    pub(super) words: Vec<String>,
    /// Whether the enterprise writes English.
    pub(super) in_english: bool,
}

/// Builds the mail to a park's inbox: requirement, company, masked phone and portal link.
pub(super) fn inquiry(app: &Context, facts: &InquiryFacts<'_>, inbox: &str, ids: (&str, &str)) -> Result<NewMail> {
    let (main, more) = need(STAFF, facts.requirement);
    let headline = i18n::headline(STAFF, facts.requirement);
    let mail = InquiryMail {
        number: facts.number.to_owned(),
        listing_name: facts.listing_name.to_owned(),
        headline: if headline.is_empty() { facts.listing_name.to_owned() } else { headline },
        facts: main,
        more_facts: more,
        facts_en: if facts.in_english { english(facts.requirement) } else { Vec::new() },
        words: facts.words.clone(),
        operator: app.config.site.operator.clone(),
        operator_contact: app.config.site.contact.clone(),
        masked_phone: facts.masked_phone.to_owned(),
        company: facts.company.to_owned(),
        portal_url: format!("{}/staff/leads/{}", base(app), facts.lead_id),
        has_reply_address: facts.reply_to.is_some(),
        answer_within: i18n::say(STAFF, "mail.answer_by", &[("day", &i18n::date(STAFF, facts.due_on))]),
    };
    let rendered = app.templates.inquiry(&mail).map_err(|e| anyhow::anyhow!(e))?;
    let built = build(app, MailPurpose::Inquiry, Some(facts.number), inbox, rendered)?
        .reply_to(facts.reply_to.clone())
        .fixed(app)?;
    Ok(NewMail {
        purpose: MailPurpose::Inquiry,
        requirement_id: Some(ids.0.to_owned()),
        inquiry_id: Some(ids.1.to_owned()),
        resend_of: None,
        is_parked: false,
        mail: built,
    })
}

/// Builds the receipt to the enterprise: its need in our words, the parks that were asked, and the link to its status page.
/// The address is unconfirmed: the mail has no words of the visitor. `parks` are codes.
pub(super) fn receipt(app: &Context, new: &RequirementRow, parks: &[String], is_later: bool) -> Result<NewMail> {
    let address = new.contact.as_ref().map_or("", |contact| &contact.email);
    let (main, more) = need(STAFF, &new.requirement);
    let is_worded = |locale: Locale| move |fact: &NeedLine| fact.label != i18n::field(locale, "capacity");
    let names = |locale: Locale| {
        parks.iter().map(|code| i18n::park_name(locale, code, &app.inventory.park_name(code))).collect()
    };
    let in_english = if reads_english(new) { english(&new.requirement) } else { Vec::new() };
    let mail = ReceiptMail {
        status_url: status_url(app, &new.reference),
        facts: main.into_iter().chain(more).filter(is_worded(STAFF)).collect(),
        in_english: in_english.into_iter().filter(is_worded(Locale::En)).collect(),
        headline: i18n::headline(STAFF, &new.requirement),
        parks: names(STAFF),
        parks_in_english: names(Locale::En),
        is_later,
    };
    let rendered = app.templates.receipt(&mail).map_err(|e| anyhow::anyhow!(e))?;
    let built = build(app, MailPurpose::Receipt, None, address, rendered)?.fixed(app)?;
    Ok(NewMail {
        purpose: MailPurpose::Receipt,
        requirement_id: Some(new.id.clone()),
        inquiry_id: None,
        resend_of: None,
        is_parked: new.is_suspected(),
        mail: built,
    })
}

/// Builds a receipt that is not sent, for a test of the signature.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal) where the configuration makes no valid mail.
pub fn sample(app: &Context) -> Result<crate::mail::Built> {
    let mail = ReceiptMail { status_url: status_url(app, "sample"), ..ReceiptMail::default() };
    let rendered = app.templates.receipt(&mail).map_err(|e| anyhow::anyhow!(e))?;
    build(app, MailPurpose::Receipt, None, "inbox@example.com", rendered)?.fixed(app)
}

/// Builds the withdrawal notice to a park that had received the inquiry.
pub(super) fn withdrawal(
    app: &Context,
    number: &str,
    listing_name: &str,
    inbox: &str,
    inquiry_id: &str,
) -> Result<NewMail> {
    let mail = WithdrawalMail {
        number: number.to_owned(),
        listing_name: listing_name.to_owned(),
        operator: app.config.site.operator.clone(),
        operator_contact: app.config.site.contact.clone(),
    };
    let rendered = app.templates.withdrawal(&mail).map_err(|e| anyhow::anyhow!(e))?;
    let built = build(app, MailPurpose::Withdrawal, Some(number), inbox, rendered)?.fixed(app)?;
    Ok(NewMail {
        purpose: MailPurpose::Withdrawal,
        requirement_id: None,
        inquiry_id: Some(inquiry_id.to_owned()),
        resend_of: None,
        is_parked: false,
        mail: built,
    })
}

/// The variables of a notice.
pub(super) struct News<'a> {
    pub(super) purpose: MailPurpose,
    /// Number of the inquiry; `None` where it is about several.
    pub(super) number: Option<&'a str>,
    pub(super) subject: String,
    /// Paragraphs.
    pub(super) lines: Vec<String>,
    /// Items of a list.
    pub(super) rows: Vec<String>,
    /// A path of this service and the words of its link.
    pub(super) link: Option<(String, String)>,
    /// The Reply-To address.
    pub(super) reply_to: Option<String>,
    /// Ids of the requirement and inquiry whose withdrawal cancels and erases the mail.
    pub(super) about: (Option<String>, Option<String>),
}

/// Builds a notice that answers an action.
pub(super) fn news(app: &Context, news: News<'_>, to: &str) -> Result<NewMail> {
    notice(app, news, to, None)
}

/// Builds a notice that its reader can stop.
pub(super) fn optional_news(app: &Context, news: News<'_>, to: &str, stop_url: &str) -> Result<NewMail> {
    notice(app, news, to, Some(stop_url))
}

fn notice(app: &Context, news: News<'_>, to: &str, stop_url: Option<&str>) -> Result<NewMail> {
    let footer = if news.reply_to.is_some() { "mail.footer_reply" } else { "mail.footer" };
    let (path, link_label) = news.link.unzip();
    let mail = NewsMail {
        number: news.number.map(str::to_owned),
        subject: news.subject,
        lines: news.lines,
        rows: news.rows,
        link: path.map(|path| format!("{}{path}", base(app))),
        link_label: link_label.unwrap_or_default(),
        footer: i18n::tell(STAFF, footer),
        stop_url: stop_url.map(str::to_owned),
    };
    let rendered = app.templates.news(&mail).map_err(|e| anyhow::anyhow!(e))?;
    let draft = build(app, news.purpose, news.number, to, rendered)?.reply_to(news.reply_to);
    let built = draft.optional(stop_url).fixed(app)?;
    let (requirement_id, inquiry_id) = news.about;
    Ok(NewMail { purpose: news.purpose, requirement_id, inquiry_id, resend_of: None, is_parked: false, mail: built })
}

/// Builds the mail with which the owner of a park's new inbox confirms it.
pub(super) fn inbox_confirm(app: &Context, park: &str, address: &str, token: &str) -> Result<NewMail> {
    let mail = InboxConfirmMail {
        park: park.to_owned(),
        confirm_url: format!("{}/staff/inbox/{token}", base(app)),
        operator: app.config.site.operator.clone(),
        operator_contact: app.config.site.contact.clone(),
    };
    let rendered = app.templates.inbox_confirm(&mail).map_err(|e| anyhow::anyhow!(e))?;
    let built = build(app, MailPurpose::InboxConfirm, None, address, rendered)?.fixed(app)?;
    Ok(NewMail {
        purpose: MailPurpose::InboxConfirm,
        requirement_id: None,
        inquiry_id: None,
        resend_of: None,
        is_parked: false,
        mail: built,
    })
}

/// Builds a mail to a member of staff; `url` is the address of its button.
pub(super) fn account(app: &Context, purpose: MailPurpose, to: &str, url: Option<&str>) -> Result<NewMail> {
    let [subject, text, button] = match purpose {
        MailPurpose::Invitation => ["mail.invitation.subject", "mail.invitation.text", "mail.invitation.button"],
        MailPurpose::Reset => ["mail.reset.subject", "mail.reset.text", "mail.reset.button"],
        _ => ["mail.unlock.subject", "mail.unlock.text", "mail.unlock.button"],
    };
    let mail = StaffMail {
        subject: i18n::tell(STAFF, subject),
        text: i18n::tell(STAFF, text),
        button: i18n::tell(STAFF, button),
        url: url.unwrap_or(base(app)).to_owned(),
        stop_url: None,
    };
    staff(app, purpose, to, &mail)
}

/// Builds a warning to a manager: an account has reached a limit of the day.
pub(super) fn alert(
    app: &Context,
    key: &str,
    (account, most): (&str, i64),
    to: &str,
    stop_url: &str,
) -> Result<NewMail> {
    let most = most.to_string();
    let mail = StaffMail {
        subject: i18n::tell(STAFF, "mail.alert.subject"),
        text: i18n::say(STAFF, key, &[("account", account), ("most", &most)]),
        button: i18n::tell(STAFF, "mail.alert.button"),
        url: format!("{}/staff/people", base(app)),
        stop_url: Some(stop_url.to_owned()),
    };
    staff(app, MailPurpose::Alert, to, &mail)
}

fn staff(app: &Context, purpose: MailPurpose, to: &str, mail: &StaffMail) -> Result<NewMail> {
    let rendered = app.templates.staff(mail).map_err(|e| anyhow::anyhow!(e))?;
    let built = build(app, purpose, None, to, rendered)?.optional(mail.stop_url.as_deref()).fixed(app)?;
    Ok(NewMail { purpose, requirement_id: None, inquiry_id: None, resend_of: None, is_parked: false, mail: built })
}

/// Builds the monthly question to a park: how many of its listings wait for a word, and the link to their page.
pub(super) fn still_valid(
    app: &Context,
    (park, count): (&str, usize),
    token: &str,
    inbox: &str,
    stop_url: &str,
) -> Result<NewMail> {
    let mail = StillValidMail {
        park: park.to_owned(),
        count: count.to_string(),
        page_url: format!("{}/still-valid/{token}", base(app)),
        listings_url: format!("{}/staff/listings", base(app)),
        stop_url: stop_url.to_owned(),
    };
    let rendered = app.templates.still_valid(&mail).map_err(|e| anyhow::anyhow!(e))?;
    let draft = build(app, MailPurpose::StillValid, None, inbox, rendered)?;
    unbound(MailPurpose::StillValid, draft.optional(Some(stop_url)).fixed(app)?)
}

/// Builds the note to a reader that a report was answered, in the reader's language: fixed words, the listing, the ticket
/// and its page; nothing that a reader typed.
pub(super) fn report_answer(app: &Context, report: &ReportRow, address: &str) -> Result<NewMail> {
    let in_english = report.locale == Locale::En.tag();
    let prefix = if in_english { "/en" } else { "" };
    let mail = ReportAnswerMail {
        number: report.number.clone(),
        listing_name: report.listing_name.clone(),
        in_english,
        ticket_url: format!("{}{prefix}/tickets/{}", base(app), report.number),
    };
    let rendered = app.templates.report_answer(&mail).map_err(|e| anyhow::anyhow!(e))?;
    unbound(MailPurpose::ReportAnswer, build(app, MailPurpose::ReportAnswer, None, address, rendered)?.fixed(app)?)
}

/// Builds a mail about an alert; with a `stop_url` one click ends it.
pub(super) fn need_alert(app: &Context, purpose: MailPurpose, mail: &NeedAlertMail, to: &str) -> Result<NewMail> {
    let rendered = app.templates.need_alert(mail).map_err(|e| anyhow::anyhow!(e))?;
    let draft = build(app, purpose, None, to, rendered)?;
    unbound(purpose, draft.optional(mail.stop_url.as_deref()).fixed(app)?)
}

/// A mail that belongs to no requirement and no inquiry.
const fn unbound(purpose: MailPurpose, mail: crate::mail::Built) -> Result<NewMail> {
    Ok(NewMail { purpose, requirement_id: None, inquiry_id: None, resend_of: None, is_parked: false, mail })
}

/// Whether the enterprise of a requirement writes English.
pub(super) fn reads_english(requirement: &RequirementRow) -> bool {
    requirement.locale == Locale::En.tag()
}

/// Returns the address of a requirement's private page.
pub(super) fn status_url(app: &Context, reference: &str) -> String {
    format!("{}/requirements/{reference}", base(app))
}

/// Returns the address of the leads of staff.
pub(super) fn desk_url(app: &Context) -> String {
    format!("{}/staff", base(app))
}

/// Returns the public address of a path in a locale.
pub(super) fn public_url(app: &Context, locale: Locale, path: &str) -> String {
    let english = if locale == Locale::En { "/en" } else { "" };
    format!("{}{english}{path}", base(app))
}

fn base(app: &Context) -> &str {
    app.config.server.base_url.trim_end_matches('/')
}

/// A letter before its reply address and Message-ID are final.
struct LetterDraft(Letter);

impl LetterDraft {
    fn reply_to(mut self, alias: Option<String>) -> Self {
        self.0.reply_to = alias.map(Party::bare);
        self
    }

    /// Adds the one click that stops such mails.
    fn optional(mut self, stop_url: Option<&str>) -> Self {
        self.0.list_unsubscribe = stop_url.map(str::to_owned);
        self
    }

    /// Gives the Message-ID a local part that the same cause gives again.
    fn named(mut self, name: &str) -> Self {
        let host = self.0.message_id.rsplit('@').next().unwrap_or("localhost").to_owned();
        self.0.message_id = format!("{name}@{host}");
        self
    }

    fn fixed(self, app: &Context) -> Result<crate::mail::Built> {
        Ok(self.0.build(app.dkim.as_ref()).map_err(|e| anyhow::anyhow!("mail: {e}"))?)
    }
}

fn build(
    app: &Context,
    purpose: MailPurpose,
    number: Option<&str>,
    to: &str,
    rendered: Rendered,
) -> Result<LetterDraft> {
    let now = app.clock.now();
    let from = Party::parse(&app.config.mail.from).map_err(|e| anyhow::anyhow!("mail.from: {e}"))?;
    let host = from.address.rsplit('@').next().unwrap_or("localhost").to_owned();
    Ok(LetterDraft(Letter {
        to: Party::bare(to),
        reply_to: None,
        bounce_to: Some(bounce_address(app)),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        kind: purpose.word(),
        number: number.map(str::to_owned),
        message_id: format!("{}@{host}", ids::row_id()),
        date: now.in_china().to_utc(),
        auto_submitted: true,
        list_unsubscribe: None,
        references: Vec::new(),
        from,
    }))
}

/// Envelope sender of one mail: `bounce+TOKEN@` the bounce domain, else the one address for all.
fn bounce_address(app: &Context) -> String {
    match app.config.mail.bounce_domain.as_str() {
        "" => app.envelope_from(),
        domain => verp_address(&ids::reference(), domain),
    }
}

/// Builds a forwarded reply. `name` becomes the Message-ID, so that a reply read twice is queued once; `thread` are the mails
/// that its reader already has.
pub(super) fn reply(
    app: &Context,
    mail: &ReplyMail,
    to: &str,
    alias: Option<String>,
    (name, thread): (&str, Vec<String>),
) -> Result<crate::mail::Built> {
    let rendered = app.templates.reply(mail).map_err(|e| anyhow::anyhow!(e))?;
    let mut draft = build(app, MailPurpose::Reply, Some(&mail.number), to, rendered)?.reply_to(alias).named(name);
    draft.0.references = thread;
    draft.fixed(app)
}

/// Builds the notice to the writer of a reply whose files were not forwarded.
pub(super) fn files_notice(
    app: &Context,
    mail: &FilesMail,
    to: &str,
    alias: Option<String>,
    name: &str,
) -> Result<crate::mail::Built> {
    let rendered = app.templates.files(mail).map_err(|e| anyhow::anyhow!(e))?;
    let draft = build(app, MailPurpose::FilesNotice, Some(&mail.number), to, rendered)?;
    draft.reply_to(alias).named(&format!("{name}.files")).fixed(app)
}

/// Fields that the subject tells, first in the mail as well.
const MAIN: &[&str] = &["industry", "use", "land_mu", "floor_m2", "workstations", "tax_wan"];

/// The need in words: what decides first, then the rest. A `false` and coordinates tell a reader nothing.
fn need(locale: Locale, requirement: &StoredRequirement) -> (Vec<NeedLine>, Vec<NeedLine>) {
    let facts = i18n::stored_facts(locale, requirement).into_iter();
    let is_no = |name: &str| name == "chemical" && requirement.known().chemical == Some(false);
    let told = facts.filter(|fact| fact.name != "near" && !is_no(&fact.name));
    let (main, more): (Vec<_>, Vec<_>) = told.partition(|fact| MAIN.contains(&fact.name.as_str()));
    let line = |fact: i18n::LabelledValue| NeedLine { label: fact.label, value: fact.value };
    (main.into_iter().map(line).collect(), more.into_iter().map(line).collect())
}

fn english(requirement: &StoredRequirement) -> Vec<NeedLine> {
    need_lines(Locale::En, requirement)
}

/// The whole need in words, what decides first.
pub(super) fn need_lines(locale: Locale, requirement: &StoredRequirement) -> Vec<NeedLine> {
    let (main, more) = need(locale, requirement);
    main.into_iter().chain(more).collect()
}
