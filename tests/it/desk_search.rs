//! The desk's search by four digits.

use axum::http::StatusCode;
use domain::account::Role;
use domain::listing::Kind;
use serde_json::json;

use crate::app::TestApp;
use crate::desk::ok;

/// Submits the need of a firm with a phone and asks for one listing.
async fn asked(test: &TestApp, company: &str, phone: &str, listing: &str) {
    let mut body = TestApp::submission(&json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 } }));
    (body["company"], body["phone"]) = (json!(company), json!(phone));
    let key = phone.replace(' ', "");
    let reply = test.post_with("/api/v1/requirements", &key, &body).await;
    let reference = reply.json()["reference"].as_str().expect("a reference").to_owned();
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    let sent = test.post_with(&path, &format!("{key}-i"), &TestApp::inquiry(&[listing], &["T2"])).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn four_digits_find_a_phone_a_company_and_a_listing_and_else_what_holds_them_inside() {
    for test in TestApp::each().await {
        let plots = "plot_no,province,city,county,area_mu,park_code,status\n甲-4399-1,浙江省,台州市,温岭市,30,T2,available\n\
            乙-7,浙江省,台州市,温岭市,30,T2,available\n";
        test.import(Kind::Plot, plots).await;
        asked(&test, "示例一号有限公司", "138 0013 4399", "乙-7").await;
        asked(&test, "宁波4399网络有限公司", "138 0013 8001", "乙-7").await;
        asked(&test, "示例三号有限公司", "138 0013 8002", "甲-4399-1").await;
        asked(&test, "示例9999号有限公司", "138 0013 8003", "乙-7").await;
        asked(&test, "4400网络有限公司", "138 0013 8004", "乙-7").await;
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let other = test.key("other", Role::Officer, &["T1"]).await;
        // A date is inside each number, and a name's middle is read where no index has the digits.
        for (q, hits) in [("4399", 3), ("8001", 1), ("9999", 1), ("4400", 1), ("4398", 0), ("0013", 0)] {
            for bucket in ["", "&bucket=new"] {
                let path = format!("/api/v1/leads?q={q}{bucket}");
                let found = ok(&test.staff(&key, "GET", &path, None).await);
                assert_eq!(found["items"].as_array().map(Vec::len), Some(hits), "{} {q}: {found}", test.db.name);
                assert_eq!(found["counts"]["open"], hits, "{q}");
            }
            let path = format!("/api/v1/leads?q={q}&bucket=overdue");
            assert_eq!(ok(&test.staff(&key, "GET", &path, None).await)["counts"]["new"], hits, "{q} in another list");
            let path = format!("/api/v1/leads?q={q}");
            assert_eq!(ok(&test.staff(&other, "GET", &path, None).await)["items"], json!([]), "{q} of another park");
        }
    }
}
