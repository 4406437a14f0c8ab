use super::*;

fn float(value: f64) -> String {
    text(&Value::Float(value)).into_owned()
}

#[test]
fn floats_print_as_in_ruby() {
    let cases = [
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (1e15, "1000000000000000.0"),
        (1e16, "1.0e+16"),
        (1e20, "1.0e+20"),
        (1.5e300, "1.5e+300"),
        (0.0001, "0.0001"),
        (0.00001, "1.0e-05"),
        (123456789.125, "123456789.125"),
        (f64::INFINITY, "Infinity"),
    ];
    for (value, expected) in cases {
        assert_eq!(float(value), expected);
    }
}
