//! Rules and turns by which parks assign new leads, and absences of people.

use domain::assignment::{AbsentDays, Conditions};
use domain::region::DivisionCode;
use domain::time::{Moment, parse_day};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::{absence, assignment_park, assignment_rule};
use super::{Db, DbError};

/// A rule of a park.
#[derive(Clone, Debug)]
pub struct AssignmentRule {
    /// Row id.
    pub id: String,
    /// Code of the park.
    pub park: String,
    /// Its place among the rules of the park: the first that holds decides.
    pub place: i64,
    /// The conditions.
    pub conditions: Conditions,
    /// The account that gets the lead.
    pub account_id: String,
}

/// A park that assigns at arrival.
#[derive(Clone, Debug, Default)]
pub struct AssigningPark {
    /// Whether people take turns where no rule decides.
    pub takes_turns: bool,
    /// The account that had the last turn.
    pub last_account: Option<String>,
}

fn stored(row: assignment_rule::Model) -> AssignmentRule {
    AssignmentRule {
        conditions: Conditions {
            chain: row.chain,
            region: row.region.as_deref().and_then(DivisionCode::understood),
            least_wan: row.least_wan,
            most_wan: row.most_wan,
            tag: row.tag,
        },
        id: row.id,
        park: row.park_code,
        place: row.place,
        account_id: row.account_id,
    }
}

fn stored_absence(row: absence::Model) -> Option<AbsentDays> {
    Some(AbsentDays {
        from: parse_day(&row.from_day)?,
        until: parse_day(&row.until_day)?,
        account: row.account_id,
        deputy: row.deputy_id,
    })
}

/// Returns a park that assigns at arrival; `None` for one that leaves its leads unowned.
pub(crate) async fn park(connection: &impl ConnectionTrait, code: &str) -> Result<Option<AssigningPark>, DbErr> {
    let row = assignment_park::Entity::find_by_id(code).one(connection).await?;
    Ok(row.map(|row| AssigningPark { takes_turns: row.takes_turns, last_account: row.last_account }))
}

/// Returns the rules of a park in their order.
pub(crate) async fn rules(connection: &impl ConnectionTrait, park: &str) -> Result<Vec<AssignmentRule>, DbErr> {
    let own = assignment_rule::Entity::find().filter(assignment_rule::Column::ParkCode.eq(park));
    let ordered = own.order_by_asc(assignment_rule::Column::Place).order_by_asc(assignment_rule::Column::Id);
    Ok(ordered.all(connection).await?.into_iter().map(stored).collect())
}

/// Returns the absences that end on a day or later.
pub(crate) async fn absences(connection: &impl ConnectionTrait, day: &str) -> Result<Vec<AbsentDays>, DbErr> {
    let present = absence::Entity::find().filter(absence::Column::UntilDay.gte(day));
    let rows = present.order_by_asc(absence::Column::AccountId).all(connection).await?;
    Ok(rows.into_iter().filter_map(stored_absence).collect())
}

/// Stores whether a park's people take turns.
pub(crate) async fn save_park(tx: &DatabaseTransaction, code: &str, takes_turns: bool) -> Result<(), DbErr> {
    use assignment_park::Column as C;
    let row = assignment_park::ActiveModel {
        park_code: Set(code.to_owned()),
        takes_turns: Set(takes_turns),
        last_account: Set(None),
    };
    let same = OnConflict::column(C::ParkCode).update_column(C::TakesTurns).to_owned();
    assignment_park::Entity::insert(row).on_conflict(same).exec_without_returning(tx).await?;
    Ok(())
}

/// Makes a park assign at arrival without changing whether people take turns.
pub(crate) async fn open_park(tx: &DatabaseTransaction, code: &str) -> Result<(), DbErr> {
    let row = assignment_park::ActiveModel {
        park_code: Set(code.to_owned()),
        takes_turns: Set(false),
        last_account: Set(None),
    };
    let once = OnConflict::column(assignment_park::Column::ParkCode).do_nothing().to_owned();
    assignment_park::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    Ok(())
}

/// Records who had the last turn of a park.
pub(crate) async fn set_last(tx: &DatabaseTransaction, code: &str, account: &str) -> Result<(), DbErr> {
    assignment_park::Entity::update_many()
        .col_expr(assignment_park::Column::LastAccount, Expr::value(account))
        .filter(assignment_park::Column::ParkCode.eq(code))
        .exec(tx)
        .await?;
    Ok(())
}

/// Adds a rule behind the others of its park; returns their number before.
pub(crate) async fn add_rule(tx: &DatabaseTransaction, new: &AssignmentRule, now: Moment) -> Result<u64, DbErr> {
    let own = assignment_rule::Entity::find().filter(assignment_rule::Column::ParkCode.eq(&new.park));
    let before = own.count(tx).await?;
    let row = assignment_rule::ActiveModel {
        id: Set(new.id.clone()),
        park_code: Set(new.park.clone()),
        place: Set(new.place),
        chain: Set(new.conditions.chain.clone()),
        region: Set(new.conditions.region.map(|code| code.to_string())),
        least_wan: Set(new.conditions.least_wan),
        most_wan: Set(new.conditions.most_wan),
        tag: Set(new.conditions.tag.clone()),
        account_id: Set(new.account_id.clone()),
        created_at: Set(now.0),
    };
    assignment_rule::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(before)
}

/// Sets the place of a rule.
pub(crate) async fn set_place(tx: &DatabaseTransaction, id: &str, place: i64) -> Result<(), DbErr> {
    assignment_rule::Entity::update_many()
        .col_expr(assignment_rule::Column::Place, Expr::value(place))
        .filter(assignment_rule::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Removes a rule.
pub(crate) async fn remove_rule(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    assignment_rule::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Stores the absence of an account, in place of an earlier one; `None` ends it.
pub(crate) async fn set_absence(
    tx: &DatabaseTransaction,
    account: &str,
    absent: Option<&AbsentDays>,
) -> Result<(), DbErr> {
    absence::Entity::delete_by_id(account).exec(tx).await?;
    let Some(absent) = absent else { return Ok(()) };
    let row = absence::ActiveModel {
        account_id: Set(account.to_owned()),
        from_day: Set(absent.from.to_string()),
        until_day: Set(absent.until.to_string()),
        deputy_id: Set(absent.deputy.clone()),
    };
    absence::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

impl Db {
    /// Returns a park that assigns at arrival with its rules; `None` for one that leaves its leads unowned.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn assignment(&self, code: &str) -> Result<Option<(AssigningPark, Vec<AssignmentRule>)>, DbError> {
        let Some(found) = park(self.read(), code).await? else { return Ok(None) };
        Ok(Some((found, rules(self.read(), code).await?)))
    }

    /// Returns a rule by its id.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn assignment_rule(&self, id: &str) -> Result<Option<AssignmentRule>, DbError> {
        Ok(assignment_rule::Entity::find_by_id(id).one(self.read()).await?.map(stored))
    }

    /// Returns the absences that end on a day or later.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn absences(&self, day: &str) -> Result<Vec<AbsentDays>, DbError> {
        Ok(absences(self.read(), day).await?)
    }
}
