//! One program of integration tests: the parts against each other, and the whole from outside.

mod abuse;
mod alerts;
mod api;
mod app;
mod architecture;
mod assignment;
mod bounces;
mod bursts;
mod clerks;
mod cli;
mod controls;
mod copy;
#[path = "../support/database.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod database;
mod dead_inbox;
mod demo;
mod desk;
mod desk_pages;
mod desk_search;
mod desk_words;
mod dev_pages;
mod dkim;
mod durability;
mod english;
mod facilities;
#[path = "../support/fault_proxy.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod fault_proxy;
#[path = "../support/relay.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod fault_relay;
mod fields;
mod freshness;
mod gate;
mod holds;
mod holds_api;
mod housekeeping;
mod i18n;
#[path = "../support/imap.rs"]
mod imap;
mod imports;
mod inquiry_form;
mod lead_model;
mod lead_sheets;
mod leads_over_a_year;
mod ledger;
mod letters;
mod listing_page;
mod lmtp;
mod mail;
#[path = "../support/mailbag.rs"]
mod mailbag;
mod mailbox;
mod manners;
#[path = "../support/matrix.rs"]
mod matrix;
#[path = "../support/meili_stub.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod meili_stub;
mod no_word;
mod nul;
mod odd_mail;
mod office_week;
#[path = "../support/offices.rs"]
#[expect(dead_code, reason = "the browser walk uses more of it")]
mod offices;
mod openapi;
mod outbox;
mod own_link;
mod owner_pages;
mod page_cache;
mod pages;
mod people;
mod policies;
mod policy_desk;
mod portal;
mod program;
mod promises;
mod prose;
mod quotes;
mod relay;
mod replies;
mod reply_forms;
mod restore;
mod retention;
mod rights;
#[path = "../support/samples.rs"]
mod samples;
mod search;
mod server;
mod settings;
mod shortlist;
mod stored;
mod tables;
mod templates;
mod unsubscribe;
#[path = "../upgrade/mod.rs"]
mod upgrade;
mod walk;
mod webhooks;
mod worker;
mod wrong_reports;
