//! Random counts, the same in every run.

pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        // The generator that is known as splitmix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A count of one of four orders of magnitude. Of the last, some sums are too large.
    pub fn count(&mut self, scale: u64) -> u32 {
        let end = [3, 60, 100_000, 40_000_000][scale as usize];
        self.below(end) as u32
    }

    /// Indices on either side of the ends of regions, and one within.
    pub fn indices(&mut self, counts: &[u32]) -> Vec<u32> {
        let mut indices = vec![0, 1];
        for &count in counts {
            indices.extend([count.saturating_sub(1), count]);
        }
        indices.push(self.below(u64::from(*counts.iter().max().unwrap()) + 1) as u32);
        indices.sort_unstable();
        indices.dedup();
        indices
    }
}
