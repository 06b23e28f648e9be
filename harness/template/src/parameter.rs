//! Parameters: their declaration, and whether a value may be one.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html

use regex_lite::Regex;
use source::{Entry, Finding, Node, Severity, Value};

use crate::shape::{Text, must_be, shown, text, text_node};

/// The code of a finding about a parameter that has no value; its `about` is the parameter's name.
pub const PARAMETER_WITHOUT_VALUE: &str = "PARAMETER_WITHOUT_VALUE";
/// The same about a parameter whose value Systems Manager has.
pub const STORED_PARAMETER: &str = "STORED_PARAMETER";

const KEYS: &[&str] = &[
    "Type",
    "Default",
    "AllowedValues",
    "AllowedPattern",
    "ConstraintDescription",
    "Description",
    "MaxLength",
    "MinLength",
    "MaxValue",
    "MinValue",
    "NoEcho",
];

const TYPES: &[&str] = &[
    "String",
    "Number",
    "List<Number>",
    "CommaDelimitedList",
    "AWS::SSM::Parameter::Name",
    "AWS::EC2::AvailabilityZone::Name",
    "AWS::EC2::Image::Id",
    "AWS::EC2::Instance::Id",
    "AWS::EC2::KeyPair::KeyName",
    "AWS::EC2::SecurityGroup::GroupName",
    "AWS::EC2::SecurityGroup::Id",
    "AWS::EC2::Subnet::Id",
    "AWS::EC2::Volume::Id",
    "AWS::EC2::VPC::Id",
    "AWS::Route53::HostedZone::Id",
];

/// A parameter as the template declares it.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: Text,
    kind: ParameterType,
    default: Option<Node>,
    allowed: Vec<Text>,
    pattern: Option<(Regex, String)>,
    described: Option<String>,
    length: Bounds,
    value: Bounds,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum ParameterType {
    Text,
    Number,
    Texts,
    Numbers,
    /// The value is kept in Systems Manager, under the name that is given.
    Stored {
        list: bool,
        is_image: bool,
    },
}

#[derive(Clone, Copy, Debug, Default)]
struct Bounds {
    min: Option<f64>,
    max: Option<f64>,
}

pub(crate) fn read(entry: &Entry, findings: &mut Vec<Finding>) -> Option<Parameter> {
    let what = format!("parameter `{}`", shown(&entry.key));
    let declared = &entry.value;
    if !matches!(declared.value, Value::Map(_)) {
        findings.push(must_be(&what, "a mapping with a `Type`", declared));
        return None;
    }
    for unknown in declared.entries().iter().filter(|found| !KEYS.contains(&&*found.key)) {
        let message = format!("{what} has an unknown part `{}`", shown(&unknown.key));
        let finding = Finding::error("UNKNOWN_PARAMETER_PART", unknown.key_span, message);
        findings.push(finding.suggest(&unknown.key, KEYS.iter().copied()));
    }
    let bound = |key: &str, findings: &mut Vec<Finding>| number(declared.get(key)?, &format!("`{key}`"), findings);
    let length = Bounds { min: bound("MinLength", findings), max: bound("MaxLength", findings) };
    let value = Bounds { min: bound("MinValue", findings), max: bound("MaxValue", findings) };
    let parameter = Parameter {
        name: Text::new(&*entry.key, entry.key_span),
        kind: kind(declared, entry, &what, findings)?,
        default: declared.get("Default").cloned(),
        allowed: allowed(declared.get("AllowedValues"), findings),
        pattern: declared.get("AllowedPattern").and_then(|node| pattern(node, findings)),
        described: declared.get("ConstraintDescription").and_then(Node::text).map(str::to_owned),
        length,
        value,
    };
    if let Some(default) = &parameter.default {
        parameter.accept(default, "the default of", findings);
    }
    Some(parameter)
}

fn kind(declared: &Node, entry: &Entry, what: &str, findings: &mut Vec<Finding>) -> Option<ParameterType> {
    let Some(node) = declared.get("Type") else {
        let finding = Finding::error("MISSING_TYPE", entry.key_span, format!("{what} has no `Type`"));
        findings.push(finding.help("add `Type: String`"));
        return None;
    };
    let name = text(node, "`Type`", findings)?.value;
    let listed = name.strip_prefix("List<").and_then(|rest| rest.strip_suffix('>'));
    let stored = name.strip_prefix("AWS::SSM::Parameter::Value<").and_then(|rest| rest.strip_suffix('>'));
    match (&*name, listed, stored) {
        ("Number", ..) => Some(ParameterType::Number),
        ("List<Number>", ..) => Some(ParameterType::Numbers),
        ("CommaDelimitedList", ..) => Some(ParameterType::Texts),
        (_, Some("String"), _) => Some(ParameterType::Texts),
        (_, Some(item), _) if item.starts_with("AWS::") && TYPES.contains(&item) => Some(ParameterType::Texts),
        (.., Some(item)) => {
            let list = item.starts_with("List<") || item == "CommaDelimitedList";
            Some(ParameterType::Stored { list, is_image: item.contains("AWS::EC2::Image::Id") })
        }
        _ if TYPES.contains(&&*name) => Some(ParameterType::Text),
        _ => {
            let message = format!("unknown parameter type `{}`", shown(&name));
            let finding = Finding::error("UNKNOWN_PARAMETER_TYPE", node.span, message);
            findings.push(finding.suggest(&name, TYPES.iter().copied()));
            None
        }
    }
}

fn allowed(node: Option<&Node>, findings: &mut Vec<Finding>) -> Vec<Text> {
    let Some(node) = node else { return Vec::new() };
    if !matches!(node.value, Value::List(_)) {
        findings.push(must_be("`AllowedValues`", "a list", node));
    }
    node.items().iter().filter_map(|item| text(item, "an allowed value", findings)).collect()
}

/// The whole value must match, as in Java's `matches`.
fn pattern(node: &Node, findings: &mut Vec<Finding>) -> Option<(Regex, String)> {
    let written = text(node, "`AllowedPattern`", findings)?.value;
    match Regex::new(&format!("^(?:{written})$")) {
        Ok(regex) => Some((regex, written)),
        Err(reason) => {
            // Java reads patterns that this reader does not, so it is not for us to refuse the template.
            let message = format!("this `AllowedPattern` is not checked: {reason}");
            findings.push(Finding::new(Severity::Warning, "PATTERN_NOT_CHECKED", node.span, message));
            None
        }
    }
}

fn number(node: &Node, what: &str, findings: &mut Vec<Finding>) -> Option<f64> {
    let parsed = node.text().and_then(parse_number);
    if parsed.is_none() {
        findings.push(must_be(what, "a number", node));
    }
    parsed
}

fn parse_number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if plain { text.parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
}

impl Parameter {
    /// The parameter's value: what was given, else the default. `None` if there is neither, or it may not be.
    pub(crate) fn resolve(&self, given: Option<&Entry>, findings: &mut Vec<Finding>) -> Option<Node> {
        match (given, &self.default) {
            // A value kept in Systems Manager is given as itself: there is no Systems Manager to ask.
            (Some(given), _) => self.accept(&given.value, "the value of", findings),
            (None, Some(default)) if self.is_stored() => Some(self.made_up(default)),
            // What is wrong with a default was said when the template was read.
            (None, Some(default)) => self.accept(default, "the default of", &mut Vec::new()),
            (None, None) => {
                let name = shown(&self.name.value);
                let message = format!("parameter `{name}` has no default, and no value was given");
                let finding =
                    Finding::error(PARAMETER_WITHOUT_VALUE, self.name.span, message).about(self.name.value.as_str());
                findings.push(finding.help(format!("give it a value: `parameters: {{{name}: …}}`")));
                None
            }
        }
    }

    /// Whether its value is kept in Systems Manager, where its default only names it.
    pub(crate) const fn is_stored(&self) -> bool {
        matches!(self.kind, ParameterType::Stored { .. })
    }

    /// The finding that something depends on a value that is kept in Systems Manager.
    pub(crate) fn unknown(&self) -> Finding {
        let default = self.default.as_ref();
        let name = shown(default.and_then(Node::text).unwrap_or_default());
        let message = format!("the value kept in Systems Manager under `{name}` is not known here");
        let span = default.map_or(self.name.span, |default| default.span);
        let help = format!("give `{}` the value itself", self.name.value);
        Finding::error(STORED_PARAMETER, span, message).about(self.name.value.as_str()).help(help)
    }

    /// What stands for a value that is kept in Systems Manager: an id where one is kept, else a text after its name.
    fn made_up(&self, default: &Node) -> Node {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let name: String = default.text().unwrap_or_default().trim_start_matches('/').chars().map(plain).collect();
        let (list, is_image) = match self.kind {
            ParameterType::Stored { list, is_image } => (list, is_image),
            _ => (false, false),
        };
        let value = if is_image { "ami-0abcdef1234567890".to_owned() } else { format!("value-of-{}", shown(&name)) };
        let value = text_node(value, default.span);
        if list { Node::new(Value::List(vec![value]), default.span) } else { value }
    }

    fn accept(&self, node: &Node, role: &str, findings: &mut Vec<Finding>) -> Option<Node> {
        let what = format!("{role} parameter `{}`", shown(&self.name.value));
        let (list, numeric) = match self.kind {
            ParameterType::Text => (false, false),
            ParameterType::Number => (false, true),
            ParameterType::Texts => (true, false),
            ParameterType::Numbers => (true, true),
            ParameterType::Stored { list, .. } => (list, false),
        };
        let parts = if list { self.parts(node, &what, findings)? } else { vec![text(node, &what, findings)?] };
        let mut fits = true;
        for part in &parts {
            if let Some(reason) = self.objection(&part.value, numeric) {
                let finding = Finding::error("PARAMETER_VALUE", part.span, format!("{what} {reason}"));
                findings.push(match &self.described {
                    Some(described) => finding.help(described.clone()),
                    None => finding.suggest(&part.value, self.allowed.iter().map(|allowed| &*allowed.value)),
                });
                fits = false;
            }
        }
        if !fits {
            return None;
        }
        let mut nodes = parts.into_iter().map(|part| text_node(part.value, part.span)).collect::<Vec<_>>();
        if list { Some(Node::new(Value::List(nodes), node.span)) } else { nodes.pop() }
    }

    /// The items of a list: `a, b` or a list itself.
    fn parts(&self, node: &Node, what: &str, findings: &mut Vec<Finding>) -> Option<Vec<Text>> {
        if matches!(node.value, Value::List(_)) {
            return node.items().iter().map(|item| text(item, what, findings)).collect();
        }
        let whole = text(node, what, findings)?;
        // "Also, each member string is space trimmed." An empty text is a list of one empty text, as a processed template shows:
        // github.com/aws-cloudformation/cfn-language-discussion/issues/102
        Some(whole.value.split(',').map(|item| Text::new(item.trim(), whole.span)).collect())
    }

    /// Why a value may not be this parameter's.
    fn objection(&self, value: &str, numeric: bool) -> Option<String> {
        let written = shown(value);
        let outside = |bounds: Bounds, number: f64| {
            bounds.min.is_some_and(|min| number < min) || bounds.max.is_some_and(|max| number > max)
        };
        if numeric {
            let Some(number) = parse_number(value) else {
                return Some(format!("is `{written}`, which is not a number"));
            };
            if outside(self.value, number) {
                return Some(format!("is `{written}`, which is not {}", self.value.words()));
            }
        } else if outside(self.length, value.chars().count() as f64) {
            return Some(format!("is `{written}`, whose length is not {}", self.length.words()));
        }
        if !self.allowed.is_empty() && !self.allowed.iter().any(|allowed| allowed.value == value) {
            let list = self.allowed.iter().take(10).map(|allowed| format!("`{}`", shown(&allowed.value)));
            let list = list.collect::<Vec<_>>().join(", ");
            return Some(format!("is `{written}`, which is none of the allowed values {list}"));
        }
        match &self.pattern {
            Some((regex, pattern)) if !regex.is_match(value) => {
                Some(format!("is `{written}`, which does not match the allowed pattern `{}`", shown(pattern)))
            }
            _ => None,
        }
    }
}

impl Bounds {
    fn words(self) -> String {
        match (self.min, self.max) {
            (Some(min), Some(max)) => format!("from {min} to {max}"),
            (Some(min), None) => format!("{min} or more"),
            (None, Some(max)) => format!("{max} or less"),
            (None, None) => "anything".to_owned(),
        }
    }
}
