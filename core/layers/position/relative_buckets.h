#pragma once

namespace lab {

/// In which of `buckets` buckets the offset key - query falls (Raffel et al. 2020, arXiv 1910.10683, section 2.1, as its code has it): one
/// for each of the nearest half of the distances, then ever wider ones up to maxDistance, and all beyond in the last. Without `causal` the
/// first half of the buckets is for keys at or before the query, the second for those behind it; with it keys behind the query, which are
/// hidden, share bucket 0.
int relativeBucket(int offset, int buckets, int maxDistance, bool causal);

}  // namespace lab
