//! luodi's schema as steps, the same for SQLite and PostgreSQL; README.md says how to change it. Moments are milliseconds
//! since 1970 (BIGINT), ids are UUID v7 as text, so that both databases order and compare them alike.

pub use sea_orm_migration;
use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigrationStatus, MigratorTrait};

mod m01_listings;
mod m02_accounts;
mod m03_requirements;
mod m04_leads;
mod m05_outbox;
mod m06_imports;
mod m07_portal;
mod m08_desk;
mod m09_import_stages;
mod m10_holds;
pub mod m11_people;
mod m12_mail;
mod m14_assignment;
mod m15_desk_views;
mod m16_lead_sheets;
mod m17_promises;
mod m18_mail_wishes;
mod m19_passed_promises;
mod m20_speed;
mod m21_shares;
mod m22_alerts;
mod m23_webhooks;
mod m24_policy_desk;
mod m26_shared_settings;
pub mod table;

/// All steps in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m01_listings::Migration),
            Box::new(m02_accounts::Migration),
            Box::new(m03_requirements::Migration),
            Box::new(m04_leads::Migration),
            Box::new(m05_outbox::Migration),
            Box::new(m06_imports::Migration),
            Box::new(m07_portal::Migration),
            Box::new(m08_desk::Migration),
            Box::new(m09_import_stages::Migration),
            Box::new(m10_holds::Migration),
            Box::new(m11_people::Migration),
            Box::new(m12_mail::Migration),
            Box::new(m14_assignment::Migration),
            Box::new(m15_desk_views::Migration),
            Box::new(m16_lead_sheets::Migration),
            Box::new(m17_promises::Migration),
            Box::new(m18_mail_wishes::Migration),
            Box::new(m19_passed_promises::Migration),
            Box::new(m20_speed::Migration),
            Box::new(m21_shares::Migration),
            Box::new(m22_alerts::Migration),
            Box::new(m23_webhooks::Migration),
            Box::new(m24_policy_desk::Migration),
            Box::new(m26_shared_settings::Migration),
        ]
    }
}
