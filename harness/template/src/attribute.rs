//! What `Ref` and `Fn::GetAtt` give for a resource.

use source::{Finding, Node, Span};

use crate::evaluate::Evaluator;
use crate::known_types::Attribute::{Id, Known, MadeUp, Unknown};
use crate::known_types::{KnownType, known_type};
use crate::names;
use crate::shape::{broken, shown, text_node};

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

impl Evaluator<'_> {
    /// What `Ref` gives for a resource: CloudFormation's physical id.
    pub(crate) fn physical_id(&mut self, at: usize) -> String {
        match known_type(&self.template.resources[at].resource_type.value) {
            Some(kind) => self.fill(at, kind, kind.reference),
            None => self.made_up_name(at, 255),
        }
    }

    /// The ARN under which requests name a resource; `None` if its type is not known, or no request names it.
    pub(crate) fn arn(&mut self, at: usize) -> Option<String> {
        let declared = &self.template.resources[at];
        if let Some(arn) = &declared.deployed.arn {
            return Some(arn.clone());
        }
        let kind = known_type(&declared.resource_type.value)?;
        Some(self.fill(at, kind, kind.arn?))
    }

    /// A resource's own name: the one it was given, else the one that is made up for it.
    pub(crate) fn name(&mut self, at: usize) -> String {
        let Some(kind) = known_type(&self.template.resources[at].resource_type.value) else {
            return self.made_up_name(at, 128);
        };
        let Some((property, limit)) = kind.named_by else { return self.made_up_name(at, 128) };
        if let Some(given) = self.property_text(at, property) {
            return given;
        }
        let is_fifo = kind.fifo.is_some_and(|property| self.property_text(at, property).as_deref() == Some("true"));
        match (kind.is_lower_case, is_fifo) {
            (true, _) => self.made_up_name(at, limit).to_lowercase(),
            (_, true) => self.made_up_name(at, limit - FIFO.len()) + FIFO,
            _ => self.made_up_name(at, limit),
        }
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
        let declared = &self.template.resources[at];
        let made_up = known_type(&declared.resource_type.value).is_none();
        let text = self.physical_id(at);
        if made_up {
            self.made_up(shown(&declared.logical_id.value), &text);
        }
        text_node(text, span)
    }

    /// What `Fn::GetAtt` gives, with what there is to say about it.
    pub(crate) fn attribute(&mut self, at: usize, attribute: &str, span: Span) -> Node {
        let declared = &self.template.resources[at];
        let written = format!("{}.{attribute}", declared.logical_id.value);
        let Some(kind) = known_type(&declared.resource_type.value) else {
            let text = self.foreign_attribute(at, attribute);
            self.made_up(shown(&written), &text);
            return text_node(text, span);
        };
        match kind.attributes.iter().find(|(name, _)| *name == attribute) {
            Some((_, Known(pattern))) => text_node(self.fill(at, kind, pattern), span),
            Some((_, MadeUp(pattern))) => {
                let text = self.fill(at, kind, pattern);
                self.made_up(shown(&written), &text);
                text_node(text, span)
            }
            Some((_, Id(prefix))) => {
                let id = names::unique_id(prefix, &self.inputs.stack_name, &declared.logical_id.value);
                self.made_up(shown(&written), &id);
                text_node(id, span)
            }
            Some((_, Unknown)) => {
                let message = format!("the value of `{}` is known only to a real account", shown(&written));
                self.report(Finding::error("UNKNOWN_VALUE", span, message));
                broken(span)
            }
            // Reported where the name is looked at.
            None => broken(span),
        }
    }

    /// An attribute of a type that is not modelled: an ARN where one is asked for, else a text that says what it is.
    fn foreign_attribute(&self, at: usize, attribute: &str) -> String {
        let declared = &self.template.resources[at];
        let name = self.made_up_name(at, 255);
        if !attribute.ends_with("Arn") {
            return format!("{name}.{attribute}");
        }
        let service = declared.resource_type.value.split("::").nth(1).unwrap_or_default().to_lowercase();
        let crate::Inputs { partition, region, account, .. } = self.inputs;
        format!("arn:{partition}:{service}:{region}:{account}:{name}")
    }

    fn fill(&mut self, at: usize, kind: &KnownType, pattern: &str) -> String {
        let mut out = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((field, after)) = after.split_once('}') else { break };
            out.push_str(before);
            out.push_str(&self.field(at, kind, field));
            rest = after;
        }
        out + rest
    }

    fn field(&mut self, at: usize, kind: &KnownType, field: &str) -> String {
        let inputs = self.inputs;
        match field {
            "partition" => inputs.partition.clone(),
            "region" => {
                let own = &self.template.resources[at].deployed.region;
                own.as_ref().unwrap_or(&inputs.region).clone()
            }
            "account" => inputs.account.clone(),
            "suffix" => inputs.url_suffix.clone(),
            "dash" => if DASHED.contains(&&*inputs.region) { "-" } else { "." }.to_owned(),
            "arn" => self.arn(at).unwrap_or_default(),
            "ref" => self.physical_id(at),
            "name" => self.name(at),
            "rooted" => {
                let name = self.name(at);
                if name.starts_with('/') { name } else { format!("/{name}") }
            }
            "six" => names::six(&inputs.stack_name, &self.template.resources[at].logical_id.value),
            "uuid" if self.template.resources[at].deployed.arn.is_some() => {
                let arn = self.arn(at).unwrap_or_default();
                arn.rsplit('/').next().unwrap_or_default().to_owned()
            }
            "uuid" => names::uuid_of(&inputs.stack_name, &self.template.resources[at].logical_id.value),
            "path" => self.property_text(at, "Path").unwrap_or_else(|| "/".to_owned()),
            property => {
                let value = self.property_text(at, property);
                value.unwrap_or_else(|| format!("{}.{property}", kind.name))
            }
        }
    }
}
