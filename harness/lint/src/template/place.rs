//! What the place of a policy in a template says of it.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/,
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html

use policy::Kind;
use source::Node;

/// A resource whose properties are looked through.
#[derive(Default)]
pub(super) struct Place {
    /// What its policies are, most of them; `None` for a type that is not AWS's, whose policies may be anything.
    kind: Option<Kind>,
    /// A property whose statements go into a policy of the service's or SAM's making: the property above it, and its name.
    statements: Option<(&'static str, &'static str)>,
}

/// Types, or the beginnings of their names, whose policies are none of a resource. The first that fits counts.
const KINDS: &[(&str, Kind)] = &[
    ("AWS::EC2::VPCEndpoint", Kind::Endpoint),
    // "applied as the intersection of the role's policies and this policy"
    ("AWS::EKS::PodIdentityAssociation", Kind::Session),
    ("AWS::IAM::", Kind::Identity),
    // An IoT policy has no Principal: it is attached to a certificate, an identity or a group of things.
    // docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
    ("AWS::IoT::Policy", Kind::Identity),
    ("AWS::RolesAnywhere::Profile", Kind::Session),
    ("AWS::SSO::", Kind::Identity),
    ("AWS::Serverless::Api", Kind::Resource),
    ("AWS::Serverless::", Kind::Identity),
    // "A session policy for your user"
    ("AWS::Transfer::User", Kind::Session),
];

impl Place {
    pub(super) fn of(resource_type: &str, properties: &Node) -> Self {
        let by_type = || KINDS.iter().find(|(name, _)| resource_type.starts_with(name)).map(|(_, kind)| *kind);
        let is_of_aws = resource_type.starts_with("AWS::") && !resource_type.starts_with("AWS::CloudFormation::");
        let kind = match (resource_type, properties.get("Type").and_then(Node::text)) {
            ("AWS::Organizations::Policy", Some("RESOURCE_CONTROL_POLICY")) => Some(Kind::ResourceControl),
            ("AWS::Organizations::Policy", _) => Some(Kind::ServiceControl),
            _ => by_type().or(is_of_aws.then_some(Kind::Resource)),
        };
        let statements = match resource_type {
            "AWS::Events::EventBusPolicy" => Some(("", "Statement")),
            // Of an API, and of a function's events.
            _ if resource_type.starts_with("AWS::Serverless::") => Some(("ResourcePolicy", "CustomStatements")),
            _ => None,
        };
        Self { kind, statements }
    }

    /// What a policy in a property is attached to; what it looks like, where the place does not say.
    pub(super) fn kind(&self, property: &str, policy: &Node) -> Kind {
        match property {
            "AssumeRolePolicyDocument" => Kind::Trust,
            // docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html
            "x-amazon-apigateway-policy" | "ResourcePolicy" => Kind::Resource,
            _ => self.kind.unwrap_or_else(|| crate::guess(policy)),
        }
    }

    /// Whether what stands in a property under another one are statements.
    pub(super) fn has_statements(&self, property: &str, name: &str) -> bool {
        self.statements == Some((property, name))
    }
}
