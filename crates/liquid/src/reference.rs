//! What every built-in filter and tag does, each with an example that is its test.
//!
//! The reference pages of the documentation are made from these tables. A filter or tag without a row fails the tests of
//! this module, and so does a row whose example comes out otherwise.

/// A filter or a tag, as its documentation has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name as templates write it.
    pub name: &'static str,
    /// What it does, in one or two sentences.
    pub about: &'static str,
    /// A template that uses it; it reads [`DATA`].
    pub example: &'static str,
    /// What the example gives.
    pub result: &'static str,
}

const fn entry(name: &'static str, about: &'static str, example: &'static str, result: &'static str) -> Entry {
    Entry { name, about, example, result }
}

/// The variables that the examples read, as JSON.
pub const DATA: &str = r#"{
  "fruits": ["plum", "apple", "fig", "apple"],
  "people": [
    {"name": "Ada", "team": "core", "age": 36},
    {"name": "Bob", "team": "docs", "age": 28},
    {"name": "Cy", "team": "core", "age": 41}
  ],
  "released": "2024-01-31 10:30:00 +0000",
  "site": {"url": "https://example.org", "baseurl": "/docs"}
}"#;

/// The built-in filters in alphabetical order.
pub const FILTERS: &[Entry] = &[
    entry("abs", "The number without its sign.", "{{ -3 | abs }}", "3"),
    entry(
        "absolute_url",
        "The address with the site's `url` and base URL in front.",
        "{{ '/start/' | absolute_url }}",
        "https://example.org/docs/start/",
    ),
    entry("append", "The text with another one behind it.", "{{ 'start' | append: '.html' }}", "start.html"),
    entry(
        "array_to_sentence_string",
        "The items as a phrase; the parameter is the word before the last one, `and` by default.",
        "{{ fruits | uniq | array_to_sentence_string: 'or' }}",
        "plum, apple, or fig",
    ),
    entry("at_least", "The number, or the parameter where that is greater.", "{{ 3 | at_least: 5 }}", "5"),
    entry("at_most", "The number, or the parameter where that is less.", "{{ 7 | at_most: 5 }}", "5"),
    entry("base64_decode", "The text that a Base64 text stands for.", "{{ 'aGk=' | base64_decode }}", "hi"),
    entry("base64_encode", "The text in Base64.", "{{ 'hi' | base64_encode }}", "aGk="),
    entry(
        "base64_url_safe_decode",
        "As `base64_decode`, with `-` and `_` for `+` and `/`.",
        "{{ 'Pz8_' | base64_url_safe_decode }}",
        "???",
    ),
    entry(
        "base64_url_safe_encode",
        "As `base64_encode`, with `-` and `_` for `+` and `/`.",
        "{{ '???' | base64_url_safe_encode }}",
        "Pz8_",
    ),
    entry(
        "capitalize",
        "The text with a capital first letter and all others small.",
        "{{ 'hello World' | capitalize }}",
        "Hello world",
    ),
    entry("ceil", "The number, rounded up.", "{{ 1.2 | ceil }}", "2"),
    entry(
        "cgi_escape",
        "The text as a form sends it: blanks become `+`, reserved characters percent signs.",
        "{{ 'a b&c' | cgi_escape }}",
        "a+b%26c",
    ),
    entry("compact", "The items without those that are nil.", "{{ people | map: 'email' | compact | size }}", "0"),
    entry("concat", "The items of two lists, one behind the other.", "{{ fruits | concat: fruits | size }}", "8"),
    entry(
        "date",
        "A time in a format of `strftime`; `'now'` and `'today'` are the time of the build.",
        "{{ released | date: '%-d %B %Y' }}",
        "31 January 2024",
    ),
    entry(
        "date_to_long_string",
        "A date with the month's full name. `'ordinal'` writes the day as an ordinal number, `'US'` puts the month first.",
        "{{ released | date_to_long_string: 'ordinal', 'US' }}",
        "January 31st, 2024",
    ),
    entry(
        "date_to_rfc822",
        "A time as e-mail and RSS write it.",
        "{{ released | date_to_rfc822 }}",
        "Wed, 31 Jan 2024 10:30:00 +0000",
    ),
    entry(
        "date_to_string",
        "A date with the month's short name; takes what `date_to_long_string` takes.",
        "{{ released | date_to_string }}",
        "31 Jan 2024",
    ),
    entry(
        "date_to_xmlschema",
        "A time as ISO 8601 writes it.",
        "{{ released | date_to_xmlschema }}",
        "2024-01-31T10:30:00+00:00",
    ),
    entry(
        "default",
        "The parameter where the input is nil, false or empty; with `allow_false: true` false stays.",
        "{{ nothing | default: 'none' }}",
        "none",
    ),
    entry(
        "divided_by",
        "The quotient; that of two whole numbers is rounded down.",
        "{{ 7 | divided_by: 2 }} {{ 7 | divided_by: 2.0 }}",
        "3 3.5",
    ),
    entry("downcase", "The text in small letters.", "{{ 'ABC' | downcase }}", "abc"),
    entry("escape", "The text with `<`, `>`, `&` and quotes escaped for HTML.", "{{ 'a < b' | escape }}", "a &lt; b"),
    entry(
        "escape_once",
        "As `escape`, but leaves what is escaped already.",
        "{{ 'a &lt; b < c' | escape_once }}",
        "a &lt; b &lt; c",
    ),
    entry(
        "fence",
        "A run of a sign, of a backtick by default, that is longer than any in the text and at least three long: what can stand around the text.",
        "{{ 'x' | fence: ':' }}",
        ":::",
    ),
    entry(
        "find",
        "The first item whose property has this value.",
        "{% assign found = people | find: 'team', 'docs' %}{{ found.name }}",
        "Bob",
    ),
    entry(
        "find_exp",
        "The first item for which the condition holds; the first parameter names the item in it.",
        "{% assign found = people | find_exp: 'one', 'one.age > 40' %}{{ found.name }}",
        "Cy",
    ),
    entry(
        "find_index",
        "The position of the first item whose property has this value, counted from 0.",
        "{{ people | find_index: 'team', 'docs' }}",
        "1",
    ),
    entry("first", "The first item of a list.", "{{ fruits | first }}", "plum"),
    entry("floor", "The number, rounded down.", "{{ 1.8 | floor }}", "1"),
    entry(
        "group_by",
        "The items by a property: a list of groups with `name`, `items` and `size`.",
        "{% assign teams = people | group_by: 'team' %}{% for team in teams %}{{ team.name }}: {{ team.size }}. {% endfor %}",
        "core: 2. docs: 1. ",
    ),
    entry(
        "group_by_exp",
        "The items by the value of an expression; the first parameter names the item in it.",
        "{% assign all = people | group_by_exp: 'one', \"one.name | size\" %}{% for group in all %}{{ group.name }}: {{ group.size }}. {% endfor %}",
        "3: 2. 2: 1. ",
    ),
    entry("h", "The same as `escape`.", "{{ '<b>' | h }}", "&lt;b&gt;"),
    entry("has", "Whether the property of any item has this value.", "{{ people | has: 'team', 'docs' }}", "true"),
    entry("inspect", "The value as Ruby writes it in code, escaped for HTML.", "{{ 'a' | inspect }}", "&quot;a&quot;"),
    entry(
        "join",
        "The items as one text; the parameter stands between them, a blank by default.",
        "{{ fruits | join: ', ' }}",
        "plum, apple, fig, apple",
    ),
    entry(
        "jsonify",
        "The value as JSON.",
        "{{ people[1] | jsonify }}",
        "{\"name\":\"Bob\",\"team\":\"docs\",\"age\":28}",
    ),
    entry("last", "The last item of a list.", "{{ people | map: 'name' | last }}", "Cy"),
    entry("lstrip", "The text without white space at its start.", "[{{ ' a ' | lstrip }}]", "[a ]"),
    entry("map", "A property of each item.", "{{ people | map: 'name' | join: ' ' }}", "Ada Bob Cy"),
    entry("markdownify", "The text as Markdown, turned into HTML.", "{{ '**bold**' | markdownify }}", "**bold**"),
    entry(
        "markup_options",
        "The `key=value` in a tag's markup; the parameter is the sign between them, `=` by default.",
        "{% assign options = 'plan.md width=\"3 cm\"' | markup_options %}{{ options.width }}",
        "3 cm",
    ),
    entry(
        "markup_words",
        "The words in a tag's markup that are no `key=value`; quotes hold one together.",
        "{{ 'plan.md \"the plan\" width=3' | markup_words | join: ', ' }}",
        "plan.md, the plan",
    ),
    entry("minus", "The difference.", "{{ 7 | minus: 2 }}", "5"),
    entry("modulo", "The remainder of a division.", "{{ 7 | modulo: 3 }}", "1"),
    entry(
        "newline_to_br",
        "The text with `<br />` at each line end.",
        "{% capture lines %}a\nb{% endcapture %}{{ lines | newline_to_br }}",
        "a<br />\nb",
    ),
    entry(
        "normalize_whitespace",
        "The text with each run of white space as one blank.",
        "{{ 'a   b' | normalize_whitespace }}",
        "a b",
    ),
    entry(
        "number_of_words",
        "How many words there are; with `'cjk'` or `'auto'` each Chinese, Japanese or Korean character counts as one.",
        "{{ 'three short words' | number_of_words }}",
        "3",
    ),
    entry("plus", "The sum.", "{{ 7 | plus: 2 }}", "9"),
    entry(
        "pop",
        "The list without its last items, one by default.",
        "{{ fruits | pop | join: ' ' }}",
        "plum apple fig",
    ),
    entry(
        "prefix_lines",
        "The text with another one before each line; empty lines at its ends are left out.",
        "{% capture lines %}a\nb{% endcapture %}{{ lines | prefix_lines: '> ' }}",
        "> a\n> b",
    ),
    entry("prepend", "The text with another one before it.", "{{ 'start' | prepend: '/docs/' }}", "/docs/start"),
    entry("push", "The list with one more item at its end.", "{{ fruits | push: 'kiwi' | last }}", "kiwi"),
    entry(
        "reject",
        "The items whose property has another value.",
        "{{ people | reject: 'team', 'core' | map: 'name' }}",
        "Bob",
    ),
    entry(
        "relative_url",
        "The address with the site's base URL in front.",
        "{{ '/start/' | relative_url }}",
        "/docs/start/",
    ),
    entry("remove", "The text without every occurrence of another.", "{{ 'a-b-c' | remove: '-' }}", "abc"),
    entry(
        "remove_first",
        "The text without the first occurrence of another.",
        "{{ 'a-b-c' | remove_first: '-' }}",
        "ab-c",
    ),
    entry(
        "remove_last",
        "The text without the last occurrence of another.",
        "{{ 'a-b-c' | remove_last: '-' }}",
        "a-bc",
    ),
    entry(
        "replace",
        "The text with every occurrence of one text exchanged for another.",
        "{{ 'a-b-c' | replace: '-', '+' }}",
        "a+b+c",
    ),
    entry(
        "replace_first",
        "The text with the first occurrence of one text exchanged for another.",
        "{{ 'a-b-c' | replace_first: '-', '+' }}",
        "a+b-c",
    ),
    entry(
        "replace_last",
        "The text with the last occurrence of one text exchanged for another.",
        "{{ 'a-b-c' | replace_last: '-', '+' }}",
        "a-b+c",
    ),
    entry("reverse", "The items in the opposite order.", "{{ fruits | reverse | first }}", "apple"),
    entry(
        "round",
        "The number, rounded; the parameter is how many digits stay behind the point.",
        "{{ 2.567 | round: 1 }}",
        "2.6",
    ),
    entry("rstrip", "The text without white space at its end.", "[{{ ' a ' | rstrip }}]", "[ a]"),
    entry(
        "sample",
        "Items of the list, one by default. Jekyll picks by chance; so that two builds are equal, these are picked by the list's content.",
        "{{ 'only' | split: ',' | sample }}",
        "only",
    ),
    entry("sassify", "The CSS of a style sheet in Sass's syntax by indentation.", "{{ '.a' | sassify }}", ".a{}"),
    entry("scssify", "The CSS of a style sheet in SCSS.", "{{ '.a' | scssify }}", ".a{}"),
    entry(
        "shift",
        "The list without its first items, one by default.",
        "{{ fruits | shift | join: ' ' }}",
        "apple fig apple",
    ),
    entry(
        "size",
        "How many characters a text has, or how many items a list.",
        "{{ fruits | size }} {{ 'plum' | size }}",
        "4 4",
    ),
    entry(
        "slice",
        "A part of a text or list, from a position counted from 0 (from the end where negative); the second parameter is its length.",
        "{{ 'carafe' | slice: 1, 3 }}",
        "ara",
    ),
    entry(
        "slugify",
        "The text as a part of an address. The parameter is a mode: `default`, `pretty`, `ascii`, `latin`, `raw` or `none`.",
        "{{ 'What is new?' | slugify }}",
        "what-is-new",
    ),
    entry("smartify", "The text with typographic quotes and dashes.", "{{ \"It's -- so\" | smartify }}", "It’s – so"),
    entry(
        "sort",
        "The items in order, by a property where one is named.",
        "{{ people | sort: 'age' | map: 'name' | join: ' ' }}",
        "Bob Ada Cy",
    ),
    entry(
        "sort_natural",
        "The items in order, without regard to capital and small letters.",
        "{{ 'b,A,c' | split: ',' | sort_natural | join: ' ' }}",
        "A b c",
    ),
    entry("split", "The parts between the occurrences of a text.", "{{ '1.4.0' | split: '.' | first }}", "1"),
    entry(
        "squish",
        "The text without white space around it, and with each run of it as one blank.",
        "[{{ ' a   b ' | squish }}]",
        "[a b]",
    ),
    entry("strip", "The text without white space around it.", "[{{ ' a ' | strip }}]", "[a]"),
    entry(
        "strip_html",
        "The text without HTML's tags, comments, scripts and styles.",
        "{{ '<b>a</b>' | strip_html }}",
        "a",
    ),
    entry(
        "strip_index",
        "The address without a trailing `index.html`.",
        "{{ '/start/index.html' | strip_index }}",
        "/start/",
    ),
    entry(
        "strip_newlines",
        "The text without line ends.",
        "{% capture lines %}a\nb{% endcapture %}{{ lines | strip_newlines }}",
        "ab",
    ),
    entry("sum", "The sum of the items, or of a property of theirs.", "{{ people | sum: 'age' }}", "105"),
    entry(
        "text_after",
        "What stands behind the first occurrence of a text.",
        "{{ 'a: b: c' | text_after: ': ' }}",
        "b: c",
    ),
    entry(
        "text_before",
        "What stands before the first occurrence of a text; all of it where there is none.",
        "{{ 'a: b: c' | text_before: ': ' }}",
        "a",
    ),
    entry("times", "The product.", "{{ 7 | times: 2 }}", "14"),
    entry("to_integer", "The value as a whole number.", "{{ '12' | to_integer | plus: 1 }}", "13"),
    entry(
        "truncate",
        "The text cut to so many characters, the ending `...` included; the second parameter is another ending.",
        "{{ 'A long sentence' | truncate: 9 }}",
        "A long...",
    ),
    entry(
        "truncatewords",
        "The text cut to so many words, 15 by default; the second parameter is what stands behind them.",
        "{{ 'one two three' | truncatewords: 2 }}",
        "one two...",
    ),
    entry("uniq", "The items without repetitions.", "{{ fruits | uniq | join: ' ' }}", "plum apple fig"),
    entry("unshift", "The list with one more item at its start.", "{{ fruits | unshift: 'kiwi' | first }}", "kiwi"),
    entry("upcase", "The text in capital letters.", "{{ 'abc' | upcase }}", "ABC"),
    entry(
        "uri_escape",
        "The text with what no address may hold as percent signs.",
        "{{ 'a b?c' | uri_escape }}",
        "a%20b?c",
    ),
    entry("url_decode", "The text that a percent-encoded one stands for.", "{{ 'a%20b' | url_decode }}", "a b"),
    entry("url_encode", "As `cgi_escape`.", "{{ 'a b' | url_encode }}", "a+b"),
    entry(
        "where",
        "The items whose property has this value.",
        "{{ people | where: 'team', 'core' | map: 'name' | join: ' ' }}",
        "Ada Cy",
    ),
    entry(
        "where_exp",
        "The items for which the condition holds; the first parameter names the item in it.",
        "{{ people | where_exp: 'one', 'one.age < 40' | map: 'name' | join: ' ' }}",
        "Ada Bob",
    ),
    entry(
        "xml_escape",
        "The text with `<`, `>`, `&` and quotes escaped for XML.",
        "{{ '<a>' | xml_escape }}",
        "&lt;a&gt;",
    ),
];

/// The built-in tags in alphabetical order.
pub const TAGS: &[Entry] = &[
    entry("#", "A comment on one line.", "{% # nobody reads this %}a", "a"),
    entry("assign", "Gives a variable a value.", "{% assign name = 'Ada' | upcase %}{{ name }}", "ADA"),
    entry(
        "break",
        "Ends the loop around it.",
        "{% for fruit in fruits %}{% if fruit == 'fig' %}{% break %}{% endif %}{{ fruit }} {% endfor %}",
        "plum apple ",
    ),
    entry(
        "capture",
        "Gives a variable what stands in the block.",
        "{% capture both %}{{ fruits[0] }} and {{ fruits[1] }}{% endcapture %}{{ both }}",
        "plum and apple",
    ),
    entry(
        "case",
        "The branch `when` the value is one of those named; `else` where none is.",
        "{% case fruits[0] %}{% when 'fig', 'plum' %}purple{% else %}other{% endcase %}",
        "purple",
    ),
    entry(
        "comment",
        "Text that is not printed, whatever stands in it.",
        "a{% comment %} {{ b }} {% endcomment %}c",
        "ac",
    ),
    entry(
        "continue",
        "Goes on with the next turn of the loop around it.",
        "{% for fruit in fruits %}{% if fruit == 'apple' %}{% continue %}{% endif %}{{ fruit }} {% endfor %}",
        "plum fig ",
    ),
    entry(
        "cycle",
        "One value after another, each time it is passed. A name and a colon before the values part cycles.",
        "{% for fruit in fruits %}{% cycle 'odd', 'even' %} {% endfor %}",
        "odd even odd even ",
    ),
    entry(
        "decrement",
        "Counts a variable of its own down, and prints it; it starts at -1.",
        "{% decrement n %} {% decrement n %}",
        "-1 -2",
    ),
    entry(
        "doc",
        "What an include takes and what it is for: its contract. Prints nothing.",
        "{% doc %}\n  @param {string} title\n{% enddoc %}a",
        "a",
    ),
    entry("echo", "Prints a value, as `{{ }}` does; for use in `liquid`.", "{% echo fruits | first %}", "plum"),
    entry(
        "for",
        "Repeats the block for each item of a list or range. `limit:`, `offset:` and `reversed` choose items; `else` stands for an empty \
         list; `forloop` has `index`, `index0`, `rindex`, `rindex0`, `first`, `last`, `length` and `parentloop`.",
        "{% for n in (1..3) %}{{ n }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
        "1, 2, 3",
    ),
    entry(
        "highlight",
        "Code in a language, with line numbers where `linenos` says so.",
        "{% highlight yaml %}\na: 1\n{% endhighlight %}",
        "a: 1",
    ),
    entry(
        "if",
        "The block where the condition holds, with `elsif` and `else`.",
        "{% if fruits contains 'fig' and fruits.size > 3 %}yes{% else %}no{% endif %}",
        "yes",
    ),
    entry(
        "if_version",
        "The block where the page's release fits: `eq:`, `gte:`, `lte:`, `gt:`, `lt:`, several of which must all hold.",
        "{% if_version gte:1.4 %}new{% endif_version %}",
        "",
    ),
    entry(
        "ifchanged",
        "The block where it is not what it was in the last turn.",
        "{% for one in people %}{% ifchanged %}{{ one.team }} {% endifchanged %}{% endfor %}",
        "core docs core ",
    ),
    entry(
        "include",
        "An include with its parameters, read in it as `include.NAME`.",
        "{% include greet.md who='Ada' %}",
        "Hello, Ada!",
    ),
    entry(
        "include_cached",
        "As `include`; in Jekyll the result is kept for equal parameters, here every include is parsed once anyway.",
        "{% include_cached greet.md who='Bob' %}",
        "Hello, Bob!",
    ),
    entry(
        "include_code",
        "A file of source code as a block of code, or of it the lines of `region` or `lines`. Nothing in the file is run. `lang` names the language where the file's ending does not.",
        "{% include_code src/hello.py region='body' %}",
        "~~~python\nprint('hello')\n~~~",
    ),
    entry(
        "include_relative",
        "A file beside the page, with parameters.",
        "{% include_relative greet.md who='Cy' %}",
        "Hello, Cy!",
    ),
    entry(
        "increment",
        "Counts a variable of its own up, and prints it; it starts at 0.",
        "{% increment n %} {% increment n %}",
        "0 1",
    ),
    entry("link", "The address of the page or file whose source has this path.", "{% link start.md %}", "/start/"),
    entry(
        "liquid",
        "Several tags, one on each line, without brackets.",
        "{% liquid\n  assign n = 2\n  echo n | times: 3\n%}",
        "6",
    ),
    entry(
        "post_url",
        "The address of a post, by its date and name.",
        "{% post_url 2024-01-31-release %}",
        "/2024/01/31/release.html",
    ),
    entry("raw", "Text in which braces mean nothing.", "{% raw %}{{ untouched }}{% endraw %}", "{{ untouched }}"),
    entry(
        "render",
        "A template that sees only what it is given, read in it by plain names.",
        "{% render 'plain.md', who: 'Ada' %}",
        "Hi, Ada!",
    ),
    entry(
        "tablerow",
        "The rows and cells of an HTML table, `cols:` in a row.",
        "{% tablerow n in (1..2) cols: 2 %}{{ n }}{% endtablerow %}",
        "<tr class=\"row1\">\n<td class=\"col1\">1</td><td class=\"col2\">2</td></tr>\n",
    ),
    entry(
        "unless",
        "The block where the condition does not hold.",
        "{% unless fruits contains 'kiwi' %}none{% endunless %}",
        "none",
    ),
];

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use carafe_source::island::Islands;
    use carafe_source::{FileId, Places, ReadError};

    use super::{DATA, Entry, FILTERS, TAGS};
    use crate::value::from_json;
    use crate::{
        Dialect, Globals, Host, Lookup, MemoryHost, Options, SourceFile, Tags, Template, Value, filters, parse, render,
        tags,
    };

    /// Includes in memory, and a page and a post that can be linked to.
    struct Example(MemoryHost);

    impl Host for Example {
        fn template(&self, path: &str, lookup: Lookup) -> Result<Arc<Template>, ReadError> {
            self.0.template(path, lookup)
        }

        fn include_paths(&self) -> Vec<Arc<str>> {
            self.0.include_paths()
        }

        fn markdown(&self, text: &str, places: Places<'_>, islands: &Islands) -> String {
            self.0.markdown(text, places, islands)
        }

        fn highlight(&self, code: &str, language: &str, line_numbers: bool) -> String {
            self.0.highlight(code, language, line_numbers)
        }

        fn source_file(&self, path: &str) -> Result<SourceFile, ReadError> {
            let text = "def hello():\n    # #region body\n    print('hello')\n    # #endregion body\n".into();
            let file = SourceFile { text, language: Some("python".into()) };
            (path == "src/hello.py").then_some(file).ok_or(ReadError::NotFound)
        }

        fn style_sheet(&self, text: &str, _: bool) -> Result<String, String> {
            Ok(format!("{text}{{}}"))
        }

        fn link(&self, path: &str) -> Option<String> {
            (path == "start.md").then(|| "/start/".into())
        }

        fn post_url(&self, name: &str) -> Option<String> {
            (name == "2024-01-31-release").then(|| "/2024/01/31/release.html".into())
        }

        fn now(&self) -> jiff::ZonedDateTime {
            self.0.now()
        }
    }

    fn result(entry: &Entry) -> String {
        let tags = Tags::new(Dialect::Jekyll);
        let template = |number: u32, text: &str| parse(FileId(number), &text.into(), 0, &tags);
        let Value::Map(globals) = from_json(serde_json::from_str(DATA).unwrap()) else {
            panic!("the data is an object")
        };
        let globals: Globals = (*globals).clone();
        let includes = [("greet.md", "Hello, {{ include.who }}!"), ("plain.md", "Hi, {{ who }}!")];
        let includes = includes.iter().zip(1..).map(|((name, text), number)| (*name, template(number, text)));
        let host = Example(MemoryHost::new(includes));
        let rendered = render(&template(0, entry.example), &globals, &host, &Options::new(&tags));
        rendered.islands.resolve(&rendered.text).into_owned()
    }

    #[test]
    fn every_example_gives_its_result() {
        let wrong = FILTERS.iter().chain(TAGS).filter_map(|entry| {
            let found = result(entry);
            (found != entry.result).then(|| format!("{}: {found:?} instead of {:?}", entry.name, entry.result))
        });
        let wrong: Vec<String> = wrong.collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_filter_and_tag_has_its_entry_and_uses_itself() {
        let documented = |entries: &'static [Entry]| entries.iter().map(|entry| entry.name).collect::<Vec<_>>();
        let mut filters: Vec<&str> = filters::names().collect();
        filters.sort_unstable();
        assert_eq!(documented(FILTERS), filters);
        let mut tags: Vec<&str> = tags::built_in(Dialect::Jekyll).collect();
        tags.sort_unstable();
        assert_eq!(documented(TAGS), tags);
        for entry in FILTERS.iter().chain(TAGS) {
            assert!(entry.example.contains(entry.name), "{} does not show itself", entry.name);
            assert!(entry.about.ends_with('.'), "{}", entry.name);
        }
    }
}
