//! Inserts into several tables, in one round trip on PostgreSQL.

use sea_orm::sea_query::{
    Alias, Asterisk, CommonTableExpression, Expr, Func, InsertStatement, Query, SubQueryStatement, WithClause,
};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseTransaction, DbErr};

/// Inserts of one transaction, in an order that foreign keys allow.
#[derive(Debug, Default)]
pub(crate) struct Rows(Vec<InsertStatement>);

impl Rows {
    /// Adds an insert of one or more rows.
    pub(crate) fn add(&mut self, insert: InsertStatement) {
        self.0.push(insert);
    }

    /// Runs the inserts and returns the rows inserted by each: 0 where a conflict was ignored.
    pub(crate) async fn write(self, tx: &DatabaseTransaction) -> Result<Vec<u64>, DbErr> {
        if tx.get_database_backend() == DatabaseBackend::Postgres {
            at_once(tx, self.0).await
        } else {
            in_turn(tx, self.0).await
        }
    }
}

/// Runs inserts one by one: SQLite has no network round trip to save, and no insert within a `WITH`.
async fn in_turn(tx: &DatabaseTransaction, inserts: Vec<InsertStatement>) -> Result<Vec<u64>, DbErr> {
    let mut left = Vec::with_capacity(inserts.len());
    for insert in inserts {
        left.push(tx.execute(&insert).await?.rows_affected());
        failpoint!("rows.in_turn");
    }
    Ok(left)
}

/// `WITH r0 AS (INSERT …), r1 AS (INSERT …) SELECT (SELECT COUNT(*) FROM r0), …`: foreign keys are checked when the
/// whole statement ends.
async fn at_once(tx: &DatabaseTransaction, inserts: Vec<InsertStatement>) -> Result<Vec<u64>, DbErr> {
    let mut with = WithClause::new();
    let mut counts = Query::select();
    let inserts_at = 0..inserts.len();
    for (at, mut insert) in inserts.into_iter().enumerate() {
        let name = Alias::new(format!("r{at}"));
        insert.returning(Query::returning().expr(Expr::cust("NULL")));
        with.cte(CommonTableExpression::new().table_name(name.clone()).query(insert).to_owned());
        let count = Query::select().expr(Func::count(Expr::col(Asterisk))).from(name).to_owned();
        counts.expr(Expr::from(SubQueryStatement::from(count)));
    }
    let row = tx.query_one(&with.query(counts)).await?.ok_or(DbErr::RecordNotInserted)?;
    inserts_at.map(|at| Ok(row.try_get_by_index::<i64>(at)?.unsigned_abs())).collect()
}
