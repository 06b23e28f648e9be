//! `${…}`
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

use policy::operator::Test;
use policy::undocumented::Case;
use policy::{Kind, plain};
use source::Edit;

use crate::code;
use crate::edits;
use crate::sink::Sink;
use crate::written::{Statement, Text, Written};

pub(super) fn check(policy: &Written<'_>, statement: &Statement<'_>, sink: &mut Sink) {
    let actions = statement.actions.iter().map(|item| Text { text: item.text, span: item.span });
    let principals = statement.principal.iter().flat_map(|principal| principal.names.iter().map(|(_, name)| *name));
    for text in actions.chain(principals).filter(|text| text.text.contains("${")) {
        if text.text.contains("${AWS::") {
            pseudo_parameter(&text, sink);
            continue;
        }
        let message = format!("the variable in `{}` is plain text here", plain(text.text));
        let of_policies =
            text.text.split("${").skip(1).all(|variable| variable.split('}').next().is_some_and(has_prefix));
        let help = if of_policies { "variables stand in Resource and Condition only" } else { WITHOUT_SUB };
        sink.add(&code::VARIABLE_UNSUPPORTED_IN_ELEMENT, text.span, message).help(help);
    }
    statement.resources.iter().for_each(|text| check_text(policy, text, sink));
    for condition in &statement.conditions {
        let takes = matches!(
            condition.operator.base.test,
            Test::Equal | Test::EqualIgnoringCase | Test::Like | Test::Arn | Test::Bool
        );
        for value in condition.values.iter().filter(|value| value.text.contains("${")) {
            if takes {
                check_text(policy, value, sink);
            } else {
                let message = format!("{} takes no variables, and `{}` has one", condition.operator, plain(value.text));
                let help = "variables go with the String and ARN operators, and with Bool";
                sink.add(&code::INVALID_VARIABLE_FOR_OPERATOR, value.span, message).help(help);
            }
        }
    }
}

/// What has no prefix is a name of a template: condition keys have one.
const WITHOUT_SUB: &str =
    "for CloudFormation to replace it, write `!Sub` before the text in YAML, and `{\"Fn::Sub\": …}` in JSON";

fn has_prefix(variable: &str) -> bool {
    variable.contains(':')
}

fn check_text(policy: &Written<'_>, text: &Text<'_>, sink: &mut Sink) {
    let mut rest = text.text;
    let mut has_variable = false;
    while let Some((_, after)) = rest.split_once("${") {
        let Some((inner, next)) = split_end(after) else {
            let message = format!("the variable in `{}` has no closing brace", plain(text.text));
            sink.add(&code::MISSING_BRACE_IN_VARIABLE, text.span, message).help("add `}` behind it");
            return;
        };
        rest = next;
        if !matches!(inner, "*" | "?" | "$") {
            has_variable = true;
            check_variable(policy.kind, inner, text, sink);
        }
    }
    if has_variable && policy.version != Some("2012-10-17") {
        let message = format!("`{}` is plain text: the policy's Version has no variables", plain(text.text));
        let help = "write `\"Version\": \"2012-10-17\"` at the top of the policy";
        sink.add(&code::VARIABLE_UNSUPPORTED_IN_VERSION, text.span, message).help(help);
    }
}

/// What stands before the closing brace, and behind it. A default may hold a brace.
fn split_end(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let end = text.find(|c: char| {
        quoted ^= c == '\'';
        c == '}' && !quoted
    });
    let end = end.or_else(|| text.find('}'))?;
    Some((&text[..end], &text[end + 1..]))
}

fn check_variable(kind: Kind, inner: &str, text: &Text<'_>, sink: &mut Sink) {
    let (name, default) = inner.split_once(',').map_or((inner, None), |(name, default)| (name, Some(default.trim())));
    let shown = plain(inner);
    if name.trim().is_empty() {
        sink.add(&code::EMPTY_VARIABLE, text.span, format!("the variable `${{{shown}}}` names no key"))
            .help("name one");
        return;
    }
    if default.is_some_and(|default| default.len() < 2 || !default.starts_with('\'') || !default.ends_with('\'')) {
        let message = format!("the default of `${{{shown}}}` does not stand in single quotes");
        sink.add(&code::MISSING_QUOTE_IN_VARIABLE, text.span, message)
            .help("write it as in `${aws:PrincipalTag/team, 'none'}`");
    }
    if name.starts_with(' ') || name.ends_with(' ') {
        let message = format!("a space stands beside the key in `${{{shown}}}`");
        let (written, right) = (format!("${{{inner}}}"), format!("${{{}}}", inner.replacen(name, name.trim(), 1)));
        let edit = edits::rewrite(text, text.text.replace(&written, &right));
        sink.add(&code::UNSUPPORTED_SPACE_IN_VARIABLE, text.span, message).help("take it out").edit(edit);
    }
    let name = name.trim();
    if name.starts_with("AWS::") {
        return pseudo_parameter(text, sink);
    }
    match catalog::key(name) {
        Some(key) if key.is_multivalued() => {
            let message = format!("`{}` has several values, and cannot be a variable", plain(name));
            let added = sink.add(&code::MULTIVALUED_VARIABLE, text.span, message);
            added.help("compare with the values themselves").rests_on(Some(Case::MultivaluedVariable));
        }
        None if super::is_of_a_service(kind, name) => {}
        None if name.split_once(':').is_none_or(|(prefix, _)| !prefix.contains('.')) => {
            let message = format!("there is no condition key `{}` for a variable", plain(name));
            let near = source::suggest(name, catalog::keys().map(catalog::Key::pattern).filter(|_| !sink.is_full()));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None if has_prefix(name) => String::new(),
                None => WITHOUT_SUB.to_owned(),
            };
            sink.add(&code::INVALID_VARIABLE_KEY, text.span, message).help(help);
        }
        _ => {}
    }
}

/// `${AWS::AccountId}` outside of `Fn::Sub`. A policy's own variables beside it stay: there they are written `${!…}`.
fn pseudo_parameter(text: &Text<'_>, sink: &mut Sink) {
    let message =
        format!("CloudFormation replaces `${{AWS::…}}` only in `Fn::Sub`; `{}` stays as it is", plain(text.text));
    let new = text.text.replace("${", "${!").replace("${!AWS::", "${AWS::");
    let edit = Edit::Substitute { span: text.span, old: text.text.to_owned(), new };
    sink.add(&code::PSEUDO_PARAMETER_WITHOUT_SUB, text.span, message)
        .help("write `!Sub` before it in YAML, and `{\"Fn::Sub\": …}` in JSON")
        .edit(Some(edit));
}
