//! The list of all kinds.

use super::{Code, Severity};

/// A kind that is an error.
const fn error(code: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code { code, severity: Severity::Error, title, explanation }
}

/// A kind that is a warning.
const fn warning(code: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code { code, severity: Severity::Warning, title, explanation }
}

/// A kind that is worth knowing.
const fn note(code: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code { code, severity: Severity::Note, title, explanation }
}

/// All kinds, by code.
pub const ALL: &[Code] = &[
    warning(
        "accidental-code",
        "HTML, or what a tag or an include wrote, is taken for indented code",
        "
Four blanks more than the text around it make a block of code, so readers see tags instead of what they mean. Take the blanks
away, or put a fence around what is meant to be code. Only `carafe check` looks for this.
",
    ),
    warning(
        "attribute-list-after-text",
        "an attribute list stands where it belongs to nothing",
        "
`{: .class}` within a line belongs to the emphasis, code or link directly before it, without a blank between them. Behind plain text there
is nothing it could belong to, so it is printed as text.
",
    ),
    warning(
        "attribute-list-cycle",
        "the definition of an attribute list refers to itself",
        "
`{:a: .wide b}` takes over what `{:b: …}` defines. Where such references lead back to where they came from, the last of them gives nothing.
",
    ),
    warning(
        "bad-attribute-list",
        "an attribute list holds no attribute",
        "
Attributes are `#id`, `.class` and `key=\"value\"`, as in `{: #top .wide title=\"A title\"}`.
",
    ),
    warning(
        "bad-date",
        "a date cannot be read",
        "
`date` in the front matter is written `2024-01-31`, `2024-01-31 10:00:00` or `2024-01-31 10:00:00 +0100`; a post has its date in
its name, as in `2024-01-31-title.md`. The page is built as if it had no date.
",
    ),
    warning(
        "bad-math",
        "a formula cannot be read as TeX",
        "
Formulas between `$` or `$$` are written in the TeX that mathematicians use, without definitions of commands of one's own, and become MathML when the site is
built. What cannot be read is shown as it is written. A dollar sign that begins no formula is written `\\$`; `markdown: {math: false}` in the configuration
takes all dollar signs for what they are.
",
    ),
    warning(
        "bad-option",
        "`{::options}` sets an option that there is not, or to a value it cannot take",
        "
The options that a page may set are those of kramdown, such as `{::options toc_levels=\"2,3\" /}`.
",
    ),
    error(
        "broken-anchor",
        "a link leads to an anchor that its page does not have",
        "
Anchors are the ids of the finished page: of headings, tabs, accordions, footnotes and HTML. Only `carafe check` looks for this.
",
    ),
    error(
        "broken-external-link",
        "a link to another site leads nowhere",
        "
The other site said that there is no such page, or could not be reached. Only `carafe check --external` asks other sites. Addresses
that need a login, or that refuse programs, are named in the configuration: `check: {skip: [\"https://example.com/private/\"]}`.
",
    ),
    error(
        "broken-link",
        "a link leads to a page or file of the site that is not there",
        "
Links from the site's root have the base before them; others count from the page's address, and `..` must not lead out of the site. Links into a folder of which the site
has nothing are told together as one warning; if another site is published there, the configuration says so:
`check: {elsewhere: [/api/]}`. Only `carafe check` looks for this.
",
    ),
    warning(
        "broken-picture",
        "a picture cannot be taken apart",
        "
Pictures are written in the sizes and forms that `pictures` asks for. The file of this one ends early, or is damaged, so browsers show a part of it or nothing. Save it
anew. Only `carafe build` and the preview look for this.
",
    ),
    error(
        "broken-redirect",
        "an old address leads to a page that is not there",
        "
Correct the address in `redirects` or take it out. Only `carafe check` looks for this.
",
    ),
    Code {
        code: "built-in-plugin",
        severity: Severity::Note,
        title: "the work of a Jekyll site's plugins is done here",
        explanation: "
These plugins are built in: Carafe writes what they write, without Ruby. There is nothing to do.
",
    },
    error(
        "card-font",
        "a font for social cards cannot be used",
        "
`theme.card_fonts` names files in TrueType or OpenType (`.ttf`, `.otf`, `.ttc`) by their paths in the site's folder. They need not be published. Fonts for the web (WOFF) are read
by browsers alone.
",
    ),
    warning(
        "card-letters",
        "the font of social cards lacks letters",
        "
Carafe brings a font with the letters of Latin, Greek and Cyrillic scripts for `theme.social_cards`, so that cards are the same on every machine. A text with other letters is left out on the cards of these
pages; without its title a card shows the site's. `theme.card_fonts` names a font that has them: the site's own file.
",
    ),
    warning(
        "card-theme",
        "social cards cannot show the logo or the colour of the site",
        "
Browsers know more ways to write a colour, and more kinds of pictures, than `theme.social_cards` does: colours in hexadecimal digits, by name, as `rgb()` or `hsl()`, of `light-dark()` the first; logos in SVG, PNG,
JPEG or WebP. Cards then have the theme's colour, or no logo.
",
    ),
    warning(
        "code-block-syntax",
        "YAML, JSON or TOML in a block of code cannot be read",
        "
Readers copy what stands in blocks of code. Fenced code in these languages is read with the values that Liquid prints in it; `...`, comments in JSON, and `<name>` for what the
reader fills in are no faults. `check=false` behind the language of the fence says that the code is a fragment.
",
    ),
    warning(
        "code-link",
        "a link runs code",
        "
A link whose address is `javascript:`, `vbscript:` or HTML in `data:` runs that code with all rights of the site when it is followed, whoever wrote it. Blanks,
control characters, character references and capitals in it count as browsers read them. The output stays as it is. Link to a page, and let a script do
what a click is to do. In the configuration (`nav`, `redirects`, the theme's links) such an address is an error.
",
    ),
    warning(
        "coffee-script",
        "a script is written in CoffeeScript",
        "
Carafe compiles no CoffeeScript, so the file is written as it is, and browsers do not understand it. Compile it to JavaScript, and put that into the
site.
",
    ),
    error(
        "config-missing",
        "a configuration file that was asked for is not there",
        "
A name given with `--config` is looked for in the site's folder, then in the working folder.
",
    ),
    error(
        "config-unreadable",
        "a configuration file cannot be read",
        "
The system refused to read it, or it is not UTF-8. Save it as UTF-8.
",
    ),
    error(
        "data-file",
        "a data file cannot be read or parsed",
        "
Data files are YAML, JSON, CSV or TSV, by their names' endings. Pages that use the data would be incomplete, so this is an error even
if the file is not used yet.
",
    ),
    error(
        "data-limit",
        "the data of the site takes too much memory",
        "
All data files that pages read may take 256 MiB of memory together, which is several times their length. The message stands at the file that
was too much; it counts as empty. A table whose header is much longer than its rows is larger than it looks: each row has all fields. The
limit is `limits: {data_bytes: 268435456}`.
",
    ),
    warning(
        "deprecated-include",
        "an include is called that its `doc` block declares deprecated",
        "
The include says so with `@deprecated`, which also says what to call instead.
",
    ),
    warning(
        "deprecated-parameter",
        "a call gives a parameter that the include declares deprecated",
        "
The include says so with `@deprecated NAME`, or at the start of the parameter's description. The parameter still works.
",
    ),
    error(
        "doc-syntax",
        "a line of an include's `{% doc %}` block cannot be read",
        "
The block declares the parameters of its include:

```liquid
{% doc %}
  What the include is for.
  @param {string} version - The release that is installed.
  @param {boolean} [quiet=false] - Leave out the hints.
  @example
  {% include install.md version=\"1.4.0\" %}
{% enddoc %}
```

A line that cannot be read is left out of the contract, so calls are not checked against it.
",
    ),
    warning(
        "doubtful-yaml",
        "YAML means something else than it seems to",
        "
A plain `yes`, `no`, `on` or `off` is a truth value: write `true` or `false`, or put it in quotes if it is a text. A number with a leading
zero, such as `010`, is octal: put it in quotes, or leave out the zero. Of equal keys in one mapping only the last counts, of several
documents in one file only the first. A tag such as `!mine` means nothing. A title such as `C #1` ends before the `#`, which begins a
comment: put it in quotes. In Jekyll sites only equal keys are told.
",
    ),
    warning(
        "duplicate-abbreviation",
        "an abbreviation is defined twice on one page",
        "
The last definition counts. Two includes that define the same name do this to a page that uses both: give the names a prefix.
",
    ),
    error(
        "duplicate-address",
        "two pages have the same address",
        "
Only one file can be written there. Change the `permalink` of one of them, or move its source. The finding stands at the second page and
points at the first.
",
    ),
    warning(
        "duplicate-footnote",
        "a footnote is defined twice on one page",
        "
The last definition counts. Two includes that define the same name do this to a page that uses both: give the names a prefix.
",
    ),
    error(
        "duplicate-id",
        "two elements of a page have the same id",
        "
Links reach only the first of them. Headings that are alike get a number by themselves; ids that are given by hand, or that come
from an include that is called twice, do not: let the include make the id from a parameter. Only `carafe check` looks for this.
",
    ),
    warning(
        "duplicate-link-definition",
        "a link is defined twice on one page",
        "
The last definition counts. Two includes that define the same name do this to a page that uses both: give the names a prefix.
",
    ),
    error(
        "duplicate-translation",
        "two files are the same page in the same language",
        "
In a site of several languages `content/de/guides/first.md` and `content/guides/first.de.md` are both the German form of `content/guides/first.md`. One of them
counts; the finding stands at the other, and points at it. Take one away.
",
    ),
    warning(
        "empty-group",
        "a group of tabs is empty",
        "
Every tab was left out by a condition, so the page announces something and shows nothing. Usually a parameter is missing at the call of the
include that holds the group: look at the stack below the finding.
",
    ),
    error(
        "empty-link",
        "a link, an image or another file has no address",
        "
`[text]()`, `![text]()` and `<a href=\"\">` lead back to the page that they are on. Mostly an address was to be filled in later, or a value in it
is empty. Only `carafe check` looks for this.
",
    ),
    error(
        "empty-site",
        "a build would publish a site without pages in the place of one with pages, or nothing at all",
        "
Most often the pages lie elsewhere than the configuration says, or a filter such as `--only` leaves none. The site that is published stays. `carafe build --allow-empty`
says that it is meant.
",
    ),
    warning(
        "equal-tab-titles",
        "two tabs of one group have the same title",
        "
A reader cannot tell them apart, and a link that opens a tab by its title finds only the first. Only `carafe check` looks for this.
",
    ),
    error(
        "failed-test",
        "a test of an include found something else than it expects",
        "
`carafe test` renders the examples and test cases of includes. This one does not give what its `expect`, `diagnostics` or `snapshot`
asks for. Either the include is wrong, or the test is out of date. A snapshot is renewed with `carafe test --update`.
",
    ),
    warning(
        "fence-left-open",
        "a code fence is never closed",
        "
It is taken as text. A fence is closed by a line with at least as many of the same character, indented no more than the opening one.
",
    ),
    warning(
        "fence-option",
        "what stands behind the language of a fence is no option",
        "
Behind the language a fence says `title=\"…\"`, `{1,3-5}`, `linenums`, `wrap`, `diff`, `check=false` and `liquid=false`. What is written like an option and is none, names lines
that the code does not have, or is no number has no effect.
",
    ),
    warning(
        "fence-words",
        "more than one word stands behind a code fence",
        "
To kramdown, which Jekyll runs, ```` ```rust, no_run ```` opens no code: what follows is a paragraph, and the lines of the code run together in it.
Write the language alone, or without blanks (`rust,no_run`). Native sites read it as code.
",
    ),
    error(
        "filter-error",
        "a filter cannot do its work",
        "
The message says why: a division by zero, an input that is no list, an argument that is missing. The output holds nothing there.
",
    ),
    warning(
        "foreign-filter",
        "a filter of a plugin that is not run",
        "
Carafe does not run Ruby. The value passes through the filter unchanged. Write the filter as a template, `_includes/filters/NAME.html`; the place
is the one where the plugin names it.
",
    ),
    warning(
        "foreign-syntax",
        "syntax of another tool is shown to readers as it was written",
        "
`!!! note`, `:::tip`, `=== \"Tab\"`, `--8<--`, and MDX are nothing here; each finding says how the same is written. In Jekyll sites it is a note: there also
what GitHub reads and Jekyll does not is told, by `build` once for each habit, by `carafe check` at each place.
",
    ),
    warning(
        "foreign-tag",
        "a tag of a plugin that is not run",
        "
Carafe does not run Ruby. The tag stands on the page as it is written, and so does what it is around. Write it as a template,
`_includes/tags/NAME.html`; the place is the one where the plugin is named, or names the tag.
",
    ),
    error(
        "front-matter",
        "the front matter of a page cannot be used",
        "
Front matter is a YAML mapping between two lines of `---` at the very start of a file:

```yaml
---
title: My page
layout: page
---
```

In Jekyll sites broken front matter is a warning, since Jekyll publishes such a page without its values; with
`strict_front_matter: true` it is an error there too.
",
    ),
    error(
        "front-matter-contract",
        "the front matter is not what the configuration asks for",
        "
`front_matter` in the configuration says which keys the pages below a folder must have, and of which type they are. The page leaves one out, gives it a
value of another type, or has a key that a closed contract does not know.
",
    ),
    error(
        "front-matter-cycle",
        "values of the front matter are made of each other",
        "
Liquid in `title`, `nav_title`, `description` and `image` may use other values of the page. One that is made of itself, directly or by way of others, has
no value.
",
    ),
    warning(
        "front-matter-key",
        "a key of the front matter is probably misspelt",
        "
The key is near one that means something, and no page, include or template of the site reads it.
",
    ),
    warning(
        "front-matter-type",
        "a value of the front matter is of a type that its key does not take",
        "
The value is passed over, as if it were not there: `weight: high` gives the page no place in the order, `nav: \"false\"` does not hide it.
",
    ),
    warning(
        "heading-offset",
        "an include's `heading_offset` is no number of levels",
        "
`{% include steps.md heading_offset=1 %}` has the headings of what the include prints go one level down. The number is from 0 to 5; otherwise they stay as they are.
",
    ),
    warning(
        "html-block-in-text",
        "a block of HTML begins within a paragraph",
        "
A paragraph cannot hold a `<div>`. Put an empty line before it, or use `<span>`.
",
    ),
    warning(
        "html-closing-tag",
        "HTML closes an element that is not open",
        "
It is printed as text. The opening tag is missing, misspelled, or was closed already.
",
    ),
    warning(
        "html-left-open",
        "HTML opens an element and never closes it",
        "
It is closed at the end of what holds it, which may be far below. Close it where it should end.
",
    ),
    Code {
        code: "ignored-plugin",
        severity: Severity::Note,
        title: "a plugin of a Jekyll site is not run",
        explanation: "
Carafe does not run Ruby, and this plugin is not among those that are built in. The message says what the site is without; tags and filters
can be written as templates in `_includes/tags` and `_includes/filters`.
",
    },
    warning(
        "image-without-alt",
        "an image has no text for those who do not see it",
        "
Say what it shows: `![text](address)`. An ornament has an empty text, written as HTML to show that it is meant:
`<img src=\"…\" alt=\"\">`. Only `carafe check` looks for this.
",
    ),
    error(
        "include-code",
        "a file of source code, or the part of it that is asked for, cannot be shown",
        "
`{% include_code src/main.rs region=\"setup\" %}` shows a part of a file as code. The path counts from the site's folder, or from the one that
`include_code: {root: ..}` names, and does not lead out of it. A region lies between lines that say `#region setup` and `#endregion setup` in
comments; lines are given by numbers, as in `lines=\"3-9\"`, and must be there.
",
    ),
    error(
        "include-depth",
        "includes or tags call each other too deeply",
        "
An include that calls itself, directly or through others, would never end. The message names the include; the stack below it shows how it
came there. The page ends at that place. The limit is `limits: {include_depth: 100}`.
",
    ),
    error(
        "include-in-cell",
        "an include in a cell of a table gives several blocks",
        "
A cell of a table is one line. An include of a few lines is put into it as one, but a list, code or several paragraphs have no place there. Shorten
the include, or write the table as HTML, whose cells hold anything. `carafe expand` says the same of a value with a callout, tabs or code in it
(`{% capture %}`): the tag itself may stand in the cell, where it is written as HTML on one line.
",
    ),
    error(
        "include-path",
        "the path of an include is empty or leads out of the folder of includes",
        "
Paths of includes start at the folder of includes. They may not be absolute or hold `..`: a page must not be able to publish what is not
part of the site. Folders elsewhere are added with `--includes DIR`. An empty path usually comes from a variable that is not set.
",
    ),
    error(
        "invalid-option",
        "an option of the configuration has a value it cannot take",
        "
The message says what is expected, the place is that of the value. All such mistakes are reported in one run.
",
    ),
    error(
        "iteration-limit",
        "the loops and calls of a page are too much work",
        "
All loops of one page may turn ten million times together. Other work counts as turns, too: the call of an include, a tag template or a
filter template as fifty, four tags or outputs as one, a filter by the length of what it is given. So includes that call each other twice on
every level end, as does a loop around a filter that sorts a long list. A range such as `(1..1000000000)` is refused in filters. The page
ends at the place that is shown. The limit is `limits: {iterations: 10000000}`.
",
    ),
    warning(
        "large-picture",
        "a picture has more pixels than are taken apart",
        "
Pictures of up to 50 million pixels are written in the sizes and forms that `pictures` asks for. This one has more, and is shown as it is. Make it smaller: no screen
shows so many. Only `carafe build` and the preview look for this.
",
    ),
    error(
        "layout-cycle",
        "a layout is, through other layouts, its own layout",
        "
Each layout may name one around it. Follow the `layout` keys in the front matter of the layouts and break the circle.
",
    ),
    warning(
        "link-loop",
        "a symbolic link leads to a folder that it lies in",
        "
Whatever it leads to would be in the site twice, and in there once more. The link is not entered.
",
    ),
    error(
        "link-not-followed",
        "a symbolic link is not followed",
        "
It leads out of the site's folder, to something that is not there, or there are more links to folders than can be walked through. What it leads to is not in the site. With
`follow_links: true`, links out of the site's folder are followed; Jekyll sites follow them always, and in these a link to nothing is a warning.
",
    ),
    warning(
        "liquid-lax",
        "a tag or an output of Liquid is read by guessing",
        "
`{% if a && b %}`, `{{ x | upcase downcase }}` and `{% for x in list limit 3 %}` are not what Liquid's grammar knows. Liquid passes over what it
cannot read and goes on with the rest: `b`, `downcase` and the limit are lost. The page is built just so, as Jekyll builds it, which prints a
warning of its own. The message says what is in the way; `a and b`, `| upcase | downcase` and `limit: 3` are what was meant here.
",
    ),
    error(
        "liquid-syntax",
        "a tag or an output of Liquid is malformed",
        "
The text is left out of the page, or kept as it is, as Liquid itself would do in its lax mode; it is never what was meant. To show Liquid
instead of running it, put it into a block of the tag `raw`.
",
    ),
    error(
        "liquid-type",
        "a value has a type that cannot be used so",
        "
`{% if 1 < \"a\" %}` compares a number with a text; `{% increment x %}` needs a whole number. Convert the value first: `{{ text | plus: 0 }}` is a number.
",
    ),
    error(
        "lost-address",
        "an address that was published is gone, and nothing leads on from it",
        "
`carafe check --since REV` compares the site with what it was at a revision. Links, bookmarks and search engines still lead to the old address. Write
the line that the finding shows, with the address that takes its place:

```yaml
redirects:
  /old-guide/: /guides/first-steps/
  /gateway/1.0/*: /gateway/1.1/:splat
```
",
    ),
    error(
        "lost-anchor",
        "an anchor of a page that was published is gone",
        "
Links to it lead to the top of the page now. Give the heading its old id, `## New words {#old-words}`, or write `<a id=\"old-words\"></a>` above it. Only
`carafe check --since REV` looks for this.
",
    ),
    warning(
        "lost-digit",
        "a number is printed with other digits than were written",
        "
Jekyll reads `version: 1.10` as the number 1.1 and prints `1.1`. Only `carafe check` looks for this, and only in Jekyll sites; others print a
number as it was written. In quotes it is a text: `version: \"1.10\"`.
",
    ),
    warning(
        "lost-text",
        "text in a group is not shown",
        "
What stands between the children of a group, or before the first, has no place in the page unless the tag's template shows `content`. Move
it into one of them, or in front of the group.
",
    ),
    error(
        "missing-file",
        "a page shows or loads a file of the site that is not there",
        "
The files of `video`, `audio`, `source`, `track`, `iframe`, `embed`, `object`, `script` and `link` are looked up by `carafe check` as pages
that links lead to are. A build tells of files that the theme's options and the site's own page templates name, as in `asset(path=\"site.css\")`.
",
    ),
    error(
        "missing-folder",
        "a folder that the configuration names is not there",
        "
Without it, whatever it should hold would silently be missing from the site, so nothing is built. In Jekyll sites it is a warning, since Jekyll passes over it.
",
    ),
    error(
        "missing-image",
        "an image of the site is not there",
        "
Its address is looked up as that of a link is, in `srcset` and `poster` too. Only `carafe check` looks for this.
",
    ),
    error(
        "missing-include",
        "an include that is called does not exist",
        "
It is looked for in the site's folder of includes, in the folders given with `--includes`, then among the built-in ones. The names
nearest to it are suggested. A name that comes from a variable (`{% include {{ page.part }} %}`) is looked up when the page is rendered.
",
    ),
    warning(
        "missing-layout",
        "a page names a layout that does not exist",
        "
Layouts are the files in the folder of templates (`_layouts` in a Jekyll site), named without their ending. The page is written without
a layout. Use `layout: none` for a page that shall have none.
",
    ),
    error(
        "missing-link-target",
        "the tag `link` or `post_url` names what does not exist",
        "
`{% link guides/install.md %}` takes the path of a source, with its ending; `{% post_url 2024-01-31-title %}` the name of a post.
",
    ),
    error(
        "missing-nav-page",
        "the navigation names a page that does not exist",
        "
Entries of `nav:` are paths of sources, relative to the folder of pages and with their ending, such as `guides/install.md`.
",
    ),
    warning(
        "missing-parameter",
        "a call leaves out a parameter that its include needs",
        "
The include declares the parameter without brackets; or it declares nothing, and prints the parameter without asking for it first. The
page would have a gap there.
",
    ),
    warning(
        "missing-source",
        "an entry of a release's navigation has no source",
        "
For an entry with `url: /guides/install/` the file `guides/install.md` or `guides/install/index.md` is looked for in the product's folder, or the
path that the entry names with `src`. The page is left out.
",
    ),
    warning(
        "missing-tab",
        "a group's `default` names none of its tabs",
        "
`{% tabs default=\"Linux\" %}` opens the tab with this title, or with this slug (`linux`). There is none, so the first one is open.
",
    ),
    error(
        "missing-template",
        "a page names a template that does not exist",
        "
`layout: guide` asks for `templates/guide.html`. Without a `layout`, pages use `page.html`.
",
    ),
    error(
        "missing-theme",
        "a Jekyll site asks for a theme that is not on this machine",
        "
Themes are looked for where Ruby has its gems, and nothing is fetched. The layouts that are named are those that pages ask for and that the site
does not have itself; without them the pages would be bare. When the site has all of them, this is a warning.

Install the gem, or name the theme's folder:

```yaml
carafe: {theme: ../my-theme}
```
",
    ),
    note(
        "missing-words",
        "the theme has no words in the site's language",
        "
Words of the theme, such as \"Search\" and \"On this page\", are then English. `templates/words/sv.yml` gives them in the language `sv`.
[Other languages](../../writing/languages/) has the names of all words.
",
    ),
    warning(
        "mistyped-parameter",
        "a call gives a parameter a value of another type than declared",
        "
Types are declared in the include's `{% doc %}` block. A value in quotes is always a text: `open=\"false\"` is a text, and so it is true.
Literals are checked, and variables where all that can have been assigned to them is known.
",
    ),
    note(
        "name-left-out",
        "files among the pages are left out for their names",
        "
Names that begin with `_` do not count, nor does what lies in folders of such names. Rename the file, or name it under `include`. A page that is not to be
published yet says `draft: true` in its front matter.
",
    ),
    error(
        "name-not-utf-8",
        "the name of a file or folder is not UTF-8",
        "
It has no address that a page could have, so it is left out. Rename it.
",
    ),
    error(
        "nesting-limit",
        "tags are nested too deeply",
        "
No page needs a hundred tags within each other. The inner ones are left out.
",
    ),
    warning(
        "nesting-too-deep",
        "blocks of Markdown are nested too deeply",
        "
Lists and quotes within each other deeper than any page needs; the rest is taken as text.
",
    ),
    warning(
        "no-history",
        "git does not know the site",
        "
`theme.last_updated` asks git when pages were changed last. The site's folder is in no repository, the repository has no commits, or the program `git` is
not there. The pages are built without that line, but for those that say it in their front matter.
",
    ),
    error(
        "no-site",
        "the folder holds no site",
        "
A site has a configuration, `carafe.yml` or `_config.yml`, or at least a folder `content`. A configuration of another name is given with `--config`, and a site in
another folder with `--source`.
",
    ),
    note(
        "no-source-map",
        "a Jekyll site's style sheets have no source maps",
        "
Jekyll writes `NAME.css.map` beside each `NAME.css` that it compiles, and a comment into the sheet that names it, so that a browser's tools
show the Sass. The compiler here does not give such maps, and the style sheets are the same without. `sass: {sourcemap: never}` in the
configuration says that none are wanted; with `development`, there is no note when `JEKYLL_ENV` has another value.
",
    ),
    warning(
        "not-in-feed",
        "a page asks to be in the feed and cannot be",
        "
A page with `feed: true` needs a time: its `date`, its `last_updated`, or what git knows where `theme.last_updated` asks for it. And the addresses in a feed
are whole ones, so that the site must say where it is published, with `url`.
",
    ),
    error(
        "not-utf-8",
        "a file is not UTF-8",
        "
The message names the first byte that is not, or says that the file is UTF-16, as some programs on Windows write it. Save it as UTF-8; in most
editors this is an option of “Save as”.
",
    ),
    warning(
        "orphan-page",
        "no link and no navigation leads to a page",
        "
Readers cannot come from the start page to it by links. Only `carafe check` looks for this, and only when the configuration asks for it:
`diagnostics: {orphan-page: warn}`.
",
    ),
    error(
        "output-limit",
        "a page becomes too large",
        "
The text of one page, the values that its variables hold, and the HTML that Markdown makes of it are bounded, so that a mistake ends in a
message and not in a machine without memory. A piece of output counts as 32 bytes at least, and a filter takes texts up to a quarter of the
limit. What Markdown reads of a page may take twice the limit, each piece of markup counting for 80 bytes or more, and a page template may
add as much as the limit. The page ends at the place that is shown. The limit is `limits: {output_bytes: 33554432}`.
",
    ),
    warning(
        "pagination",
        "posts cannot be listed over several pages",
        "
`paginate: 10` of `jekyll-paginate` needs a page `index.html` at the top, or in one of the folders that `paginate_path` leads through.
",
    ),
    Code {
        code: "plugin-not-needed",
        severity: Severity::Note,
        title: "a plugin of a Jekyll site is not needed",
        explanation: "
The message says why. The name can stay where it is; Jekyll may still want it.
",
    },
    error(
        "redirect-loop",
        "old addresses lead to each other",
        "
A browser gives up after some rounds. Let one of them lead to a page. Only `carafe check` looks for this.
",
    ),
    error(
        "reserved-address",
        "something of the site has the address of a file that Carafe writes itself",
        "
These are `.carafe`, the mark of folders that Carafe has made, `.carafe.staged`, `.carafe-cache`, `__carafe`, which the preview uses, and `assets/search`, when the site has a search; for redirects
also the files of the theme, `404.html` and `sitemap.xml`. One of the two would be lost. Give the page another `permalink`, or the file another name.
",
    ),
    warning(
        "ruby-plugin",
        "Ruby of a Jekyll site that is not run",
        "
The message says what the file would have added, and how many pages read it: tags and filters, which templates in `_includes/tags` and
`_includes/filters` can take over, variables that a generator sets, converters and hooks. A file that is taken over can be removed.
",
    ),
    warning(
        "shallow-clone",
        "git does not know when files were last changed",
        "
`theme.last_updated`, and `jekyll-last-modified-at` in a Jekyll site, take the times from git, and a shallow clone has the newest commits alone: files that these did not change seem to be as new
as the oldest of them. Clone with the whole history.
",
    ),
    error(
        "snapshot-unwritable",
        "a snapshot cannot be written",
        "
`carafe test --update` writes to `tests/includes/snapshots`. The system refused it: the file or folder is read-only, something else has its
name, or a link leads out of the site.
",
    ),
    error(
        "special-file",
        "a pipe, a socket or a device stands where a file should",
        "
Reading one could wait for ever, or do something, so it is never opened. Take it away, or name it under `exclude`.
",
    ),
    warning(
        "stale-translation",
        "the source of a translation has changed since it was translated",
        "
The front matter of a translation says with `translated_from` what its source said at the time, includes counted. Today the source says something else: bring the translation up to date, and
let `carafe translations --mark FILE` write the new state into it. Only `carafe check` looks for this.
",
    ),
    error(
        "stray-child-tag",
        "a tag stands outside of the tag it belongs to",
        "
A `navtab` outside of `navtabs` has no place to be shown. Put it between the tags of its group; when it comes from an include, call the
include there.
",
    ),
    error(
        "style-sheet",
        "a style sheet does not compile",
        "
The place is where Sass stopped reading, in the sheet itself or in a file that it imports. Imports are looked for in the folder of the file that
imports, then in `sass.load_paths`, then in `sass.sass_dir`.

A sheet may take 4 seconds of the processor and 256 MiB of memory, which is many times what a large framework takes. One that needs more, or whose
functions and mixins call themselves too deeply, is given up; its place is then its beginning.
",
    ),
    warning(
        "style-sheet-warning",
        "a style sheet warns, or Sass warns of it",
        "
What `@warn` says, and what Sass finds doubtful. The style sheet is written all the same. What `@debug` says is a note.
",
    ),
    warning(
        "tab-set",
        "the titles of a group of tabs are not those that the configuration lists for its name",
        "
`tab_sets` in the configuration lists the titles of a group under its name, which is a word or a parameter of the group's tag. Only `carafe check` looks for this.
",
    ),
    error(
        "tag-data",
        "the body of a tag is not the data that it must be",
        "
The tag's template says that the body is YAML, JSON or CSV (`content: yaml`). The place is that in the page. Rows of a table that are longer than its header are a warning.
",
    ),
    error(
        "tag-markup",
        "what stands behind a tag's name cannot be read",
        "
```liquid
{% navtab \"Two words\" slug=page.slug %}
```

A tag declares what it takes: one title, parameters written `key=\"text\"` or `key=variable`, words, or nothing.
",
    ),
    error(
        "tag-template",
        "the template of a tag or filter is broken",
        "
A template in `includes/tags` or `includes/filters` says in its front matter what it is; a key there that is none, or a value that cannot be
used, makes the tag unusable everywhere.
",
    ),
    error(
        "template",
        "a page template is broken",
        "
Page templates are Tera templates in the folder of templates. An undefined variable in one is an error too: pass it with a default, as in
`{{ page.image | default(value=\"\") }}`.
",
    ),
    error(
        "test-file",
        "a test file says something that cannot be",
        "
The files in `tests/includes` name an include, and cases with parameters or a text. This one names an include, a release or a diagnostic that
is not there, holds a selector that is none, or leaves out something that is needed.
",
    ),
    error(
        "text-cycle",
        "pages show each other's text in a circle",
        "
An excerpt that shows itself, as when it lists the excerpts of all posts, has no text. And a page that shows the text of another one, which shows that of a third
one, and so on, may lead through 500 pages.
",
    ),
    warning(
        "translation-without-source",
        "a page in another language translates nothing",
        "
A page in the folder of a language, or with its ending, belongs to the page of the same path in the language of the sources. This one has none there: its path is mistyped, or the source
has moved or gone. It is published all the same, but among the sources of releases, where it has no address. A page that is meant for one language alone says so with a comment
in its front matter: `# carafe-ignore translation-without-source`. The index page of a folder that has none in the language of the sources is not told.
",
    ),
    error(
        "unbuilt-source",
        "a link leads to a source that this release does not show",
        "
The source exists and other releases have a page of it, but the navigation of this one does not list it. Put the link between
`{% if_version %}` and its end, or add the page to the navigation.
",
    ),
    error(
        "unclosed-tag",
        "a tag is opened and never closed",
        "
```liquid
{% if page.beta %}
This page is about a beta.
```

Everything behind it would belong to the tag. Add `{% endif %}`. Tags end within the file they begin in.
",
    ),
    warning(
        "undefined-footnote",
        "a footnote is referred to and not defined",
        "
Write `[^name]: The text.` somewhere on the page. Until then the reference is printed as text.
",
    ),
    warning(
        "undefined-link-reference",
        "a link refers to a name that is not defined",
        "
`[text][name]` needs a line `[name]: https://example.org/`. Until then it is printed as text. To print brackets, write `\\[`.
",
    ),
    warning(
        "undefined-variable",
        "a variable is read that nothing defines",
        "
Liquid prints nothing for it, so the page has a hole that nobody notices. A misspelled name, a parameter that a caller forgot and a
variable of the configuration that was renamed all look like this.

A variable may be undefined where the page asks for it: in `{% if x %}`, behind `{{ x | default: 1 }}`, or when the include declares it as
optional in its `{% doc %}` block.
",
    ),
    warning(
        "unknown-alert",
        "a quote begins as an alert does, and there is no alert of this name",
        "
`> [!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]` and `[!CAUTION]` are alerts. With another word the quote is a quote and shows the brackets. What
stands behind the bracket is the title, so `> [!NOTE] Info` gives a kind of your own its name.
",
    ),
    warning(
        "unknown-extension",
        "a tag of kramdown's extensions is unknown or has no partner",
        "
There are `{::comment}`, `{::nomarkdown}` and `{::options}`; the first two end with `{:/comment}` and `{:/nomarkdown}`, or with `{:/}`.
",
    ),
    warning(
        "unknown-filter",
        "there is no filter of this name",
        "
Liquid passes the value on unchanged. A site adds filters of its own in `includes/filters/NAME.html`.
",
    ),
    error(
        "unknown-option",
        "the configuration has a key that is no option",
        "
It would be ignored, and what it was meant to change would not change. Values for pages are site variables: write them below
`variables:`, where `NAME` becomes `site.NAME`. In a Jekyll site every key of `_config.yml` is a variable, and only `liquid:`, `single_source:`
and `carafe:` are checked.
",
    ),
    warning(
        "unknown-parameter",
        "a tag or include is given a parameter that it does not know",
        "
The include declares no parameter of this name; or it declares none at all, and neither it nor an include that it hands its parameters on
to reads one of this name. So it does nothing; often it is a misspelled name.
",
    ),
    error(
        "unknown-release",
        "`--only` names a release that there is not",
        "
`--only PRODUCT/RELEASE` builds one release, `--only PRODUCT` all of a product, `--only PRODUCT/latest` its newest. The names are those of the
versions file, of releases whose navigation says `generate: true`.
",
    ),
    error(
        "unknown-tag",
        "there is no tag of this name",
        "
A site adds tags of its own in `includes/tags/NAME.html`. Block tags that are unknown are left out together with their content.
",
    ),
    warning(
        "unreached-branch",
        "a branch of an include depends on its parameters, and no call takes it",
        "
No call gives the parameter, or all calls give the same value. The branch is never shown, so nobody sees that it grows old. A call in an
`@example` counts as a call.
",
    ),
    warning(
        "unread-front-matter",
        "lines that look like front matter are shown to readers",
        "
Front matter is YAML between two lines of `---`, the first of which is the first line of the page. Includes have none: what they expect is said in a
[`doc` block](../../writing/contracts/).
",
    ),
    warning(
        "unread-parameter",
        "an include declares a parameter that it never reads",
        "
Calls that give it do so for nothing. Often the name is spelled differently where it is read.
",
    ),
    error(
        "unreadable",
        "a file or folder cannot be read",
        "
The message gives the system's reason: rights, a link to nowhere, a file that vanished during the build.
",
    ),
    error(
        "unreadable-include",
        "an include cannot be read",
        "
The message gives the reason: it is not UTF-8, it is a link to a file outside of the site, or the system refuses.
",
    ),
    warning(
        "unused-file",
        "nothing names a file that is copied to the output",
        "
No page, style sheet or script names it. Only `carafe check` looks for this, and only when the configuration asks for it:
`diagnostics: {unused-file: warn}`.
",
    ),
    warning(
        "unused-footnote",
        "a footnote is defined and never referred to",
        "
It is not shown. Refer to it with `[^name]`, or remove it.
",
    ),
    warning(
        "unused-include",
        "an include that no page, layout or tag leads to",
        "
Nothing calls the file, or only files call it that are unused themselves. A call whose path depends on a variable counts as a call of every
include that it may mean.
",
    ),
    warning(
        "unused-suppression",
        "a comment suppresses nothing",
        "
What `carafe-ignore` was written for has been repaired or has moved, or the code is misspelt. It holds for findings on its own line
and on the next. Only `carafe check` looks for this.
",
    ),
    error(
        "unwritable",
        "a file of the site cannot be written",
        "
The message gives the system's reason. The site is written beside its destination and swapped in at the end, so the last good site is
still there.
",
    ),
    warning(
        "version-condition",
        "a condition on versions is malformed",
        "
```liquid
{% if_version gte:2.1.x lte:2.3.x %}
```

The operators are `eq`, `neq`, `gte` and `lte`, each with a colon and a version; `eq` and `neq` take several with commas between them. A condition that holds for no
release of the product hides its text from every reader.
",
    ),
    warning(
        "version-never-holds",
        "a version condition holds for no release",
        "
No release in the versions file meets the condition, so its text is never shown, for any reader. Remove it once the last release that it
was for is gone, or correct the number.
",
    ),
    error(
        "versions",
        "the list of releases or a release's navigation cannot be used",
        "
`single_source.versions` names a data file: a list of records with `edition` and `release`. Each data file that `single_source.nav` matches
has `product`, `release` and `items`.
",
    ),
    error(
        "yaml-syntax",
        "a file, or the front matter of one, is not valid YAML",
        "
The place is where the parser gave up, which is at the mistake or just behind it. Usual ones: a tab at the start of a line, a colon within a
text that is not quoted, a quote that is not closed, lines of one list that start in different columns.
",
    ),
];
