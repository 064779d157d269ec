//! The desk of the policy library: drafts, their form, their preview with its checks, and what was published before.

use axum::http::StatusCode;
use domain::column::Cell;
use domain::import::Note;
use domain::policy_check::{PolicyFinding, outside_links};
use domain::record::{Policies, Record, Table as _};
use domain::requirement::Word as _;
use domain::time::Moment;
use serde::Serialize;

use crate::db::policy_desk::PolicyVersion;
use crate::error::Error;
use crate::i18n::{column as column_label, import_note, moment, say, word};
use crate::service::policy_desk::{self, PublishedDraft, SavedDraft, TypedPolicy};
use crate::service::policy_links::{self, CheckedLink};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, PolicyArticle, Query, WrongField, article};
use crate::web::view::{address, encode};

/// Columns with a text area.
const LONG: [&str; 4] = ["summary", "body", "targets", "needs"];

#[derive(Serialize)]
struct LibraryPage {
    drafts: Vec<DeskRow>,
    published: Vec<DeskRow>,
    new_url: String,
}

#[derive(Serialize)]
struct DeskRow {
    title: String,
    url: String,
    about: String,
    versions_url: Option<String>,
}

/// `GET /staff/policies`
pub(super) async fn list(page: Page) -> PageResult {
    let drafts = policy_desk::drafts(&page.app, page.staff()?).await?;
    let names = page.app.db.account_names().await.map_err(Error::from)?;
    let rows = drafts.iter().map(|draft| DeskRow {
        title: draft.record.get("title").to_owned(),
        url: page.url(&format!("/staff/policies/drafts/{}", draft.id)),
        about: format!("{} · {}", moment(page.locale, draft.updated_at), name_of(&names, &draft.author)),
        versions_url: None,
    });
    let rows = rows.collect();
    let all = page.app.policies.all();
    let of = |path: &str, id: &str| address(&page.url(path), [("of", id)].into_iter());
    let published = all.iter().map(|policy| DeskRow {
        title: policy.get("title").to_owned(),
        url: of("/staff/policies/form", policy.id()),
        about: [policy.id(), policy.get("kind")].join(" · "),
        versions_url: Some(of("/staff/policies/versions", policy.id())),
    });
    let published = published.collect();
    page.show("staff/policies.html", LibraryPage { drafts: rows, published, new_url: page.url("/staff/policies/form") })
}

/// Mail addresses of accounts by their ids.
type AccountNames = std::collections::HashMap<String, String>;

fn name_of<'n>(names: &'n AccountNames, account: &'n str) -> &'n str {
    names.get(account).map_or(account, String::as_str)
}

#[derive(Serialize)]
struct PolicyForm {
    draft: String,
    policy: String,
    title: String,
    fields: Vec<PolicyField>,
    errors: Vec<WrongField>,
}

#[derive(Serialize)]
struct PolicyField {
    name: &'static str,
    label: String,
    /// `area`, or a type of `<input>`.
    input: &'static str,
    value: String,
    required: bool,
    error: Option<String>,
}

/// `GET /staff/policies/form?of=&draft=`
pub(super) async fn form(page: Page, query: Query) -> PageResult {
    let actor = page.staff()?;
    let (draft, policy) = (query.get("draft").to_owned(), query.get("of").to_owned());
    let (policy, record) = if draft.is_empty() {
        let record = policy_desk::begin(&page.app, actor, &policy).await?;
        (policy, record)
    } else {
        let found = policy_desk::draft(&page.app, actor, &draft).await?;
        (found.policy, found.record)
    };
    let cells = Policies.columns().iter().map(|column| (column.name.to_owned(), record.get(column.name).to_owned()));
    let given = TypedPolicy { draft, policy, cells: cells.collect() };
    form_page(&page, &given, &[], StatusCode::OK)
}

/// `POST /staff/policies`
pub(super) async fn save(page: Page, form: Form) -> PageResult {
    let cells = Policies.columns().iter().map(|column| (column.name.to_owned(), form.get(column.name).to_owned()));
    let given =
        TypedPolicy { draft: form.get("draft").to_owned(), policy: form.get("of").to_owned(), cells: cells.collect() };
    match policy_desk::save(&page.app, page.staff()?, given.clone()).await? {
        SavedDraft::Stored(id) => Ok(page.see(&format!("/staff/policies/drafts/{id}"))),
        SavedDraft::Wrong(notes) => form_page(&page, &given, &notes, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

fn form_page(page: &Page, given: &TypedPolicy, notes: &[Note], status: StatusCode) -> PageResult {
    let fault = |name: &str| notes.iter().find(|note| note.column == name).map(|note| import_note(page.locale, note));
    let value = |name: &str| given.cells.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    let fields = Policies.columns().iter().map(|column| PolicyField {
        name: column.name,
        label: column_label(page.locale, Policies.label(column)),
        input: match column.cell {
            Cell::Day => "date",
            _ if LONG.contains(&column.name) => "area",
            _ => "text",
        },
        value: value(column.name).to_owned(),
        required: column.required || column.filled,
        error: fault(column.name),
    });
    let wrong = |note: &Note| WrongField {
        field: note.column.clone(),
        label: column_label(page.locale, &note.column),
        message: import_note(page.locale, note),
    };
    let context = PolicyForm {
        draft: given.draft.clone(),
        policy: given.policy.clone(),
        title: page.tell(if given.policy.is_empty() { "policy_desk.new" } else { "policy_desk.edit" }),
        fields: fields.collect(),
        errors: notes.iter().map(wrong).collect(),
    };
    page.show_as(status, "staff/policy_form.html", context)
}

#[derive(Serialize)]
struct DraftPage {
    article: PolicyArticle,
    author: String,
    saved: String,
    /// The time of the last save, which the publisher has seen.
    seen: i64,
    findings: Vec<FindingLine>,
    /// Where they were looked at.
    links: Option<Vec<LinkLine>>,
    has_links: bool,
    changes: Vec<ChangedCell>,
    /// Whether the reader wrote it.
    is_own: bool,
    may_publish: bool,
    base: String,
    edit_url: String,
}

#[derive(Serialize)]
struct FindingLine {
    label: String,
    words: String,
    text: String,
    blocks: bool,
}

#[derive(Serialize)]
struct ChangedCell {
    label: String,
    from: String,
    to: String,
}

/// A link to another site with what that answered.
#[derive(Serialize)]
struct LinkLine {
    label: String,
    link: String,
    state: &'static str,
    words: String,
    answer: String,
}

fn link_line(page: &Page, link: &CheckedLink) -> LinkLine {
    LinkLine {
        label: column_label(page.locale, link.column),
        link: link.link.clone(),
        state: link.state.word(),
        words: word(page.locale, "link_state", link.state.word()),
        answer: link.answer.clone(),
    }
}

/// `GET /staff/policies/drafts/{id}`: the page as it would be, its checks, and what it changes.
pub(super) async fn show(page: Page, Id(id): Id<String>) -> PageResult {
    draft_page(page, id, None, StatusCode::OK).await
}

/// `POST /staff/policies/drafts/{id}/links`: the same with the links to other sites followed.
pub(super) async fn links(page: Page, Id(id): Id<String>) -> PageResult {
    let draft = policy_desk::draft(&page.app, page.staff()?, &id).await?;
    let links = policy_links::check(&page.app, &draft.record).await;
    draft_page(page, id, Some(links), StatusCode::OK).await
}

async fn draft_page(page: Page, id: String, links: Option<Vec<CheckedLink>>, status: StatusCode) -> PageResult {
    let actor = page.staff()?;
    let draft = policy_desk::draft(&page.app, actor, &id).await?;
    let before = match policy_desk::begin(&page.app, actor, &draft.policy).await {
        Err(Error::NotFound) => Record::blank(Policies),
        before => before?,
    };
    let findings = policy_desk::faults(&page.app, &draft.record);
    let names = page.app.db.account_names().await.map_err(Error::from)?;
    let is_own = draft.author == actor.id;
    let base = page.url(&format!("/staff/policies/drafts/{}", encode(&id)));
    let context = DraftPage {
        article: article(&page, &draft.record),
        author: name_of(&names, &draft.author).to_owned(),
        saved: moment(page.locale, draft.updated_at),
        seen: draft.updated_at.0,
        changes: changes(&page, &before, &draft.record),
        may_publish: !is_own && !findings.iter().any(|finding| finding.fault.blocks()),
        findings: findings.iter().map(|finding| finding_line(&page, finding)).collect(),
        links: links.map(|links| links.iter().map(|link| link_line(&page, link)).collect()),
        has_links: !outside_links(&draft.record).is_empty(),
        is_own,
        edit_url: address(&page.url("/staff/policies/form"), [("draft", id.as_str())].into_iter()),
        base,
    };
    page.show_as(status, "staff/policy_draft.html", context)
}

fn finding_line(page: &Page, finding: &PolicyFinding) -> FindingLine {
    FindingLine {
        label: column_label(page.locale, finding.column),
        words: word(page.locale, "policy_fault", finding.fault.word()),
        text: finding.text.clone(),
        blocks: finding.fault.blocks(),
    }
}

fn changes(page: &Page, before: &Record<Policies>, after: &Record<Policies>) -> Vec<ChangedCell> {
    let changed = Policies.columns().iter().filter(|column| before.get(column.name) != after.get(column.name));
    let cell = |column: &domain::column::Column| ChangedCell {
        label: column_label(page.locale, Policies.label(column)),
        from: before.get(column.name).to_owned(),
        to: after.get(column.name).to_owned(),
    };
    changed.map(cell).collect()
}

/// `POST /staff/policies/drafts/{id}/publish`
pub(super) async fn publish(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let seen = Moment(form.get("seen").parse().unwrap_or_default());
    match policy_desk::publish(&page.app, page.staff()?, &id, seen).await? {
        PublishedDraft::Stored(code) => Ok(page.see(&format!("/policies/{}", encode(&code)))),
        PublishedDraft::DeadLinks(links) => draft_page(page, id, Some(links), StatusCode::CONFLICT).await,
    }
}

/// `POST /staff/policies/drafts/{id}/discard`
pub(super) async fn discard(page: Page, Id(id): Id<String>) -> PageResult {
    policy_desk::discard(&page.app, page.staff()?, &id).await?;
    Ok(page.see("/staff/policies"))
}

#[derive(Serialize)]
struct VersionLine {
    about: String,
    changes: Vec<ChangedCell>,
}

#[derive(Serialize)]
struct VersionsPage {
    title: String,
    public_url: String,
    versions: Vec<VersionLine>,
}

/// `GET /staff/policies/versions?of=`
pub(super) async fn versions(page: Page, query: Query) -> PageResult {
    let (actor, code) = (page.staff()?, query.get("of"));
    let title = policy_desk::begin(&page.app, actor, code).await?.get("title").to_owned();
    let versions = policy_desk::versions(&page.app, actor, code).await?;
    let (names, blank) = (page.app.db.account_names().await.map_err(Error::from)?, Record::blank(Policies));
    let line = |(at, version): (usize, &PolicyVersion)| {
        let published = moment(page.locale, version.published_at);
        let told = [
            ("at", published.as_str()),
            ("author", name_of(&names, &version.author)),
            ("reader", name_of(&names, &version.reader)),
        ];
        let before = versions.get(at + 1).map_or(&blank, |former| &former.record);
        VersionLine {
            about: say(page.locale, "policy_desk.version", &told),
            changes: changes(&page, before, &version.record),
        }
    };
    let lines = versions.iter().enumerate().map(line).collect();
    let public_url = page.url(&format!("/policies/{}", encode(code)));
    page.show("staff/policy_versions.html", VersionsPage { title, public_url, versions: lines })
}
