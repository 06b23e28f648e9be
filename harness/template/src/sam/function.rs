//! `AWS::Serverless::Function`
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html

use source::{Entry, Finding, Node, Value};

use super::Transform;
use super::build::{At, Merged, set};
use super::intrinsic::{choice, is_call, is_no_value};
use super::resource::{Made, Resource, kept};
use super::role::Start;
use super::{code, event};

/// Properties that are SAM's own: the rest are those of AWS::Lambda::Function.
const OWN: [&str; 24] = [
    "AssumeRolePolicyDocument",
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "AutoPublishCodeSha256",
    "CapacityProviderConfig",
    "CodeUri",
    "DeadLetterQueue",
    "DeploymentPreference",
    "EventInvokeConfig",
    "Events",
    "FunctionUrlConfig",
    "ImageUri",
    "InlineCode",
    "PermissionsBoundary",
    "Policies",
    "PropagateTags",
    "ProvisionedConcurrencyConfig",
    "Role",
    "RolePath",
    "SourceKMSKeyArn",
    "Tags",
    "Tracing",
    "VersionDeletionPolicy",
    "VersionDescription",
];

/// What an event starts: a function, or its alias.
pub(super) struct Target {
    /// What a permission names.
    pub(super) name: Node,
    pub(super) arn: Node,
}

/// A function's version and alias.
struct Published {
    version: Made,
    alias: Made,
}

impl<'a> Transform<'a> {
    pub(super) fn function(&mut self, resource: Resource<'a>) {
        let at = resource.at;
        let mut function = self.lambda(resource);
        let published = self.published(resource, &function);
        let target = match &published {
            Some(Published { alias, .. }) => Target { name: alias.reference(), arn: alias.reference() },
            None => Target { name: at.reference(resource.id), arn: at.get_att(resource.id, "Arn") },
        };
        let destinations = self.destinations(resource, published.as_ref().map(|published| &published.alias));
        let mut role = self.function_role(resource, destinations.policies);
        let mut made = Vec::new();
        if let Some(Published { version, alias }) = published {
            self.name(resource, "Version", &version.id);
            self.name(resource, "Alias", &alias.id);
            made.extend([version, alias]);
        }
        made.extend(url(resource, &target));
        made.extend(destinations.made);
        let mut events: Vec<_> = resource.events().collect();
        events.sort_by(|one, other| event::order(*one).cmp(event::order(*other)));
        for event in events {
            let of_event = self.event(event, &target, &mut role);
            self.name_made(resource, &of_event);
            made.extend(of_event);
        }
        if resource.get("DeploymentPreference").is_some() {
            self.deployed(resource);
        }
        let needs_role = self.use_role(resource, &mut function, &mut role);
        let all = [function].into_iter().chain(needs_role.then_some(role)).chain(made).collect();
        self.make_all(all, self.propagated(resource));
    }

    /// The queue and the topic of an event have names of their own: `Function.DestinationQueue`.
    pub(super) fn name_made(&mut self, resource: Resource<'_>, made: &[Made]) {
        for one in made {
            match one.of_type {
                "AWS::SNS::Topic" => self.name(resource, "DestinationTopic", &one.id),
                "AWS::SQS::Queue" => self.name(resource, "DestinationQueue", &one.id),
                _ => {}
            }
        }
    }

    fn lambda(&self, resource: Resource<'a>) -> Made {
        let at = resource.at;
        let mut function = resource.becomes("AWS::Lambda::Function");
        function.properties = kept(resource.properties(), &OWN);
        if let Some(code) = code_of(resource) {
            function.set("Code", code);
        }
        function.set("Tags", at.list(created_by_sam(at, "lambda:createdBy", resource)));
        if let Some(mode) = resource.get("Tracing").filter(|_| self.is_traced(resource)) {
            function.set("TracingConfig", at.map([("Mode", mode.clone())]));
        }
        if let Some(target) = resource.get("DeadLetterQueue").and_then(|queue| queue.get("TargetArn")) {
            function.set("DeadLetterConfig", at.map([("TargetArn", target.clone())]));
        }
        function
    }

    fn is_traced(&self, resource: Resource<'_>) -> bool {
        let tracing = resource.get("Tracing");
        tracing.is_some_and(|tracing| self.parameters.text(tracing).as_deref() != Some("Disabled"))
    }

    fn function_role(&mut self, resource: Resource<'a>, destinations: Vec<Node>) -> Made {
        let at = resource.at;
        let own_trust = resource.get("AssumeRolePolicyDocument").cloned();
        let basic = match resource.get("DurableConfig") {
            Some(_) => "service-role/AWSLambdaBasicDurableExecutionRolePolicy",
            None => "service-role/AWSLambdaBasicExecutionRole",
        };
        let mut managed = vec![self.managed(at, basic)];
        if self.is_traced(resource) {
            managed.push(self.managed(at, self.x_ray()));
        }
        if let Some(vpc) = resource.entry("VpcConfig").filter(|entry| is_something(&entry.value)) {
            managed.push(self.managed(At(vpc.key_span), "service-role/AWSLambdaVPCAccessExecutionRole"));
        }
        let mut inline: Vec<_> = dead_letters(resource).into_iter().collect();
        inline.extend(destinations);
        let trust = own_trust.unwrap_or_else(|| at.trust("lambda.amazonaws.com"));
        let tags = created_by_sam(at, "lambda:createdBy", resource);
        self.role(resource, Start { trust, managed, inline, tags, named_last: None })
    }

    /// The name of the policy for X-Ray.
    pub(super) fn x_ray(&self) -> &'static str {
        if self.inputs.partition == "aws" { "AWSXrayWriteOnlyAccess" } else { "AWSXRayDaemonWriteAccess" }
    }

    /// Sets the function's role; whether that is the one that is made.
    fn use_role(&mut self, resource: Resource<'a>, function: &mut Made, role: &mut Made) -> bool {
        let at = resource.at;
        let Some(given) = resource.get("Role") else {
            function.set("Role", role.arn());
            return true;
        };
        let resolved = self.parameters.resolved(given);
        let (value, condition) = match choice(&resolved) {
            Some(choice) if is_no_value(choice.then) && is_no_value(choice.otherwise) => (role.arn(), None),
            Some(choice) if is_no_value(choice.then) => {
                let value = at.choose(choice.condition, role.arn(), choice.otherwise.clone());
                (value, Some(choice.condition.to_owned()))
            }
            Some(choice) if is_no_value(choice.otherwise) => {
                let value = at.choose(choice.condition, choice.then.clone(), role.arn());
                (value, Some(self.not(at, choice.condition)))
            }
            _ => {
                function.set("Role", given.clone());
                self.without_effect(resource, "Role");
                return false;
            }
        };
        function.set("Role", value);
        if let Some(condition) = condition {
            role.set_attribute("Condition", at.text(condition));
        }
        true
    }

    /// A condition that holds where another does not.
    pub(super) fn not(&mut self, at: At, condition: &str) -> String {
        let name = format!("NOT{condition}");
        let test = at.map([("Fn::Not", at.list([at.map([("Condition", at.text(condition))])]))]);
        set(&mut self.conditions, at.entry(&*name, test));
        name
    }

    /// "If a role isn't specified, one is created": with a role of their own these do nothing.
    pub(super) fn without_effect(&mut self, resource: Resource<'_>, role: &str) {
        for name in ["Policies", "PermissionsBoundary", "RolePath", "AssumeRolePolicyDocument"] {
            let Some(Entry { key_span, .. }) = resource.entry(name).filter(|entry| is_something(&entry.value)) else {
                continue;
            };
            let message = format!("`{name}` has no effect: `{role}` is given, and SAM makes no role");
            self.warn(
                "SAM_WITHOUT_EFFECT",
                At(*key_span),
                message,
                &format!("put it on that role, or remove `{role}`"),
            );
        }
    }

    fn published(&mut self, resource: Resource<'a>, function: &Made) -> Option<Published> {
        let at = resource.at;
        let given = resource.get("AutoPublishAlias")?;
        let Some(name) = self.parameters.text(given).filter(|name| is_alias(name)) else {
            let message = "`AutoPublishAlias` must be the name of an alias, or refer to a parameter that is one";
            let finding = Finding::error("SAM_ALIAS", given.span, message);
            self.report(finding.help("a name has up to 128 letters, digits, `-` and `_`, and not digits alone"));
            return None;
        };
        let version_id = self.version_id(resource, function);
        let mut version = resource.makes(version_id, "AWS::Lambda::Version");
        if !version.attributes.iter().any(|entry| entry.key == "DeletionPolicy") {
            let policy = resource.get("VersionDeletionPolicy").cloned();
            let kept = if resource.get("CapacityProviderConfig").is_some() { "Delete" } else { "Retain" };
            version.set_attribute("DeletionPolicy", policy.unwrap_or_else(|| at.text(kept)));
        }
        let version = version
            .with("FunctionName", at.reference(resource.id))
            .with_some("Description", resource.get("VersionDescription"));
        let id = format!("{}Alias{}", resource.id, name.replace('-', "D").replace('_', "U"));
        let alias = resource
            .makes(id, "AWS::Lambda::Alias")
            .with("Name", At(given.span).text(name))
            .with("FunctionName", at.reference(resource.id))
            .with("FunctionVersion", at.get_att(&version.id, "Version"))
            .with_some("ProvisionedConcurrencyConfig", resource.get("ProvisionedConcurrencyConfig"));
        Some(Published { version, alias })
    }

    /// A version's id changes with the code.
    fn version_id(&self, resource: Resource<'a>, function: &Made) -> String {
        let prefix = format!("{}Version", resource.id);
        let given = resource.get("AutoPublishCodeSha256").and_then(|hash| self.parameters.text(hash));
        if let Some(hash) = given.filter(|hash| !hash.is_empty()) {
            return code::with_given(&prefix, &hash);
        }
        let mut hashed = Merged::default();
        if resource.is_true("AutoPublishAliasAllProperties") {
            hashed.extend(function.properties.iter().cloned());
            hashed.extend(resource.entry("Role").cloned());
            self.layers(resource, &mut hashed);
        } else {
            let code = function.get("Code").map(|code| self.parameters.resolved(code));
            hashed.extend(code.as_ref().map(Node::entries).unwrap_or_default().iter().cloned());
            hashed.extend(resource.get("Environment").map(Node::entries).unwrap_or_default().iter().cloned());
            hashed.extend(resource.entry("MemorySize").cloned());
            let snaps = |snap: &&Entry| snap.value.get("ApplyOn").is_some_and(|apply| apply.text() != Some("None"));
            hashed.extend(resource.entry("SnapStart").filter(snaps).cloned());
        }
        code::with_hash(&prefix, &code::text(&hashed.into_node(resource.at)))
    }

    /// Layers that publish a version of the function when they change.
    fn layers(&self, resource: Resource<'a>, all: &mut Merged) {
        for layer in resource.get("Layers").map(Node::items).unwrap_or_default() {
            let found = super::intrinsic::named(layer).and_then(|id| self.find(id));
            if let Some(found) = found.filter(|layer| layer.is_true("PublishLambdaVersion")) {
                let properties = Node::new(Value::Map(found.properties().to_vec()), found.at.0);
                all.set(found.at.entry(found.id, properties));
            }
        }
    }
}

/// Whether an alias may have a name.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html
fn is_alias(name: &str) -> bool {
    let is_of_names = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_of_names && (1..=128).contains(&name.len()) && !name.chars().all(|c| c.is_ascii_digit())
}

/// The tags that say that SAM made a resource, and its own after them.
pub(super) fn created_by_sam(at: At, key: &str, resource: Resource<'_>) -> Vec<Node> {
    let mut tags = vec![at.tag(key, at.text("SAM"))];
    tags.extend(resource.get("Tags").map(|own| at.tags(own)).unwrap_or_default());
    tags
}

/// Whether a property says something: an empty mapping is as none.
fn is_something(node: &Node) -> bool {
    match &node.value {
        Value::Map(entries) => !entries.is_empty(),
        Value::List(items) => !items.is_empty(),
        _ => true,
    }
}

fn code_of(resource: Resource<'_>) -> Option<Node> {
    let at = resource.at;
    let is_image = resource.text("PackageType") == Some("Image");
    let mut code = match (resource.get("InlineCode"), resource.get("CodeUri"), resource.get("ImageUri")) {
        (_, _, Some(image)) if is_image => at.map([("ImageUri", image.clone())]),
        (Some(text), _, _) => at.map([("ZipFile", text.clone())]),
        (None, Some(uri), _) => code::location(uri),
        (None, None, _) => return None,
    };
    if let (Some(key), Value::Map(parts)) = (resource.get("SourceKMSKeyArn"), &mut code.value) {
        parts.push(at.entry("SourceKMSKeyArn", key.clone()));
    }
    Some(code)
}

/// The policy to send to a dead-letter queue or topic.
fn dead_letters(resource: Resource<'_>) -> Option<Node> {
    let queue = resource.entry("DeadLetterQueue")?;
    let at = At(queue.key_span);
    let action = match queue.value.get("Type").and_then(Node::text)? {
        "SQS" => "sqs:SendMessage",
        "SNS" => "sns:Publish",
        _ => return None,
    };
    let target = queue.value.get("TargetArn")?.clone();
    Some(at.inline("DeadLetterQueuePolicy", at.document([at.allow(at.text(action), target)])))
}

/// A function's URL; without authorisation everybody may call it.
///
/// docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
fn url(resource: Resource<'_>, target: &Target) -> Vec<Made> {
    let Some(config) = resource.entry("FunctionUrlConfig").filter(|entry| !is_call(&entry.value)) else {
        return Vec::new();
    };
    let at = At(config.key_span);
    let auth = config.value.get("AuthType");
    let make = |suffix: &str, of_type| Made { at, ..resource.makes(format!("{}{suffix}", resource.id), of_type) };
    let mut url = make("Url", "AWS::Lambda::Url");
    url.properties = kept(config.value.entries(), &[]);
    let mut made = vec![url.with("TargetFunctionArn", target.name.clone())];
    if auth.and_then(Node::text) == Some("NONE") {
        let allow = |suffix: &str, action: &str| {
            make(suffix, "AWS::Lambda::Permission")
                .with("Action", at.text(action))
                .with("FunctionName", target.name.clone())
                .with("Principal", at.text("*"))
        };
        made.push(allow("UrlPublicPermissions", "lambda:InvokeFunctionUrl").with_some("FunctionUrlAuthType", auth));
        made.push(allow("URLInvokeAllowPublicAccess", "lambda:InvokeFunction").with("InvokedViaFunctionUrl", at.yes()));
    }
    made
}
