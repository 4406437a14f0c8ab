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
    let language = world.words.of_site();
    let mut add = |output: String, name: &str, mut variables: Map<String, Value>| {
        variables.insert("site".to_owned(), world.navigation.site.clone());
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
            add(output, "redirect.html", Map::from_iter([("target".to_owned(), target.into())]));
        }
    }
    if !taken("404.html") {
        let nav = nav_html(world, "/404.html", &language.language).unwrap_or_default();
        let (title, url) = (language.language.word("not_found").unwrap_or_default().to_owned(), "/404.html".to_owned());
        let page = PageView { title, url, search: scopes::bases(world, None), ..PageView::default() };
        let page = serde_json::to_value(page).unwrap_or_default();
        add(
            "404.html".to_owned(),
            "404.html",
            Map::from_iter([("nav_html".to_owned(), nav.into()), ("page".to_owned(), page)]),
        );
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
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for entry in &world.site.entries {
        let is_hidden = entry.value("noindex").is_some_and(carafe_liquid::Value::truthy);
        if entry.written && entry.output.ends_with(".html") && &*entry.output != "404.html" && !is_hidden {
            let address = format!("{}{}", site.url, encoded_path(&format!("{}{}", site.baseurl, entry.url)));
            xml.push_str(&format!("<url><loc>{}</loc></url>\n", escape(&address)));
        }
    }
    xml.push_str("</urlset>\n");
    Some(xml)
}
