//! Templates that would like to do harm, and what the golden tests cannot show: origins, limits, threads.

use std::sync::Arc;

use carafe_source::island::Islands;
use carafe_source::{FileId, Places, ReadError, Span};

use super::*;

struct World {
    tags: Tags,
    includes: Vec<(&'static str, &'static str)>,
}

impl World {
    fn new(includes: &[(&'static str, &'static str)]) -> Self {
        Self { tags: Tags::new(Dialect::Jekyll), includes: includes.to_vec() }
    }

    fn parse(&self, text: &str) -> Template {
        parse(FileId(0), &Arc::from(text), 0, &self.tags)
    }

    fn render(&self, text: &str) -> Rendered {
        self.render_within(text, Limits::default())
    }

    fn render_within(&self, text: &str, limits: Limits) -> Rendered {
        let globals = Globals::from_iter([("page".into(), Value::map([("title", Value::from("Tea"))]))]);
        let options = Options { limits, ..Options::new(&self.tags) };
        render(&self.parse(text), &globals, self, &options)
    }
}

impl Host for World {
    fn template(&self, path: &str, _: Lookup) -> Result<Arc<Template>, ReadError> {
        let at = self.includes.iter().position(|(name, _)| *name == path).ok_or(ReadError::NotFound)?;
        let text = Arc::from(self.includes[at].1);
        Ok(Arc::new(parse(FileId(u32::try_from(at + 1).unwrap()), &text, 0, &self.tags)))
    }
    fn include_paths(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
    fn markdown(&self, text: &str, _: Places<'_>, islands: &Islands) -> String {
        islands.resolve(text).into_owned()
    }
    fn highlight(&self, code: &str, _: &str, _: bool) -> String {
        code.to_owned()
    }
    fn link(&self, _: &str) -> Option<String> {
        None
    }
    fn post_url(&self, _: &str) -> Option<String> {
        None
    }
    fn now(&self) -> jiff::ZonedDateTime {
        "2024-01-31T12:00:00+00:00[UTC]".parse().unwrap()
    }
}

fn codes(rendered: &Rendered) -> Vec<&'static str> {
    rendered.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// Runs on a stack as small as a worker's.
fn on_a_small_stack(test: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(2 << 20).spawn_scoped(scope, test).unwrap().join().unwrap();
    });
}

#[test]
fn templates_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Template>();
    shared::<Tags>();
}

#[test]
fn deep_nesting_of_any_kind_ends_in_a_diagnostic() {
    on_a_small_stack(|| {
        let world = World::new(&[("deep.md", "{% if true %}{% include deep.md %}{% endif %}")]);
        for (open, close) in [
            ("{% if true %}", "{% endif %}"),
            ("{% for i in (1..1) %}", "{% endfor %}"),
            ("{% capture x %}", "{% endcapture %}"),
            ("{% case 1 %}{% when 1 %}", "{% endcase %}"),
        ] {
            let rendered = world.render(&format!("a{}x{}b", open.repeat(100_000), close.repeat(100_000)));
            assert_eq!(codes(&rendered), ["nesting-limit"], "{open}");
            assert!(rendered.text.starts_with('a') && rendered.text.ends_with('b'));
        }
        assert_eq!(codes(&world.render(&"{% if true %}".repeat(100_000)))[0], "unclosed-tag");
        assert_eq!(codes(&world.render("{% include deep.md %}")), ["include-depth"]);
        let brackets = format!("{{{{ {}a{} }}}}", "[".repeat(50_000), "]".repeat(50_000));
        assert_eq!(world.render(&brackets).text, "");
        assert_eq!(world.render(&format!("{{{{ {} }}}}", "(".repeat(50_000))).text, "");
        world.render(&format!("{{% liquid {} echo 'x' %}}", "liquid ".repeat(50_000)));
        world.render(&format!("{{% include {} %}}", "{{ x }}".repeat(20_000)));
    });
}

#[test]
fn every_block_of_a_deep_include_stack_fits_into_a_small_stack() {
    on_a_small_stack(|| {
        let ifs = "{% for a in (1..1) %}{% if a %}{% case a %}{% when 1 %}{% capture x %}".to_owned();
        let ends = "{% endcapture %}{{ x }}{% endcase %}{% endif %}{% endfor %}";
        let text: &'static str = Box::leak(format!("{ifs}{{% include deep.md %}}{ends}").into_boxed_str());
        let rendered = World::new(&[("deep.md", text)]).render("{% include deep.md %}");
        assert_eq!(codes(&rendered), ["nesting-limit"]);
    });
}

#[test]
fn endless_work_is_cut_off_with_a_diagnostic() {
    let world = World::new(&[]);
    let limits = Limits { iterations: 1000, output_bytes: 100_000, ..Limits::default() };
    let cut = |text: &str| codes(&world.render_within(text, limits));
    assert_eq!(cut("{% for i in (1..1000000000) %}{% endfor %}"), ["iteration-limit"]);
    assert_eq!(cut("{% for i in (1..999) %}{% for j in (1..999) %}{% endfor %}{% endfor %}"), ["iteration-limit"]);
    assert_eq!(cut("{% tablerow i in (1..1000000000) %}{% endtablerow %}"), ["iteration-limit"]);
    assert_eq!(
        cut("{% assign x = 'ab' %}{% for i in (1..99) %}{% assign x = x | append: x %}{% endfor %}"),
        ["output-limit"]
    );
    assert_eq!(cut("{% assign x = (1..9000000000) | join: ',' %}"), ["iteration-limit"]);
    assert_eq!(
        cut(
            "{% capture x %}0123456789{% endcapture %}{% for i in (1..99) %}{% capture x %}{{ x }}{{ x }}{% endcapture %}{% endfor %}"
        ),
        ["output-limit"]
    );
    let huge = format!("{{% assign a = '{}' %}}{{{{ a | replace: 'a', a }}}}", "a".repeat(40_000));
    assert_eq!(cut(&huge), ["output-limit"]);
}

#[test]
fn numbers_of_any_size_and_filters_on_nil_print_something() {
    let world = World::new(&[]);
    assert_eq!(world.render("{{ 12345678901234567890 | plus: 1 }}").text, "12345678901234567891");
    assert!(world.render(&format!("{{{{ {} | times: 3 }}}}", "9".repeat(400))).refused.eq(&false));
    for name in filters::names() {
        for input in ["nil", "''", "1", "page", "(1..3)", "1.5", "true", "empty"] {
            world.render(&format!("{{{{ {input} | {name} }}}}{{{{ {input} | {name}: nil, 'x', 3 }}}}"));
            world.render(&format!("{{{{ {input} | {name}: -99999999999999999999, k: 1 }}}}"));
        }
    }
}

/// The processor time of this thread in seconds, where the system tells it, else the time of the day: other processes are not
/// to count.
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split_whitespace().next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.map_or_else(
        || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64()),
        |nanoseconds| nanoseconds / 1e9,
    )
}

#[test]
fn openings_that_nothing_closes_cost_linear_time() {
    let world = World::new(&[]);
    for piece in [
        "{{",
        "{%",
        "{% if",
        "{{ '",
        "{% raw %}",
        "{% comment %}",
        "{% if a %}",
        "{",
        "{{ a }",
        "{% x = %}",
        "{{ a | b: \"",
        "[",
        "{%endif%}",
    ] {
        let time = |count: usize| {
            let text = piece.repeat(count);
            // The quickest of several runs is the one that nothing else on the machine disturbed.
            let run = |_| {
                let start = processor_time();
                world.parse(&text);
                processor_time() - start
            };
            (0..4).map(run).fold(f64::INFINITY, f64::min)
        };
        let (short, long) = (time(10_000).max(0.003), time(80_000));
        assert!(long < short * 40.0, "{piece}: {short} {long}");
    }
}

#[test]
fn output_is_traced_to_the_place_that_wrote_it() {
    let world = World::new(&[("part.md", "in {{ page.title }}!")]);
    let text = "ab {% include part.md %} cd";
    let rendered = world.render(text);
    assert_eq!(rendered.text, "ab in Tea! cd");
    let at = |what: &str| {
        let start = rendered.text.find(what).unwrap();
        rendered.origins.locate(start, start + what.len()).unwrap()
    };
    let call = Span::new(FileId(0), 3, 24);
    assert_eq!(at("cd").span, Span::new(FileId(0), 25, 27));
    assert_eq!((at("in").span, at("in").calls), (Span::new(FileId(1), 0, 2), vec![call]));
    assert_eq!(at("Tea").span, Span::new(FileId(1), 3, 19));
    assert_eq!(at("ea").span, Span::new(FileId(1), 3, 19));
}

#[test]
fn captured_text_keeps_the_place_that_wrote_it() {
    let rendered = World::new(&[]).render("{% capture x %}abc{% endcapture %}-{{ x }}");
    assert_eq!(rendered.origins.locate(1, 4).unwrap().span, Span::new(FileId(0), 15, 18));
    let rendered = World::new(&[]).render("{% capture x %}abc{% endcapture %}-{{ x | upcase }}");
    assert_eq!(rendered.origins.locate(1, 4).unwrap().span, Span::new(FileId(0), 35, 51));
}

#[test]
fn front_matter_is_skipped_and_places_count_from_the_start_of_the_file() {
    let world = World::new(&[]);
    let text = "---\na: 1\n---\n{{ nothing }}x";
    let template = parse(FileId(0), &Arc::from(text), 13, &world.tags);
    let rendered = render(&template, &Globals::default(), &world, &Options::new(&world.tags));
    assert_eq!(rendered.text, "x");
    assert_eq!(rendered.diagnostics[0].span, Some(Span::new(FileId(0), 16, 23)));
}

#[test]
fn filters_evaluate_conditions_and_expressions_in_scope() {
    let world = World::new(&[]);
    let list = "{% assign list = '3,1,2' | split: ',' %}{% assign low = '2' %}";
    let text = format!("{list}{{{{ list | where_exp: 'x', 'x >= low' | join: '+' }}}}");
    assert_eq!(world.render(&text).text, "3+2");
    let text = format!("{list}{{{{ list | group_by_exp: 'x', 'x | plus: 1' | map: 'name' | join: '+' }}}}");
    assert_eq!(world.render(&text).text, "4+2+3");
}

#[test]
fn one_mistake_in_a_loop_is_told_once() {
    let rendered = World::new(&[]).render("{% for i in (1..9) %}{{ page.titel }}{% endfor %}");
    assert_eq!(codes(&rendered), ["undefined-variable"]);
}

#[test]
fn mutated_templates_never_do_harm() {
    let pieces: Vec<&str> = "{% %} {{ }} {%- -%} if else endif for in endfor (1..3) case when include x.md raw endraw liquid \n | : , . [ ] ' \" == and page page.title assign = capture doc enddoc comment endcomment \u{fdd0} é 99999999999999999999 render tablerow endtablerow cycle"
        .split(' ')
        .collect();
    let world = World::new(&[("x.md", "{% assign y = 1 %}{{ include.a }}")]);
    let limits = Limits { iterations: 1000, output_bytes: 100_000, ..Limits::default() };
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..4000 {
        let len = 1 + next(24);
        let mut text = String::new();
        for _ in 0..len {
            text += pieces[next(pieces.len())];
            text += if next(3) == 0 { " " } else { "" };
        }
        let rendered = world.render_within(&text, limits);
        for segment in rendered.origins.segments() {
            assert!(rendered.text.is_char_boundary(segment.start as usize), "{text}");
        }
    }
}
