use std::cmp::Ordering::{Equal, Greater, Less};

use proptest::prelude::*;

use super::*;

#[test]
fn numbers_are_compared_exactly() {
    for (left, right, expected) in [
        ("10", "9", Greater),
        ("10", "10.0", Equal),
        ("010", "10", Equal),
        ("-0", "0", Equal),
        ("-2", "-10", Greater),
        ("-1", "1", Less),
        ("0.5", ".50", Equal),
        ("1.05", "1.5", Less),
        ("9007199254740993", "9007199254740992", Greater),
        ("+3", "3", Equal),
    ] {
        let read = |text| Decimal::parse(text).unwrap();
        assert_eq!(read(left).compare(read(right)), expected, "{left} {right}");
        assert_eq!(read(right).compare(read(left)), expected.reverse(), "{right} {left}");
    }
    for text in ["", ".", "-", "1e3", "1,5", "0x10", "1.2.3", " 1", "٣"] {
        assert!(Decimal::parse(text).is_none(), "{text}");
    }
}

/// Epoch seconds worked out with `date -u -d … +%s`.
#[test]
fn dates_in_every_form_are_one_point_in_time() {
    for (text, seconds) in [
        ("2020-01-01T00:00:01Z", "1577836801"),
        ("2020-01-01", "1577836800"),
        ("2020-01", "1577836800"),
        ("2020-02-29T12:00Z", "1582977600"),
        ("2000-02-29", "951782400"),
        ("2020-08-31", "1598832000"),
        ("1960-03-01", "-310435200"),
        ("1969-12-31T23:59:59Z", "-1"),
        ("2019-12-31T23:59:59+23:59", "1577750459"),
        ("2000-03-01T00:00:00+01:00", "951865200"),
        ("2020-01-01T00:00:01.5-05:30", "1577856601.5"),
        ("2020-01-01T00:00:01.250Z", "1577836801.25"),
        // www.w3.org/TR/NOTE-datetime: a fraction has "one or more digits".
        ("2020-01-01T00:00:01.2500000000Z", "1577836801.250000000000"),
    ] {
        assert_eq!(Instant::parse(text).unwrap(), Instant::parse(seconds).unwrap(), "{text}");
    }
    let in_order = ["-1.5", "-1", "0", "0.05", "0.25", "0.5", "1", "1970-01-01T00:00:01.5Z", "2"].map(Instant::parse);
    assert!(in_order.is_sorted_by(|earlier, later| earlier < later), "{in_order:?}");
    assert_eq!(Instant::parse("0.5"), Instant::parse("0.50"));
    let refused = [
        "",
        "2020-13-01",
        "2019-02-29",
        "1900-02-29",
        "2020-02-30",
        "2020-04-31",
        "2020-06-31",
        "2020-09-31",
        "2020-11-31",
        "2020-12-32",
        "2020-00-01",
        "2020-01-00",
        "2020-01-01T24:00:00Z",
        "2020-01-01T00:60:00Z",
        "2016-12-31T23:59:60Z",
        "2020-01-01T00:00:00",
        "2020-1-1",
        "2020-01T00:00Z",
        "2020-01-01T00Z",
        "2020-01-01T00:00:01.Z",
        "2020-01-01T00:00:01.123456789xZ",
        "2020-01-01T00:00:00+24:00",
        "2020-01-01T00:00:00-00:60",
        "2020-01-01T00:00:00z",
        "2020-01-01 00:00:00Z",
        "now",
        "12345678901234567890",
        "2020-01-01-01",
    ];
    for text in refused {
        assert_eq!(Instant::parse(text), None, "{text}");
    }
}

#[test]
fn ranges_hold_addresses() {
    for (range, address, expected) in [
        ("203.0.113.0/24", "203.0.113.255", true),
        ("203.0.113.0/24", "203.0.114.0", false),
        ("203.0.113.7/24", "203.0.113.1", true),
        ("203.0.113.7", "203.0.113.7", true),
        ("203.0.113.7", "203.0.113.8", false),
        ("0.0.0.0/0", "1.2.3.4", true),
        ("0.0.0.0/0", "::1", false),
        ("2001:DB8:1234:5678::/64", "2001:db8:1234:5678:9::1", true),
        ("2001:db8::1", "2001:0db8:0:0::1", true),
        ("::/0", "1.2.3.4", false),
    ] {
        assert_eq!(Range::parse(range).unwrap().contains(address.parse().unwrap()), expected, "{range} {address}");
    }
    for text in ["", "203.0.113.0/33", "203.0.113", "host", "1.2.3.4/"] {
        assert_eq!(Range::parse(text), None, "{text}");
    }
}

#[test]
fn base64_is_strict() {
    assert_eq!(bytes("QmluYXJ5VmFsdWVJbkJhc2U2NA=="), Some("QmluYXJ5VmFsdWVJbkJhc2U2NA"));
    assert_eq!(bytes(""), Some(""));
    assert_eq!(bytes("+/+/"), Some("+/+/"));
    for text in ["AA==", "Ag==", "Aw==", "AAA=", "AAk=", "AA0=", "AA4="] {
        assert!(bytes(text).is_some(), "{text}");
    }
    for text in [
        "Q", "QQ", "QR==", "QQ=", "Q===", "QQ==QQ==", "Q-Q=", "====", "Ah==", "A0==", "A4==", "AAl=", "AA1=", "AA+=",
        "A+==", "AA/=",
    ] {
        assert_eq!(bytes(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn whole_numbers_compare_as_numbers_do(left in any::<i64>(), right in any::<i64>()) {
        let (a, b) = (left.to_string(), right.to_string());
        prop_assert_eq!(Decimal::parse(&a).unwrap().compare(Decimal::parse(&b).unwrap()), left.cmp(&right));
    }

    #[test]
    fn no_text_is_too_odd(text in ".*") {
        let _ = (Instant::parse(&text), Range::parse(&text), bytes(&text), Decimal::parse(&text).is_some());
    }
}
