//! Markdown (CommonMark) of policies as HTML that no author can turn into more than text.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, html};

use super::web_address;

/// Returns the HTML of a text: its own HTML is shown as text, links lead to web addresses or to pages of this site, pictures are
/// their descriptions, and its first headings are of the second level, below the title of the page.
#[must_use]
pub fn markdown(text: &str) -> String {
    let mut rendered = String::new();
    html::push_html(&mut rendered, Parser::new(text).map(safe));
    rendered
}

fn safe(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(heading(level)),
        Event::End(TagEnd::Heading(level)) => Event::End(heading(level).to_end()),
        Event::Start(Tag::Link { dest_url, link_type, .. }) => Event::Start(Tag::Link {
            link_type,
            dest_url: lawful(&dest_url),
            title: CowStr::from(""),
            id: CowStr::from(""),
        }),
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
        other => other,
    }
}

fn heading(level: HeadingLevel) -> Tag<'static> {
    let level = if level <= HeadingLevel::H2 { HeadingLevel::H2 } else { level };
    Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }
}

/// A web address or a path of this site; anything else leads to the page itself.
fn lawful(link: &str) -> CowStr<'static> {
    let is_own = link.starts_with('/') && !link.starts_with("//");
    let kept = if is_own { Some(link.to_owned()) } else { web_address(link) };
    CowStr::from(kept.unwrap_or_else(|| "#".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn an_authors_html_and_scripts_stay_text() {
        for (text, shown) in [
            ("# 一\n\n正文", "<h2>一</h2>\n<p>正文</p>\n"),
            ("### 三", "<h3>三</h3>\n"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
            ("[x](javascript:alert(1))", "<p><a href=\"#\">x</a></p>\n"),
            ("[x](//evil.example)", "<p><a href=\"#\">x</a></p>\n"),
            ("[x](/policies/a)", "<p><a href=\"/policies/a\">x</a></p>\n"),
            ("![图](https://a.example/x.png)", "<p><em>图</em></p>\n"),
        ] {
            assert_eq!(markdown(text), shown, "{text}");
        }
    }
}
