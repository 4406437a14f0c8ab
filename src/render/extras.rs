//! Pages that no source stands behind: redirects, the page for addresses that do not exist, the site map, the feed, what robots are told.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::diagnostic::Finding;
use crate::markup::escape;
use crate::site::encoded_path;
use crate::template::view::PageView;
use crate::world::navigation::based;
use crate::world::redirects::{latest_aliases, redirects};
use crate::world::{World, feed as world_feed, last_updated, reserved, scopes};

use super::feed;
use super::views::{nav_html, sections};

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
        let sections = sections(world, &url, &language.language);
        let page = serde_json::to_value(PageView { title, url, search, languages, sections, ..PageView::default() });
        let page = page.unwrap_or_default();
        let variables = Map::from_iter([("nav_html".to_owned(), nav.into()), ("page".to_owned(), page)]);
        add(output, "404.html", number, variables);
    }
    findings.extend(refusals);
    type Make = fn(&World) -> Option<String>;
    let others: [(&str, Make); 3] = [("sitemap.xml", site_map), ("robots.txt", robots), (world_feed::FILE, feed::feed)];
    for (output, make) in others.into_iter().filter(|(output, _)| !taken(output)) {
        pages.extend(make(world).map(|text| (output.to_owned(), text)));
    }
    pages
}

/// What robots are told: they may look at everything, and where the site map is.
fn robots(world: &World) -> Option<String> {
    let site = &world.config.site;
    let map = if site.url.is_empty() {
        String::new()
    } else {
        format!("\nSitemap: {}/sitemap.xml\n", whole_address(world, ""))
    };
    Some(format!("User-agent: *\nDisallow:\n{map}"))
}

/// The whole address of a path of the site, percent-encoded.
pub(super) fn whole_address(world: &World, path: &str) -> String {
    let site = &world.config.site;
    format!("{}{}", site.url, encoded_path(&format!("{}{path}", site.baseurl)))
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
        // Only what search engines are to keep.
        let is_hidden = is_hidden || world.site.kept(entry).url != entry.url;
        if entry.written && entry.output.ends_with(".html") && !is_hidden {
            xml.push_str(&format!("<url><loc>{}</loc>", escape(&whole_address(world, &entry.url))));
            if let Some(updated) = last_updated::of(&world.site, entry) {
                xml.push_str(&format!("<lastmod>{}</lastmod>", updated.date()));
            }
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
