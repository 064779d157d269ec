//! The text index is kept equal to the database: one process at a time builds it, differences are seen and mended, and the
//! local index answers until they are.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Moment;
use luodi::error::Error;
use luodi::search::{Breaker, Guarded, MEILI_INDEX, Meili, Memory, TextIndex};
use luodi::service::context::Context;
use luodi::service::index_keeper::{IndexState, keep, rebuild};
use luodi::service::search;
use serde_json::json;

use super::{docs, put, query};
use crate::app::{SetClock, TestApp};
use crate::database;
use crate::meili_stub::{MeiliStub, Mood};

/// Ids of the parks and plots of [`TestApp`].
const IDS: [&str; 7] = ["P1", "P2", "P3", "P4", "T1", "T2", "T3"];

fn index(stub: &MeiliStub, own: &str) -> Meili {
    let address = format!("http://{}", stub.address);
    let meili = Meili::new(&address, Some("writes"), MEILI_INDEX).expect("an index").building_as(own);
    meili.searching_with("searches").expect("a key")
}

/// Another process on the same database and Meilisearch. Its breaker lets each call try.
async fn process(test: &TestApp, stub: &MeiliStub, own: &str) -> Context {
    let context = Context::assemble(
        test.app.config.clone(),
        test.db.another().await,
        test.app.mailer.clone(),
        test.app.clock.clone(),
    );
    let context = context.await.expect("a context");
    let breaker = Breaker::new(5, Duration::ZERO);
    let text = Guarded::with_breaker(Some(Arc::new(index(stub, own))), Arc::new(Memory::new()), breaker);
    let context = Context { text: Arc::new(text), ..context };
    search::catch_up(&context).await.expect("documents");
    context
}

fn ids(stub: &MeiliStub) -> Vec<String> {
    stub.titles().iter().filter_map(|title| title.split(' ').next().map(str::to_owned)).collect()
}

async fn is_fallback(app: &Context) -> bool {
    app.text.search(&query("园区")).await.expect("an answer").is_fallback
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_build_one_index_with_every_document() {
    for test in TestApp::each().await {
        let stub = MeiliStub::start().await;
        let (one, other) = (process(&test, &stub, "one").await, process(&test, &stub, "other").await);
        let (first, second) = tokio::join!(keep(&one, "one"), keep(&other, "other"));
        let (first, second) = (first.expect("kept"), second.expect("kept"));
        assert!(first != IndexState::MendedElsewhere || second != IndexState::MendedElsewhere, "{}", test.db.name);
        for (app, holder) in [(&one, "one"), (&other, "other")] {
            assert_eq!(keep(app, holder).await.expect("kept"), IndexState::Equal(0), "{}", test.db.name);
            assert!(!is_fallback(app).await);
        }
        assert_eq!((ids(&stub), stub.swaps()), (IDS.map(str::to_owned).to_vec(), 1), "{}", test.db.name);
        assert_eq!(stub.indexes(), [MEILI_INDEX], "nothing is left behind");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_one_process_builds_no_other_does_until_its_lease_has_run_out() {
    for db in database::each().await {
        let clock = Arc::new(SetClock::default());
        let start = Moment(1_795_507_200_000);
        clock.set(start);
        let test = TestApp::with_first_clock(db, &[], clock.clone()).await;
        let stub = MeiliStub::start().await;
        let (one, other) = (process(&test, &stub, "one").await, process(&test, &stub, "other").await);
        stub.set(Mood::Silent);
        // Cut off in the middle, as by a kill: the lease stays.
        let cut = tokio::time::timeout(Duration::from_millis(500), rebuild(&one, "one")).await;
        assert!(cut.is_err());
        stub.set(Mood::Well);
        assert!(!rebuild(&other, "other").await.expect("no error"), "{}", test.db.name);
        clock.set(start.plus_seconds(31));
        assert!(rebuild(&other, "other").await.expect("rebuilt"), "{}", test.db.name);
        assert_eq!(stub.indexes(), [MEILI_INDEX]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_with_fewer_documents_than_were_sent_is_not_swapped_in() {
    let test = TestApp::sqlite().await;
    let stub = MeiliStub::start().await;
    let app = process(&test, &stub, "one").await;
    stub.set(Mood::LosesDocuments);
    let error = keep(&app, "one").await.expect_err("refused");
    assert!(matches!(&error, Error::Unavailable(why) if why.contains("6 of 7")), "{error}");
    assert_eq!((ids(&stub), stub.swaps(), is_fallback(&app).await), (vec![], 0, true));
    stub.set(Mood::Well);
    keep(&app, "one").await.expect("kept");
    assert_eq!((ids(&stub), is_fallback(&app).await), (IDS.map(str::to_owned).to_vec(), false));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_index_lacks_has_otherwise_or_has_beyond_the_database_is_mended() {
    let test = TestApp::sqlite().await;
    let stub = MeiliStub::start().await;
    let app = process(&test, &stub, "one").await;
    keep(&app, "one").await.expect("kept");
    let titles = stub.titles();
    let mended = async |apart: usize| {
        assert_ne!(stub.titles(), titles);
        assert_eq!(keep(&app, "one").await.expect("kept"), IndexState::Equal(apart));
        assert_eq!(stub.titles(), titles);
        stub.swaps()
    };
    stub.tamper(|docs| docs.retain(|_, doc| doc["id"] != "T1"));
    assert_eq!(mended(1).await, 1, "one of seven is no rebuild");
    index(&stub, "x").apply(&[put(&docs()[0])]).await.expect("a document of nobody");
    assert_eq!(mended(1).await, 1);
    stub.tamper(|docs| {
        let park = docs.values_mut().find(|doc| doc["id"] == "T2").expect("a park");
        park["title"] = json!("另一个名字");
        park["digest"] = json!("00");
    });
    assert_eq!(mended(1).await, 1);
    stub.tamper(std::collections::BTreeMap::clear);
    assert_eq!(mended(7).await, 2, "all of seven are one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_task_fails_after_it_was_taken_is_answered_from_memory_and_made_later() {
    let test = TestApp::sqlite().await;
    let stub = MeiliStub::start().await;
    let app = process(&test, &stub, "one").await;
    keep(&app, "one").await.expect("kept");
    for mood in [Mood::FailsLater, Mood::Broken, Mood::Down] {
        stub.set(mood);
        let name = format!("{mood:?}园区");
        test.import(domain::listing::Kind::Park, &format!("code,name,level,province\nT1,{name},省级,浙江省\n")).await;
        luodi::service::inventory::refresh(&app).await.expect("followed");
        search::apply(&app).await.expect("the fallback has it");
        let found = app.text.search(&query(&name)).await.expect("an answer");
        assert_eq!((found.is_fallback, found.hits[0].title.as_str()), (true, name.as_str()));
        assert!(keep(&app, "one").await.is_err(), "{mood:?}");
        stub.set(Mood::Well);
        assert!(matches!(keep(&app, "one").await.expect("kept"), IndexState::Equal(1..)), "{mood:?}");
        assert!(stub.titles().contains(&format!("T1 {name}")) && !is_fallback(&app).await, "{mood:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_breaker_opens_and_closes_by_itself() {
    let test = TestApp::sqlite().await;
    let stub = MeiliStub::start().await;
    let app = process(&test, &stub, "one").await;
    keep(&app, "one").await.expect("kept");
    for mood in [Mood::Broken, Mood::Down, Mood::Silent] {
        stub.set(mood);
        for _ in 0..6 {
            assert!(is_fallback(&app).await, "{mood:?}");
        }
        stub.set(Mood::Well);
        assert!(!is_fallback(&app).await, "{mood:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn searches_go_by_the_key_that_may_do_nothing_else() {
    let test = TestApp::sqlite().await;
    let stub = MeiliStub::start().await;
    let app = process(&test, &stub, "one").await;
    keep(&app, "one").await.expect("kept");
    assert!(!is_fallback(&app).await);
    let asked = stub.asked();
    assert!(asked.iter().any(|(_, path)| path.ends_with("/search")));
    for (key, path) in asked {
        let right = if path.ends_with("/search") { "Bearer searches" } else { "Bearer writes" };
        assert_eq!(key, right, "{path}");
    }
}
