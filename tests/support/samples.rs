//! One sample of every letter.

use luodi::mail::{
    AlertItem, FilesMail, InboxConfirmMail, InquiryMail, NeedAlertMail, NeedLine, NewsMail, ReceiptMail, Rendered,
    ReplyMail, ReportAnswerMail, StaffMail, StillValidMail, Templates, WithdrawalMail,
};

pub(crate) fn inquiry() -> InquiryMail {
    let fact = |label: &str, value: &str| NeedLine { label: label.into(), value: value.into() };
    InquiryMail {
        has_reply_address: false,
        number: "LD-000123".into(),
        listing_name: "示例标准地 3 号地块".into(),
        headline: "汽车零部件及配件制造｜30–50亩｜年税1000万".into(),
        facts: vec![fact("行业", "3670 汽车零部件及配件制造"), fact("用地", "30–50 亩"), fact("税收", "1000 万元/年")],
        more_facts: vec![fact("层高", "9 米")],
        facts_en: vec![fact("Land", "2–3.33 ha")],
        words: vec!["想在<b>宁波</b>找地，电话 ［已隐藏］".into()],
        operator: "示例运营方".into(),
        operator_contact: "privacy@luodi.example.com".into(),
        masked_phone: "138****8000".into(),
        company: "宁波某某<b>机械</b>有限公司".into(),
        portal_url: "https://luodi.example.com/staff/leads/LD-000123".into(),
        answer_within: "2026年11月30日（含当日）".into(),
    }
}

/// An alert's mail with one listing, in a language.
fn need_alert(lang: &str) -> NeedAlertMail {
    let fact = |label: &str, value: &str| NeedLine { label: label.into(), value: value.into() };
    let (is_english, page) = (lang == "en", "https://luodi.example.com/alerts/abc");
    let say = |chinese: &str, english: &str| if is_english { english.to_owned() } else { chinese.to_owned() };
    NeedAlertMail {
        lang: lang.into(),
        subject: say("有 1 处新载体符合您的条件", "1 new listings fit your need"),
        greeting: say("您好：", "Hello,"),
        lines: vec![say("以下载体新近完全符合您的条件：", "These listings newly fit all that you asked for:")],
        need: vec![fact(&say("用地", "Land"), &say("20–40 亩", "1.33–2.67 ha"))],
        items: vec![AlertItem {
            name: "示例标准地 <b>3</b> 号地块".into(),
            url: "https://luodi.example.com/plots/P3".into(),
            facts: vec![fact(&say("所属园区", "Park"), "示例园区"), fact(&say("面积", "Area"), "30 亩")],
        }],
        after: vec![say("下一封提醒最早在2026年12月8日。", "The next mail goes on 8 December 2026 at the earliest.")],
        button: say("查看提醒和全部匹配结果", "See the alert and all matches"),
        button_url: page.into(),
        footer: say("本邮件由落地平台自动发出，请不要直接回复。", "Sent automatically; please do not reply."),
        stop: say("不想再收到？停止这条提醒", "No more of these? Stop this alert"),
        stop_url: Some(format!("{page}/stop")),
        colon: say("：", ": "),
    }
}

/// Every letter with its kind.
pub(crate) fn all_mails(templates: &Templates) -> Vec<(&'static str, Rendered)> {
    let receipt = ReceiptMail {
        status_url: "https://luodi.example.com/requirements/abc".into(),
        headline: "汽车零部件及配件制造｜30–50亩".into(),
        facts: vec![NeedLine { label: "用地".into(), value: "30–50 亩".into() }],
        in_english: Vec::new(),
        parks: vec!["示例一号园区".into(), "示例二号园区".into()],
        parks_in_english: vec!["示例一号园区".into(), "示例二号园区".into()],
        is_later: false,
    };
    let later = ReceiptMail { is_later: true, ..receipt.clone() };
    let withdrawal = WithdrawalMail {
        number: "LD-000123".into(),
        listing_name: "示例标准地 3 号地块".into(),
        operator: "示例运营方".into(),
        operator_contact: "privacy@luodi.example.com".into(),
    };
    let reply = ReplyMail {
        number: "LD-000123".into(),
        listing_name: "示例标准地 3 号地块".into(),
        sender: "示例园区".into(),
        lines: vec!["欢迎来园区看地。".into(), String::new(), "<b>招商局</b>".into()],
        more_lines: "12".into(),
        files: vec!["规划图.png".into(), "报价.xlsx".into()],
        page_url: "https://luodi.example.com/requirements/abc".into(),
        has_reply_address: true,
        in_english: false,
    };
    let reply_en = ReplyMail { in_english: true, has_reply_address: false, ..reply.clone() };
    let files = FilesMail {
        number: "LD-000123".into(),
        files: vec!["规划图.png".into(), "<b>报价.xlsx".into()],
        in_english: false,
    };
    let files_en = FilesMail { in_english: true, ..files.clone() };
    let confirm = InboxConfirmMail {
        park: "示例园区".into(),
        confirm_url: "https://luodi.example.com/staff/inbox/abc".into(),
        operator: "示例运营方".into(),
        operator_contact: "privacy@luodi.example.com".into(),
    };
    let stop = "https://luodi.example.com/unsubscribe/abc";
    let still_valid = StillValidMail {
        park: "示例园区".into(),
        count: "12".into(),
        page_url: "https://luodi.example.com/still-valid/abc".into(),
        listings_url: "https://luodi.example.com/staff/listings".into(),
        stop_url: stop.into(),
    };
    let digest = NewsMail {
        number: None,
        subject: "今日待办：逾期 1 条，今天到期 2 条".into(),
        lines: vec!["以下是您名下和您园区的线索，逾期的在前：".into()],
        rows: vec!["逾期 2 个工作日｜LD-000123｜汽车零部件 30–50 亩｜新登记｜王先生".into()],
        link: Some("https://luodi.example.com/staff".into()),
        link_label: "打开招商后台".into(),
        footer: "本邮件由落地平台自动发出，请不要直接回复。".into(),
        stop_url: Some(stop.into()),
    };
    let alert = StaffMail {
        subject: "落地招商平台：账号达到当日上限".into(),
        text: "账号 clerk@example.com 今天查看联系方式已达 100 次上限，之后的查看被拒绝。".into(),
        button: "查看成员".into(),
        url: "https://luodi.example.com/staff/people".into(),
        stop_url: Some(stop.into()),
    };
    let answered = ReportAnswerMail {
        number: "JC-000123".into(),
        listing_name: "示例标准地 3 号地块".into(),
        in_english: false,
        ticket_url: "https://luodi.example.com/tickets/JC-000123".into(),
    };
    let answered_en = ReportAnswerMail { in_english: true, ..answered.clone() };
    let [alert_zh, alert_en] = ["zh-Hans", "en"].map(need_alert);
    let question = NeedAlertMail { items: Vec::new(), stop_url: None, ..alert_zh.clone() };
    vec![
        ("need_alert_zh", templates.need_alert(&alert_zh).expect("renders")),
        ("need_alert_en", templates.need_alert(&alert_en).expect("renders")),
        ("need_alert_question", templates.need_alert(&question).expect("renders")),
        ("still_valid", templates.still_valid(&still_valid).expect("renders")),
        ("digest", templates.news(&digest).expect("renders")),
        ("alert", templates.staff(&alert).expect("renders")),
        ("report_answer", templates.report_answer(&answered).expect("renders")),
        ("report_answer_en", templates.report_answer(&answered_en).expect("renders")),
        ("inquiry", templates.inquiry(&inquiry()).expect("renders")),
        ("receipt", templates.receipt(&receipt).expect("renders")),
        ("receipt_later", templates.receipt(&later).expect("renders")),
        ("files", templates.files(&files).expect("renders")),
        ("files_en", templates.files(&files_en).expect("renders")),
        ("inbox_confirm", templates.inbox_confirm(&confirm).expect("renders")),
        ("reply", templates.reply(&reply).expect("renders")),
        ("reply_en", templates.reply(&reply_en).expect("renders")),
        ("withdrawal", templates.withdrawal(&withdrawal).expect("renders")),
    ]
}
