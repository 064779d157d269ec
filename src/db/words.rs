//! The words of the database's columns, and the one place that maps them to types.
//!
//! A word of another version is kept as [`Stored::Unknown`]: its row is listed, exported and shown, and [`note`] logs and
//! counts it. [`COLUMNS`] is what `luodi doctor` scans.

use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::{LazyLock, Mutex, PoisonError};

use domain::account::Role;
use domain::hold::Resource;
use domain::inquiry::InquiryState;
use domain::lead::{ConsentBasis, EventKind, HandoverState, LastWord, LeadState, Source, Stage};
use domain::lead_sheet::SheetKind;
use domain::listing::Kind;
use domain::requirement::Word;
use domain::stored::Stored;

/// Declares enumerations with the words under which their values are stored.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$of])* $variant),+
        }

        impl Word for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];
        }

        impl $name {
            /// Returns the word under which the value is stored.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }
    )+};
}

words! {
    /// The use of a one-time token.
    TokenPurpose {
        /// Sets a password and opens a session.
        SignIn = "sign_in",
        /// Sets a new password in place of a forgotten one.
        Reset = "reset",
        /// Makes a browser known, which others' failures then do not slow.
        Unlock = "unlock",
        /// Waits for the second factor after a right password.
        SecondStep = "second_step",
        /// Shows contact data once.
        Look = "look",
    }

    /// The kind of a code in an account's sphere.
    SphereKind {
        /// A park, which includes its sub-parks.
        Park = "park",
        /// A division, which includes every park in it.
        Region = "region",
        /// An industry, by the first digits of its code.
        Industry = "industry",
    }

    /// The state of a requirement.
    RequirementState {
        /// In work.
        Open = "open",
        /// Looks automated: held back until staff clear it.
        Suspected = "suspected",
        /// Erased by its owner.
        Erased = "erased",
    }

    /// The processing that a consent permits.
    ConsentPurpose {
        /// Processing by the operator.
        Handle = "handle",
        /// Provision of contact data to a park.
        Provide = "provide",
    }

    /// The data that an access showed.
    AccessKind {
        /// Contact data in full.
        Contact = "contact",
    }

    /// The action of an audit line.
    AuditAction {
        /// Role or sphere of an account changed.
        AccountChange = "account.change",
        /// An account was disabled.
        AccountDisable = "account.disable",
        /// A disabled account was enabled.
        AccountEnable = "account.enable",
        /// An account was invited.
        AccountInvite = "account.invite",
        /// An account changed its password.
        AccountPassword = "account.password",
        /// A recovery code replaced the second factor at a sign-in.
        AccountRecoveryCode = "account.recovery_code",
        /// A one-time link was redeemed.
        AccountRedeemLink = "account.redeem_link",
        /// A forgotten password was replaced.
        AccountReset = "account.reset",
        /// Sessions were ended by their owner.
        AccountSessionEnd = "account.session_end",
        /// A sign-in.
        AccountSignIn = "account.sign_in",
        /// A sign-in that failed.
        AccountSignInFailed = "account.sign_in_failed",
        /// A second factor was set up.
        AccountTotpOn = "account.totp_on",
        /// The second factor was removed.
        AccountTotpOff = "account.totp_off",
        /// A browser became known by a mailed link.
        AccountUnlock = "account.unlock",
        /// The owner of an address confirmed an alert.
        AlertConfirm = "alert.confirm",
        /// An alert ended; its address and need were erased.
        AlertEnd = "alert.end",
        /// The assignment of a park's new leads, or an absence, changed.
        AssignmentChange = "assignment.change",
        /// The lines of a sealed batch were deleted, their seal kept.
        AuditDrop = "audit.drop",
        /// Contact data were shown in full.
        ContactReveal = "contact.reveal",
        /// An account reached the limit of its looks at contact data.
        ContactRevealLimit = "contact.reveal_limit",
        /// Leads were exported.
        Export = "export",
        /// An account reached the limit of its exports.
        ExportLimit = "export.limit",
        /// Key facts of listings were confirmed by their park.
        EvidenceConfirm = "evidence.confirm",
        /// A part of a listing was held.
        HoldMake = "hold.make",
        /// A hold was released before its end.
        HoldRelease = "hold.release",
        /// A table was imported.
        Import = "import",
        /// An import was undone.
        ImportUndo = "import.undo",
        /// An API key was made.
        KeyAdd = "key.add",
        /// An API key was revoked.
        KeyRevoke = "key.revoke",
        /// A text with forbidden promises was let pass by a reviewer.
        PromiseReview = "promise.review",
        /// A reply was forwarded between enterprise and park.
        InquiryReply = "inquiry.reply",
        /// A new inbox of a park was entered.
        InboxAsk = "inbox.ask",
        /// A new inbox was confirmed by its owner.
        InboxConfirm = "inbox.confirm",
        /// An inquiry was sent.
        InquirySend = "inquiry.send",
        /// An inquiry was withdrawn by the enterprise.
        InquiryWithdraw = "inquiry.withdraw",
        /// A lead changed its stage.
        LeadAdvance = "lead.advance",
        /// A lead was typed in.
        LeadCreate = "lead.create",
        /// A step of a hand-over.
        LeadHandover = "lead.handover",
        /// A lead changed its owner.
        LeadOwner = "lead.owner",
        /// A requirement was corrected by the enterprise.
        RequirementCorrect = "requirement.correct",
        /// All that is kept of a requirement was given to the enterprise.
        RequirementExport = "requirement.export",
        /// A webhook was made.
        WebhookAdd = "webhook.add",
        /// A webhook was removed.
        WebhookRemove = "webhook.remove",
        /// Events were queued for a webhook again.
        WebhookReplay = "webhook.replay",
        /// A webhook got another secret.
        WebhookRotate = "webhook.rotate",
        /// A task was closed by a member of staff.
        TaskDone = "task.done",
        /// A listing was added or changed by hand.
        ListingEdit = "listing.edit",
        /// A picture was added to a listing.
        PictureAdd = "picture.add",
        /// A picture was removed from a listing.
        PictureRemove = "picture.remove",
        /// A report of a wrong listing was answered.
        ReportAnswer = "report.answer",
        /// The address of a report was erased.
        ReportForget = "report.forget",
        /// A listing was reported as wrong.
        ReportMake = "report.make",
        /// A draft of a policy was published by its second reader.
        PolicyPublish = "policy.publish",
        /// A suspected requirement was cleared.
        RequirementClear = "requirement.clear",
        /// A requirement was erased.
        RequirementErase = "requirement.erase",
        /// A requirement was submitted.
        RequirementSubmit = "requirement.submit",
    }

    /// The state of an alert.
    AlertState {
        /// Waits for the owner of its address.
        Pending = "pending",
        /// Confirmed by the owner of its address.
        Confirmed = "confirmed",
        /// Ended: address, need and listings are erased.
        Ended = "ended",
    }

    /// The cause of an alert's end.
    AlertEnd {
        /// Its reader stopped it.
        Stopped = "stopped",
        /// Its year was over.
        Expired = "expired",
        /// A mail to its address was refused for good.
        Refused = "refused",
        /// Its reader confirmed another one of the same need.
        Replaced = "replaced",
    }

    /// The reason that a reader gave for stopping an alert.
    StopReason {
        /// A site was found.
        Found = "found",
        /// The listings did not suit.
        Unsuitable = "unsuitable",
        /// There were too many mails.
        TooMany = "too_many_mails",
        /// The project ended.
        NoNeed = "no_need",
        /// Something else.
        Other = "something_else",
    }

    /// The state of a listing that fits an alert.
    FitState {
        /// It fitted when the alert was asked for: its reader had it in the answer.
        Seen = "seen",
        /// It newly fits and waits for the next mail.
        Due = "due",
        /// A mail has named or counted it.
        Told = "told",
    }

    /// The state of an import that is not done.
    ImportState {
        /// Its rows are being staged; nothing is decided.
        Staging = "staging",
        /// Decided: its rows are being applied.
        Applying = "applying",
        /// The former records of its rows are being staged; nothing is decided.
        UndoStaging = "undo_staging",
        /// Decided: the former records of its rows are being applied.
        Undoing = "undoing",
        /// Its process ended before it was decided: nothing of it was stored.
        Interrupted = "interrupted",
    }

    /// The purpose of a mail.
    MailPurpose {
        /// An inquiry to a park's inbox.
        Inquiry = "inquiry",
        /// The receipt to the enterprise.
        Receipt = "receipt",
        /// The withdrawal notice to a park.
        Withdrawal = "withdrawal",
        /// A forwarded reply.
        Reply = "reply",
        /// The notice to the writer of a reply whose files were not forwarded.
        FilesNotice = "files_notice",
        /// A correction or a renewed request to a park.
        News = "news",
        /// The links of private pages, asked for by their owner.
        LostLink = "lost_link",
        /// A hand-over proposed to the enterprise.
        Handover = "handover",
        /// The notice of a lead to its new owner.
        Assignment = "assignment",
        /// The digest of a working morning.
        Digest = "digest",
        /// The monthly question to a park.
        StillValid = "still_valid",
        /// The note that a report was answered.
        ReportAnswer = "report_answer",
        /// The invitation of a new account.
        Invitation = "invitation",
        /// The link that replaces a forgotten password.
        Reset = "reset",
        /// The link that makes a browser known.
        Unlock = "unlock",
        /// A warning to a manager.
        Alert = "alert",
        /// The link that confirms a park's new inbox.
        InboxConfirm = "inbox_confirm",
        /// The link that confirms an alert.
        AlertConfirm = "alert_confirm",
        /// Listings that newly fit an alert, or its end.
        AlertNews = "alert_news",
    }

    /// The cause of a listing's change that is no import.
    EditCause {
        /// A person changed it on its page.
        Edit = "edit",
        /// An import was undone.
        Undo = "undo",
        /// A new inbox was confirmed.
        Inbox = "inbox",
    }

    /// The state of a file in work.
    JobState {
        /// Read and checked at present.
        Reading = "reading",
        /// Its sheet or columns are to be chosen.
        Choosing = "choosing",
        /// Its preview is to be judged.
        Ready = "ready",
        /// Stored at present.
        Applying = "applying",
        /// Stored.
        Done = "done",
        /// Not readable as a table.
        Failed = "failed",
        /// Its process died; nothing was stored.
        Interrupted = "interrupted",
        /// Given up.
        Discarded = "discarded",
    }

    /// The bytes of a file in work.
    JobPart {
        /// The file as uploaded.
        Upload = "upload",
        /// Its rejected rows as a workbook.
        Rejected = "rejected",
    }

    /// The subject of a picture.
    PictureShows {
        /// The site or building.
        Photo = "photo",
        /// Its plan.
        Plan = "plan",
    }

    /// The format of a picture.
    PictureFormat {
        /// JPEG.
        Jpeg = "jpg",
        /// PNG.
        Png = "png",
    }

    /// The state of a report of a wrong listing.
    ReportState {
        /// Waits for an answer.
        Open = "open",
        /// The listing was corrected.
        Corrected = "corrected",
        /// The listing stays as it is, with a reason.
        Kept = "kept",
        /// The listing was withdrawn.
        Withdrawn = "withdrawn",
    }

    /// The reason of a report of a wrong listing.
    ReportReason {
        /// Sold or let.
        Gone = "gone",
        /// A figure is wrong.
        Figure = "figure",
        /// The price or rent is wrong.
        Price = "price",
        /// The place is wrong.
        Place = "place",
        /// The contact is wrong or does not answer.
        Contact = "contact",
        /// It does not exist, or is a fraud.
        False = "false",
        /// A policy: its rights holder or issuer asks to take the page down.
        Takedown = "takedown",
        /// A policy: it is no longer in force, or was replaced.
        Outdated = "outdated",
        /// A policy: the page says something else than its source.
        Misstated = "misstated",
        /// Something else.
        Other = "other",
    }

    /// The state of a mail in the outbox.
    MailState {
        /// Waits for its next attempt, or is in work under a lease.
        Queued = "queued",
        /// Accepted by the relay.
        Sent = "sent",
        /// Ended without success.
        Failed = "failed",
        /// Cancelled before it was sent.
        Cancelled = "cancelled",
        /// Waits for staff to clear its requirement.
        Parked = "parked",
        /// Held after a restore, until `luodi release`.
        Held = "held",
    }

    /// The outcome of a delivery attempt.
    AttemptOutcome {
        /// Accepted by the relay.
        Sent = "sent",
        /// Failed for now; tried again.
        Transient = "transient",
        /// Refused permanently.
        Permanent = "permanent",
        /// No reply to the final dot: the relay may have accepted it.
        Ambiguous = "ambiguous",
        /// The relay refuses this sender altogether.
        RelayPaused = "relay_paused",
        /// The stored mail cannot be sent.
        CannotBuild = "cannot_build",
        /// The lease ended before the attempt was settled.
        LeaseExpired = "lease_expired",
        /// Returned by a later mail server.
        Bounced = "bounced",
        /// A later mail server goes on trying.
        Delayed = "delayed",
        /// Answered by a machine of the recipient.
        Automatic = "automatic",
    }

    /// The kind of a staff task.
    TaskKind {
        /// A mail ended without success.
        MailFailed = "mail_failed",
        /// A mail came back.
        MailBounced = "mail_bounced",
        /// An inbox returned further mail: nothing is sent there until a person has looked.
        InboxPaused = "inbox_paused",
        /// A mail to a reply address came from neither side.
        MailHeld = "mail_held",
        /// A mail came in that is neither report nor reply.
        MailUnclear = "mail_unclear",
        /// A mail has waited for two hours.
        MailLate = "mail_late",
        /// A mail has waited for a day.
        MailOverdue = "mail_overdue",
        /// A requirement looks automated.
        Suspected = "suspected",
        /// A lead is offered to the park by another one, with the enterprise's consent.
        Handover = "handover",
        /// A listing was reported as wrong.
        ListingReported = "listing_reported",
        /// Events of a webhook were given up.
        WebhookHeld = "webhook_held",
    }

    /// An event that webhooks are told of.
    WebhookEvent {
        /// A lead came in, was typed in, or was handed over to its park.
        LeadCreated = "lead.created",
        /// A lead moved to another stage.
        LeadStageChanged = "lead.stage_changed",
        /// The park answered the enterprise for the first time.
        InquiryAnswered = "inquiry.answered",
    }

    /// The form of a webhook's messages.
    WebhookFormat {
        /// JSON, signed as Standard Webhooks says.
        Json = "json",
        /// The robot of a group of 企业微信.
        WeCom = "wecom",
        /// The robot of a group of 钉钉.
        DingTalk = "dingtalk",
        /// The robot of a group of 飞书.
        Feishu = "feishu",
    }

    /// The state of a webhook's delivery.
    WebhookState {
        /// Waits for its next attempt, or is in work under its webhook's lease.
        Queued = "queued",
        /// Taken by the receiver.
        Delivered = "delivered",
        /// Given up until a person queues it again.
        Held = "held",
    }
}

/// The table that an entry of the change log concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Changed {
    /// A listing of this kind.
    Listing(Kind),
    /// A policy.
    Policy,
    /// All rows of an import.
    Import,
}

impl Changed {
    /// Returns the kind of listing; none for another table.
    #[must_use]
    pub const fn kind(self) -> Option<Kind> {
        match self {
            Self::Listing(kind) => Some(kind),
            Self::Policy | Self::Import => None,
        }
    }
}

impl ReportReason {
    /// Whether a report about this table may have the reason.
    #[must_use]
    pub const fn concerns(self, table: Changed) -> bool {
        match self {
            Self::Other => true,
            Self::Takedown | Self::Outdated | Self::Misstated => matches!(table, Changed::Policy),
            _ => matches!(table, Changed::Listing(_)),
        }
    }
}

impl Word for Changed {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("park", Self::Listing(Kind::Park)),
        ("plot", Self::Listing(Kind::Plot)),
        ("space", Self::Listing(Kind::Space)),
        ("policy", Self::Policy),
        ("import", Self::Import),
    ];
}

/// A column that holds words of `T`.
#[derive(Debug)]
pub(super) struct WordColumn<T> {
    table: &'static str,
    column: &'static str,
    /// The column that names the row in logs and in `luodi doctor`.
    key: &'static str,
    of: PhantomData<T>,
}

impl<T: Word + PartialEq> WordColumn<T> {
    const fn new(table: &'static str, column: &'static str) -> Self {
        Self::keyed(table, column, "id")
    }

    const fn keyed(table: &'static str, column: &'static str, key: &'static str) -> Self {
        Self { table, column, key, of: PhantomData }
    }

    /// Maps a stored word to its type; an unknown one is noted and kept.
    pub(super) fn read(&self, row: &str, word: &str) -> Stored<T> {
        let stored = Stored::read(word);
        if let Stored::Unknown(word) = &stored {
            note(self.table, self.column, row, word);
        }
        stored
    }

    const fn scanned(&self) -> ScannedColumn {
        ScannedColumn {
            table: self.table,
            column: self.column,
            key: self.key,
            words: || T::WORDS.iter().map(|it| it.0).collect(),
        }
    }
}

/// A column of words as `luodi doctor` scans it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ScannedColumn {
    pub(super) table: &'static str,
    pub(super) column: &'static str,
    pub(super) key: &'static str,
    pub(super) words: fn() -> Vec<&'static str>,
}

macro_rules! columns {
    ($($name:ident: $of:ty = $column:expr;)+) => {
        $(pub(super) const $name: WordColumn<$of> = $column;)+

        /// Every column that holds words of an enumeration.
        pub(super) const COLUMNS: &[ScannedColumn] = &[$($name.scanned()),+];
    };
}

columns! {
    ACCESS_WHAT: AccessKind = WordColumn::new("access", "what");
    ACCOUNT_ROLE: Role = WordColumn::new("account", "role");
    ALERT_REASON: StopReason = WordColumn::new("alert", "reason");
    ALERT_STATE: AlertState = WordColumn::new("alert", "state");
    ALERT_WHY: AlertEnd = WordColumn::new("alert", "why");
    ATTEMPT_OUTCOME: AttemptOutcome = WordColumn::new("outbox_attempt", "outcome");
    AUDIT_ACTION: AuditAction = WordColumn::new("audit", "action");
    CHANGE_KIND: Changed = WordColumn::keyed("listing_change", "kind", "seq");
    CONSENT_PURPOSE: ConsentPurpose = WordColumn::new("consent", "purpose");
    CONSENT_BASIS: ConsentBasis = WordColumn::new("lead", "consent_basis");
    EDIT_CAUSE: EditCause = WordColumn::new("listing_edit", "cause");
    EVIDENCE_KIND: Kind = WordColumn::keyed("evidence", "kind", "code");
    EVENT_FROM: Stage = WordColumn::new("lead_event", "from_stage");
    EVENT_KIND: EventKind = WordColumn::new("lead_event", "kind");
    EVENT_TO: Stage = WordColumn::new("lead_event", "to_stage");
    FIT_KIND: Kind = WordColumn::keyed("alert_fit", "kind", "code");
    FIT_STATE: FitState = WordColumn::keyed("alert_fit", "state", "code");
    HANDOVER_STATE: HandoverState = WordColumn::new("handover", "state");
    IMPORT_STATE: ImportState = WordColumn::new("import", "state");
    HOLD_KIND: Kind = WordColumn::new("soft_hold", "listing_kind");
    HOLD_RESOURCE: Resource = WordColumn::new("soft_hold", "resource");
    INQUIRY_KIND: Kind = WordColumn::new("inquiry", "listing_kind");
    INQUIRY_STATE: InquiryState = WordColumn::new("inquiry", "state");
    KEY_ROLE: Role = WordColumn::new("api_key", "role");
    CHOICE_KIND: MailPurpose = WordColumn::keyed("mail_choice", "kind", "token");
    LEAD_LAST_WORD: LastWord = WordColumn::new("lead", "last_word");
    LEAD_SOURCE: Source = WordColumn::new("lead", "source");
    JOB_KIND: SheetKind = WordColumn::new("import_job", "kind");
    JOB_STATE: JobState = WordColumn::new("import_job", "state");
    LEAD_STAGE: Stage = WordColumn::new("lead", "stage");
    LEAD_STATE: LeadState = WordColumn::new("lead", "state");
    LISTING_KIND: Kind = WordColumn::keyed("listing", "kind", "code");
    MAIL_PURPOSE: MailPurpose = WordColumn::new("outbox", "purpose");
    MAIL_STATE: MailState = WordColumn::new("outbox", "state");
    PICTURE_SHOWS: PictureShows = WordColumn::new("picture", "shows");
    REPORT_KIND: Changed = WordColumn::new("listing_report", "listing_kind");
    REPORT_REASON: ReportReason = WordColumn::new("listing_report", "reason");
    REPORT_STATE: ReportState = WordColumn::new("listing_report", "state");
    REQUIREMENT_STATE: RequirementState = WordColumn::new("requirement", "state");
    SPHERE_KIND: SphereKind = WordColumn::keyed("account_sphere", "kind", "account_id");
    TASK_KIND: TaskKind = WordColumn::new("staff_task", "kind");
    TOKEN_PURPOSE: TokenPurpose = WordColumn::keyed("account_token", "purpose", "account_id");
    WEBHOOK_EVENT: WebhookEvent = WordColumn::keyed("webhook_delivery", "event", "event_id");
    WEBHOOK_FORMAT: WebhookFormat = WordColumn::new("webhook", "format");
    WEBHOOK_FROM: Stage = WordColumn::keyed("webhook_delivery", "from_stage", "event_id");
    WEBHOOK_STAGE: Stage = WordColumn::keyed("webhook_delivery", "stage", "event_id");
    WEBHOOK_STATE: WebhookState = WordColumn::keyed("webhook_delivery", "state", "event_id");
}

/// Table, column and row of a noted value.
type NotedWord = (&'static str, &'static str, String);

/// Rows noted in one process at most: about 1 MB of keys. Beyond it `luodi doctor` still names every row.
const MOST_NOTED: usize = 10_000;
/// Logged characters of an unknown value, which may be as long as a whole record.
const LOGGED_VALUE: usize = 100;

/// Logs and counts a stored value that this program does not know, once per table, column and row in a process.
pub(super) fn note(table: &'static str, column: &'static str, row: &str, value: &str) {
    static NOTED: LazyLock<Mutex<HashSet<NotedWord>>> = LazyLock::new(Mutex::default);
    let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
    if noted.len() >= MOST_NOTED || !noted.insert((table, column, row.to_owned())) {
        return;
    }
    drop(noted);
    metrics::counter!("luodi_stored_unknown_total", "table" => table, "column" => column).increment(1);
    let value: String = value.chars().take(LOGGED_VALUE).collect();
    tracing::warn!(table, column, row, value, "a stored value is unknown to this version and is kept as it is");
}
