//! The sites that the tests look at: this repository's own, and one with what the own site has no need for.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::support::{self, SiteFolder};
use crate::web_server::WebServer;

/// Built once, when a test first asks for them.
#[derive(Default)]
pub(crate) struct Sites {
    own: OnceLock<tempfile::TempDir>,
    special: OnceLock<SiteFolder>,
    manual: OnceLock<SiteFolder>,
    parts: OnceLock<SiteFolder>,
    variants: OnceLock<SiteFolder>,
}

impl Sites {
    /// Where the own site is.
    pub(crate) fn own_folder(&self) -> PathBuf {
        let build = || {
            let folder = tempfile::tempdir().unwrap();
            let out = folder.path().join("site");
            let ran =
                support::run(&["build", "--strict", "-s", env!("CARGO_MANIFEST_DIR"), "-d", out.to_str().unwrap()]);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            folder
        };
        self.own.get_or_init(build).path().join("site")
    }

    /// This repository's own site.
    pub(crate) fn own(&self) -> WebServer {
        WebServer::new(&self.own_folder(), "")
    }

    /// The addresses of all pages of the own site.
    pub(crate) fn own_pages(&self) -> Vec<String> {
        pages(&self.own_folder())
    }

    /// The site of [`FILES`], which is published below `/docs`.
    pub(crate) fn special(&self) -> WebServer {
        WebServer::new(&self.special_folder().path().join("_site"), "/docs")
    }

    /// The manual of 1000 pages.
    pub(crate) fn manual(&self) -> WebServer {
        let build = || {
            let files = crate::manual::files(1);
            let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
            let site = SiteFolder::new(&files);
            let ran = site.build(&[]);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            site
        };
        WebServer::new(&self.manual.get_or_init(build).path().join("_site"), "")
    }

    /// The site of [`PARTS`]: in several languages, with tabs for its parts.
    pub(crate) fn parts(&self) -> WebServer {
        WebServer::new(&self.parts_folder().path().join("_site"), "/docs")
    }

    /// The addresses of all pages of the site of [`PARTS`].
    pub(crate) fn parts_pages(&self) -> Vec<String> {
        pages(&self.parts_folder().path().join("_site"))
    }

    fn parts_folder(&self) -> &SiteFolder {
        self.parts.get_or_init(|| {
            let site = SiteFolder::new(PARTS);
            let ran = site.build(&["--strict"]);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            site
        })
    }

    /// The site of [`VARIANTS`]: releases in several languages.
    pub(crate) fn variants(&self) -> WebServer {
        WebServer::new(&self.variants_folder().path().join("_site"), "/docs")
    }

    /// The addresses of all pages of the site of [`VARIANTS`].
    pub(crate) fn variants_pages(&self) -> Vec<String> {
        pages(&self.variants_folder().path().join("_site"))
    }

    fn variants_folder(&self) -> &SiteFolder {
        self.variants.get_or_init(|| {
            let site = SiteFolder::new(VARIANTS);
            let ran = site.build(&["--strict"]);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            site
        })
    }

    /// The addresses of all pages of the special site.
    pub(crate) fn special_pages(&self) -> Vec<String> {
        pages(&self.special_folder().path().join("_site"))
    }

    /// Where the special site and its output are.
    pub(crate) fn special_folder(&self) -> &SiteFolder {
        self.special.get_or_init(|| {
            let site = SiteFolder::new(FILES);
            let ran = site.build(&["--strict"]);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            site
        })
    }
}

/// The addresses of a site's pages, without those that only lead elsewhere.
fn pages(folder: &Path) -> Vec<String> {
    let mut pages = Vec::new();
    for (path, bytes) in support::files(folder) {
        let path = path.to_str().unwrap();
        if path.ends_with(".html") && memchr::memmem::find(&bytes, b"http-equiv=\"refresh\"").is_none() {
            pages.push(format!("/{}", path.strip_suffix("index.html").unwrap_or(path)));
        }
    }
    assert!(pages.len() > 5, "{pages:?}");
    pages
}

const FILES: &[(&str, &str)] = &[
    (
        "carafe.yml",
        "title: Special\nbaseurl: /docs\nsingle_source:\n  versions: versions\n  source: versioned\n  nav: [nav_gate_*]\n",
    ),
    ("data/versions.yml", VERSIONS),
    ("data/nav_gate_13.yml", NAV_13),
    ("data/nav_gate_14.yml", NAV_14),
    ("versioned/gate/install.md", INSTALL),
    ("versioned/gate/upgrade.md", "---\ntitle: Upgrade\n---\nFrom the one before, with a crowbar.\n"),
    ("content/index.md", "---\ntitle: Start\n---\nThe first page.\n"),
    ("content/groups.md", GROUPS),
    ("content/more.md", MORE),
    ("content/deep.md", DEEP),
    ("content/code.md", CODE),
    ("content/blocks.md", BLOCKS),
    ("content/signs.md", SIGNS),
    ("content/long.md", LONG),
];

const PARTS: &[(&str, &str)] = &[
    ("carafe.yml", "title: Parts\nbaseurl: /docs\ntheme: {section_tabs: true}\nlanguages: {de: , ar: }\n"),
    ("content/index.md", "---\ntitle: Parts\nlayout: home\n---\nThe first page.\n"),
    ("content/begin.md", "---\ntitle: Begin\nweight: 1\n---\nText.\n"),
    ("content/begin.de.md", "---\ntitle: Anfang\nslug: anfang\n---\nText.\n"),
    ("content/end.md", "---\ntitle: End\nweight: 2\n---\nText.\n"),
    ("content/guides/index.md", "---\ntitle: Guides\n---\nText.\n\n## One\n\nText.\n\n## Two\n\nText.\n"),
    ("content/guides/index.ar.md", "---\ntitle: أدلة\n---\nنص.\n\n## واحد\n\nنص.\n"),
    ("content/guides/tea.md", "---\ntitle: Tea\n---\n[Coffee](coffee.md) and [a file](/docs/plan.pdf?x=1).\n"),
    ("content/guides/coffee.md", "---\ntitle: Coffee\n---\nText.\n"),
    ("content/guides/hot/milk.md", "---\ntitle: Milk\n---\nText.\n"),
    ("content/reference/words.md", "---\ntitle: Words\n---\nText.\n"),
];

const VARIANTS: &[(&str, &str)] = &[
    (
        "carafe.yml",
        "title: Gate\nbaseurl: /docs\nlanguages: {de: , ar: }\nsingle_source: {versions: versions, source: versioned, nav: [nav_gate_*]}\n",
    ),
    ("data/versions.yml", VERSIONS),
    ("data/nav_gate_13.yml", NAV_13),
    ("data/nav_gate_14.yml", NAV_14),
    ("content/index.md", "---\ntitle: Start\n---\n[install](/gate/install.md)\n"),
    ("versioned/gate/install.md", INSTALL),
    (
        "versioned/gate/install.de.md",
        "---\ntitle: Einbauen\nslug: einbauen\n---\n{% if_version gte:1.4.x %}Das neue heißt Zephyr.{% else %}Das alte heißt Mistral.{% endif_version %}\n",
    ),
    ("versioned/gate/upgrade.md", "---\ntitle: Upgrade\n---\nFrom the one before, with a crowbar.\n"),
];

const VERSIONS: &str = "\
- {edition: gate, release: 1.3.x, version: 1.3.7}
- {edition: gate, release: 1.4.x, version: 1.4.2, latest: true}
";

const NAV_13: &str = "product: gate\nrelease: 1.3.x\ngenerate: true\nitems:\n  - {title: Install, url: /install/}\n";

const NAV_14: &str = "product: gate\nrelease: 1.4.x\ngenerate: true\nitems:\n  - {title: Install, url: /install/}\n  \
                      - {title: Upgrade, url: /upgrade/}\n";

const INSTALL: &str = "\
---
title: Install
---
## Fetch it

{% if_version gte:1.4.x %}
The new installer is called zephyr.
{% else %}
The old installer is called mistral.
{% endif_version %}
";

/// Two groups with the same titles in another order, and one with titles of its own.
const GROUPS: &str = "\
---
title: Groups
---
## First

{% tabs %}
{% tab macOS %}
first mac
{% endtab %}
{% tab Linux %}
first linux
{% endtab %}
{% tab Windows %}
first windows
{% endtab %}
{% endtabs %}

## Second

{% tabs %}
{% tab Windows %}
second windows
{% endtab %}
{% tab macOS %}
second mac
{% endtab %}
{% tab Linux %}
second linux
{% endtab %}
{% endtabs %}

## Third

{% tabs %}
{% tab Go %}
third go
{% endtab %}
{% tab Linux %}
third linux
{% endtab %}
{% endtabs %}
";

/// Headings in blocks, a tab that is open at first, groups that are tied or alone.
const BLOCKS: &str = "\
---
title: Blocks
---
{% tabs id=\"install\" default=\"Linux\" sync=\"os\" %}
{% tab `macOS` %}
## On a Mac
{% endtab %}
{% tab Linux %}
## On Linux
{% endtab %}
{% endtabs %}

{% tabs sync=\"os\" %}
{% tab brew %}
with brew
{% endtab %}
{% tab apt %}
with apt
{% endtab %}
{% endtabs %}

{% tabs sync=false %}
{% tab Linux %}
alone
{% endtab %}
{% tab macOS %}
another
{% endtab %}
{% endtabs %}

{% accordion title=\"Questions\" id=\"faq\" %}
## Asked often
{% endaccordion %}

{% accordion Opened open=true %}
Seen.
{% endaccordion %}
";

/// Titles that differ in signs only, which no slug tells apart.
const SIGNS: &str = "\
---
title: Signs
---
{% tabs %}
{% tab C %}
plain
{% endtab %}
{% tab C++ %}
plus
{% endtab %}
{% tab C# %}
sharp
{% endtab %}
{% endtabs %}

{% tabs %}
{% tab C %}
plain again
{% endtab %}
{% tab C++ %}
plus again
{% endtab %}
{% tab C# %}
sharp again
{% endtab %}
{% endtabs %}
";

const MORE: &str = "\
---
title: More
---
{% tabs %}
{% tab macOS %}
short
{% endtab %}
{% tab Linux %}
more linux

which is longer

than the other
{% endtab %}
{% tab Windows %}
more windows
{% endtab %}
{% endtabs %}

Text below.

- [x] A task that is done
- [ ] A task that is not
";

/// A heading in a tab in an accordion in a tab.
const DEEP: &str = "\
---
title: Deep
---
Nothing to see up here, but [deep down](#the-well).

{% tabs %}
{% tab Outside %}
plain
{% endtab %}
{% tab Inside %}
{% accordion Closed %}
{% tabs %}
{% tab One %}
one
{% endtab %}
{% tab Two %}
## The well

A word that stands nowhere else: quicksilver.
{% endtab %}
{% endtabs %}
{% endaccordion %}
{% endtab %}
{% endtabs %}

{% accordion Another %}
The word in here is cinnabar.
{% endaccordion %}
";

const CODE: &str = "\
---
title: Code
---
```console
$ printf 'one\\n' \\
    --flag
one
# Only said
$ cat <<EOF
> a:
>   b: 1
>
> EOF
# printed
$ for f in a b; do
  echo $f
done
...
```

```yaml
a:
  - b  # two blanks

  - c
```

{% code title=\"main.py\" lines=\"2\" %}
```python
def f():
    return 1
```
{% endcode %}

Text with `short code`.

```bash
# Install and run.
$ npm install
added 3 packages
$ npm run dev
```

```sh-session
$ npm test
ok
```

```console
# dnf install x
# Who am I?
$ id
```

```pycon
>>> 1+1
2
```

```nolanguage
a
  b
```

```bash
# no prompt here
npm test  # twice
```
";

/// What is wider than a small screen.
const LONG: &str = "\
---
title: Supercalifragilisticexpialidocious-and-even-longer-than-that
---
## A_heading_that_is_one_word_and_wider_than_any_small_screen_could_show

https://example.org/a/very/long/address/that/no/browser/would/break/by/itself/because/it/has/no/blank

| One | Two | Three | Four | Five | Six | Seven |
|-----|-----|-------|------|------|-----|-------|
| `a_long_name_in_code` | b | c | d | e | f | `another_long_name_in_code` |

```shell
kubectl create secret generic konnect-api-auth --from-literal=token=\"$KONNECT_TOKEN\" --namespace kong-system --dry-run=client -o yaml
for name in a b c; do
  curl --silent --fail --location \"https://example.org/$name?with=a&very=long&query=that&goes=on&and=on\" >\"$name.json\"
done
```

{% tabs %}
{% tab The first of many tabs %}
1
{% endtab %}
{% tab The second of many tabs %}
2
{% endtab %}
{% tab The third of many tabs %}
3
{% endtab %}
{% tab The fourth of many tabs %}
4
{% endtab %}
{% endtabs %}

1. one

   {% accordion In a list, with a title that goes on and on until it has to wrap %}
   ```yaml
   key: a value that is so long that it will need a scroll bar on every screen that is smaller than a wall
   ```
   {% endaccordion %}
";
