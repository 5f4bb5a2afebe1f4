#pragma once

#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "core/analysis/head_metrics.h"
#include "core/analysis/run_comparison.h"

// What heads usually do: over many inputs, not over the one that is looked at.

namespace lab {

enum class HeadHabit { previousToken, nextToken, firstToken, separator, duplicateToken, induction, diagonal, broad, mixed };

/// A share of a head's weight: means over those queries of all inputs that have it.
struct WeightShare {
    double share = std::numeric_limits<double>::quiet_NaN();  ///< 0 .. 1
    double even = std::numeric_limits<double>::quiet_NaN();   ///< of weight spread evenly over what each query may see
    int queries = 0;
};

/// One head over all inputs.
struct SurveyedHead {
    HeadPlace place;
    /// Means over queries, without agreement and symmetry, which are of single inputs.
    HeadMetrics metrics;
    WeightShare separator;  ///< on special tokens behind the first position, [SEP]; of queries that see one
    WeightShare sameToken;  ///< on other places of the query's own token, before or behind, special ones aside; of queries that see one

    WeightShare share(HeadHabit habit) const;
    /// The largest share that is at least half-way from evenly spread weight to all of it, where evenly spread weight says anything
    /// (tellingEven) and enough queries have it; else broad or mixed. The rule of a single input's patterns (headKind).
    HeadHabit habit() const;
};

struct HabitRow {
    HeadHabit habit;
    const char* name;                ///< in files, tables and names of controls
    char letter;                     ///< its sign and its key; ' ': it has none
    std::optional<HeadMetric> mass;  ///< the share that it stands on,
    WeightShare SurveyedHead::*own;  ///< or where no metric of one input is it; broad and mixed heads have neither
};
/// In the order in which they are listed.
const std::array<HabitRow, 9>& habitTable();
const HabitRow& rowOf(HeadHabit habit);

/// A head uses so much of the keys that its queries may see, at least, to be called broad.
constexpr double broadShare = 0.5;
/// So many queries of all inputs together must have the number: a few words that come twice make no induction head.
constexpr int enoughHabitQueries = 50;

struct HeadSurvey {
    int inputs = 0, tokens = 0;
    std::vector<SurveyedHead> heads;  ///< block after block

    int count(HeadHabit habit) const;
};

/// Gathers it, input by input.
class HeadSurveyor {
public:
    explicit HeadSurveyor(const Model& model);

    /// A trace of that model with its intermediates; `special`: which of its tokens stand for no text, as many as it has or none.
    void add(const Trace& trace, const std::vector<bool>& special);
    int inputs() const { return m_inputs; }
    HeadSurvey survey() const;

private:
    struct Sum {
        double share = 0, even = 0;
        int queries = 0;
        void add(double value, double ofEven, int times = 1);
        WeightShare mean() const;
    };
    struct Sums {
        std::array<Sum, headMetricCount> metrics;
        Sum visible, separator, sameToken;
        int queries = 0;
    };
    static void addPlaces(Sums& sums, const Trace& trace, const AttentionBlock& block, int head, const std::vector<bool>& special);

    const Model& m_model;
    std::vector<Sums> m_sums;
    int m_inputs = 0, m_tokens = 0;
};

struct SurveyQuestion {
    std::function<std::vector<bool>(const std::vector<int>& tokens)> special = {};  ///< as HeadSurveyor::add has it
    std::function<bool()> cancelled = {};
    std::function<void(const HeadSurveyor& soFar)> told = {};  ///< behind every input
};

/// A pure function of weights and inputs, dropout off, one thread. When cancelled of as many inputs as there were. Throws InputError for
/// inputs that the model cannot take.
HeadSurvey surveyHeads(const Model& model, const Weights& weights, const std::vector<Input>& inputs, const SurveyQuestion& question);

}  // namespace lab
