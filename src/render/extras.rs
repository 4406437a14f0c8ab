//! Pages that no source stands behind: redirects, the page for addresses that do not exist, the site map.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::diagnostic::Finding;
use crate::markup::escape;
use crate::site::encoded_path;
use crate::template::view::PageView;
use crate::world::navigation::based;
use crate::world::redirects::{latest_aliases, redirects};
use crate::world::{World, reserved, scopes};

use super::views::nav_html;

/// Pages that no source stands behind: redirects, the page for addresses that do not exist, the site map.
pub(crate) fn extra_pages(world: &World, findings: &mut Vec<Finding>) -> Vec<(String, String)> {
    let (mut pages, mut refusals) = (Vec::new(), Vec::new());
    let written = world.site.entries.iter().filter(|entry| entry.written).map(|entry| &*entry.output);
    let outputs: HashSet<&str> = written.chain(world.site.statics.iter().map(|file| &*file.output)).collect();
    let taken = |output: &str| outputs.contains(output);
    let Some(templates) = &world.templates else { return jekyll_redirects(world, &taken, findings) };
    let mut add = |output: String, name: &str, number: usize, mut variables: Map<String, Value>| {
        let language = world.words_in(number);
        variables.insert("site".to_owned(), world.navigation.site(number).clone());
        variables.insert("carafe".to_owned(), world.navigation.carafe.clone());
        match templates.render(name, variables, &language.language) {
            Ok(html) => pages.push((output, html)),
            Err(diagnostic) => findings.push(("".into(), diagnostic)),
        }
    };
    for (from, to) in redirects(world) {
        let output = crate::site::file_of(&from);
        if let Some(refused) = reserved::of_redirect(world, &from) {
            refusals.push(("".into(), refused));
        } else if !taken(&output) {
            let target = based(&world.config.site.baseurl, &to);
            add(output, "redirect.html", 0, Map::from_iter([("target".to_owned(), target.into())]));
        }
    }
    for number in 0..world.site.languages.all().len().max(1) {
        let url = format!("{}404.html", world.site.languages.root(number));
        let output = url.trim_start_matches('/').to_owned();
        if taken(&output) {
            continue;
        }
        let language = world.words_in(number);
        let nav = nav_html(world, &url, &language.language).unwrap_or_default();
        let title = language.language.word("not_found").unwrap_or_default().to_owned();
        let (search, languages) = (scopes::bases(world, None, number), world.language_links(None, number));
        let page = serde_json::to_value(PageView { title, url, search, languages, ..PageView::default() });
        let page = page.unwrap_or_default();
        let variables = Map::from_iter([("nav_html".to_owned(), nav.into()), ("page".to_owned(), page)]);
        add(output, "404.html", number, variables);
    }
    findings.extend(refusals);
    let site_map = site_map(world).filter(|_| !taken("sitemap.xml"));
    pages.extend(site_map.map(|xml| ("sitemap.xml".to_owned(), xml)));
    pages
}

/// The newest release of each product of a Jekyll site under `latest`.
fn jekyll_redirects(world: &World, taken: &dyn Fn(&str) -> bool, findings: &mut Vec<Finding>) -> Vec<(String, String)> {
    let site = &world.config.site;
    let mut pages: Vec<(String, String)> = Vec::new();
    for (from, to) in latest_aliases(world) {
        let output = crate::site::file_of(&from);
        if let Some(refused) = reserved::of_redirect(world, &from) {
            findings.push(("".into(), refused));
        } else if !taken(&output) {
            let target = if to.contains("://") { to } else { format!("{}{}{to}", site.url, site.baseurl) };
            // Of two pages that claim one old address the later has it.
            pages.retain(|(other, _)| *other != output);
            pages.push((output, redirect_page(&target)));
        }
    }
    pages
}

/// A page that leads on to `target`, in the markup of `jekyll-redirect-from`.
fn redirect_page(target: &str) -> String {
    let target = escape(target);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-US\">\n  <meta charset=\"utf-8\">\n  <title>Redirecting&hellip;</title>\n  \
         <link rel=\"canonical\" href=\"{target}\">\n  <script>location=\"{target}\"</script>\n  \
         <meta http-equiv=\"refresh\" content=\"0; url={target}\">\n  <meta name=\"robots\" content=\"noindex\">\n  \
         <h1>Redirecting&hellip;</h1>\n  <a href=\"{target}\">Click here if you are not redirected.</a>\n</html>\n"
    )
}

/// The addresses of all pages, when the site says where it is published.
fn site_map(world: &World) -> Option<String> {
    let site = &world.config.site;
    if site.url.is_empty() {
        return None;
    }
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"");
    xml.push_str(if world.has_languages() { " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n" } else { ">\n" });
    for entry in &world.site.entries {
        let is_hidden = entry.value("noindex").is_some_and(carafe_liquid::Value::truthy);
        let is_hidden = is_hidden || entry.is_fallback() || entry.is_not_found();
        if entry.written && entry.output.ends_with(".html") && !is_hidden {
            let address = format!("{}{}", site.url, encoded_path(&format!("{}{}", site.baseurl, entry.url)));
            xml.push_str(&format!("<url><loc>{}</loc>", escape(&address)));
            for other in world.alternates(entry) {
                let (code, url) = (escape(&other.code), escape(&other.url));
                xml.push_str(&format!("<xhtml:link rel=\"alternate\" hreflang=\"{code}\" href=\"{url}\"/>"));
            }
            xml.push_str("</url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    Some(xml)
}
