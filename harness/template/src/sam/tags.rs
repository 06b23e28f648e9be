//! Tags that resources get from what they are made of.

use source::{Entry, Node, Value};

use super::build::{self, At};
use super::resource::Made;

/// The tags of a resource that stays as it is.
pub(super) fn of(parts: &[Entry]) -> &[Node] {
    let properties = parts.iter().find(|part| part.key == "Properties");
    properties.and_then(|properties| properties.value.get("Tags")).map(Node::items).unwrap_or_default()
}

/// Sets them.
pub(super) fn set(parts: &mut Vec<Entry>, at: At, tags: Vec<Node>) {
    if !parts.iter().any(|part| part.key == "Properties" && part.value.value != Value::Null) {
        build::set(parts, at.entry("Properties", at.map([])));
    }
    for part in parts.iter_mut().filter(|part| part.key == "Properties") {
        if let Value::Map(properties) = &mut part.value.value {
            build::set(properties, at.entry("Tags", at.list(tags.clone())));
        }
    }
}

/// Types that get the tags of what they are made of, as `PropagateTags` has it; those that have them as a mapping
/// are marked.
const TAGGED: [(&str, bool); 16] = [
    ("AWS::ApiGateway::ApiKey", false),
    ("AWS::ApiGateway::DomainName", false),
    ("AWS::ApiGateway::DomainNameV2", false),
    ("AWS::ApiGateway::RestApi", false),
    ("AWS::ApiGateway::Stage", false),
    ("AWS::ApiGateway::UsagePlan", false),
    ("AWS::ApiGatewayV2::Api", true),
    ("AWS::ApiGatewayV2::DomainName", true),
    ("AWS::ApiGatewayV2::Stage", true),
    ("AWS::IAM::Role", false),
    ("AWS::IoT::TopicRule", false),
    ("AWS::Lambda::Function", false),
    ("AWS::S3::Bucket", false),
    ("AWS::SNS::Topic", false),
    ("AWS::SQS::Queue", false),
    ("AWS::StepFunctions::StateMachine", false),
];

/// "Tags" of a resource on what is made of it: they stand for all that it had.
/// docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-propagatetags
pub(super) fn propagate(made: &mut Made, tags: &Node) {
    match TAGGED.iter().find(|(name, _)| *name == made.of_type) {
        Some((_, true)) => made.set("Tags", tags.clone()),
        Some((_, false)) => {
            let tags = made.at.list(made.at.tags(tags));
            made.set("Tags", tags);
        }
        None => {}
    }
}
