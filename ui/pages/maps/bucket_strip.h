#pragma once

#include "core/analysis/lsh_rounds.h"
#include "ui/pages/maps/cell_strip.h"

namespace lab {

struct MapsBlock;

/// The buckets of one head's positions.
struct HeadBuckets {
    QString head;  ///< "Layer 0 · head 1"
    int buckets = 0;
    std::vector<QString> tokens;
    std::vector<LshRound> rounds;

    bool operator==(const HeadBuckets&) const = default;
};

/// Of a head of a block; without rounds where it does not hash.
HeadBuckets headBuckets(const MapsBlock& block, const Trace& trace, int head);

/// As the tokens stand, or `sorted` by bucket.
StripPicture bucketPicture(const HeadBuckets& head, bool sorted);

/// Into which bucket hashing puts each token: a row a round, a cell a token in its bucket's colour; as the tokens stand, or sorted by
/// bucket as they are cut into chunks.
class BucketStrip : public CellStrip {
    Q_OBJECT

public:
    explicit BucketStrip(QWidget* parent = nullptr);

    /// Of rounds that are many the first ones; the numbers for paper are of all.
    static constexpr std::size_t mostRounds = 4;

    void setHead(HeadBuckets head);
    const HeadBuckets& head() const { return m_head; }
    void setSorted(bool sorted);
    bool sorted() const { return m_sorted; }
    /// The strip for paper, with the numbers of each token: behind the other offers, where there are buckets.
    void addFigure(std::vector<FigureOffer>& offers, const FigureSubject& subject) const;

private:
    HeadBuckets m_head;
    bool m_sorted = false;
};

}  // namespace lab
