//! Mistakes that many pages share, from where they are found to where they are told.

use std::fmt::Write;
use std::sync::Arc;

use carafe::publish::build_in_memory;
use carafe::session::{Session, inspect_files};
use carafe::world::Options;
use carafe_source::{Files, MemoryFiles};

use crate::support::{SiteFolder, run};

const PAGES: usize = 40;

/// A Jekyll site whose pages all call an include with an unknown tag many times, and want a layout that is not there.
fn files() -> Vec<(String, String)> {
    let mut files = vec![
        ("_config.yml".to_owned(), "title: T\n".to_owned()),
        ("_includes/part.html".to_owned(), "{% nosuch %}".to_owned()),
    ];
    for page in 0..PAGES {
        let mut text = "---\nlayout: gone\n---\n".to_owned();
        (0..30).for_each(|call| writeln!(text, "{call} {{% include part.html %}}\n").unwrap());
        files.push((format!("page{page:02}.md"), text));
    }
    files
}

#[test]
fn a_mistake_of_many_pages_is_kept_once() {
    let files = files();
    let files: Arc<dyn Files> = Arc::new(MemoryFiles::new(files.iter().map(|(path, text)| (&**path, &**text))));
    let causes = |codes: Vec<(&'static str, usize)>| {
        let mut codes = codes;
        codes.sort_unstable();
        assert_eq!(codes, [("missing-layout", PAGES), ("unknown-tag", PAGES)]);
    };
    let built = build_in_memory(files.clone(), &Options::default(), None).unwrap();
    causes(built.findings.iter().map(|(pages, found)| (found.code, pages.paths().len())).collect());
    let checked = inspect_files(&Options::default(), files.clone()).unwrap();
    causes(checked.findings.iter().map(|(pages, found)| (found.code, pages.paths().len())).collect());
    let session = Session::open_files(files.clone(), &Options::default()).unwrap();
    causes(session.findings().iter().map(|(pages, found)| (found.code, pages.paths().len())).collect());
    assert_eq!(session.page(0).unwrap().diagnostics.len(), 2);
    let each = Session::open_files(files, &Options { each_page: true, ..Options::default() }).unwrap();
    assert_eq!(each.findings().len(), 2 * PAGES);
}

#[test]
fn what_is_told_of_many_pages_is_true_whoever_counts() {
    let site = SiteFolder::new(&[]);
    files().iter().for_each(|(path, text)| site.write(path, text));
    // On two pages all calls are meant; on the first page the first one is.
    let meant = "<!-- carafe-ignore unknown-tag -->\n{% include part.html %}\n";
    site.write("page07.md", format!("---\nlayout: gone\n---\n{meant}"));
    site.write("page08.md", format!("---\nlayout: gone\n---\n{meant}"));
    site.write("page00.md", format!("---\nlayout: gone\n---\n{meant}\n\n{{% include part.html %}}\n"));
    let folder = site.path().to_str().unwrap();
    let told = |args: &[&str]| -> Vec<serde_json::Value> {
        let ran = run(&[args, &["-s", folder, "--format", "json"]].concat());
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    for command in ["build", "check"] {
        let all = told(&[command]);
        let tag = all.iter().find(|found| found["code"] == "unknown-tag").unwrap();
        assert_eq!((&tag["pages"], &tag["page"]), (&(PAGES - 2).into(), &"page00.md".into()), "{command}: {tag}");
        assert_eq!(tag["trace"][0]["line"], 8, "{command}: {tag}");
        let layout = all.iter().find(|found| found["code"] == "missing-layout").unwrap();
        assert_eq!((&layout["pages"], &layout["page"]), (&PAGES.into(), &"page00.md".into()), "{command}");
        assert_eq!(told(&[command]), all);
        let each = told(&[command, "--trace"]);
        let tags: Vec<_> = each.iter().filter(|found| found["code"] == "unknown-tag").collect();
        assert!(tags.len() == PAGES - 2 && tags.iter().all(|found| found["pages"] == 1), "{command}: {}", tags.len());
    }
}
