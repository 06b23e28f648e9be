//! What `Ref` and `Fn::GetAtt` give for each type of resource.
//!
//! Each row is the section "Return values" of the type's page under
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/.

use source::{Finding, Node, Span};

use crate::evaluate::Evaluator;
use crate::names;
use crate::shape::{Text, broken, shown, text_node};

/// A type that is modelled.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The property that names the resource, and how long a name that CloudFormation makes up may get.
    named_by: Option<(&'static str, usize)>,
    /// What `Ref` gives.
    reference: &'static str,
    attributes: &'static [(&'static str, Attribute)],
}

/// What an attribute's value is. In braces: something of the stack, `name`, `path`, or a property of the resource.
#[derive(Clone, Copy)]
enum Attribute {
    Known(&'static str),
    /// A unique id, of which only the first letters are known before the resource exists.
    Id(&'static str),
    /// Known only to the account.
    Unknown,
}

use Attribute::{Id, Known, Unknown};

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "AWS::IAM::Role",
        named_by: Some(("RoleName", 64)),
        reference: "{name}",
        attributes: &[("Arn", Known("arn:{partition}:iam::{account}:role{path}{name}")), ("RoleId", Id("AROA"))],
    },
    Kind {
        name: "AWS::IAM::ManagedPolicy",
        named_by: Some(("ManagedPolicyName", 128)),
        reference: "arn:{partition}:iam::{account}:policy{path}{name}",
        attributes: &[
            ("PolicyArn", Known("arn:{partition}:iam::{account}:policy{path}{name}")),
            ("PolicyId", Id("ANPA")),
            ("DefaultVersionId", Known("v1")),
            ("IsAttachable", Known("true")),
            ("AttachmentCount", Unknown),
            ("PermissionsBoundaryUsageCount", Unknown),
            ("CreateDate", Unknown),
            ("UpdateDate", Unknown),
        ],
    },
    Kind { name: "AWS::IAM::Policy", named_by: None, reference: "{name}", attributes: &[("Id", Known("{name}"))] },
    Kind { name: "AWS::IAM::RolePolicy", named_by: None, reference: "{PolicyName}|{RoleName}", attributes: &[] },
    Kind { name: "AWS::IAM::UserPolicy", named_by: None, reference: "{PolicyName}|{UserName}", attributes: &[] },
    Kind { name: "AWS::IAM::GroupPolicy", named_by: None, reference: "{PolicyName}|{GroupName}", attributes: &[] },
    Kind {
        name: "AWS::IAM::User",
        named_by: Some(("UserName", 64)),
        reference: "{name}",
        attributes: &[("Arn", Known("arn:{partition}:iam::{account}:user{path}{name}"))],
    },
    Kind {
        name: "AWS::IAM::Group",
        named_by: Some(("GroupName", 128)),
        reference: "{name}",
        attributes: &[("Arn", Known("arn:{partition}:iam::{account}:group{path}{name}"))],
    },
    Kind {
        name: "AWS::IAM::InstanceProfile",
        named_by: Some(("InstanceProfileName", 128)),
        reference: "{name}",
        attributes: &[("Arn", Known("arn:{partition}:iam::{account}:instance-profile{path}{name}"))],
    },
    Kind {
        name: "AWS::S3::Bucket",
        named_by: Some(("BucketName", 63)),
        reference: "{name}",
        attributes: &[
            ("Arn", Known("arn:{partition}:s3:::{name}")),
            ("DomainName", Known("{name}.s3.{suffix}")),
            ("DualStackDomainName", Known("{name}.s3.dualstack.{region}.{suffix}")),
            ("RegionalDomainName", Known("{name}.s3.{region}.{suffix}")),
            ("WebsiteURL", Known("http://{name}.s3-website{dash}{region}.{suffix}")),
        ],
    },
    Kind { name: "AWS::S3::BucketPolicy", named_by: None, reference: "{Bucket}", attributes: &[] },
    Kind {
        name: "AWS::ECS::Cluster",
        named_by: Some(("ClusterName", 255)),
        reference: "{name}",
        attributes: &[("Arn", Known("arn:{partition}:ecs:{region}:{account}:cluster/{name}"))],
    },
    Kind {
        name: "AWS::ECS::TaskDefinition",
        named_by: Some(("Family", 255)),
        // A stack's first revision: every stack is made in an account where the family is new.
        reference: "arn:{partition}:ecs:{region}:{account}:task-definition/{name}:1",
        attributes: &[("TaskDefinitionArn", Known("arn:{partition}:ecs:{region}:{account}:task-definition/{name}:1"))],
    },
    Kind {
        name: "AWS::Logs::LogGroup",
        named_by: Some(("LogGroupName", 512)),
        reference: "{name}",
        // With `:*` at its end: the sample value on the page has it.
        attributes: &[("Arn", Known("arn:{partition}:logs:{region}:{account}:log-group:{name}:*"))],
    },
];

impl Kind {
    /// Whether two of its resources cannot have one name.
    pub(crate) const fn is_named(&self) -> bool {
        self.named_by.is_some()
    }

    /// The finding that the type has no such attribute, if it has not.
    pub(crate) fn lacks(&self, attribute: &Text) -> Option<Finding> {
        if self.attributes.iter().any(|(name, _)| *name == attribute.value) {
            return None;
        }
        let message = format!("{} has no attribute `{}`", self.name, shown(&attribute.value));
        let finding = Finding::error("UNKNOWN_ATTRIBUTE", attribute.span, message);
        Some(finding.suggest(&attribute.value, self.attributes.iter().map(|(name, _)| *name)))
    }
}

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

/// The row of a type; `None` if it is not modelled.
pub(crate) fn kind(resource_type: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == resource_type)
}

impl Evaluator<'_> {
    /// What `Ref` gives for a resource: CloudFormation's physical id.
    pub(crate) fn physical_id(&mut self, at: usize) -> String {
        match kind(&self.template.resources[at].resource_type.value) {
            Some(kind) => self.fill(at, kind, kind.reference),
            None => self.made_up_name(at, 255),
        }
    }

    /// A resource's own name: the one it was given, else the one that is made up for it.
    pub(crate) fn name(&mut self, at: usize) -> String {
        let resource_type = &*self.template.resources[at].resource_type.value;
        let (given, limit) = match kind(resource_type).and_then(|kind| kind.named_by) {
            Some((property, limit)) => (self.property_text(at, property), limit),
            None => (None, 128),
        };
        let name = given.unwrap_or_else(|| self.made_up_name(at, limit));
        // A bucket's name has no capitals.
        if resource_type == "AWS::S3::Bucket" && self.property_text(at, "BucketName").is_none() {
            return name.to_lowercase();
        }
        name
    }

    fn made_up_name(&self, at: usize, limit: usize) -> String {
        names::physical(&self.inputs.stack_name, &self.template.resources[at].logical_id.value, limit)
    }

    /// What `Ref` gives, with what there is to say about it.
    pub(crate) fn reference(&mut self, at: usize, span: Span) -> Node {
        let declared = &self.template.resources[at];
        let made_up = kind(&declared.resource_type.value).is_none();
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
        let Some(kind) = kind(&declared.resource_type.value) else {
            let text = self.foreign_attribute(at, attribute);
            self.made_up(shown(&written), &text);
            return text_node(text, span);
        };
        match kind.attributes.iter().find(|(name, _)| *name == attribute) {
            Some((_, Known(pattern))) => text_node(self.fill(at, kind, pattern), span),
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

    fn fill(&mut self, at: usize, kind: &Kind, pattern: &str) -> String {
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

    fn field(&mut self, at: usize, kind: &Kind, field: &str) -> String {
        let inputs = self.inputs;
        match field {
            "partition" => inputs.partition.clone(),
            "region" => inputs.region.clone(),
            "account" => inputs.account.clone(),
            "suffix" => inputs.url_suffix.clone(),
            "dash" => if DASHED.contains(&&*inputs.region) { "-" } else { "." }.to_owned(),
            "name" => self.name(at),
            "path" => self.property_text(at, "Path").unwrap_or_else(|| "/".to_owned()),
            property => {
                let value = self.property_text(at, property);
                value.unwrap_or_else(|| format!("{}.{property}", kind.name))
            }
        }
    }
}
