//! Shapes of the OpenAPI document for answers; `tests/it/openapi.rs` compares them with real ones.
#![expect(dead_code, reason = "described, never built")]

use serde_json::Value;
use utoipa::ToSchema;

use super::schema::{HoldShape, LeadShape, RequirementShape};

/// The privacy notice in force.
#[derive(ToSchema)]
#[schema(as = Notice)]
pub(super) struct NoticeShape {
    version: String,
    text: String,
}

/// A piece of the text that was read into a field.
#[derive(ToSchema)]
#[schema(as = Span)]
pub(super) struct SpanShape {
    field: String,
    /// In Unicode scalar values
    start: u64,
    end: u64,
    text: String,
    value: Value,
}

/// A piece of the text that was not understood.
#[derive(ToSchema)]
#[schema(as = UnreadPart)]
pub(super) struct UnreadPartShape {
    start: u64,
    end: u64,
    text: String,
}

/// A question about the text.
#[derive(ToSchema)]
#[schema(as = Question)]
pub(super) struct QuestionShape {
    field: String,
    code: String,
    message: String,
}

/// Another need in the same text.
#[derive(ToSchema)]
#[schema(as = OtherNeed)]
pub(super) struct OtherNeedShape {
    requirement: RequirementShape,
    start: u64,
    end: u64,
}

/// Fields read from a text.
#[derive(ToSchema)]
#[schema(as = Reading)]
pub(super) struct ReadingShape {
    requirement: RequirementShape,
    /// `company`, `person`, `phone`, `phones`, `email`, `uscc`, `wechat`, as far as read
    contact: Value,
    spans: Vec<SpanShape>,
    unread: Vec<UnreadPartShape>,
    questions: Vec<QuestionShape>,
    others: Vec<OtherNeedShape>,
}

/// A listing, in short.
#[derive(ToSchema)]
#[schema(as = ListingRef)]
pub(super) struct ListingRefShape {
    id: String,
    /// park, plot or space
    kind: String,
    name: String,
    #[schema(required)]
    park: Option<String>,
    #[schema(required)]
    region: Option<String>,
}

/// One criterion as judged.
#[derive(ToSchema)]
#[schema(as = Judged)]
pub(super) struct JudgedShape {
    criterion: String,
    /// must or prefer
    mode: String,
    /// met, short, unknown or unstated
    verdict: String,
    #[schema(required)]
    need: Option<Value>,
    #[schema(required)]
    offer: Option<Value>,
    /// A number with at most four places
    gap: Option<f64>,
    unit: Option<String>,
    points: u32,
    max_points: u32,
}

/// One listing judged against the requirement.
#[derive(ToSchema)]
#[schema(as = Match)]
pub(super) struct MatchShape {
    listing: ListingRefShape,
    score: u32,
    take_mu: Option<f64>,
    held: Option<Vec<Value>>,
    criteria: Vec<JudgedShape>,
}

/// A change, and how many near listings it opens.
#[derive(ToSchema)]
#[schema(as = RelaxationStep)]
pub(super) struct RelaxationStepShape {
    /// A number, or the value to accept besides
    change: Value,
    opens: u64,
}

/// The smallest changes of one criterion.
#[derive(ToSchema)]
#[schema(as = Relaxation)]
pub(super) struct RelaxationShape {
    criterion: String,
    unit: Option<String>,
    steps: Vec<RelaxationStepShape>,
}

/// Numbers of judged listings.
#[derive(ToSchema)]
#[schema(as = Counts)]
pub(super) struct CountsShape {
    considered: u64,
    matched: u64,
    to_confirm: u64,
    near: u64,
}

/// The answer to a requirement.
#[derive(ToSchema)]
#[schema(as = Answer)]
pub(super) struct AnswerShape {
    /// The ranking's version
    version: String,
    counts: CountsShape,
    matched: Vec<MatchShape>,
    to_confirm: Vec<MatchShape>,
    near: Vec<MatchShape>,
    relaxations: Vec<RelaxationShape>,
    /// Two changes that together open what neither opens alone
    pairs: Option<Vec<Value>>,
}

/// A requirement as it was stored.
#[derive(ToSchema)]
#[schema(as = Submitted)]
pub(super) struct SubmittedShape {
    reference: String,
    status_url: String,
    matches: AnswerShape,
}

/// A requirement as it was corrected.
#[derive(ToSchema)]
#[schema(as = Corrected)]
pub(super) struct CorrectedShape {
    reference: String,
    requirement: RequirementShape,
    matches: AnswerShape,
}

/// An inquiry as its enterprise sees it.
#[derive(ToSchema)]
#[schema(as = Inquiry)]
pub(super) struct InquiryShape {
    number: String,
    listing: String,
    kind: String,
    park: String,
    park_name: String,
    /// queued, sent, failed, no_inbox, with_operator or cancelled
    state: String,
    sent_at: Option<String>,
    due_on: Option<String>,
    answered_at: Option<String>,
    stage: Option<String>,
}

/// The inquiries of a call, in the order asked.
#[derive(ToSchema)]
#[schema(as = Inquiries)]
pub(super) struct InquiriesShape {
    inquiries: Vec<InquiryShape>,
}

/// A look at the contact data.
#[derive(ToSchema)]
#[schema(as = Access)]
pub(super) struct AccessShape {
    at: String,
    /// Absent for the platform's own people
    #[schema(required)]
    park: Option<String>,
    what: String,
}

/// A hand-over as the enterprise sees it.
#[derive(ToSchema)]
#[schema(as = Proposal)]
pub(super) struct ProposalShape {
    id: String,
    from: String,
    from_name: String,
    to: String,
    to_name: String,
    #[schema(required)]
    listing: Option<String>,
    reason: String,
    state: String,
}

/// A requirement as its owner sees it.
#[derive(ToSchema)]
#[schema(as = RequirementState)]
pub(super) struct RequirementStateShape {
    reference: String,
    state: String,
    created_at: String,
    requirement: RequirementShape,
    inquiries: Vec<InquiryShape>,
    accesses: Vec<AccessShape>,
    handovers: Vec<ProposalShape>,
}

/// A consent as it is kept.
#[derive(ToSchema)]
#[schema(as = KeptConsent)]
pub(super) struct KeptConsentShape {
    purpose: String,
    receiver: String,
    receiver_name: String,
    data_kinds: Vec<String>,
    notice_version: String,
    at: String,
    #[schema(required)]
    withdrawn_at: Option<String>,
}

/// A message between enterprise and park.
#[derive(ToSchema)]
#[schema(as = KeptMessage)]
pub(super) struct KeptMessageShape {
    at: String,
    number: String,
    /// mail_in or mail_out
    kind: String,
    text: String,
}

/// A mail, without its words.
#[derive(ToSchema)]
#[schema(as = KeptMail)]
pub(super) struct KeptMailShape {
    purpose: String,
    recipient: String,
    state: String,
    at: String,
    #[schema(required)]
    settled_at: Option<String>,
}

/// All that is kept of a requirement.
#[derive(ToSchema)]
#[schema(as = RequirementExport)]
pub(super) struct RequirementExportShape {
    reference: String,
    created_at: String,
    locale: String,
    #[schema(required)]
    company: Option<String>,
    #[schema(required)]
    contact: Option<String>,
    #[schema(required)]
    phone: Option<String>,
    #[schema(required)]
    email: Option<String>,
    #[schema(required)]
    uscc: Option<String>,
    #[schema(required)]
    text: Option<String>,
    requirement: RequirementShape,
    consents: Vec<KeptConsentShape>,
    inquiries: Vec<InquiryShape>,
    accesses: Vec<AccessShape>,
    handovers: Vec<ProposalShape>,
    messages: Vec<KeptMessageShape>,
    mails: Vec<KeptMailShape>,
}

/// A message that was sent on.
#[derive(ToSchema)]
#[schema(as = SentMessage)]
pub(super) struct SentMessageShape {
    number: String,
    at: String,
}

/// A published listing.
#[derive(ToSchema)]
#[schema(as = ListingItem)]
pub(super) struct ListingItemShape {
    id: String,
    kind: String,
    name: String,
    #[schema(required)]
    park: Option<String>,
    #[schema(required)]
    park_name: Option<String>,
    #[schema(required)]
    region: Option<String>,
    #[schema(required)]
    region_name: Option<String>,
    #[schema(required)]
    status: Option<String>,
    offered: bool,
    demo: bool,
    /// Date and source of a listing from a catalogue or notice
    #[schema(required)]
    dated: Option<Value>,
    /// `possible`, and where it is not the `code`
    inquiry: Value,
    #[schema(required)]
    checked_on: Option<String>,
    #[schema(required)]
    freshness: Option<String>,
    held: Vec<Value>,
    past: bool,
    /// All public cells; of one listing alone
    record: Option<Value>,
}

/// A page of listings.
#[derive(ToSchema)]
#[schema(as = ListingPage)]
pub(super) struct ListingPageShape {
    items: Vec<ListingItemShape>,
    page: u64,
    pages: u64,
    total: u64,
    /// The cursor of the next page; null on the last one
    #[schema(required)]
    next: Option<String>,
}

/// A hit of the text search.
#[derive(ToSchema)]
#[schema(as = Hit)]
pub(super) struct HitShape {
    id: String,
    /// park, plot, space or policy
    #[schema(rename = "type")]
    kind: String,
    name: String,
    highlight: Value,
}

/// A page of hits.
#[derive(ToSchema)]
#[schema(as = HitPage)]
pub(super) struct HitPageShape {
    hits: Vec<HitShape>,
    facets: Value,
    total: u64,
    filters: Vec<SearchFilterShape>,
    /// Words of the query that were taken for others: pinyin, initials, slips
    reworded: Vec<RewordingShape>,
    /// Figures of the query that nothing fulfils, and that were left out
    dropped: Vec<SearchFilterShape>,
    /// Whether the embedded index answered for a server that is down
    fallback: bool,
}

/// A word of the query and what it was taken for.
#[derive(ToSchema)]
#[schema(as = Rewording)]
pub(super) struct RewordingShape {
    from: String,
    to: String,
}

/// Words of the query that were taken as a figure, a place or a trade.
#[derive(ToSchema)]
#[schema(as = SearchFilter)]
pub(super) struct SearchFilterShape {
    field: String,
    value: Value,
    text: String,
}

/// One line of the ranking.
#[derive(ToSchema)]
#[schema(as = RankingLine)]
pub(super) struct RankingLineShape {
    criterion: String,
    name: String,
    weight: u32,
    max_points: u32,
    legal: bool,
    formula: String,
}

/// The ranking in force.
#[derive(ToSchema)]
#[schema(as = RankingTable)]
pub(super) struct RankingTableShape {
    version: String,
    criteria: Vec<RankingLineShape>,
}

/// Numbers of leads per bucket.
#[derive(ToSchema)]
#[schema(as = BucketCounts)]
pub(super) struct BucketCountsShape {
    overdue: u64,
    today: u64,
    to_answer: u64,
    new: u64,
    waiting: u64,
    open: u64,
}

/// A page of leads.
#[derive(ToSchema)]
#[schema(as = LeadPage)]
pub(super) struct LeadPageShape {
    items: Vec<LeadShape>,
    /// The cursor of the next page
    next: Option<String>,
    counts: BucketCountsShape,
}

/// Contact data in full.
#[derive(ToSchema)]
#[schema(as = Contact)]
pub(super) struct ContactShape {
    company: String,
    contact: String,
    phone: String,
    email: String,
}

/// An open task.
#[derive(ToSchema)]
#[schema(as = Task)]
pub(super) struct TaskShape {
    id: String,
    kind: String,
    at: String,
    #[schema(required)]
    lead: Option<String>,
    #[schema(required)]
    park: Option<String>,
    #[schema(required)]
    company: Option<String>,
    #[schema(required)]
    address: Option<String>,
    reason: String,
    todo: String,
}

/// The open tasks.
#[derive(ToSchema)]
#[schema(as = TaskList)]
pub(super) struct TaskListShape {
    items: Vec<TaskShape>,
}

/// A task that was closed.
#[derive(ToSchema)]
#[schema(as = TaskDone)]
pub(super) struct TaskDoneShape {
    id: String,
    done_at: String,
}

/// A period.
#[derive(ToSchema)]
#[schema(as = ReportPeriod)]
pub(super) struct ReportPeriodShape {
    name: String,
    from: String,
    to: String,
}

/// A figure of a report.
#[derive(ToSchema)]
#[schema(as = ReportFigure)]
pub(super) struct ReportFigureShape {
    name: String,
    label: String,
    value: Value,
    /// Ids of the leads behind it
    ids: Vec<String>,
}

/// A report.
#[derive(ToSchema)]
#[schema(as = Report)]
pub(super) struct ReportShape {
    period: ReportPeriodShape,
    figures: Vec<ReportFigureShape>,
    /// Changes since it was filed
    corrections: Option<Value>,
}

/// The live holds on a listing.
#[derive(ToSchema)]
#[schema(as = HoldList)]
pub(super) struct HoldListShape {
    items: Vec<HoldShape>,
}

/// A webhook.
#[derive(ToSchema)]
#[schema(as = Webhook)]
pub(super) struct WebhookShape {
    id: String,
    /// Code of its park; null for all parks
    #[schema(required)]
    park: Option<String>,
    /// The address, without the path that may open a robot
    address: String,
    /// json, wecom, dingtalk or feishu
    format: String,
    /// lead.created, lead.stage_changed, inquiry.answered
    events: Vec<String>,
    created_at: String,
    /// The moment until which the former secret signs besides
    #[schema(required)]
    former_secret_until: Option<String>,
    /// Events to be delivered
    queued: u64,
    /// Events that were given up until they are queued again
    held: u64,
}

/// A webhook that was made.
#[derive(ToSchema)]
#[schema(as = NewWebhook)]
pub(super) struct NewWebhookShape {
    id: String,
    #[schema(required)]
    park: Option<String>,
    address: String,
    format: String,
    events: Vec<String>,
    created_at: String,
    #[schema(required)]
    former_secret_until: Option<String>,
    queued: u64,
    held: u64,
    /// Signs its messages; null for a robot, and in a replay
    #[schema(required)]
    secret: Option<String>,
}

/// The webhooks of a scope.
#[derive(ToSchema)]
#[schema(as = WebhookList)]
pub(super) struct WebhookListShape {
    items: Vec<WebhookShape>,
}

/// A webhook's secret after its change.
#[derive(ToSchema)]
#[schema(as = NewSecret)]
pub(super) struct NewSecretShape {
    id: String,
    /// Null for a robot, and in a replay
    #[schema(required)]
    secret: Option<String>,
    #[schema(required)]
    former_secret_until: Option<String>,
}

/// An event for one webhook.
#[derive(ToSchema)]
#[schema(as = Delivery)]
pub(super) struct DeliveryShape {
    /// `webhook-id` of each attempt
    event_id: String,
    event: String,
    at: String,
    lead: String,
    number: String,
    park: String,
    stage: String,
    #[schema(required)]
    from: Option<String>,
    /// queued, delivered or held
    state: String,
    attempts: i64,
    #[schema(required)]
    next_at: Option<String>,
    /// `http_500`, `timeout`, `dns`, `connect`, `tls`, `private_address`, `robot_45009`, …
    #[schema(required)]
    last_error: Option<String>,
    #[schema(required)]
    settled_at: Option<String>,
}

/// The latest deliveries of a webhook.
#[derive(ToSchema)]
#[schema(as = DeliveryList)]
pub(super) struct DeliveryListShape {
    items: Vec<DeliveryShape>,
}

/// The number of deliveries that were queued again.
#[derive(ToSchema)]
#[schema(as = Replayed)]
pub(super) struct ReplayedShape {
    queued: u64,
}
