//! Each file in `golden` has code in the language that it is named after, and what Rouge makes of it: `class‹text›` for a
//! span, everything else as it is.

use std::path::Path;

use carafe_highlight::Highlighter;

const MARK: &str = "=== as Rouge has it\n";

fn marked(html: &str) -> String {
    let html = html.replace("</span>", "›").replace("<span class=\"", "").replace("\">", "‹");
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[test]
fn languages_are_coloured_as_rouge_colours_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let language = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let (code, expected) = text.split_once(MARK).expect("code and what Rouge makes of it");
        let html = Highlighter::new().highlight(code, &language).expect("a known language");
        let actual = marked(&html);
        for (line, (actual, expected)) in actual.lines().zip(expected.lines()).enumerate() {
            assert_eq!(actual, expected, "{language}, line {}", line + 1);
        }
        assert_eq!(actual.trim_end(), expected.trim_end(), "{language}");
        count += 1;
    }
    assert!(count >= 15, "only {count} languages");
}
