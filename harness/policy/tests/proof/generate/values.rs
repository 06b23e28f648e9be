//! Values by type, with the spellings that are easy to get wrong.

use crate::tape::Tape;

/// A condition key, its type, and whether requests give it many values.
#[derive(Clone, Copy)]
pub struct Key {
    pub names: &'static [&'static str],
    pub values: &'static [&'static str],
    pub family: &'static [&'static str],
    pub is_multivalued: bool,
}

pub const TEXT_OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
];
pub const NUMBER_OPERATORS: &[&str] = &[
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];
pub const DATE_OPERATORS: &[&str] =
    &["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"];
pub const BOOL_OPERATORS: &[&str] = &["Bool"];
pub const BINARY_OPERATORS: &[&str] = &["BinaryEquals"];
pub const ADDRESS_OPERATORS: &[&str] = &["IpAddress", "NotIpAddress"];
pub const ARN_OPERATORS: &[&str] = &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"];

const TEXTS: &[&str] =
    &["ann", "Ann", "", "*", "a", "ab", "a*", "?", "ÄÖ", "äö", "a/b:c", "true", "5", "$", "ann ", "🦀"];
const NUMBERS: &[&str] = &[
    "5",
    "5.0",
    "05",
    "+5",
    "-5",
    "4.99",
    "5.01",
    "0",
    "-0",
    ".5",
    "0.50",
    "9007199254740993",
    "9007199254740992",
    "1e3",
    "five",
    "",
    "5.",
];
const DATES: &[&str] = &[
    "2020-01-01T00:00:00Z",
    "2020-01-01",
    "1577836800",
    "2020-01-01T01:00:00+01:00",
    "2019-12-31T18:30-05:30",
    "2020-01-01T00:00:00.5Z",
    "1577836800.50",
    "1577836800000",
    "2020",
    "2020-01",
    "2019-02-29",
    "2020-02-29T23:59:59Z",
    "2020-01-01T00:00:00",
    "1969-12-31T23:59:59Z",
    "2020-01-01T00:00:00.5000000000Z",
    "2020-01-01T00:00:00+24:00",
    "2020-01-01T00:00:60Z",
    "-1",
    "now",
    "",
];
const BOOLEANS: &[&str] = &["true", "false", "True", "FALSE", "yes", ""];
const BINARIES: &[&str] = &["QQ==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QUE=", "QQ", "QR==", "", "A"];
const ADDRESSES: &[&str] = &[
    "203.0.113.7",
    "203.0.113.0/24",
    "203.0.114.1",
    "2001:db8:1234:5678:9::1",
    "203.0.113.9/24",
    "0.0.0.0/0",
    "::/0",
    "2001:DB8:1234:5678::/64",
    "::ffff:203.0.113.7",
    "203.0.113.7/33",
    "203.0.113.7/32",
    "010.0.0.1",
    "host",
    "",
];
const ARNS: &[&str] = &[
    "arn:aws:iam::111122223333:user/ann",
    "arn:aws:iam::111122223333:*",
    "arn:aws:iam::*:user/*",
    "arn:aws:iam::111122223333:role/app",
    "arn:*:iam::11112222????:role/app",
    "arn:aws:sns:us-east-1:111122223333:a:b",
    "arn:aws:sns:*:a:b",
    "arn:aws:sns:*:111122223333:a*b",
    "arn:aws:iam::111122223333:USER/ann",
    "arn:aws:iam::111122223333:role/team/app",
    "arn:aws:iam::111122223333:role/team/*",
    "arn:aws:iam::*:role/*/app",
    "arn:aws:iam::111122223333:role/*app",
    "arn:aws:iam::111122223333:role/t?*/AWS*",
    "arn:aws:iam::111122223333:role/aws-reserved/*/AWSReservedSSO_Admin_?",
    "arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_*",
    "arn:aws:iam",
    "arn:*",
    "*",
    "ann",
    "",
];

/// What stands in a policy where the variables page lets one.
const VARIABLES: &[&str] = &[
    "${aws:username}",
    "${AWS:UserName}",
    "${aws:PrincipalTag/team}",
    "${aws:PrincipalArn}",
    "${aws:TagKeys}",
    "${aws:nothing}",
    "${aws:nothing, 'ann'}",
    "${aws:username,'a'}",
    "${aws:TagKeys, 'a'}",
    "${aws:nothing, ''}",
    "${*}",
    "${?}",
    "${$}",
    "a${*}",
    "${aws:username}*",
    "?${aws:username, 'x'}",
    "arn:aws:iam::111122223333:user/${aws:username}",
    "arn:aws:iam::111122223333:*/${aws:nothing, 'ann'}",
];

pub const KEYS: &[Key] = &[
    text(&["aws:PrincipalTag/team", "aws:principaltag/Team"]),
    text(&["aws:username", "AWS:UserName"]),
    Key { is_multivalued: true, ..text(&["aws:TagKeys", "aws:tagkeys"]) },
    Key { names: &["s3:max-keys"], values: NUMBERS, family: NUMBER_OPERATORS, is_multivalued: false },
    Key { names: &["aws:CurrentTime"], values: DATES, family: DATE_OPERATORS, is_multivalued: false },
    Key { names: &["aws:SecureTransport"], values: BOOLEANS, family: BOOL_OPERATORS, is_multivalued: false },
    Key { names: &["x:Binary"], values: BINARIES, family: BINARY_OPERATORS, is_multivalued: false },
    Key { names: &["aws:SourceIp"], values: ADDRESSES, family: ADDRESS_OPERATORS, is_multivalued: false },
    Key { names: &["aws:PrincipalArn"], values: ARNS, family: ARN_OPERATORS, is_multivalued: false },
    Key { names: &["x:Numbers"], values: NUMBERS, family: NUMBER_OPERATORS, is_multivalued: true },
    Key { names: &["x:Booleans"], values: BOOLEANS, family: BOOL_OPERATORS, is_multivalued: true },
    Key { names: &["x:Binaries"], values: BINARIES, family: BINARY_OPERATORS, is_multivalued: true },
    Key { names: &["x:Dates"], values: DATES, family: DATE_OPERATORS, is_multivalued: true },
    Key { names: &["x:Addresses"], values: ADDRESSES, family: ADDRESS_OPERATORS, is_multivalued: true },
    Key { names: &["x:Arns"], values: ARNS, family: ARN_OPERATORS, is_multivalued: true },
];

const fn text(names: &'static [&'static str]) -> Key {
    Key { names, values: TEXTS, family: TEXT_OPERATORS, is_multivalued: false }
}

/// A value that a request or a policy may hold for the key: often one of the first few, so that the two meet; now and
/// then one of another type.
pub fn value(tape: &mut Tape, key: Key) -> String {
    let key = if tape.once_in(12) { tape.pick(KEYS) } else { key };
    if tape.once_in(2) { tape.text(key.values) } else { tape.text(&key.values[..4]) }
}

/// A value of a policy: the same, or one with a variable.
pub fn wanted(tape: &mut Tape, key: Key) -> String {
    if tape.once_in(5) { tape.text(VARIABLES) } else { value(tape, key) }
}
