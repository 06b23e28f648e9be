//! `AWS::Serverless::GraphQLApi`: the API, the roles of its data sources and of its log, and what they permit. Resolvers and
//! functions are there by name.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-graphqlapi.html

use source::{Entry, Node, Value};

use super::Transform;
use super::build::{At, set};
use super::connector::Connector;
use super::resource::{Made, Resource, kept};

/// Properties that are made into resources of their own, or have another form.
const OWN: [&str; 12] = [
    "ApiKeys",
    "Auth",
    "Cache",
    "DataSources",
    "DomainName",
    "Functions",
    "Logging",
    "PropagateTags",
    "Resolvers",
    "SchemaInline",
    "SchemaUri",
    "Tags",
];

const SERVICE: &str = "appsync.amazonaws.com";

impl<'a> Transform<'a> {
    pub(super) fn graphql_api(&mut self, resource: Resource<'a>) {
        let at = resource.at;
        let mut api = resource.becomes("AWS::AppSync::GraphQLApi");
        api.properties = kept(resource.properties(), &OWN);
        let mut tags = resource.get("Tags").map(Node::entries).unwrap_or_default().to_vec();
        set(&mut tags, at.entry("graphqlapi:createdBy", at.text("SAM")));
        api.set("Tags", at.list(at.tags(&Node::new(Value::Map(tags), at.0))));
        let mut made = vec![api, part(resource, "Schema", "AWS::AppSync::GraphQLSchema")];
        made.extend(log_role(resource));
        made.extend(named(resource, "ApiKeys", "AWS::AppSync::ApiKey"));
        made.extend(resource.get("Cache").map(|_| part(resource, "ApiCache", "AWS::AppSync::ApiCache")));
        if resource.get("DomainName").is_some() {
            made.push(part(resource, "DomainName", "AWS::AppSync::DomainName"));
            made.push(part(resource, "DomainNameApiAssociation", "AWS::AppSync::DomainNameApiAssociation"));
        }
        made.extend(named(resource, "Functions", "AWS::AppSync::FunctionConfiguration"));
        made.extend(resolvers(resource));
        if uses_none(resource) {
            made.push(part(resource, "NoneDataSource", "AWS::AppSync::DataSource"));
        }
        self.make_all(made, None);
        self.authorize_with_functions(resource);
        for source in sources(resource, "DynamoDb") {
            self.table_source(resource, source);
        }
        for source in sources(resource, "Lambda") {
            let function = source.value.get("FunctionArn").cloned();
            let ends = To { name: "Lambda", to: "AWS::Lambda::Function", connector: "ToLambdaConnector" };
            self.data_source(resource, source, &ends, function, &["Write"]);
        }
    }

    /// Functions that decide who may call the API are called by it.
    fn authorize_with_functions(&mut self, resource: Resource<'a>) {
        let Some(auth) = resource.get("Auth") else { return };
        let more = auth.get("Additional").map(Node::items).unwrap_or_default();
        let functions =
            [auth].into_iter().chain(more).filter_map(|one| one.get("LambdaAuthorizer")?.get("AuthorizerUri"));
        let at = At(auth.span);
        for (number, function) in functions.enumerate() {
            let source = at.map([
                ("Type", at.text("AWS::AppSync::GraphQLApi")),
                ("Arn", at.reference(resource.id)),
                ("ResourceId", at.get_att(resource.id, "ApiId")),
            ]);
            let destination = at.map([("Type", at.text("AWS::Lambda::Function")), ("Arn", function.clone())]);
            let id = format!("{}ToLambdaAuthConnector{}", resource.id, number + 1);
            self.connector(&Connector::made(id, at, source, destination, &["Write"], self.current));
        }
    }

    fn table_source(&mut self, resource: Resource<'a>, source: &Entry) {
        let at = At(source.key_span);
        let region = source.value.get("Region").cloned().unwrap_or_else(|| at.reference("AWS::Region"));
        let arn = source.value.get("TableArn").cloned().or_else(|| {
            let values = [("__TableName__", source.value.get("TableName")?.clone()), ("__Region__", region)];
            let text = "arn:${AWS::Partition}:dynamodb:${__Region__}:${AWS::AccountId}:table/${__TableName__}";
            Some(at.sub_with(text, values))
        });
        let wanted: Vec<_> = source
            .value
            .get("Permissions")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(Node::text)
            .collect();
        let permissions = if wanted.is_empty() { vec!["Read", "Write"] } else { wanted };
        let ends = To { name: "DynamoDB", to: "AWS::DynamoDB::Table", connector: "ToTableConnector" };
        self.data_source(resource, source, &ends, arn, &permissions);
    }

    /// A data source, with a role of its own unless it is given one.
    fn data_source(
        &mut self,
        resource: Resource<'a>,
        source: &Entry,
        to: &To,
        arn: Option<Node>,
        permissions: &[&str],
    ) {
        let at = At(source.key_span);
        let id = format!("{}{}DataSource", source.key, to.name);
        let made = part(resource, &id, "AWS::AppSync::DataSource");
        let given = source.value.get("ServiceRoleArn").filter(|role| role.value != Value::Null);
        if let Some(given) = given {
            self.make(made.with("ServiceRoleArn", given.clone()));
            return;
        }
        let role =
            part(resource, &format!("{id}Role"), "AWS::IAM::Role").with("AssumeRolePolicyDocument", at.trust(SERVICE));
        let from = at.map([
            ("Type", at.text("AWS::AppSync::DataSource")),
            ("Arn", at.get_att(&made.id, "DataSourceArn")),
            ("RoleName", role.reference()),
        ]);
        let mut destination = vec![("Type", at.text(to.to))];
        destination.extend(arn.map(|arn| ("Arn", arn)));
        let connector = format!("{}{}", made.id, to.connector);
        let connector = Connector::made(connector, at, from, at.map(destination), permissions, self.current);
        self.make(made.with("ServiceRoleArn", role.arn()));
        self.make(role);
        self.connector(&connector);
    }
}

/// What a data source reads from.
struct To {
    name: &'static str,
    to: &'static str,
    connector: &'static str,
}

fn sources<'a>(resource: Resource<'a>, kind: &str) -> &'a [Entry] {
    let sources = resource.get("DataSources").and_then(|sources| sources.get(kind));
    sources.map(Node::entries).unwrap_or_default()
}

/// A resource that belongs to the API.
fn part(resource: Resource<'_>, suffix: &str, of_type: &'static str) -> Made {
    resource.makes(format!("{}{suffix}", resource.id), of_type)
}

/// A resource for each entry of a property. One that only names another is none.
fn named(resource: Resource<'_>, property: &str, of_type: &'static str) -> Vec<Made> {
    let entries = resource.get(property).map(Node::entries).unwrap_or_default();
    let is_made = |entry: &&Entry| property != "Functions" || entry.value.get("Id").is_none();
    entries.iter().filter(is_made).map(|entry| part(resource, &entry.key, of_type)).collect()
}

fn resolvers(resource: Resource<'_>) -> Vec<Made> {
    let types = resource.get("Resolvers").map(Node::entries).unwrap_or_default();
    let of_type = |entry: &Entry| {
        let resolver = |one: &Entry| part(resource, &format!("{}{}", entry.key, one.key), "AWS::AppSync::Resolver");
        entry.value.entries().iter().map(resolver).collect::<Vec<_>>()
    };
    types.iter().flat_map(of_type).collect()
}

/// Whether a function works without a data source.
fn uses_none(resource: Resource<'_>) -> bool {
    let functions = resource.get("Functions").map(Node::entries).unwrap_or_default();
    let source = |entry: &Entry| entry.value.get("DataSource").and_then(Node::text).map(str::to_lowercase);
    functions.iter().any(|entry| source(entry).as_deref() == Some("none"))
}

/// The role with which the API writes its log, unless it has none.
fn log_role(resource: Resource<'_>) -> Option<Made> {
    let at = resource.at;
    let logging = resource.get("Logging");
    let is_off = logging.is_some_and(|logging| logging.value == Value::Bool(false));
    let is_given = logging.and_then(|logging| logging.get("CloudWatchLogsRoleArn")).is_some();
    let policy = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSAppSyncPushToCloudWatchLogs";
    (!is_off && !is_given).then(|| {
        part(resource, "CloudWatchRole", "AWS::IAM::Role")
            .with("AssumeRolePolicyDocument", at.trust(SERVICE))
            .with("ManagedPolicyArns", at.list([at.sub(policy)]))
    })
}
