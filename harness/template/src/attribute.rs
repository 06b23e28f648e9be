//! What `Ref` and `Fn::GetAtt` give for a resource.

use source::{Finding, Node, Severity, Span, Value};

use crate::evaluate::Evaluator;
use crate::known_types::Attribute::{Id, Known, MadeUp};
use crate::known_types::{KnownType, known_type};
use crate::listed_types::{ListedType, listed_type};
use crate::names;
use crate::pattern;
use crate::resource::cfn_json;
use crate::shape::{Text, broken, shown, text_node};
use crate::template::Declared;

/// docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html and
/// docs.aws.amazon.com/sns/latest/dg/fifo-topic-code-examples.html
const FIFO: &str = ".fifo";

/// Regions whose website endpoints have a dash before the region.
/// docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints
const DASHED: &[&str] = &[
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "eu-west-1",
    "sa-east-1",
    "us-gov-west-1",
];

/// How deep patterns may lead into others: an ARN has a name in it, and an attribute may be the ARN.
const MAX_PATTERNS: usize = 4;

/// No kind of name must be shorter than this.
const SHORT_NAME: usize = 60;

/// A value as a pattern gives it.
struct Filled {
    text: String,
    /// Whether a part of it only AWS knows.
    is_made_up: bool,
}

/// What a pattern is filled in for.
#[derive(Clone, Copy)]
struct Of<'a> {
    /// The resource.
    at: usize,
    /// The attribute, where ids and names are its own.
    attribute: Option<&'a str>,
    /// How many patterns have led here.
    depth: usize,
}

impl Of<'_> {
    const fn resource(at: usize) -> Self {
        Self { at, attribute: None, depth: 0 }
    }
}

/// What is known of the type of a resource.
enum Kind {
    /// It is modelled.
    Known(&'static KnownType),
    /// Its values are listed.
    Listed(ListedType),
    /// A custom resource, or a type that only its owner knows.
    Foreign,
}

impl Evaluator<'_> {
    /// What `Ref` gives for a resource: CloudFormation's physical id.
    pub(crate) fn physical_id(&mut self, at: usize) -> String {
        self.referred(at).text
    }

    fn referred(&mut self, at: usize) -> Filled {
        let pattern = match self.kind(at) {
            Kind::Known(kind) => return Filled { is_made_up: false, ..self.fill(Of::resource(at), kind.reference) },
            Kind::Listed(kind) => kind.reference,
            Kind::Foreign => return Filled { text: self.made_up_name(at, 255), is_made_up: true },
        };
        self.fill(Of::resource(at), pattern)
    }

    /// The ARN under which requests name a resource; `None` if its type is not known, or no request names it.
    pub(crate) fn arn(&mut self, at: usize) -> Option<String> {
        if let Some(arn) = &self.template.resources[at].deployed.arn {
            return Some(arn.clone());
        }
        let pattern = self.arn_pattern(at)?;
        Some(self.fill(Of::resource(at), pattern).text)
    }

    fn arn_pattern(&self, at: usize) -> Option<&'static str> {
        match self.kind(at) {
            Kind::Known(kind) => kind.arn,
            Kind::Listed(kind) => kind.arn,
            Kind::Foreign => None,
        }
    }

    fn kind(&self, at: usize) -> Kind {
        let name = &*self.template.resources[at].resource_type.value;
        match known_type(name) {
            Some(kind) => Kind::Known(kind),
            None => listed_type(name).map_or(Kind::Foreign, Kind::Listed),
        }
    }

    /// A resource's own name: the one it was given, else the one that is made up for it.
    pub(crate) fn name(&mut self, at: usize) -> String {
        let kind = match self.kind(at) {
            Kind::Known(kind) => kind,
            Kind::Listed(kind) => {
                let given = kind.named_by.and_then(|property| self.property_text(at, property));
                return given.unwrap_or_else(|| self.made_up_name(at, 128));
            }
            Kind::Foreign => return self.made_up_name(at, 128),
        };
        let Some((property, limit)) = kind.named_by else { return self.made_up_name(at, 128) };
        if let Some(given) = self.property_text(at, property) {
            return given;
        }
        let is_fifo = kind.fifo.is_some_and(|property| self.property_text(at, property).as_deref() == Some("true"));
        if kind.is_without_stack {
            return names::without_stack(&self.inputs.stack_name, &self.template.resources[at].logical_id.value, limit);
        }
        match (kind.is_lower_case, is_fifo) {
            (true, _) => self.made_up_name(at, limit).to_lowercase(),
            (_, true) => self.made_up_name(at, limit - FIFO.len()) + FIFO,
            _ => self.made_up_name(at, limit),
        }
    }

    /// The name that CloudFormation makes up for a resource of a type that has names; `None` if the template names it.
    pub(crate) fn generated_name(&mut self, at: usize) -> Option<String> {
        let property = match self.kind(at) {
            Kind::Known(kind) => kind.named_by?.0,
            Kind::Listed(kind) if kind.arn.is_some() => kind.named_by?,
            Kind::Listed(_) | Kind::Foreign => return None,
        };
        self.property_text(at, property).is_none().then(|| self.name(at))
    }

    fn made_up_name(&self, at: usize, limit: usize) -> String {
        let declared = &self.template.resources[at];
        let logical_id = &declared.logical_id.value;
        match &declared.deployed.name_prefix {
            Some(prefix) => names::terraform(prefix, logical_id),
            None => names::physical(&self.inputs.stack_name, logical_id, limit),
        }
    }

    /// What `Ref` gives, with what there is to say about it.
    pub(crate) fn reference(&mut self, at: usize, span: Span) -> Node {
        let Filled { text, is_made_up } = self.referred(at);
        if is_made_up {
            let declared = &self.template.resources[at];
            self.made_up(shown(&declared.logical_id.value), &text);
        }
        text_node(text, span)
    }

    /// What `Fn::GetAtt` gives, with what there is to say about it.
    pub(crate) fn attribute(&mut self, at: usize, attribute: &str, span: Span) -> Node {
        let declared = &self.template.resources[at];
        if let Some(value) = cfn_json::value(self, at, attribute, span) {
            return value;
        }
        let what = shown(&format!("{}.{attribute}", declared.logical_id.value));
        let listed = match self.kind(at) {
            Kind::Known(kind) => match kind.attributes.iter().find(|(name, _)| *name == attribute) {
                Some((_, Known(pattern))) => return text_node(self.fill(Of::resource(at), pattern).text, span),
                Some((_, MadeUp(pattern))) => {
                    let text = self.fill(Of::resource(at), pattern).text;
                    self.made_up(what, &text);
                    return text_node(text, span);
                }
                Some((_, Id(prefix))) => {
                    let id = names::unique_id(prefix, &self.inputs.stack_name, &declared.logical_id.value);
                    self.made_up(what, &id);
                    return text_node(id, span);
                }
                None => match listed_type(kind.name) {
                    Some(listed) if listed.attributes().any(|one| one.name == attribute) => Some(listed),
                    // Reported where the name is looked at.
                    _ => return broken(span),
                },
            },
            Kind::Listed(listed) => Some(listed),
            Kind::Foreign => None,
        };
        self.listed_attribute(at, listed, attribute, what, span)
    }

    /// An attribute of a type that is not modelled: what is listed of it, else the property of that name, else what its name
    /// says.
    fn listed_attribute(
        &mut self,
        at: usize,
        listed: Option<ListedType>,
        attribute: &str,
        what: String,
        span: Span,
    ) -> Node {
        let found = listed.and_then(|listed| listed.attributes().find(|one| one.name == attribute));
        if let Some(pattern) = found.as_ref().and_then(|found| found.pattern) {
            let Filled { text, is_made_up } = self.fill(Of::resource(at), pattern);
            return self.given(what, text, is_made_up, found.is_some_and(|found| found.is_list), span);
        }
        if let Some(value) = self.property_value(at, attribute, span) {
            return value;
        }
        let text = match pattern::by_name(attribute) {
            Some(pattern) => self.fill(Of { at, attribute: Some(attribute), depth: 0 }, pattern).text,
            None => format!("{}.{attribute}", self.made_up_name(at, 255)),
        };
        self.meet();
        let is_made_up = text != self.inputs.account && text != self.inputs.region;
        self.given(what, text, is_made_up, found.is_some_and(|found| found.is_list), span)
    }

    fn given(&mut self, what: String, text: String, is_made_up: bool, is_list: bool, span: Span) -> Node {
        if is_made_up {
            self.made_up(what, &text);
        }
        let value = text_node(text, span);
        if is_list { Node::new(Value::List(vec![value]), span) } else { value }
    }

    fn fill(&mut self, of: Of<'_>, pattern: &str) -> Filled {
        let mut filled = Filled { text: String::new(), is_made_up: !pattern.contains('{') };
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((field, after)) = after.split_once('}') else { break };
            let part = self.field(of, field);
            filled.text.push_str(before);
            // Where an ARN has another resource's name, the property may have its ARN.
            let is_inside = filled.text.starts_with("arn:") && part.text.starts_with("arn:");
            let text = if is_inside { part.text.rsplit(['/', ':']).next().unwrap_or_default() } else { &part.text };
            filled.text.push_str(text);
            filled.is_made_up |= part.is_made_up;
            rest = after;
        }
        filled.text.push_str(rest);
        filled
    }

    fn field(&mut self, of: Of<'_>, field: &str) -> Filled {
        let (at, inputs) = (of.at, self.inputs);
        let own = self.template.resources[at].logical_id.value.clone() + of.attribute.unwrap_or_default();
        // The id of what has been deployed is the last part of its ARN.
        let deployed = self.template.resources[at].deployed.arn.as_ref();
        if let Some(id) = deployed.filter(|_| field == "uuid").and_then(|arn| arn.rsplit('/').next()) {
            return Filled { text: id.to_owned(), is_made_up: false };
        }
        if let Some(text) = pattern::id(field, &inputs.stack_name, &own) {
            return Filled { text, is_made_up: true };
        }
        let text = match field {
            "partition" => inputs.partition.clone(),
            "region" => {
                let own = &self.template.resources[at].deployed.region;
                own.as_ref().unwrap_or(&inputs.region).clone()
            }
            "account" => inputs.account.clone(),
            "suffix" => inputs.url_suffix.clone(),
            "dash" => if DASHED.contains(&&*inputs.region) { "-" } else { "." }.to_owned(),
            "service" => self.service(at),
            "arn" | "ref" if of.depth >= MAX_PATTERNS => self.made_up_name(at, 128),
            "arn" => return self.own_arn(Of { depth: of.depth + 1, ..of }),
            "ref" => return self.own_reference(Of { depth: of.depth + 1, ..of }),
            "name" | "lower-name" if of.attribute.is_some() => {
                let own: String = own.chars().filter(char::is_ascii_alphanumeric).collect();
                let name = names::physical(&inputs.stack_name, &own, SHORT_NAME);
                if field == "name" { name } else { name.to_lowercase() }
            }
            "name" => self.name(at),
            "lower-name" => self.name(at).to_lowercase(),
            "rooted" => {
                let name = self.name(at);
                if name.starts_with('/') { name } else { format!("/{name}") }
            }
            // A name, an ARN, or what an ARN ends in.
            // docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html
            "function" => {
                let function = self.property_text(at, "FunctionName").unwrap_or_default();
                function.rsplit_once(":function:").map_or(&*function, |(_, name)| name).to_owned()
            }
            "path" => self.property_text(at, "Path").unwrap_or_else(|| "/".to_owned()),
            property => return self.property_field(at, property),
        };
        Filled { text, is_made_up: false }
    }

    fn own_arn(&mut self, of: Of<'_>) -> Filled {
        if let Some(arn) = &self.template.resources[of.at].deployed.arn {
            return Filled { text: arn.clone(), is_made_up: false };
        }
        match self.arn_pattern(of.at) {
            Some(pattern) => self.fill(of, pattern),
            None => {
                let pattern = "arn:{partition}:{service}:{region}:{account}:{name}";
                Filled { is_made_up: true, ..self.fill(of, pattern) }
            }
        }
    }

    fn own_reference(&mut self, of: Of<'_>) -> Filled {
        match self.kind(of.at) {
            Kind::Known(kind) => self.fill(of, kind.reference),
            Kind::Listed(kind) => self.fill(of, kind.reference),
            Kind::Foreign => self.referred(of.at),
        }
    }

    /// What a property has, or would have if it were written.
    fn property_field(&mut self, at: usize, property: &str) -> Filled {
        if let Some(text) = self.property_text(at, property) {
            return Filled { text, is_made_up: false };
        }
        let of = Of { at, attribute: Some(property), depth: MAX_PATTERNS };
        let text = match pattern::by_name(property) {
            Some(pattern) => self.fill(of, pattern).text,
            None => self.made_up_name(at, 128),
        };
        Filled { text, is_made_up: true }
    }

    /// `sqs` of `AWS::SQS::Queue`.
    fn service(&self, at: usize) -> String {
        let resource_type = &self.template.resources[at].resource_type.value;
        let service = resource_type.strip_prefix("AWS::").and_then(|rest| rest.split("::").next());
        service.unwrap_or("cloudformation").to_lowercase()
    }
}

/// The finding that a resource has no such attribute: an error if its type is modelled. Of the others AWS may have more than
/// are listed, and only what is nearly the name of another is told.
pub(crate) fn lacking(declared: &Declared, attribute: &Text) -> Option<Finding> {
    let resource_type = &*declared.resource_type.value;
    let (known, listed) = (known_type(resource_type), listed_type(resource_type));
    let of_known = known.into_iter().flat_map(|kind| kind.attributes).map(|(name, _)| *name);
    let names: Vec<_> = of_known.chain(listed.iter().flat_map(ListedType::attributes).map(|one| one.name)).collect();
    let is_there = names.contains(&&*attribute.value);
    if is_there || (known.is_none() && declared.properties.get(&attribute.value).is_some()) {
        return None;
    }
    let message = format!("{resource_type} has no attribute `{}`", shown(&attribute.value));
    let severity = if known.is_some() { Severity::Error } else { Severity::Warning };
    let finding = Finding::new(severity, "UNKNOWN_ATTRIBUTE", attribute.span, message);
    Some(finding.suggest(&attribute.value, names)).filter(|finding| known.is_some() || finding.help.is_some())
}
