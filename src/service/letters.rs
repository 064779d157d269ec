//! Which mail says what to whom. Bytes and Message-ID are fixed here, before the transaction that queues them.

use domain::industry::industries;
use domain::matching::Criterion;
use domain::region::divisions;
use domain::requirement::{Range, Requirement, Tenure, Use};

use crate::app::Context;
use crate::db::letters::NewMail;
use crate::error::Result;
use crate::ids;
use crate::mail::{Fact, InquiryMail, Letter, Party, ReceiptMail, Rendered, WithdrawalMail};

/// An inquiry as its mail tells it.
pub(super) struct InquiryFacts<'a> {
    pub(super) number: &'a str,
    pub(super) lead_id: &'a str,
    pub(super) listing_name: &'a str,
    pub(super) requirement: &'a Requirement,
    pub(super) company: &'a str,
    pub(super) masked_phone: &'a str,
}

/// To a park's inbox: the need, the company, a masked phone and the portal link.
pub(super) fn inquiry(app: &Context, facts: &InquiryFacts<'_>, inbox: &str, ids: (&str, &str)) -> Result<NewMail> {
    let mail = InquiryMail {
        number: facts.number.to_owned(),
        listing_name: facts.listing_name.to_owned(),
        facts: need(facts.requirement),
        masked_phone: facts.masked_phone.to_owned(),
        company: facts.company.to_owned(),
        portal_url: format!("{}/staff/leads/{}", base(app), facts.lead_id),
        answer_within: "1 个工作日".to_owned(),
    };
    let rendered = app.templates.inquiry(&mail).map_err(|e| anyhow::anyhow!(e))?;
    let built = build(app, "inquiry", Some(facts.number), inbox, rendered)?;
    Ok(NewMail {
        purpose: "inquiry",
        requirement_id: Some(ids.0.to_owned()),
        inquiry_id: Some(ids.1.to_owned()),
        resend_of: None,
        mail: built,
    })
}

/// To the enterprise: a fixed text, whose only variable is the link to its own page.
pub(super) fn receipt(app: &Context, reference: &str, address: &str, requirement_id: &str) -> Result<NewMail> {
    let mail = ReceiptMail { status_url: status_url(app, reference) };
    let rendered = app.templates.receipt(&mail).map_err(|e| anyhow::anyhow!(e))?;
    let built = build(app, "receipt", None, address, rendered)?;
    Ok(NewMail {
        purpose: "receipt",
        requirement_id: Some(requirement_id.to_owned()),
        inquiry_id: None,
        resend_of: None,
        mail: built,
    })
}

/// To a park that was served: the enterprise has withdrawn.
pub(super) fn withdrawal(
    app: &Context,
    number: &str,
    listing_name: &str,
    inbox: &str,
    inquiry_id: &str,
) -> Result<NewMail> {
    let mail = WithdrawalMail { number: number.to_owned(), listing_name: listing_name.to_owned() };
    let rendered = app.templates.withdrawal(&mail).map_err(|e| anyhow::anyhow!(e))?;
    let built = build(app, "withdrawal", Some(number), inbox, rendered)?;
    Ok(NewMail {
        purpose: "withdrawal",
        requirement_id: None,
        inquiry_id: Some(inquiry_id.to_owned()),
        resend_of: None,
        mail: built,
    })
}

/// The private page of a requirement.
pub(super) fn status_url(app: &Context, reference: &str) -> String {
    format!("{}/requirements/{reference}", base(app))
}

fn base(app: &Context) -> &str {
    app.config.server.base_url.trim_end_matches('/')
}

fn build(
    app: &Context,
    kind: &'static str,
    number: Option<&str>,
    to: &str,
    rendered: Rendered,
) -> Result<crate::mail::Built> {
    let now = app.clock.now();
    let from = Party::parse(&app.config.mail.from).map_err(|e| anyhow::anyhow!("mail.from: {e}"))?;
    let host = from.address.rsplit('@').next().unwrap_or("localhost").to_owned();
    let bounce = &app.config.mail.bounce;
    let letter = Letter {
        to: Party::bare(to),
        reply_to: None,
        bounce_to: (!bounce.is_empty()).then(|| bounce.clone()),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        kind,
        number: number.map(str::to_owned),
        message_id: format!("{}@{host}", ids::row_id()),
        date: now.in_china().to_utc(),
        auto_submitted: true,
        list_unsubscribe: None,
        from,
    };
    Ok(letter.build(app.dkim.as_ref()).map_err(|e| anyhow::anyhow!("mail: {e}"))?)
}

/// The need in the words of the field, in the order in which staff ask for it.
fn need(requirement: &Requirement) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            facts.push(Fact { label: label.to_owned(), value });
        }
    };
    let amount = |value: Option<domain::decimal::Decimal>, unit: &str| value.map(|value| format!("{value} {unit}"));
    fact("用途", requirement.site_use.map(|it| use_words(it).to_owned()));
    fact("行业", requirement.industry.map(|code| format!("{}({code})", industries().name(code))));
    fact("用地", requirement.land_mu.map(|range| range_words(range, "亩")));
    fact("用房", requirement.floor_m2.map(|range| range_words(range, "㎡")));
    let regions: Vec<String> = requirement.regions.iter().map(|&code| divisions().full_name(code)).collect();
    fact("意向地区", Some(regions.join("、")));
    fact("方式", requirement.tenure.map(|it| if it == Tenure::Buy { "购买" } else { "租赁" }.to_owned()));
    fact("年税收", amount(requirement.tax_wan, "万元"));
    fact("固定资产投资", amount(requirement.fixed_investment_wan, "万元"));
    fact("总投资", amount(requirement.investment_wan, "万元"));
    fact("年产值", amount(requirement.output_wan, "万元"));
    fact("用电", amount(requirement.power_kva, "kVA"));
    fact("层高", amount(requirement.ceiling_height_m, "m"));
    fact("承重", amount(requirement.floor_load_t_m2, "t/㎡"));
    fact("工位", amount(requirement.workstations, "个"));
    fact("就业", amount(requirement.headcount, "人"));
    fact("最迟可用", requirement.available_by.map(|day| day.to_string()));
    let wish = requirement.prefer.iter().any(|criterion| *criterion == Criterion::Price);
    fact("说明", wish.then(|| "价格为优先条件,可协商".to_owned()));
    facts
}

fn use_words(site_use: Use) -> &'static str {
    match site_use {
        Use::Production => "生产",
        Use::Research => "研发",
        Use::Warehouse => "仓储物流",
        Use::Office => "办公",
        Use::Incubation => "孵化",
    }
}

fn range_words(range: Range, unit: &str) -> String {
    match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => format!("{min} {unit}"),
        (Some(min), Some(max)) => format!("{min}–{max} {unit}"),
        (Some(min), None) => format!("不少于 {min} {unit}"),
        (None, Some(max)) => format!("不超过 {max} {unit}"),
        (None, None) => String::new(),
    }
}
