//! The language that a page is written in, by where it lies: `de/guides/first.md` and `guides/first.de.md` are both the German
//! form of `guides/first.md`.

/// The languages of a site: their names, as folders and endings have them, and their numbers; that of the sources is 0.
pub(crate) type Languages = Vec<(String, usize)>;

/// The language of the page at a path within the folder of pages, and the path that it shares with its translations; `None` where
/// the path names no language.
pub(super) fn split(relative: &str, languages: &Languages) -> Option<(usize, String)> {
    if languages.is_empty() {
        return None;
    }
    let find = |name: &str| languages.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, at)| *at);
    let folder = relative.split_once('/').and_then(|(first, rest)| Some((find(first)?, rest)));
    let (language, rest) = folder.map_or((None, relative), |(language, rest)| (Some(language), rest));
    let (parents, name) = rest.rsplit_once('/').map_or(("", rest), |(parents, name)| (parents, name));
    let ending = name.rsplit_once('.').and_then(|(stem, extension)| {
        let (stem, ending) = stem.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())?;
        let found = find(ending).filter(|found| language.is_none_or(|language| language == *found))?;
        Some((found, format!("{stem}.{extension}")))
    });
    match ending {
        Some((found, name)) if parents.is_empty() => Some((found, name)),
        Some((found, name)) => Some((found, format!("{parents}/{name}"))),
        None => language.map(|language| (language, rest.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn folders_and_endings_name_languages() {
        let languages = vec![("en".to_owned(), 0), ("de".to_owned(), 1), ("pt-BR".to_owned(), 2)];
        for (path, expected) in [
            ("guides/first.md", None),
            ("de/guides/first.md", Some((1, "guides/first.md"))),
            ("guides/first.de.md", Some((1, "guides/first.md"))),
            ("de/guides/first.de.md", Some((1, "guides/first.md"))),
            ("de/guides/first.en.md", Some((1, "guides/first.en.md"))),
            ("index.pt-br.md", Some((2, "index.md"))),
            ("PT-BR/index.md", Some((2, "index.md"))),
            ("en/a.md", Some((0, "a.md"))),
            ("guides/de/first.md", None),
            ("guides/fr/a.fr.md", None),
            ("de.md", None),
            (".de.md", None),
            ("release.2.md", None),
        ] {
            assert_eq!(
                split(path, &languages),
                expected.map(|(at, rest): (usize, &str)| (at, rest.to_owned())),
                "{path}"
            );
        }
    }
}
