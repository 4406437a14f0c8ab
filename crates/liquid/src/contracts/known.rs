//! What is known of a value without rendering: that it is one of a few literals, or nothing.

use crate::ast::Operator;
use crate::{Value, convert};

/// How many values are kept apart.
const LIMIT: usize = 16;

/// What a variable may hold at some place.
#[derive(Clone, Debug, Default)]
pub enum Known {
    /// Anything.
    #[default]
    Anything,
    /// One of these, nil among them where it may be missing.
    OneOf(Vec<Value>),
}

impl Known {
    /// Exactly this value.
    pub fn just(value: Value) -> Self {
        Self::OneOf(vec![value])
    }

    /// The values, when they are known.
    pub fn values(&self) -> Option<&[Value]> {
        match self {
            Self::Anything => None,
            Self::OneOf(values) => Some(values),
        }
    }

    /// What may be here when it may be one or the other.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let (Self::OneOf(a), Self::OneOf(b)) = (self, other) else { return Self::Anything };
        let mut all = a.clone();
        for value in b {
            if !all.iter().any(|known| identical(known, value)) {
                all.push(value.clone());
            }
        }
        if all.len() > LIMIT { Self::Anything } else { Self::OneOf(all) }
    }

    /// The same, with each value replaced; `None` for a value that is not known then.
    #[must_use]
    pub fn map(&self, change: impl Fn(&Value) -> Option<Value>) -> Self {
        match self {
            Self::Anything => Self::Anything,
            Self::OneOf(values) => match values.iter().map(change).collect::<Option<Vec<_>>>() {
                Some(values) => Self::OneOf(Vec::new()).or(&Self::OneOf(values)),
                None => Self::Anything,
            },
        }
    }

    /// A text that is the same for what is known to be the same.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Anything => "*".to_owned(),
            Self::OneOf(values) => {
                let mut all: Vec<String> = values.iter().map(convert::inspect).collect();
                all.sort_unstable();
                all.join("|")
            }
        }
    }
}

fn identical(a: &Value, b: &Value) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b) && convert::inspect(a) == convert::inspect(b)
}

/// Whether something may be true, and whether it may be false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct May {
    pub hold: bool,
    pub fail: bool,
}

impl May {
    pub(super) const EITHER: Self = Self { hold: true, fail: true };

    pub(super) fn negated(self) -> Self {
        Self { hold: self.fail, fail: self.hold }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { hold: self.hold && other.hold, fail: self.fail || other.fail }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self { hold: self.hold || other.hold, fail: self.fail && other.fail }
    }

    fn of(outcomes: impl Iterator<Item = bool>) -> Self {
        let mut may = Self { hold: false, fail: false };
        for outcome in outcomes {
            may.hold |= outcome;
            may.fail |= !outcome;
        }
        may
    }
}

/// Whether a value on its own is true.
pub(super) fn truth(value: &Known) -> May {
    value.values().map_or(May::EITHER, |values| May::of(values.iter().map(Value::truthy)))
}

/// Whether a comparison holds.
pub(super) fn compare(left: &Known, operator: &Operator, right: &Known) -> May {
    let (Some(left), Some(right)) = (left.values(), right.values()) else { return May::EITHER };
    let ordered = |a: &Value, b: &Value, holds: fn(std::cmp::Ordering) -> bool| convert::compare(a, b).map(holds);
    let outcome = |a: &Value, b: &Value| match operator {
        Operator::Equal => Some(convert::equal(a, b)),
        Operator::NotEqual => Some(!convert::equal(a, b)),
        Operator::Less => ordered(a, b, std::cmp::Ordering::is_lt),
        Operator::LessOrEqual => ordered(a, b, std::cmp::Ordering::is_le),
        Operator::Greater => ordered(a, b, std::cmp::Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(a, b, std::cmp::Ordering::is_ge),
        Operator::Contains => Some(convert::contains(a, b)),
        Operator::Unknown(_) => None,
    };
    let all: Option<Vec<bool>> = left.iter().flat_map(|a| right.iter().map(move |b| outcome(a, b))).collect();
    // A comparison that cannot be evaluated breaks the tag off; what follows is not judged.
    all.map_or(May::EITHER, |all| May::of(all.into_iter()))
}
