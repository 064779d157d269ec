//! Files imported in the browser by the steps of a clerk.

use axum::http::StatusCode;
use domain::account::Role;
use domain::import::{Names, read, typed};
use domain::kind::Kind;
use domain::record::{Cell, Table as _};
use luodi::i18n::{self, Locale};
use luodi::service::import_jobs;
use luodi::tables::{Limits, template};

use super::{officer, signed_in, texts};
use crate::app::TestApp;
use crate::tables::reader_with;
use crate::templates::{Browser, Seen};

const PATH: &str = "/staff/imports";

async fn uploaded(staff: &mut Browser<'_>, name: &str, file: &[u8]) -> (String, Seen) {
    let sent = staff.upload(PATH, &[("kind", "plot")], (name, file)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = settled(staff, &sent.location).await;
    (sent.location, page)
}

/// The page of a job once no process works on it.
pub(crate) async fn settled(staff: &mut Browser<'_>, path: &str) -> Seen {
    let patience = staff.test.app.clock.now().plus_seconds(30);
    loop {
        let page = staff.get(path).await;
        if !page.text.contains("http-equiv=\"refresh\"") {
            return page;
        }
        assert!(staff.test.app.clock.now() < patience, "the work does not end");
        tokio::task::yield_now().await;
    }
}

async fn cell(test: &TestApp, id: &str, column: &str) -> String {
    let record = test.app.db.listing(Kind::Plot, id).await.expect("an answer");
    record.map(|record| record.get(column).to_owned()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_maps_a_column_sees_the_changes_and_imports_them_and_the_mapping_is_remembered() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        let file = "地块编号,省份,大小,内部编号,状态\nP1,浙江省,45,x,可供\nP4,浙江省,25,x,下架\nN9,浙江省,12,x,可供\n";
        let (job, page) = uploaded(&mut staff, "地块.csv", file.as_bytes()).await;
        assert_eq!(texts(&page.html(), ".field.wrong label"), ["大小", "内部编号"]);
        let choices = [("name.0", "大小"), ("means.0", "area_mu"), ("name.1", "内部编号"), ("means.1", "-")];
        staff.post(&format!("{job}/choose"), &choices).await;
        let page = settled(&mut staff, &job).await;
        let html = page.html();
        assert_eq!(texts(&html, ".tally strong"), ["1", "2", "0", "0"]);
        let first = &texts(&html, ".warn-card tbody tr")[0];
        assert!(first.contains("P1") && first.contains("25 亩") && first.contains("45 亩"), "{first}");
        assert_eq!(cell(&test, "P1", "area_mu").await, "25", "nothing is stored before the choice");
        assert!(page.text.contains("value=\"all\""));
        staff.post(&format!("{job}/apply"), &[("rows", "all")]).await;
        assert!(settled(&mut staff, &job).await.text.contains("导入完成"));
        assert_eq!(
            (cell(&test, "P1", "area_mu").await, cell(&test, "N9", "park_code").await),
            ("45".into(), "T2".into())
        );
        let again = "地块编号,省份,大小,内部编号\nN9,浙江省,13,x\n";
        let (_, page) = uploaded(&mut staff, "再来.csv", again.as_bytes()).await;
        assert_eq!(texts(&page.html(), ".tally strong"), ["0", "1", "0", "0"], "the mapping is remembered");
        let list = staff.get(PATH).await;
        assert!(list.text.contains("地块.csv") && list.text.contains("two@example.com"));
        assert!(list.text.contains("读取 3 行：新增 1，更新 2"), "{}", list.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_rows_come_back_with_their_reasons_and_the_good_ones_can_be_imported_alone() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        let file = "地块编号,省份,面积（亩）,所属园区\nP1,浙江省,26,\nN1,浙江省,约20,\nN2,浙江省,7,T1\n";
        let (job, page) = uploaded(&mut staff, "a.csv", file.as_bytes()).await;
        assert_eq!(texts(&page.html(), ".tally strong"), ["0", "1", "0", "2"]);
        assert!(page.text.contains("value=\"good\"") && !page.text.contains("value=\"all\""));
        let refused = staff.post(&format!("{job}/apply"), &[("rows", "all")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "all is not offered beside rejected rows");
        let bytes = import_jobs::rejected(&test.app, &everybody(), job.rsplit('/').next().expect("an id")).await;
        let sheets = reader_with(Limits::browser()).read_bytes(&bytes.expect("a workbook")).expect("sheets");
        let rows: Vec<Vec<String>> =
            sheets[0].rows.iter().map(|row| row.cells.iter().map(domain::import::Raw::shown).collect()).collect();
        assert_eq!(rows[0][4], import_jobs::reason_column());
        assert_eq!(rows[1][..3], ["N1", "浙江省", "约20"]);
        assert!(rows[2][4].contains("park_code") && rows.len() == 3, "{rows:?}");
        staff.post(&format!("{job}/apply"), &[("rows", "good")]).await;
        settled(&mut staff, &job).await;
        assert_eq!(cell(&test, "P1", "area_mu").await, "26");
        assert_eq!(cell(&test, "N2", "area_mu").await, "", "another park's row is refused");
        let fixed = format!("地块编号,省份,面积（亩）,所属园区,{}\nN1,浙江省,20,,x\n", import_jobs::reason_column());
        let (_, page) = uploaded(&mut staff, "b.csv", fixed.as_bytes()).await;
        assert_eq!(texts(&page.html(), ".tally strong"), ["1", "0", "0", "0"], "the reasons are left out");
    }
}

fn everybody() -> luodi::service::accounts::Actor {
    luodi::service::accounts::Actor {
        id: "nobody".into(),
        email: String::new(),
        role: Role::Admin,
        scope: domain::account::Scope::All,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_since_the_preview_is_seen_again_before_it_is_stored() {
    let test = TestApp::sqlite().await;
    let mut staff = officer(&test, "two@example.com", "T2").await;
    let (job, _) = uploaded(&mut staff, "a.csv", "plot_no,province,area_mu\nP1,浙江省,26\n".as_bytes()).await;
    test.import(Kind::Plot, "plot_no,province,park_code,area_mu\nP1,浙江省,T2,24\n").await;
    staff.post(&format!("{job}/apply"), &[("rows", "all")]).await;
    let page = settled(&mut staff, &job).await;
    assert!(page.text.contains("预览之后库存有变化") && page.text.contains("24 亩"), "{}", page.text);
    assert_eq!(cell(&test, "P1", "area_mu").await, "24");
    staff.post(&format!("{job}/apply"), &[("rows", "all")]).await;
    settled(&mut staff, &job).await;
    assert_eq!(cell(&test, "P1", "area_mu").await, "26");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_undone_or_refused_by_the_listings_that_changed_and_both_are_history() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        let (job, _) = uploaded(&mut staff, "a.csv", "plot_no,province,area_mu\nP1,浙江省,26\n".as_bytes()).await;
        staff.post(&format!("{job}/apply"), &[("rows", "all")]).await;
        settled(&mut staff, &job).await;
        let imports = test.app.db.imports().await.expect("a list");
        let import = imports.iter().find(|import| import.file == "a.csv").expect("an import").id.clone();
        let form = staff.get("/staff/listings/plot/P1").await;
        let edit = [("version", super::hidden(&form, "version")), ("area_mu", "27".to_owned())];
        let edit: Vec<(&str, &str)> = edit.iter().map(|(name, value)| (*name, value.as_str())).collect();
        staff.post("/staff/listings/plot/P1", &edit).await;
        let refused = staff.post(&format!("{PATH}/{import}/undo"), &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(texts(&refused.html(), ".notice.bad a"), ["P1"]);
        let form = staff.get("/staff/listings/plot/P1").await;
        let back = [("version", super::hidden(&form, "version")), ("area_mu", "26".to_owned())];
        let back: Vec<(&str, &str)> = back.iter().map(|(name, value)| (*name, value.as_str())).collect();
        staff.post("/staff/listings/plot/P1", &back).await;
        let undone = staff.post(&format!("{PATH}/{import}/undo"), &[]).await;
        assert_eq!(undone.status, StatusCode::OK, "{}", undone.text);
        assert_eq!(cell(&test, "P1", "area_mu").await, "25");
        let history = texts(&staff.get("/staff/listings/plot/P1").await.html(), ".history li");
        assert_eq!(history.len(), 5, "{history:?}");
        for (told, words) in history.iter().zip([
            ["撤销导入", "26 亩 25 亩"],
            ["手工修改", "27 亩 26 亩"],
            ["手工修改", "26 亩 27 亩"],
            ["导入文件：a.csv", "25 亩 26 亩"],
            ["导入文件：", "– 25 亩"],
        ]) {
            assert!(words.iter().all(|word| told.contains(word)), "{told}: {words:?}");
        }
        let mut other = officer(&test, "one@example.com", "T1").await;
        assert_eq!(other.post(&format!("{PATH}/{import}/undo"), &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&job).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_process_died_is_marked_and_can_be_checked_again() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        let (job, _) = uploaded(&mut staff, "a.csv", "plot_no,province,area_mu\nP1,浙江省,26\n".as_bytes()).await;
        for state in ["reading", "applying"] {
            test.db
                .execute(&format!("UPDATE import_job SET state = '{state}', lease_until = 1, import_id = 'none'"))
                .await;
            let page = staff.get(&job).await;
            assert!(page.text.contains("处理被中断，什么都没有保存"), "{}", page.text);
            staff.post(&format!("{job}/choose"), &[]).await;
            assert!(settled(&mut staff, &job).await.text.contains("value=\"all\""));
        }
        staff.post(&format!("{job}/apply"), &[("rows", "all")]).await;
        settled(&mut staff, &job).await;
        test.db.execute("UPDATE import_job SET state = 'applying', lease_until = 1").await;
        assert!(staff.get(&job).await.text.contains("导入完成"), "its import was committed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_have_limits_of_their_own_and_readers_may_not_import() {
    let test = TestApp::sqlite().await;
    let mut staff = officer(&test, "two@example.com", "T2").await;
    let mut large = "plot_no,province,quality_note\n".to_owned();
    for number in 0..3_000 {
        large.push_str(&format!("L{number},浙江省,{}\n", "字".repeat(60)));
    }
    assert!(large.len() > test.app.config.server.body_bytes);
    let (_, page) = uploaded(&mut staff, "large.csv", large.as_bytes()).await;
    assert_eq!(texts(&page.html(), ".tally strong")[0], "3000");
    let other = staff.upload("/staff/parks/T2/inbox", &[], ("x", large.as_bytes())).await;
    assert_eq!(other.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "other forms take no files");
    let empty = staff.upload(PATH, &[("kind", "plot")], ("empty.csv", b"")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let binary = staff.upload(PATH, &[("kind", "plot")], ("a.pdf", b"%PDF-1.7 \0\0")).await;
    let page = settled(&mut staff, &binary.location).await;
    assert!(page.text.contains("无法读取") && page.text.contains("role=\"alert\""), "{}", page.text);
    let parks = staff.upload(PATH, &[("kind", "park")], ("p.csv", b"code,name,level,province\n")).await;
    assert_eq!(parks.status, StatusCode::FORBIDDEN, "parks are the operator's");
    let mut observer = signed_in(&test, "see@example.com", Role::Observer, Some("T2")).await;
    assert_eq!(observer.upload(PATH, &[("kind", "plot")], ("a.csv", b"x")).await.status, StatusCode::FORBIDDEN);
    let mut stranger = Browser { test: &test, cookie: String::new() };
    let sent = stranger.upload(PATH, &[("kind", "plot")], ("a.csv", b"x")).await;
    assert!(sent.location.starts_with("/staff/sign-in"), "{}", sent.location);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_above_the_limit_or_after_its_time_is_refused_in_words_beside_the_form() {
    let limits = [("LUODI__SERVER__UPLOAD_BYTES", "1048576"), ("LUODI__SERVER__UPLOAD_SECONDS", "1")];
    let test = TestApp::over(crate::database::sqlite().await, &limits).await;
    let mut staff = officer(&test, "two@example.com", "T2").await;
    let mut file = b"plot_no,province\n".to_vec();
    file.resize(1 << 20, b'\n');
    let (_, page) = uploaded(&mut staff, "full.csv", &file).await;
    assert!(page.text.contains("full.csv"), "a file of the limit is read");
    // One byte more, and more than the server reads to its end.
    for size in [(1 << 20) + 1, 12 << 20] {
        file.resize(size, b'\n');
        for (path, words) in [(PATH, "文件超过 1 MB"), ("/en/staff/imports", "is larger than 1 MB")] {
            let refused = staff.upload(path, &[("kind", "plot")], ("huge.csv", &file)).await;
            assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
            assert!(texts(&refused.html(), ".notice.bad li")[0].contains(words), "{}", refused.text);
        }
    }
    for (path, words) in [(PATH, "文件在 1 秒内没有传完"), ("/en/staff/imports", "did not arrive within 1 seconds")]
    {
        let refused = staff.never_ending(path).await;
        assert_eq!(refused.status, StatusCode::REQUEST_TIMEOUT);
        assert!(texts(&refused.html(), ".notice.bad li")[0].contains(words), "{}", refused.text);
    }
    assert_eq!(test.db.rows("SELECT file FROM import_job").await, ["full.csv"], "nothing else was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_of_a_file_are_deleted_with_its_job_or_after_a_day() {
    for test in TestApp::each().await {
        let mut staff = officer(&test, "two@example.com", "T2").await;
        let file = "plot_no,province,area_mu\nP1,浙江省,26\n".as_bytes();
        let (given_up, _) = uploaded(&mut staff, "a.csv", file).await;
        staff.post(&format!("{given_up}/discard"), &[]).await;
        let (stored, _) = uploaded(&mut staff, "b.csv", file).await;
        staff.post(&format!("{stored}/apply"), &[("rows", "all")]).await;
        settled(&mut staff, &stored).await;
        let (waiting, _) = uploaded(&mut staff, "c.csv", "plot_no,province,area_mu\nP1,浙江省,29\n".as_bytes()).await;
        assert_eq!(test.db.rows("SELECT part FROM import_job_file").await, ["upload"], "that of the waiting job alone");
        test.db.execute("UPDATE import_job SET created_at = created_at - 90000000").await;
        luodi::service::housekeeping::sweep(&test.app).await.expect("swept");
        assert_eq!(test.db.rows("SELECT part FROM import_job_file").await, Vec::<String>::new());
        assert!(staff.get(&waiting).await.text.contains("已放弃"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_reads_back_with_every_column_and_its_pick_lists_are_words_of_the_importer() {
    for kind in [Kind::Plot, Kind::Space, Kind::Park] {
        let bytes = template(kind, Locale::ZhHans).expect("a workbook");
        let sheets = reader_with(Limits::browser()).read_bytes(&bytes).expect("sheets");
        let reading = read(kind, &sheets[0], &Names::default(), false).expect("a header");
        assert_eq!((reading.header_row, reading.read), (3, 0), "examples are above the header");
        let columns: Vec<&str> = reading.columns.iter().map(|column| column.name).collect();
        let all: Vec<&str> = kind.columns().iter().map(|c| c.name).filter(|name| *name != "demo").collect();
        assert_eq!(columns, all, "{kind:?}");
    }
    for kind in [Kind::Plot, Kind::Space, Kind::Park] {
        for column in kind.columns() {
            let (Cell::Word(words) | Cell::Words(words)) = column.cell else { continue };
            for label in words.words().into_iter().map(|it| i18n::word(Locale::ZhHans, words.group, it)) {
                let reading = typed(kind, &[(column.name, label.as_str())]);
                assert_eq!(reading.rejected, Vec::new(), "{} {label}", column.name);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_of_several_sheets_asks_which_and_reads_all_where_that_is_chosen() {
    let test = TestApp::sqlite().await;
    let mut staff = officer(&test, "two@example.com", "T2").await;
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, number) in [("一期", "A1"), ("二期", "B1")] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).expect("a name");
        for (column, texts) in [["地块编号", number], ["省份", "浙江省"], ["面积（亩）", "20"]].iter().enumerate()
        {
            for (row, text) in texts.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, *text).expect("a cell");
            }
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    let (job, page) = uploaded(&mut staff, "两期.xlsx", &bytes).await;
    assert!(page.text.contains("待确认列") && page.text.contains("二期"));
    staff.post(&format!("{job}/choose"), &[("sheet", "*")]).await;
    let page = settled(&mut staff, &job).await;
    assert_eq!(texts(&page.html(), ".tally strong")[0], "2", "{}", page.text);
    staff.post(&format!("{job}/choose"), &[("sheet", "二期")]).await;
    assert_eq!(texts(&settled(&mut staff, &job).await.html(), ".tally strong")[0], "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_would_clear_many_cells_is_refused_until_the_column_is_allowed() {
    let test = TestApp::sqlite().await;
    let mut many = "plot_no,province,park_code,area_mu\n".to_owned();
    let mut blank = "plot_no,province,area_mu\n".to_owned();
    for number in 0..20 {
        many.push_str(&format!("C{number},浙江省,T2,10\n"));
        blank.push_str(&format!("C{number},浙江省,\n"));
    }
    test.import(Kind::Plot, &many).await;
    let mut staff = officer(&test, "two@example.com", "T2").await;
    let (job, page) = uploaded(&mut staff, "a.csv", blank.as_bytes()).await;
    assert!(page.text.contains("会清空许多") && !page.text.contains("value=\"all\""), "{}", page.text);
    assert_eq!(staff.post(&format!("{job}/apply"), &[("rows", "all")]).await.status, StatusCode::CONFLICT);
    staff.post(&format!("{job}/choose"), &[("clearing", "area_mu")]).await;
    assert!(settled(&mut staff, &job).await.text.contains("value=\"all\""));
}
