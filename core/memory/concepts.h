#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/memory/evidence.h"

// A few concept nodes and what they have in common: Hebb's rule run on their co-activations, beside the evidence that the same events are
// for "where a is, b is".

namespace lab {

/// What happened, in order: which concepts were active together.
struct ConceptStream {
    std::vector<std::string> names;        ///< in the order of their first appearance
    std::vector<std::vector<int>> events;  ///< each: indices of the active ones, ascending; may be empty

    bool operator==(const ConceptStream&) const = default;
};

constexpr int mostConcepts = 12;
constexpr int mostEvents = 5000;

/// One event a line or between semicolons: words parted by blanks or commas; "3 x bird flies" happens three times; "-" is an event with
/// nothing active. Throws InputError with the line when there are too many concepts or events, a word over 24 characters, or a number of
/// times that is none.
ConceptStream parseConcepts(std::string_view text);
/// A line for each run of equal events; parseConcepts reads it again.
std::string conceptText(const ConceptStream& stream);
/// The stream without all behind its first `count` events; the names stay.
ConceptStream firstEvents(ConceptStream stream, int count);

/// How often two concepts were active.
struct PairCounts {
    int both = 0, firstOnly = 0, secondOnly = 0, neither = 0;

    int events() const { return both + firstOnly + secondOnly + neither; }
    bool operator==(const PairCounts&) const = default;
};
PairCounts countPair(const ConceptStream& stream, int first, int second);

/// With which numbers Hebb's rule writes a node's activity.
enum class NodeStates {
    zeroOne,   ///< active 1, else 0: dw = 1 when both are active
    plusMinus  ///< active +1, else -1, as Hopfield: dw = +1 when they agree (both off counts as agreement), else -1
};
/// The sum of dw = x_a x_b over the events; symmetric in a and b.
double hebbWeight(const PairCounts& counts, NodeStates states);
/// For "where the first is, the second is": w is counted only when the first is active, w+ when the second is too.
Evidence evidenceOf(const PairCounts& counts);

/// One ordered pair, as a row of the table.
struct PairRow {
    int first = 0, second = 0;
    PairCounts counts;
    double weight = 0;
    Evidence evidence;
    Truth truth;
    int weightRank = 0;    ///< 1: the largest weight; equal ones share the better rank
    int evidenceRank = 0;  ///< 1: the largest expectation; likewise
};
/// All ordered pairs of different concepts of which the first was ever active; by weightRank, then as they come.
std::vector<PairRow> pairRows(const ConceptStream& stream, NodeStates states, double k = evidenceHorizon);

/// Two rows of which the weight puts one first and the expectation the other.
struct OrderConflict {
    int heavier = 0;  ///< index of the row with the larger weight
    int surer = 0;    ///< of the one with the larger expectation
};
/// Those in which both orders are strict, the largest gap of expectations first.
std::vector<OrderConflict> orderConflicts(const std::vector<PairRow>& rows);
/// How many pairs of rows both orders put strictly, and alike.
int orderAgreements(const std::vector<PairRow>& rows);

/// What became of one pair as events came.
struct PairHistory {
    std::vector<double> weight, frequency, confidence;  ///< after 0, 1, .. events; frequency NaN before the first evidence
};
PairHistory pairHistory(const ConceptStream& stream, int first, int second, NodeStates states, double k = evidenceHorizon);

/// The events of a pair cut into two bodies of evidence that share nothing, and joined again by revision.
struct RevisionCheck {
    Evidence before, after, together;  ///< of the first `cut` events, of the others, counted at once
    Truth truthBefore, truthAfter, revised, truthTogether;
    double difference = 0;  ///< the largest between revised and truthTogether: 0 but for rounding
};
RevisionCheck checkRevision(const ConceptStream& stream, int first, int second, int cut, double k = evidenceHorizon);

/// "Hebb puts bird → wings (weight 9) before swan → white (2); evidence puts swan → white first: ...": what the conflict is.
Message conflictText(const ConceptStream& stream, const std::vector<PairRow>& rows, const OrderConflict& conflict);

/// A stream to begin with, in which a rare pair is certain and a common one is not.
std::string conceptExample();

}  // namespace lab
