//! Sorting and finding by way of indexes, once for every kind of item: the standard library's sorts cost kilobytes of
//! wasm for each type that they sort.

use core::cmp::Ordering;

/// Returns the indexes below `count` in the order of `compare`; of equal items the earlier comes first.
pub(super) fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut items: Vec<usize> = (0..count).collect();
    let less = |a: usize, b: usize| compare(a, b).then(a.cmp(&b)) == Ordering::Less;
    for root in (0..count / 2).rev() {
        sift(&mut items, root, &less);
    }
    for end in (1..count).rev() {
        items.swap(0, end);
        sift(items.get_mut(..end).unwrap_or_default(), 0, &less);
    }
    items
}

/// Lets the item at `root` sink to its place in the heap.
fn sift(heap: &mut [usize], mut root: usize, less: &dyn Fn(usize, usize) -> bool) {
    while let Some(left) = heap.get(2 * root + 1).copied() {
        let right = heap.get(2 * root + 2).copied().filter(|right| less(left, *right));
        let (child, item) = right.map_or((2 * root + 1, left), |right| (2 * root + 2, right));
        if heap.get(root).is_some_and(|top| !less(*top, item)) {
            return;
        }
        heap.swap(root, child);
        root = child;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(items in proptest::collection::vec(0..30u8, 0..100)) {
            let mut expected: Vec<usize> = (0..items.len()).collect();
            expected.sort_by_key(|index| items[*index]);
            prop_assert_eq!(sorted(items.len(), &|a, b| items[a].cmp(&items[b])), expected);
        }
    }
}
