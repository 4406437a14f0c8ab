//! The arguments that several commands share. Names are those that Jekyll's users know.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::config::{JEKYLL_FILE, NATIVE_FILE, Overrides};
use crate::world::{Gems, Options};

/// How messages look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// Source lines with carets, on standard error
    Human,
    /// One JSON object a line, on standard output
    Json,
    /// Annotations of GitHub Actions, on standard output; chosen by itself there, beside those for people
    Github,
    /// A SARIF 2.1.0 log, on standard output
    Sarif,
    /// A JUnit report, on standard output; of `test` only
    Junit,
    /// A graph for Graphviz, on standard output; of `graph` only
    Dot,
}

/// What every command takes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Messages")]
pub(super) struct MessageArgs {
    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more about what is done
    #[arg(short = 'V', long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Show every finding on every page, with its whole stack of includes
    #[arg(long, global = true)]
    pub trace: bool,
    /// How findings are shown
    #[arg(long, global = true, value_name = "FORMAT")]
    pub format: Option<FormatArg>,
}

/// Which site, and how it is read.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct SiteArgs {
    /// The site's folder
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub source: PathBuf,
    /// The folder to write the site to [default: _site]
    #[arg(short, long, value_name = "DIR")]
    pub destination: Option<PathBuf>,
    /// Configuration files, later ones winning [default: carafe.yml, else _config.yml]
    #[arg(long, value_name = "FILE,…", value_delimiter = ',')]
    pub config: Vec<String>,
    /// The path the site is published under
    #[arg(short, long, value_name = "PATH")]
    pub baseurl: Option<String>,
    /// Build drafts
    #[arg(short = 'D', long)]
    pub drafts: bool,
    /// Build posts with a date to come
    #[arg(long)]
    pub future: bool,
    /// Build pages that say `published: false`
    #[arg(long)]
    pub unpublished: bool,
    /// A further folder of includes; may be given several times
    #[arg(long, value_name = "DIR")]
    pub includes: Vec<PathBuf>,
    /// Build only the pages of this product and release, or of all releases (PRODUCT); may be given several times
    #[arg(long, value_name = "PRODUCT/RELEASE")]
    pub only: Vec<String>,
    /// What Jekyll sites read as `jekyll.environment`
    #[arg(long, value_name = "NAME", env = "JEKYLL_ENV", default_value = "development")]
    pub environment: String,
}

impl SiteArgs {
    /// Where no folder is named, the configuration of a Jekyll site in the current one may name the site's with `source`. The output then
    /// lies in the current folder, as in Jekyll.
    pub(super) fn follow_source(&mut self) {
        let here = Path::new(".");
        if self.source != here || !self.config.is_empty() || Path::new(NATIVE_FILE).exists() {
            return;
        }
        let Ok(text) = std::fs::read_to_string(JEKYLL_FILE) else { return };
        let document = carafe_yaml::read(&text, carafe_yaml::Schema::Ruby, &carafe_yaml::Limits::default());
        let Ok(document) = document else { return };
        let said = |key| Some(document.root.get(key)?.as_scalar()?.text.to_string()).filter(|text| !text.is_empty());
        let Some(source) = said("source").map(PathBuf::from).filter(|source| here.join(source) != here) else { return };
        // The site's folder may have a configuration as well, which does not count.
        self.config = vec![
            std::path::absolute(JEKYLL_FILE).map_or(JEKYLL_FILE.to_owned(), |path| path.to_string_lossy().into_owned()),
        ];
        let destination = || said("destination").map_or_else(|| PathBuf::from("_site"), PathBuf::from);
        self.destination = Some(self.destination.take().unwrap_or_else(destination));
        self.source = source;
    }

    /// What to build; not strict.
    pub(super) fn options(&self, now: Option<i64>) -> Options {
        Options {
            source: self.source.clone(),
            destination: self.destination.clone(),
            config: self.config.clone(),
            overrides: self.overrides(),
            includes: self.includes.clone(),
            only: self.only.clone(),
            now,
            gems: gems(),
            environment: Some(self.environment.clone()),
            ..Options::default()
        }
    }

    /// What the arguments say of things that the configuration says too.
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            baseurl: self.baseurl.clone(),
            destination: self.destination.as_ref().map(|path| path.to_string_lossy().into_owned()),
            drafts: self.drafts,
            future: self.future,
            unpublished: self.unpublished,
            ..Overrides::default()
        }
    }
}

/// Where Ruby has its gems, as far as the environment says.
pub(super) fn gems() -> Gems {
    let paths = |name| std::env::var_os(name).map(|paths| std::env::split_paths(&paths).collect::<Vec<_>>());
    let folders = ["GEM_HOME", "GEM_PATH"].into_iter().filter_map(paths).flatten();
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    Gems { folders: folders.filter(|folder| folder.is_absolute()).collect(), home, system: true }
}
