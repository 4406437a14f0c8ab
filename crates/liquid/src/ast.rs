//! The tree of a template. All spans are byte ranges of the template's file. Immutable once parsed.

use std::sync::Arc;

use carafe_source::Span;

use super::Value;
use super::filters::Filter;
use super::tags::Tag;

/// A node of a template.
#[derive(Debug)]
pub enum Node {
    /// Text printed as it stands: the text of this span.
    Text(Span),
    /// `{{ value }}`.
    Output(Box<Output>),
    /// A tag, with its body if it is a block.
    Tag(Box<TagNode>),
}

/// `{{ value }}`, or `{% echo value %}`.
#[derive(Debug)]
pub struct Output {
    /// The whole of it, delimiters included.
    pub span: Span,
    /// What is printed; `None` for `{{ }}`.
    pub value: Option<Filtered>,
}

/// A tag where it stands.
#[derive(Debug)]
pub struct TagNode {
    /// The opening tag, delimiters included.
    pub span: Span,
    /// The blanks before the tag when nothing else stands before it on its line.
    pub indent: Option<Span>,
    /// Whether nothing else stands on the tag's line.
    pub alone: bool,
    /// What it does.
    pub tag: Tag,
}

/// Nodes that are rendered together.
#[derive(Debug, Default)]
pub struct Body {
    /// The nodes, in order.
    pub nodes: Vec<Node>,
    /// Whether it holds blanks and tags that print nothing only.
    pub blank: bool,
}

/// A value with the filters applied to it.
#[derive(Debug)]
pub struct Filtered {
    /// The value and its filters, without what surrounds them.
    pub span: Span,
    /// The value.
    pub value: Expr,
    /// The filters, in order.
    pub filters: Vec<FilterCall>,
}

/// One filter in a chain.
#[derive(Debug)]
pub struct FilterCall {
    /// Its name.
    pub name: Arc<str>,
    /// The place of the name.
    pub span: Span,
    /// What the name stands for.
    pub target: FilterTarget,
    /// The arguments by position.
    pub args: Vec<Expr>,
    /// The arguments by name.
    pub named: Vec<(Arc<str>, Expr)>,
}

/// What a filter's name stands for.
#[derive(Clone, Copy, Debug)]
pub enum FilterTarget {
    /// A built-in filter.
    Builtin(Filter),
    /// A filter template of the site, looked up by name.
    Template,
    /// A filter that the host does.
    Host,
    /// Nothing; the value passes through.
    Unknown,
}

/// An expression.
#[derive(Debug)]
pub enum Expr {
    /// A literal.
    Literal(Value),
    /// `empty`: the empty text, or a test where it is compared with.
    Empty,
    /// `blank`: likewise.
    Blank,
    /// `(first..last)`.
    Range(Box<(Expr, Expr)>),
    /// A variable and a path into it.
    Lookup(Box<LookupExpr>),
}

/// `name.key[index]`.
#[derive(Debug)]
pub struct LookupExpr {
    /// Where it stands.
    pub span: Span,
    /// The variable.
    pub root: Root,
    /// The way into it.
    pub path: Vec<Key>,
}

/// The variable that a lookup starts with.
#[derive(Debug)]
pub enum Root {
    /// A name.
    Name(Arc<str>),
    /// `[expression]`: the variable whose name the expression gives.
    Dynamic(Expr),
}

/// One step of a lookup.
#[derive(Debug)]
pub enum Key {
    /// `.name`.
    Name(Arc<str>),
    /// `[expression]`.
    Index(Expr),
}

/// Comparisons joined by `and` and `or`, evaluated from the right as Liquid does.
#[derive(Debug)]
pub struct Condition {
    /// The first comparison.
    pub first: Comparison,
    /// The others, each with the word before it.
    pub rest: Vec<(Junction, Comparison)>,
}

/// The word between two comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Junction {
    /// `and`.
    And,
    /// `or`.
    Or,
}

/// `left operator right`, or `left` alone.
#[derive(Debug)]
pub struct Comparison {
    /// Where it stands.
    pub span: Span,
    /// The left side.
    pub left: Expr,
    /// The operator and the right side (nil where it is missing).
    pub right: Option<(Operator, Expr)>,
}

/// An operator of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`.
    Equal,
    /// `!=` and `<>`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `contains`.
    Contains,
    /// Any other word: an error once it is evaluated.
    Unknown(Arc<str>),
}

impl Operator {
    /// The operator that is written so.
    pub fn parse(text: &str) -> Self {
        match text {
            "==" => Self::Equal,
            "!=" | "<>" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "contains" => Self::Contains,
            other => Self::Unknown(other.into()),
        }
    }
}
