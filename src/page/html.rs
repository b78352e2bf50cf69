//! A shown thing as a block of HTML: the same in a notebook and in the book.

use super::File;

/// The block that shows these files. `address` says where the page finds a file: a link in
/// the book, the file itself in a notebook. The block has no blank line, so Markdown leaves it whole.
pub fn block(name: &str, caption: &str, files: &[File], address: &dyn Fn(&File) -> String) -> String {
    let caption = escaped(caption);
    let (mut inside, mut links, mut panel) = (String::new(), String::new(), String::new());
    for file in files {
        let content = || String::from_utf8_lossy(&file.bytes);
        match (file.extension, file.text()) {
            ("svg", _) => inside += &inline_svg(&content(), &caption),
            ("tsv", Some(text)) => inside += &table(text),
            // What scripts of the book read: see play/page.
            ("abc", _) => {
                inside += &format!("<template class=\"abc\">{}</template>", on_one_line(&content()))
            }
            ("panel", _) => panel += &format!(" data-panel=\"{}\"", escaped(&content())),
            ("model", _) => panel += &format!(" data-model=\"{}\"", address(file)),
            (_, Some(text)) if text.trim_end().contains('\n') => {
                inside += &format!("<pre>{}</pre>", on_one_line(text.trim_end()));
            }
            (_, Some(text)) => {
                inside += &format!("<output>{}</output>", escaped(&grouped(text.trim_end())));
            }
            (extension, None) => {
                let address = address(file);
                if extension == "wav" {
                    inside += &format!(
                        "<audio controls preload=\"metadata\" aria-label=\"{caption}\" src=\"{address}\"></audio>"
                    );
                }
                let label = extension.to_uppercase();
                links += &format!(
                    " <a class=\"download\" download=\"{name}.{extension}\" href=\"{address}\">{label}</a>"
                );
            }
        }
    }
    let class = match panel.is_empty() {
        true => "shown",
        false => {
            inside = format!("<div class=\"still\">{inside}</div>");
            "shown panel"
        }
    };
    format!(
        "<figure class=\"{class}\" id=\"shown-{name}\"{panel}>{inside}<figcaption>{caption}{links}</figcaption></figure>"
    )
}

/// The text, for the inside of an element, without a line break of its own.
fn on_one_line(text: &str) -> String {
    escaped(text).replace('\n', "&#10;")
}

/// The picture itself, named by its caption and on one line.
fn inline_svg(svg: &str, caption: &str) -> String {
    let svg = svg[svg.find("<svg").unwrap_or(0)..].replacen(
        "<svg",
        &format!("<svg role=\"img\" aria-label=\"{caption}\""),
        1,
    );
    svg.lines().collect::<Vec<_>>().join(" ")
}

fn table(text: &str) -> String {
    let row = |line: &str, tag: &str| {
        let cells = line.split('\t');
        let cells = cells.map(|cell| format!("<{tag}>{}</{tag}>", escaped(&powered(&grouped(cell)))));
        format!("<tr>{}</tr>", cells.collect::<String>())
    };
    let mut lines = text.lines();
    let head = row(lines.next().unwrap_or(""), "th");
    let body: String = lines.map(|line| row(line, "td")).collect();
    format!("<table><thead>{head}</thead><tbody>{body}</tbody></table>")
}

/// `2.5e-1` as people write it, 0.25 or 2.5×10⁻⁹, so that no line breaks at its hyphen; other text as it is.
fn powered(text: &str) -> String {
    let Some((digits, power)) = text.split_once('e') else {
        return text.to_string();
    };
    let (Ok(value), Ok(power)) = (text.parse::<f64>(), power.parse::<i32>()) else {
        return text.to_string();
    };
    if (-3..0).contains(&power) {
        let after = digits.split_once('.').map_or(0, |(_, after)| after.len());
        return format!("{value:.*}", after + power.unsigned_abs() as usize).replace('-', "−");
    }
    let power = power.to_string();
    let raised = power.chars().map(|digit| match digit.to_digit(10) {
        Some(digit) => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize],
        None => '⁻',
    });
    format!("{}×10{}", digits.replace('-', "−"), raised.collect::<String>())
}

/// A whole number of five digits or more with commas between its thousands; other text as it is.
pub fn grouped(text: &str) -> String {
    if text.len() < 5 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_string();
    }
    let mut result = String::new();
    for (i, digit) in text.chars().enumerate() {
        if i > 0 && (text.len() - i).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    result
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Show, Table};

    #[test]
    fn thousands_are_grouped_only_in_whole_numbers() {
        assert_eq!(grouped("759499667166482"), "759,499,667,166,482");
        for same in ["1793", "46.151", "", "12345a"] {
            assert_eq!(grouped(same), same);
        }
    }

    #[test]
    fn powers_of_ten_are_written_as_people_do() {
        for (text, written) in [
            ("2.5e-1", "0.25"),
            ("-1.0e-3", "−0.0010"),
            ("1.9e-12", "1.9×10⁻¹²"),
            ("-3e7", "−3×10⁷"),
            ("1.0e0", "1.0×10⁰"),
        ] {
            assert_eq!(powered(text), written);
        }
        for same in ["", "e", "die", "1793", "waltzes", "3e", "e-4", "1e-x"] {
            assert_eq!(powered(same), same);
        }
    }

    #[test]
    fn a_block_escapes_and_has_no_blank_line() {
        let mut table = Table::new(&["a<b", "c"]);
        table.row(&[&"1\t\n", &12_345]);
        let html = block("t", "say \"hi\"", &table.files().unwrap(), &|_| String::new());
        assert!(html.contains("<th>a&lt;b</th>") && html.contains("12,345") && html.contains("&quot;hi"));
        let text = "one\n\nthree".files().unwrap();
        assert!(!block("t", "", &text, &|_| String::new()).contains('\n'));
    }
}
