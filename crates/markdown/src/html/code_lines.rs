//! Code of which the fence says something about lines: each is an element of its own, so that it can be marked, numbered and wrapped. Numbers
//! and signs are left to style sheets, so that they are not copied.

use std::borrow::Cow;

use super::super::Attributes;
use super::super::tree::CodeOptions;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    None,
    Added,
    Removed,
}

/// Code and what its lines are.
pub(super) struct CodeLines<'c> {
    /// The code, without the signs of changes.
    pub(super) text: Cow<'c, str>,
    options: &'c CodeOptions,
    /// One for each line, where changes are shown.
    changes: Vec<Change>,
}

impl<'c> CodeLines<'c> {
    /// `None` when no option is about lines.
    pub(super) fn of(text: &'c str, options: &'c CodeOptions) -> Option<Self> {
        let is_any = options.diff || options.wrap || options.numbers.is_some() || !options.marked.is_empty();
        if !is_any {
            return None;
        }
        let mut lines = Self { text: Cow::Borrowed(text), options, changes: Vec::new() };
        if options.diff {
            lines.take_signs(text);
        }
        Some(lines)
    }

    /// Takes the signs off. Where all other lines stand one blank to the right to make room for them, that goes, too.
    fn take_signs(&mut self, text: &str) {
        let is_changed = |line: &str| line.starts_with(['+', '-']);
        let has_column = text.lines().all(|line| line.is_empty() || is_changed(line) || line.starts_with(' '));
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let change = match line.as_bytes().first() {
                Some(b'+') => Change::Added,
                Some(b'-') => Change::Removed,
                _ => Change::None,
            };
            let signs = usize::from(change != Change::None || (has_column && line.starts_with(' ')));
            out.push_str(&line[signs..]);
            self.changes.push(change);
        }
        self.text = Cow::Owned(out);
    }

    /// Of the element around the lines.
    pub(super) fn attributes(&self) -> Attributes {
        let mut attributes = Attributes::default();
        let classes = [
            ("lines", true),
            ("numbered", self.options.numbers.is_some()),
            ("changed", self.options.diff),
            ("wrapped", self.options.wrap),
        ];
        classes.iter().filter(|(_, is_so)| *is_so).for_each(|(class, _)| attributes.add_class(class));
        if let Some(first) = self.options.numbers {
            let count = u32::try_from(self.text.lines().count()).unwrap_or(u32::MAX);
            let digits = first.saturating_add(count.saturating_sub(1)).to_string().len();
            let style = format!("counter-reset: line {}; --digits: {digits}", i64::from(first) - 1);
            attributes.set("style", style);
        }
        attributes
    }

    /// Which of so many lines are marked. However many marks there are, each is looked at once.
    fn marks(&self, count: usize) -> Vec<bool> {
        // How many marks begin at a line, less those that have ended before it.
        let mut steps = vec![0i64; count + 1];
        for lines in &self.options.marked {
            let (first, last) = ((*lines.start() as usize).saturating_sub(1), *lines.end() as usize);
            if first < count {
                steps[first] += 1;
                steps[last.min(count)] -= 1;
            }
        }
        let mut open = 0;
        let is_marked = |step| {
            open += step;
            open > 0
        };
        steps.into_iter().take(count).map(is_marked).collect()
    }

    /// Writes the lines of `html`, in which no element goes over a line end.
    pub(super) fn write(&self, html: &str, out: &mut String) {
        let marks = self.marks(html.lines().count());
        for (at, line) in html.split_inclusive('\n').enumerate() {
            let is_marked = marks.get(at).copied().unwrap_or_default();
            let (name, class) = match (self.changes.get(at), is_marked) {
                (Some(Change::Added), false) => ("ins", "line"),
                (Some(Change::Added), true) => ("ins", "line marked"),
                (Some(Change::Removed), false) => ("del", "line"),
                (Some(Change::Removed), true) => ("del", "line marked"),
                (_, true) => ("mark", "line"),
                (_, false) => ("span", "line"),
            };
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
            out.push_str(&format!("<{name} class=\"{class}\">{line}{end}</{name}>"));
        }
    }
}
