#include "ui/pages/maps/bucket_strip.h"

#include <QPainter>
#include <algorithm>

#include "core/patterns/lsh.h"
#include "ui/scenes/maps_scene.h"

namespace lab {
namespace {

constexpr int mostBucketSwatches = 8;

/// The position that stands at a place of a row.
int positionAt(const LshRound& round, bool sorted, int place) {
    return sorted ? round.order[static_cast<std::size_t>(place)] : place;
}

int bucketAt(const LshRound& round, bool sorted, int place) {
    return round.buckets[static_cast<std::size_t>(positionAt(round, sorted, place))];
}

std::vector<QString> tokensInOrder(const HeadBuckets& head, const LshRound& round, bool sorted) {
    std::vector<QString> tokens;
    for (int place = 0; place < static_cast<int>(round.order.size()); ++place) {
        const auto position = static_cast<std::size_t>(positionAt(round, sorted, place));
        tokens.push_back(position < head.tokens.size() ? head.tokens[position] : QString());
    }
    return tokens;
}

QString roundName(const LshRound& round) {
    return BucketStrip::tr("round %1").arg(round.round);
}

QString bucketSentence(const HeadBuckets& head, const LshRound& round, int position) {
    return stripPlace(roundName(round), head.tokens, position) + QStringLiteral(": ") +
           BucketStrip::tr("bucket %1").arg(round.buckets[static_cast<std::size_t>(position)]);
}

/// Who shares the bucket of a cell, as positions.
QString bucketStory(const HeadBuckets& head, const LshRound& round, int position) {
    const int bucket = round.buckets[static_cast<std::size_t>(position)];
    QStringList others;
    for (std::size_t i = 0; i < round.buckets.size(); ++i)
        if (round.buckets[i] == bucket && static_cast<int>(i) != position) others << QString::number(i);
    const QString said = bucketSentence(head, round, position);
    return others.isEmpty() ? BucketStrip::tr("%1, alone in it").arg(said)
                            : BucketStrip::tr("%1; there too: %2").arg(said, others.join(QStringLiteral(", ")));
}

QString bucketHeading(const HeadBuckets& head, bool sorted) {
    const QString what =
        sorted ? BucketStrip::tr("Tokens sorted by bucket, %1").arg(head.head) : BucketStrip::tr("Bucket of each token, %1").arg(head.head);
    if (head.rounds.size() <= BucketStrip::mostRounds) return what;
    return BucketStrip::tr("%1: the first %2 of %3 rounds")
        .arg(what, QString::number(BucketStrip::mostRounds), QString::number(head.rounds.size()));
}

std::vector<StripSwatch> bucketLegend(int buckets) {
    std::vector<StripSwatch> legend;
    for (int b = 0; b < buckets && buckets <= mostBucketSwatches; ++b) legend.push_back({stripColor(b, buckets), QString::number(b)});
    return legend;
}

}  // namespace

StripPicture bucketPicture(const HeadBuckets& head, bool sorted) {
    StripPicture picture;
    picture.name = BucketStrip::tr("Buckets of each token");
    const std::size_t shown = std::min(head.rounds.size(), BucketStrip::mostRounds);
    for (std::size_t r = 0; r < shown; ++r)
        picture.rows.push_back(
            {roundName(head.rounds[r]), tokensInOrder(head, head.rounds[r], sorted), static_cast<int>(head.rounds[r].order.size())});
    const auto at = [head](int row) -> const LshRound& { return head.rounds[static_cast<std::size_t>(row)]; };
    picture.heading = [head, sorted] { return bucketHeading(head, sorted); };
    picture.legend = [buckets = head.buckets] { return bucketLegend(buckets); };
    picture.paintCell = [at, sorted, buckets = head.buckets](QPainter& painter, const QRectF& cell, int row, int place) {
        const int bucket = bucketAt(at(row), sorted, place);
        paintStripCell(painter, cell, stripColor(bucket, buckets), QString::number(bucket));
    };
    picture.sentence = [head, at, sorted](int row, int place) { return bucketSentence(head, at(row), positionAt(at(row), sorted, place)); };
    picture.story = [head, at, sorted](int row, int place) { return bucketStory(head, at(row), positionAt(at(row), sorted, place)); };
    return picture;
}

namespace {

/// `place`: where the position stands when the round is sorted.
FigureTable bucketTable(const HeadBuckets& head) {
    FigureTable table;
    table.header = {"round", "position", "token", "bucket", "place"};
    for (const LshRound& round : head.rounds)
        for (std::size_t i = 0; i < round.buckets.size(); ++i) {
            const auto place = std::ranges::find(round.order, static_cast<int>(i)) - round.order.begin();
            table.rows.push_back({std::to_string(round.round), std::to_string(i),
                                  i < head.tokens.size() ? head.tokens[i].toStdString() : "", std::to_string(round.buckets[i]),
                                  std::to_string(place)});
        }
    return table;
}

}  // namespace

HeadBuckets headBuckets(const MapsBlock& block, const Trace& trace, int head) {
    HeadBuckets found{{}, 0, {}, lshRounds(trace, block.info, head)};
    if (found.rounds.empty()) return found;
    found.head = headTitle(block, head);
    found.buckets = lshNumbersOf(block.info.visibility).buckets;
    found.tokens = block.rowTokens;
    return found;
}

BucketStrip::BucketStrip(QWidget* parent) : CellStrip(tr("Buckets of each token"), parent) {}

void BucketStrip::setHead(HeadBuckets head) {
    if (head == m_head) return;
    m_head = std::move(head);
    setPicture(bucketPicture(m_head, m_sorted));
}

void BucketStrip::setSorted(bool sorted) {
    if (sorted == m_sorted) return;
    m_sorted = sorted;
    setPicture(bucketPicture(m_head, m_sorted));
}

void BucketStrip::addFigure(std::vector<FigureOffer>& offers, const FigureSubject& subject) const {
    if (!empty()) addStripFigure(offers, picture(), bucketTable(m_head), tr("buckets"), subject);
}

}  // namespace lab
