//! What is said about mistakes and doubts, and where; what hostile documents are stopped by.

#![allow(clippy::unwrap_used)]

use carafe_yaml::{Limits, Problem, Schema, read, read_bytes};

/// The message, the text it points at, and the advice.
fn shown(text: &str, problem: &Problem) -> String {
    let place = &text[problem.place.start as usize..problem.place.end as usize];
    format!("{} @ {place:?}: {}", problem.message, problem.help.as_deref().unwrap_or_default())
}

fn refused(text: &str) -> String {
    let problem = read(text, Schema::Native, &Limits::default()).err().unwrap();
    shown(text, &problem)
}

fn warned(text: &str) -> Vec<String> {
    let document = read(text, Schema::Native, &Limits::default()).unwrap();
    document.warnings.iter().map(|problem| shown(text, problem)).collect()
}

#[test]
fn mistakes_are_told_in_plain_words_at_their_place() {
    let cases = [
        ("a: b: c\n", "mapping values are not allowed here @ \":\": put a value that holds `: ` in quotes"),
        ("a:\n\t- b\n", "a tab cannot indent a line @ \"\\t\": use blanks instead of the tab"),
        ("a: \"é\nb: 1\n", "this quote is never closed @ \"\\\"\": close the text with the same quote"),
        ("a: 'x\n---\n", "this quote is never closed @ \"'\": close the text with the same quote"),
        ("a: [1, [2]\n", "this bracket is never closed @ \"[\": "),
        ("a: {b: 1\n", "this bracket is never closed @ \"{\": "),
        ("a: ['1' b]\n", "a `,` or `]` is missing here @ \"b\": "),
        ("a: @b\n", "a value cannot start with `@` @ \"@\": put the value in quotes"),
        (
            "a: 100\nb c\n",
            "a key without `:` @ \"b c\": write `key: value`; indent the lines of a text further than its key",
        ),
        ("a: *b\n", "there is no anchor `&b` before this alias @ \"*b\": put a value that starts with `*` in quotes"),
        ("a: &b [*b]\n", "the value `&b` holds itself @ \"*b\": an alias stands behind the value that it repeats"),
        (
            "a: \"\\q\"\n",
            "there is no such escape in a text in `\"` @ \"\\\\q\": write `\\\\` for a backslash, or put the text in `'`",
        ),
        ("a: ]\n", "this bracket closes none that is open @ \"]\": "),
        ("- a\nb: 1\n", "a `- ` is missing before this element of a list @ \"b\": indent the elements of a list alike"),
        ("a: 1\n  b: 2\n", "mapping values are not allowed here @ \":\": put a value that holds `: ` in quotes"),
        (
            "a: - b\n",
            "an element of a list cannot start here @ \"-\": put `- ` on a line of its own, or the value in quotes",
        ),
        (
            "a: \u{1}\n",
            "a control character cannot stand here @ \"\\u{1}\": remove it, or write it as an escape in a text in `\"`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refused(text), expected, "{text}");
    }
}

#[test]
fn bytes_of_other_encodings_are_named() {
    let limits = Limits::default();
    let told = |bytes: &[u8]| read_bytes(bytes, Schema::Native, &limits).unwrap_err().message.into_owned();
    assert_eq!(told(b"\xFF\xFEa\0:\0 \x001\0"), "the text is UTF-16");
    assert_eq!(told(b"a\0:\0 \x001\0b\0c\0d\0e\0f\0g\0"), "the text is UTF-16");
    assert_eq!(told(b"a: \xE9\n"), "the text is not UTF-8");
}

#[test]
fn doubtful_scalars_are_warned_of_in_native_documents_alone() {
    assert_eq!(
        warned("a: yes\nb: 010\nc: 'no'\nd: 08\nyes: 1\ne: [Off]\nf: 0\ng: 0.5\nh: 0x10\n"),
        [
            "`yes` is read as `true` @ \"yes\": write `true`, or put it in quotes if it is a text",
            "`010` starts with a zero and is read as the octal number 8 @ \"010\": put it in quotes: `\"010\"`",
            "`08` starts with a zero and is read as a text @ \"08\": put it in quotes: `\"08\"`",
            "`Off` is read as `false` @ \"Off\": write `false`, or put it in quotes if it is a text",
        ]
    );
    let ruby = read("a: yes\nb: 010\n---\nc: 1\n", Schema::Ruby, &Limits::default()).unwrap();
    assert!(ruby.warnings.is_empty());
}

#[test]
fn keys_that_are_set_twice_further_documents_and_unknown_tags_are_warned_of() {
    assert_eq!(
        warned("a: 1\nb: 2\na: 3\n"),
        ["the key `a` is there twice; the last one counts @ \"a\": remove one of them"]
    );
    assert_eq!(
        warned("a: 1\n---\nb: 2\n"),
        [
            "only the first document of a file is read; another starts here @ \"---\": remove the line of `---`, or what follows it"
        ]
    );
    assert_eq!(warned("a: !mine 5\n").len(), 1);
    assert!(warned("a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n").is_empty());
}

#[test]
fn keys_of_native_documents_are_texts_as_written() {
    let document = read("1.10: a\nno: b\n010: c\n", Schema::Native, &Limits::default()).unwrap();
    assert!(["1.10", "no", "010"].iter().all(|name| document.root.get(name).is_some()));
    assert!(document.warnings.is_empty());
}

#[test]
fn aliases_share_and_count_as_copies() {
    let list = |n: usize| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "));
    let bomb =
        |depth: usize| format!("a0: &a0 [{}]\n{}", ["x"; 10].join(", "), (1..depth).map(list).collect::<String>());
    let small = read(&bomb(3), Schema::Native, &Limits::default()).unwrap();
    assert!(small.root.bytes() > 1000 * 64);
    let text = bomb(9);
    let problem = read(&text, Schema::Native, &Limits::default()).unwrap_err();
    assert_eq!(problem.message, "the values take more than 128 MiB");
    assert!(text[problem.place.start as usize..].starts_with("*a"), "at an alias");
    let merges = format!(
        "a0: &a0 {{{}}}\n{}",
        (0..1000).map(|n| format!("k{n}: v")).collect::<Vec<_>>().join(", "),
        "x: {<<: *a0}\n".repeat(5000)
    );
    for schema in [Schema::Native, Schema::Ruby] {
        assert!(read(&merges, schema, &Limits::default()).unwrap_err().message.contains("take more than"));
    }
}

#[test]
fn depth_is_bounded_by_every_way_down() {
    let chain: String = (1..300).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
    let keys = format!("{}a\n", "? ".repeat(60));
    let key_aliases: String = (1..9).map(|n| format!("- &a{n} {{? *a{} : v}}\n", n - 1)).collect();
    let texts = [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "? ".repeat(100_000),
        "[\n".repeat(100_000),
        format!("a0: &a0 [x]\n{chain}"),
        keys,
        format!("- &a0 x\n{key_aliases}"),
        (0..300).map(|n| format!("{}a:\n", " ".repeat(n))).collect(),
    ];
    for text in &texts {
        for schema in [Schema::Native, Schema::Ruby] {
            let problem = read(text, schema, &Limits::default()).err().unwrap();
            assert!(problem.message.contains("deep") || problem.message.contains("key"), "{}", problem.message);
        }
    }
}

#[test]
fn texts_over_the_limit_are_refused_and_doubts_are_counted() {
    let limits = Limits { text: 10, ..Limits::default() };
    assert!(read("a: 12345678", Schema::Native, &limits).is_err());
    let limits = Limits { bytes: 10_000, ..Limits::default() };
    assert!(read(&"- x\n".repeat(1000), Schema::Native, &limits).is_err());
    assert_eq!(warned(&"- yes\n".repeat(1000)).len(), 100);
}

#[test]
fn places_are_those_of_the_text() {
    let text = "é: &x [1, {b: 'c d'}] # told\nf:\n  - g\n  - *x\n\n# end\n";
    let document = read(text, Schema::Native, &Limits::default()).unwrap();
    let of = |node: &carafe_yaml::Node| &text[node.place.start as usize..node.place.end as usize];
    let list = document.root.get("é").unwrap();
    assert_eq!(of(list), "&x [1, {b: 'c d'}]");
    assert_eq!(of(list.as_sequence().unwrap().items()[1].get("b").unwrap()), "'c d'");
    let block = document.root.get("f").unwrap();
    assert_eq!(of(block), "- g\n  - *x");
    let alias = &block.as_sequence().unwrap().items()[1];
    assert_eq!(of(alias), "*x");
    assert_eq!(of(&alias.as_sequence().unwrap().items()[0]), "1");
    assert_eq!(of(&document.root.as_mapping().unwrap().entries()[1].key), "f");
}
