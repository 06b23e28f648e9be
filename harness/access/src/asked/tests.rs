use prove::{Claim, Question, Verdict, prove};
use serde_json::json;
use source::{Source, Sources};

use super::*;
use crate::callers;
use crate::generate::{Size, objects, organization};
use crate::prepared::{block, policy};
use crate::{Asker, Inventory, WhoCan};

const SIZE: Size = Size { accounts: 2, roles: 9, buckets: 2 };

fn inventory(seed: u64) -> Inventory {
    let mut sources = Sources::new();
    for (path, text) in organization(seed, SIZE) {
        sources.add(Source::new(path, text));
    }
    Inventory::of_iam_collect(&sources).unwrap()
}

fn question(resource: &str) -> WhoCan {
    WhoCan { action: "s3:GetObject".to_owned(), resource: resource.to_owned(), account: None }
}

/// What is left out bears on nothing, and callers with one answer would each have it: by all policies as they are.
#[test]
fn what_is_left_says_the_same_as_all_policies() {
    let inventory = inventory(7);
    let index = Index::new(&inventory);
    let options = Options::default();
    let (mut can, mut cannot) = (0, 0);
    for object in objects(SIZE).iter().step_by(2) {
        let target = index.target(&question(object)).unwrap();
        let callers = callers::all(&index, target.policy.map(|(attached, _)| &*attached.policy));
        let asked = Asked::new(&index, target, &options);
        for caller in callers.iter().step_by(2) {
            let answer = asked.answer(caller, &|_, _| Ok(None)).unwrap();
            let residual = asked.bearing.residual(caller, OwnTags::AsTheyAre);
            let mut scope = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": object});
            let known = crate::facts::conditions(&residual.facts);
            if !known.is_empty() {
                scope["Condition"] = block(&known);
            }
            let whole = Question {
                policies: asked.policies(caller),
                callers: vec![caller.principal.clone()],
                owner: asked.target.owner.clone(),
                scope: policy("scope", policy::Kind::Identity, None, &[scope]).unwrap(),
                within: Vec::new(),
                except: None,
            };
            let verdict = prove(&whole, Claim::Never, &options).unwrap();
            match answer.access {
                Access::Never => assert!(matches!(verdict, Verdict::Proved { .. }), "{}: {verdict:?}", answer.who),
                Access::Can { .. } => assert!(matches!(verdict, Verdict::Found { .. }), "{}: {verdict:?}", answer.who),
                Access::Undecided { reason } => panic!("{}: {reason}", answer.who),
            }
            if answer.access.is_can() { can += 1 } else { cannot += 1 }
        }
    }
    assert!(can > 3 && cannot > 10, "{can} can, {cannot} cannot");
}

/// However many callers there are, and whichever object they ask for, the same question is proved once.
#[test]
fn three_times_the_roles_take_hardly_more_proofs() {
    let proofs = |roles: usize| {
        let size = Size { accounts: 2, roles, buckets: 4 };
        let mut sources = Sources::new();
        for (path, text) in organization(1, size) {
            sources.add(Source::new(path, text));
        }
        let inventory = Inventory::of_iam_collect(&sources).unwrap();
        let index = Index::new(&inventory);
        let answers = |object: &String| index.who_can(&question(object), &Options::default(), 1).unwrap().len();
        let answered: usize = objects(size).iter().map(answers).sum();
        (answered, index.known().len())
    };
    let (few, many) = (proofs(30), proofs(90));
    assert!(many.0 > 2 * few.0, "{many:?} answers and proofs, {few:?} before");
    assert!(many.1 < few.1 * 3 / 2, "{many:?} answers and proofs, {few:?} before");
}

/// The questions are independent: asked in parts, their answers put together are the same.
#[test]
fn four_partitions_together_say_the_same_as_one() {
    let inventory = inventory(3);
    let index = Index::new(&inventory);
    let options = Options::default();
    let objects = objects(SIZE);
    let json = |answers: Vec<Answer>| answers.iter().map(|one| one.json().to_string()).collect::<Vec<_>>();
    let whole: Vec<_> =
        objects.iter().map(|object| json(index.who_can(&question(object), &options, 2).unwrap())).collect();
    let principals: Vec<&str> = inventory.principals.iter().map(|one| one.arn.as_str()).collect();
    let mut merged = vec![vec![String::new(); principals.len()]; objects.len()];
    for partition in 0..4 {
        let mut asker = Asker::new(&index, &options);
        for (at, object) in objects.iter().enumerate() {
            for place in (partition..principals.len()).step_by(4) {
                let answer = asker.answers(&question(object), Some(principals[place])).unwrap();
                merged[at][place] = json(answer).concat();
            }
        }
    }
    for (whole, merged) in whole.iter().zip(&merged) {
        assert_eq!(&whole[..merged.len()], merged);
    }
}
