//! One resource of Terraform's in CloudFormation's form.

use source::{Entry, Node, Value};

use super::containers::without_nulls;
use super::draft::{Draft, shown_value};
use super::estate::{Found, Instance, has_true};
use super::place;
use super::reader::Reader;
use super::tree::{entry, list, map, one, reference};
use super::types::{self, Form, Type};
use crate::known_types::known_type;
use crate::listed_types::listed_type;
use crate::names;
use crate::shape::text_node;

impl<'a> Reader<'a, '_> {
    /// The resources that one of Terraform's is.
    pub(super) fn resources(&mut self, instance: &Instance<'a>) -> Vec<Entry> {
        match types::find(instance.resource_type).filter(|_| instance.is_aws()) {
            Some(row) => self.typed(instance, row),
            None => vec![self.foreign(instance)],
        }
    }

    fn typed(&mut self, instance: &Instance<'a>, row: &'static Type) -> Vec<Entry> {
        let depends_on = self.estate.depends_on(instance).into_iter().map(str::to_owned).collect();
        let mut draft = Draft {
            instance,
            row,
            properties: Vec::new(),
            apart: Vec::new(),
            depends_on,
            name_prefix: None,
            is_lost: false,
        };
        for (attribute, property, form) in row.attributes {
            self.property(&mut draft, attribute, property, *form);
        }
        let tags = (row.tags != types::Tags::None).then(|| self.tags(instance, row.tags)).flatten();
        let property = listed_type(row.cloudformation).and_then(|kind| kind.tags).unwrap_or("Tags");
        draft.properties.extend(tags.map(|tags| entry(property, tags)));
        if row.name == "aws_s3_bucket" {
            draft.properties.extend(self.of_bucket(instance));
        }
        // What nothing names can be left out.
        if draft.is_lost && row.values.is_empty() {
            return Vec::new();
        }
        self.finished(draft)
    }

    fn property(&mut self, draft: &mut Draft<'_, 'a>, attribute: &'static str, property: &'static str, form: Form) {
        let instance = draft.instance;
        let value = match form {
            Form::Name => self.name(draft, attribute),
            Form::Plain => plain(instance, attribute),
            Form::Path => self.path(instance, attribute),
            Form::Link => self.link(draft, attribute),
            Form::Tested => self.tested(draft, attribute),
            Form::InList => self.link(draft, attribute).map(|link| list(vec![link], instance.span)),
            Form::Links => self.links(draft, attribute),
            Form::OwnLinks if self.is_filled_in(instance, attribute) => None,
            Form::OwnLinks => {
                let links = self.links(draft, attribute);
                links.and_then(|links| self.not_attached_apart(instance, attribute, &links))
            }
            Form::Policy => self.policy(draft, attribute),
            Form::OwnPolicy => self.own_policy(draft, attribute),
            Form::OwnPolicyApart(of_type, of, document) => {
                let policy = self.own_policy(draft, attribute);
                draft.apart.extend(policy.map(|policy| apart(draft.instance, of_type, of, entry(document, policy))));
                None
            }
            Form::InlinePolicies if self.is_filled_in(instance, attribute) => None,
            Form::InlinePolicies => self.inline_policies(draft, attribute),
            Form::Block(members) => self.block(draft, attribute, members),
            Form::Containers => self.containers(instance, attribute),
        };
        draft.properties.extend(value.map(|value| entry(property, value)));
    }

    /// A name; one that is not given is made up when the template is resolved, or here where nothing is called by it.
    fn name(&mut self, draft: &mut Draft<'_, 'a>, attribute: &str) -> Option<Node> {
        let instance = draft.instance;
        let found = instance.get(attribute);
        if let Found::Known(name) = found {
            return Some(shown_value(instance, attribute, name));
        }
        let prefix = instance.text(&format!("{attribute}_prefix"));
        let is_given = matches!(found, Found::Unknown) && instance.expression(attribute).is_some();
        if is_given && prefix.is_none() {
            self.made_up(
                instance,
                &format!("its `{attribute}` is known only after apply, and a made-up one stands for it"),
            );
        }
        let prefix = prefix.unwrap_or("terraform-").to_owned();
        let is_made_up_later = known_type(draft.row.cloudformation).is_some_and(|kind| kind.named_by.is_some());
        if is_made_up_later {
            draft.name_prefix = Some(prefix);
            return None;
        }
        Some(text_node(names::terraform(&prefix, &instance.address), instance.span))
    }

    /// The path that is a part of the ARN.
    fn path(&mut self, instance: &Instance<'a>, attribute: &str) -> Option<Node> {
        if matches!(instance.get(attribute), Found::Unknown) {
            self.made_up(instance, &format!("its `{attribute}` is known only after apply, and `/` stands for it"));
        }
        plain(instance, attribute)
    }

    fn block(
        &mut self,
        draft: &mut Draft<'_, 'a>,
        attribute: &str,
        members: &[(&'static str, &'static str, Form)],
    ) -> Option<Node> {
        let instance = draft.instance;
        let block = instance.known(attribute)?;
        let first = if let Value::List(items) = &block.value { items.first()? } else { block };
        if instance.unknown(attribute).is_some_and(has_true) {
            self.lost_link(draft, attribute);
        }
        let known = |(member, property, _): &(&str, &str, Form)| {
            let value = first.get(member).filter(|value| value.value != Value::Null)?;
            Some(entry(*property, shown_value(instance, attribute, value)))
        };
        Some(map(members.iter().filter_map(known).collect(), first.span))
    }

    fn finished(&mut self, draft: Draft<'_, 'a>) -> Vec<Entry> {
        let instance = draft.instance;
        let span = instance.span;
        let mut all = Vec::new();
        // One user in several groups is several additions of one user.
        if draft.row.name == "aws_iam_user_group_membership" {
            let property = |name: &str| draft.properties.iter().find(|one| one.key == name).map(|one| &one.value);
            let (Some(user), Some(groups)) = (property("UserName"), property("Groups")) else { return all };
            for (at, group) in groups.items().iter().enumerate() {
                let users = list(vec![user.clone()], span);
                let properties = vec![entry("GroupName", group.clone()), entry("Users", users)];
                let id = if at == 0 { instance.address.clone() } else { format!("{}.{at}", instance.address) };
                all.push(self.resource(&id, "AWS::IAM::UserToGroupAddition", properties, &draft));
            }
            return all;
        }
        all.push(self.resource(&instance.address, draft.row.cloudformation, draft.properties.clone(), &draft));
        all.extend(draft.apart);
        all
    }

    fn resource(&self, id: &str, of_type: &str, properties: Vec<Entry>, draft: &Draft<'_, 'a>) -> Entry {
        let instance = draft.instance;
        let span = instance.span;
        let mut body = vec![entry("Type", text_node(of_type, span)), entry("Properties", map(properties, span))];
        let told = self.told(draft);
        body.extend((!told.is_empty()).then(|| entry("Metadata", one("Terraform", map(told, span)))));
        let depends_on: Vec<_> = draft.depends_on.iter().map(|address| text_node(&**address, span)).collect();
        body.extend((!depends_on.is_empty()).then(|| entry("DependsOn", list(depends_on, span))));
        Entry { key: id.to_owned(), key_span: span, value: map(body, span) }
    }

    /// What a state tells and CloudFormation has no property for.
    fn told(&self, draft: &Draft<'_, 'a>) -> Vec<Entry> {
        let instance = draft.instance;
        let text = |key: &str, value: &str| entry(key, text_node(value, instance.span));
        let mut told = Vec::new();
        let known = known_type(draft.row.cloudformation).and_then(|kind| kind.arn);
        let listed = || listed_type(draft.row.cloudformation).and_then(|kind| kind.arn);
        if let Some(pattern) = known.or_else(listed) {
            let is_made_up = ["{uuid}", "{six}", "{hex:", "{ref}"].iter().any(|field| pattern.contains(field));
            told.extend(instance.text("arn").filter(|_| is_made_up).map(|arn| text("Arn", arn)));
            let region = place::region(self.estate, instance).filter(|_| pattern.contains("{region}"));
            told.extend(
                region
                    .filter(|region| Some(region) != self.place.region.as_ref())
                    .map(|region| text("Region", &region)),
            );
        }
        told.extend(types::is_listed(draft.row).then(|| text("Listed", "true")));
        told.extend(draft.name_prefix.as_ref().map(|prefix| text("NamePrefix", prefix)));
        told
    }
}

fn plain(instance: &Instance<'_>, attribute: &str) -> Option<Node> {
    let value = instance.known(attribute)?;
    Some(without_nulls(&shown_value(instance, attribute, value)))
}

/// A resource's own policy as a resource.
fn apart(instance: &Instance<'_>, of_type: &str, of: &str, document: Entry) -> Entry {
    let span = instance.span;
    let properties = vec![entry(of, reference(&instance.address, span)), document];
    let body = vec![entry("Type", text_node(of_type, span)), entry("Properties", map(properties, span))];
    Entry { key: format!("{}.policy", instance.address), key_span: span, value: map(body, span) }
}
