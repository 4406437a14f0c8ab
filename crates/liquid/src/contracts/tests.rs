use std::sync::Arc;

use carafe_source::FileId;

use crate::{Dialect, Tags, convert, parse};

use super::*;

/// A page and includes, analysed; the page is unit 0.
fn look(page: &str, includes: &[(&str, &str)]) -> Analysis {
    let tags = Tags::new(Dialect::Jekyll);
    let unit = |(at, (name, text)): (usize, (&str, &str))| Unit {
        role: if at == 0 { Role::Root } else { Role::Include },
        name: name.into(),
        template: Arc::new(parse(FileId(u32::try_from(at).unwrap()), &text.into(), 0, &tags)),
    };
    let all = std::iter::once(("page.md", page)).chain(includes.iter().copied());
    analyse(all.enumerate().map(unit).collect(), &tags, &|_, _| None)
}

/// The parameters of a unit as it uses them, the required ones with `!`.
fn params(analysis: &Analysis, unit: usize) -> String {
    let shown = |(name, param): (&Arc<str>, &InferredParam)| format!("{name}{}", if param.required { "!" } else { "" });
    let mut all: Vec<String> = analysis.inferred[unit].params.iter().map(shown).collect();
    if analysis.inferred[unit].whole {
        all.push("*".into());
    }
    all.join(" ")
}

fn inferred(include: &str) -> String {
    params(&look("", &[("a.md", include)]), 1)
}

/// The heads of branches that nothing takes, as written.
fn unreached(page: &str, includes: &[(&str, &str)]) -> Vec<String> {
    let analysis = look(page, includes);
    let head = |branch: &Unreached| {
        let text = analysis.units[branch.unit].template.text();
        text[branch.head.start as usize..branch.head.end as usize].to_owned()
    };
    analysis.unreached().iter().map(head).collect()
}

#[test]
fn what_is_printed_whatever_happens_is_required() {
    assert_eq!(inferred("{{ include.a | upcase }} {{ 'x' | append: include.b }}"), "a! b!");
    assert_eq!(
        inferred("{% for i in (1..3) %}{{ include.a }}{% endfor %}{% if page.x %}{{ include.b }}{% endif %}"),
        "a b"
    );
    assert_eq!(inferred("{% capture x %}{{ include.a.b }}{% endcapture %}"), "a!");
}

#[test]
fn what_is_asked_for_first_is_optional() {
    assert_eq!(inferred("{% if include.a %}{{ include.a }}{% endif %}"), "a");
    assert_eq!(inferred("{{ include.a | default: include.b }}"), "a b");
    assert_eq!(inferred("{% case include.a %}{% when 'x' %}{% endcase %}{% for i in include.b %}{% endfor %}"), "a b");
}

#[test]
fn copies_of_parameters_are_parameters() {
    assert_eq!(inferred("{% assign x = include.a %}{{ x }}"), "a!");
    assert_eq!(inferred("{% assign x = include.a | default: 1 %}{{ x }}"), "a");
    assert_eq!(inferred("{% assign x = include.a %}{% if page.y %}{% assign x = 1 %}{% endif %}{{ x }}"), "a");
}

#[test]
fn fields_of_other_things_are_no_parameters() {
    assert_eq!(inferred("{{ page.x }} {{ site.include.y }} {{ includes.z }}"), "");
}

#[test]
fn the_whole_of_include_may_be_anything() {
    assert_eq!(inferred("{{ include | jsonify }}"), "*");
    assert_eq!(inferred("{{ include[page.key] }}"), "*");
    assert_eq!(inferred("{{ include['key'] }}"), "key!");
    assert_eq!(inferred("{{ site.data | where_exp: 'x', 'x.name == include.name' }}"), "name");
}

#[test]
fn what_is_handed_on_is_demanded_as_the_inner_include_demands_it() {
    let inner = ("b.md", "{{ include.x }}{% if include.y %}{% endif %}");
    let analysis = look("", &[("a.md", "{% include b.md x=include.p y=include.q %}"), inner]);
    assert_eq!(params(&analysis, 1), "p! q");
    let analysis = look("", &[("a.md", "{% if page.z %}{% include b.md x=include.p %}{% endif %}"), inner]);
    assert_eq!(params(&analysis, 1), "p");
}

#[test]
fn a_call_without_parameters_shows_those_of_its_caller() {
    let analysis = look("", &[("a.md", "{% include b.md %}"), ("b.md", "{{ include.x }}")]);
    assert_eq!(params(&analysis, 1), "x!");
    let declares = ("b.md", "{% doc %}\n@param [x]\n{% enddoc %}{{ include.x }}");
    assert_eq!(params(&look("", &[("a.md", "{% include b.md %}"), declares]), 1), "");
}

#[test]
fn includes_that_call_each_other_come_to_an_end() {
    let a = ("a.md", "{{ include.x }}{% include b.md y=include.z n=page.n %}");
    let b = ("b.md", "{{ include.y }}{% include a.md z=include.y x='1' %}{% include {{ page.any }} %}");
    let analysis = look("{% include a.md x='2' z='3' %}", &[a, b]);
    assert_eq!(params(&analysis, 1), "x! z!");
    assert!(analysis.reached.iter().all(|reached| *reached));
}

#[test]
fn dynamic_paths_reach_what_they_may_mean() {
    let includes = [("c/eks.md", ""), ("c/aks.md", ""), ("d.md", "")];
    let analysis = look("{% include c/{{ page.cloud }}.md %}", &includes);
    assert_eq!(analysis.reached, [true, true, true, false]);
    let analysis = look("{% assign file = 'd.md' %}{% include {{ file }} %}", &includes);
    assert_eq!(analysis.reached, [true, false, false, true]);
    let through = [("a.md", "{% include c/{{ include.cloud }}.md %}"), includes[0], includes[1], includes[2]];
    let analysis = look("{% include a.md cloud='eks' %}", &through);
    assert_eq!(analysis.reached, [true, true, true, false, false]);
}

#[test]
fn branches_that_no_call_takes_are_found() {
    let a = ("a.md", "{% if include.x %}1{% elsif include.mode == 'two' %}2{% else %}3{% endif %}");
    assert_eq!(
        unreached("{% include a.md mode='one' %}", &[a]),
        ["{% if include.x %}", "{% elsif include.mode == 'two' %}"]
    );
    assert_eq!(unreached("{% include a.md x=true %}", &[a]), ["{% elsif include.mode == 'two' %}", "{% else %}"]);
    assert_eq!(unreached("{% include a.md x=page.x %}{% include a.md mode='two' %}", &[a]), Vec::<String>::new());
}

#[test]
fn branches_on_anything_else_are_left_alone() {
    let a = ("a.md", "{% if page.x == 1 %}1{% endif %}{% assign y = 2 %}{% if y == 3 %}2{% endif %}");
    assert_eq!(unreached("{% include a.md %}{% if include.x %}{% endif %}", &[a]), Vec::<String>::new());
}

#[test]
fn values_are_followed_through_variables_defaults_and_calls() {
    let a = ("a.md", "{% assign m = include.m | default: 'x' %}{% include b.md m=m %}");
    let b = ("b.md", "{% case include.m %}{% when 'x', 'y' %}1{% when 'z' %}2{% else %}3{% endcase %}");
    assert_eq!(unreached("{% include a.md %}", &[a, b]), ["{% when 'z' %}", "{% else %}"]);
    let page = "{% if page.q %}{% assign v = 'z' %}{% else %}{% assign v = 'y' %}{% endif %}{% include b.md m=v %}";
    assert_eq!(unreached(page, &[b]), ["{% else %}"]);
    // What an include that nobody calls would hand over counts.
    assert_eq!(unreached(page, &[a, b]), Vec::<String>::new());
}

#[test]
fn what_calls_combine_counts_and_not_each_parameter_for_itself() {
    let a = ("a.md", "{% unless include.plain %}{% if include.crds %}x{% endif %}{% endunless %}");
    let page = "{% include a.md plain=true crds=true %}{% include a.md crds=false %}";
    assert_eq!(unreached(page, &[a]), ["{% if include.crds %}"]);
}

#[test]
fn what_an_include_may_assign_is_not_known_behind_it() {
    let a = ("a.md", "{% assign v = 'x' %}{% include b.md %}{% include c.md v=v %}");
    let (b, c) = (("b.md", "{% assign v = page.v %}"), ("c.md", "{% if include.v == 'z' %}{% endif %}"));
    assert_eq!(unreached("{% include a.md %}", &[a, b, c]), Vec::<String>::new());
    let a = ("a.md", "{% assign v = 'x' %}{% for i in page.l %}{% include c.md v=v %}{% assign v = i %}{% endfor %}");
    assert_eq!(unreached("{% include a.md %}", &[a, c]), Vec::<String>::new());
}

#[test]
fn declared_defaults_are_values() {
    let a = ("a.md", "{% doc %}\n@param {string} [m=x]\n{% enddoc %}{% if include.m == 'x' %}1{% else %}2{% endif %}");
    assert_eq!(unreached("{% include a.md %}", &[a]), ["{% else %}"]);
}

#[test]
fn many_different_calls_are_taken_together() {
    let calls: String = (0..500).map(|n| format!("{{% include a.md n={n} %}}")).collect();
    let a = ("a.md", "{% if include.n == 499 %}1{% endif %}{% if include.other %}2{% endif %}");
    assert_eq!(unreached(&calls, &[a]), Vec::<String>::new());
}

#[test]
fn long_templates_take_time_in_proportion() {
    let time = |n: usize| {
        let text: String =
            (0..n).map(|n| format!("{{% assign v{n} = {n} %}}{{% if include.p{n} %}}{{% endif %}}")).collect();
        let started = std::time::Instant::now();
        let analysis = look("{% include a.md %}", &[("a.md", &text)]);
        assert_eq!(analysis.unreached().len(), n);
        started.elapsed().as_secs_f64()
    };
    let (short, long) = (time(200), time(800));
    assert!(long < short * 12.0 + 0.5, "{short} {long}");
}

#[test]
fn patterns_fit_what_their_gaps_allow() {
    let pattern = |parts: &[Option<&str>]| Pattern(parts.iter().map(|part| part.map(str::to_owned)).collect());
    let path = pattern(&[Some("/a/"), None, Some(".md")]);
    assert!(path.fits("a/b.md") && !path.fits("b/b.md") && !path.fits("a/b.html") && !path.open());
    assert!(pattern(&[None]).open() && pattern(&[None]).fits("any"));
    assert_eq!(pattern(&[Some("./a.md")]).path().as_deref(), Some("a.md"));
    assert!(!pattern(&[Some("aa"), None, Some("aa")]).fits("aaa"));
}

#[test]
fn the_values_at_a_parameter_are_those_of_all_ways() {
    let a = ("a.md", "{% include b.md m=include.m %}");
    let analysis = look("{% include a.md m='x' %}{% include a.md m='y' %}", &[a, ("b.md", "{{ include.m }}")]);
    let given = &analysis.calls[1][0].given[0];
    let values: Vec<String> = analysis.value(given.span).values().unwrap().iter().map(convert::inspect).collect();
    assert_eq!(values, ["\"x\"", "\"y\""]);
}
