//! `jekyll-gist`: `{% gist user/123 file.rb %}`, a script that shows a gist. What readers without scripts would see the plugin fetches; since
//! nothing is fetched here, it is left out, as the plugin does where it cannot reach the network.

use carafe_liquid::convert;
use carafe_liquid::filters::{Env, FilterError};

use super::{Asked, Plugin};

pub(super) const PLUGIN: Plugin =
    Plugin { on_github_pages: true, tags: &[("gist", gist)], ..Plugin::new("jekyll-gist") };

fn gist(_: &Asked<'_>, markup: &str, env: &dyn Env) -> Result<String, FilterError> {
    let mut words = markup.split_whitespace();
    let Some(id) = words.next() else {
        return Err(FilterError::new("`gist` needs the gist's number: `{% gist user/1234567 file.rb %}`"));
    };
    // A word may be the name of a variable.
    let value = |word: &str| {
        let path: Vec<&str> = word.split('.').collect();
        let value = env.variable(&path).filter(|value| !value.is_nil());
        value.map_or_else(|| word.to_owned(), |value| convert::text(&value).into_owned())
    };
    let file = words.next().map(value).filter(|file| !file.is_empty());
    let file = file.map(|file| format!("?file={file}")).unwrap_or_default();
    Ok(format!("<script src=\"https://gist.github.com/{}.js{file}\"> </script>", value(id)))
}
