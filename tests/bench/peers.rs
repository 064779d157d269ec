//! The same rows in databases: rows go out as CSV, `peers.py` loads, asks and times, and checks the ids and scores.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;

use domain::decimal::Decimal;
use domain::industry::IndustryCode;
use domain::land_use::LandUse;
use domain::listing::{Detail, Listing, Plot};
use domain::matching::Index;
use domain::region::divisions;
use domain::requirement::{Tenure, Use};

/// The columns, in the order of [`row`].
const HEADER: &str = "id,kind,offered,province,prefecture,county,i1lo,i1hi,i1d,i2lo,i2hi,i2d,blo,bhi,use_prod,size,part,\
tax,invest,output,rd,energy,emission,controlled,price,power,available,level,buys,dated";

/// Loads and times every peer that is there; `answers` are the engine's own, as JSON, to compare with.
pub(crate) fn run(index: &Index, answers: &str) {
    let folder = std::env::temp_dir().join(format!("matching-peers-{}", std::process::id()));
    if let Err(error) = write_rows(index, &folder, answers) {
        println!("peers: {error}");
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/bench/peers.py");
    // A virtual environment with duckdb may be named; plain Python has SQLite.
    let python = std::env::var("PEERS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    match Command::new(python).arg(script).arg(&folder).status() {
        Ok(status) if status.success() => {}
        Ok(status) => println!("peers: {status}"),
        Err(error) => println!("peers: no Python: {error}"),
    }
    let _ = std::fs::remove_dir_all(&folder);
}

fn write_rows(index: &Index, folder: &Path, answers: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("answers.json"), answers)?;
    let mut file = BufWriter::new(File::create(folder.join("rows.csv"))?);
    writeln!(file, "{HEADER}")?;
    index.iter().try_for_each(|listing| writeln!(file, "{}", row(listing)))
}

fn steps(figure: Option<Decimal>) -> String {
    figure.map_or(String::new(), |figure| (figure.micro() / 100).to_string())
}

/// The four-digit codes that a code holds, and its digits.
fn codes(code: Option<&IndustryCode>) -> String {
    code.map_or(",,".to_owned(), |code| {
        let width = 10_u32.pow(u32::from(4 - code.digits()));
        let from = u32::from(code.number()) * width;
        format!("{from},{},{}", from + width - 1, code.digits())
    })
}

fn row(listing: &Listing) -> String {
    let division = listing.division.map_or(0, domain::region::DivisionCode::get);
    let prefecture =
        listing.division.and_then(|code| divisions().prefecture(code)).map_or(0, domain::region::DivisionCode::get);
    let epoch = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    let days = |day: chrono::NaiveDate| (day - epoch).num_days() + 1;
    let available = match (listing.status, listing.available_from) {
        (Some(domain::listing::Status::Reserved), _) => None,
        (_, Some(from)) => Some(days(from)),
        (Some(domain::listing::Status::Available), None) => Some(0),
        _ => None,
    };
    let dated = listing.dated.as_deref().and_then(domain::time::parse_day).map(days);
    let number = |value: Option<i64>| value.map_or(String::new(), |value| value.to_string());
    let level = listing.level.map_or(0, |level| level as u8 + 1);
    let blank = Plot::default();
    let (plot, kind) = match &listing.detail {
        Detail::Plot(plot) => (&**plot, 0),
        Detail::Space(_) => (&blank, 1),
        Detail::Park(_) => (&blank, 2),
    };
    let banned = codes(listing.banned_industries.first());
    let allows = LandUse::parse(&plot.land_use).and_then(|land| land.allows(Use::Production));
    let land = |land: Option<domain::area::Mu>| number(land.map(|land| land.units() / 10_000));
    let mut row = String::new();
    let _ = write!(
        row,
        "{},{kind},{},{},{prefecture},{division},{},{},{},{},{},{}",
        listing.id,
        u8::from(listing.is_offered()),
        division / 10_000 * 10_000,
        codes(plot.industries.first()),
        codes(plot.industries.get(1)),
        banned.rsplit_once(',').map_or(",", |(range, _)| range),
        allows.map_or(String::new(), |allows| u8::from(allows).to_string()),
        land(plot.area),
        land(plot.min_divisible),
    );
    let indicators = [
        plot.tax_wan_mu,
        plot.invest_intensity_wan_mu,
        plot.output_wan_mu,
        plot.rd_pct,
        plot.energy_va_wan_tce,
        plot.emission_va_wan_t,
    ];
    indicators.into_iter().for_each(|figure| row = format!("{row},{}", steps(figure)));
    let buys = plot.tenure.is_empty() || plot.tenure.contains(&Tenure::Buy);
    let _ = write!(
        row,
        ",{},{},{},{},{level},{},{}",
        u8::from(plot.is_controlled()),
        steps(plot.start_price_wan),
        steps(plot.power_kva),
        number(available),
        u8::from(buys),
        number(dated),
    );
    row
}
