//! The files of `config/data`: all read, samples told from facts, and stock for every criterion.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use domain::import::ImportPlan;
use domain::listing::Kind;
use domain::record::{Policies, Record, Table as _};
use domain::region::divisions;
use luodi::db::import::StoredTable;
use luodi::service::imports::settle_alone;
use luodi::tables::{Format, write};

use super::{plan, reader, reasons, records};

fn file<T: StoredTable>(kind: T, name: &str) -> ImportPlan<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/data").join(name);
    settle_alone(kind, reader().read(&path).expect("a table")).expect("a header")
}

fn whole<T: StoredTable>(kind: T, name: &str) -> Vec<Record<T>> {
    let plan = file(kind, name);
    assert_eq!(reasons(&plan), [] as [&str; 0], "{name}");
    assert!(plan.warnings.is_empty(), "{name}: {:?}", plan.warnings);
    records(&plan)
}

#[test]
fn the_real_files_are_read_and_their_counts_add_up() {
    for (kind, name, read, rejected) in [
        (Kind::Park, "parks.csv", 2542, vec![]),
        (
            Kind::Plot,
            "plots.csv",
            39,
            vec!["3 plot_no blank_id", "5 plot_no blank_id", "15 energy_va_wan_tce not_a_number"],
        ),
    ] {
        let plan = file(kind, name);
        assert_eq!(plan.created() + plan.rejected.len(), read, "{name}");
        assert_eq!(reasons(&plan), rejected, "{name}");
    }
}

#[test]
fn sample_parks_add_to_real_ones_and_change_no_fact() {
    let real: HashMap<String, Record> =
        whole(Kind::Park, "parks.csv").into_iter().map(|park| (park.id().to_owned(), park)).collect();
    let sample = whole(Kind::Park, "demo_parks.csv");
    assert!(sample.len() >= 150);
    for park in &sample {
        let fact = &real[park.id()];
        for column in Kind::Park.columns().iter().map(|column| column.name) {
            assert!(fact.get(column).is_empty() || fact.get(column) == park.get(column), "{} {column}", park.id());
        }
        assert!(park.get("inbox_email").is_empty() || park.get("inbox_email").ends_with("@example.com"));
        assert!(park.get("tags").contains("示例") && park.get("demo") == "yes");
    }
    assert!(sample.iter().any(|park| park.get("inbox_email").is_empty()), "no_inbox can be seen");
    assert!(sample.iter().any(|park| park.get("chemical_park") == "yes"));
}

#[test]
fn sample_plots_and_spaces_are_flagged_and_lie_in_sample_parks() {
    let parks: HashSet<String> =
        whole(Kind::Park, "demo_parks.csv").into_iter().map(|park| park.id().to_owned()).collect();
    for (kind, name, told_by) in [(Kind::Plot, "demo_plots.csv", "location"), (Kind::Space, "demo_spaces.csv", "name")]
    {
        let samples = whole(kind, name);
        assert!(samples.len() >= 300, "{name}");
        for sample in samples {
            assert_eq!(sample.get("demo"), "yes", "{}", sample.id());
            assert!(sample.get(told_by).contains("示例"), "{}", sample.id());
            assert!(parks.contains(sample.get("park_code")), "{}", sample.id());
            let names = ["province", "city", "county"].map(|column| sample.get(column));
            let placed = divisions().resolve(names[0], names[1], names[2]).is_some();
            assert!(placed || names == [""; 3], "{}: {names:?}", sample.id());
        }
    }
    let policies = whole(Policies, "policies.csv");
    assert!(policies.iter().all(|policy| policy.get("demo") == "yes" && policy.get("title").starts_with("示例")));
}

#[test]
fn every_criterion_has_stock_and_silence() {
    for (kind, name, columns) in [
        (
            Kind::Plot,
            "demo_plots.csv",
            "industry_code_gb4754 banned_industries area_sqm area_mu min_divisible_sqm tax_wan_mu invest_intensity_wan_mu \
             output_wan_mu rd_pct energy_va_wan_tce emission_va_wan_t far_min far_max start_price_wan start_price_yuan_sqm \
             tenure power_kva longitude available_from status standard_land province facilities no_facilities",
        ),
        (
            Kind::Space,
            "demo_spaces.csv",
            "industries banned_industries use available_m2 min_lettable_m2 rent_yuan_m2_month price_yuan_m2 tenure power_kva \
             ceiling_height_m floor_load_t_m2 workstations longitude available_from status province crane_t lift_t truck_m \
             fire_class facilities no_facilities",
        ),
        (
            Kind::Park,
            "demo_parks.csv",
            "available_land_mu chemical_park banned_industries status available_from facilities no_facilities",
        ),
    ] {
        let samples = whole(kind, name);
        for column in columns.split_whitespace() {
            let filled = samples.iter().filter(|sample| !sample.get(column).is_empty()).count();
            assert!(filled >= 5 && samples.len() - filled >= 5, "{name} {column}: {filled} of {}", samples.len());
        }
    }
    let plots = whole(Kind::Plot, "demo_plots.csv");
    let six =
        ["tax_wan_mu", "invest_intensity_wan_mu", "output_wan_mu", "rd_pct", "energy_va_wan_tce", "emission_va_wan_t"];
    assert!(plots.iter().any(|plot| six.iter().all(|column| !plot.get(column).is_empty())));
    let silent = |plot: &&Record| six.iter().all(|column| plot.get(column).is_empty());
    assert!(plots.iter().any(|plot| silent(&plot) && plot.get("standard_land") == "yes"));
    assert!(plots.iter().any(|plot| silent(&plot) && plot.get("standard_land").is_empty()));
}

#[test]
fn every_file_comes_back_unchanged_from_both_formats() {
    for (kind, name) in [
        (Kind::Park, "parks.csv"),
        (Kind::Park, "demo_parks.csv"),
        (Kind::Plot, "plots.csv"),
        (Kind::Plot, "demo_plots.csv"),
        (Kind::Space, "demo_spaces.csv"),
    ] {
        let stored = records(&file(kind, name));
        for format in [Format::Csv, Format::Xlsx] {
            let back = plan(kind, write(kind, &stored, format).expect("a file"));
            assert!(records(&back) == stored, "{name} {format:?}");
            assert!(back.warnings.is_empty() && back.rejected.is_empty(), "{name} {format:?}");
        }
    }
}
