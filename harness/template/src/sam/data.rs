//! SAM's policy templates, and what its connectors permit: AWS's own, made by `data/sam/regenerate.py`.

use std::sync::LazyLock;

use source::{Entry, FileId, Node};

type Embedded = LazyLock<Option<Node>>;

static POLICY_TEMPLATES: Embedded =
    LazyLock::new(|| source::json::read(FileId(0), include_str!("../../data/sam/policy-templates.json")).0);

static CONNECTOR_PROFILES: Embedded =
    LazyLock::new(|| source::json::read(FileId(0), include_str!("../../data/sam/connector-profiles.json")).0);

/// A policy template: `Parameters` and `Definition`.
///
/// docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
pub(super) fn policy_template(name: &str) -> Option<&'static Node> {
    POLICY_TEMPLATES.as_ref()?.get(name)
}

/// The names of all policy templates.
pub(super) fn policy_templates() -> impl Iterator<Item = &'static str> {
    all(&POLICY_TEMPLATES).iter().map(|entry| &*entry.key)
}

/// What a connector between resources of two types makes.
///
/// docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
pub(super) fn connection(source: &str, destination: &str) -> Option<&'static Node> {
    CONNECTOR_PROFILES.as_ref()?.get(&format!("{source} {destination}"))
}

/// Where connectors find the ARN, the name and the role of a resource.
pub(super) fn connectable(of_type: &str) -> Option<&'static Node> {
    CONNECTOR_PROFILES.as_ref()?.get(of_type)
}

fn all(data: &'static Embedded) -> &'static [Entry] {
    data.as_ref().map(Node::entries).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_data_is_there() {
        assert_eq!(policy_templates().count(), 81);
        assert!(all(&CONNECTOR_PROFILES).len() > 40);
        let template = policy_template("DynamoDBCrudPolicy").expect("a template");
        assert_eq!(template.get("Parameters").map(Node::items).unwrap_or_default()[0].text(), Some("TableName"));
        assert!(connection("AWS::Lambda::Function", "AWS::DynamoDB::Table").is_some());
    }
}
