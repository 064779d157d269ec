//! Reads with a timeout: a half-open connection would otherwise block the caller for a quarter of an hour
//! (UPSTREAM-HAZARDS.md F11).

use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
};

/// A pool whose queries time out; the caller then sees the database as unreachable.
#[derive(Clone, Debug)]
pub(crate) struct Limited {
    pub(super) pool: DatabaseConnection,
    pub(super) limit: Duration,
}

impl Limited {
    /// Awaits a query within the limit.
    pub(super) async fn within<T>(&self, query: impl Future<Output = Result<T, DbErr>> + Send) -> Result<T, DbErr> {
        let late = |_| Err(DbErr::Conn(RuntimeErr::Internal("no answer in time".to_owned())));
        tokio::time::timeout(self.limit, query).await.unwrap_or_else(late)
    }
}

#[async_trait]
impl ConnectionTrait for Limited {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.within(self.pool.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.within(self.pool.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.within(self.pool.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.within(self.pool.query_all_raw(statement)).await
    }
}
