//! What the catalogue says of a question's action and keys, looked up once for each.

use catalog::Action;
use rustc_hash::FxHashMap;

/// More actions, or keys of one action, than a stream in earnest has. Then it is looked up anew.
const MOST: usize = 4096;

/// Whether one request can hold several values of a key.
#[must_use]
pub fn is_multivalued(key: &str) -> bool {
    catalog::key(key).is_some_and(catalog::Key::is_multivalued)
}

/// What was looked up.
#[derive(Default)]
pub(crate) struct Known {
    places: FxHashMap<String, usize>,
    all: Vec<About>,
}

/// What there is to say about an action.
pub(crate) struct About {
    action: Option<Action>,
    name: String,
    /// That AWS has no such action.
    pub(crate) note: Option<String>,
    /// Whether resource control policies apply to it; those of an unknown action do.
    pub(crate) has_resource_control: bool,
    keys: FxHashMap<String, Fact>,
}

/// What there is to say about a key in requests for the action.
pub(crate) struct Fact {
    /// That no request for the action carries it.
    pub(crate) note: Option<String>,
    pub(crate) is_multivalued: Option<bool>,
}

impl Known {
    pub(crate) fn about(&mut self, name: &str) -> &mut About {
        let at = match self.places.get(name) {
            Some(&at) => at,
            None => self.add(name),
        };
        &mut self.all[at]
    }

    fn add(&mut self, name: &str) -> usize {
        if self.all.len() >= MOST {
            self.places.clear();
            self.all.clear();
        }
        self.places.insert(name.to_owned(), self.all.len());
        self.all.push(About::new(name));
        self.all.len() - 1
    }
}

impl About {
    fn new(name: &str) -> Self {
        let action = catalog::action(name);
        Self {
            action,
            name: name.to_owned(),
            note: action.is_none().then(|| unknown_action(name)),
            has_resource_control: action.is_none_or(|action| action.service().has_resource_control()),
            keys: FxHashMap::default(),
        }
    }

    pub(crate) fn key(&mut self, key: &str) -> &Fact {
        if !self.keys.contains_key(key) {
            if self.keys.len() >= MOST {
                self.keys.clear();
            }
            self.keys.insert(key.to_owned(), Fact::new(self.action, &self.name, key));
        }
        &self.keys[key]
    }
}

impl Fact {
    fn new(action: Option<Action>, action_name: &str, name: &str) -> Self {
        let key = catalog::key(name);
        let note = match (key, action) {
            (None, _) => Some(unknown_key(name)),
            (Some(key), Some(action)) if action.never_carries(key) => {
                Some(format!("no request for {} carries {}", policy::plain(action_name), policy::plain(name)))
            }
            _ => None,
        };
        Self { note, is_multivalued: key.map(catalog::Key::is_multivalued) }
    }
}

fn unknown_action(name: &str) -> String {
    let service = name.split_once(':').map_or("", |(service, _)| service);
    let near = source::suggest(name, catalog::actions_of(service).map(Action::name));
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    format!("AWS has no action `{}`{near}", policy::plain(name))
}

fn unknown_key(name: &str) -> String {
    let (head, tag) = name.split_once('/').map_or((name, None), |(head, tag)| (head, Some(tag)));
    let vendor = head.split_once(':').map_or("", |(vendor, _)| vendor);
    // Only names of the same vendor: there are thousands.
    let of_vendor = catalog::keys().map(|key| key.pattern().split('/').next().unwrap_or_default());
    let of_vendor = of_vendor.filter(|key| key.split(':').next().is_some_and(|one| one.eq_ignore_ascii_case(vendor)));
    let near = source::suggest(head, of_vendor);
    let tag = tag.map(|tag| format!("/{}", policy::plain(tag))).unwrap_or_default();
    let near = near.map(|near| format!("; did you mean `{near}{tag}`?")).unwrap_or_default();
    format!("AWS has no condition key `{}`{near}", policy::plain(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_told_with_what_could_be_meant() {
        let mut known = Known::default();
        for (action, note) in [
            ("s3:GetObject", None),
            ("S3:getobject", None),
            ("s3:GetObjct", Some("AWS has no action `s3:GetObjct`; did you mean `s3:GetObject`?")),
            ("nix:Go", Some("AWS has no action `nix:Go`")),
        ] {
            assert_eq!(known.about(action).note.as_deref(), note, "{action}");
        }
        for (action, key, note) in [
            ("s3:GetObject", "aws:PrincipalTag/Status", None),
            ("s3:GetObject", "AWS:SOURCEIP", None),
            (
                "s3:GetObject",
                "aws:RequestTag/Status",
                Some("no request for s3:GetObject carries aws:RequestTag/Status"),
            ),
            ("ecs:RunTask", "aws:RequestTag/Status", None),
            ("nix:Go", "aws:RequestTag/Status", None),
            (
                "s3:GetObject",
                "aws:PrincipalTagg/Status",
                Some("AWS has no condition key `aws:PrincipalTagg/Status`; did you mean `aws:PrincipalTag/Status`?"),
            ),
            ("s3:GetObject", "x", Some("AWS has no condition key `x`")),
        ] {
            assert_eq!(known.about(action).key(key).note.as_deref(), note, "{action} {key}");
        }
        assert_eq!(known.about("ecs:RunTask").key("aws:TagKeys").is_multivalued, Some(true));
        assert_eq!(known.about("ecs:RunTask").key("aws:SourceIp").is_multivalued, Some(false));
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
        assert!(known.about("s3:GetObject").has_resource_control);
        assert!(!known.about("ec2:RunInstances").has_resource_control);
    }
}
