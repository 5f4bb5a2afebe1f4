#pragma once

#include <vector>

#include "core/data/tokenizers/pipeline/bpe.h"

namespace lab {

/// How the pieces of a word come from its characters (for byte-level pieces: its bytes), merge by merge: nodes 0 .. leaves - 1 are these
/// from left to right, each further node is made of two earlier ones, in the order in which the merges are done.
struct MergeTree {
    struct Node {
        int id = 0;                 ///< of the piece
        int rank = -1;              ///< of the merge that makes it; -1: a leaf
        int left = -1, right = -1;  ///< nodes; -1: a leaf
        int begin = 0, end = 0;     ///< leaves [begin, end)
    };
    int leaves = 0;
    std::vector<Node> nodes;

    /// The nodes that are the word's tokens when only the first `merges` merges are known, from left to right.
    std::vector<int> tokensAfter(int merges) const;
};

/// Of a word as it comes to the model (TextPipeline::eachWord). Characters that are no pieces are left out.
MergeTree mergeTree(const Bpe& bpe, const MappedText& word);

/// The first merge that makes this piece, by rank; -1: none does.
int rankOf(const Bpe& bpe, int id);

}  // namespace lab
