//! A NUL is refused alike on both databases, wherever it comes in.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::TestApp;
use crate::pages::reader;

#[tokio::test(flavor = "multi_thread")]
async fn a_nul_in_path_query_form_or_body_is_refused_in_words_on_both_databases() {
    for test in TestApp::each().await {
        let name = &test.db.name;
        for path in [
            "/api/v1/requirements/%00",
            "/api/v1/listings/P1%00",
            "/plots/%00",
            "/requirements/a%00b",
            "/api/v1/leads/%00",
        ] {
            assert_eq!(test.get(path).await.status, StatusCode::NOT_FOUND, "{name} {path}");
        }
        for path in
            ["/api/v1/search?q=%00", "/api/v1/listings?region=%00", "/search?q=a%00", "/plots?region=%00", "/?text=%00"]
        {
            assert_eq!(test.get(path).await.status, StatusCode::BAD_REQUEST, "{name} {path}");
        }
        let mut browser = reader(&test);
        for path in ["/", "/matches", "/inquiry", "/lost", "/staff/sign-in", "/staff/forgot"] {
            let seen = browser.post(path, &[("text", "a\0"), ("email", "a\0@example.com")]).await;
            assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{name} {path}");
        }
        let mut body = TestApp::submission(&json!({ "land_mu": { "min": 20 } }));
        body["company"] = json!("示例\0水泵");
        let refused = test.post_with("/api/v1/requirements", "nul", &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let error = &refused.json()["errors"][0];
        assert_eq!((error["field"].as_str(), error["code"].as_str()), (Some("company"), Some("control_character")));
    }
}
