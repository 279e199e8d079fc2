//! Numbers for things in the order in which they first come: names, constants, locals.

use std::hash::Hash;

use ahash::AHashMap;

/// Numbers keys from 0 in the order of their first occurrence.
#[derive(Debug)]
pub(crate) struct Numbering<K> {
    keys: Vec<K>,
    /// Where each key stands, as soon as there are too many to be searched.
    index: AHashMap<K, u32>,
}

impl<K> Default for Numbering<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), index: AHashMap::new() }
    }
}

impl<K: Eq + Hash + Clone> Numbering<K> {
    /// Up to this many keys a search beats a hash table.
    const SEARCHED: usize = 8;

    /// The number of a key, a new one if it is new.
    pub(crate) fn number(&mut self, key: K) -> u32 {
        self.get(&key).unwrap_or_else(|| self.add(key))
    }

    /// The number of a key that has one.
    pub(crate) fn get(&self, key: &K) -> Option<u32> {
        if self.keys.len() <= Self::SEARCHED {
            return self.keys.iter().position(|known| known == key).map(|at| at as u32);
        }
        self.index.get(key).copied()
    }

    /// Gives the next number to a key without asking whether it has one.
    pub(crate) fn add(&mut self, key: K) -> u32 {
        let number = self.keys.len() as u32;
        self.keys.push(key.clone());
        match self.keys.len() - 1 {
            0..Self::SEARCHED => {}
            Self::SEARCHED => self.index.extend(self.keys.iter().cloned().zip(0..)),
            _ => drop(self.index.insert(key, number)),
        }
        number
    }

    /// The keys, by number.
    pub(crate) fn keys(&self) -> &[K] {
        &self.keys
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_first_occurrences() {
        let mut numbering = Numbering::default();
        for round in 0..2 {
            for key in 0..100u32 {
                assert_eq!(numbering.number(key * 7), key, "in round {round}");
            }
        }
        assert_eq!(numbering.get(&7), Some(1));
        assert_eq!(numbering.get(&8), None);
        assert_eq!(numbering.len(), 100);
    }
}
