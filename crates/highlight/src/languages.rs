//! The languages by name and alias, as Rouge knows them.

use std::borrow::Cow;

/// Who highlights a language.
#[derive(Clone, Copy)]
pub(super) enum Lexer<'name> {
    /// Nobody: it is text.
    Plain,
    /// Nobody: it is what a program printed.
    Output,
    Yaml,
    Json,
    /// A console session as people read it.
    Session,
    /// The page of rules of this name.
    Rules(&'static str),
    /// The syntax of this name.
    Syntax(&'name str),
}

/// A language.
pub(super) struct Language {
    /// Its name.
    pub(super) name: &'static str,
    aliases: &'static [&'static str],
    /// Who highlights it.
    pub(super) lexer: Lexer<'static>,
}

/// The language of this name or alias.
pub(super) fn find(language: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|known| known.name == language || known.aliases.contains(&language))
}

/// Names and endings of files that are no names of languages, or of another one.
const FILES: &[(&str, &str)] = &[
    ("bashrc", "shell"),
    ("cmakelists.txt", "cmake"),
    ("csproj", "xml"),
    ("gemfile", "ruby"),
    ("gemspec", "ruby"),
    ("graphqls", "graphql"),
    ("jenkinsfile", "gradle"),
    ("jsonl", "json"),
    ("mdx", "markdown"),
    ("mk", "make"),
    ("pm", "perl"),
    ("profile", "shell"),
    ("psm1", "powershell"),
    ("pyi", "python"),
    ("rake", "ruby"),
    ("rakefile", "ruby"),
    ("s", "nasm"),
    ("sbt", "scala"),
    ("txt", "plaintext"),
    ("xsl", "xml"),
];

/// The language of a file, by its whole name or its ending.
pub(super) fn of_file(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let of = |key: &str| {
        let special = FILES.iter().find(|(known, _)| *known == key).map(|(_, language)| *language);
        special.or_else(|| find(key).map(|language| language.name))
    };
    // A name without a dot is an ending of nothing: a file `c` is no program in C.
    let whole = FILES.iter().any(|(known, _)| *known == name) || name.contains("file");
    whole.then(|| of(&name)).flatten().or_else(|| name.rsplit_once('.').and_then(|(_, ending)| of(ending)))
}

/// Every name and alias in alphabetical order.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<_> = LANGUAGES
        .iter()
        .flat_map(|language| std::iter::once(language.name).chain(language.aliases.iter().copied()))
        .collect();
    names.sort_unstable();
    names.into_iter()
}

/// A language as it was written, without Rouge's options (`console?comments=true`) or rustdoc's (`rust,ignore`), and in
/// lower case.
pub(super) fn normalize(language: &str) -> Cow<'_, str> {
    let name = language.split(['?', ',']).next().unwrap_or(language).trim();
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

const fn own(name: &'static str, aliases: &'static [&'static str], lexer: Lexer<'static>) -> Language {
    Language { name, aliases, lexer }
}

const fn ruled(name: &'static str, aliases: &'static [&'static str], page: &'static str) -> Language {
    Language { name, aliases, lexer: Lexer::Rules(page) }
}

const fn syntax(name: &'static str, aliases: &'static [&'static str], syntax: &'static str) -> Language {
    Language { name, aliases, lexer: Lexer::Syntax(syntax) }
}

/// The ones that come most come first, since the table is searched from its head.
const LANGUAGES: &[Language] = &[
    own("yaml", &["yml"], Lexer::Yaml),
    own("shell", &["sh", "bash", "zsh", "ksh", "shellscript"], Lexer::Rules("shell")),
    own("json", &["jsonc", "json5", "json-doc"], Lexer::Json),
    own(
        "console",
        &["shell-session", "shell_session", "shellsession", "terminal", "sh-session", "bash-session"],
        Lexer::Rules("console"),
    ),
    own("session", &["pycon"], Lexer::Session),
    own("plaintext", &["text"], Lexer::Plain),
    own("output", &[], Lexer::Output),
    ruled("liquid", &[], "liquid"),
    own("powershell", &["posh", "pwsh", "ps1", "microsoftshell", "msshell"], Lexer::Rules("powershell")),
    syntax("apache", &["apacheconf"], "Apache Conf"),
    syntax("asciidoc", &["adoc"], "AsciiDoc (Asciidoctor)"),
    syntax("awk", &[], "AWK"),
    ruled("batchfile", &["bat", "batch", "cmd", "dosbatch", "winbatch"], "batchfile"),
    ruled("c", &["h"], "c"),
    syntax("clojure", &["clj", "cljs"], "Clojure"),
    syntax("cmake", &[], "CMake"),
    syntax("coffeescript", &["coffee", "coffee-script"], "CoffeeScript"),
    syntax("common_lisp", &["lisp", "cl", "common-lisp", "elisp", "emacs-lisp", "scheme"], "Lisp"),
    syntax("conf", &["config", "configuration", "cfg"], "INI"),
    ruled("cpp", &["c++", "hpp", "cc", "cxx"], "cpp"),
    syntax("crystal", &["cr"], "Crystal"),
    ruled("csharp", &["c#", "cs"], "csharp"),
    ruled("css", &[], "css"),
    syntax("csv", &[], "Comma Separated Values"),
    syntax("d", &["dlang"], "D"),
    syntax("dart", &[], "Dart"),
    ruled("diff", &["patch", "udiff"], "diff"),
    ruled("docker", &["dockerfile", "containerfile"], "docker"),
    syntax("dot", &["graphviz"], "Graphviz (DOT)"),
    syntax("dotenv", &["env"], "DotENV"),
    syntax("elixir", &["exs", "ex"], "Elixir"),
    syntax("elm", &[], "Elm"),
    syntax("erb", &["eruby", "rhtml"], "HTML (Rails)"),
    syntax("erlang", &["erl"], "Erlang"),
    syntax("fish", &[], "Fish"),
    syntax("fortran", &["f90", "f95"], "Fortran (Modern)"),
    syntax("fsharp", &["f#", "fs"], "F#"),
    syntax("glsl", &[], "GLSL"),
    ruled("go", &["golang"], "go"),
    syntax("gradle", &["groovy"], "Groovy"),
    ruled("graphql", &["gql"], "graphql"),
    syntax("haml", &[], "Ruby Haml"),
    syntax("haskell", &["hs"], "Haskell"),
    ruled("hcl", &[], "hcl"),
    ruled("terraform", &["tf", "tfvars"], "terraform"),
    ruled("html", &["htm", "xhtml"], "html"),
    ruled("http", &["https"], "http"),
    ruled("ini", &["editorconfig", "systemd"], "ini"),
    ruled("java", &[], "java"),
    ruled("javascript", &["js", "mjs", "cjs", "node"], "javascript"),
    ruled("jsx", &["react", "babel"], "jsx"),
    syntax("jinja", &["jinja2", "django", "nunjucks", "j2"], "Jinja2"),
    syntax("jq", &[], "JQ"),
    syntax("jsonnet", &["libsonnet"], "jsonnet"),
    syntax("julia", &["jl"], "Julia"),
    ruled("kotlin", &["kt", "kts"], "kotlin"),
    syntax("less", &[], "Less"),
    syntax("log", &[], "log"),
    ruled("lua", &[], "lua"),
    ruled("make", &["makefile", "mf", "gnumake", "bsdmake"], "make"),
    syntax("markdown", &["md", "mkd"], "Markdown"),
    syntax("matlab", &["m"], "MATLAB"),
    syntax("nasm", &["asm"], "x86_64 Assembly"),
    ruled("nginx", &[], "nginx"),
    syntax("nim", &["nimrod"], "Nim"),
    syntax("nix", &["nixos"], "Nix"),
    syntax("objective_c", &["objective-c", "objc", "obj-c", "obj_c", "objectivec"], "Objective-C"),
    syntax("ocaml", &["ml"], "OCaml"),
    syntax("pascal", &["delphi"], "Pascal"),
    syntax("perl", &["pl"], "Perl"),
    ruled("php", &["php3", "php4", "php5"], "php"),
    syntax("properties", &[], "Java Properties"),
    ruled("protobuf", &["proto"], "protobuf"),
    syntax("puppet", &["pp"], "Puppet"),
    ruled("python", &["py", "python3", "py3", "starlark"], "python"),
    syntax("r", &["rlang", "s"], "R"),
    syntax("racket", &["rkt"], "Racket"),
    syntax("rego", &["opa"], "Rego"),
    syntax("rst", &["restructuredtext"], "reStructuredText"),
    ruled("ruby", &["rb"], "ruby"),
    ruled("rust", &["rs"], "rust"),
    syntax("sass", &[], "Sass"),
    syntax("scala", &["sc"], "Scala"),
    ruled("scss", &[], "scss"),
    syntax("solidity", &["sol"], "Solidity"),
    ruled("sql", &["mysql", "postgresql", "postgres", "plpgsql", "sqlite"], "sql"),
    syntax("ssh", &["sshconfig"], "SSH Config"),
    syntax("svelte", &[], "Svelte"),
    syntax("swift", &[], "Swift"),
    syntax("tcl", &[], "Tcl"),
    syntax("tex", &["latex"], "LaTeX"),
    ruled("toml", &[], "toml"),
    ruled("tsx", &[], "tsx"),
    syntax("twig", &[], "HTML (Twig)"),
    ruled("typescript", &["ts", "mts", "cts"], "typescript"),
    syntax("verilog", &["systemverilog", "sv"], "Verilog"),
    syntax("vhdl", &[], "VHDL"),
    syntax("viml", &["vim", "vimscript"], "VimL"),
    syntax("vue", &["vuejs"], "Vue Component"),
    ruled("xml", &["svg", "xsd", "xslt", "rss", "plist"], "xml"),
    syntax("zig", &[], "Zig"),
    syntax("actionscript", &["as", "as3"], "ActionScript"),
    syntax("ada", &["adb", "ads"], "Ada"),
    syntax("apex", &[], "Java"),
    syntax("applescript", &[], "AppleScript"),
    syntax("bibtex", &["bib"], "BibTeX"),
    syntax("cuda", &[], "C++"),
    syntax("cython", &["pyx", "pyrex"], "Python"),
    syntax("eex", &["leex", "heex"], "HTML (EEx)"),
    syntax("email", &["eml", "e-mail"], "Email"),
    syntax("gdscript", &["gd"], "GDScript (Godot Engine)"),
    syntax("hack", &["hh"], "PHP"),
    syntax("handlebars", &["hbs", "mustache"], "HTML (Jinja2)"),
    syntax("hlsl", &[], "GLSL"),
    syntax("hql", &[], "SQL"),
    syntax("idris", &["idr"], "Idris"),
    syntax("jsp", &[], "Java Server Page (JSP)"),
    syntax("lean", &[], "Lean 4"),
    syntax("literate_haskell", &["lithaskell", "lhaskell", "lhs"], "Literate Haskell"),
    syntax("livescript", &["ls"], "LiveScript"),
    syntax("llvm", &[], "LLVM"),
    syntax("objective_cpp", &["objc++", "obj-c++", "objectivec++", "objcpp"], "Objective-C++"),
    syntax("plsql", &[], "SQL"),
    syntax("qml", &[], "QML"),
    syntax("reasonml", &[], "OCaml"),
    syntax("robot_framework", &["robot", "robot-framework"], "Robot Framework"),
    syntax("slim", &[], "Ruby Slim"),
    syntax("sml", &[], "SML"),
    // Rouge knows these, the syntax set does not.
    own("abap", &[], Lexer::Plain),
    own("gherkin", &["cucumber", "behat"], Lexer::Plain),
    own("hocon", &[], Lexer::Plain),
    own("meson", &[], Lexer::Plain),
    own("prolog", &[], Lexer::Plain),
    own("prometheus", &["promql"], Lexer::Plain),
    own("smalltalk", &["st", "squeak"], Lexer::Plain),
    own("sparql", &[], Lexer::Plain),
    own("turtle", &[], Lexer::Plain),
    own("varnish", &["vcl", "varnishconf"], Lexer::Plain),
    own("vb", &["visualbasic"], Lexer::Plain),
    own("xquery", &["xpath"], Lexer::Plain),
    own("yang", &[], Lexer::Plain),
];
