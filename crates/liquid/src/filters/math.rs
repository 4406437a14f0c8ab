//! Filters that calculate. Floats are decimals here, so that `0.1 | plus: 0.2` is `0.3`; whole numbers beyond `i128` and
//! decimals of too many digits become floats.

use std::cmp::Ordering;

use crate::convert::{self, Decimal, Number, to_number};
use crate::value::Value;

use super::{Call, FilterError, Outcome, Row};

pub(super) const FILTERS: &[Row] = &[
    ("abs", abs),
    ("at_least", |call| at_limit(call, Ordering::Greater)),
    ("at_most", |call| at_limit(call, Ordering::Less)),
    ("ceil", |call| whole(call, |mantissa, unit| -(-mantissa).div_euclid(unit), f64::ceil)),
    ("divided_by", |call| calculate(call, divide)),
    ("floor", |call| whole(call, i128::div_euclid, f64::floor)),
    ("minus", |call| calculate(call, |a, b| Ok(exact(a, b, i128::checked_sub, |a, b| a - b)))),
    ("modulo", |call| calculate(call, modulo)),
    ("plus", |call| calculate(call, |a, b| Ok(sum(a, b)))),
    ("round", round),
    ("times", |call| calculate(call, |a, b| Ok(multiply(a, b)))),
    ("to_integer", to_integer),
];

fn calculate(call: &Call<'_>, operation: fn(Number, Number) -> Result<Number, FilterError>) -> Outcome {
    call.arity(2, 2)?;
    operation(to_number(call.input), to_number(call.arg(0))).map(Number::value)
}

/// The two with the same exponent.
fn align(a: Number, b: Number) -> Option<(Decimal, Decimal)> {
    let (a, b) = (a.decimal()?, b.decimal()?);
    let exponent = a.exponent.min(b.exponent);
    Some((a.with_exponent(exponent)?, b.with_exponent(exponent)?))
}

/// `a + b`.
pub(super) fn sum(a: Number, b: Number) -> Number {
    exact(a, b, i128::checked_add, |a, b| a + b)
}

/// Adds or subtracts.
fn exact(a: Number, b: Number, operation: fn(i128, i128) -> Option<i128>, inexact: fn(f64, f64) -> f64) -> Number {
    let result = align(a, b).and_then(|(x, y)| Some((operation(x.mantissa, y.mantissa)?, x.exponent)));
    match (a, b, result) {
        (Number::Int(_), Number::Int(_), Some((number, _))) => Number::Int(number),
        (_, _, Some((mantissa, exponent))) => Number::Decimal(Decimal { mantissa, exponent }),
        _ => Number::Float(inexact(a.to_f64(), b.to_f64())),
    }
}

fn multiply(a: Number, b: Number) -> Number {
    let product = |a: Decimal, b: Decimal| {
        let mantissa = a.mantissa.checked_mul(b.mantissa)?;
        Some(Decimal { mantissa, exponent: a.exponent.checked_add(b.exponent)? })
    };
    match (a, b, a.decimal().zip(b.decimal()).and_then(|(a, b)| product(a, b))) {
        (Number::Int(_), Number::Int(_), Some(product)) => Number::Int(product.mantissa),
        (_, _, Some(product)) => Number::Decimal(product),
        _ => Number::Float(a.to_f64() * b.to_f64()),
    }
}

fn zero_division() -> FilterError {
    FilterError::new("divided by 0")
}

/// Whole numbers divide downwards; a decimal divided by zero is infinite, as in Ruby.
fn divide(a: Number, b: Number) -> Result<Number, FilterError> {
    if let (Number::Int(a), Number::Int(b)) = (a, b) {
        return match (b, floor_division(a, b)) {
            (0, _) => Err(zero_division()),
            (_, Some((quotient, _))) => Ok(Number::Int(quotient)),
            _ => Ok(Number::Float(a as f64 / b as f64)),
        };
    }
    let quotient = a.decimal().zip(b.decimal()).and_then(|(a, b)| precise(a, b));
    Ok(Number::Float(quotient.unwrap_or_else(|| a.to_f64() / b.to_f64())))
}

/// The quotient to more digits than a float holds; `None` where the divisor is zero or has too many digits itself.
fn precise(a: Decimal, b: Decimal) -> Option<f64> {
    if b.mantissa == 0 || b.mantissa.unsigned_abs() > 10_u128.pow(18) {
        return None;
    }
    let mut numerator = a;
    while let Some(larger) = numerator.mantissa.checked_mul(10).filter(|_| numerator.mantissa != 0) {
        numerator = Decimal { mantissa: larger, exponent: numerator.exponent - 1 };
    }
    let mantissa = numerator.mantissa / b.mantissa;
    Some(Decimal { mantissa, exponent: numerator.exponent.checked_sub(b.exponent)? }.to_f64())
}

/// Quotient and remainder with the divisor's sign; `None` when there is none that fits.
fn floor_division(a: i128, b: i128) -> Option<(i128, i128)> {
    let (quotient, remainder) = (a.checked_div(b)?, a.checked_rem(b)?);
    let below = remainder != 0 && (remainder < 0) != (b < 0);
    Some(if below { (quotient - 1, remainder + b) } else { (quotient, remainder) })
}

fn modulo(a: Number, b: Number) -> Result<Number, FilterError> {
    if b.to_f64() == 0.0 {
        return Err(zero_division());
    }
    let rest = align(a, b).and_then(|(a, b)| Some((floor_division(a.mantissa, b.mantissa)?.1, a.exponent)));
    Ok(match (a, b, rest) {
        (Number::Int(_), Number::Int(_), Some((number, _))) => Number::Int(number),
        (Number::Int(_), Number::Int(_), None) => Number::Int(0),
        (_, _, Some((mantissa, exponent))) => Number::Decimal(Decimal { mantissa, exponent }),
        _ => {
            let (a, b) = (a.to_f64(), b.to_f64());
            Number::Float(a - b * (a / b).floor())
        }
    })
}

fn abs(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(match to_number(call.input) {
        Number::Int(number) => number.checked_abs().map_or(Number::Float((number as f64).abs()), Number::Int),
        Number::Decimal(number) => {
            Number::Decimal(Decimal { mantissa: number.mantissa.saturating_abs(), exponent: number.exponent })
        }
        Number::Float(number) => Number::Float(number.abs()),
    }
    .value())
}

/// The argument where it has this order to the input, else the input.
fn at_limit(call: &Call<'_>, order: Ordering) -> Outcome {
    call.arity(2, 2)?;
    let (number, limit) = (to_number(call.input), to_number(call.arg(0)));
    Ok(if limit.order(number) == Some(order) { limit } else { number }.value())
}

/// `mantissa` in steps of `10^-exponent`, brought to a whole number by `operation`.
fn whole(call: &Call<'_>, operation: fn(i128, i128) -> i128, inexact: fn(f64) -> f64) -> Outcome {
    call.arity(1, 1)?;
    match to_number(call.input) {
        Number::Int(number) => Ok(Value::Int(number)),
        Number::Decimal(number) => Ok(match number.with_exponent(0) {
            Some(number) => Value::Int(number.mantissa),
            None if number.exponent > 0 => Value::Float(number.to_f64()),
            None => match 10_i128.checked_pow(number.exponent.unsigned_abs()) {
                Some(unit) => Value::Int(operation(number.mantissa, unit)),
                // Closer to zero than any digit we hold.
                None => Value::Int(operation(number.mantissa.signum(), 2)),
            },
        }),
        Number::Float(number) => finite(inexact(number)),
    }
}

/// A float that must be whole: as a whole number where it fits.
fn finite(number: f64) -> Outcome {
    if !number.is_finite() {
        let name = convert::text(&Value::Float(number)).into_owned();
        return Err(FilterError::new(format!("Computation results in '{name}'")));
    }
    Ok(if number.abs() < 1.0e38 { Value::Int(number as i128) } else { Value::Float(number) })
}

/// Rounds half away from zero. Without digits behind the point the result is a whole number.
fn round(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let digits = match to_number(call.arg(0)) {
        Number::Int(digits) => digits,
        other => other.to_f64() as i128,
    };
    let digits = i32::try_from(digits.clamp(-100_000, 100_000)).unwrap_or(0);
    match to_number(call.input) {
        Number::Int(number) if digits >= 0 => Ok(Value::Int(number)),
        Number::Int(mantissa) => Ok(round_decimal(Decimal { mantissa, exponent: 0 }, digits)),
        Number::Decimal(number) => Ok(round_decimal(number, digits)),
        Number::Float(number) if digits > 0 => Ok(Value::Float(number)),
        Number::Float(number) => finite(number.round()),
    }
}

fn round_decimal(number: Decimal, digits: i32) -> Value {
    let drop = u32::try_from(-digits - number.exponent).unwrap_or(0);
    let rounded = match 10_i128.checked_pow(drop) {
        _ if drop == 0 => number,
        None => Decimal { mantissa: 0, exponent: -digits },
        Some(unit) => {
            let (quotient, rest) = (number.mantissa / unit, number.mantissa % unit);
            let up = rest.unsigned_abs() >= unit.unsigned_abs().div_ceil(2);
            Decimal { mantissa: quotient + if up { rest.signum() } else { 0 }, exponent: -digits }
        }
    };
    if digits > 0 {
        return Number::Decimal(rounded).value();
    }
    rounded.with_exponent(0).map_or(Value::Float(rounded.to_f64()), |number| Value::Int(number.mantissa))
}

/// Jekyll's `to_integer`: the number cut off at the point, the leading number of a text, 1 and 0 for true and false.
fn to_integer(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    match convert::resolve(call.input) {
        Value::Bool(value) => Ok(Value::Int(value.into())),
        Value::Int(number) => Ok(Value::Int(number)),
        Value::Float(number) => finite(number.trunc()),
        Value::Nil | Value::Empty | Value::Blank => Ok(Value::Int(0)),
        Value::Str(text) => Ok(convert::leading_integer(&text).value()),
        Value::Time(time) => Ok(time.timestamp().as_second().into()),
        other => Err(FilterError::new(format!("`{}` is no number", convert::type_name(&other)))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::super::testing::{run, table};

    #[test]
    fn decimals_stay_exact() {
        table(
            Dialect::Liquid,
            &[
                ("plus", "0.1", "0.2", "0.3"),
                ("times", "3", "0.1", "0.3"),
                ("minus", "\"10.1\"", "\"2.2\"", "7.9"),
                ("divided_by", "20", "7.0", "2.857142857142857"),
                ("divided_by", "1", "3.0", "0.3333333333333333"),
                ("divided_by", "10", "-3", "-4"),
                ("modulo", "-10", "3", "2"),
                ("modulo", "10.5", "-3", "-1.5"),
                ("times", "100000000.5", "100000000.5", "1.00000001e+16"),
                ("plus", "\"1_000\"", "1", "1001"),
                ("plus", "\"  12.5 \"", "1", "13.5"),
                ("plus", "\"12.5.3\"", "1", "13"),
                ("plus", "[1]", "1", "1"),
                ("abs", "\"-5.10\"", "", "5.1"),
                ("at_least", "7", "7.0", "7"),
                ("at_most", "\"abc\"", "-2", "-2"),
            ],
        );
    }

    #[test]
    fn rounding_goes_away_from_zero() {
        table(
            Dialect::Liquid,
            &[
                ("round", "2.675", "2", "2.68"),
                ("round", "-2.5", "", "-3"),
                ("round", "-0.4", "", "0"),
                ("round", "25", "-1", "30"),
                ("round", "1234.5", "-2", "1200"),
                ("round", "5.666", "1.9", "5.7"),
                ("round", "5", "2", "5"),
                ("round", "1", "99999999999999999999", "1"),
                ("ceil", "-1.5", "", "-1"),
                ("ceil", "1.0000000000000000000000000000001", "", "1"),
                ("floor", "\"-5.1\"", "", "-6"),
                ("floor", "-1e-300", "", "-1"),
                ("ceil", "1e-300", "", "1"),
            ],
        );
    }

    #[test]
    fn numbers_without_bounds_end_in_floats_or_errors() {
        let large = "\"170141183460469231731687303715884105727\"";
        assert_eq!(run("plus", large, "1"), "1.7014118346046923e+38");
        assert_eq!(run("times", large, large), "2.894802230932905e+76");
        assert_eq!(run("abs", "\"-170141183460469231731687303715884105728\"", ""), "1.7014118346046923e+38");
        assert_eq!(run("divided_by", "1", "0"), "error: divided by 0");
        assert_eq!(run("modulo", "1.5", "0"), "error: divided by 0");
        assert_eq!(run("divided_by", "1.0", "0"), "Infinity");
        assert_eq!(run("round", "1e300", "2"), "1.0e+300");
        assert_eq!(run("ceil", "1e300", ""), "1.0e+300");
        assert_eq!(run("plus", &format!("\"{}\"", "9".repeat(5000)), "1"), "Infinity");
        assert_eq!(run("ceil", &format!("\"{}.5\"", "9".repeat(5000)), ""), "error: Computation results in 'Infinity'");
    }

    #[test]
    fn integers_are_read_leniently() {
        table(
            Dialect::Jekyll,
            &[
                ("to_integer", "\"12abc\"", "", "12"),
                ("to_integer", "-3.9", "", "-3"),
                ("to_integer", "true", "", "1"),
                ("to_integer", "null", "", "0"),
                ("to_integer", "[]", "", "error: `Array` is no number"),
            ],
        );
    }
}
