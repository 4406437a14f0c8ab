//! The theme of a Jekyll site: a folder of layouts, includes, data, style sheets and assets behind the site's own.
//!
//! 1. [`Theme::look`] looks for it: where the site says that it lies, in the site itself (a theme's own repository), where the
//!    Gemfile says, among the gems that Ruby has ([`find`]). Nothing is fetched.
//! 2. [`Theme::over`] puts the site's files in front of the theme's, so that whatever reads files afterwards knows of no theme.
//! 3. [`spec`] reads what the gem says of itself: the plugins that it brings along, and what pages see as `theme`.
//! 4. [`Theme::report`] says of a theme that is not here which layouts the site is without.

mod find;
mod spec;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use carafe_liquid::Value;
use carafe_source::{DiskFiles, Files, Once, Overlay};

use crate::config::{AskedTheme, Config, NamedPlugin};
use crate::content::{self, Class};
use crate::diagnostic::{Diagnostic, Severity};
use crate::site::Site;

use super::layouts::{Layouts, is_none};

pub use find::Gems;
pub(crate) use spec::Spec;

/// The theme of a site, as far as there is one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Theme {
    asked: Option<AskedTheme>,
    found: Option<Found>,
}

/// Where a theme was found.
#[derive(Clone, Debug)]
struct Found {
    /// Its folder, links resolved.
    folder: PathBuf,
    files: Arc<dyn Files>,
    /// Whether it is the site itself, whose files are no others.
    is_site: bool,
    spec: Spec,
}

/// The configuration of a theme, as reads name it.
pub(crate) const CONFIG: &str = "(theme)/_config.yml";

impl Theme {
    /// The theme that a configuration asks for, of the site at `source`. What is read of it is read once when it is to be `still`.
    pub(crate) fn look(config: &Config, source: &Path, gems: &Gems, still: bool) -> Self {
        let Some(asked) = &config.asked_theme else { return Self::default() };
        let site = source.canonicalize().ok();
        let folder = match (&asked.folder, &site) {
            (Some(folder), _) => Some(source.join(folder)),
            (None, Some(site)) => find::gem(&asked.name, asked.remote, site, gems),
            (None, None) => None,
        };
        let open = |folder: PathBuf| {
            let folder = folder.canonicalize().ok()?;
            let disk: Arc<dyn Files> = Arc::new(DiskFiles::new(&folder).ok()?);
            let files = if still { Arc::new(Once::new(disk)) } else { disk };
            let spec = spec::read(&folder, &asked.name);
            Some(Found { is_site: site.as_ref() == Some(&folder), folder, files, spec })
        };
        Self { asked: Some(asked.clone()), found: folder.and_then(open) }
    }

    /// The text of its configuration, if that counts.
    pub(crate) fn config(&self) -> Option<Arc<str>> {
        let found = self.elsewhere()?;
        self.asked.as_ref().filter(|asked| asked.has_config)?;
        found.files.read("_config.yml").ok()
    }

    /// Adds what the theme brings along: the plugins that its gem needs, and its name, where only its repository was named.
    pub(crate) fn complete(&self, config: &mut Config) {
        let (Some(asked), Some(found)) = (&self.asked, &self.found) else { return };
        for name in found.spec.plugins() {
            if !config.plugins.named.iter().any(|known| known.name == name) {
                config.plugins.named.push(NamedPlugin { name: name.to_owned(), span: asked.span });
            }
        }
        if asked.remote {
            let name = asked.name.split('@').next().and_then(|name| name.rsplit('/').next()).unwrap_or_default();
            config.variables.insert("theme".into(), name.into());
        }
    }

    /// The site's files in front of the theme's.
    pub(crate) fn over(&self, site: Arc<dyn Files>) -> Arc<dyn Files> {
        let Some(found) = self.elsewhere() else { return site };
        let (name, assets, folders) = (content::THEME, content::THEME_ASSETS, &content::THEME_FOLDERS);
        Arc::new(Overlay::new(site, found.files.clone(), name, assets, folders))
    }

    /// Its folder of style sheets, as reads name it.
    pub(crate) fn sass(&self) -> Option<String> {
        let found = self.elsewhere()?;
        found.files.has_folder("_sass").then(|| format!("{}/_sass", content::THEME))
    }

    /// The folder that it lies in, unless that is the site's.
    pub(crate) fn folder(&self) -> Option<&Path> {
        Some(&self.elsewhere()?.folder)
    }

    /// What pages read as `theme`.
    pub(crate) fn value(&self) -> Option<Value> {
        let found = self.found.as_ref()?;
        Some(found.spec.value(&found.folder))
    }

    /// The version that its gem has.
    pub(crate) fn version(&self) -> Option<String> {
        let found = self.found.as_ref()?;
        match found.spec.value(&found.folder).field("version") {
            Some(Value::Str(version)) if !version.is_empty() => Some(version.to_string()),
            _ => None,
        }
    }

    /// What pages stand on of it beside its files.
    pub(crate) fn describe(&self) -> String {
        self.found.as_ref().map_or_else(String::new, |found| format!("{:?} {:?}", found.folder, found.spec))
    }

    /// Whether the site asks for one that is not here.
    pub(crate) fn is_missing(&self) -> bool {
        self.asked.is_some() && self.found.is_none()
    }

    /// What is lost with a theme that is not here: one finding, with the layouts by name that nobody else has.
    pub(crate) fn report(&self, site: &Site, layouts: &Layouts) -> Option<Diagnostic> {
        let asked = self.asked.as_ref().filter(|_| self.found.is_none())?;
        let named = site.entries.iter().filter(|entry| entry.page.class == Class::Page || entry.written);
        let named = named.filter_map(|entry| entry.text("layout"));
        let missing: BTreeSet<&str> = named.filter(|name| !is_none(name) && !layouts.has(name)).collect();
        let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        let (severity, lost) = match names.as_slice() {
            [] => (Severity::Warning, "the site has all layouts that its pages ask for".to_owned()),
            [name] => (Severity::Error, format!("the site asks it for the layout {name}")),
            names => (Severity::Error, format!("the site asks it for the layouts {}", names.join(", "))),
        };
        let place = match &asked.folder {
            Some(folder) => format!("in the folder `{folder}`"),
            None if asked.remote => "on this machine".to_owned(),
            None => "among the gems of this machine".to_owned(),
        };
        let message = format!("the theme `{}` is not {place}; {lost}", asked.name);
        let help = match (&asked.folder, asked.remote) {
            (Some(_), _) => "the path counts from the site's folder".to_owned(),
            (None, true) => {
                "nothing is fetched: name a folder with a copy of it, as `carafe: {theme: PATH}`".to_owned()
            }
            (None, false) => format!(
                "`gem install {0}` brings it; or name its folder, which `bundle info --path {0}` tells, as `carafe: {{theme: PATH}}`",
                asked.name
            ),
        };
        let diagnostic = Diagnostic::new("missing-theme", severity, message).help(help);
        Some(match asked.span {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        })
    }

    fn elsewhere(&self) -> Option<&Found> {
        self.found.as_ref().filter(|found| !found.is_site)
    }
}
