//! `jekyll-include-cache`: `{% include_cached %}`. The tag is one of Liquid's own here, and every include is parsed once.

use super::Plugin;

pub(super) const PLUGIN: Plugin = Plugin::new("jekyll-include-cache");
