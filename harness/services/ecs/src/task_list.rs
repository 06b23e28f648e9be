//! The tasks of a cluster.

use account::Tags;
use rpds::{HashTrieMapSync, RedBlackTreeMapSync};

use super::life::Status;
use super::task::Task;

/// In the order of their start; those that stopped a while ago included. A copy shares with the original what neither has
/// changed since.
#[derive(Clone, Debug, Default)]
pub(super) struct TaskList {
    /// By the number of their start.
    tasks: RedBlackTreeMapSync<u64, Task>,
    /// The numbers by id.
    numbers: HashTrieMapSync<String, u64>,
    /// The numbers of what a request with this `clientToken` has started.
    by_token: HashTrieMapSync<String, Vec<u64>>,
    /// How many have a status.
    counts: [usize; Status::WAY.len()],
    next: u64,
}

impl TaskList {
    pub(super) fn get(&self, id: &str) -> Option<&Task> {
        self.tasks.get(self.numbers.get(id)?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values()
    }

    /// What a request with this `clientToken` has started.
    pub(super) fn of_token(&self, token: &str) -> impl Iterator<Item = &Task> {
        self.by_token.get(token).into_iter().flatten().filter_map(|number| self.tasks.get(number))
    }

    /// How many have one of these statuses.
    pub(super) fn count(&self, of: &[Status]) -> usize {
        of.iter().map(|status| self.counts[*status as usize]).sum()
    }

    pub(super) fn are_stopped(&self) -> bool {
        self.count(&[Status::Stopped]) == self.tasks.size()
    }

    pub(super) fn insert(&mut self, task: Task) {
        self.remove(&task.id.clone());
        let number = self.next;
        self.next += 1;
        self.put(number, task);
    }

    /// Changes a task, its id included.
    pub(super) fn change<T>(&mut self, id: &str, change: impl FnOnce(&mut Task) -> T) -> Option<T> {
        let (number, mut task) = self.take(id)?;
        let result = change(&mut task);
        self.put(number, task);
        Some(result)
    }

    pub(super) fn tags_mut(&mut self, id: &str) -> Option<&mut Tags> {
        Some(&mut self.tasks.get_mut(self.numbers.get(id)?)?.tags)
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.take(id);
    }

    fn put(&mut self, number: u64, task: Task) {
        self.counts[task.life.status as usize] += 1;
        self.numbers.insert_mut(task.id.clone(), number);
        if let Some(client_token) = &task.client_token {
            let mut numbers = self.by_token.get(&client_token.token).cloned().unwrap_or_default();
            numbers.push(number);
            self.by_token.insert_mut(client_token.token.clone(), numbers);
        }
        self.tasks.insert_mut(number, task);
    }

    fn take(&mut self, id: &str) -> Option<(u64, Task)> {
        let number = *self.numbers.get(id)?;
        let task = self.tasks.get(&number)?.clone();
        self.tasks.remove_mut(&number);
        self.numbers.remove_mut(id);
        self.counts[task.life.status as usize] -= 1;
        if let Some(client_token) = &task.client_token {
            let mut numbers = self.by_token.get(&client_token.token).cloned().unwrap_or_default();
            numbers.retain(|one| *one != number);
            match numbers.as_slice() {
                [] => drop(self.by_token.remove_mut(&client_token.token)),
                _ => self.by_token.insert_mut(client_token.token.clone(), numbers),
            }
        }
        Some((number, task))
    }
}
