//! `jekyll-github-metadata`: `site.github`, from the configuration, the environment and git. What only GitHub's programming interface knows is
//! empty, as it is for the plugin without a network: owners, releases, contributors, licences.

use std::sync::Arc;

use carafe_liquid::filters::{Env, FilterError};
use carafe_liquid::{Map, Value, convert};

use crate::config::Config;

use super::{Asked, Plugin, Repository};

pub(super) const PLUGIN: Plugin = Plugin {
    on_github_pages: true,
    tags: &[("github_edit_link", edit_link)],
    variables: Some(variables),
    ..Plugin::new("jekyll-github-metadata")
};

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The owner and the name of the repository: what the environment says, the configuration, the remote `origin`.
fn name_with_owner(config: &Config, repository: &Repository<'_>) -> Option<String> {
    let configured = || {
        let name = config.variables.get("repository")?.as_str()?;
        name.contains('/').then(|| name.to_owned())
    };
    let origin = || {
        let host = environment("PAGES_GITHUB_HOSTNAME").unwrap_or_else(|| "github.com".to_owned());
        let url = repository.git.origin(repository.folder)?.trim_end_matches(".git");
        let path = url.split_once(&host)?.1.strip_prefix([':', '/'])?;
        let mut parts = path.split('/');
        Some(format!("{}/{}", parts.next()?, parts.next()?))
    };
    environment("PAGES_REPO_NWO").or_else(configured).or_else(origin)
}

/// `site.github`, and what the site does not say of itself: its title and, when it is built for the world, its address.
fn variables(config: &Config, repository: &Repository<'_>, variables: &mut Map) {
    let Some(full_name) = name_with_owner(config, repository) else { return };
    let Some((owner, name)) = full_name.split_once('/') else { return };
    let jekyll = environment("JEKYLL_ENV").unwrap_or_else(|| "development".to_owned());
    let stage = environment("PAGES_ENV").unwrap_or(jekyll.clone());
    let pages_host = environment("PAGES_PAGES_HOSTNAME");
    let pages_host =
        pages_host.unwrap_or_else(|| if stage == "development" { "localhost:4000" } else { "github.io" }.to_owned());
    let host = environment("PAGES_GITHUB_HOSTNAME").unwrap_or_else(|| "github.com".to_owned());
    let owner_url = format!("https://{host}/{owner}");
    let url = format!("{owner_url}/{name}");
    let domain = format!("{owner}.{pages_host}").to_lowercase();
    let user_page = [domain.clone(), format!("{owner}.github.com").to_lowercase()].contains(&name.to_lowercase());
    let custom_domains = ["dotcom", "test"].contains(&stage.as_str());
    let pages_url = match (custom_domains, user_page) {
        (true, true) => format!("http://{domain}"),
        (true, false) => format!("http://{domain}/{name}"),
        (false, true) => format!("https://{host}/pages/{owner}"),
        (false, false) => format!("https://{host}/pages/{owner}/{name}"),
    };
    let base = pages_url
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
        .unwrap_or_default();
    let branch = if user_page { "master" } else { "gh-pages" };
    let revision =
        environment("JEKYLL_BUILD_REVISION").or_else(|| repository.git.head(repository.folder).map(str::to_owned));
    let text = |text: &str| Value::from(text);
    let known = [
        ("environment", text(&stage)),
        ("pages_env", text(&stage)),
        ("hostname", text(&host)),
        ("pages_hostname", text(&pages_host)),
        ("api_url", environment("PAGES_API_URL").unwrap_or_else(|| "https://api.github.com".to_owned()).into()),
        ("help_url", environment("PAGES_HELP_URL").unwrap_or_else(|| "https://help.github.com".to_owned()).into()),
        ("project_title", text(name)),
        ("owner_name", text(owner)),
        ("owner_url", text(&owner_url)),
        ("owner_gravatar_url", format!("{owner_url}.png").into()),
        ("repository_url", text(&url)),
        ("repository_nwo", text(&full_name)),
        ("repository_name", text(name)),
        ("zip_url", format!("{url}/zipball/{branch}").into()),
        ("tar_url", format!("{url}/tarball/{branch}").into()),
        ("clone_url", format!("{url}.git").into()),
        ("releases_url", format!("{url}/releases").into()),
        ("is_user_page", Value::Bool(user_page)),
        ("is_project_page", Value::Bool(!user_page)),
        ("url", text(&pages_url)),
        ("baseurl", text(&base)),
        ("source", Value::map([("branch", text(branch)), ("path", "/".into())])),
        ("versions", Value::map::<Arc<str>>([])),
        ("build_revision", revision.unwrap_or_default().into()),
    ];
    let nothing = [
        "project_tagline",
        "owner_display_name",
        "issues_url",
        "wiki_url",
        "language",
        "show_downloads",
        "latest_release",
        "private",
        "archived",
        "disabled",
        "license",
        "owner",
    ];
    let lists = ["public_repositories", "organization_members", "contributors", "releases"];
    let mut github: Map = known.into_iter().map(|(key, value)| (key.into(), value)).collect();
    github.extend(nothing.map(|key| (key.into(), Value::Nil)));
    github.extend(lists.map(|key| (key.into(), Value::array(Vec::new()))));
    match variables.get("github") {
        None | Some(Value::Nil) => {}
        Some(Value::Map(own)) => carafe_liquid::value::merge(&mut github, own),
        Some(_) => return,
    }
    variables.insert("github".into(), Value::Map(Arc::new(github)));
    let has = |variables: &Map, key: &str| variables.get(key).is_some_and(Value::truthy);
    if !has(variables, "title") && !has(variables, "name") {
        variables.insert("title".into(), if user_page { owner } else { name }.into());
    }
    if jekyll == "production" || environment("PAGE_BUILD_ID").is_some() {
        let origin = pages_url.strip_suffix(base.as_str()).unwrap_or(&pages_url);
        if !has(variables, "url") {
            variables.insert("url".into(), origin.into());
        }
        if variables.get("baseurl").is_none_or(|own| own.is_nil() || own.as_str() == Some("/")) {
            variables.insert("baseurl".into(), base.as_str().into());
        }
    }
}

/// `{% github_edit_link "Text" %}`: where the page's source can be edited.
fn edit_link(asked: &Asked<'_>, markup: &str, _: &dyn Env) -> Result<String, FilterError> {
    let get = |path: &[&str]| super::option(&asked.world.config.variables, path).filter(Value::truthy);
    let text = |path: &[&str]| get(path).map(|value| convert::text(&value).into_owned());
    let parts = [
        text(&["github", "repository_url"]),
        Some("edit".to_owned()),
        text(&["github", "source", "branch"]),
        text(&["github", "source", "path"]),
        Some(asked.entry.page.path.to_string()),
    ];
    let parts: Option<Vec<String>> = parts.into_iter().collect();
    let parts: Vec<String> = parts
        .unwrap_or_default()
        .iter()
        .map(|part| part.trim_matches('/').to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let url = crate::site::encoded(&parts.join("/"));
    let quoted = ['"', '\''].into_iter().find_map(|quote| {
        let (start, end) = (markup.find(quote)?, markup.rfind(quote)?);
        markup.get(start + 1..end)
    });
    Ok(quoted.map_or(url.clone(), |text| format!("<a href=\"{url}\">{text}</a>")))
}
