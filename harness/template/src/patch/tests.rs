//! The examples of RFC 6902, appendix A, and what cannot be applied.

use source::{FileId, Finding, Node};

use super::apply;
use crate::json;

fn read(file: u32, text: &str) -> Node {
    let (node, findings) = source::yaml::read(FileId(file), text);
    assert_eq!(findings, []);
    node.expect("a tree")
}

fn patched(document: &str, patch: &str) -> (Node, Vec<Finding>) {
    let mut node = read(0, document);
    let findings = apply(&mut node, &read(1, patch));
    (node, findings)
}

fn gives(document: &str, patch: &str, expected: &str) {
    let (node, findings) = patched(document, patch);
    assert_eq!(findings, [], "{patch}");
    assert_eq!(json(&node), json(&read(2, expected)), "{patch}");
}

fn refuses(document: &str, patch: &str, message: &str, help: &str, underlined: &str) {
    let (node, findings) = patched(document, patch);
    let found: Vec<_> = findings
        .iter()
        .map(|finding| {
            let under = &patch[finding.span.start as usize..finding.span.end as usize];
            (&*finding.message, finding.help.as_deref().unwrap_or(""), under, finding.span.file.0)
        })
        .collect();
    assert_eq!(found, [(message, help, underlined, 1)], "{patch}");
    assert_eq!(node, read(0, document), "the tree is as it was");
}

#[test]
fn the_examples_of_the_rfc() {
    for (document, patch, expected) in [
        (r#"{"foo": "bar"}"#, r#"[{"op": "add", "path": "/baz", "value": "qux"}]"#, r#"{"foo": "bar", "baz": "qux"}"#),
        (
            r#"{"foo": ["bar", "baz"]}"#,
            r#"[{"op": "add", "path": "/foo/1", "value": "qux"}]"#,
            r#"{"foo": ["bar", "qux", "baz"]}"#,
        ),
        (r#"{"baz": "qux", "foo": "bar"}"#, r#"[{"op": "remove", "path": "/baz"}]"#, r#"{"foo": "bar"}"#),
        (r#"{"foo": ["bar", "qux", "baz"]}"#, r#"[{"op": "remove", "path": "/foo/1"}]"#, r#"{"foo": ["bar", "baz"]}"#),
        (
            r#"{"baz": "qux", "foo": "bar"}"#,
            r#"[{"op": "replace", "path": "/baz", "value": "boo"}]"#,
            r#"{"baz": "boo", "foo": "bar"}"#,
        ),
        (
            r#"{"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}}"#,
            r#"[{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}]"#,
            r#"{"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}}"#,
        ),
        (
            r#"{"foo": ["all", "grass", "cows", "eat"]}"#,
            r#"[{"op": "move", "from": "/foo/1", "path": "/foo/3"}]"#,
            r#"{"foo": ["all", "cows", "eat", "grass"]}"#,
        ),
        (
            r#"{"baz": "qux", "foo": ["a", 2, "c"]}"#,
            r#"[{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}]"#,
            r#"{"baz": "qux", "foo": ["a", 2, "c"]}"#,
        ),
        (
            r#"{"foo": "bar"}"#,
            r#"[{"op": "add", "path": "/child", "value": {"grandchild": {}}}]"#,
            r#"{"foo": "bar", "child": {"grandchild": {}}}"#,
        ),
        (r#"{"/": 9, "~1": 10}"#, r#"[{"op": "test", "path": "/~01", "value": 10}]"#, r#"{"/": 9, "~1": 10}"#),
        (
            r#"{"foo": ["bar"]}"#,
            r#"[{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}]"#,
            r#"{"foo": ["bar", ["abc", "def"]]}"#,
        ),
        (r#"{"foo": null}"#, r#"[{"op": "add", "path": "", "value": 1}]"#, "1"),
        (
            r#"{"foo": {"a": [1]}}"#,
            r#"[{"op": "copy", "from": "/foo/a", "path": "/b"}]"#,
            r#"{"foo": {"a": [1]}, "b": [1]}"#,
        ),
        (
            r#"{"a": {"x": 1, "y": 2.0}}"#,
            r#"[{"op": "test", "path": "/a", "value": {"y": 2, "x": 1}}]"#,
            r#"{"a": {"x": 1, "y": 2.0}}"#,
        ),
        (r#"{"a/b": {"c": 1}}"#, r#"[{"op": "replace", "path": "/a~1b/c", "value": 2}]"#, r#"{"a/b": {"c": 2}}"#),
    ] {
        gives(document, patch, expected);
    }
}

#[test]
fn a_path_that_leads_nowhere_says_how_far_it_goes() {
    let document = "{Resources: {TaskRole: {Tags: [a, b]}}}";
    refuses(
        document,
        "[{op: remove, path: /Resources/TaskRol/Tags}]",
        "`/Resources` has no `TaskRol`",
        "did you mean `TaskRole`?",
        "/Resources/TaskRol/Tags",
    );
    refuses(
        document,
        "[{op: add, path: /Resorces/X/Y, value: 1}]",
        "the document has no `Resorces`",
        "did you mean `Resources`?",
        "/Resorces/X/Y",
    );
    refuses(
        document,
        "[{op: replace, path: /Resources/TaskRole/Tags/2, value: 1}]",
        "`/Resources/TaskRole/Tags` has 2 items, and no item `2`, counted from 0",
        "",
        "/Resources/TaskRole/Tags/2",
    );
    refuses(
        document,
        "[{op: add, path: /Resources/TaskRole/Tags/01, value: 1}]",
        "`/Resources/TaskRole/Tags` has 2 items, and no item `01`, counted from 0",
        "",
        "/Resources/TaskRole/Tags/01",
    );
    refuses(
        document,
        "[{op: remove, path: /Resources/TaskRole/Tags/-}]",
        "`-` is the place after the last of `/Resources/TaskRole/Tags`, and nothing stands there: it has 2 items",
        "",
        "/Resources/TaskRole/Tags/-",
    );
    refuses(
        document,
        "[{op: add, path: /Resources/TaskRole/Tags/0/x, value: 1}]",
        "`/Resources/TaskRole/Tags/0` is text, and has no `x`",
        "",
        "/Resources/TaskRole/Tags/0/x",
    );
    refuses(
        document,
        "[{op: copy, from: /Resources/Rol, path: /x}]",
        "`/Resources` has no `Rol`",
        "",
        "/Resources/Rol",
    );
}

#[test]
fn an_operation_that_is_none_is_said() {
    refuses("{}", "{op: add}", "a patch must be a list of operations, and this is a mapping", "", "{op: add}");
    refuses("{}", "[a]", "an operation must be a mapping with `op` and `path`, and this is text", "", "a");
    refuses(
        "{}",
        "[{op: ad, path: /a, value: 1}]",
        "`ad` is no operation: it is one of add, remove, replace, move, copy, test",
        "did you mean `add`?",
        "ad",
    );
    refuses("{}", "[{op: add, path: /a}]", "the operation has no `value`", "", "{op: add, path: /a}");
    refuses(
        "{}",
        "[{op: add, path: /a, valu: 1, value: 2}]",
        "an operation has no member `valu`",
        "did you mean `value`?",
        "valu",
    );
    refuses("{}", "[{op: add, path: a.b, value: 1}]", "the path `a.b` does not begin with `/`", "write `/a/b`", "a.b");
    refuses(
        "{}",
        "[{op: add, path: /a~b, value: 1}]",
        "a `~` in the path `/a~b` is neither `~0` nor `~1`",
        "write `~0` for `~` and `~1` for `/`",
        "/a~b",
    );
    refuses("{a: {b: 1}}", "[{op: move, from: /a, path: /a/b}]", "`/a` cannot be moved into itself", "", "/a/b");
    refuses("{}", "[{op: remove, path: ''}]", "the whole document cannot be taken away", "", "''");
    refuses(
        "{a: x}",
        "[{op: add, path: /b, value: 1}, {op: test, path: /a, value: y}]",
        "what stands at `/a` is not what the test asks for",
        "it is `x`",
        "y",
    );
}

#[test]
fn a_patched_in_value_stands_in_the_patch() {
    let patch = "[{op: add, path: /a, value: {b: c}}]";
    let (node, _) = patched("{x: y}", patch);
    let value = node.get("a").unwrap().get("b").unwrap();
    assert_eq!(value.span.file, FileId(1));
    assert_eq!(&patch[value.span.start as usize..value.span.end as usize], "c");
    assert_eq!(node.get("x").unwrap().span.file, FileId(0));
}

#[test]
fn copies_of_copies_are_bounded() {
    let deep = vec!["{op: copy, from: '', path: /a}"; 200].join(", ");
    let (_, findings) = patched("{a: 1}", &format!("[{deep}]"));
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["TOO_DEEP"]);
    let wide = vec!["{op: copy, from: /a, path: /a/-}"; 200].join(", ");
    let (_, findings) = patched("{a: [1, 2, 3]}", &format!("[{wide}]"));
    assert_eq!(findings.len(), 1);
}
