//! What a page says while it is being made, and the script by which it then appears. Only the server adds them: the
//! book in `book/` holds nothing of them.

use serde_json::json;

/// What a page says of itself.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Notice {
    /// How the page stands, in a sentence. It is read aloud when it changes.
    pub words: String,
    /// How far it is and how long it will take.
    pub left: String,
    /// How much is done, of one; none where that cannot be said.
    pub part: Option<f64>,
    /// What a compiler, a program or the weaver said.
    pub reason: Option<String>,
}

/// Where pages ask how they stand.
pub const ASKED: &str = "being-made/";

/// The style of a notice, and the script that asks for news: they stand at a page's end.
const NEWS: &str = include_str!("news.html");

/// What the script is answered: the version that the page would have now, and its notice.
pub fn answer(version: &str, notice: Option<&Notice>) -> String {
    let notice = notice.map(|notice| {
        json!({
            "words": notice.words,
            "left": notice.left,
            "part": notice.part,
            "reason": notice.reason,
        })
    });
    json!({ "version": version, "notice": notice }).to_string()
}

/// The page with its notice, and with the script that asks for news.
pub fn with_notice(html: &str, page: &str, version: &str, notice: Option<&Notice>) -> String {
    let aside = aside(page, version, notice);
    let parts = html.split_once("<main>").and_then(|(head, rest)| {
        let (main, end) = rest.rsplit_once("</body>")?;
        Some((head, main, end))
    });
    match parts {
        Some((head, main, end)) => format!("{head}<main>{aside}{main}{NEWS}</body>{end}"),
        None => html.to_string(),
    }
}

/// The notice at the top of a page, which the script fills anew; without scripts the page is loaded anew instead.
fn aside(page: &str, version: &str, notice: Option<&Notice>) -> String {
    let (hidden, refresh) = match notice {
        Some(_) => (
            "",
            "<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>",
        ),
        None => ("hidden", ""),
    };
    let state = escaped(&answer(version, notice));
    let (page, version) = (escaped(page), escaped(version));
    let notice = notice.cloned().unwrap_or_default();
    let (words, left) = (escaped(&notice.words), escaped(&notice.left));
    let reason = escaped(notice.reason.as_deref().unwrap_or_default());
    format!(
        "<aside id=\"being-made\" data-page=\"{page}\" data-version=\"{version}\" data-notice=\"{state}\" {hidden}>\n\
         <p role=\"status\">{words}</p>\n<p>{left}</p>\n\
         <progress max=\"1\" aria-label=\"how much of this chapter is made\" hidden></progress>\n\
         <pre>{reason}</pre>\n{refresh}</aside>\n"
    )
}

/// Text that stands in HTML as it is.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_reason_holds_the_page_stays_whole() {
        let notice = Notice {
            words: "It failed.".to_string(),
            reason: Some("\"</aside>\" {words} {notice} & <main>".to_string()),
            ..Notice::default()
        };
        let page = with_notice("<body><main>text</main></body>", "a.html", "1-0", Some(&notice));
        let held = page
            .split_once("data-notice=\"")
            .unwrap()
            .1
            .split_once('"')
            .unwrap()
            .0;
        let held = held
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        assert_eq!(held, answer("1-0", Some(&notice)));
        assert!(page.starts_with("<body><main><aside id=\"being-made\""));
        assert!(page.contains("</aside>\ntext</main><style>") && page.ends_with("</script>\n</body>"));
        assert!(page.contains("<p role=\"status\">It failed.</p>") && page.contains("http-equiv"));
        let quiet = with_notice("<main></main></body>", "a.html", "1-0", None);
        assert!(quiet.contains("hidden>") && !quiet.contains("http-equiv"));
    }
}
