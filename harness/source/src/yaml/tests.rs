#![expect(clippy::disallowed_methods, reason = "slow inputs are told by the clock")]

use std::fmt::Write;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// A tree on one line: text quoted, numbers and Booleans bare.
fn show(node: &Node) -> String {
    let mut out = String::new();
    write_node(node, &mut out);
    out
}

fn write_node(node: &Node, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => write!(out, "{value}").unwrap(),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => write!(out, "{text:?}").unwrap(),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_node(item, out);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (at, entry) in entries.iter().enumerate() {
                write!(out, "{}{:?}:", if at == 0 { "" } else { "," }, entry.key).unwrap();
                write_node(&entry.value, out);
            }
            out.push('}');
        }
    }
}

fn underlined(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

fn reads(text: &str, expected: &str) {
    let (node, findings) = read(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    assert_eq!(show(&node.expect("a tree")), expected, "{text}");
}

/// One finding: its message, its help and the text it underlines.
fn refuses(text: &str, message: &str, help: &str, at: &str) {
    let (_, findings) = read(FileId(0), text);
    let found: Vec<_> = findings
        .iter()
        .map(|finding| (&*finding.message, finding.help.as_deref().unwrap_or(""), underlined(text, finding.span)))
        .collect();
    assert_eq!(found, [(message, help, at)], "{text}");
    assert!(findings.iter().all(Finding::is_error));
}

/// The text under the value that a path of keys and indexes leads to.
fn place<'t>(text: &'t str, path: &[&str]) -> &'t str {
    let (node, findings) = read(FileId(0), text);
    assert_eq!(findings, []);
    let root = node.expect("a tree");
    let mut node = &root;
    for step in path {
        node = node.get(step).or_else(|| step.parse().ok().and_then(|at: usize| node.items().get(at))).expect(step);
    }
    underlined(text, node.span)
}

#[test]
fn scalars_stay_as_written() {
    for (written, read_as) in [
        ("2010-09-09", r#""2010-09-09""#),
        ("012345678901", r#""012345678901""#),
        ("123456789012", "123456789012"),
        ("on", r#""on""#),
        ("yes", r#""yes""#),
        ("No", r#""No""#),
        ("off", r#""off""#),
        ("True", r#""True""#),
        ("true", "true"),
        ("false", "false"),
        ("'true'", r#""true""#),
        ("0", "0"),
        ("-1.50e+3", "-1.50e+3"),
        ("1.", r#""1.""#),
        (".5", r#"".5""#),
        ("+1", r#""+1""#),
        ("0x1F", r#""0x1F""#),
        ("1_000", r#""1_000""#),
        ("12:30", r#""12:30""#),
        (".inf", r#"".inf""#),
        ("~", "null"),
        ("null", "null"),
        ("", "null"),
        ("\"null\"", r#""null""#),
        ("!!str 12", r#""12""#),
        ("! 12", r#""12""#),
        ("!!int 12", "12"),
    ] {
        reads(&format!("a: {written}\n"), &format!(r#"{{"a":{read_as}}}"#));
    }
}

#[test]
fn keys_are_text_whatever_they_look_like() {
    reads("2012: a\ntrue: b\n'': c\nnull: d\n", r#"{"2012":"a","true":"b","":"c","null":"d"}"#);
}

#[test]
fn short_tags_become_long_forms() {
    for (written, read_as) in [
        ("!Ref A", r#"{"Ref":"A"}"#),
        ("!GetAtt A.Arn", r#"{"Fn::GetAtt":["A","Arn"]}"#),
        ("!GetAtt 'A.Outputs.B'", r#"{"Fn::GetAtt":["A","Outputs.B"]}"#),
        ("!GetAtt [A, Arn]", r#"{"Fn::GetAtt":["A","Arn"]}"#),
        ("!GetAtt A", r#"{"Fn::GetAtt":"A"}"#),
        ("!Sub '${A}-x'", r#"{"Fn::Sub":"${A}-x"}"#),
        ("!Sub ['${a}', {a: !Ref B}]", r#"{"Fn::Sub":["${a}",{"a":{"Ref":"B"}}]}"#),
        ("!Join ['', [a, !Ref B]]", r#"{"Fn::Join":["",["a",{"Ref":"B"}]]}"#),
        ("!Select [0, !GetAZs '']", r#"{"Fn::Select":[0,{"Fn::GetAZs":""}]}"#),
        ("!Split [',', 'a,b']", r#"{"Fn::Split":[",","a,b"]}"#),
        ("!If [C, !Ref A, !Ref AWS::NoValue]", r#"{"Fn::If":["C",{"Ref":"A"},{"Ref":"AWS::NoValue"}]}"#),
        ("!Equals [a, b]", r#"{"Fn::Equals":["a","b"]}"#),
        (
            "!And [!Condition A, !Not [!Condition B]]",
            r#"{"Fn::And":[{"Condition":"A"},{"Fn::Not":[{"Condition":"B"}]}]}"#,
        ),
        ("!Or [!Condition A]", r#"{"Fn::Or":[{"Condition":"A"}]}"#),
        ("!FindInMap [M, a, b]", r#"{"Fn::FindInMap":["M","a","b"]}"#),
        ("!Base64 x", r#"{"Fn::Base64":"x"}"#),
        ("!Cidr [10.0.0.0/16, 1, 8]", r#"{"Fn::Cidr":["10.0.0.0/16",1,8]}"#),
        ("!ImportValue x", r#"{"Fn::ImportValue":"x"}"#),
        ("!Transform {Name: AWS::Include}", r#"{"Fn::Transform":{"Name":"AWS::Include"}}"#),
    ] {
        reads(&format!("a: {written}\n"), &format!(r#"{{"a":{read_as}}}"#));
    }
}

#[test]
fn a_span_covers_what_was_written() {
    let text = "é: !Ref Röle # c\nb: !GetAtt  'A.Arn' # 'c'\nc: !Sub |\n  ü\n  b\n\nd: >-\n  one\n\n  two\ne: [ 1, !Ref X ]\n\
                f: !If\n  - C\n  - k: v\n    l: w\n\ng: plain\n  two lines\nh:\n  - a\n\n# end\n";
    for (path, expected) in [
        (&["é"][..], "!Ref Röle"),
        (&["é", "Ref"], "Röle"),
        (&["b"], "!GetAtt  'A.Arn'"),
        (&["b", "Fn::GetAtt", "0"], "A"),
        (&["b", "Fn::GetAtt", "1"], "Arn"),
        (&["c"], "!Sub |\n  ü\n  b"),
        (&["d"], "one\n\n  two"),
        (&["e"], "[ 1, !Ref X ]"),
        (&["e", "1"], "!Ref X"),
        (&["f"], "!If\n  - C\n  - k: v\n    l: w"),
        (&["f", "Fn::If", "1"], "k: v\n    l: w"),
        (&["g"], "plain\n  two lines"),
        (&["h"], "- a"),
    ] {
        assert_eq!(place(text, path), expected, "{path:?}");
    }
}

#[test]
fn the_key_of_a_long_form_is_the_tag() {
    let text = "a: !Sub x\nb: [!Ref, !Ref y]\n";
    let (node, _) = read(FileId(0), text);
    let node = node.unwrap();
    let key = |node: &Node| underlined(text, node.entries()[0].key_span);
    assert_eq!(key(node.get("a").unwrap()), "!Sub");
    assert_eq!(key(&node.get("b").unwrap().items()[0]), "!Ref");
    assert_eq!(key(&node.get("b").unwrap().items()[1]), "!Ref");
}

#[test]
fn bad_texts_are_refused_with_their_place() {
    refuses("a: !Reff b\n", "unknown tag `!Reff`", "did you mean `!Ref`?", "!Reff");
    refuses("a: !Quux b\n", "unknown tag `!Quux`", "", "!Quux");
    refuses(
        "a: !!binary b\n",
        "`!!binary` cannot be applied here",
        "take the tag away: the value reads as text",
        "!!binary",
    );
    refuses("a: 1\nb: 2\na: 3\n", "duplicate key `a`", "keep one of the two", "a");
    refuses("a: \"x\n", "a quoted text is never closed", "add the closing quote", "\"");
    refuses(
        "a: \"x\nb: 1\n",
        "a quoted text is never closed, or its next line is not indented",
        "add the closing quote",
        "\"",
    );
    refuses("a:\n\tb: 1\n", "tab in the indentation", "indent with spaces", "b");
    refuses("a: [1\n", "a `[` is never closed, or a comma is missing", "add the `]` or the `,`", "");
    refuses("a: {b: 1\n", "a `{` is never closed, or a comma is missing", "add the `}` or the `,`", "");
    refuses(
        "a: b: c\n",
        "unexpected `:`",
        "quote a text that contains `: `, or indent the line like its neighbours",
        ":",
    );
    refuses(
        "Resource: *\n",
        "`*` or `&` begins an alias or an anchor, and no name follows",
        "quote a text that begins with `*` or `&`: `'*'`",
        "*",
    );
    refuses("a: &x [*x]\n", "an alias stands inside what it names", "write the value itself", "*x");
    refuses("a:\n  <<: 1\n", "`<<` names no mappings to merge", "write the entries themselves", "<<");
    refuses(
        "a: 1\n---\nb: 1\n",
        "a second document starts here",
        "keep one document in a file: take this `---` and what follows it out",
        "---",
    );
    refuses("? [a]\n: b\n", "a key must be text", "quote it", "[");
    refuses("a: \0\n", "NUL character in the text", "save the file as UTF-8 text", "\0");
    let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
    refuses(&format!("a: {deep}\n"), "nested more than 64 deep", "", "[");
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = "a: !Reff x\nb: 1\nb: 2\nc: !Jion y\n";
    let (node, findings) = read(FileId(0), text);
    assert_eq!(
        findings.iter().map(|finding| finding.code).collect::<Vec<_>>(),
        ["UNKNOWN_TAG", "DUPLICATE_KEY", "UNKNOWN_TAG"]
    );
    assert_eq!(show(&node.unwrap()), r#"{"a":"x","b":2,"c":"y"}"#, "and what could be read is there");
}

#[test]
fn json_is_read_whatever_yaml_thinks_of_it() {
    reads(
        "{\n\t\"a\": \"\\ud83d\\ude00\\/\",\n\t\"b\": [1, true, null]\n}",
        "{\"a\":\"\u{1f600}/\",\"b\":[1,true,null]}",
    );
    reads("\u{feff}{\"a\": 1}", r#"{"a":1}"#);
    reads("{a: !Ref b, c: [d,]}", r#"{"a":{"Ref":"b"},"c":["d"]}"#);
    reads("{\"a\": 1,}", r#"{"a":1}"#);
    let code = |text| read(FileId(0), text).1.first().map(|finding| finding.code);
    assert_eq!(code("{\"a\": 1 \"b\": 2}"), Some("JSON_SYNTAX"), "meant as JSON");
    assert_eq!(code("{a: 1 'b': 2}"), Some("SYNTAX"), "meant as YAML");
}

#[test]
fn nothing_is_null() {
    for text in ["", "# only a comment\n", "---\n", "\u{feff}"] {
        reads(text, "null");
    }
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_are_fine() {
    reads("\u{feff}a: b\r\nc: |\r\n  x\r\n  y\r\n", r#"{"a":"b","c":"x\ny\n"}"#);
    assert_eq!(place("\u{feff}a: b\r\nc: d\r\n", &["c"]), "d");
}

#[test]
fn the_readers_time_grows_with_the_text() {
    let long = 3 << 20;
    for (name, text) in [
        ("brackets", "[".repeat(long)),
        ("dashes", "- ".repeat(long / 2)),
        ("question marks", "? ".repeat(long / 2)),
        ("one long scalar", format!("a: {}", "ä ".repeat(long / 3))),
        ("one open quote", format!("a: \"{}", "x\n".repeat(long / 2))),
        ("a duplicate key again and again", "a: b\n".repeat(long / 50)),
        ("unknown tags", "- !Nope x\n".repeat(long / 50)),
        ("one long tag", format!("a: !{} x", "T".repeat(long))),
        ("blank lines", "\n".repeat(long)),
    ] {
        let start = Instant::now();
        let (_, findings) = read(FileId(0), &text);
        assert!(findings.len() <= Findings::MOST + 1, "{name}");
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in r"[a-c!&*:?\-\[\]{},'#|>%@ \t\r\n\x22\\é\x{0}\x{feff}0-9~.]{0,60}") {
        inside(&text);
    }

    #[test]
    fn no_near_template_makes_it_panic(parts in prop::collection::vec(prop::sample::select(&[
        "a:", " ", "\n", "  ", "!Ref", "!GetAtt", " A.B", "- ", "[", "]", "{", "}", ",", "'", "\"", "|\n", ">-\n", "---\n", "&x ", "*x", "# c\n", "é", "? ", ": ", "<<", "!!str ",
    ][..]), 0..25)) {
        inside(&parts.concat());
    }
}

/// Reads, and sees that every span lies inside the text and on characters.
fn inside(text: &str) {
    let (node, findings) = read(FileId(0), text);
    let fits = |span: Span| assert!(text.get(span.start as usize..span.end as usize).is_some(), "{text:?} {span:?}");
    findings.iter().for_each(|finding| fits(finding.span));
    assert!(node.is_some() || !findings.is_empty(), "{text:?} gave neither a tree nor a reason");
    let mut open: Vec<&Node> = node.iter().collect();
    while let Some(node) = open.pop() {
        fits(node.span);
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
        node.entries().iter().for_each(|entry| fits(entry.key_span));
    }
}

/// What is read, with the warnings: code and the text they underline.
fn reads_with_warnings(text: &str, expected: &str, warnings: &[(&str, &str)]) {
    let (node, findings) = read(FileId(0), text);
    let said: Vec<_> = findings.iter().map(|finding| (finding.code, underlined(text, finding.span))).collect();
    assert_eq!(said, warnings, "{text}");
    assert!(!findings.iter().any(Finding::is_error), "{findings:?}");
    assert_eq!(show(&node.expect("a tree")), expected, "{text}");
}

#[test]
fn aliases_and_merge_keys_are_read_with_a_warning() {
    reads_with_warnings("a: &x {b: 1}\nc: *x\n", r#"{"a":{"b":1},"c":{"b":1}}"#, &[("ALIAS", "*x")]);
    reads_with_warnings(
        "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n",
        r#"{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}"#,
        &[("ALIAS", "*x"), ("MERGE_KEY", "<<")],
    );
    // A quoted key is a key.
    reads("a: {'<<': 1}\n", r#"{"a":{"<<":1}}"#);
}

#[test]
fn aliases_cannot_grow_without_end() {
    let mut text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
    for at in 1..20 {
        let names = vec![format!("*a{}", at - 1); 10].join(", ");
        writeln!(text, "a{at}: &a{at} [{names}]").unwrap();
    }
    let start = Instant::now();
    let (node, findings) = read(FileId(0), &text);
    assert!(node.is_none() && findings.iter().any(|finding| finding.code == "TOO_MANY_ALIASES"), "{findings:?}");
    assert!(start.elapsed() < Duration::from_secs(5));
    let mut deep = "a0: &a0 [1]\n".to_owned();
    (1..80).for_each(|at| writeln!(deep, "a{at}: &a{at} [*a{}]", at - 1).unwrap());
    assert!(read(FileId(0), &deep).1.iter().any(|finding| finding.code == "TOO_DEEP"));
}

#[test]
fn what_is_not_indented_inside_brackets_and_quotes_is_read_with_a_warning() {
    for (text, expected, warnings) in [
        ("a:\n  b: [\n  x\n  ]\nc: 1\n", r#"{"a":{"b":["x"]},"c":1}"#, &[("NOT_INDENTED", "x")][..]),
        ("a:\n  b: [\n    \"x\"\n  ]\n", r#"{"a":{"b":["x"]}}"#, &[("NOT_INDENTED", "]")]),
        ("a:\n  b: {\nx: 1,\ny: [2,\n3]\n}\n", r#"{"a":{"b":{"x":1,"y":[2,3]}}}"#, &[("NOT_INDENTED", "x")]),
        ("a:\n  b: '{\n  x\n  }'\nc: 1\n", r#"{"a":{"b":"{ x }"},"c":1}"#, &[("NOT_INDENTED", "x")]),
        (
            "a:\n  b: \"x\ny\"\n  c: [\n  1]\n",
            r#"{"a":{"b":"x y","c":[1]}}"#,
            &[("NOT_INDENTED", "y"), ("NOT_INDENTED", "1")],
        ),
        // A quoted text that begins its line, and one whose lines begin with tabs.
        ("a:\n  b: [\n    \"x\ny\",\n    z]\nc: 1\n", r#"{"a":{"b":["x y","z"]},"c":1}"#, &[("NOT_INDENTED", "y")]),
        (
            "a:\n  b: '{\n\t\"x\": 1,\n\t\"y\": 2\n}'\n",
            r#"{"a":{"b":"{ \"x\": 1, \"y\": 2 }"}}"#,
            &[("NOT_INDENTED", "\"")],
        ),
    ] {
        reads_with_warnings(text, expected, warnings);
    }
    // Places are those of the text as it stands.
    let text = "a:\n  b: [\n  x,\n  yz\n  ]\nc: 'd'\n";
    let (node, _) = read(FileId(0), text);
    let node = node.expect("a tree");
    let b = node.get("a").and_then(|a| a.get("b")).expect("b");
    assert_eq!(b.items().iter().map(|item| underlined(text, item.span)).collect::<Vec<_>>(), ["x", "yz"]);
    assert_eq!(underlined(text, node.get("c").expect("c").span), "'d'");
    // What is never closed stays an error.
    assert!(read(FileId(0), "a:\n  b: 'x\ny\n").1.iter().any(Finding::is_error));
}

#[test]
fn a_comment_without_a_space_is_read_with_a_warning() {
    for (text, expected) in [
        ("a: [1,# c\n 2]\n", r#"{"a":[1,2]}"#),
        ("a: [# c\n 1]\n", r#"{"a":[1]}"#),
        ("a: \"x\"# c\nb: 1\n", r#"{"a":"x","b":1}"#),
        ("a: {b: 1}# c\n", r#"{"a":{"b":1}}"#),
        // Here it is none.
        ("a: b#c\n", r#"{"a":"b#c"}"#),
    ] {
        let warnings = if text.contains("b#c") { &[][..] } else { &[("NO_SPACE_BEFORE_COMMENT", "#")] };
        reads_with_warnings(text, expected, warnings);
    }
    reads_with_warnings(
        "a: [é,# c\n ü]# d\n",
        r#"{"a":["é","ü"]}"#,
        &[("NO_SPACE_BEFORE_COMMENT", "#"), ("NO_SPACE_BEFORE_COMMENT", "#")],
    );
}

#[test]
fn a_key_may_say_that_it_is_text() {
    reads("! \"a\": b\n!!str c: d\n", r#"{"a":"b","c":"d"}"#);
    refuses("!Ref a: b\n", "a key must be text", "quote it", "!Ref a");
}
