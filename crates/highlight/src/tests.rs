//! What holds for every language: the text is the code, spans are well formed and end with their line.

use super::*;

/// Undoes the markup and checks its shape: only known spans, never nested, never empty, never over a line end.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    let mut open: Option<usize> = None;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("</span>") {
            let start = open.take().expect("a span is closed that was not open");
            let inside = &text[start..];
            assert!(!inside.trim().is_empty() && !inside.contains('\n'), "span around {inside:?}");
            rest = after;
        } else {
            let (class, after) = rest.strip_prefix("<span class=\"").and_then(|rest| rest.split_once("\">")).unwrap();
            assert!(open.is_none(), "nested spans");
            assert!(
                (1..=3).contains(&class.len()) && class.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            );
            open = Some(text.len());
            rest = after;
        }
    }
    assert!(open.is_none(), "a span is left open");
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn check(highlighter: &Highlighter, code: &str, language: &str) {
    let html = highlighter.highlight(code, language).unwrap();
    assert_eq!(text_of(&html), code, "{language}");
}

#[test]
fn names_are_unique_and_every_syntax_exists() {
    let names: Vec<_> = languages().collect();
    assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
    let highlighter = Highlighter::new();
    for name in names {
        assert!(highlighter.knows(name));
        if let Lexer::Syntax(syntax) = languages::find(name).unwrap().lexer {
            assert!(highlighter.syntaxes().has(syntax), "{name}: {syntax}");
        }
    }
}

#[test]
fn own_lexers_do_not_load_syntaxes() {
    let highlighter = Highlighter::new();
    for language in own() {
        highlighter.highlight("a: $b", language).unwrap();
    }
    assert!(highlighter.syntaxes.get().is_none());
}

#[test]
fn unknown_languages_are_told() {
    let highlighter = Highlighter::new();
    assert!(highlighter.highlight("x", "no-such-language").is_none());
    assert!(highlighter.highlight("x", "").is_none());
    assert!(highlighter.highlight("x", "txt").is_none(), "Rouge does not know it either");
    assert!(highlighter.highlight("x", "rust,ignore").is_some());
    assert!(highlighter.highlight("x", "Console?comments=true").is_some());
    assert!(highlighter.highlight("x", "YAML").is_some());
    assert!(highlighter.knows("odin"), "syntaxes without an entry of ours are found by their file extension");
}

#[test]
fn aliases_share_the_result() {
    let highlighter = Highlighter::new();
    let first = highlighter.highlight("a: b", "yaml").unwrap();
    assert!(Arc::ptr_eq(&first, &highlighter.highlight("a: b", "YML").unwrap()));
    assert_eq!(highlighter.distinct(), 1);
}

#[test]
fn the_text_is_the_code_in_every_language() {
    const SAMPLES: &[&str] = &[
        "",
        "\n",
        "\n\n  \n",
        "no line end",
        "tab\there\r\nwindows\r\nlines\r\n",
        "<b class=\"x\">&amp; 'q' </b>\n",
        "é ü 漢字 \u{1f980} \u{0} \u{feff}\u{2028}x\n\"é\\é\" 'é' $é ${é} `é` #é\n",
        "\"open\n'open\n`open\n${open\n$(open\n{[(\n<!-- open\n/* open\n<<EOF\nopen\n",
        "]]]}}}))) ``` ''' \"\"\" \\\\\\ \\\n\\",
        "if (a) { return \"x\\n\"; } // c\nclass A: def f(self): pass # c\nlet x = 0x1f + 1.5e3;\n",
        "key: [a, {b: c}] # c\n- |\n  text\n\"k\": 'v'\n$ ls -la | grep \"$x\" > y\n{% if a == 'b' %}{{ c | d: 1 }}{% endif %}\n",
    ];
    let highlighter = Highlighter::new();
    for language in languages() {
        for sample in SAMPLES {
            check(&highlighter, sample, language);
        }
    }
}

/// The languages with a lexer of ours: each by its name alone.
fn own() -> Vec<&'static str> {
    let ours = |name: &&'static str| {
        let found = languages::find(name).unwrap();
        found.name == *name && !matches!(found.lexer, Lexer::Syntax(_) | Lexer::Plain | Lexer::Output)
    };
    languages().filter(ours).collect()
}

#[test]
fn the_text_is_the_code_for_arbitrary_code() {
    const PIECES: &[&str] = &[
        " ",
        "  ",
        "\n",
        "\t",
        "\r\n",
        "a",
        "key",
        ":",
        ": ",
        "- ",
        "#",
        " #",
        "\"",
        "'",
        "\\",
        "\\\n",
        "\\u12",
        "[",
        "]",
        "{",
        "}",
        ",",
        "|",
        "|\n",
        ">-\n",
        "&",
        "*",
        "!",
        "%",
        "---\n",
        "$",
        "${",
        "$(",
        "$((",
        "))",
        ")",
        "(",
        "((",
        "`",
        "=",
        "+=",
        "<<EOF\n",
        "<<-'E'\n",
        "EOF\n",
        "E\n",
        "<",
        ">",
        "<<<",
        "2>&1",
        ";",
        ";;",
        "case",
        "in",
        "esac",
        "if ",
        "echo ",
        "export ",
        "-x",
        "--long",
        "é",
        "漢",
        "\u{1f980}",
        "{%",
        "%}",
        "{{",
        "}}",
        "{%- raw -%}",
        "{% endraw %}",
        "{% comment %}",
        "$ ",
        "# ",
        "> ",
        "me@h:~$ ",
        "1",
        "1.5",
        "-1e3",
        "true",
        "null",
        "//",
        "/*",
        "*/",
        "<#",
        "#>",
        "@",
        "?",
        "~",
        "\u{0}",
        "...\n",
    ];
    let highlighter = Highlighter::new();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % bound as u64).unwrap()
    };
    for _ in 0..600 {
        let code: String = (0..1 + next(40)).map(|_| PIECES[next(PIECES.len())]).collect();
        for language in own() {
            check(&highlighter, &code, language);
        }
    }
}

#[test]
fn size_costs_no_more_than_its_share() {
    let highlighter = Highlighter::new();
    for piece in [
        "[",
        "{",
        "\"",
        "'",
        "$(",
        "${",
        "`",
        "(",
        "a: ",
        "- ",
        "{{",
        "{%",
        "x ",
        "\\",
        "<<E ",
        "|",
        "#",
        "\"a\" ",
        "{a: ",
        "'a",
        "$((",
        "a=",
        ": ",
        "/*",
        "a(",
        "a b ",
        "<a ",
        "<<",
        "{% raw %}",
        "\n",
        "\n#if 0\n",
        "a::",
        "r#",
    ] {
        let code = piece.repeat(6_000 / piece.len());
        for language in own() {
            check(&highlighter, &code, language);
        }
        check(&highlighter, &piece.repeat(20_000 / piece.len()), "perl");
    }
    // Each of these takes minutes for a line of this length when the syntax's expressions get to see it.
    for (language, piece) in [("less", "a-b_"), ("scss", "a-b_"), ("ini", " "), ("ini", "\t")] {
        check(&highlighter, &piece.repeat(2000), language);
    }
}

fn html(code: &str, language: &str) -> String {
    Highlighter::new().highlight(code, language).unwrap().to_string()
}

/// A short notation for expectations: `class‹text›`.
fn marked(code: &str, language: &str) -> String {
    let html = html(code, language).replace("</span>", "›").replace("<span class=\"", "").replace("\">", "‹");
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[test]
fn yaml() {
    assert_eq!(
        marked("# c\nkind: Data # t\nn: 12\nt: true\n- name: \"a\\n b\" \n- 'x'\nurl: http://x:80/z\n", "yaml"),
        "c1‹# c›\nna‹kind›pi‹:› s‹Data› c1‹# t›\nna‹n›pi‹:› m‹12›\nna‹t›pi‹:› no‹true›\npi‹-› na‹name›pi‹:› s2‹\"a›se‹\\n›s2‹ b\"› \
         \npi‹-› s1‹'x'›\nna‹url›pi‹:› s‹http://x:80/z›\n"
    );
    assert_eq!(
        marked("a:\n  - b: |\n      x: #y\n\n      z\n    c: &d !t *e\nf: [g, \"h\", {i: j}]\n---\n", "yml"),
        "na‹a›pi‹:›\n  pi‹-› na‹b›pi‹:› pi‹|›\n      s‹x: #y›\n\n      s‹z›\n    na‹c›pi‹:› nl‹&d› kt‹!t› nv‹*e›\n\
         na‹f›pi‹:› pi‹[›nv‹g›pi‹,› s2‹\"h\"›pi‹,› pi‹{›na‹i›pi‹:› nv‹j›pi‹}]›\nnn‹---›\n"
    );
    assert_eq!(
        marked("\"q k\": don't\n'b': \"two\n  lines\"\nstray: \"quote\nnext: {open\nlast: v", "yaml"),
        "na‹\"q k\"›pi‹:› s‹don't›\nna‹'b'›pi‹:› s2‹\"two›\n  s2‹lines\"›\nna‹stray›pi‹:› s2‹\"quote›\nna‹next›pi‹:› \
         pi‹{›nv‹open›\nna‹last›pi‹:› s‹v›"
    );
}

#[test]
fn json() {
    assert_eq!(
        marked("{ \"a\": [1, -2.5e3, true, \"x\\n\\u00e9y\"], // c\n  <your-id>, ... }", "json"),
        "p‹{› nl‹\"a\"›p‹:› p‹[›mi‹1›p‹,› mf‹-2.5e3›p‹,› kc‹true›p‹,› s2‹\"x›se‹\\n\\u00e9›s2‹y\"›p‹],› c1‹// c›\n  <your-id>p‹,› ... p‹}›"
    );
}

#[test]
fn liquid() {
    assert_eq!(
        marked(
            "<p>{{ page.t | escape: \"x\" }}</p>\n{%- if a == 'b' -%}{% assign v = a %}\n{% include f.md p=1.5 %}{% raw %}{{ x }}{% endraw %}",
            "liquid"
        ),
        "<p>p‹{{› nv‹page›p‹.›nv‹t› p‹|› nf‹escape›p‹:› s2‹\"x\"› p‹}}›</p>\np‹{%-› kr‹if› nv‹a› o‹==› s1‹'b'› p‹-%}{%› nt‹assign› nv‹v› o‹=› nv‹a› p‹%}›\np‹{%› \
         nt‹include› f.md na‹p›o‹=›1.5 p‹%}{%› nt‹raw› p‹%}›{{ x }}p‹{%› nt‹endraw› p‹%}›"
    );
}

#[test]
fn front_matter_is_yaml_in_markdown() {
    assert_eq!(marked("---\na: b\n---\n# H\n", "markdown"), "nn‹---›\nna‹a›pi‹:› s‹b›\nnn‹---›\ngh‹# H›\n");
    assert_eq!(marked("---\na: b\n---\n# H\n", "liquid"), "---\na: b\n---\n# H\n");
    assert_eq!(marked("---\na: b\n", "markdown"), "p‹---›\na: b\n");
}

#[test]
fn other_languages_through_syntect() {
    let cases = [(
        "markdown",
        "# Head\n\n* a **b** `c` [d](e)\n",
        "gh‹# Head›\n\np‹*› a gs‹**b**› sb‹`c`› p‹[›dp‹](›sx‹e›p‹)›\n",
    )];
    for (language, code, expected) in cases {
        assert_eq!(marked(code, language), expected, "{language}");
    }
}

#[test]
fn shell_code_that_begins_with_a_prompt_is_a_session() {
    for code in ["$ ls\na\n", "\n# List.\n  $ ls\n"] {
        assert!(["bash", "sh", "shell", "zsh"].iter().all(|language| crate::is_session(code, language)), "{code}");
        assert!(crate::is_session(code, "console") && !crate::is_session(code, "yaml"));
    }
    for code in ["ls\n$ ls\n", "$HOME/run\n", "# ls\n", ""] {
        assert!(!crate::is_session(code, "bash"), "{code}");
    }
}

#[test]
fn session() {
    assert_eq!(
        marked("$ merctl list --all \"x\"\nNAME  AGE\n# why\n> more\n$ curl x \\\n  --data y\nok\n...\n", "session"),
        "gp‹$› merctl list nt‹--all› s2‹\"x\"›\ngo‹NAME  AGE›\nc‹# why›\ngo‹> more›\ngp‹$› curl x se‹\\›\n  nt‹--data› y\ngo‹ok›\nc‹...›\n"
    );
    assert_eq!(
        marked("me@host:~$ cat <<E\n> a $b\n> E\nout > put\n$ echo 'open\n$ ls\n", "session"),
        "gp‹me@host:~$› nb‹cat› o‹<<›no‹E›\ngp‹>› sh‹a ›nv‹$b›\ngp‹>› no‹E›\ngo‹out > put›\ngp‹$› nb‹echo› s1‹'open›\ngp‹$› nb‹ls›\n"
    );
}

#[test]
fn session_prompts_other_than_the_dollar() {
    assert_eq!(marked("# ls\n> more\n", "session"), "gp‹#› nb‹ls›\ngp‹>› nb‹more›\n");
    assert_eq!(
        marked(">>> def f():\n...     return 1\n...\n>>> f()\n1\n", "session"),
        "gp‹>>>› def f():\ngp‹...›     return 1\ngp‹...›\ngp‹>>>› f()\ngo‹1›\n"
    );
    assert_eq!(marked("shop=# select 1;\n 1\n", "session"), "gp‹shop=#› k‹select› 1p‹;›\ngo‹ 1›\n");
}

#[test]
fn session_commands_of_several_lines() {
    assert_eq!(
        marked("$ for f in a b; do\n  cat $f |\n    wc\ndone\n3\n$ run \\\n  # why\n  -x\n", "session"),
        "gp‹$› k‹for› f k‹in› a bp‹;› k‹do›\n  nb‹cat› nv‹$f› o‹|›\n    nb‹wc›\nk‹done›\ngo‹3›\ngp‹$› run se‹\\›\n\
         c‹  # why›\n  nt‹-x›\n"
    );
}
