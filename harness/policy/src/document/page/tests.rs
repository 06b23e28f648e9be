use crate::{Document, Kind};

/// What a finding links is the end of the page's name.
#[test]
fn each_problem_links_its_own_page() {
    let statement = |elements: &str| format!(r#"{{"Statement": {{{elements}}}}}"#);
    let (allow, action, resource) = (r#""Effect": "Allow""#, r#""Action": "s3:*""#, r#""Resource": "*""#);
    let all = format!("{allow}, {action}, {resource}");
    for (kind, text, pages) in [
        (Kind::Identity, statement(&format!("{action}, {resource}")), &["elements_effect"][..]),
        (Kind::Identity, statement(&format!("{allow}, {resource}")), &["elements_action"]),
        (Kind::Identity, statement(&format!("{allow}, {action}")), &["elements_resource"]),
        (Kind::Identity, statement(r#""Sid": "A""#), &["elements_effect", "elements_action", "elements_resource"]),
        (Kind::Endpoint, statement(&all), &["elements_principal"]),
        (Kind::Trust, statement(r#""Principal": "*", "Action": "sts:AssumeRole""#), &["elements_effect"]),
        (Kind::Resource, statement(r#""Effect": "Deny", "Principal": "*""#), &["key-policy-overview"]),
        (Kind::ResourceControl, statement(r#""Effect": "Deny", "Principal": "*", "Resource": "*""#), &["rcps_syntax"]),
        (Kind::Identity, statement(&format!(r#"{all}, "Principal": "*""#)), &["elements_principal"]),
        (Kind::Identity, statement(&format!(r#"{all}, "NotPrincipal": "*""#)), &["elements_notprincipal"]),
        (Kind::ServiceControl, statement(&format!(r#"{all}, "Principal": "*""#)), &["scps_syntax"]),
        (Kind::Identity, r#"{"Version": "2012"}"#.to_owned(), &["elements_version", "elements_statement"]),
        (Kind::Identity, r#"{"Statement": []}"#.to_owned(), &["elements_statement"]),
        (Kind::Identity, statement(&format!(r#"{all}, "Sid": "a b""#)), &["elements_sid"]),
        (Kind::Identity, statement(&all.replace("s3:*", "GetObject")), &["elements_action"]),
        (
            Kind::Identity,
            statement(&all.replace(r#""Resource": "*""#, r#""NotResource": []"#)),
            &["elements_notresource"],
        ),
        (Kind::Identity, statement(&all.replace(r#""*""#, r#""bucket""#)), &["elements_resource"]),
        (
            Kind::Identity,
            statement(&format!(r#"{all}, "Condition": {{"StringEqual": {{"aws:a": "b"}}}}"#)),
            &["condition_operators"],
        ),
        (
            Kind::Identity,
            statement(&format!(r#"{all}, "Condition": {{"StringEquals": {{"a": "b"}}}}"#)),
            &["elements_condition"],
        ),
        (
            Kind::Resource,
            statement(&format!(r#"{all}, "Principal": {{"AWs": "*"}}"#)),
            &["elements_principal", "elements_principal"],
        ),
    ] {
        let (_, findings) = Document::read_json(&text, kind);
        let links = findings.iter().map(|finding| finding.see.clone().unwrap_or_default());
        let names: Vec<_> = links.filter_map(|link| Some(link.rsplit('/').next()?.replace(".html", ""))).collect();
        let is_it = names.len() == pages.len() && names.iter().zip(pages).all(|(name, end)| name.ends_with(end));
        assert!(is_it, "{kind} {text}: {names:?}");
    }
}
