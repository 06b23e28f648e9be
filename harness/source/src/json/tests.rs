use super::*;

/// What was read, written back in a form of its own: text in quotes, numbers bare.
fn show(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(text) => text.clone(),
        Value::String(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
        Value::Map(entries) => {
            let entries: Vec<_> = entries.iter().map(|entry| format!("{}={}", entry.key, show(&entry.value))).collect();
            format!("{{{}}}", entries.join(" "))
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let (node, findings) = read(FileId(7), text);
    assert_eq!(findings, [], "{text}");
    assert_eq!(node.as_ref().map(show).as_deref(), Some(expected), "{text}");
}

/// `message | underlined text`, one for each finding.
#[track_caller]
fn refuse(text: &str, read_on: bool, expected: &[&str]) {
    let (node, findings) = read(FileId(0), text);
    let found: Vec<_> = findings
        .iter()
        .map(|finding| {
            format!("{} | {}", finding.message, &text[finding.span.start as usize..finding.span.end as usize])
        })
        .collect();
    assert_eq!(found, expected, "{text}");
    assert!(findings.iter().all(Finding::is_error));
    assert_eq!(node.is_some(), read_on, "{text}");
}

#[test]
fn values_are_read() {
    check("null", "null");
    check(" true\n", "true");
    check("[false, 0, -0.5e+10, 123456789012345678901234567890]", "[false 0 -0.5e+10 123456789012345678901234567890]");
    check(r#"{"a": {"b": []}, "": {}}"#, "{a={b=[]} ={}}");
    check(r#""q\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 ü""#, "\"q\\\"\\\\/\\u{8}\\u{c}\\n\\r\\té😀 ü\"");
}

#[test]
fn every_node_has_its_place() {
    let text = r#" {"ä": [ 1 , "x" ]} "#;
    let (node, _) = read(FileId(7), text);
    let node = node.unwrap();
    let at = |span: Span| (span.file, &text[span.start as usize..span.end as usize]);
    assert_eq!(at(node.span), (FileId(7), r#"{"ä": [ 1 , "x" ]}"#));
    let entry = &node.entries()[0];
    assert_eq!(at(entry.key_span).1, r#""ä""#);
    assert_eq!(at(entry.value.span).1, r#"[ 1 , "x" ]"#);
    assert_eq!(entry.value.items().iter().map(|item| at(item.span).1).collect::<Vec<_>>(), ["1", r#""x""#]);
}

#[test]
fn what_does_not_hide_the_structure_is_said_and_read_on_from() {
    refuse(
        r#"{"a": 1, "a": 2, "b": {"a": 3}, "a": 4}"#,
        true,
        &["duplicate key `a` | \"a\"", "duplicate key `a` | \"a\""],
    );
    refuse(r#"{"\u0061": 1, "a": 2}"#, true, &["duplicate key `a` | \"a\""]);
    refuse("[1, 2,]", true, &["trailing comma | ,"]);
    refuse(
        r#"["\x", "\u12G4"]"#,
        true,
        &[r"`\x` is not an escape in JSON | \x", r"`\u` without four hexadecimal digits | \u"],
    );
    refuse(
        r#"["\ud800", "\udc00\ud800", "\ud800\u0041"]"#,
        true,
        &[
            r"half a surrogate pair | \ud800",
            r"half a surrogate pair | \udc00",
            r"half a surrogate pair | \ud800",
            r"half a surrogate pair | \ud800",
        ],
    );
    refuse(
        "\"a\tb\0\"",
        true,
        &[
            "unescaped control character (U+0009) in a string | \t",
            "unescaped control character (U+0000) in a string | \0",
        ],
    );
    refuse(r#""\u0000""#, true, &[r"NUL character in a string | \u0000"]);
    refuse("\u{feff}{}", true, &["the text starts with a byte order mark | \u{feff}"]);
}

#[test]
fn what_hides_the_structure_ends_the_reading() {
    // A bracket that is closed too early makes two values of one.
    refuse("{} {} ", false, &["text after the end of the JSON value | {}"]);
    // White space elsewhere, and text here.
    refuse("2 \u{c}\u{a0}\n", false, &["text after the end of the JSON value | \u{c}\u{a0}"]);
    refuse("", false, &["expected a JSON value, but the text ends | "]);
    refuse(r#"{"a": [1"#, false, &["expected `]`, but the text ends | "]);
    refuse(r#"{"a""#, false, &["expected `:`, but the text ends | "]);
    refuse(r#"{"a": "b"#, false, &["expected a closing `\"`, but the text ends | \"b"]);
    refuse(r#""\"#, false, &["expected the rest of an escape, but the text ends | "]);
    refuse("[1 2]", false, &["expected `,` or `]`, found `2` | 2"]);
    refuse("[,]", false, &["expected a JSON value, found `,` | ,"]);
    refuse("{'a': 1}", false, &["expected a key in double quotes, found `'` | '"]);
    refuse("{a: 1}", false, &["expected a key in double quotes, found `a` | a"]);
    refuse("[True]", false, &["expected a JSON value, found `True` | True"]);
    refuse("[nullx]", false, &["expected a JSON value, found `nullx` | nullx"]);
    refuse("[012345678901]", false, &["`012345678901` is not a number in JSON | 012345678901"]);
    refuse("[1., .5]", false, &["`1.` is not a number in JSON | 1."]);
    refuse("[-]", false, &["`-` is not a number in JSON | -"]);
    refuse("[\u{a0}1]", false, &["expected a JSON value, found `\\u00a0` | \u{a0}"]);
}

#[test]
fn a_message_has_the_start_of_a_long_text() {
    let long = "é".repeat(100_000);
    let digits = format!("0{}", "1".repeat(100_000));
    for text in [format!(r#"{{"{long}": 1, "{long}": 2}}"#), digits] {
        let (_, findings) = read(FileId(0), &text);
        let message = &findings[0].message;
        assert!(message.len() < 500 && message.contains("…`"), "{message}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(read(FileId(0), &nested(MAX_DEPTH)).1, []);
    for text in [nested(MAX_DEPTH + 1), "[".repeat(5_000_000), "{\"a\":".repeat(1_000_000)] {
        let (node, findings) = read(FileId(0), &text);
        assert_eq!(node, None);
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["JSON_TOO_DEEP"]);
    }
}

#[test]
fn ten_megabytes_are_read_with_every_key_compared() {
    let many: Vec<_> = (0..400_000).map(|at| format!("\"key-{at}\": \"value {at}\"")).collect();
    let text = format!("{{{}, \"key-0\": 1}}", many.join(", "));
    assert!(text.len() > 10_000_000);
    let (node, findings) = read(FileId(0), &text);
    assert_eq!(node.map(|node| node.entries().len()), Some(400_001));
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["DUPLICATE_KEY"]);
}
