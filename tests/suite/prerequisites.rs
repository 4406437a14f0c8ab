//! The shared include of prerequisites, on the repository's own pages that use it in every way.

use crate::support;

use std::collections::HashSet;
use std::path::Path;
use std::sync::OnceLock;

use scraper::{ElementRef, Html, Selector};

/// The repository's site, built once for all tests.
fn page(name: &str) -> Html {
    static SITE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let site = SITE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("site");
        let root = env!("CARGO_MANIFEST_DIR");
        let ran = support::run(&["build", "--strict", "-s", root, "-d", out.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "the repository's own site has findings:\n{}", ran.stderr);
        folder
    });
    let path = site.path().join("site").join(Path::new(name)).join("index.html");
    Html::parse_document(&std::fs::read_to_string(path).unwrap())
}

fn all<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

fn texts(html: &Html, selector: &str) -> Vec<String> {
    all(html, selector).into_iter().map(|element| text(element).trim().to_owned()).collect()
}

const DIRECT: &str = "echo '
kind: KonnectAPIAuthConfiguration
apiVersion: konnect.konghq.com/v1alpha1
metadata:
  name: konnect-api-auth
  namespace: default
spec:
  type: token
  token: kpat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
  serverURL: eu.api.konghq.com
' | kubectl apply -f -
";

const CONSOLE: &str = "NAME               VALID   ORGID                                  SERVERURL
konnect-api-auth   True    <your-konnect-org-id>                  https://eu.api.konghq.tech
";

#[test]
fn the_accordion_holds_all_steps_and_nothing_else() {
    let page = page("guides/create-a-service");
    let accordions = all(&page, "article details.custom");
    assert_eq!(accordions.len(), 1);
    assert_eq!(all(&page, "article details.custom > summary blockquote.note p u").len(), 1);
    assert_eq!(texts(&page, "article details.custom > h2"), ["Prerequisites"]);
    assert_eq!(texts(&page, "article details.custom > h3").len(), 3);
    assert_eq!(texts(&page, "article > h2"), ["Create the service", "See that it is there"]);
    assert_eq!(all(&page, "article details.custom pre").len(), 5);
}

#[test]
fn without_the_accordion_the_steps_are_the_page() {
    let page = page("guides/sign-in");
    assert!(all(&page, "article details").is_empty());
    assert_eq!(texts(&page, "article > h3").len(), 3);
    assert!(all(&page, "h2#prerequisites").is_empty(), "the heading belongs to the accordion");
}

#[test]
fn in_a_list_the_include_stays_in_its_step() {
    let page = page("guides/three-steps");
    assert_eq!(all(&page, "article > ol").len(), 1, "one list");
    assert_eq!(all(&page, "article > ol > li").len(), 3, "of three steps");
    assert_eq!(all(&page, "article > ol > li:nth-child(2) > details.custom").len(), 1);
    assert_eq!(all(&page, "article > ol > li:nth-child(2) [role=tabpanel] pre").len(), 2);
    let code = all(&page, "article > ol > li:nth-child(2) [role=tabpanel] pre code");
    assert_eq!(text(code[0]), DIRECT, "indentation in the list does not reach the code");
}

#[test]
fn twice_on_one_page_every_id_is_unique() {
    let page = page("guides/two-clusters");
    assert_eq!(all(&page, "article > details.custom").len(), 2);
    let ids: Vec<&str> = all(&page, "[id]").into_iter().map(|element| element.value().id().unwrap()).collect();
    let distinct: HashSet<&&str> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
}

#[test]
fn a_variable_can_name_the_include_and_parameters_can_differ() {
    let page = page("guides/upgrade");
    let code = texts(&page, "article pre code");
    assert!(code[0].contains("image.tag=1.4.2") && code[0].contains("crds.enabled=true"), "{}", code[0]);
    assert!(code[1].contains("image.tag=1.4.0") && !code[1].contains("crds.enabled"), "{}", code[1]);
    assert_eq!(all(&page, "article details").len(), 1, "only the second call keeps the wrapper");
}

#[test]
fn tabs_have_titles_panels_and_addresses() {
    let page = page("guides/create-a-service");
    assert_eq!(texts(&page, "[role=tablist] [role=tab]"), ["Directly in specification", "Stored in a Secret"]);
    let slugs: Vec<&str> =
        all(&page, "[role=tabpanel]").into_iter().map(|panel| panel.value().attr("data-slug").unwrap()).collect();
    assert_eq!(slugs, ["directly-in-specification", "stored-in-a-secret"]);
    for tab in all(&page, "[role=tab]") {
        let panel = tab.value().attr("aria-controls").unwrap();
        assert_eq!(all(&page, &format!("[id='{panel}'][role=tabpanel]")).len(), 1);
        assert_eq!(tab.value().attr("href").unwrap(), format!("#{panel}"), "a tab is a link without JavaScript");
    }
}

#[test]
fn code_is_exact_to_the_byte() {
    let page = page("guides/create-a-service");
    let panels = all(&page, "[role=tabpanel] .language-yaml code");
    assert_eq!(text(panels[0]), DIRECT);
    assert!(text(panels[1]).contains("stringData:\n  token: kpat_"));
    assert_eq!(text(all(&page, "details .language-console code")[0]), CONSOLE);
    let shell = text(all(&page, "details .language-shell code")[0]);
    assert_eq!(
        shell,
        "helm upgrade --install kgo kong/gateway-operator -n kong-system --create-namespace \\\n  \
         --set image.tag=1.4.0 \\\n  --set kubernetes-configuration-crds.enabled=true\n"
    );
}

#[test]
fn site_variables_are_filled_in_and_no_liquid_is_left() {
    for name in ["create-a-service", "sign-in", "three-steps", "two-clusters", "upgrade"] {
        let page = page(&format!("guides/{name}"));
        let text = text(all(&page, "article")[0]);
        assert!(text.contains("Gateway Operator"), "{name}");
        assert!(!text.contains("{{") && !text.contains("{%") && !text.contains('\u{fdd0}'), "{name}");
    }
}
