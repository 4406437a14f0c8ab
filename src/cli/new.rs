//! `new` and `init`: a small site to start from.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::{JEKYLL_FILE, NATIVE_FILE};
use crate::world::Options;

use super::console::Console;
use super::exit::Exit;

/// What `new` takes.
#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// The folder to make
    folder: PathBuf,
}

/// What `init` takes.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder to make a site of
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    source: PathBuf,
    /// Write a template for each tag and filter of a Jekyll site that Carafe does not know, and a list of what is to be done
    #[arg(long)]
    from_jekyll: bool,
}

/// The starting site: paths and texts.
pub(super) const STARTER: [(&str, &str); 6] = [
    (NATIVE_FILE, include_str!("starter/carafe.yml")),
    ("content/index.md", include_str!("starter/content/index.md")),
    ("content/guides/index.md", include_str!("starter/content/guides/index.md")),
    ("content/guides/install.md", include_str!("starter/content/guides/install.md")),
    ("includes/requirements.md", include_str!("starter/includes/requirements.md")),
    (".gitignore", include_str!("starter/gitignore")),
];

/// Makes a folder with the starting site. One that holds anything already is left alone.
pub(super) fn run(args: &NewArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let shown = args.folder.display();
    if fs::read_dir(&args.folder).is_ok_and(|mut entries| entries.next().is_some()) || args.folder.is_file() {
        let help = "name a folder that does not exist yet, or run `carafe init` in this one";
        console.problem(&format!("`{shown}` holds something already"), Some(help))?;
        return Ok(Exit::Usage);
    }
    write(&args.folder, console)?;
    console.result(&format!("Made a new site in {shown}"))?;
    console.say(&format!("Build it with: carafe build -s {shown}"))?;
    Ok(Exit::Clean)
}

/// Makes a site of a folder that may hold files already; none of them is changed.
pub(super) fn init(args: &InitArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    if args.from_jekyll {
        let options = Options { source: args.source.clone(), gems: super::args::gems(), ..Options::default() };
        return super::from_jekyll::run(&options, console);
    }
    for name in [NATIVE_FILE, JEKYLL_FILE] {
        if args.source.join(name).exists() {
            let message = format!("`{}` is a site already: it has `{name}`", args.source.display());
            let help = "`carafe init --from-jekyll` tells what is to be done in a Jekyll site";
            console.problem(&message, (name == JEKYLL_FILE).then_some(help))?;
            return Ok(Exit::Usage);
        }
    }
    if !args.source.is_dir() {
        let message = format!("there is no folder `{}`", args.source.display());
        console.problem(&message, Some("`carafe new` makes one"))?;
        return Ok(Exit::Usage);
    }
    write(&args.source, console)?;
    console.result("This folder is a site now; build it with: carafe build")?;
    Ok(Exit::Clean)
}

/// Writes the files that are not there yet.
fn write(folder: &Path, console: &mut Console<'_>) -> io::Result<()> {
    for (path, text) in STARTER {
        let full = folder.join(path);
        if let Some(parent) = full.parent() {
            fs::create_dir_all(parent)?;
        }
        match fs::File::create_new(&full) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                console.detail(&format!("wrote {}", full.display()))?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                console.say(&format!("kept {}", full.display()))?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
