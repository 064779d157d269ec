//! The desk: lists of leads by bucket and filter, their counts, duplicates, and the leads that digests name.

use std::collections::HashMap;

use domain::account::Scope;
use domain::contact::{Phone, company_key};
use domain::fold::simplify;
use domain::lead::{Bucket, EventKind, LastWord, LeadState, Stage};
use domain::requirement::Word as _;
use domain::time::{Moment, NEVER};
use sea_orm::sea_query::{
    Asterisk, CaseStatement, Expr, ExprTrait as _, Func, IntoColumnRef, IntoCondition as _, LikeExpr, Query,
    SelectStatement, UnionType,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select,
};

use super::entity::{inquiry, lead, lead_event, requirement};
use super::lead::{LeadRow, every_lead, leads, rows_of};
use super::requirement::StoredContact;
use super::{Db, DbError};

/// Duplicates that a lead's page shows at most.
const MOST_DUPLICATES: u64 = 50;
/// Changes of listings that one morning's digests look at.
const MOST_CHANGES: u64 = 1_000;
/// Characters of the shortest text that is looked for inside names and numbers.
const SHORTEST_PART: usize = 2;
/// Digits by which a phone is looked for.
const LAST_DIGITS: usize = 4;
/// The greatest number of so many digits.
const LAST_ENDING: u16 = 9_999;

/// The owner by which leads are filtered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerFilter {
    /// Open leads without an owner.
    Unowned,
    /// Those of one account, by its id.
    Account(String),
}

/// A text that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// Inside names and numbers: each is read, a tenth of a second per 100,000 leads.
    Within(String),
    /// Four digits, by indexes: the ending of a phone, the beginning of a company's core name, these listings.
    Digits {
        /// The digits.
        digits: String,
        /// Ids of listings that have them in their id or name.
        listings: Vec<String>,
    },
}

/// Whether a search text is four digits, by which a phone is looked for.
#[must_use]
pub fn is_phone_ending(text: &str) -> bool {
    text.len() == LAST_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A page of the desk: filters and position.
#[derive(Clone, Debug, Default)]
pub struct DeskQuery {
    /// One list of the desk; `None` for all leads, closed and withdrawn ones included.
    pub bucket: Option<Bucket>,
    /// One stage.
    pub stage: Option<Stage>,
    /// One owner.
    pub owner: Option<OwnerFilter>,
    /// Company, number, listing, or the last four digits of a phone.
    pub q: Option<Search>,
    /// Changed at or after this moment.
    pub updated_since: Option<Moment>,
    /// Due time and number of the last row of the page before.
    pub after: Option<(Moment, String)>,
}

/// Numbers of leads in each list, and of all open ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the lists")]
pub struct DeskCounts {
    pub overdue: i64,
    pub today: i64,
    pub to_answer: i64,
    pub new: i64,
    pub waiting: i64,
    pub open: i64,
}

/// A lead with the same phone, credit code, mail address or company name.
#[derive(Clone, Debug)]
pub struct Duplicate {
    /// The lead.
    pub row: LeadRow,
    /// Words of the equal parts: `phone`, `uscc`, `email`, `company`.
    pub because: Vec<&'static str>,
}

/// The last words on a lead.
#[derive(Clone, Debug)]
pub struct LastLine {
    /// Their time.
    pub at: Moment,
    /// The words; blank after a withdrawal.
    pub note: String,
}

/// The first and last moment of the present day in China.
#[derive(Clone, Copy, Debug)]
pub struct Today {
    start: i64,
    end: i64,
}

impl Today {
    /// The day of a moment.
    #[must_use]
    pub fn of(now: Moment) -> Self {
        let day = now.day();
        Self { start: Moment::start_of(day).0, end: Moment::end_of(day).0 }
    }
}

/// The condition of leads that are worked.
fn is_open() -> Condition {
    let finals = Stage::WORDS.iter().filter(|(_, stage)| stage.is_final()).map(|(word, _)| *word);
    // A program without the column `state` ends leads by their stage alone.
    Condition::all()
        .add(lead::Column::DueAt.lt(NEVER.0))
        .add(lead::Column::State.eq(LeadState::Open.word()))
        .add(lead::Column::Stage.is_not_in(finals))
}

fn is_untouched() -> Condition {
    let registered = lead::Column::Stage.eq(Stage::Registered.word());
    Condition::all().add(lead::Column::Touched.eq(false)).add(registered)
}

/// The condition of one list: the first that fits.
fn bucket(of: Bucket, today: Today) -> Condition {
    use lead::Column as C;
    let spoke = |side: LastWord| C::LastWord.eq(side.word());
    let later = Condition::all().add(C::DueAt.gt(today.end));
    let no_answer_due = Condition::any().add(C::LastWord.is_null()).add(C::LastWord.ne(LastWord::Enterprise.word()));
    match of {
        Bucket::Overdue => Condition::all().add(C::DueAt.lt(today.start)),
        Bucket::Today => Condition::all().add(C::DueAt.gte(today.start)).add(C::DueAt.lte(today.end)),
        Bucket::ToAnswer => later.add(spoke(LastWord::Enterprise)),
        Bucket::New => later.add(no_answer_due).add(is_untouched()),
        Bucket::Waiting => later.add(spoke(LastWord::Ours)).add(is_untouched().not()),
    }
}

/// A pattern that finds a text anywhere, with its own wildcards escaped.
fn within(text: &str) -> LikeExpr {
    let escaped: String =
        text.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect();
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

fn needs_like(condition: Condition) -> SelectStatement {
    Query::select().column(requirement::Column::Id).from(requirement::Entity).cond_where(condition).take()
}

/// The condition of a column that holds a text anywhere, Latin letters in any case.
fn holds(column: impl IntoColumnRef, text: &str) -> Expr {
    Expr::expr(Func::upper(Expr::col(column))).like(within(&text.to_uppercase()))
}

/// The condition of leads that a search finds.
fn found(search: &Search) -> Condition {
    match search {
        Search::Within(text) => found_within(text.trim()),
        Search::Digits { digits, listings } => found_by_index(digits, listings),
    }
}

/// The condition of leads that four digits find by indexes alone.
fn found_by_index(digits: &str, listings: &[String]) -> Condition {
    use {inquiry::Column as I, requirement::Column as R};
    // In every collation names of the digits lie before the next number, the last ones before letters.
    let next =
        digits.parse().ok().filter(|number| *number < LAST_ENDING).map(|number: u16| format!("{:04}", number + 1));
    let names = R::CompanyKey.gte(digits).and(R::CompanyKey.lt(next.as_deref().unwrap_or("a")));
    let of_need = Condition::any().add(R::PhoneLast4.eq(digits)).add(names.and(R::CompanyKey.starts_with(digits)));
    let needs = lead::Column::RequirementId.in_subquery(needs_like(of_need));
    if listings.is_empty() {
        return needs.into_condition();
    }
    // One list of ids: for two joined by OR PostgreSQL walks all leads.
    let asked =
        Query::select().column(I::LeadId).from(inquiry::Entity).and_where(I::ListingCode.is_in(listings)).take();
    let mut ids = Query::select().column(lead::Column::Id).from(lead::Entity).and_where(needs).take();
    lead::Column::Id.in_subquery(ids.union(UnionType::Distinct, asked).take()).into_condition()
}

/// The condition of leads that a search text finds: listing, number, company by name or core name, phone in full or by its
/// last four digits.
fn found_within(text: &str) -> Condition {
    use {inquiry::Column as I, requirement::Column as R};
    let (folded, is_long) = (simplify(text), text.chars().count() >= SHORTEST_PART);
    let code = Expr::expr(Func::upper(Expr::col((inquiry::Entity, I::ListingCode))));
    let mut of_listing = Condition::any().add(code.eq(text.to_uppercase()));
    let mut of_need = Condition::any();
    if is_phone_ending(text) {
        of_need = of_need.add(R::PhoneLast4.eq(text));
    } else if let Some(phone) = Phone::parse(text) {
        of_need = of_need.add(R::Phone.eq(phone.e164()));
    }
    if is_long {
        for column in [I::Number, I::ListingCode, I::ListingName] {
            of_listing = of_listing.add(holds((inquiry::Entity, column), text));
        }
        of_listing = of_listing.add(holds((inquiry::Entity, I::ListingName), &folded));
        of_need = of_need.add(Expr::col((requirement::Entity, R::CompanyKey)).like(within(&company_key(text))));
        of_need = of_need.add(holds((requirement::Entity, R::Company), text));
    }
    let listed = Query::select().column(I::LeadId).from(inquiry::Entity).cond_where(of_listing).take();
    let any = Condition::any().add(lead::Column::Id.in_subquery(listed));
    if of_need.is_empty() { any } else { any.add(lead::Column::RequirementId.in_subquery(needs_like(of_need))) }
}

/// Applies the filters of a page, its list and position aside.
fn filtered(scope: &Scope, query: &DeskQuery) -> Select<lead::Entity> {
    let mut select = leads(scope);
    if let Some(stage) = query.stage {
        select = select.filter(lead::Column::Stage.eq(stage.word()));
    }
    match &query.owner {
        Some(OwnerFilter::Unowned) => select = select.filter(lead::Column::OwnerId.is_null()).filter(is_open()),
        Some(OwnerFilter::Account(id)) => select = select.filter(lead::Column::OwnerId.eq(id)),
        None => {}
    }
    if let Some(search) = &query.q {
        select = select.filter(found(search));
    }
    if let Some(since) = query.updated_since {
        select = select.filter(lead::Column::UpdatedAt.gte(since.0));
    }
    select
}

impl Db {
    /// Returns a page of the desk, soonest due first, then by number; `limit` + 1 rows where more follow.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn desk(
        &self,
        scope: &Scope,
        query: &DeskQuery,
        now: Moment,
        limit: u64,
    ) -> Result<Vec<LeadRow>, DbError> {
        use lead::Column as C;
        let mut select = filtered(scope, query);
        if let Some(of) = query.bucket {
            select = select.filter(is_open()).filter(bucket(of, Today::of(now)));
        }
        if let Some((due, number)) = &query.after {
            let same_day = Condition::all().add(C::DueAt.eq(due.0)).add(C::Number.gt(number));
            select = select.filter(Condition::any().add(C::DueAt.gt(due.0)).add(same_day));
        }
        let ordered = select.order_by_asc(C::DueAt).order_by_asc(C::Number).limit(limit + 1);
        let rows = ordered.all(self.read()).await?;
        Ok(rows_of(self.read(), rows).await?)
    }

    /// Whether a search finds a lead of a scope, open or not.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn finds(&self, scope: &Scope, search: &Search) -> Result<bool, DbError> {
        let first = leads(scope).filter(found(search)).select_only().column(lead::Column::Id).limit(1);
        Ok(first.into_tuple::<String>().one(self.read()).await?.is_some())
    }

    /// Counts the open leads that the filters select, list by list; the filter by list does not apply.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn desk_counts(&self, scope: &Scope, query: &DeskQuery, now: Moment) -> Result<DeskCounts, DbError> {
        let today = Today::of(now);
        let of = |of: Bucket| {
            let one = CaseStatement::new().case(bucket(of, today), 1).finally(0);
            Func::coalesce([Func::sum(one).into(), Expr::value(0)])
        };
        let counts = filtered(scope, query)
            .filter(is_open())
            .select_only()
            .expr_as(of(Bucket::Overdue), "overdue")
            .expr_as(of(Bucket::Today), "today")
            .expr_as(of(Bucket::ToAnswer), "to_answer")
            .expr_as(of(Bucket::New), "new")
            .expr_as(of(Bucket::Waiting), "waiting")
            // Of all columns: an index without the id is then read alone.
            .expr_as(Func::count(Expr::col(Asterisk)), "open")
            .into_query();
        let Some(row) = self.read_whole().query_one(&counts).await? else { return Ok(DeskCounts::default()) };
        Ok(DeskCounts {
            overdue: row.try_get_by_index(0)?,
            today: row.try_get_by_index(1)?,
            to_answer: row.try_get_by_index(2)?,
            new: row.try_get_by_index(3)?,
            waiting: row.try_get_by_index(4)?,
            open: row.try_get_by_index(5)?,
        })
    }

    /// Returns the leads that share phone, credit code, mail address or company name with a requirement's owner, newest
    /// first: those of the scope, and those of the same requirement in other parks.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn duplicates(
        &self,
        scope: &Scope,
        requirement_id: &str,
        contact: &StoredContact,
    ) -> Result<Vec<Duplicate>, DbError> {
        use requirement::Column as R;
        let key = company_key(&contact.company);
        let mut same = Condition::any().add(R::CompanyKey.eq(&key));
        for (column, value) in
            [(R::Phone, Some(&contact.phone)), (R::Email, Some(&contact.email)), (R::Uscc, contact.uscc.as_ref())]
        {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                same = same.add(column.eq(value));
            }
        }
        let needs = requirement::Entity::find().filter(same).order_by_desc(R::Id).limit(MOST_DUPLICATES);
        let needs = needs.all(self.read()).await?;
        let ids: Vec<&str> = needs.iter().map(|need| need.id.as_str()).collect();
        let own = leads(scope).filter(lead::Column::RequirementId.is_in(ids));
        let mut rows = own.order_by_desc(lead::Column::Id).limit(MOST_DUPLICATES).all(self.read()).await?;
        let elsewhere = every_lead().filter(lead::Column::RequirementId.eq(requirement_id));
        let beside = elsewhere.filter(lead::Column::Id.is_not_in(rows.iter().map(|row| row.id.as_str())));
        rows.extend(beside.filter(lead::Column::Hidden.eq(false)).all(self.read()).await?);
        let rows = rows_of(self.read(), rows).await?;
        let because = |row: &LeadRow| {
            let need = needs.iter().find(|need| need.id == row.inquiry.requirement_id)?;
            let equal = |name, value: Option<&str>, own: &str| (value == Some(own) && !own.is_empty()).then_some(name);
            let parts = [
                equal("phone", need.phone.as_deref(), &contact.phone),
                equal("uscc", need.uscc.as_deref(), contact.uscc.as_deref().unwrap_or_default()),
                equal("email", need.email.as_deref(), &contact.email),
                equal("company", need.company_key.as_deref(), &key),
            ];
            Some(parts.into_iter().flatten().collect())
        };
        Ok(rows.into_iter().map(|row| Duplicate { because: because(&row).unwrap_or_default(), row }).collect())
    }

    /// Returns the newest note or message of each lead. The caller found the leads through its scope.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn last_lines(&self, leads: &[&str]) -> Result<HashMap<String, LastLine>, DbError> {
        use lead_event::Column as E;
        let kinds = [EventKind::Note, EventKind::MailIn, EventKind::MailOut].map(domain::requirement::Word::word);
        // Ids rise with time (UUID v7).
        let newest: Vec<(String, String)> = lead_event::Entity::find()
            .select_only()
            .column(E::LeadId)
            .column_as(E::Id.max(), "newest")
            .filter(E::LeadId.is_in(leads.iter().copied()))
            .filter(E::Kind.is_in(kinds))
            .group_by(E::LeadId)
            .into_tuple()
            .all(self.read())
            .await?;
        let ids = newest.into_iter().map(|(_, id)| id);
        let rows = lead_event::Entity::find().filter(E::Id.is_in(ids)).all(self.read()).await?;
        let line = |row: lead_event::Model| (row.lead_id, LastLine { at: Moment(row.at), note: row.note });
        Ok(rows.into_iter().map(line).collect())
    }

    /// Returns the open leads due before the end of a day, soonest due first, at most `limit`: the service's own work.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn due_leads(&self, now: Moment, limit: u64) -> Result<Vec<LeadRow>, DbError> {
        let due = every_lead().filter(lead::Column::Hidden.eq(false)).filter(is_open());
        let due = due.filter(lead::Column::DueAt.lte(Today::of(now).end)).order_by_asc(lead::Column::DueAt);
        let rows = due.order_by_asc(lead::Column::Number).limit(limit).all(self.read_whole()).await?;
        Ok(rows_of(self.read_whole(), rows).await?)
    }

    /// Returns the changes of listings on open leads since a moment, at most [`MOST_CHANGES`]: lead, listing, word of the
    /// change.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn listing_changes_since(&self, since: Moment) -> Result<Vec<(LeadRow, String, String)>, DbError> {
        use lead_event::Column as E;
        let events = lead_event::Entity::find()
            .filter(E::Kind.eq(EventKind::Listing.word()))
            .filter(E::At.gt(since.0))
            .order_by_asc(E::At)
            .limit(MOST_CHANGES)
            .all(self.read_whole())
            .await?;
        let ids = events.iter().map(|event| event.lead_id.as_str());
        let leads = every_lead().filter(is_open()).filter(lead::Column::Id.is_in(ids)).all(self.read_whole()).await?;
        let leads = rows_of(self.read_whole(), leads).await?;
        let line = |event: lead_event::Model| {
            let row = leads.iter().find(|row| row.lead.id == event.lead_id)?;
            let facts: serde_json::Value = serde_json::from_str(event.facts.as_deref()?).ok()?;
            let word = |name: &str| facts[name].as_str().map(str::to_owned);
            Some((row.clone(), word("listing")?, word("change")?))
        };
        Ok(events.into_iter().filter_map(line).collect())
    }
}
