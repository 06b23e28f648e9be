//! What holds whatever the policies say.

mod change;

use policy::{ContextValue, NoVocabulary, decide, explain};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm};
use serde_json::{Value, json};

use crate::reference::Answer;
use crate::tape::cases;
use crate::{engine, generate};
use change::{documents, flipped, statements};

fn config() -> Config {
    Config { cases: 400, failure_persistence: None, rng_algorithm: RngAlgorithm::XorShift, ..Config::default() }
}

fn verdict(case: &Value) -> &'static str {
    engine::answer(case).decision
}

/// From the widest to the narrowest.
fn rank(verdict: &str) -> usize {
    ["Allowed", "ImplicitlyDenied", "ExplicitlyDenied"].iter().position(|known| *known == verdict).unwrap()
}

/// That `after` is as wide as `before`, or narrower.
fn narrows(before: &Value, after: &Value) -> Result<(), TestCaseError> {
    let (was, is) = (verdict(before), verdict(after));
    prop_assert!(rank(is) >= rank(was), "{} became {} in {}", was, is, after);
    Ok(())
}

fn same(before: &Value, after: &Value) -> Result<(), TestCaseError> {
    prop_assert_eq!(engine::answer(before), engine::answer(after), "{}", after);
    Ok(())
}

/// Operator in lower case, key and values, if one condition decides the case.
fn only_condition(case: &Value) -> Option<(String, String, Value)> {
    let condition = case["policies"]["identity"][0]["Statement"]["Condition"].as_object()?;
    let (operator, keys) = condition.iter().next()?;
    let (key, wanted) = keys.as_object()?.iter().next()?;
    let is_only = condition.len() == 1 && keys.as_object()?.len() == 1;
    is_only.then(|| (operator.to_lowercase(), key.clone(), wanted.clone()))
}

fn with_condition(case: &Value, condition: Value) -> Value {
    let mut case = case.clone();
    case["policies"]["identity"][0]["Statement"]["Condition"] = condition;
    case
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn explaining_is_deciding(case in cases(generate::request)) {
        let (policies, request) = (engine::policies(&case.0), engine::request(&case.0));
        let (plain, explained) = (decide(&policies, &request), explain(&policies, &request, &NoVocabulary));
        prop_assert_eq!(engine::told(&plain), engine::told(&explained));
        prop_assert_eq!(plain.notes, explained.notes);
        prop_assert!(serde_json::to_value(&explained.trace).is_ok_and(|trace| trace["verdict"] == engine::told(&plain).decision));
        prop_assert!(!explained.reason(&request).is_empty());
    }

    #[test]
    fn a_deny_more_never_allows(case in cases(generate::request), own in cases(generate::own_statements)) {
        for (kind, statement) in own.0.as_object().unwrap() {
            let mut after = case.0.clone();
            statements(&mut after, kind, |all| {
                let mut deny = statement.clone();
                deny["Effect"] = "Deny".into();
                all.push(deny);
            });
            narrows(&case.0, &after)?;
        }
    }

    #[test]
    fn without_denies_nothing_is_denied_explicitly(case in cases(generate::request)) {
        let mut after = case.0.clone();
        documents(&mut after, |_, document| change::keep_statements(document, |statement| statement["Effect"] == "Allow"));
        prop_assert_ne!(verdict(&after), "ExplicitlyDenied");
        if verdict(&case.0) != "ExplicitlyDenied" {
            same(&case.0, &after)?;
        }
    }

    #[test]
    fn an_allow_more_never_denies(case in cases(generate::request), own in cases(generate::own_statements)) {
        for (kind, statement) in own.0.as_object().unwrap() {
            let mut after = case.0.clone();
            statements(&mut after, kind, |all| {
                let mut allow = statement.clone();
                allow["Effect"] = "Allow".into();
                all.push(allow);
            });
            narrows(&after, &case.0)?;
        }
    }

    #[test]
    fn limits_only_shrink(case in cases(generate::request), limits in cases(generate::limits)) {
        for (kind, document) in limits.0.as_object().unwrap() {
            let mut after = case.0.clone();
            let attached = &mut after["policies"][kind];
            match kind.as_str() {
                "scp" | "rcp" if attached.is_array() => attached.as_array_mut().unwrap().push(json!([document])),
                "scp" | "rcp" => *attached = json!([[document]]),
                // A second one would widen, and without one a federated user has nothing to shrink.
                _ if attached.as_array().is_some_and(|list| !list.is_empty()) => continue,
                "session" if case.0["principal"].to_string().contains("federated-user") => continue,
                _ => *attached = json!([document]),
            }
            narrows(&case.0, &after)?;
        }
    }

    #[test]
    fn order_never_matters(case in cases(generate::request)) {
        let mut after = case.0.clone();
        change::reverse_lists(&mut after["policies"], &["scp", "rcp"]);
        for kind in ["scp", "rcp"] {
            after["policies"][kind].as_array_mut().into_iter().for_each(|levels| levels.reverse());
        }
        same(&case.0, &after)?;
    }

    #[test]
    fn letter_case_of_names_never_matters(case in cases(generate::request)) {
        let mut after = case.0.clone();
        after["action"] = flipped(after["action"].as_str().unwrap()).into();
        after["context"] = change::flip_names(&after["context"]);
        documents(&mut after, |_, document| change::keep_statements(document, |statement| {
            change::flip_statement(statement);
            true
        }));
        same(&case.0, &after)?;
    }

    #[test]
    fn a_list_is_as_good_as_statements_of_one_each(case in cases(generate::request)) {
        for element in ["Action", "Resource"] {
            let mut after = case.0.clone();
            documents(&mut after, |_, document| change::split_statements(document, element));
            same(&case.0, &after)?;
        }
    }

    #[test]
    fn saying_it_twice_changes_nothing(case in cases(generate::request)) {
        let mut after = case.0.clone();
        documents(&mut after, |_, document| change::double_statements(document));
        if let Some(identity) = after["policies"]["identity"].as_array_mut() {
            identity.extend(identity.clone());
        }
        same(&case.0, &after)?;
    }

    #[test]
    fn other_actions_and_other_keys_change_nothing(case in cases(generate::request), own in cases(generate::own_statements)) {
        let mut after = case.0.clone();
        after["context"]["x:Unrelated"] = "ann".into();
        for effect in ["Allow", "Deny"] {
            statements(&mut after, "identity", |all| {
                let mut other = own.0["identity"].clone();
                other.as_object_mut().unwrap().shift_remove("NotAction");
                other["Action"] = "zz:Unrelated".into();
                other["Effect"] = effect.into();
                all.push(other);
            });
        }
        same(&case.0, &after)?;
    }

    #[test]
    fn if_exists_allows_whatever_is_allowed_without(case in cases(generate::conditional)) {
        let Some((operator, key, wanted)) = only_condition(&case.0) else { return Ok(()) };
        if operator != "null" && !operator.ends_with("ifexists") {
            let after = with_condition(&case.0, json!({format!("{operator}IfExists"): {key: wanted}}));
            narrows(&after, &case.0)?;
        }
    }

    #[test]
    fn for_any_value_needs_a_value(case in cases(generate::conditional)) {
        let Some((operator, key, _)) = only_condition(&case.0) else { return Ok(()) };
        if operator.starts_with("foranyvalue") && !operator.ends_with("ifexists") {
            // Of the request that is decided: it has the ARN of its caller, be it written in the case or not.
            let has_value = match engine::request(&case.0).context.get(&key) {
                Some(ContextValue::One(_)) => true,
                Some(ContextValue::Many(values)) => !values.is_empty(),
                None => false,
            };
            prop_assert!(has_value || verdict(&case.0) == "ImplicitlyDenied");
        }
    }

    #[test]
    fn a_key_is_null_or_it_is_not(case in cases(generate::conditional)) {
        for key in ["aws:TagKeys", "aws:PrincipalTag/TEAM", "s3:max-keys", "x:Nothing"] {
            let is_null = |wanted: &str| verdict(&with_condition(&case.0, json!({"Null": {key: wanted}})));
            prop_assert_ne!(is_null("true"), is_null("false"));
        }
    }

    #[test]
    fn no_value_equals_and_differs(case in cases(generate::conditional)) {
        let Some((operator, key, wanted)) = only_condition(&case.0) else { return Ok(()) };
        if let Some(negation) = change::negation(&operator) {
            let negated = with_condition(&case.0, json!({negation: {key: wanted}}));
            prop_assert!([&case.0, &negated].iter().any(|case| verdict(case) == "ImplicitlyDenied"), "{}", negated);
        }
    }

    #[test]
    fn every_denial_has_somebody_to_blame(case in cases(generate::request)) {
        let made = decide(&engine::policies(&case.0), &engine::request(&case.0));
        let Answer { decision, by } = engine::told(&made);
        let by_root = decision == "Allowed" && case.0["principal"].to_string().contains(":root");
        prop_assert!(!by.is_empty() || by_root || made.fact.is_some());
        prop_assert!(decision != "ExplicitlyDenied" || by.len() == 1);
    }
}
