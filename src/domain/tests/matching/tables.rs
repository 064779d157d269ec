//! CSV tables to listings, as an import would read them.

use domain::listing::{Kind, Listing};
use domain::record::{Header, Record};

/// The accepted rows of a table.
pub(crate) fn records(kind: Kind, table: &str) -> Vec<Record> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table.as_bytes());
    let header = Header::parse(kind, reader.headers().expect("a header").iter()).expect("known columns");
    reader.records().map(|row| Record::parse(&header, row.expect("a row").iter()).expect("accepted")).collect()
}

/// All listings of three tables; plots and spaces with what their parks lend them.
pub(crate) fn listings(parks: &str, plots: &str, spaces: &str) -> Vec<Listing> {
    let parks: Vec<Listing> = records(Kind::Park, parks).iter().map(Listing::from_park).collect();
    let park_of = |record: &Record| parks.iter().find(|park| *park.id == *record.get("park_code"));
    let plots: Vec<Listing> =
        records(Kind::Plot, plots).iter().map(|record| Listing::from_plot(record, park_of(record))).collect();
    let spaces: Vec<Listing> = records(Kind::Space, spaces)
        .iter()
        .map(|record| Listing::from_space(record, park_of(record)).expect("a kind"))
        .collect();
    plots.into_iter().chain(spaces).chain(parks).collect()
}
