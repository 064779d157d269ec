//! View models, templates and form drafts. No database access.

mod advice;
mod answer;
mod answer_map;
mod asked_place;
mod assets;
mod beside;
mod card;
mod chart;
mod commitment;
mod draft;
mod fields;
mod listing;
mod markdown;
mod needs;
mod nothing;
mod origin;
mod page;
mod pager;
mod picture;
mod reading;
mod same_units;
mod schematic;
mod timed;
mod verdict;

use std::sync::LazyLock;

use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;

use crate::i18n::{Locale, catalogue, is_chinese, say, without_chinese};

pub use advice::{AdviceView, PairView, StatedNeed, StepView, adopt, change_in_words};
pub use answer::{AnswerView, CriterionView, GroupView, MatchView, SignView, criterion, matched};
pub use answer_map::{AnswerMap, Placed, answer_map};
pub use asked_place::AskedPlaces;
pub use assets::{Asset, asset, asset_url};
pub use beside::{CheckedFact, checked_facts, held_in_words, held_lines, marks, provenance};
pub use card::key_facts;
pub use chart::{Bar, Chart, chart};
pub use commitment::{CheckLineView, CheckView, IndicatorView, check, indicators};
pub use draft::{CONTACT_FIELDS, FormContent, FormPair, named_industry, named_places};
pub use fields::{FieldView, OptionView, Shown, form_field, form_fields};
pub use listing::{
    Badge, Crumb, ELSEWHERE, FreshMark, INDICATORS, ListingFacts, area as land_of, badge, breadcrumb_json,
    cell_in_words, crumbs, evidence, facts, facts_among, kind_url, listing_url, name_of, policy_json, qr, web_address,
};
pub use markdown::markdown;
pub use needs::{NeedTab, need_tabs};
pub use nothing::{NearestView, NothingView, SmallestChange, nothing};
pub use origin::{ChangeView, Past, SourcedFacts, history, sourced};
pub use page::{ActorView, PageInfo, SiteView};
pub use pager::{Pager, address, encode};
pub use picture::PictureView;
pub use reading::{Piece, QuestionView, ReadingView};
pub use same_units::{SameCell, SameRow, SideBySide, free_from, land_price, same_rows, source_rows, square_metres};
pub use schematic::{Dot, Place, place};
pub use timed::reading_of;

/// Every template with its source; compiled in, so that the program runs from any working directory.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("../templates/layout.html")),
    ("components.html", include_str!("../templates/components.html")),
    ("home.html", include_str!("../templates/home.html")),
    ("read.html", include_str!("../templates/read.html")),
    ("map.html", include_str!("../templates/map.html")),
    ("matches.html", include_str!("../templates/matches.html")),
    ("inquiry.html", include_str!("../templates/inquiry.html")),
    ("requirement.html", include_str!("../templates/requirement.html")),
    ("lost.html", include_str!("../templates/lost.html")),
    ("erased.html", include_str!("../templates/erased.html")),
    ("listing.html", include_str!("../templates/listing.html")),
    ("list.html", include_str!("../templates/list.html")),
    ("policies.html", include_str!("../templates/policies.html")),
    ("policies.atom", include_str!("../templates/policies.atom")),
    ("compare.html", include_str!("../templates/compare.html")),
    ("brief.html", include_str!("../templates/brief.html")),
    ("brief_body.html", include_str!("../templates/brief_body.html")),
    ("shared.html", include_str!("../templates/shared.html")),
    ("share.html", include_str!("../templates/share.html")),
    ("search.html", include_str!("../templates/search.html")),
    ("policy.html", include_str!("../templates/policy.html")),
    ("policy_article.html", include_str!("../templates/policy_article.html")),
    ("sitemap.xml", include_str!("../templates/sitemap.xml")),
    ("privacy.html", include_str!("../templates/privacy.html")),
    ("ranking.html", include_str!("../templates/ranking.html")),
    ("report.html", include_str!("../templates/report.html")),
    ("ticket.html", include_str!("../templates/ticket.html")),
    ("still_valid.html", include_str!("../templates/still_valid.html")),
    ("unsubscribe.html", include_str!("../templates/unsubscribe.html")),
    ("alert_form.html", include_str!("../templates/alert_form.html")),
    ("alert_asked.html", include_str!("../templates/alert_asked.html")),
    ("alert.html", include_str!("../templates/alert.html")),
    ("error.html", include_str!("../templates/error.html")),
    ("dev_mails.html", include_str!("../templates/dev_mails.html")),
    ("dev_mail.html", include_str!("../templates/dev_mail.html")),
    ("dev_components.html", include_str!("../templates/dev_components.html")),
    ("staff/link.html", include_str!("../templates/staff/link.html")),
    ("staff/sign_in.html", include_str!("../templates/staff/sign_in.html")),
    ("staff/inbox.html", include_str!("../templates/staff/inbox.html")),
    ("staff/lead.html", include_str!("../templates/staff/lead.html")),
    ("staff/forms.html", include_str!("../templates/staff/forms.html")),
    ("staff/typed_in.html", include_str!("../templates/staff/typed_in.html")),
    ("staff/callers.html", include_str!("../templates/staff/callers.html")),
    ("staff/assignment.html", include_str!("../templates/staff/assignment.html")),
    ("staff/code.html", include_str!("../templates/staff/code.html")),
    ("staff/contact.html", include_str!("../templates/staff/contact.html")),
    ("staff/factor.html", include_str!("../templates/staff/factor.html")),
    ("staff/forgot.html", include_str!("../templates/staff/forgot.html")),
    ("staff/kept.html", include_str!("../templates/staff/kept.html")),
    ("staff/me.html", include_str!("../templates/staff/me.html")),
    ("staff/people.html", include_str!("../templates/staff/people.html")),
    ("staff/person.html", include_str!("../templates/staff/person.html")),
    ("staff/reset.html", include_str!("../templates/staff/reset.html")),
    ("staff/sphere.html", include_str!("../templates/staff/sphere.html")),
    ("staff/unlock.html", include_str!("../templates/staff/unlock.html")),
    ("staff/policies.html", include_str!("../templates/staff/policies.html")),
    ("staff/policy_draft.html", include_str!("../templates/staff/policy_draft.html")),
    ("staff/policy_changes.html", include_str!("../templates/staff/policy_changes.html")),
    ("staff/policy_versions.html", include_str!("../templates/staff/policy_versions.html")),
    ("staff/policy_form.html", include_str!("../templates/staff/policy_form.html")),
    ("staff/promises.html", include_str!("../templates/staff/promises.html")),
    ("staff/tasks.html", include_str!("../templates/staff/tasks.html")),
    ("staff/imports.html", include_str!("../templates/staff/imports.html")),
    ("staff/import.html", include_str!("../templates/staff/import.html")),
    ("staff/listings.html", include_str!("../templates/staff/listings.html")),
    ("staff/listing.html", include_str!("../templates/staff/listing.html")),
    ("staff/listing_conflict.html", include_str!("../templates/staff/listing_conflict.html")),
    ("staff/park.html", include_str!("../templates/staff/park.html")),
    ("staff/inbox_confirm.html", include_str!("../templates/staff/inbox_confirm.html")),
    ("staff/holds.html", include_str!("../templates/staff/holds.html")),
    ("staff/reports.html", include_str!("../templates/staff/reports.html")),
    ("staff/report.html", include_str!("../templates/staff/report.html")),
    ("staff/ledger.html", include_str!("../templates/staff/ledger.html")),
    ("staff/ledger_rows.html", include_str!("../templates/staff/ledger_rows.html")),
    ("staff/webhook.html", include_str!("../templates/staff/webhook.html")),
    ("staff/webhooks.html", include_str!("../templates/staff/webhooks.html")),
    ("staff/unmet.html", include_str!("../templates/staff/unmet.html")),
    ("staff/export.html", include_str!("../templates/staff/export.html")),
];

static CHINESE: LazyLock<Result<Environment<'static>, minijinja::Error>> =
    LazyLock::new(|| environment(Locale::ZhHans));
static ENGLISH: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| environment(Locale::En));

/// Renders a template in the page's locale; `context` is the page's own data.
///
/// # Errors
/// [`anyhow::Error`] where the template does not fit its context, which the tests exclude.
pub fn render(page: &PageInfo, template: &str, context: impl Serialize) -> anyhow::Result<String> {
    let environment = match page.locale {
        Locale::ZhHans => &*CHINESE,
        Locale::En => &*ENGLISH,
    };
    let environment = environment.as_ref().map_err(|error| anyhow::anyhow!("templates: {error:#}"))?;
    let head = minijinja::context! { page => Value::from(Serde(page)) };
    let context = minijinja::value::merge_maps([head, Value::from(Serde(context))]);
    environment.get_template(template)?.render(context).map_err(|error| anyhow::anyhow!("{template}: {error:#}"))
}

/// One environment per locale, so that `t` and `url` need no locale argument in macros.
fn environment(locale: Locale) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    if crate::guard::is_out("escaping") {
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    }
    environment.add_function("t", move |key: &str, args: Kwargs| -> Result<String, minijinja::Error> {
        let named: Vec<(String, String)> = args
            .args()
            .map(|name| Ok((name.to_owned(), args.get::<Value>(name)?.to_string())))
            .collect::<Result<_, minijinja::Error>>()?;
        let named: Vec<(&str, &str)> = named.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Ok(say(locale, key, &named))
    });
    environment.add_filter("zh", move |text: &str| marked(locale, text));
    environment.add_filter("plain", move |text: String| match locale {
        // Blank for a text that is Chinese from its first character on.
        Locale::En => {
            Some(without_chinese(&text)).filter(|it| !it.starts_with(is_chinese)).unwrap_or_default().to_owned()
        }
        Locale::ZhHans => text,
    });
    environment.add_function("url", move |path: &str| local_url(locale, path));
    environment.add_function("asset", |name: &str| asset_url(name));
    for (name, source) in TEMPLATES {
        if name.ends_with(".html") {
            environment.add_template_owned(*name, prepared(locale, source))?;
        } else {
            environment.add_template(name, source)?;
        }
    }
    Ok(environment)
}

/// Returns a template as one locale renders it: without the indentation of its lines, which would be a third of a page of
/// matches, and with the texts that no page changes already in it, which would be most calls while it is rendered.
fn prepared(locale: Locale, source: &str) -> String {
    let lines: Vec<&str> = source.lines().map(str::trim_start).collect();
    let mut source = lines.join("\n");
    if locale == Locale::ZhHans {
        // Both filters return a Chinese page's text as it is.
        source = source.replace("|zh", "").replace("|plain", "");
    }
    let mut prepared = String::with_capacity(source.len());
    let mut rest = source.as_str();
    while let Some((before, (expression, after))) =
        rest.split_once("{{").and_then(|(before, from)| Some((before, from.split_once("}}")?)))
    {
        prepared += before;
        prepared += &fixed(locale, expression).unwrap_or_else(|| format!("{{{{{expression}}}}}"));
        rest = after;
    }
    prepared + rest
}

/// Returns the text of an expression that is the same on every page of a locale: a sentence without placeholders, a path, or
/// the address of a static file. Comments in its place keep what its marks say about the blanks around it.
fn fixed(locale: Locale, expression: &str) -> Option<String> {
    let (before, inner) = expression.strip_prefix('-').map_or(("", expression), |inner| ("{#- #}", inner));
    let (after, inner) = inner.strip_suffix('-').map_or(("", inner), |inner| ("{# -#}", inner));
    let (function, argument) = inner.trim().strip_suffix("\")")?.split_once("(\"")?;
    let text = match function {
        _ if argument.contains('"') => return None,
        "t" => catalogue(locale).sentence(argument).filter(|text| !text.contains('{'))?.to_owned(),
        "url" => local_url(locale, argument),
        "asset" => asset_url(argument),
        _ => return None,
    };
    Some(format!("{before}{}{after}", escaped(&text)))
}

/// Path in a locale: English pages are below `/en`.
#[must_use]
pub fn local_url(locale: Locale, path: &str) -> String {
    match locale {
        Locale::ZhHans => path.to_owned(),
        Locale::En if path == "/" => "/en/".to_owned(),
        Locale::En => format!("/en{path}"),
    }
}

/// Escapes a text and marks the Chinese in it with its language, on pages in another one.
fn marked(locale: Locale, text: &str) -> Value {
    if locale == Locale::ZhHans {
        return Value::from(text);
    }
    let mut html = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(start) = rest.find(is_chinese) {
        let (before, from) = rest.split_at(start);
        let (chinese, after) = from.split_at(chinese_length(from));
        html.push_str(&escaped(before));
        html.push_str(&format!("<span lang=\"zh-Hans\">{}</span>", escaped(chinese)));
        rest = after;
    }
    html.push_str(&escaped(rest));
    Value::from_safe_string(html)
}

/// The length of a run of Chinese with the letters and digits inside it, up to its last ideograph.
fn chinese_length(text: &str) -> usize {
    let run = text.char_indices().take_while(|&(_, c)| !matches!(c, ' ' | ',' | ';' | ':' | '·'));
    run.filter(|&(_, c)| is_chinese(c)).last().map_or(text.len(), |(at, c)| at + c.len_utf8())
}

fn escaped(text: &str) -> String {
    if crate::guard::is_out("escaping") { text.to_owned() } else { minijinja::HtmlEscape(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::{Locale, fixed, prepared};

    #[test]
    fn what_no_page_changes_is_in_the_template_before_it_is_rendered() {
        let chinese = prepared(Locale::ZhHans, "<p>\n    {{- t(\"nav.policies\") -}}\n</p>");
        assert_eq!(chinese, "<p>\n{#- #}政策{# -#}\n</p>");
        assert_eq!(fixed(Locale::En, " url(\"/plots\") ").as_deref(), Some("&#x2f;en&#x2f;plots"));
    }

    #[test]
    fn what_a_page_changes_stays_an_expression() {
        for expression in ["name", "t(key)", "t(\"list.page_of\", page=1)", "t(\"a\") ~ t(\"b\")", "t(\"no.such_key\")"]
        {
            assert_eq!(fixed(Locale::ZhHans, expression), None, "{expression}");
            let source = format!("{{{{ {expression} }}}}");
            assert_eq!(prepared(Locale::En, &source), source);
        }
    }
}
