//! No input makes it panic, and no small input makes it large.

#![expect(clippy::disallowed_methods, reason = "slow inputs are told by the clock")]

use proptest::prelude::*;
use source::{Entry, Node, Value};

use super::*;
use crate::patch;

fn at(value: Value) -> Node {
    Node::new(value, Span::default())
}

fn map(entries: Vec<(&str, Node)>) -> Node {
    let entry = |(key, value): (&str, Node)| Entry { key: key.to_owned(), key_span: Span::default(), value };
    at(Value::Map(entries.into_iter().map(entry).collect()))
}

/// Words that mean something, so that trees are near to templates.
const WORDS: &[&str] = &[
    "A",
    "B",
    "P",
    "C",
    "A.Arn",
    "${A}",
    "${P.Arn}${!x}",
    "AWS::NoValue",
    "AWS::Region",
    "AWS::S3::Bucket",
    "AWS::IAM::Role",
    "AWS::ECS::TaskDefinition",
    "String",
    "Number",
    "CommaDelimitedList",
    "AWS::CloudFormation::Stack",
    "AWS::LanguageExtensions",
    "AWS::Include",
    "0",
    "2",
    "10.0.0.0/8",
    "",
    "x",
];
const KEYS: &[&str] = &[
    "Fn::ForEach::L",
    "Fn::Transform",
    "A${A}",
    "Transform",
    "TemplateURL",
    "Ref",
    "Fn::GetAtt",
    "Fn::Sub",
    "Fn::Join",
    "Fn::Select",
    "Fn::Split",
    "Fn::If",
    "Fn::Equals",
    "Fn::And",
    "Fn::Not",
    "Fn::FindInMap",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::GetAZs",
    "Fn::ImportValue",
    "Fn::Length",
    "Fn::Transform",
    "Condition",
    "Type",
    "Properties",
    "Default",
    "Tags",
    "Policies",
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "ContainerDefinitions",
    "BucketName",
    "RoleName",
    "DependsOn",
    "Value",
    "A",
    "B",
    "P",
    "C",
];

fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        8 => prop::sample::select(WORDS).prop_map(|word| at(Value::String(word.to_owned()))),
        1 => Just(at(Value::Null)),
        1 => any::<bool>().prop_map(|value| at(Value::Bool(value))),
        1 => (0..9_u8).prop_map(|number| at(Value::Number(number.to_string()))),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| at(Value::List(items))),
            (prop::sample::select(KEYS), inner.clone()).prop_map(|(key, value)| map(vec![(key, value)])),
            prop::collection::vec((prop::sample::select(KEYS), inner), 0..4).prop_map(map),
        ]
    })
}

fn near_template() -> impl Strategy<Value = Node> {
    let section =
        || prop::collection::vec((prop::sample::select(&["A", "B", "P", "C", "D"][..]), tree()), 0..4).prop_map(map);
    let typed =
        prop::collection::vec((prop::sample::select(&["A", "B", "P"][..]), prop::sample::select(WORDS), tree()), 1..4)
            .prop_map(|all| {
                let one = |(name, kind, properties): (&'static str, &str, Node)| {
                    (name, map(vec![("Type", at(Value::String(kind.to_owned()))), ("Properties", properties)]))
                };
                map(all.into_iter().map(one).collect())
            });
    (section(), section(), section(), typed, section()).prop_map(
        |(parameters, mappings, conditions, resources, outputs)| {
            map(vec![
                ("Transform", at(Value::String("AWS::LanguageExtensions".to_owned()))),
                ("Parameters", parameters),
                ("Mappings", mappings),
                ("Conditions", conditions),
                ("Resources", resources),
                ("Outputs", outputs),
            ])
        },
    )
}

fn run(node: &Node) {
    made(node);
    // Each tree is also what it includes, and what is nested in it.
    let mut files = crate::Files::default();
    for name in ["A", "B", "x"] {
        files.add(FileId::default(), name, node.clone());
        files.give(name, node.clone());
    }
    let inputs = Inputs { files: std::sync::Arc::new(files), ..inputs() };
    let _ = (crate::wanted(node), crate::assembly::read(node), crate::assembly::assets(node));
    let _ = crate::nested_template(node, "A.B", &inputs);
    let (tree, said) = crate::ready(node, &inputs);
    if !said.iter().any(Finding::is_error) {
        made(&tree);
        let (template, _) = crate::read(&tree);
        template.map(|template| resolve(&template, &inputs));
    }
}

fn made(node: &Node) {
    let (template, mut said) = crate::read(node);
    if let Some(template) = template {
        let (stack, findings) = resolve(&template, &inputs());
        let lost = format!("{stack:?}").contains("Null");
        said.extend(findings.clone());
        assert!(!lost || said.iter().any(Finding::is_error), "a value is lost, and nothing is said");
        let unexplained = findings.iter().find(|finding| finding.code == "LOST_VALUE");
        assert_eq!(unexplained, None, "the reason of a lost value is recorded where it is lost");
        let again = resolve(&template, &inputs());
        assert_eq!(findings, again.1, "the same template says the same");
        assert_eq!(format!("{stack:?}"), format!("{:?}", again.0));
    }
}

proptest! {
    #[test]
    fn no_tree_makes_it_panic(node in tree()) {
        run(&node);
    }

    #[test]
    fn no_near_template_makes_it_panic(node in near_template()) {
        run(&node);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[A-Za-z:!{}\\[\\],$ .'\n-]{0,80}") {
        if let (Some(node), _) = source::yaml::read(FileId(0), &text) {
            run(&node);
        }
    }

    #[test]
    fn no_patch_makes_it_panic(node in tree(), ops in tree(), path in "(/(A|B|0|2|-|~0|~1|~)){0,4}", from in "(/(A|B|0|-)){0,3}", op in "add|remove|replace|move|copy|test|x") {
        let text = |text: String| at(Value::String(text));
        let operation = map(vec![("op", text(op)), ("path", text(path)), ("from", text(from)), ("value", ops.clone())]);
        let before = node.clone();
        let mut node = node;
        let findings = patch::apply(&mut node, &at(Value::List(vec![operation])));
        prop_assert!(findings.is_empty() || node == before, "a patch that fails changes nothing");
        let _ = patch::apply(&mut node, &ops);
    }
}

#[test]
fn text_that_doubles_again_and_again_is_stopped() {
    let mut value = "x".to_owned();
    for _ in 0..18 {
        value = format!("{{'Fn::Sub': ['${{a}}${{a}}${{a}}', {{a: {value}}}]}}");
    }
    let (_, findings) = stack_with(&around(&value, ""), &inputs());
    assert_eq!(
        findings.iter().map(|finding| &*finding.message).collect::<Vec<_>>(),
        ["`Fn::Sub` makes a text of more than 1048576 bytes"]
    );
}

#[test]
fn a_list_that_is_asked_for_again_and_again_is_stopped() {
    let list = vec!["x"; 10_000].join(",");
    let refs = vec!["!FindInMap [M, a, b]"; 2_000].join(", ");
    let text = around("x", &format!("      ManagedPolicyArns: [{refs}]\nMappings: {{M: {{a: {{b: [{list}]}}}}}}\n"));
    let (_, findings) = stack_with(&text, &inputs());
    assert!(findings.iter().any(|finding| finding.code == "TOO_LARGE"), "{:?}", findings.first());
    assert!(findings.len() <= crate::shape::MAX_FINDINGS);
}

#[test]
fn conditions_that_lean_on_each_other_are_worked_out_once() {
    let mut conditions = "  C0: !Equals [a, a]\n".to_owned();
    for at in 1..60 {
        conditions += &format!("  C{at}: !And [!Condition C{}, !Condition C{}]\n", at - 1, at - 1);
    }
    stack(&format!("Conditions:\n{conditions}Resources: {{B: {{Type: 'AWS::S3::Bucket', Condition: C59}}}}\n"));
}

#[test]
fn names_that_lean_on_each_other_are_worked_out_once() {
    let mut resources = "  B0: {Type: 'AWS::IAM::Group', Properties: {GroupName: g}}\n".to_owned();
    for at in 1..60 {
        let before = at - 1;
        resources += &format!(
            "  B{at}: {{Type: 'AWS::IAM::Group', Properties: {{GroupName: !Join ['', [!Select [0, [!Ref B{before}, !Ref B{before}]], x]]}}}}\n"
        );
    }
    stack(&format!("Resources:\n{resources}"));
}

#[test]
fn chains_of_conditions_and_names_do_not_exhaust_the_stack() {
    let mut conditions = String::new();
    for at in 0..5_000 {
        conditions += &format!("  C{at}: !Not [!Condition C{}]\n", at + 1);
    }
    let text =
        format!("Conditions:\n{conditions}  C5000: !Equals [a, a]\nResources: {{B: {{Type: 'AWS::S3::Bucket'}}}}\n");
    let (_, findings) = stack_with(&text, &inputs());
    assert_eq!(findings[0].code, "TOO_DEEP");

    // Each name is 12 functions deep, and needs the next one.
    let mut resources = String::new();
    for at in 0..450 {
        let name = (0..6)
            .fold(format!("!Ref B{}", at + 1), |inner, _| format!("!Select [0, [!Sub ['${{a}}', {{a: {inner}}}]]]"));
        resources += &format!("  B{at}: {{Type: 'AWS::IAM::Group', Properties: {{GroupName: {name}}}}}\n");
    }
    let (_, findings) = stack_with(&format!("Resources:\n{resources}  B450: {{Type: 'AWS::IAM::Group'}}\n"), &inputs());
    assert!(findings.iter().any(|finding| finding.code == "TOO_DEEP"), "{:?}", findings.first());
}

#[test]
fn warnings_do_not_crowd_out_an_error() {
    let zones = vec!["!Select [0, !GetAZs '']"; 300].join(", ");
    let (_, findings) =
        stack_with(&around("x", &format!("      ManagedPolicyArns: [{zones}, !Select [9, [a]]]\n")), &inputs());
    assert_eq!(
        findings.iter().filter(|finding| finding.is_error()).map(|finding| finding.code).collect::<Vec<_>>(),
        ["INDEX_OUT_OF_RANGE"]
    );
}

#[test]
fn a_template_with_everything_wrong_is_read_in_time() {
    let start = std::time::Instant::now();
    let unknown: String =
        (0..20_000).map(|at| format!("      - {{Propertie{at}: !Ref Nam{at}, 'Fn::Sbu': a}}\n")).collect();
    let text = around("x", &format!("      Tags:\n{unknown}"));
    let (_, findings) = stack_with(&text, &inputs());
    assert!(findings.len() <= 3 * crate::shape::MAX_FINDINGS, "{}", findings.len());
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_deep_tree_is_refused() {
    let mut node = at(Value::Null);
    for _ in 0..5_000 {
        node = at(Value::List(vec![node]));
    }
    let (template, findings) = crate::read(&map(vec![("Resources", node)]));
    assert!(template.is_none());
    assert_eq!(findings[0].code, "TOO_DEEP");
}

#[test]
fn a_value_that_is_in_itself_ends() {
    let pair = |id: &str| format!("[!GetAtt [{id}, Value], !GetAtt [{id}, Value]]");
    let mut text = format!("Resources:\n  R0: {{Type: Custom::Thing, Properties: {{Value: {}}}}}\n", pair("R0"));
    let json = "{Type: Custom::AWSCDKCfnJson, Properties: {Value: !Sub '[${J.Value},${J.Value}]'}}";
    text.push_str(&format!("  J: {json}\n"));
    // Each is twice the next.
    for at in 1..60 {
        let next = format!("R{}", at + 1);
        text.push_str(&format!("  R{at}: {{Type: Custom::Thing, Properties: {{Value: {}}}}}\n", pair(&next)));
    }
    text.push_str("  R60: {Type: Custom::Thing, Properties: {Value: [a]}}\n");
    let (_, findings) = stack_with(&text, &inputs());
    let codes: Vec<_> = findings.iter().filter(|finding| finding.is_error()).map(|finding| finding.code).collect();
    assert!(codes.contains(&"CIRCULAR_DEPENDENCY") && codes.contains(&"TOO_LARGE"), "{codes:?}");
}
